package frompdata

import (
	"strings"
)

// address is the part of a URL that says where a request went. Query and fragment are left out.
type address struct {
	scheme, host, port, path string
}

// parseURL splits an absolute URL. It is lenient, allocates nothing, and refuses only what has no scheme or host.
func parseURL(url string) (a address, ok bool) {
	scheme, rest, ok := strings.Cut(url, "://")
	if !ok || scheme == "" {
		return address{}, false
	}
	a.scheme = scheme
	if i := strings.IndexAny(rest, "?#"); i >= 0 {
		rest = rest[:i]
	}
	authority := rest
	if i := strings.IndexByte(rest, '/'); i >= 0 {
		authority, a.path = rest[:i], rest[i:]
	} else {
		a.path = "/"
	}
	if i := strings.LastIndexByte(authority, '@'); i >= 0 {
		authority = authority[i+1:]
	}
	a.host, a.port = splitHostPort(authority)
	return a, a.host != ""
}

// splitHostPort splits host:port where the port may be missing and an IPv6 address may stand in brackets or bare.
func splitHostPort(s string) (host, port string) {
	if strings.HasPrefix(s, "[") {
		end := strings.IndexByte(s, ']')
		if end < 0 {
			return s, ""
		}
		return s[1:end], strings.TrimPrefix(s[end+1:], ":")
	}
	i := strings.LastIndexByte(s, ':')
	if i < 0 || strings.IndexByte(s, ':') != i { // none, or a bare IPv6 address
		return s, ""
	}
	return s[:i], s[i+1:]
}

// effectivePort returns the port of a, also where the scheme implies it.
func (a address) effectivePort() string {
	switch {
	case a.port != "":
		return a.port
	case strings.EqualFold(a.scheme, "http"), strings.EqualFold(a.scheme, "ws"):
		return "80"
	case strings.EqualFold(a.scheme, "https"), strings.EqualFold(a.scheme, "wss"):
		return "443"
	}
	return ""
}

// hostPort returns the host as a developer would type it: with its port unless the scheme implies that.
func (a address) hostPort() string {
	if a.port == "" || a.port == (address{scheme: a.scheme}).effectivePort() {
		return a.host
	}
	return a.host + ":" + a.port
}

// isLoopback reports whether a host name means the same machine.
func isLoopback(host string) bool {
	return strings.EqualFold(host, "localhost") || host == "::1" || host == "0.0.0.0" ||
		strings.HasPrefix(host, "127.") && strings.Trim(host, "0123456789.") == "" ||
		len(host) > 10 && strings.EqualFold(host[len(host)-10:], ".localhost")
}

// withoutQuery cuts query and fragment off a path.
func withoutQuery(path string) string {
	if i := strings.IndexAny(path, "?#"); i >= 0 {
		return path[:i]
	}
	return path
}
