package query

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/otelcol-spotlight/otelcol-spotlight/exporter/spotlightexporter/internal/live"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// codes returns the findings of each service as "service: code code".
func codes(w *world) map[string][]string {
	out := map[string][]string{}
	for _, sv := range w.Services(Filter{}).Items {
		for _, f := range sv.Findings {
			out[sv.Service] = append(out[sv.Service], f.Code)
			if f.Text == "" || f.Fix == "" {
				panic("a finding without text or fix: " + f.Code)
			}
		}
	}
	return out
}

func from(pairs ...any) func(*model.Span) {
	return func(s *model.Span) { s.Resource = &model.Resource{Attributes: attrs(pairs...)} }
}

func TestFindings(t *testing.T) {
	sentryRes := func(dsn bool, more ...any) *model.Resource {
		pairs := append([]any{"telemetry.sdk.name", "sentry.python", "telemetry.sdk.language", "python", "service.instance.id", "i"}, more...)
		if dsn {
			pairs = append(pairs, "sentry.public_key", "k")
		}
		return &model.Resource{Attributes: attrs(pairs...)}
	}
	errorOf := func(res *model.Resource) *model.EventRecord {
		return failure(1, 0, 0, "i", "E", "v", "", func(e *model.EventRecord) { e.Resource = res })
	}
	tests := []struct {
		name    string
		records []any
		want    map[string][]string
	}{
		{"all is well", []any{span(1, 1, 0, "api", "x", 0, 1)}, map[string][]string{}},
		{"errors, but no spans", []any{errorOf(sentryRes(true))}, map[string][]string{"api": {FindNoSpans}}},
		{"its other SDK sends spans", []any{errorOf(sentryRes(true)), span(1, 1, 0, "api", "x", 0, 1, from("service.name", "api", "telemetry.sdk.language", "python"))}, map[string][]string{}},
		{"another SDK of it, with another name, records its spans", []any{
			failure(1, 1, 7, "i", "E", "v", "", func(e *model.EventRecord) { e.Resource = sentryRes(true) }), span(1, 7, 0, "worker", "x", 0, 1, from("service.name", "worker")),
		}, map[string][]string{}},
		{"errors beside the spans of others", []any{
			failure(1, 1, 7, "i", "E", "v", "", func(e *model.EventRecord) { e.Resource = sentryRes(true) }), span(1, 8, 0, "worker", "x", 0, 1, from("service.name", "worker")),
		}, map[string][]string{"api": {FindNoSpans}}},
		{"nothing but a report", []any{func() *model.Item {
			i := thing("client_report", 0, "", `{"discarded_events":[{"reason":"no_parent_span","category":"span","quantity":2},{"reason":"before_send","category":"error","quantity":1}]}`)
			i.Resource = sentryRes(true, "sentry.service_name.source", "sdk")
			return i
		}()}, map[string][]string{}},
		{"no DSN", []any{errorOf(sentryRes(false)), span(1, 1, 0, "api", "x", 0, 1, sentrySpan, func(s *model.Span) { s.Resource = sentryRes(false) })}, map[string][]string{"api": {FindNoDSN}}},
		{"sampled", []any{span(1, 1, 0, "api", "x", 0, 1, sentrySpan, with("sentry.sample_rate", "x"), func(s *model.Span) {
			s.Segment = true
			s.Resource = sentryRes(true)
			s.Attributes = model.Pack(model.Attributes{{Key: "sentry.sample_rate", Value: model.Double(0.1)}})
		})}, map[string][]string{"api": {FindSampled}}},
		{"all sampled out", []any{func() *model.Item {
			i := thing("client_report", 0, "", `{"discarded_events":[{"reason":"sample_rate","category":"transaction","quantity":9}]}`)
			i.Resource = sentryRes(true)
			return i
		}()}, map[string][]string{"api": {FindSampled}}},
		{"no service name", []any{span(1, 1, 0, "unknown_service:node", "x", 0, 1, from("process.pid", 1))}, map[string][]string{"unknown_service:node": {FindNoServiceName}}},
		{"named after its SDK", []any{span(1, 1, 0, "python app", "x", 0, 1, sentrySpan, func(s *model.Span) { s.Resource = sentryRes(true, "sentry.service_name.source", "sdk") })},
			map[string][]string{"python app": {FindNoServiceName}}},
		{"two of one name", []any{span(1, 1, 0, "shop", "x", 0, 1, from("service.name", "shop", "telemetry.sdk.language", "webjs")), span(2, 1, 0, "shop", "x", 0, 1, from("service.name", "shop", "telemetry.sdk.language", "go"))},
			map[string][]string{"shop": {FindSameName, FindSameName}}},
		{"replicas", []any{span(1, 1, 0, "shop", "x", 0, 1, from("service.name", "shop", "process.pid", 1)), span(2, 1, 0, "shop", "x", 0, 1, from("service.name", "shop", "process.pid", 2))}, map[string][]string{}},
		{"dropped data", []any{errorOf(sentryRes(true)), span(1, 1, 0, "api", "x", 0, 1, sentrySpan, func(s *model.Span) { s.Resource = sentryRes(true) }),
			func() *model.Item {
				i := thing("client_report", 0, "", `{"discarded_events":[{"reason":"network_error","category":"error","quantity":2},{"reason":"sample_rate","category":"span","quantity":9}]}`)
				i.Resource = sentryRes(true)
				return i
			}()}, map[string][]string{"api": {FindDropped}}},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			w := newWorld(live.Limits{})
			w.add(tc.records...)
			require.Equal(t, tc.want, codes(w))
		})
	}
}

func TestFindings_NotPropagated(t *testing.T) {
	call := func(w *world, n int, propagated bool) {
		client := span(n, 1, 0, "web", "POST", n*100, n*100+50, kind(model.KindClient), with("http.request.method", "post", "url.full", fmt.Sprintf("http://api:80/pay?n=%d", n)))
		server := span(1000+n, 1, 0, "api", "POST /pay", n*100+5, n*100+45, kind(model.KindServer), with("http.request.method", "POST", "url.path", "/pay"))
		if propagated {
			server = span(n, 2, 1, "api", "POST /pay", n*100+5, n*100+45, kind(model.KindServer), with("http.request.method", "POST", "url.path", "/pay"))
		}
		w.add(client, server)
	}
	w := newWorld(live.Limits{})
	for n := range 5 {
		call(w, n+1, true)
	}
	require.Empty(t, codes(w))
	require.Equal(t, []string{"traceparent"}, w.Services(Filter{Service: "api"}).Items[0].Propagation)
	w = newWorld(live.Limits{})
	for n := range 5 {
		call(w, n+1, false)
	}
	require.Equal(t, map[string][]string{"web": {FindNotPropagated}}, codes(w))
	require.Contains(t, w.Services(Filter{Service: "web"}).Items[0].Findings[0].Text, "5 calls")
}

func TestFindings_Clock(t *testing.T) {
	w := newWorld(live.Limits{})
	for n := range 5 {
		w.add(span(n+1, 1, 0, "web", "POST", 0, 100, kind(model.KindClient)), span(n+1, 2, 1, "api", "POST /pay", -300, -210, kind(model.KindServer)))
	}
	require.Equal(t, map[string][]string{"api": {FindClock}}, codes(w))
	f := w.Services(Filter{Service: "api"}).Items[0].Findings[0]
	require.Contains(t, f.Text, "behind")
}

func TestFindings_AreKeptForAWhile(t *testing.T) {
	w := newWorld(live.Limits{})
	w.add(span(1, 1, 0, "api", "x", 0, 1))
	require.Empty(t, codes(w))
	w.add(span(1, 2, 0, "unknown_service", "x", 0, 1, from("process.pid", 1)))
	require.Empty(t, codes(w), "they are made at most every two seconds")
	w.pass(findingsAge + time.Second)
	require.NotEmpty(t, codes(w))
	sv := w.Services(Filter{Service: "unknown_service"}).Items[0]
	one, ok := w.Service(sv.ID)
	require.True(t, ok)
	require.Equal(t, sv, *one)
	_, ok = w.Service("?")
	require.False(t, ok)
}

func TestMissingShare(t *testing.T) {
	require.Equal(t, "9 of 10 traces are missing here", missingShare(0.1))
	require.Equal(t, "5 of 10 traces are missing here", missingShare(0.5))
	require.Equal(t, "99 of 100 traces are missing here", missingShare(0.01))
	require.Equal(t, "no trace arrives here", missingShare(0))
}
