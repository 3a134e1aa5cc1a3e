package scope

import (
	"encoding/json"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// oneRequest is a server span with a user and a tag, a log in it, and an error.
func oneRequest() (TraceView, *model.Event) {
	s := &model.Span{TraceID: traceID("t")}
	s.SpanID, s.Kind, s.Name, s.Status, s.Op = spanID("R"), model.KindServer, "GET /", model.StatusError, "http.server"
	s.StartTime, s.DurationNS = milli(0), 50e6
	s.Resource = resourceOf("service.name", "shop", "service.version", "1", "telemetry.sdk.name", "opentelemetry", "telemetry.sdk.language", "go")
	s.Attributes = model.Pack(model.Attributes{
		{Key: "http.route", Value: model.String("/")}, {Key: "sentry.tag.step", Value: model.String("pay")}, {Key: "user.id", Value: model.String("7")},
	})
	log := &model.Log{LogSummary: model.LogSummary{Time: milli(5), Message: "work", SpanID: s.SpanID, TraceID: s.TraceID, Service: "shop"}, Resource: s.Resource}
	ev := &model.Event{EventSummary: model.EventSummary{
		Type: model.EventError, TraceID: s.TraceID, SpanID: s.SpanID, Level: model.LevelError, Origin: model.OriginOTel, Time: milli(10),
	}, Source: model.SourceSpanEvent, Resource: s.Resource, Scope: &model.InstrumentationScope{Name: "lib", Version: "2"}}
	return TraceView{Spans: []*model.Span{s}, Logs: []*model.Log{log}}, ev
}

func TestResult_Apply(t *testing.T) {
	view, ev := oneRequest()
	r := Materialize(ev, view, DefaultConfig())
	r.Apply(ev)
	data, err := json.Marshal(ev)
	require.NoError(t, err)
	var got map[string]any
	require.NoError(t, json.Unmarshal(data, &got))
	require.Equal(t, map[string]any{"http.route": "/", "service": "shop", "step": "pay"}, got["tags"])
	require.Equal(t, map[string]any{"id": "7"}, got["user"])
	require.Equal(t, "shop@1", got["release"])
	require.Equal(t, "GET /", got["transaction"])
	require.Equal(t, map[string]any{"name": "opentelemetry", "language": "go"}, got["sdk"])
	require.Equal(t, map[string]any{}, got["extra"])
	contexts := got["contexts"].(map[string]any)
	require.Equal(t, map[string]any{
		"trace_id": view.Spans[0].TraceID.String(), "span_id": ev.SpanID.String(), "op": "http.server", "status": "error",
		"data": map[string]any{"http.route": "/", "user.id": "7"},
	}, contexts["trace"])
	require.Equal(t, map[string]any{"scope": map[string]any{"name": "lib", "version": "2"}}, contexts["otel"])
	crumb := got["breadcrumbs"].([]any)[0].(map[string]any)
	require.Equal(t, "work", crumb["message"])
	require.Equal(t, "isolation", crumb["layer"])
	require.Equal(t, "span:"+ev.SpanID.String(), crumb["source"])
	require.Equal(t, "shop", crumb["service"])
}

func TestResult_ApplyOfNothing(t *testing.T) {
	ev := &model.Event{}
	r := Materialize(ev, TraceView{}, DefaultConfig())
	r.Apply(ev)
	data, err := json.Marshal(ev)
	require.NoError(t, err)
	require.Contains(t, string(data), `"breadcrumbs":[]`)
	require.Contains(t, string(data), `"tags":{}`)
	require.Contains(t, string(data), `"level":"error"`)
}

// What would that SDK have sent: the same layers, merged as it does.
func TestEvent_Policies(t *testing.T) {
	view, ev := oneRequest()
	ev.Source, ev.Origin = model.SourceSentry, model.OriginSentry
	ev.Tags = model.Attributes{{Key: "step", Value: model.String("mine")}}
	ev.User = model.Attributes{{Key: "email", Value: model.String("x@y")}}
	ev.Transaction = "mine"
	p := Prepare(view, DefaultConfig())
	for _, c := range []struct {
		policy                  Policy
		step, user, transaction string
	}{
		{Spec, "mine", `{"email":"x@y","id":"7"}`, "mine"},
		{JS11, "mine", `{"email":"x@y","id":"7"}`, "GET /"},
		{Python2, "pay", `{"email":"x@y"}`, "mine"},
		{Go0, "pay", `{"email":"x@y"}`, "mine"},
	} {
		r := p.Event(ev, c.policy)
		step, _ := r.Tags.Get("step")
		require.Equal(t, c.step, step.Str(), c.policy.Name)
		require.Equal(t, c.user, string(r.User.AppendJSON(nil)), c.policy.Name)
		require.Equal(t, c.transaction, r.Transaction, c.policy.Name)
		require.Len(t, r.Breadcrumbs, 1, c.policy.Name)
	}
}

func TestPrepared_IsSafeForConcurrentUse(t *testing.T) {
	view, ev := oneRequest()
	view.Spans[0].Payload, view.Spans[0].Origin = []byte("{}"), model.OriginSentry
	view.Decode = func([]byte) (model.Event, []string) {
		return model.Event{Tags: model.Attributes{{Key: "tier", Value: model.String("gold")}}}, nil
	}
	p := Prepare(view, DefaultConfig())
	want := toJSON(t, p.Event(ev, Spec))
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 50 {
				if got, _ := json.Marshal(p.Event(ev, Spec)); string(got) != want {
					t.Errorf("got %s", got)
					return
				}
			}
		})
	}
	wg.Wait()
}

// A trace of another id, and a log that carries the span id of its remote parent, are not what they seem.
func TestEvent_OfAnotherTrace(t *testing.T) {
	view, ev := oneRequest()
	ev.TraceID = traceID("u")
	r := Materialize(ev, view, DefaultConfig())
	require.Empty(t, r.User)
	require.Empty(t, r.Breadcrumbs)
}

func FuzzReadSpanData(f *testing.F) {
	for _, key := range []string{
		"sentry.scope.isolation.tag.k", "sentry.scope.global.context.a.b.c", "sentry.scope.current.user.id", "sentry.scope.", "sentry.scope.x",
		"sentry.tag.", "sentry.scope.isolation.context..k", "sentry.scope.isolation.context.a.", "user.id", "session.id", "http.request.header.a_b",
		"url.full", "server.port", "sentry.scope.isolate", "sentry.scope.current.fingerprint",
	} {
		f.Add(key, "value")
	}
	f.Add("url.full", "http://[::1]:80/a?b=%zz&c#d")
	f.Add("http.host", "[::1]:443")
	f.Fuzz(func(t *testing.T, key, value string) {
		s := &model.Span{TraceID: traceID("t")}
		s.SpanID, s.Kind = spanID("fuzz"), model.KindServer
		attrs := model.Attributes{{Key: key, Value: model.String(value)}, {Key: "http.scheme", Value: model.String("http")}, {Key: "net.host.port", Value: model.String(value)}}
		attrs.Sort()
		s.Attributes = model.Pack(attrs)
		ev := &model.Event{EventSummary: model.EventSummary{TraceID: s.TraceID, SpanID: s.SpanID}, Attributes: attrs}
		r := Materialize(ev, TraceView{Spans: []*model.Span{s}}, DefaultConfig())
		if _, err := json.Marshal(r); err != nil {
			t.Fatal(err)
		}
		for _, attrs := range []model.Attributes{r.Tags, r.Extra, r.User, r.Contexts, r.Attributes} {
			for i := 1; i < len(attrs); i++ {
				if attrs[i-1].Key >= attrs[i].Key {
					t.Fatalf("keys out of order: %q, %q", attrs[i-1].Key, attrs[i].Key)
				}
			}
		}
	})
}

func FuzzMatchWild(f *testing.F) {
	f.Add("app.*feature*", "app.feature")
	f.Add("*", "")
	f.Add("**a**", "bab")
	f.Fuzz(func(t *testing.T, pattern, name string) {
		p := compilePatterns([]string{pattern})
		if !p.match(pattern) && pattern != "" {
			t.Fatalf("%q does not match itself", pattern)
		}
		p.match(name)
	})
}

// @sentry/opentelemetry: service.namespace "sentry", service.version SDK_VERSION, over what OTEL_RESOURCE_ATTRIBUTES says.
func TestMaterialize_VersionOfSDKIsNoRelease(t *testing.T) {
	view, ev := oneRequest()
	ev.Resource = resourceOf("service.name", "node", "service.namespace", "sentry", "service.version", "10.78.0")
	view.Spans[0].Resource, view.Logs = ev.Resource, nil
	r := Materialize(ev, view, DefaultConfig())
	r.Apply(ev)
	require.Empty(t, ev.Release)
}
