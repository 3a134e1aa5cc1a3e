package live

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

func TestServiceID(t *testing.T) {
	id := func(service string, pairs ...string) string {
		return ServiceID(resource(pairs...), service, model.OriginOTel)
	}
	require.Len(t, ServiceID(nil, "api", model.OriginOTel), 16)
	require.Equal(t, id("api", attrInstance, "a", attrPID, "1"), id("api", attrInstance, "a", attrPID, "2"), "an instance id says it all")
	require.NotEqual(t, id("api", attrInstance, "a"), id("api", attrInstance, "b"))
	require.NotEqual(t, id("api", attrInstance, "a"), id("web", attrInstance, "a"))
	require.NotEqual(t, id("api", attrPID, "1", attrHostName, "h"), id("api", attrPID, "2", attrHostName, "h"))
	require.NotEqual(t, id("api", attrPID, "1", attrHostName, "h"), id("api", attrPID, "1", attrHostName, "i"))
	require.Equal(t, id("api", attrHostName, "h", "os.name", "Linux"), id("api", attrHostName, "h"), "what only some signals carry does not matter")
	require.NotEqual(t, ServiceID(resource(attrInstance, "a"), "api", model.OriginSentry), id("api", attrInstance, "a"), "two SDKs are two things to set up")
}

func TestServices(t *testing.T) {
	c := newClock()
	s := New(Limits{}, c.now)
	res := func() *model.Resource {
		return &model.Resource{Attributes: append(attrs("service.name", "api", "host.name", "laptop", "process.command", "node app.js", "process.runtime.name", "nodejs",
			"process.runtime.version", "22", "os.type", "linux", "telemetry.sdk.name", "opentelemetry", "telemetry.sdk.version", "2.0", "telemetry.sdk.language", "nodejs",
			"deployment.environment.name", "dev", "service.version", "1.2"), model.Attribute{Key: "process.pid", Value: model.Int(42)})}
	}
	r := res()
	r.Attributes.Sort()
	one, two := span(1, 1), span(1, 2)
	one.Resource = r
	other := res()
	other.Attributes.Sort()
	two.Resource, two.Kind, two.Segment, two.ParentSpanID, two.TraceState = other, model.KindServer, true, spanID(9), "ot=th:c;rv:1"
	s.Add(spans(one))
	c.pass(time.Second)
	s.Add(spans(two))
	report := thing("client_report", 0, `{"timestamp":1,"discarded_events":[{"reason":"sample_rate","category":"transaction","quantity":3},{"reason":"network_error","category":"error","quantity":1}]}`)
	report.Resource, report.Origin = other, model.OriginOTel
	s.Add(items(report))

	list := s.Services()
	require.Len(t, list, 1)
	sv := list[0]
	require.Same(t, one.Resource, two.Resource, "equal resources share one value")
	rate := 0.25
	require.Equal(t, model.Service{
		ID: ServiceID(r, "api", model.OriginOTel), Service: "api", Origin: model.OriginOTel, SDK: model.SDK{Name: "opentelemetry", Version: "2.0", Language: "nodejs"},
		Version: "1.2", Environment: "dev", Host: "laptop", PID: 42, Command: "node app.js", Runtime: "nodejs 22", OS: "linux",
		FirstTime: c.at() - model.Time(time.Second), LastTime: c.at(), Counts: map[string]int{"span": 2, "client_report": 1},
		Dropped: map[string]int{"sample_rate transaction": 3, "network_error error": 1}, SampleRate: &rate, Session: 1, Resource: one.Resource,
	}, sv.Service)
	require.Equal(t, ServiceFacts{Spans: 2, RemoteParents: 1}, sv.Facts)
	again, ok := s.Service(sv.ID)
	require.True(t, ok)
	require.Same(t, sv, again)
}

func TestServices_AreBounded(t *testing.T) {
	s := New(Limits{}, newClock().now)
	for i := range maxServices + 500 {
		sp := span(1, 1)
		sp.Resource = process("api", fmt.Sprint(i))
		s.Add(spans(sp))
	}
	require.Len(t, s.Services(), maxServices)
	s.check(t)
}

// TestServices_Nameless: a client report names neither release nor SDK.
func TestServices_Nameless(t *testing.T) {
	known := func(instance string) *model.Span {
		sp := span(1, 1)
		sp.Origin = model.OriginSentry
		sp.Resource = resource(attrInstance, instance, attrSDKName, "sentry.python", attrPublicKey, "k", attrProject, "1", attrNameSource, "release", attrRelease, "api@1")
		return sp
	}
	nameless := func(more ...string) *model.Item {
		it := thing("client_report", 0, `{"discarded_events":[{"reason":"r","category":"error","quantity":2}]}`)
		it.Service = "unknown app"
		it.Resource = resource(append([]string{attrPublicKey, "k", attrProject, "1", attrNameSource, "sdk"}, more...)...)
		return it
	}
	itsSDK := []string{attrSDKName, "sentry.python.django"}
	for name, batches := range map[string][]*model.Batch{
		"after":                {spans(known("a")), items(nameless())},
		"before":               {items(nameless()), spans(known("a"))},
		"after, with its SDK":  {spans(known("a")), items(nameless(itsSDK...))},
		"before, with its SDK": {items(nameless(itsSDK...)), spans(known("a"))},
	} {
		s := New(Limits{}, newClock().now)
		for _, b := range batches {
			s.Add(b)
		}
		list := s.Services()
		require.Len(t, list, 1, name)
		require.Equal(t, "api", list[0].Service.Service)
		require.Equal(t, "api@1", list[0].Release)
		require.Equal(t, map[string]int{"r error": 2}, list[0].Dropped)
		require.Equal(t, map[string]int{"span": 1, "client_report": 1}, list[0].Counts)
		require.Equal(t, "release", list[0].Facts.NameSource)
		s.check(t)
	}
	s := New(Limits{}, newClock().now)
	s.Add(spans(known("a"), known("b")))
	s.Add(items(nameless()))
	require.Len(t, s.Services(), 3, "nobody knows whose it is")
	s.check(t)
	for _, other := range [][]string{{attrSDKName, "sentry.go"}, {attrSDKName, "sentry.python", attrSDKLanguage, "x"}, {attrEnvironment, "production"}} {
		s := New(Limits{}, newClock().now)
		s.Add(spans(known("a")))
		s.Add(items(nameless(other...)))
		require.Len(t, s.Services(), 2, other)
		s.check(t)
	}
}

func TestSampleRate(t *testing.T) {
	for state, want := range map[string]float64{"ot=th:8": 0.5, "ot=th:c": 0.25, "a=b,ot=rv:1;th:0": 1, "": 0, "ot=th:": 0, "ot=th:xyz": 0, "th:8": 0, "ot=th:fffffffffffffff0": 0} {
		rate, ok := sampleRate(span(1, 1, func(s *model.Span) { s.TraceState = state }))
		require.Equal(t, want != 0, ok, state)
		require.InDelta(t, want, rate, 1e-9, state)
	}
}

func TestProcessLogsAndSpans(t *testing.T) {
	s := New(Limits{}, newClock().now)
	r := process("api", "1")
	id := ServiceID(r, "api", model.OriginOTel)
	stamp := s.ProcessStamp([]string{id})
	for i := range maxProcessLogs + 10 {
		l := line(i%2, fmt.Sprint(i)) // with a trace or without, but without a span
		l.Resource = process("api", "1")
		other := line(1, fmt.Sprint("in a span ", i))
		other.SpanID, other.Resource = spanID(1), l.Resource
		s.Add(logs(l, other))
	}
	got := s.ProcessLogs(id)
	require.Len(t, got, maxProcessLogs)
	require.Equal(t, "10", got[0].Message)
	require.Equal(t, fmt.Sprint(maxProcessLogs+9), got[maxProcessLogs-1].Message)
	require.Empty(t, s.ProcessLogs("?"))

	later := s.ProcessStamp([]string{id})
	require.Greater(t, later, stamp)
	for i := range maxGlobals + 5 {
		sp := span(i+1, 1, with(globalPrefix+"tag.a", fmt.Sprint(i)))
		sp.Resource = process("api", "1")
		s.Add(spans(sp))
	}
	require.Len(t, s.ProcessSpans(id), maxGlobals)
	require.Greater(t, s.ProcessStamp([]string{id, "?"}), later)
	s.check(t)
}

func TestFind(t *testing.T) {
	s := New(Limits{}, newClock().now)
	sp := span(1, 1, txn)
	sp.TraceID = model.TraceID{0xab, 0xcd, 0xef, 0x01, 0x23}
	ev := failure(1, 0, "i")
	ev.EventID = model.EventID{0xab, 0xcd, 0xef, 0x99}
	s.Add(&model.Batch{Spans: []*model.Span{sp}, Events: []*model.EventRecord{ev}})
	for _, prefix := range []string{"abcdef01", "ABCDEF012", "abcdef01-23", sp.TraceID.String()} {
		id, ok := s.FindTrace(prefix)
		require.True(t, ok, prefix)
		require.Equal(t, sp.TraceID, id)
	}
	for _, prefix := range []string{"abcdef02", "xyz", "", "abcdef0124", sp.TraceID.String() + "00"} {
		_, ok := s.FindTrace(prefix)
		require.False(t, ok, prefix)
	}
	id, ok := s.FindEvent("abcdef9")
	require.True(t, ok)
	require.Equal(t, ev.EventID, id)
	id, ok = s.FindEvent(eventID(7).String()[:20])
	require.True(t, ok, "a transaction")
	require.Equal(t, eventID(7), id)
}

func TestMetrics(t *testing.T) {
	c := newClock()
	s := New(Limits{MaxAge: time.Minute}, c.now)
	for i := range 30 {
		s.Add(metrics(gauge("a", i, 1, 2, 3), gauge("b", i, 4)))
		c.pass(time.Second)
	}
	list := s.Metrics()
	require.Len(t, list, 2)
	key := MetricKey{Name: "a", Type: model.MetricTypeGauge, Service: "api"}
	whole, ok := s.Metric(key)
	require.True(t, ok)
	require.Equal(t, []int{3, 90, 30}, []int{whole.Series, whole.Points, len(whole.Exports)})
	recent, _ := s.RecentMetric(key)
	require.Len(t, recent.Exports, MaxRecentExports)
	require.Same(t, whole.Exports[29], recent.Exports[MaxRecentExports-1])
	a, b := whole.Exports[0].Points[1].Attributes, whole.Exports[29].Points[1].Attributes
	require.Same(t, &a[0], &b[0], "points of a series share their attributes")
	require.Equal(t, 2, s.Counts().Metrics)
	c.pass(45 * time.Second)
	s.Tick()
	whole, _ = s.Metric(key)
	require.Len(t, whole.Exports, 15)
	s.check(t)
	c.pass(time.Minute)
	s.Tick()
	require.Empty(t, s.Metrics())
	s.check(t)
}

func TestSequence(t *testing.T) {
	var s sequence[int]
	grown := int64(0)
	for i := 1; i <= 1000; i++ {
		grown += s.add(uint64(i*10), &i)
	}
	require.Equal(t, 8, len(s.chunks))
	require.Nil(t, s.get(15))
	require.NotNil(t, s.get(20))
	page, last := s.before(0, 5)
	require.Len(t, page, 5)
	require.EqualValues(t, 9960, last)
	_, last = s.before(last, 100)
	require.EqualValues(t, 8960, last)
	page, _ = s.before(31, 100)
	require.Len(t, page, 3)
	require.Len(t, s.since(9950), 5)
	require.Equal(t, 5, s.countSince(9950))
	require.Equal(t, 1000, s.countSince(0))
	for i := 1; i <= 1000; i++ {
		if i != 500 {
			grown -= s.remove(uint64(i * 10))
		}
	}
	require.EqualValues(t, 5000, s.first())
	require.Equal(t, 1, s.n)
	require.Len(t, s.chunks, 2)
	two := 2
	grown += s.insert(20, &two) // its chunk is gone
	require.EqualValues(t, 20, s.first())
	grown += s.insert(4990, &two)
	grown += s.insert(5010, &two)
	require.Equal(t, 4, s.countSince(0))
	for _, id := range []uint64{20, 4990, 5000, 5010} {
		require.NotNil(t, s.get(id))
		grown -= s.remove(id)
	}
	require.Zero(t, s.n)
	require.Equal(t, int64(len(s.chunks))*s.chunkBytes(), grown)
}

func TestInterner(t *testing.T) {
	s := New(Limits{}, newClock().now)
	for i := range 3 * internEntries {
		sp := span(1, i+1)
		sp.Name, sp.Resource = fmt.Sprint("name ", i), process("api", fmt.Sprint(i%10))
		sp.Scope = &model.InstrumentationScope{Name: fmt.Sprint(i % 3)}
		s.Add(spans(sp))
	}
	tr, _ := s.Trace(traceID(1))
	a, b := tr.Spans[0], tr.Spans[30]
	require.Same(t, a.Resource, b.Resource)
	require.Same(t, a.Scope, b.Scope)
	require.NotSame(t, a.Resource, tr.Spans[1].Resource)
	require.LessOrEqual(t, len(s.interner.texts.now)+len(s.interner.texts.old), internEntries)
}
