package spotlightexporter

import (
	"context"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"google.golang.org/grpc/peer"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

const (
	knockEvery   = time.Second            // a state is this old at most; the overlay asks every two seconds
	knockTimeout = 200 * time.Millisecond // it is a port of this machine
)

// ports knows of the addresses SDKs can send to whether they take connections, and when data last came in by them. The
// receivers are components of their own: all there is to see of them is their ports, and the local address of the
// connection a request came by, which servers leave in its context. Behind a component that batches there is none.
//
// Only own_endpoints are looked at. Another address that was told (ingest) is how SDKs reach a port that has another number
// here, as that of a container: whether it works cannot be seen from inside.
type ports struct {
	config *Config
	now    func() time.Time
	came   map[int]*atomic.Int64 // by port, when data last came in, in ns since 1970; 0: never. Filled by newPorts.

	mu    sync.Mutex
	asked time.Time
	open  map[string]bool // by host:port
}

func newPorts(config *Config, now func() time.Time) *ports {
	p := &ports{config: config, now: now, came: map[int]*atomic.Int64{}}
	for _, own := range config.OwnEndpoints {
		if _, port, err := net.SplitHostPort(own); err == nil {
			if n, err := strconv.Atoi(port); err == nil {
				p.came[n] = &atomic.Int64{}
			}
		}
	}
	return p
}

// arrived notes by which port a request came in that is handled in ctx.
func (p *ports) arrived(ctx context.Context) {
	addr, _ := ctx.Value(http.LocalAddrContextKey).(net.Addr)
	if from, ok := peer.FromContext(ctx); ok && from.LocalAddr != nil {
		addr = from.LocalAddr
	}
	if tcp, ok := addr.(*net.TCPAddr); ok {
		if came := p.came[tcp.Port]; came != nil {
			came.Store(p.now().UnixNano())
		}
	}
}

// endpoints are the addresses of ingest that are set, each with what is known of it now.
func (p *ports) endpoints() []model.Endpoint {
	list := p.config.endpoints()
	open := p.knock(list)
	for i := range list {
		e := &list[i]
		address := p.own(e.URL)
		takes, known := open[address]
		switch {
		case !known:
			continue
		case takes:
			e.State = model.EndpointListening
		default:
			e.State = model.EndpointUnreachable
		}
		_, port, _ := net.SplitHostPort(address)
		n, _ := strconv.Atoi(port)
		if came := p.came[n]; came != nil {
			e.LastTime = model.Time(came.Load())
		}
	}
	return list
}

// own returns host:port of a URL when that is one of the Collector's own, else "".
func (p *ports) own(text string) string {
	u, err := url.Parse(text)
	if err != nil || !slices.Contains(p.config.OwnEndpoints, u.Host) {
		return ""
	}
	return u.Host
}

// knock says of each of the Collector's own addresses whether it takes connections. Whoever comes while another asks gets
// the answers of before.
func (p *ports) knock(list []model.Endpoint) map[string]bool {
	p.mu.Lock()
	before, now := p.open, p.now()
	fresh := before != nil && now.Sub(p.asked) < knockEvery
	if !fresh {
		p.asked = now
	}
	p.mu.Unlock()
	if fresh {
		return before
	}
	takes := make([]bool, len(list))
	var wg sync.WaitGroup
	for i, e := range list {
		address := p.own(e.URL)
		if address == "" {
			continue
		}
		wg.Go(func() {
			conn, err := net.DialTimeout("tcp", address, knockTimeout)
			if err == nil {
				takes[i] = true
				_ = conn.Close() // nothing was sent
			}
		})
	}
	wg.Wait()
	open := map[string]bool{}
	for i, e := range list {
		if address := p.own(e.URL); address != "" {
			open[address] = takes[i]
		}
	}
	p.mu.Lock()
	p.open = open
	p.mu.Unlock()
	return open
}
