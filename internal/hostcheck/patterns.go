package hostcheck

import (
	"fmt"
	"strings"
)

// hostPattern is one entry of allowed_hosts. name may hold "*", port is "*" for any.
type hostPattern struct{ name, port string }

func parseHostPattern(s string) (hostPattern, error) {
	if strings.Contains(s, "://") || strings.Contains(s, "/") {
		return hostPattern{}, fmt.Errorf("%q is not a host; write a name without scheme and path, such as devbox.lan or *.devbox.lan", s)
	}
	name, port := splitHost(s)
	if name == "" {
		return hostPattern{}, fmt.Errorf("%q names no host; write devbox.lan, *.devbox.lan, or * for every host", s)
	}
	if port == "" {
		port = "*"
	}
	return hostPattern{name, port}, nil
}

func (p hostPattern) matches(name, port string) bool {
	return glob(p.name, name) && (p.port == "*" || p.port == port)
}

// originPattern is one entry of allowed_origins: each part may hold "*".
type originPattern struct {
	any                bool
	scheme, name, port string
}

func parseOriginPattern(s string) (originPattern, error) {
	if s == "*" {
		return originPattern{any: true}, nil
	}
	scheme, rest, ok := strings.Cut(strings.ToLower(s), "://")
	if !ok || scheme == "" {
		return originPattern{}, fmt.Errorf("%q is not an origin; write scheme and host, such as https://app.test, http://app.test:*, or * for every origin", s)
	}
	rest = strings.TrimSuffix(rest, "/")
	if rest == "" || strings.ContainsAny(rest, "/?#@") {
		return originPattern{}, fmt.Errorf("%q is more than an origin; write scheme and host only, such as https://app.test", s)
	}
	name, port := splitHost(rest)
	if port == "" {
		port = defaultPort(scheme)
	}
	return originPattern{scheme: scheme, name: name, port: port}, nil
}

func (p originPattern) matches(o origin) bool {
	return !p.any && glob(p.scheme, o.scheme) && glob(p.name, o.name) && (p.port == "*" || p.port == o.port)
}

// glob matches s against a pattern in which "*" stands for any run of characters. Greedy with one point of return: linear
// in len(pattern)*len(s) at worst.
func glob(pattern, s string) bool {
	star, mark := -1, 0
	i, j := 0, 0
	for j < len(s) {
		switch {
		case i < len(pattern) && pattern[i] == '*':
			star, mark = i, j
			i++
		case i < len(pattern) && pattern[i] == s[j]:
			i++
			j++
		case star >= 0:
			mark++
			i, j = star+1, mark
		default:
			return false
		}
	}
	return strings.Trim(pattern[i:], "*") == ""
}
