package sentry_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/envelope"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/sentry"
)

// The bodies of the benchmarks have the size and shape of what SDKs send: an error with 30 frames and 50 breadcrumbs, a
// transaction with 100 spans.

func benchError() []byte {
	var frames, crumbs []string
	for i := range 30 {
		context := ""
		if i >= 22 {
			context = `,"context_line":"    const result = await cartClient.fetch(cartId, { retries: 3 });",` +
				`"pre_context":["  async function loadcart(id) {","    // order payment session invoice","    if (!id) {","      throw new TypeError('missing id');","    }"],` +
				`"post_context":["    if (!result.ok) {","      return null;","    }","    return result.body;","  }"],` +
				`"vars":{"id":123456,"retries":3,"state":"order payment session"}`
		}
		frames = append(frames, fmt.Sprintf(`{"abs_path":"/srv/app/src/order/cart%d.js","colno":%d,"filename":"/srv/app/src/order/cart%d.js",`+
			`"function":"Cart.load%d","in_app":%t,"lineno":%d,"module":"src.cart","platform":"javascript"%s}`, i, i+3, i, i, i%3 != 0, 10+i*7, context))
	}
	for i := range 50 {
		crumbs = append(crumbs, fmt.Sprintf(`{"category":"fetch","data":{"method":"GET","status_code":200,"url":"/api/order/%d"},"level":"info",`+
			`"message":"order payment session invoice customer address","timestamp":1795290%03d.25,"type":"default"}`, i, i))
	}
	return []byte(`{"breadcrumbs":[` + strings.Join(crumbs, ",") + `],"contexts":{"app":{"app_memory":88473600,"app_start_time":"2026-11-21T19:00:00.000Z"},` +
		`"culture":{"locale":"en-US","timezone":"UTC"},"device":{"arch":"x64","memory_size":25769803776,"processor_count":2},` +
		`"os":{"name":"Linux","version":"6.1.0"},"runtime":{"name":"node","version":"v20.20.2"},` +
		`"trace":{"op":"http.server","span_id":"bbbbbbb300000001","status":"internal_error","trace_id":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa02"}},` +
		`"environment":"development","event_id":"eeeeeeeeeeeeeeeeeeeeeeeeeeeeee01","exception":{"values":[{"mechanism":{"handled":false,"type":"generic"},` +
		`"stacktrace":{"frames":[` + strings.Join(frames, ",") + `]},"type":"TypeError","value":"Cannot read properties of undefined (reading 'total')"}]},` +
		`"extra":{"attempt":2,"note":"cart order payment session"},"level":"error","logger":"root","modules":{"express":"4.19.2","pg":"8.11.5","react":"18.3.1"},` +
		`"platform":"node","release":"checkout-api@1.4.2","request":{"data":{"cart":17,"note":"order payment"},"headers":{"accept":"*/*","content-type":"application/json",` +
		`"user-agent":"Mozilla/5.0"},"method":"POST","url":"http://localhost:3000/api/checkout"},"sdk":{"integrations":["Http","Express","Console","LinkedErrors"],` +
		`"name":"sentry.javascript.node","packages":[{"name":"npm:@sentry/node","version":"9.40.0"}],"version":"9.40.0"},"server_name":"dev-1",` +
		`"tags":{"feature":"checkout-v2","region":"local","service":"checkout-api"},"timestamp":1795290000.123456,"transaction":"POST /api/checkout",` +
		`"user":{"email":"dev@example.test","id":"42","ip_address":"127.0.0.1"}}`)
}

func benchTransaction(spans int) []byte {
	var list []string
	ops := []string{"db", "http.client", "cache.get", "function", "view.render", "db.sql.query", "queue.publish"}
	for i := range spans {
		op := ops[i%len(ops)]
		list = append(list, fmt.Sprintf(`{"data":{"code.function":"load","db.system":"postgresql","sentry.op":"%s","sentry.origin":"auto.http.otel.http",`+
			`"server.address":"inventory.local","server.port":8080,"thread.id":"1","thread.name":"main"},`+
			`"description":"SELECT id, name, total, created_at FROM orders WHERE customer_id = $1 AND status IN ($2, $3) LIMIT 50","op":"%s",`+
			`"origin":"auto.http.otel.http","parent_span_id":"bbbbbbb300000001","span_id":"bbbbbbb3%08x","start_timestamp":1795290000.%06d,`+
			`"status":"ok","tags":{"service":"checkout-api"},"timestamp":1795290001.%06d,"trace_id":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa02"}`, op, op, i+2, i, i))
	}
	return []byte(`{"contexts":{"os":{"name":"Linux"},"runtime":{"name":"node","version":"v20"},"trace":{"data":{"http.request.method":"POST",` +
		`"http.response.status_code":200,"sentry.sample_rate":1,"url":"http://localhost:3000/api/checkout"},"op":"http.server","origin":"auto.http.otel.http",` +
		`"span_id":"bbbbbbb300000001","status":"ok","trace_id":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa02"}},"environment":"development",` +
		`"event_id":"eeeeeeeeeeeeeeeeeeeeeeeeeeeeee01","measurements":{"ttfb":{"unit":"millisecond","value":31.4}},"platform":"node",` +
		`"release":"checkout-api@1.4.2","sdk":{"name":"sentry.javascript.node","version":"9.40.0"},"server_name":"checkout-api","spans":[` +
		strings.Join(list, ",") + `],"start_timestamp":1795290000.1,"tags":{"service":"checkout-api"},"timestamp":1795290001.3,` +
		`"transaction":"POST /api/checkout","transaction_info":{"source":"route"},"type":"transaction"}`)
}

func BenchmarkTranslator(b *testing.B) {
	header := []byte(`{"event_id":"eeeeeeeeeeeeeeeeeeeeeeeeeeeeee01","sent_at":"2026-11-21T19:00:00.000Z","dsn":"http://public@127.0.0.1:1/1",` +
		`"sdk":{"name":"sentry.javascript.node","version":"9.40.0"},"trace":{"environment":"development","public_key":"public","trace_id":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa02"}}`)
	for _, bench := range []struct {
		typ     string
		payload []byte
	}{{"event", benchError()}, {"transaction", benchTransaction(100)}} {
		b.Run(bench.typ, func(b *testing.B) {
			env := envelope.Envelope{Header: header, Items: []envelope.Item{{Type: bench.typ, Header: []byte(`{"type":"` + bench.typ + `"}`), Payload: bench.payload}}}
			tr := sentry.NewTranslator(sentry.Options{})
			req := sentry.Request{Endpoint: "envelope", Project: "1", Received: received}
			b.SetBytes(int64(len(bench.payload)))
			b.ReportAllocs()
			for b.Loop() {
				res := tr.Envelope(env, req)
				require.Empty(b, res.Warnings)
			}
		})
	}
}

func BenchmarkDecode(b *testing.B) {
	payload := benchError()
	b.Run("event", func(b *testing.B) {
		b.SetBytes(int64(len(payload)))
		b.ReportAllocs()
		for b.Loop() {
			sentry.DecodeEvent(payload)
		}
	})
	b.Run("for_issue", func(b *testing.B) {
		b.SetBytes(int64(len(payload)))
		b.ReportAllocs()
		for b.Loop() {
			sentry.DecodeForIssue(payload)
		}
	})
}
