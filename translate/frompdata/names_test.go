package frompdata

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

func TestTraces_Names(t *testing.T) {
	for _, c := range []struct{ raw, kind, attrs, want string }{
		// Sentry JavaScript 11 names outgoing calls by their host.
		{"GET localhost", "client", "http.request.method=GET url.full=http://localhost:3000/downstream?q=1 server.address=localhost", "GET /downstream"},
		{"GET api.stripe.com", "client", "http.request.method=GET url.full=https://api.stripe.com/v1/charges", "GET api.stripe.com/v1/charges"},
		{"GET pricing", "client", "http.method=GET http.url=http://pricing:8080/price", "GET pricing:8080/price"},
		{"GET localhost:3000", "client", "http.request.method=GET url.full=http://localhost:3000/", "GET /"},
		// Sentry SDKs with descriptions.
		{"GET http://localhost:3000/x?y=1", "client", "http.method=GET url=http://localhost:3000/x?y=1", "GET /x"},
		{"GET /api/users", "", "http.method=GET url=/api/users", "GET /api/users"},
		{"POST", "client", "http.request.method=POST url.full=/relative?a", "POST /relative"},
		{"GET http://localhost:3002/nothing?x", "client", "http.request.method=GET server.address=localhost", "GET /nothing"}, // sentry-go
		{"localhost", "", "sentry.op=resource.script url.full=http://localhost:5173/dist/react.js?v=1 server.address=localhost:5173", "/dist/react.js"},
		{"cdn.test", "", "sentry.op=resource.css url.full=https://cdn.test/a.css", "cdn.test/a.css"},
		{"http://localhost:5173/shop?a=1", "", "sentry.op=browser.dns", "DNS lookup"},
		{"Request", "", "sentry.op=browser.request", "Request"},
		{"a span", "", "url.full=https://cdn.test/a.css", "a span"},
		// OpenTelemetry's low-cardinality names.
		{"HTTP GET", "client", "http.request.method=GET url.full=http://127.0.0.1:9002/discount/A1", "GET /discount/A1"},
		{"GET", "client", "http.request.method=GET server.address=shop.test server.port=443 url.scheme=https", "GET shop.test"},
		{"GET", "client", "http.method=GET net.peer.name=shop.test net.peer.port=8443 http.scheme=https http.target=/a?b", "GET shop.test:8443/a"},
		{"GET", "client", "http.method=GET http.host=shop.test:81 http.target=/a", "GET shop.test:81/a"},
		{"GET", "client", "http.request.method=GET url.template=/users/{id} url.full=http://localhost/users/7", "GET /users/{id}"},
		{"GET", "client", "http.request.method=GET url.full=http://[::1]:3000/x", "GET /x"},
		{"GET", "server", "http.request.method=GET url.path=/a/b", "GET /a/b"},
		{"HTTP GET", "server", "http.method=GET http.target=/a/b?c", "GET /a/b"},
		{"GET", "server", "http.request.method=GET http.route=/a/{x} url.path=/a/b", "GET /a/{x}"},
		{"GET", "server", "http.request.method=GET", "GET"},
		{"HTTP", "client", "http.request.method=_OTHER url.full=http://localhost/x", "HTTP /x"},
		// A name that says enough stays.
		{"GET /price/{sku}", "server", "http.request.method=GET http.route=/price/{sku} url.path=/price/A1", "GET /price/{sku}"},
		{"checkout", "client", "http.request.method=GET url.full=http://localhost/x", "checkout"},
		{"GET user profile", "client", "http.request.method=GET url.full=http://localhost/x", "GET user profile"},
		{"", "client", "http.request.method=GET url.full=http://localhost/x", "GET /x"},

		{"SELECT", "client", "db.system.name=postgresql db.query.summary=SELECT+prices", "SELECT prices"},
		{"SELECT", "client", "db.system=postgresql db.operation=SELECT db.sql.table=prices", "SELECT prices"},
		{"shop", "client", "db.system=mysql db.name=shop db.statement=insert+into+`orders`+(a)+values+(1)", "INSERT orders"},
		{"pg.query:SELECT shop", "client", "db.system=postgresql db.name=shop db.statement=SELECT+*+FROM+\"prices\"+WHERE+x=$1", "SELECT prices"},
		{"query", "client", "db.system.name=mysql db.namespace=shop db.query.text=BEGIN", "BEGIN shop"},
		{"postgresql", "client", "db.system=postgresql", "postgresql"},
		{"SELECT * FROM prices", "client", "db.system=postgresql db.statement=SELECT+*+FROM+prices", "SELECT * FROM prices"},
		{"get 127.0.0.1:6379", "client", "db.system.name=redis db.operation.name=get db.query.text=get+products:seen server.address=127.0.0.1 server.port=6379", "get products:seen"},
		{"hello 127.0.0.1:6379", "client", "db.system.name=redis db.operation.name=hello db.query.text=hello+? server.address=127.0.0.1", "hello 127.0.0.1:6379"},
		{"PING", "client", "db.system.name=redis db.operation.name=PING server.address=cache", "PING cache"},
		{"redis-GET", "client", "db.system=redis db.statement=GET+a", "redis-GET"},

		{"GetPrice", "client", "rpc.system=grpc rpc.service=shop.Prices rpc.method=GetPrice", "shop.Prices/GetPrice"},
		{"shop.Prices/GetPrice", "server", "rpc.system=grpc rpc.service=shop.Prices rpc.method=GetPrice", "shop.Prices/GetPrice"},
		{"publish", "producer", "messaging.system=kafka messaging.destination=orders messaging.operation=publish", "publish orders"},
		{"kafka", "consumer", "messaging.system=kafka messaging.destination.name=orders", "process orders"},
		{"orders process", "consumer", "messaging.system=kafka messaging.destination.name=orders", "orders process"},
		{"chat", "client", "gen_ai.operation.name=chat gen_ai.request.model=small-1", "chat small-1"},
		{"", "internal", "graphql.operation.type=query graphql.operation.name=Users", "query Users"},
		{"", "internal", "", noName},
	} {
		s := otelSpan(t, c.raw, c.kind, c.attrs)
		require.Equal(t, c.want, s.Name, "%q with %s", c.raw, c.attrs)
		if s.Name == c.raw {
			require.Empty(t, s.RawName)
		} else {
			require.Equal(t, c.raw, s.RawName)
		}
	}
}

func TestTraces_NameOfSentrySpanWithoutName(t *testing.T) {
	require.Equal(t, "cache.get", sentrySpan(t, "", "", "sentry.op=cache.get").Name)
}

func TestTraces_LongNameIsCutAtARune(t *testing.T) {
	long := strings.Repeat("é", maxName)
	s := otelSpan(t, long, "", "")
	require.True(t, utf8.ValidString(s.Name))
	require.LessOrEqual(t, len(s.Name), maxName)
	require.Equal(t, long, s.RawName)
}

func TestSQLSummary(t *testing.T) {
	for _, c := range []struct{ text, verb, table string }{
		{"SELECT a, b FROM users WHERE id = $1", "SELECT", "users"},
		{"select*from users", "", ""}, // no words: not worth a parser
		{"SELECT * FROM `shop`.`users`;", "SELECT", "shop.users"},
		{"-- hello\nSELECT 1 FROM x", "SELECT", "x"},
		{"/* route */ UPDATE [orders] SET a=1", "UPDATE", "orders"},
		{"INSERT INTO orders(a, b) VALUES (1, 2)", "INSERT", "orders"},
		{"CREATE TABLE IF NOT EXISTS orders (id int)", "CREATE", "orders"},
		{"SELECT x FROM (SELECT 1) t", "SELECT", ""},
		{"SELECT count(*) FROM generate_series(1, 10)", "SELECT", "generate_series"},
		{"COMMIT", "COMMIT", ""},
		{"WITH x AS (SELECT 1) SELECT * FROM x", "", ""},
		{"GET key", "", ""},
		{"", "", ""},
		{"/*", "", ""},
		{"SELECT", "SELECT", ""},
	} {
		verb, table := sqlSummary(c.text)
		require.Equal(t, [2]string{c.verb, c.table}, [2]string{verb, table}, c.text)
	}
}

func TestTraces_OpsAndKinds(t *testing.T) {
	for _, c := range []struct {
		kind, attrs, op string
		want            model.SpanKind
	}{
		{"server", "http.request.method=GET", "http.server", model.KindServer},
		{"client", "http.method=GET", "http.client", model.KindClient},
		{"", "http.method=GET", "http", model.KindInternal},
		{"", "http.method=GET sentry.http.prefetch=true", "http.prefetch", model.KindInternal},
		{"client", "db.system=redis", "db", model.KindClient},
		{"client", "db.system.name=redis", "db", model.KindClient},
		{"server", "rpc.service=a.B", "rpc", model.KindServer},
		{"producer", "messaging.system=kafka", "message", model.KindProducer},
		{"consumer", "messaging.system=kafka", "message", model.KindConsumer},
		{"server", "faas.trigger=timer", "timer", model.KindServer},
		{"internal", "", "", model.KindInternal},
		{"client", "sentry.op=custom http.method=GET", "custom", model.KindClient},
		{"internal", "sentry.op=http.client", "http.client", model.KindInternal}, // an OpenTelemetry SDK knows its kinds
	} {
		s := otelSpan(t, "x", c.kind, c.attrs)
		require.Equal(t, c.op, s.Op, c.attrs)
		require.Equal(t, c.want, s.Kind, c.attrs)
		require.Equal(t, model.OriginOTel, s.Origin)
	}
	for op, want := range map[string]model.SpanKind{
		"http.server": model.KindServer, "http.client": model.KindClient, "http.client.stream": model.KindClient, "http": model.KindClient,
		"db": model.KindClient, "db.sql.query": model.KindClient, "dbx": model.KindInternal, "cache.get": model.KindClient,
		"queue.process": model.KindConsumer, "queue.publish": model.KindProducer, "queue.task.celery": model.KindConsumer,
		"ui.render": model.KindInternal, "pageload": model.KindInternal, "function.aws": model.KindServer, "": model.KindInternal,
	} {
		s := sentrySpan(t, "x", "internal", "sentry.op="+op)
		require.Equal(t, want, s.Kind, op)
		require.Equal(t, model.OriginSentry, s.Origin)
	}
}

func TestTraces_GenAIOps(t *testing.T) {
	for operation, want := range map[string]string{"chat": "gen_ai.chat", "execute_tool": "gen_ai.execute_tool", "novel": "gen_ai", "": "gen_ai"} {
		require.Equal(t, want, otelSpan(t, "x", "client", "gen_ai.system=openai gen_ai.operation.name="+operation).Op)
	}
}

func TestTraces_Segments(t *testing.T) {
	for _, c := range []struct {
		what   string
		parent bool
		kind   string
		flags  uint32
		attrs  string
		want   bool
	}{
		{"a root is one", false, "internal", 0, "", true},
		{"a child is none", true, "internal", 0, "", false},
		{"a remote parent makes one", true, "internal", 0x300, "", true},
		{"a local parent makes none, whatever the kind", true, "server", 0x100, "", false},
		{"without flags the kind decides", true, "server", 0, "", true},
		{"without flags the kind decides", true, "consumer", 0, "", true},
		{"Sentry says so", true, "internal", 0, "sentry.is_segment=true", true},
		{"Sentry says so", false, "internal", 0, "sentry.is_segment=false", false},
		{"the root of a transaction is one", true, "internal", 0, "sentry.payload={}", true},
	} {
		td, span := newSpan("test", "x", c.kind, c.attrs)
		span.SetFlags(c.flags)
		if c.parent {
			span.SetParentSpanID([8]byte{9})
		}
		require.Equal(t, c.want, onlySpan(t, td).Segment, c.what)
	}
}
