package frompdata

import "strings"

// An SDK that traces its own sending makes a span of each request it sends us, sends that, and makes a span of it,
// without end: today's Sentry browser SDK does so when it sends to Spotlight without a DSN. These spans are dropped.

// ownEndpoint is one of the addresses our receivers listen on; host is "" for this machine by any of its loopback names.
type ownEndpoint struct{ host, port string }

func ownEndpoints(endpoints []string) []ownEndpoint {
	if len(endpoints) == 0 {
		return nil
	}
	out := make([]ownEndpoint, 0, len(endpoints))
	for _, e := range endpoints {
		host, port := splitHostPort(e)
		if port == "" {
			continue
		}
		if isLoopback(host) || host == "::" { // listening on all addresses
			host = ""
		}
		out = append(out, ownEndpoint{host, port})
	}
	return out
}

// ownTraffic reports whether the client span whose facts are at hand is a request to one of our ingest paths.
func (b *builder) ownTraffic(f *facts) bool {
	if url := f.str(urlFull); url != "" {
		if a, ok := parseURL(url); ok {
			return b.isOwn(a.host, a.effectivePort()) && isIngestPath(a.path)
		}
	}
	a := address{scheme: f.str(urlScheme), path: withoutQuery(f.str(urlPath))}
	a.host, a.port = splitHostPort(f.str(serverAddress))
	if port := f.text(serverPort); port != "" {
		a.port = port
	}
	if a.host == "" {
		return false
	}
	if service := f.str(rpcService); service != "" || f.has(rpcMethod) {
		return b.isOwn(a.host, a.port) && isIngestService(service, f.str(rpcMethod))
	}
	return b.isOwn(a.host, a.effectivePort()) && isIngestPath(a.path)
}

func (b *builder) isOwn(host, port string) bool {
	loopback := isLoopback(host)
	for _, e := range b.own {
		if e.port == port && (e.host == "" && loopback || e.host != "" && strings.EqualFold(e.host, host)) {
			return true
		}
	}
	return false
}

// isIngestPath reports whether path is one that SDKs post their data to: /stream, /api/PROJECT/envelope, .../store, and
// OTLP's, at the root or under Sentry's own prefix.
func isIngestPath(path string) bool {
	path = strings.TrimSuffix(path, "/")
	switch path {
	case "/stream", "/v1/traces", "/v1/logs", "/v1/metrics":
		return true
	}
	rest, ok := strings.CutPrefix(path, "/api/")
	if !ok {
		return false
	}
	_, endpoint, ok := strings.Cut(rest, "/")
	if !ok {
		return false
	}
	switch endpoint {
	case "envelope", "store", "integration/otlp/v1/traces", "integration/otlp/v1/logs", "integration/otlp/v1/metrics":
		return true
	}
	return false
}

// isIngestService reports whether a call is one of OTLP's over gRPC. The service may be part of the method.
func isIngestService(service, method string) bool {
	const otlp = "opentelemetry.proto.collector."
	return strings.HasPrefix(service, otlp) || strings.HasPrefix(strings.TrimPrefix(method, "/"), otlp)
}
