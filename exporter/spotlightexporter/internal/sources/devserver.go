package sources

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"
)

// devServers fetches scripts and maps from hosts that are allowed: loopback ones when dev servers are, and those named.
type devServers struct {
	loopback bool
	hosts    []string
	client   *http.Client

	mu   sync.Mutex
	slow map[string]time.Time // hosts that did not answer in time, until when they are not asked again
}

const (
	maxRedirects = 3
	maxSlowHosts = 64
)

func newDevServers(loopback bool, hosts []string) *devServers {
	d := &devServers{loopback: loopback, hosts: hosts, slow: map[string]time.Time{}}
	dialer := &net.Dialer{Timeout: fetchTimeout}
	d.client = &http.Client{
		Timeout: fetchTimeout,
		Transport: &http.Transport{
			Proxy: nil, // a proxy would see what loopback says
			DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
				named := *dialer
				if !slices.Contains(hosts, address) && !slices.Contains(hosts, hostOf(address)) {
					// The check is on the address that is dialled, so that a name cannot lead elsewhere.
					named.Control = func(_, resolved string, _ syscall.RawConn) error {
						if ip := net.ParseIP(hostOf(resolved)); ip == nil || !ip.IsLoopback() {
							return fmt.Errorf("%s is not on this machine", address)
						}
						return nil
					}
				}
				return named.DialContext(ctx, network, address)
			},
			ResponseHeaderTimeout: fetchTimeout,
			MaxIdleConnsPerHost:   2,
			MaxConnsPerHost:       8,
		},
		CheckRedirect: func(req *http.Request, via []*http.Request) error {
			if len(via) > maxRedirects {
				return errors.New("too many redirects")
			}
			return d.mayFetch(req.URL)
		},
	}
	return d
}

func (d *devServers) close() { d.client.CloseIdleConnections() }

func hostOf(address string) string {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return address
	}
	return host
}

// scriptExtensions are what a script, a module of a dev server, or a map ends in.
var scriptExtensions = []string{".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx", ".vue", ".svelte", ".astro", ".map"}

// mayAsk says why a host is not asked, nil when it is.
func (d *devServers) mayAsk(u *url.URL) error {
	if u.Scheme != "http" && u.Scheme != "https" {
		return fmt.Errorf("%s URLs are not fetched", u.Scheme)
	}
	if u.User != nil {
		return errors.New("URLs with a password are not fetched")
	}
	host := u.Hostname()
	ip := net.ParseIP(host)
	onLoopback := host == "localhost" || strings.HasSuffix(host, ".localhost") || ip != nil && ip.IsLoopback()
	if !(onLoopback && d.loopback) && !slices.Contains(d.hosts, host) && !slices.Contains(d.hosts, u.Host) {
		return fmt.Errorf("host %s may not be asked; add it to source_maps::allowed_hosts to allow that", u.Host)
	}
	return nil
}

// mayFetch says why a URL is not fetched, nil when it is.
func (d *devServers) mayFetch(u *url.URL) error {
	if err := d.mayAsk(u); err != nil {
		return err
	}
	// A stack trace may name any URL: ask only for what can be a script, so that nothing else is ever triggered.
	if !slices.Contains(scriptExtensions, strings.ToLower(path.Ext(u.Path))) && !strings.HasPrefix(u.Path, "/@") && !strings.HasPrefix(u.Path, "/_next/") && u.Path != nextSourceMap {
		return errors.New("it does not look like a script")
	}
	return nil
}

// fetched is a file from a server.
type fetched struct {
	data      []byte
	sourceMap string // of the SourceMap header
	url       string // after redirects
}

// get fetches a script or a map of at most limit bytes.
func (d *devServers) get(ctx context.Context, address string, limit int64) (fetched, error) {
	u, err := url.Parse(address)
	if err != nil {
		return fetched{}, errors.New("it is not a URL")
	}
	u.Fragment = ""
	if err := d.mayFetch(u); err != nil {
		return fetched{}, err
	}
	return d.fetch(ctx, u, "*/*", limit)
}

// list fetches webpack-dev-server's list of what it serves.
func (d *devServers) list(ctx context.Context, u *url.URL) ([]byte, error) {
	if err := d.mayAsk(u); err != nil {
		return nil, err
	}
	got, err := d.fetch(ctx, u, "text/html", maxListSize)
	return got.data, err
}

const maxListSize = 4 << 20

func (d *devServers) fetch(ctx context.Context, u *url.URL, accept string, limit int64) (fetched, error) {
	if d.isSlow(u.Host) { // a stack trace has many scripts, and somebody waits for all of them
		return fetched{}, errors.New("the server did not answer in time a moment ago; look again in five seconds")
	}
	ctx, cancel := context.WithTimeout(ctx, fetchTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return fetched{}, err
	}
	req.Header.Set("Accept", accept)
	resp, err := d.client.Do(req)
	if err != nil {
		var ue *url.Error
		if errors.As(err, &ue) {
			if ue.Timeout() {
				d.markSlow(u.Host)
			}
			err = ue.Err
		}
		return fetched{}, err
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusOK {
		return fetched{}, fmt.Errorf("the server answered %d", resp.StatusCode)
	}
	if kind, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type")); accept != kind && kind == "text/html" {
		return fetched{}, errors.New("the server answered with a page, not with a script")
	}
	data, err := io.ReadAll(io.LimitReader(resp.Body, limit+1))
	if err != nil {
		return fetched{}, err
	}
	if int64(len(data)) > limit {
		return fetched{}, fmt.Errorf("it is larger than %d MiB", limit>>20)
	}
	out := fetched{data: data, sourceMap: resp.Header.Get("SourceMap"), url: resp.Request.URL.String()}
	if out.sourceMap == "" {
		out.sourceMap = resp.Header.Get("X-SourceMap")
	}
	return out, nil
}

func (d *devServers) isSlow(host string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	until, ok := d.slow[host]
	if ok && time.Now().After(until) {
		delete(d.slow, host)
		return false
	}
	return ok
}

func (d *devServers) markSlow(host string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.slow) >= maxSlowHosts {
		clear(d.slow)
	}
	d.slow[host] = time.Now().Add(retryAfter)
}
