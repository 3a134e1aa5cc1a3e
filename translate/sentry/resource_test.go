package sentry_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/envelope"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/sentry"
)

func TestServiceName(t *testing.T) {
	configured := func(project, key string) string {
		return map[string]string{"7": "by project", "k7": "by key"}[project+key]
	}
	for _, c := range []struct {
		name, payload, project, key, client string
		want, source, version               string
	}{
		{"an OpenTelemetry resource inside the event", `{"contexts":{"otel":{"resource":{"service.name":"from-otel","service.version":"9"}}},"tags":{"service":"tag"}}`, "7", "", "", "from-otel", "otel", "9"},
		{"a tag", `{"tags":{"service":"tag"},"release":"rel@1"}`, "7", "", "", "tag", "tag", "1"},
		{"a tag among pairs", `{"tags":[["service.name","tag"]]}`, "", "", "", "tag", "tag", ""},
		{"the configuration, by project", `{"release":"rel@1"}`, "7", "", "", "by project", "config", "1"},
		{"the configuration, by key", `{"release":"rel@1"}`, "", "k7", "", "by key", "config", "1"},
		{"the release", `{"release":"@acme/shop@1.2.3+build"}`, "", "", "", "@acme/shop", "release", "1.2.3+build"},
		{"a release that is only a version", `{"release":"1.2.3","sdk":{"name":"sentry.python","version":"2"}}`, "", "", "", "Python app", "sdk", "1.2.3"},
		{"a release that is a package", `{"release":"@acme/shop"}`, "", "", "", "unknown app", "sdk", "@acme/shop"},
		{"the SDK", `{"sdk":{"name":"sentry.javascript.node"}}`, "", "", "", "Node app", "sdk", ""},
		{"the SDK and the project", `{"sdk":{"name":"sentry.javascript.react"}}`, "3", "", "", "React app (project 3)", "sdk", ""},
		{"the client of the request", `{}`, "", "", "sentry.go/0.50.0", "Go app", "sdk", ""},
		{"the platform", `{"platform":"ruby"}`, "", "", "", "Ruby app", "sdk", ""},
		{"nothing", `{}`, "", "", "", "unknown app", "sdk", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			res := sentry.NewTranslator(sentry.Options{}).Envelope(oneItem("event", c.payload), sentry.Request{
				Project: c.project, PublicKey: c.key, Client: c.client, Received: received, ServiceNames: configured,
			})
			m := resourcesOf(res)[0]
			require.Equal(t, c.want, attr(m, "service.name"))
			require.Equal(t, c.source, attr(m, "sentry.service_name.source"))
			require.Equal(t, c.version, attr(m, "service.version"))
			require.Len(t, attr(m, "service.instance.id"), 16)
		})
	}
}

// TestGroups: entries of one container that name different services get resources of their own; those that say nothing
// stay with the envelope's.
func TestGroups(t *testing.T) {
	span := func(id, attributes string) string {
		return `{"trace_id":"4c79f60c11214eb38604f4ae0781bfb2","span_id":"` + id + `","name":"` + id + `","start_timestamp":1795290000,"end_timestamp":1795290001,"attributes":{` + attributes + `}}`
	}
	release := func(r string) string { return `"sentry.release":{"type":"string","value":"` + r + `"}` }
	env := envelope.Envelope{Header: []byte(`{"sdk":{"name":"sentry.javascript.node","version":"11"}}`), Items: []envelope.Item{
		item("span", `{"items":[`+span("1111111111111111", release("a@1"))+`,`+span("2222222222222222", release("b@2"))+`,`+span("3333333333333333", "")+`,`+
			span("4444444444444444", release("b@2"))+`]}`),
		item("log", `{"items":[{"timestamp":1795290000,"level":"info","body":"x","attributes":{`+release("b@2")+`}}]}`),
		item("session", `{"sid":"x","status":"ok"}`),
	}}
	res := translate(env)
	services := map[string][]string{}
	for _, rs := range res.Traces.ResourceSpans().All() {
		require.Equal(t, "sentry.javascript.node", attr(rs.Resource().Attributes(), "telemetry.sdk.name"))
		for _, s := range rs.ScopeSpans().At(0).Spans().All() {
			name := attr(rs.Resource().Attributes(), "service.name")
			services[name] = append(services[name], s.Name())
		}
	}
	require.Equal(t, map[string][]string{"a": {"1111111111111111", "3333333333333333"}, "b": {"2222222222222222", "4444444444444444"}}, services)
	var logs []string
	for _, rl := range res.Logs.ResourceLogs().All() {
		logs = append(logs, attr(rl.Resource().Attributes(), "service.name")+" "+rl.ScopeLogs().At(0).LogRecords().At(0).EventName())
	}
	require.ElementsMatch(t, []string{"b ", "a sentry.session"}, logs)
}

// TestInstance: everything that one SDK sends has one service.instance.id; another release has another.
func TestInstance(t *testing.T) {
	id := func(itemType, payload, header string, req sentry.Request) string {
		env := oneItem(itemType, payload)
		env.Header = []byte(header)
		return attr(resourcesOf(sentry.NewTranslator(sentry.Options{}).Envelope(env, req))[0], "service.instance.id")
	}
	const header = `{"sdk":{"name":"sentry.javascript.node","version":"11.12.0"}}`
	stream, dsn := sentry.Request{Endpoint: "stream"}, sentry.Request{Endpoint: "envelope", Project: "1", PublicKey: "k", Client: "sentry.javascript.node/11.12.0"}
	want := id("event", `{"release":"a@1","environment":"dev","server_name":"h","platform":"node","sdk":{"name":"sentry.javascript.node","version":"11.12.0"},"user":{"id":1}}`, header, dsn)
	require.Equal(t, want, id("event", `{"release":"a@1","environment":"dev","server_name":"h","platform":"node","user":{"id":2}}`, header, stream))
	require.Equal(t, want, id("session", `{"sid":"x","attrs":{"release":"a@1","environment":"dev"}}`, header, stream))
	require.Equal(t, want, id("check_in", `{"monitor_slug":"x","release":"a@1","environment":"dev"}`, header, dsn))
	require.NotEqual(t, want, id("session", `{"sid":"x","attrs":{"release":"a@2","environment":"dev"}}`, header, stream))
	go1 := id("event", `{"release":"g@1","sdk":{"name":"sentry.go","version":"0.50.0"}}`, `{}`, stream)
	require.Equal(t, go1, id("event", `{"release":"g@1","sdk":{"name":"sentry.go.http","version":"0.50.0"}}`, `{}`, stream))
}

// TestDeprecated: old names become the present ones; where both are there with different values, both stay.
func TestDeprecated(t *testing.T) {
	const head = `{"contexts":{"trace":{"trace_id":"4c79f60c11214eb38604f4ae0781bfb2","span_id":"ea90fdead5f74052","data":`
	for _, c := range []struct{ data, want string }{
		{`{"db.system":"sqlite","http.method":"GET"}`, `{"db.system.name":"sqlite","http.request.method":"GET"}`},
		{`{"db.system":"sqlite","db.system.name":"sqlite"}`, `{"db.system.name":"sqlite"}`},
		{`{"db.system":"old","db.system.name":"new"}`, `{"db.system":"old","db.system.name":"new"}`},
		{`{"db.system.name":"new","db.system":"old"}`, `{"db.system":"old","db.system.name":"new"}`},
		{`{"url":"x","method":"y","net.peer.name":"z"}`, `{"url":"x","method":"y","net.peer.name":"z"}`},
	} {
		a := spansOf(one("transaction", head+c.data+`}},"start_timestamp":1,"timestamp":2}`))[0].Attributes()
		for _, k := range []string{"sentry.item.type", "sentry.event_id", "sentry.is_segment", "sentry.payload", "sentry.warnings"} {
			a.Remove(k)
		}
		require.JSONEq(t, c.want, jsonOf(a.AsRaw()), c.data)
	}
}

// TestSpanIDs: a span with unusable ids stays visible under ids of its own, and says so.
func TestSpanIDs(t *testing.T) {
	for _, c := range []struct {
		ids      string
		warnings []string
		extra    string
	}{
		{`"trace_id":"4c79f60c11214eb38604f4ae0781bfb2","span_id":"ea90fdead5f74052"`, nil, ""},
		{`"trace_id":"00000000000000000000000000000000","span_id":"ea90fdead5f74052"`, []string{"the trace id is all zeros or malformed; a trace of its own was made for this record"}, `{"trace_id":"00000000000000000000000000000000"}`},
		{`"trace_id":"4c79f60c11214eb38604f4ae0781bfb2","span_id":"zz"`, []string{"the span id is all zeros or malformed; one was made up"}, `{"span_id":"zz"}`},
		{`"span_id":5`, []string{"the trace id is all zeros or malformed; a trace of its own was made for this record", "the span id is all zeros or malformed; one was made up"}, `{"span_id":5}`},
		{`"trace_id":"4c79f60c11214eb38604f4ae0781bfb2","span_id":"ea90fdead5f74052","parent_span_id":"nope"`, []string{"its parent span id is malformed; it is shown as a root"}, `{"parent_span_id":"nope"}`},
		{`"trace_id":"4c79f60c11214eb38604f4ae0781bfb2","span_id":"ea90fdead5f74052","parent_span_id":"0000000000000000"`, nil, `{"parent_span_id":"0000000000000000"}`},
		{`"trace_id":"4c79f60c11214eb38604f4ae0781bfb2","span_id":"ea90fdead5f74052","future":[1.10]`, nil, `{"future":[1.10]}`},
	} {
		entry := `{` + c.ids + `,"name":"x","start_timestamp":1795290000,"end_timestamp":1795290001,"status":"ok"}`
		res := one("span", `{"items":[`+entry+`,`+entry+`]}`)
		spans := spansOf(res)
		require.Len(t, spans, 2)
		for _, s := range spans {
			require.False(t, s.TraceID().IsEmpty(), c.ids)
			require.False(t, s.SpanID().IsEmpty(), c.ids)
			require.Equal(t, c.warnings, warningsOf(s.Attributes()), c.ids)
			require.Equal(t, c.extra, attr(s.Attributes(), "sentry.extra_fields"))
		}
		if len(c.warnings) > 0 && c.warnings[0] != "its parent span id is malformed; it is shown as a root" {
			require.NotEqual(t, [2]any{spans[0].TraceID(), spans[0].SpanID()}, [2]any{spans[1].TraceID(), spans[1].SpanID()}, "two spans stay two")
		}
	}
}
