package query

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/otelcol-spotlight/otelcol-spotlight/exporter/spotlightexporter/internal/live"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

func TestEvent_Sentry(t *testing.T) {
	w := newWorld(live.Limits{})
	rec := failure(1, 1, 3, "i", "PayError", "declined", `,"tags":{"region":"eu"},"user":{"id":7},"breadcrumbs":[{"message":"clicked","timestamp":1795262339}]`)
	rec.Warnings = []string{"as received"}
	payload := string(rec.Payload)
	w.add(rec, thing("attachment", 1, "shot.png", "png"))
	ev, ok := w.Event(eventID(1))
	require.True(t, ok)
	require.Equal(t, "PayError", ev.Exceptions[0].Type)
	require.Equal(t, "eu", ev.Tags.Str("region"))
	require.Equal(t, model.LayerEvent, ev.Provenance["tags.region"].Layer)
	require.Equal(t, "7", ev.User.Str("id"))
	require.Len(t, ev.Breadcrumbs, 1)
	require.Equal(t, "i", ev.IssueID)
	require.Contains(t, ev.Warnings, "as received")
	require.Len(t, ev.Attachments, 1)
	require.Equal(t, model.SourceSentry, ev.Source)
	require.EqualValues(t, 1, ev.MergeRev)
	again, _ := w.Event(eventID(1))
	require.Same(t, ev, again, "what did not change is not made again")
	raw, ok := w.RawEvent(eventID(1))
	require.True(t, ok)
	require.Equal(t, payload, string(raw))
	_, ok = w.Event(eventID(9))
	require.False(t, ok)
	_, ok = w.RawEvent(eventID(9))
	require.False(t, ok)

	w.add(thing("attachment", 1, "two.png", "more"))
	ev, _ = w.Event(eventID(1))
	require.Len(t, ev.Attachments, 2)
	require.EqualValues(t, 2, ev.MergeRev)
}

func TestEvent_NothingIsNull(t *testing.T) {
	w := newWorld(live.Limits{})
	for i, payload := range []string{``, `{}`, `[]`, `not json`, `{"exception":{"values":[{"type":"E"}]}}`, `{"exception":null,"tags":null,"breadcrumbs":{"values":[]}}`} {
		e := failure(i+1, i%2, 0, "i", "E", "v", "")
		e.Payload = []byte(payload)
		w.add(e)
		ev, ok := w.Event(eventID(i + 1))
		require.True(t, ok, payload)
		text := jsonOf(t, ev)
		for _, field := range []string{"exceptions", "breadcrumbs", "tags", "user", "contexts", "extra", "attributes", "provenance", "frames"} {
			require.NotContains(t, text, `"`+field+`":null`, payload)
		}
	}
}

func TestEvent_OpenTelemetry(t *testing.T) {
	w := newWorld(live.Limits{})
	rec := failure(1, 1, 3, "i", "IOError", "disk full", "", func(e *model.EventRecord) {
		e.Source, e.Payload, e.Origin = model.SourceSpanEvent, nil, model.OriginOTel
		e.Exceptions = []model.Exception{{Type: "IOError", Value: "disk full", Frames: []model.Frame{{Function: "write"}}}}
		e.Attributes = attrs("exception.type", "IOError", "retry", 2)
	})
	w.add(rec, span(1, 3, 0, "api", "save", 0, 10, kind(model.KindServer), with("user.id", "u1")))
	ev, ok := w.Event(eventID(1))
	require.True(t, ok)
	require.Equal(t, "write", ev.Exceptions[0].Frames[0].Function)
	require.Equal(t, "sentry.javascript.node", ev.SDK.Name)
	require.Equal(t, "u1", ev.User.Str("id"), "the request's user, from its span")
	require.Equal(t, model.LayerIsolation, ev.Provenance["user.id"].Layer)
	_, ok = w.RawEvent(eventID(1))
	require.False(t, ok, "it has no payload")
}

func TestEvent_Transaction(t *testing.T) {
	w := newWorld(live.Limits{})
	payload := []byte(`{"type":"transaction","transaction":"GET /","event_id":"` + eventID(5).String() + `","tags":{"a":"b"},"contexts":{"runtime":{"name":"node"}}}`)
	w.add(span(1, 1, 0, "web", "GET /", 0, 10, sentrySpan, func(s *model.Span) { s.EventID, s.Payload = eventID(5), payload }))
	raw, ok := w.RawEvent(eventID(5))
	require.True(t, ok)
	require.Equal(t, payload, raw)
	ev, ok := w.Event(eventID(5))
	require.True(t, ok)
	require.Equal(t, model.EventTransaction, ev.Type)
	require.Equal(t, "b", ev.Tags.Str("a"))
	require.Equal(t, traceID(1), ev.TraceID)
	require.Equal(t, "web", ev.Service)
}

// TestEvent_LateRoot is example E2 of the scopes: the event is there before the root of its request.
func TestEvent_LateRoot(t *testing.T) {
	w := newWorld(live.Limits{})
	res := span(1, 1, 0, "api", "", 0, 0).Resource
	rec := failure(1, 1, 1, "i", "E", "v", "", func(e *model.EventRecord) { e.Source, e.Payload, e.Resource = model.SourceLog, nil, res })
	crumb := line(1, 2, model.LevelInfo, "query done")
	crumb.Resource, crumb.Time = res, rec.Time-ms
	w.add(crumb, span(1, 2, 1, "api", "db.query", 0, 1), rec)
	first, _ := w.Event(eventID(1))
	require.EqualValues(t, 1, first.MergeRev)
	require.Empty(t, first.User)
	w.pass(3 * time.Second)
	w.add(span(1, 1, 0, "api", "GET /", 0, 50, kind(model.KindServer), with("user.id", "7")))
	second, _ := w.Event(eventID(1))
	require.EqualValues(t, 2, second.MergeRev)
	require.Equal(t, "7", second.User.Str("id"))
	require.NotEmpty(t, second.Breadcrumbs)
	w.add(span(1, 9, 1, "api", "nothing to do with it", 90, 99))
	third, _ := w.Event(eventID(1))
	require.EqualValues(t, 2, third.MergeRev, "the same again")

	// What a process logs outside of any span is a breadcrumb of all its events, whenever it arrives.
	late := line(0, 0, model.LevelInfo, "config loaded")
	late.Resource, late.Time = res, rec.Time-5*ms
	w.add(late)
	fourth, _ := w.Event(eventID(1))
	require.EqualValues(t, 3, fourth.MergeRev)
	require.Len(t, fourth.Breadcrumbs, len(third.Breadcrumbs)+1)
}

func TestEvent_OrderOfArrivalDoesNotMatter(t *testing.T) {
	res := span(1, 1, 0, "api", "", 0, 0).Resource
	make := func() []any {
		log := line(1, 2, model.LevelInfo, "query done")
		log.Resource, log.Time = res, origin
		process := line(0, 0, model.LevelInfo, "started")
		process.Resource, process.Time = res, origin-10*ms
		tx := span(1, 1, 0, "api", "GET /", 0, 50, kind(model.KindServer), with("user.id", "7", "sentry.scope.global.tag.host", "h1"))
		return []any{
			tx, span(1, 2, 1, "api", "db", 1, 2, with("sentry.tag.step", "pay")), log, process,
			failure(1, 1, 2, "i", "E", "v", `,"tags":{"a":"b"}`, func(e *model.EventRecord) { e.Resource = res; e.Time = origin + 5*ms }),
			failure(2, 1, 2, "i", "E", "v", "", func(e *model.EventRecord) {
				e.Source, e.Payload, e.Resource, e.Time = model.SourceLog, nil, res, origin+6*ms
			}),
			thing("attachment", 1, "a.txt", "a"),
		}
	}
	want := ""
	for seed := range uint64(100) {
		w := newWorld(live.Limits{})
		records := make()
		for _, i := range rand.New(rand.NewPCG(seed, 4)).Perm(len(records)) {
			w.add(records[i])
		}
		ev, ok := w.Event(eventID(1))
		require.True(t, ok)
		copied := *ev
		copied.Attachments = nil // its number in the store
		got := jsonOf(t, copied)
		if want == "" {
			want = got
		}
		require.Equal(t, want, got)
		require.Len(t, ev.AlsoSeenAs, 1)
	}
}

func TestEvent_Resolve(t *testing.T) {
	rev := uint64(1)
	w := newWorld(live.Limits{})
	w.opts.Resolve = func(ev *model.Event) { ev.Culprit = fmt.Sprint("resolved ", rev) }
	w.opts.ResolveRev = func() uint64 { return rev }
	w.add(failure(1, 1, 0, "i", "E", "v", ""))
	ev, _ := w.Event(eventID(1))
	require.Equal(t, "resolved 1", ev.Culprit)
	rev++
	ev, _ = w.Event(eventID(1))
	require.Equal(t, "resolved 2", ev.Culprit)
	require.EqualValues(t, 2, ev.MergeRev)
}

func TestEventCache_IsBounded(t *testing.T) {
	w := newWorld(live.Limits{MaxAge: time.Minute})
	big := make([]byte, 1<<20)
	for i := range big {
		big[i] = ' '
	}
	for i := range 3 * maxEvents {
		e := failure(i+1, i%10, 0, "i", "E", "v", "")
		if i%5 == 0 {
			e.Payload = append(e.Payload, big...)
		}
		w.add(e)
		_, ok := w.Event(eventID(i + 1))
		require.True(t, ok)
	}
	bytes := 0
	for _, e := range w.events.events {
		bytes += e.bytes
	}
	require.LessOrEqual(t, len(w.events.events), maxEvents)
	require.LessOrEqual(t, bytes, maxEventBytes)
	require.LessOrEqual(t, len(w.events.prepared), maxPrepared)
	w.pass(time.Hour)
	w.store.Tick()
	require.Empty(t, w.events.events)
	require.Empty(t, w.events.prepared)
}

func TestIssue(t *testing.T) {
	w := newWorld(live.Limits{})
	for i := range 40 {
		w.add(failure(i+1, 0, 0, "i", "PayError", fmt.Sprintf("card %d declined", i%3), fmt.Sprintf(`,"tags":{"region":%q,"same":"x"},"user":{"id":"%d"},"request":{"url":"http://h/%d"}`, []string{"eu", "us"}[i%2], i, i%7)))
	}
	is, ok := w.Issue("i")
	require.True(t, ok)
	require.Equal(t, 40, is.Count)
	require.Equal(t, "frames", is.How)
	require.Len(t, is.Events, 40)
	require.Equal(t, eventID(40), is.Events[0].EventID)
	var paths []string
	for _, v := range is.Varies {
		paths = append(paths, v.Path)
	}
	require.Equal(t, []string{"value", "tags.region", "request.url", "user.id"}, paths)
	require.Equal(t, model.Varying{Path: "tags.region", Values: []string{"eu", "us"}}, is.Varies[1])
	require.Equal(t, 35, is.Varies[3].More)
	again, _ := w.Issue("i")
	require.Same(t, is, again)
	w.add(failure(41, 0, 0, "i", "PayError", "no tags", ""))
	is, _ = w.Issue("i")
	require.Contains(t, is.Varies[1].Values, "(none)")
	_, ok = w.Issue("?")
	require.False(t, ok)
	for i := range 3 * maxIssues {
		w.add(failure(100+i, 0, 0, fmt.Sprint("x", i), "E", "v", ""))
		_, ok := w.Issue(fmt.Sprint("x", i))
		require.True(t, ok)
	}
	require.LessOrEqual(t, len(w.issues.issues), maxIssues)
}

func TestLogAndItem(t *testing.T) {
	w := shop()
	l, ok := w.Log(w.Logs(Filter{}).Items[0].ID)
	require.True(t, ok)
	require.Equal(t, "healthy", l.Message)
	require.NotContains(t, jsonOf(t, l), "null,")
	it, ok := w.Item(w.Items(Filter{Type: "attachment"}).Items[0].ID)
	require.True(t, ok)
	require.Equal(t, "png", string(it.Payload))
	require.NotContains(t, jsonOf(t, it), "null")
	_, ok = w.Log(1 << 40)
	require.False(t, ok)
	_, ok = w.Item(1 << 40)
	require.False(t, ok)
}

func TestMetric(t *testing.T) {
	w := newWorld(live.Limits{})
	for i := range 30 {
		w.add(gauge("m", i, float64(i), float64(2*i)))
	}
	sum := w.Metrics(Filter{}).Items[0]
	require.Equal(t, []int{2, 60, 20}, []int{sum.Series, sum.Points, len(sum.Spark)})
	require.InDelta(t, 43.5, *sum.LastValue, 1e-9, "the mean of the gauges")
	require.Equal(t, origin+29*1000*ms, sum.LastTime)
	list, ok := w.Metric("m", "")
	require.True(t, ok)
	require.Len(t, list, 1)
	require.Len(t, list[0].Points, 60)
	require.True(t, list[0].Points[0].Time <= list[0].Points[59].Time)
	_, ok = w.Metric("m", "other")
	require.False(t, ok)
	count, total := uint64(4), 10.0
	hist := &model.Metric{Name: "h", Type: model.MetricTypeHistogram, Service: "api", Origin: model.OriginOTel, Points: []model.MetricPoint{{Time: origin, Count: count, Sum: &total}}}
	w.add(hist)
	require.InDelta(t, 2.5, *w.Metrics(Filter{Type: "histogram"}).Items[0].LastValue, 1e-9)
}
