package query

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/otelcol-spotlight/otelcol-spotlight/exporter/spotlightexporter/internal/live"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// shop fills a world with a page, two servers and what went wrong.
func shop() *world {
	w := newWorld(live.Limits{})
	w.add(
		span(1, 1, 0, "web", "/cart", 0, 900, sentrySpan, func(s *model.Span) { s.Op = "pageload" }, with("url.full", "http://localhost:3000/cart#x", "sentry.sdk.name", "js")),
		span(1, 2, 1, "web", "POST /api/pay", 10, 800, kind(model.KindClient), with("http.request.method", "POST")),
		span(1, 3, 2, "api", "POST /api/pay", 20, 790, kind(model.KindServer), with("http.response.status_code", 503, "http.route", "/api/pay"), failed),
	)
	w.pass(time.Second)
	w.add(span(2, 1, 0, "api", "GET /health", 1000, 1003, kind(model.KindServer), with("http.response.status_code", 200)))
	w.pass(time.Second)
	w.add(span(3, 2, 99, "worker", "job", 2000, 4500), span(3, 3, 2, "worker", "SELECT 1", 2000, 2100, func(s *model.Span) { s.Op = "db" }))
	yes, no := true, false
	w.add(
		failure(1, 1, 3, "i1", "PayError", "card 4711 declined", `,"tags":{"region":"eu"},"user":{"id":"7"}`, func(e *model.EventRecord) { e.Handled = &no }),
		failure(2, 1, 3, "i1", "PayError", "card 4712 declined", `,"tags":{"region":"us"},"user":{"id":"7"}`, func(e *model.EventRecord) { e.Handled = &no }),
		failure(3, 0, 0, "i2", "TypeError", "x is undefined", ``, func(e *model.EventRecord) { e.Handled, e.Level, e.Service = &yes, model.LevelWarning, "web" }),
		line(1, 3, model.LevelError, "payment failed", "order.id", 17), line(0, 0, model.LevelInfo, "started"), line(2, 1, model.LevelDebug, "healthy"),
		thing("attachment", 1, "screenshot.png", "png"), thing("profile_chunk", 0, "chunk", "{}"), thing("replay_event", 0, "replay", "{}"),
		gauge("http.latency", 1, 5, 7), gauge("queue.size", 1, 3),
	)
	return w
}

func names[T any](page model.Page[T], name func(T) any) string {
	out := ""
	for _, it := range page.Items {
		out += fmt.Sprint(name(it), " ")
	}
	if page.Truncated {
		out += "..."
	}
	return out
}

func TestLists(t *testing.T) {
	w := shop()
	traces := func(f Filter) string {
		return names(w.Traces(f), func(s model.TraceSummary) any { return s.TraceID[15] })
	}
	issues := func(f Filter) string { return names(w.Issues(f), func(i model.Issue) any { return i.IssueID }) }
	events := func(f Filter) string {
		return names(w.Events(f), func(e model.EventSummary) any { return e.EventID[15] })
	}
	logs := func(f Filter) string { return names(w.Logs(f), func(l model.LogSummary) any { return l.Message }) }
	items := func(f Filter) string { return names(w.Items(f), func(i model.ItemSummary) any { return i.Type }) }
	metrics := func(f Filter) string {
		return names(w.Metrics(f), func(m model.MetricSummary) any { return m.Name })
	}
	services := func(f Filter) string {
		return names(w.Services(f), func(s model.Service) any { return s.Service })
	}
	tests := []struct {
		name string
		ask  func(Filter) string
		f    Filter
		want string
	}{
		{"all traces, newest first", traces, Filter{}, "3 2 1 "},
		{"some traces", traces, Filter{Limit: 2}, "3 2 ..."},
		{"of a service", traces, Filter{Service: "web"}, "1 "},
		{"of a page", traces, Filter{PageURL: "http://localhost:3000/cart"}, "1 "},
		{"of another page", traces, Filter{PageURL: "http://localhost:3000/"}, ""},
		{"of a session there is not", traces, Filter{Session: 9}, ""},
		{"with text", traces, Filter{Q: "pay"}, "1 "},
		{"by the text of an error", traces, Filter{Q: "declined"}, "1 "},
		{"slow ones", traces, Filter{Q: "dur:>=500ms"}, "3 1 "},
		{"that failed", traces, Filter{Q: "has:error"}, "1 "},
		{"by status code", traces, Filter{Q: "status:>=500"}, "1 "},
		{"by op", traces, Filter{Q: "op:[db,pageload]"}, "3 1 "},
		{"by attribute", traces, Filter{Q: "attr.http.route:/api/*"}, "1 "},
		{"without a service", traces, Filter{Q: "-service:web"}, "3 2 "},
		{"with an orphan", traces, Filter{Q: "is:orphan"}, "3 "},
		{"by span", traces, Filter{Q: "span:" + spanID(3).String()}, "3 1 "},
		{"by sender", traces, Filter{Q: "origin:sentry"}, "1 "},
		{"a wrong term is left out", traces, Filter{Q: "nonsense:1 op:db"}, "3 "},

		{"all issues", issues, Filter{}, "i2 i1 "},
		{"unhandled", issues, Filter{Q: "is:unhandled"}, "i1 "},
		{"errors only", issues, Filter{Level: model.LevelError}, "i1 "},
		{"by level", issues, Filter{Q: "level:<=warning"}, "i2 "},
		{"by a value of one of its events", issues, Filter{Q: "4711"}, "i1 "},
		{"by tag", issues, Filter{Q: "tag.region:us"}, "i1 "},
		{"by count", issues, Filter{Q: "count:>1"}, "i1 "},
		{"of a trace", issues, Filter{Trace: traceID(1)}, "i1 "},
		{"of a service", issues, Filter{Service: "web"}, "i2 "},

		{"all events", events, Filter{}, "3 2 1 "},
		{"a page of them", events, Filter{Limit: 2}, "3 2 ..."},
		{"of a trace", events, Filter{Trace: traceID(1)}, "2 1 "},
		{"of a span", events, Filter{Trace: traceID(1), Span: spanID(3)}, "2 1 "},
		{"by tag", events, Filter{Q: "tag.region:eu"}, "1 "},
		{"by type and value", events, Filter{Q: `type:PayError value:"4712"`}, "2 "},
		{"of an issue", events, Filter{Q: "issue:i2"}, "3 "},

		{"all logs", logs, Filter{}, "healthy started payment failed "},
		{"logs of a trace", logs, Filter{Trace: traceID(1)}, "payment failed "},
		{"logs from a level on", logs, Filter{Level: model.LevelInfo}, "started payment failed "},
		{"logs by attribute", logs, Filter{Q: "attr.order.id:17"}, "payment failed "},
		{"logs by text", logs, Filter{Q: "-failed"}, "healthy started "},

		{"all items", items, Filter{}, "replay_event profile_chunk attachment "},
		{"of an event", items, Filter{Event: eventID(1)}, "attachment "},
		{"of a type", items, Filter{Type: "attachment"}, "attachment "},
		{"of a family of types", items, Filter{Type: "replay"}, "replay_event "},
		{"by title", items, Filter{Q: "screenshot"}, "attachment "},

		{"all metrics", metrics, Filter{}, "http.latency queue.size "},
		{"metrics by name", metrics, Filter{Q: "name:latency"}, "http.latency "},
		{"metrics by unit", metrics, Filter{Q: "unit:s"}, ""},
		{"all services", services, Filter{Q: "service:w*"}, "web worker web web "},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) { require.Equal(t, tc.want, tc.ask(tc.f)) })
	}
	require.Len(t, w.Traces(Filter{Q: "nonsense:1"}).Warnings, 1)
	require.NotEmpty(t, w.Services(Filter{}).Items)
}

func TestLists_AreNeverNull(t *testing.T) {
	w := newWorld(live.Limits{})
	for _, page := range []any{w.Traces(Filter{}), w.Issues(Filter{}), w.Events(Filter{}), w.Logs(Filter{}), w.Items(Filter{}), w.Metrics(Filter{}), w.Services(Filter{})} {
		require.JSONEq(t, `{"items":[],"seq":0,"truncated":false}`, jsonOf(t, page))
	}
	require.Len(t, w.Sessions().Items, 1)
	w = shop()
	for _, page := range []any{w.Traces(Filter{}), w.Issues(Filter{}), w.Services(Filter{})} {
		require.NotContains(t, jsonOf(t, page), "null")
	}
}

func TestLists_Pages(t *testing.T) {
	w := newWorld(live.Limits{})
	for i := range 2500 {
		w.add(line(0, 0, model.LevelInfo, fmt.Sprint(i)), failure(i+1, 0, 0, "i", "E", "v", ""), thing("session", 0, "", fmt.Sprint(i)))
	}
	for name, ask := range map[string]func(Filter) (ids []string, next uint64){
		"logs": func(f Filter) (ids []string, next uint64) {
			p := w.Logs(f)
			for _, x := range p.Items {
				ids = append(ids, x.Message)
			}
			return ids, p.Next
		},
		"events": func(f Filter) (ids []string, next uint64) {
			p := w.Events(f)
			for _, x := range p.Items {
				ids = append(ids, x.EventID.String())
			}
			return ids, p.Next
		},
		"items": func(f Filter) (ids []string, next uint64) {
			p := w.Items(f)
			for _, x := range p.Items {
				ids = append(ids, fmt.Sprint(x.ID))
			}
			return ids, p.Next
		},
	} {
		t.Run(name, func(t *testing.T) {
			seen := map[string]bool{}
			pages := 0
			for f := (Filter{Limit: 700}); ; pages++ {
				ids, next := ask(f)
				for _, id := range ids {
					require.False(t, seen[id], "twice")
					seen[id] = true
				}
				if f.Before = next; next == 0 {
					break
				}
			}
			require.Len(t, seen, 2500)
			require.Equal(t, 3, pages)
		})
	}
}

func TestLists_Sessions(t *testing.T) {
	w := shop()
	w.store.PinTrace(traceID(2), true)
	w.store.NewSession()
	w.add(span(4, 1, 0, "api", "new", 0, 1), failure(4, 4, 0, "i1", "PayError", "again", ""), line(4, 0, model.LevelInfo, "new"))
	require.Equal(t, "4 2 ", names(w.Traces(Filter{}), func(s model.TraceSummary) any { return s.TraceID[15] }), "the present one, and what is pinned")
	require.Equal(t, "4 3 2 1 ", names(w.Traces(Filter{Session: AllSessions}), func(s model.TraceSummary) any { return s.TraceID[15] }))
	require.Equal(t, "3 2 1 ", names(w.Traces(Filter{Session: 1}), func(s model.TraceSummary) any { return s.TraceID[15] }))
	require.Len(t, w.Events(Filter{}).Items, 1)
	require.Len(t, w.Events(Filter{Session: 1}).Items, 3)
	require.Len(t, w.Events(Filter{Trace: traceID(1)}).Items, 2, "who asks for a trace wants it whenever it was")
	require.Len(t, w.Logs(Filter{}).Items, 1)
	require.Len(t, w.Logs(Filter{Session: AllSessions}).Items, 4)
	require.Len(t, w.Items(Filter{}).Items, 0)
	issues := w.Issues(Filter{}).Items
	require.Len(t, issues, 1)
	require.Equal(t, []int{1, 3}, []int{issues[0].Count, issues[0].TotalCount})
	for _, c := range []struct {
		filter Filter
		want   []int // count, total, and what the sparkline shows, of i1
	}{
		{Filter{}, []int{1, 3, 1}},
		{Filter{Session: 2}, []int{1, 3, 1}},
		{Filter{Session: 1}, []int{2, 3, 2}},
		{Filter{Session: AllSessions}, []int{3, 3, 3}},
		{Filter{Session: 1, Q: "count:2"}, []int{2, 3, 2}},
	} {
		var got []int
		for _, is := range w.Issues(c.filter).Items {
			if is.IssueID == "i1" {
				marks := 0
				for _, n := range is.Spark {
					marks += n
				}
				got = []int{is.Count, is.TotalCount, marks}
			}
		}
		require.Equal(t, c.want, got, "%+v", c.filter)
	}
}

func TestIDs(t *testing.T) {
	w := newWorld(live.Limits{})
	sp := span(1, 1, 0, "api", "x", 0, 1)
	sp.TraceID, sp.SpanID = model.TraceID{0xAB, 0xCD, 0xEF, 0x12, 0x34}, model.SpanID{0xde, 0xad, 0xbe, 0xef, 0x01}
	w.add(sp, failure(1, 0, 0, "i", "E", "v", "", func(e *model.EventRecord) { e.EventID = model.EventID{0xab, 0xcd, 0xef, 0x12, 0x99} }))
	id, ok := w.TraceID(" ABCDEF12 ")
	require.True(t, ok)
	require.Equal(t, sp.TraceID, id)
	_, ok = w.TraceID("abcdef1")
	require.False(t, ok, "too short")
	_, ok = w.TraceID("abcdef1x")
	require.False(t, ok)
	id, ok = w.TraceID(traceID(77).String())
	require.True(t, ok, "whole ids need not be in the store")
	require.Equal(t, traceID(77), id)
	ev, ok := w.EventID("abcdef12-9")
	require.True(t, ok)
	require.Equal(t, byte(0x99), ev[4])
	s, ok := w.SpanID(sp.TraceID, "deadbeef0")
	require.True(t, ok)
	require.Equal(t, sp.SpanID, s)
	_, ok = w.SpanID(sp.TraceID, "deadbeef1")
	require.False(t, ok)
	_, ok = w.SpanID(traceID(5), "deadbeef0")
	require.False(t, ok)
}

func TestStatus(t *testing.T) {
	w := shop()
	w.opts.Endpoints = func() []model.Endpoint { return []model.Endpoint{{Name: "sentry", URL: "http://localhost:8969"}} }
	w.opts.Clients = func() int { return 3 }
	st := w.Status()
	require.Equal(t, "test", st.Version)
	require.Equal(t, 3, st.Clients)
	require.Len(t, st.Endpoints, 1)
	require.Equal(t, 3, st.Counts.Traces)
	require.NotContains(t, jsonOf(t, newWorld(live.Limits{}).Status()), "null")
}
