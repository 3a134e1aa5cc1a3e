// Package hostcheck decides which Host and which Origin a local server answers, so that a web page on the internet can
// neither reach it through a name of its own that resolves to 127.0.0.1 (DNS rebinding: the Host gives it away) nor read
// from it across origins or over a WebSocket (the Origin gives it away). It is no authentication: a program on the same
// machine sends whatever headers it likes.
//
// Loopback is always allowed, at any port: localhost, names under .localhost, 127.0.0.0/8 and ::1. Everything else is
// refused unless listed. It sets no CORS headers.
package hostcheck

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
)

// Options of a Policy. The zero value allows loopback only.
type Options struct {
	// AllowedHosts are further names in the Host header: "devbox.lan" (any port), "devbox.lan:8969" (this port),
	// "*.devbox.lan", or "*" for every name, which turns the check off.
	AllowedHosts []string

	// AllowedOrigins are further origins of web pages: "https://app.test" (default port), "http://app.test:3000",
	// "http://app.test:*" (any port), "http://*.app.test:*", or "*" for every origin, which turns the check off.
	AllowedOrigins []string

	// Endpoint is the address the server was told to listen on. Its name is allowed as a Host: whoever writes
	// `endpoint: devbox.lan:8969` means to be called that. Wildcard addresses (0.0.0.0, ::, empty) allow nothing.
	Endpoint string
}

// Policy answers whether a request may be served. It is immutable and safe for concurrent use.
type Policy struct {
	hosts   []hostPattern
	origins []originPattern
}

// New reads the patterns. Its errors speak of allowed_hosts and allowed_origins, the names of the options in the
// configuration of receiver and exporter.
func New(o Options) (*Policy, error) {
	p := &Policy{}
	for _, s := range o.AllowedHosts {
		h, err := parseHostPattern(s)
		if err != nil {
			return nil, fmt.Errorf("allowed_hosts: %w", err)
		}
		p.hosts = append(p.hosts, h)
	}
	for _, s := range o.AllowedOrigins {
		or, err := parseOriginPattern(s)
		if err != nil {
			return nil, fmt.Errorf("allowed_origins: %w", err)
		}
		p.origins = append(p.origins, or)
	}
	if name, _ := splitHost(o.Endpoint); name != "" {
		if ip, err := netip.ParseAddr(name); err != nil || !ip.IsUnspecified() {
			p.hosts = append(p.hosts, hostPattern{name: name, port: "*"})
		}
	}
	return p, nil
}

// HostAllowed reports whether the Host of r is loopback or listed. A request without a Host (HTTP/1.0) is let through:
// no browser sends one.
func (p *Policy) HostAllowed(r *http.Request) bool {
	if r.Host == "" {
		return true
	}
	name, port := splitHost(r.Host)
	if isLoopback(name) {
		return true
	}
	for _, h := range p.hosts {
		if h.matches(name, port) {
			return true
		}
	}
	return false
}

// OriginAllowed reports whether the page that made r may read our answers: there is no Origin (not a browser, or a plain
// same-origin GET), or it is our own origin, a loopback page, or listed. "null" (sandboxed frames, file: pages) is
// refused unless every origin is allowed. It has the signature of gorilla/websocket's Upgrader.CheckOrigin. Our own origin
// is only as good as the Host, so check HostAllowed as well.
func (p *Policy) OriginAllowed(r *http.Request) bool {
	values := r.Header.Values("Origin")
	if len(values) == 0 {
		return true
	}
	for _, h := range p.origins {
		if h.any {
			return true
		}
	}
	if len(values) > 1 {
		return false // no browser does that
	}
	o, ok := parseOrigin(values[0])
	if !ok {
		return false
	}
	// Our own origin. The scheme is not compared: behind a TLS proxy we see http and the browser https.
	if name, port := splitHost(r.Host); name == o.name && (port == o.port || port == "" && o.port == defaultPort(o.scheme)) {
		return true
	}
	if isLoopback(o.name) && (o.scheme == "http" || o.scheme == "https") {
		return true
	}
	for _, pattern := range p.origins {
		if pattern.matches(o) {
			return true
		}
	}
	return false
}

// RefuseHost says why the Host of r is refused and what to set, or "" if it is allowed.
func (p *Policy) RefuseHost(r *http.Request) string {
	if p.HostAllowed(r) {
		return ""
	}
	name, _ := splitHost(r.Host)
	return fmt.Sprintf("host %q is neither loopback nor allowed; add %q to allowed_hosts to accept it", clip(r.Host), clip(name))
}

// RefuseOrigin says why the Origin of r is refused and what to set, or "" if it is allowed.
func (p *Policy) RefuseOrigin(r *http.Request) string {
	if p.OriginAllowed(r) {
		return ""
	}
	origin := clip(strings.Join(r.Header.Values("Origin"), ", "))
	return fmt.Sprintf("origin %q is neither loopback nor allowed; add it to allowed_origins to let its pages read from here", origin)
}

// Handler serves requests whose Host and Origin are both allowed, and answers others 403 with {"error": "..."}.
func (p *Policy) Handler(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		reason := p.RefuseHost(r)
		if reason == "" {
			reason = p.RefuseOrigin(r)
		}
		if reason == "" {
			next.ServeHTTP(w, r)
			return
		}
		body, _ := json.Marshal(map[string]string{"error": reason}) // two strings: cannot fail
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.WriteHeader(http.StatusForbidden)
		_, _ = w.Write(append(body, '\n'))
	})
}

// isLoopback reports whether a normalised host name (see splitHost) can only mean this machine. RFC 6761 reserves
// localhost and everything under it; browsers resolve those names without asking DNS.
func isLoopback(name string) bool {
	if name == "localhost" || strings.HasSuffix(name, ".localhost") {
		return true
	}
	ip, err := netip.ParseAddr(name)
	return err == nil && ip.Unmap().IsLoopback()
}

// splitHost takes "name", "name:port", "[::1]:port" or "::1" apart and normalises the name: lower case, without
// brackets, zone and the root dot.
func splitHost(s string) (name, port string) {
	name = s
	if h, p, err := net.SplitHostPort(s); err == nil {
		name, port = h, p
	}
	name = strings.TrimSuffix(strings.TrimPrefix(name, "["), "]")
	name, _, _ = strings.Cut(name, "%")
	return strings.ToLower(strings.TrimSuffix(name, ".")), port
}

type origin struct{ scheme, name, port string }

// parseOrigin reads an Origin header as browsers write it (RFC 6454 section 6.1): scheme://host[:port], nothing else.
func parseOrigin(s string) (origin, bool) {
	u, err := url.Parse(s)
	if err != nil || u.Scheme == "" || u.Host == "" || u.User != nil || u.Path != "" || u.RawQuery != "" || u.ForceQuery || u.Fragment != "" {
		return origin{}, false
	}
	o := origin{scheme: strings.ToLower(u.Scheme)}
	o.name, o.port = splitHost(u.Host)
	if o.port == "" {
		o.port = defaultPort(o.scheme)
	}
	return o, o.name != ""
}

func defaultPort(scheme string) string {
	switch scheme {
	case "http", "ws":
		return "80"
	case "https", "wss":
		return "443"
	}
	return ""
}

// clip keeps what we echo of a header short.
func clip(s string) string {
	const most = 200 // longest DNS name is 253; a reason is for people
	if len(s) > most {
		return s[:most] + "..."
	}
	return s
}
