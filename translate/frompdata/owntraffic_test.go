package frompdata

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTraces_OwnTrafficIsDropped(t *testing.T) {
	own := []string{"localhost:8969", "0.0.0.0:4318", "[::1]:4317", "collector.test:9411", "nonsense"}
	for _, c := range []struct {
		what, kind, attrs string
		dropped           bool
	}{
		{"Spotlight", "client", "url.full=http://localhost:8969/stream", true},
		{"by another name of this machine", "client", "url.full=http://127.0.0.1:8969/stream", true},
		{"by another name of this machine", "client", "url.full=http://[::1]:8969/stream?x=1", true},
		{"old key", "client", "http.url=http://localhost:8969/stream/", true},
		{"DSN", "client", "url.full=http://key@localhost:8969/api/1/envelope/?sentry_version=7", true},
		{"store", "client", "url.full=http://localhost:8969/api/my-project/store/", true},
		{"OTLP", "client", "url.full=http://localhost:4318/v1/traces", true},
		{"Sentry's OTLP", "client", "url.full=http://localhost:8969/api/1/integration/otlp/v1/traces/", true},
		{"in parts", "client", "server.address=localhost server.port=4318 url.path=/v1/logs url.scheme=http", true},
		{"in old parts", "client", "net.peer.name=localhost net.peer.port=4318 http.target=/v1/metrics?x", true},
		{"port as text", "client", "server.address=localhost server.port='4318 url.path=/v1/logs", true},
		{"gRPC", "client", "rpc.service=opentelemetry.proto.collector.trace.v1.TraceService server.address=localhost server.port=4317", true},
		{"gRPC, newest conventions", "client", "rpc.method=opentelemetry.proto.collector.logs.v1.LogsService/Export server.address=localhost server.port=4317", true},
		{"a host that is configured by name", "client", "url.full=http://Collector.test:9411/v1/traces", true},

		{"the server's side", "server", "url.full=http://localhost:8969/stream", false},
		{"another port", "client", "url.full=http://localhost:3000/stream", false},
		{"another host", "client", "url.full=http://shop.test:8969/stream", false},
		{"a host that only looks alike", "client", "url.full=http://localhost.shop.test:8969/stream", false},
		{"another path", "client", "url.full=http://localhost:8969/", false},
		{"a longer path", "client", "url.full=http://localhost:8969/api/1/envelope/more", false},
		{"an application's own API", "client", "url.full=http://localhost:8969/api/envelope", false},
		{"another service", "client", "rpc.service=shop.Prices server.address=localhost server.port=4317", false},
		{"no address", "client", "url.path=/stream", false},
		{"default port", "client", "url.full=http://localhost/stream", false},
	} {
		td, _ := newSpan("test", "POST", c.kind, c.attrs)
		b := Traces(td, Options{OwnEndpoints: own})
		if c.dropped {
			require.Empty(t, b.Spans, "%s: %s", c.what, c.attrs)
			require.Equal(t, map[string]int{DroppedOwnTraffic: 1}, b.Dropped)
		} else {
			require.Len(t, b.Spans, 1, "%s: %s", c.what, c.attrs)
			require.Empty(t, b.Dropped)
		}
		require.Len(t, Traces(td, Options{}).Spans, 1, "nothing is dropped when nothing is configured")
	}
}

func TestTraces_OwnTrafficOfSentrySpans(t *testing.T) {
	td, _ := newSpan("", "POST localhost", "", "sentry.op=http.client sentry.envelope.id=1 url.full=http://localhost:8969/stream")
	require.Equal(t, map[string]int{DroppedOwnTraffic: 1}, Traces(td, Options{OwnEndpoints: []string{"localhost:8969"}}).Dropped)

	// sentry-python 1.9 traces its sending of errors
	td, _ = newSpan("", "POST http://127.0.0.1:8969/api/3/store/", "", "sentry.op=http sentry.envelope.id=1 url=http://127.0.0.1:8969/api/3/store/ method=POST")
	require.Equal(t, map[string]int{DroppedOwnTraffic: 1}, Traces(td, Options{OwnEndpoints: []string{"localhost:8969"}}).Dropped)
}

func TestParseURL(t *testing.T) {
	for url, want := range map[string]address{
		"http://a/b?c#d":                {"http", "a", "", "/b"},
		"HTTPS://u:p@a.test:8443":       {"HTTPS", "a.test", "8443", "/"},
		"ws://[::1]:80/x":               {"ws", "::1", "80", "/x"},
		"http://[::1]/":                 {"http", "::1", "", "/"},
		"http://a?x=/y":                 {"http", "a", "", "/"},
		"http://a/x@y:1":                {"http", "a", "", "/x@y:1"},
		"postgresql://u@db.test/shop":   {"postgresql", "db.test", "", "/shop"},
		"http://2001:db8::1/unbraketed": {"http", "2001:db8::1", "", "/unbraketed"},
	} {
		got, ok := parseURL(url)
		require.True(t, ok, url)
		require.Equal(t, want, got, url)
	}
	for _, url := range []string{"", "/a", "a/b", "://x", "http://", "http:///x", "mailto:x"} {
		_, ok := parseURL(url)
		require.False(t, ok, url)
	}
}

func TestIsLoopback(t *testing.T) {
	for host, want := range map[string]bool{
		"localhost": true, "LOCALHOST": true, "app.localhost": true, "127.0.0.1": true, "127.1.2.3": true, "::1": true, "0.0.0.0": true,
		"127.0.0.1.evil.test": false, "notlocalhost": false, "localhost.evil.test": false, "10.0.0.1": false, "": false, ".localhost": false,
	} {
		require.Equal(t, want, isLoopback(host), host)
	}
}
