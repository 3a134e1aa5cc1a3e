package sentry_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/otelcol-spotlight/otelcol-spotlight/internal/testkit"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/envelope"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/sentry"
)

// from returns a recorded envelope by its scenario and number.
func from(t *testing.T, name string) recorded {
	t.Helper()
	scenario, _, _ := strings.Cut(name, "/")
	for _, rec := range corpus(t, testkit.ScenarioNamed(t, scenario)) {
		if rec.name == name {
			return rec
		}
	}
	t.Fatalf("no envelope %s", name)
	return recorded{}
}

// payloadOf returns the first payload of a type in a recorded envelope.
func payloadOf(t *testing.T, name, itemType string) []byte {
	t.Helper()
	rec := from(t, name)
	for _, it := range rec.env.Items {
		if it.Type == itemType {
			return it.Payload
		}
	}
	t.Fatalf("no %s in %s", itemType, name)
	return nil
}

func result(t *testing.T, name string) sentry.Result {
	t.Helper()
	rec := from(t, name)
	return sentry.NewTranslator(sentry.Options{}).Envelope(rec.env, rec.req)
}

func decoded(t *testing.T, payload string) model.Event {
	t.Helper()
	ev, _ := sentry.DecodeEvent([]byte(payload))
	return ev
}

// scenarioHas finds the first envelope of a scenario with an item of a type whose payload contains a text.
func scenarioHas(t *testing.T, scenario, itemType, text string) (recorded, envelope.Item) {
	t.Helper()
	for _, rec := range corpus(t, testkit.ScenarioNamed(t, scenario)) {
		for _, it := range rec.env.Items {
			if it.Type == itemType && bytes.Contains(it.Payload, []byte(text)) {
				return rec, it
			}
		}
	}
	t.Fatalf("no %s with %s in %s", itemType, text, scenario)
	return recorded{}, envelope.Item{}
}

// TestIrregular goes through the irregularities that real SDKs put on the wire or that Sentry's specification allows. The
// numbers are those of docs/protocol.md.
func TestIrregular(t *testing.T) {
	const trace = `"trace_id":"4c79f60c11214eb38604f4ae0781bfb2","span_id":"ea90fdead5f74052"`
	for _, c := range []struct {
		number int
		name   string
		check  func(t *testing.T)
	}{
		{1, "exception as a bare list (sentry-go), as one object (raven-go), as {values}", func(t *testing.T) {
			_, it := scenarioHas(t, "go-nethttp", "event", `"exception":[`)
			require.NotEmpty(t, decoded(t, string(it.Payload)).Exceptions)
			for _, shape := range []string{`[{"type":"E","value":"v"}]`, `{"type":"E","value":"v"}`, `{"values":[{"type":"E","value":"v"}]}`, `{"values":[null,{"type":"E","value":"v"},null]}`} {
				ev := decoded(t, `{"exception":`+shape+`}`)
				require.Equal(t, model.EventError, ev.Type)
				require.Equal(t, "E", ev.Title)
				require.Equal(t, "v", ev.Value)
				require.Len(t, ev.Exceptions, 1)
				require.Equal(t, "exception", logsOf(one("event", `{"exception":`+shape+`}`))[0].EventName())
			}
			for _, shape := range []string{`{}`, `[]`, `null`, `{"values":null}`, `[null]`, `"text"`, `[{"type":null,"value":null}]`} {
				require.Equal(t, model.EventMessage, decoded(t, `{"exception":`+shape+`}`).Type, shape)
			}
		}},
		{2, "breadcrumbs as a bare list and as {values}", func(t *testing.T) {
			for _, shape := range []string{`[{"message":"a"},null,{"message":"b"}]`, `{"values":[{"message":"a"},{"message":"b"}]}`} {
				ev := decoded(t, `{"breadcrumbs":`+shape+`}`)
				require.Len(t, ev.Breadcrumbs, 2)
				require.Equal(t, "a", ev.Breadcrumbs[0].Message)
			}
		}},
		{3, "tags as pairs, with values that are no text", func(t *testing.T) {
			for _, shape := range []string{`{"a":"x","n":1.50,"b":true,"c":null}`, `[["a","x"],["n",1.50],["b",true],["c",null]]`, `[{"key":"a","value":"x"},{"key":"n","value":1.50},{"key":"b","value":true}]`} {
				require.JSONEq(t, `{"a":"x","b":"True","n":"1.50"}`, jsonOf(decoded(t, `{"tags":`+shape+`}`).Tags))
			}
		}},
		{4, "timestamps of every kind; none at all", func(t *testing.T) {
			ev, warnings := sentry.DecodeEvent(payloadOf(t, "browser-raven-js/001", "event"))
			require.Zero(t, ev.Time)
			require.Contains(t, warnings, model.WarnBadTime)
			lr := logsOf(result(t, "browser-raven-js/001"))[0]
			require.Equal(t, received, lr.Timestamp().AsTime())
			require.Equal(t, []string{model.WarnBadTime}, warningsOf(lr.Attributes()))
		}},
		{5, "log and metric timestamps as text (sentry-go)", func(t *testing.T) {
			rec, it := scenarioHas(t, "go-nethttp", "log", `"timestamp":"20`)
			res := sentry.NewTranslator(sentry.Options{}).Envelope(rec.env, rec.req)
			first := parsed(t, it.Payload).(map[string]any)["items"].([]any)[0].(map[string]any)
			require.Equal(t, first["timestamp"], logsOf(res)[0].Timestamp().AsTime().Format("2006-01-02T15:04:05.999999999Z"))
		}},
		{7, "an envelope header that is empty", func(t *testing.T) {
			res := one("client_report", `{"timestamp":1795290000,"discarded_events":[{"reason":"sample_rate","category":"transaction","quantity":3}]}`)
			lr := logsOf(res)[0]
			require.Equal(t, "3 transaction (sample_rate)", attr(lr.Attributes(), "sentry.item.title"))
			require.JSONEq(t, `[{"reason":"sample_rate","category":"transaction","quantity":3}]`, attr(lr.Attributes(), "sentry.discarded_events"))
			require.Empty(t, res.EventID)
			require.Equal(t, "unknown app (project 1)", attr(resourcesOf(res)[0], "service.name"))
		}},
		{8, "an event id with dashes in the header, without in the payload", func(t *testing.T) {
			env := oneItem("event", `{"event_id":"9ec79c33ec9942ab8353589fcb2e04dc","timestamp":1}`)
			env.Header = []byte(`{"event_id":"9ec79c33-ec99-42ab-8353-589fcb2e04dc"}`)
			require.Equal(t, "9ec79c33ec9942ab8353589fcb2e04dc", translate(env).EventID)
		}},
		{13, "breadcrumb levels log, warn, fatal, null; no level on an event", func(t *testing.T) {
			ev := decoded(t, `{"breadcrumbs":[{"level":"log"},{"level":"warn"},{"level":"fatal"},{"level":null},{"level":"loud"}]}`)
			var levels []model.Level
			for _, b := range ev.Breadcrumbs {
				levels = append(levels, b.Level)
			}
			require.Equal(t, []model.Level{"info", "warning", "fatal", "", ""}, levels)
			require.Equal(t, model.LevelError, ev.Level)
		}},
		{14, "a message with a synthetic exception that has no type (@sentry/* 11)", func(t *testing.T) {
			_, it := scenarioHas(t, "node-express-errors", "event", "Inventory is low")
			ev := decoded(t, string(it.Payload))
			require.Equal(t, model.EventMessage, ev.Type)
			require.NotEmpty(t, ev.Exceptions[0].Frames)
			require.NotEmpty(t, ev.Title)
			require.Equal(t, ev.Message.Formatted, ev.Title)
			lr := logsOf(one("event", string(it.Payload)))[0]
			require.Equal(t, "sentry.message", lr.EventName())
			require.Equal(t, ev.Title, attr(lr.Attributes(), "sentry.item.title"))
			require.Empty(t, attr(lr.Attributes(), "exception.type"))
		}},
		{15, "null where a value should be (sentry_sdk)", func(t *testing.T) {
			ev := decoded(t, `{"exception":{"values":[{"type":"E","value":null,"module":null,"mechanism":null,"stacktrace":null}]},"user":null,"tags":null,"request":null,"contexts":null,"breadcrumbs":null,"extra":null}`)
			require.Equal(t, "E", ev.Title)
			require.Nil(t, ev.Exceptions[0].Mechanism)
			res := one("transaction", `{"contexts":{"trace":{`+trace+`,"status":null,"parent_span_id":null}},"transaction":"t","start_timestamp":1,"timestamp":2,"spans":[{`+trace+`,"parent_span_id":null,"description":null,"op":null,"start_timestamp":1,"timestamp":2}]}`)
			require.Len(t, spansOf(res), 2)
			require.Equal(t, "span", spansOf(res)[1].Name())
		}},
		{16, "mechanism beside exception.values (raven-js)", func(t *testing.T) {
			ev := decoded(t, string(payloadOf(t, "browser-raven-js/002", "event")))
			require.NotNil(t, ev.Exceptions[0].Mechanism)
		}},
		{17, "query and cookies as text, maps, pairs", func(t *testing.T) {
			for _, shape := range []string{`"a=1&b=x%20y"`, `"?a=1&b=x+y"`, `{"a":1,"b":"x y"}`, `[["a","1"],["b","x y"]]`} {
				q := decoded(t, `{"request":{"query_string":`+shape+`}}`).Request.Query
				require.Equal(t, []model.NameValue{{Name: "a", Value: "1"}, {Name: "b", Value: "x y"}}, q, shape)
			}
			for _, shape := range []string{`"a=b; c=d"`, `{"a":"b","c":"d"}`, `[["a","b"],["c","d"]]`} {
				q := decoded(t, `{"request":{"cookies":`+shape+`}}`).Request.Cookies
				require.Equal(t, []model.NameValue{{Name: "a", Value: "b"}, {Name: "c", Value: "d"}}, q, shape)
			}
			h := decoded(t, `{"request":{"headers":[["X-A","1"],["X-A","2"],["X-B",["3","4"]]]}}`).Request.Headers
			require.Equal(t, []model.NameValue{{Name: "X-A", Value: "1"}, {Name: "X-A", Value: "2"}, {Name: "X-B", Value: "3"}, {Name: "X-B", Value: "4"}}, h)
		}},
		{18, "odd frames", func(t *testing.T) {
			ev := decoded(t, `{"exception":[{"type":"E","stacktrace":{"frames":[{"filename":"C:\\app\\a.js","lineno":null},{"filename":"","function":"?"},null,{"filename":"<anonymous>","lineno":"12","colno":0,"in_app":null,"context_line":7,"pre_context":null,"post_context":["x",null]}]}}]}`)
			f := ev.Exceptions[0].Frames
			require.Len(t, f, 3)
			require.Equal(t, 12, f[0].Line)
			require.Nil(t, f[0].InApp)
			require.Equal(t, "7", *f[0].ContextLine)
			require.Equal(t, []string{"x", ""}, f[0].PostContext)
			require.Equal(t, `C:\app\a.js`, f[2].Filename)
		}},
		{19, "contexts under class names, empty ones, stray newlines", func(t *testing.T) {
			const event = `{"contexts":{"PaymentError":{"code":402},"cloud_resource":{},"os":{"name":"Debian","version":"12.11\n"},"rust":{"type":"runtime","version":"1.80"},"note":"text","gone":null}}`
			require.JSONEq(t, `{"PaymentError":{"code":402},"cloud_resource":{},"os":{"name":"Debian","version":"12.11\n"},"rust":{"type":"runtime","version":"1.80"},"note":{"value":"text"}}`, jsonOf(decoded(t, event).Contexts))
			require.Equal(t, "12.11", attr(resourcesOf(one("event", event))[0], "os.version"))
		}},
		{20, "a user id that is a number, {{auto}}, further keys", func(t *testing.T) {
			const event = `{"user":{"id":17,"ip_address":"{{auto}}","segment":"gold","data":{"n":1},"subscription":"basic"}}`
			require.JSONEq(t, `{"id":"17","ip_address":"{{auto}}","segment":"gold","data":{"n":1},"subscription":"basic"}`, jsonOf(decoded(t, event).User))
			a := logsOf(one("event", event))[0].Attributes()
			require.Equal(t, "17", attr(a, "user.id"))
			require.Equal(t, "192.0.2.7", attr(a, "user.ip_address"))
		}},
		{21, "numbers beyond 32 bits", func(t *testing.T) {
			ev := decoded(t, `{"contexts":{"device":{"memory_size":12345678901234567890,"battery_level":"80","processor_frequency":0}}}`)
			require.JSONEq(t, `{"device":{"memory_size":12345678901234567890,"battery_level":"80","processor_frequency":0}}`, jsonOf(ev.Contexts))
		}},
		{22, "profiles: times as text, no samples, transactions as a list", func(t *testing.T) {
			res := one("profile", `{"event_id":"dddddddddddddddddddddddddddddddd","version":"1","platform":"python","timestamp":"2026-11-21T19:00:00Z","profile":{"samples":[],"frames":[],"stacks":[]},"transactions":[{"id":"9ec79c33ec9942ab8353589fcb2e04dc","trace_id":"4c79f60c11214eb38604f4ae0781bfb2","name":"GET /","relative_start_ns":"0"}]}`)
			lr := logsOf(res)[0]
			require.Equal(t, "GET /", attr(lr.Attributes(), "sentry.item.title"))
			require.Equal(t, "9ec79c33ec9942ab8353589fcb2e04dc", attr(lr.Attributes(), "sentry.event_id"))
			require.Equal(t, "4c79f60c11214eb38604f4ae0781bfb2", lr.TraceID().String())
			require.Equal(t, "dddddddddddddddddddddddddddddddd", attr(lr.Attributes(), "sentry.profile_id"))
			chunk := logsOf(result(t, "node-profiling-continuous-trace/002"))
			for _, lr := range chunk {
				require.Less(t, received.Sub(lr.Timestamp().AsTime()).Abs().Hours(), 24.0)
			}
		}},
		{23, "a zlib recording behind its line of JSON", func(t *testing.T) {
			rec, it := scenarioHas(t, "browser-replay", "replay_recording", "segment_id")
			res := sentry.NewTranslator(sentry.Options{}).Envelope(rec.env, rec.req)
			for _, lr := range logsOf(res) {
				if lr.EventName() == "sentry.replay_recording" {
					require.Equal(t, it.Payload, lr.Body().Bytes().AsRaw())
					require.Equal(t, "0", attr(lr.Attributes(), "sentry.replay.segment_id"))
					require.Len(t, attr(lr.Attributes(), "sentry.replay_id"), 32)
				}
			}
		}},
		{24, "attachments of any bytes, and of none", func(t *testing.T) {
			for _, body := range []string{"", "\x00\n\n\xff", "text"} {
				lr := logsOf(one("attachment", body))[0]
				require.Equal(t, pcommon.ValueTypeBytes, lr.Body().Type())
				require.Equal(t, body, string(lr.Body().Bytes().AsRaw()))
				require.Equal(t, "event.attachment", attr(lr.Attributes(), "sentry.attachment.type"))
				require.Empty(t, warningsOf(lr.Attributes()))
			}
		}},
		{25, "attributes whose type does not fit their value", func(t *testing.T) {
			res := one("log", `{"items":[{"timestamp":1795290000,"level":"info","body":"x","attributes":{"i":{"type":"integer","value":1.5},"d":{"type":"double","value":1},"s":{"type":"string","value":null},"b":{"type":"boolean","value":"yes"},"a":{"type":"array","value":[1,"b"]},"o":{"type":"object","value":{"k":1}},"plain":"v","big":{"type":"integer","value":12345678901234567890},"n":{"type":"double","value":1,"unit":"byte"}}}]}`)
			a := logsOf(res)[0].Attributes()
			require.Equal(t, `{"a":[1,"b"],"b":"yes","big":"12345678901234567890","d":1,"i":1.5,"n":1,"o":{"k":1},"plain":"v","s":null,"sentry.attribute_units":"{\"n\":\"byte\"}"}`, jsonOf(a.AsRaw()))
		}},
		{26, "message parameters and server.address under several names", func(t *testing.T) {
			for name, host := range map[string]string{"go-nethttp": "inventory-1", "node-logs-metrics": "worker-1"} {
				rec, _ := scenarioHas(t, name, "log", "server.address")
				res := sentry.NewTranslator(sentry.Options{}).Envelope(rec.env, rec.req)
				require.Equal(t, host, attr(resourcesOf(res)[0], "host.name"))
			}
			rec, _ := scenarioHas(t, "distributed-demo", "span", "server.address")
			res := sentry.NewTranslator(sentry.Options{}).Envelope(rec.env, rec.req)
			require.Empty(t, attr(resourcesOf(res)[0], "host.name"), "on a span it is the other side")
		}},
		{27, "session pairs and aggregates with some counters only", func(t *testing.T) {
			lr := logsOf(one("sessions", `{"aggregates":[{"started":"2026-11-21T19:00:00Z","exited":3},{"started":"2026-11-21T19:01:00Z","errored":2,"did":"u"}],"attrs":{"release":"a@1","environment":"dev"}}`))[0]
			require.Equal(t, "3 exited, 2 errored", attr(lr.Attributes(), "sentry.item.title"))
			lr = logsOf(one("session", `{"sid":"62aab42efaa941cbb00a68642630d5d6","init":true,"started":"2026-11-21T19:00:00Z","status":"exited","duration":5.9e-5,"attrs":{"release":"a@1"}}`))[0]
			require.Equal(t, "0.000059", attr(lr.Attributes(), "sentry.session.duration"))
		}},
		{28, "a trace header without a key, or garbage", func(t *testing.T) {
			for _, h := range []string{`{"trace":{"trace_id":"4c79f60c11214eb38604f4ae0781bfb2","release":"head@9","environment":"prod"}}`, `{"trace":"x"}`, `{"trace":{"trace_id":5}}`} {
				env := oneItem("event", `{"message":"x","release":"own@1","timestamp":1795290000}`)
				env.Header = []byte(h)
				res := translate(env)
				require.Equal(t, "own", attr(resourcesOf(res)[0], "service.name"))
				require.Empty(t, attr(resourcesOf(res)[0], "deployment.environment.name"))
				require.Equal(t, h, attr(logsOf(res)[0].Attributes(), "sentry.envelope.header"))
			}
		}},
		{29, "the same envelope twice (DSN and Spotlight) is the same records of the same service", func(t *testing.T) {
			events := map[string]map[string]bool{}
			for _, rec := range corpus(t, testkit.ScenarioNamed(t, "node-spotlight-and-dsn")) {
				res := sentry.NewTranslator(sentry.Options{}).Envelope(rec.env, rec.req)
				for _, m := range resourcesOf(res) {
					require.Equal(t, "shop-api", attr(m, "service.name"))
				}
				if res.EventID != "" {
					if events[res.EventID] == nil {
						events[res.EventID] = map[string]bool{}
					}
					events[res.EventID][rec.req.Endpoint] = true
				}
			}
			require.NotEmpty(t, events)
			for id, endpoints := range events {
				require.Len(t, endpoints, 2, id)
			}
		}},
		{31, "statsd: escaped tags, units", func(t *testing.T) {
			m := metricsOf(one("statsd", "lat.ency@millisecond:1.5:2|d|#a:x\\u{7c}y\\u{2c}z\\n,empty:|T1795290000\nbad line\nc@none:1:2|c\ng:5:1:9:15:3|g\nu:7:7:8|s"))
			require.Len(t, m, 4)
			p := m[0].Histogram().DataPoints().At(0)
			require.Equal(t, "lat.ency", m[0].Name())
			require.Equal(t, "ms", m[0].Unit())
			require.EqualValues(t, 2, p.Count())
			require.Equal(t, 3.5, p.Sum())
			require.Equal(t, "x|y,z\n", attr(p.Attributes(), "a"))
			require.Equal(t, 3.0, m[1].Sum().DataPoints().At(0).DoubleValue())
			require.Equal(t, 5.0, m[2].Gauge().DataPoints().At(0).DoubleValue())
			require.EqualValues(t, 2, m[3].Gauge().DataPoints().At(0).IntValue())
		}},
		{32, "trace ids that are no UUIDs, in upper case, with dashes", func(t *testing.T) {
			for _, id := range []string{"4C79F60C11214EB38604F4AE0781BFB2", "4c79f60c-1121-4eb3-8604-f4ae0781bfb2"} {
				lr := logsOf(one("event", `{"message":"x","timestamp":1,"contexts":{"trace":{"trace_id":"`+id+`","span_id":"EA90FDEAD5F74052"}}}`))[0]
				require.Equal(t, "4c79f60c11214eb38604f4ae0781bfb2", lr.TraceID().String())
				require.Equal(t, "ea90fdead5f74052", lr.SpanID().String())
			}
		}},
		{33, "a fingerprint of numbers and booleans, or one text", func(t *testing.T) {
			require.Equal(t, []string{"{{ default }}", "42", "True", "1.5"}, decoded(t, `{"fingerprint":["{{ default }}",42,true,null,1.5]}`).Fingerprint)
			require.Equal(t, []string{"one"}, decoded(t, `{"fingerprint":"one"}`).Fingerprint)
		}},
		{34, "levels as numbers and in other words", func(t *testing.T) {
			for raw, want := range map[string]model.Level{`40`: "error", `"critical"`: "fatal", `"WARNING"`: "warning", `"warn"`: "warning", `"trace"`: "trace", `"30"`: "error", `"loud"`: "error", `10`: "debug", `50`: "fatal"} {
				lr := logsOf(one("event", `{"message":"x","timestamp":1,"level":`+raw+`}`))[0]
				require.Equal(t, string(want), lr.SeverityText(), raw)
				require.Equal(t, want, decoded(t, `{"level":`+raw+`}`).Level)
			}
			require.Equal(t, plog.SeverityNumberFatal, logsOf(one("event", `{"level":"critical"}`))[0].SeverityNumber())
			require.Equal(t, "critical", attr(logsOf(one("event", `{"level":"critical"}`))[0].Attributes(), "sentry.level"))
		}},
		{35, "message as text, as an object, as false", func(t *testing.T) {
			for in, want := range map[string]string{
				`"message":"plain"`: "plain", `"message":{"message":"Hello %s","params":["you"]}`: "Hello you",
				`"message":{"message":"Hello %s","params":["you"],"formatted":"Hi"}`: "Hi", `"message":false`: "(no message)",
				`"logentry":{"message":"%(a)s and {b}","params":{"a":1,"b":"x"}}`: "1 and x", `"logentry":{"message":"{0}{1}{}%%","params":["a","b"]}`: "aba%",
				`"logentry":{"message":"100% of %d"}`: "100% of %d", `"logentry":null,"message":"m"`: "m",
			} {
				require.Equal(t, want, decoded(t, `{`+in+`}`).Title, in)
			}
		}},
		{36, "keys of protocol version 3, a top-level stack trace, modules as pairs", func(t *testing.T) {
			ev := decoded(t, `{"sentry.interfaces.Exception":{"type":"Old","value":"v"},"sentry.interfaces.User":{"id":5},"sentry.interfaces.Http":{"url":"http://x/"},"culprit":"view","stacktrace":{"frames":[{"function":"f"}]},"modules":[["a","1"]],"checksum":"c","site":"s"}`)
			require.Equal(t, "Old", ev.Title)
			require.Equal(t, "f", ev.Exceptions[0].Frames[0].Function)
			require.Equal(t, "5", ev.User.Str("id"))
			require.Equal(t, "http://x/", ev.Request.URL)
			require.JSONEq(t, `{"a":"1"}`, jsonOf(ev.Modules))
			require.JSONEq(t, `{"checksum":"c","culprit":"view","site":"s"}`, jsonOf(ev.Other))
			ev = decoded(t, `{"message":"m","stacktrace":{"frames":[{"function":"f"}]}}`)
			require.Equal(t, "f", ev.Threads[0].Frames[0].Function)
		}},
		{37, "NaN, lone surrogates, invalid UTF-8, NUL", func(t *testing.T) {
			payload := "{\"message\":\"a\xffb\\ud800c\\u0000\",\"extra\":{\"n\":NaN,\"i\":-Infinity},\"timestamp\":1795290000}"
			ev, warnings := sentry.DecodeEvent([]byte(payload))
			require.Equal(t, "a�b�c\x00", ev.Title)
			require.JSONEq(t, `{"n":"NaN","i":"-Infinity"}`, jsonOf(ev.Extra))
			require.Contains(t, warnings, model.WarnInvalidUTF8)
			lr := logsOf(one("event", payload))[0]
			require.Equal(t, pcommon.ValueTypeBytes, lr.Body().Type())
			require.Equal(t, payload, string(lr.Body().Bytes().AsRaw()))
			require.Contains(t, warningsOf(lr.Attributes()), model.WarnInvalidUTF8)
		}},
		{38, "profile_chunk_ui, trace attachments, unknown items", func(t *testing.T) {
			require.Equal(t, "sentry.profile_chunk_ui", logsOf(result(t, "synthetic-items/006"))[0].EventName())
			meta := `{"trace_id":"4c79f60c11214eb38604f4ae0781bfb2","attachment_id":"a","timestamp":1795290000,"filename":"s.png","content_type":"image/png"}`
			env := oneItem("attachment", meta+"BODY")
			env.Items[0].Header = []byte(`{"type":"attachment","content_type":"application/vnd.sentry.attachment.v2","meta_length":` + jsonOf(len(meta)) + `,"span_id":"ea90fdead5f74052"}`)
			lr := logsOf(translate(env))[0]
			require.Equal(t, "BODY", string(lr.Body().Bytes().AsRaw()))
			require.Equal(t, meta, attr(lr.Attributes(), "sentry.attachment.meta"))
			require.Equal(t, "s.png", attr(lr.Attributes(), "sentry.item.title"))
			require.Equal(t, "image/png", attr(lr.Attributes(), "sentry.item.content_type"))
			require.Equal(t, "4c79f60c11214eb38604f4ae0781bfb2", lr.TraceID().String())
			require.Equal(t, "ea90fdead5f74052", lr.SpanID().String())
			lr = logsOf(one("from_the_future", "\x00\xff"))[0]
			require.Equal(t, "sentry.from_the_future", lr.EventName())
			require.Equal(t, []string{model.WarnUnknownItemType}, warningsOf(lr.Attributes()))
		}},
		{39, "security reports as an object, as a list", func(t *testing.T) {
			require.Equal(t, "script-src blocked inline", attr(logsOf(result(t, "synthetic-endpoints/001"))[0].Attributes(), "sentry.item.title"))
			lr := logsOf(one("raw_security", `[{"type":"csp-violation","url":"http://x/","body":{"effectiveDirective":"img-src","blockedURL":"http://y/","documentURL":"http://x/"}}]`))[0]
			require.Equal(t, "img-src blocked http://y/", attr(lr.Attributes(), "sentry.item.title"))
		}},
		{40, "an envelope whose only item is a log of another trace", func(t *testing.T) {
			res := one("log", `{"items":[{"timestamp":1795290000,"trace_id":"4c79f60c11214eb38604f4ae0781bfb2","level":"warn","body":"x","severity_number":13,"attributes":{"sentry.trace.parent_span_id":{"type":"string","value":"ea90fdead5f74052"}}}]}`)
			lr := logsOf(res)[0]
			require.Equal(t, "4c79f60c11214eb38604f4ae0781bfb2", lr.TraceID().String())
			require.Equal(t, "ea90fdead5f74052", lr.SpanID().String())
			require.Equal(t, plog.SeverityNumberWarn, lr.SeverityNumber())
		}},
	} {
		t.Run(jsonOf(c.number)+" "+c.name, c.check)
	}
	// 6, 9, 10, 11, 12 and 30 are framing, encodings, endpoints, authentication and traffic of our own: the receiver's.
}
