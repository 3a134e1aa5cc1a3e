package frompdata

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

func TestTraces_ManyEmptySpansAreCapped(t *testing.T) {
	td := ptrace.NewTraces()
	const n = 300_000
	for range 3 {
		spans := td.ResourceSpans().AppendEmpty().ScopeSpans().AppendEmpty().Spans()
		spans.EnsureCapacity(n)
		for range n {
			spans.AppendEmpty()
		}
	}
	b := Traces(td, Options{})
	require.Len(t, b.Spans, DefaultMaxRecords)
	require.Equal(t, map[string]int{DroppedLimit: 3*n - DefaultMaxRecords}, b.Dropped)

	b = Traces(td, Options{MaxRecords: 10})
	require.Len(t, b.Spans, 10)
	require.Equal(t, 3*n-10, b.Dropped[DroppedLimit])
}

func TestLogsAndMetrics_AreCapped(t *testing.T) {
	ld := plog.NewLogs()
	for range 3 {
		sl := ld.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty()
		for range 5 {
			sl.LogRecords().AppendEmpty()
		}
	}
	b := Logs(ld, Options{MaxRecords: 7})
	require.Len(t, b.Logs, 7)
	require.Equal(t, 8, b.Dropped[DroppedLimit])

	md := pmetric.NewMetrics()
	for range 3 {
		points := md.ResourceMetrics().AppendEmpty().ScopeMetrics().AppendEmpty().Metrics().AppendEmpty().SetEmptyGauge().DataPoints()
		for range 5 {
			points.AppendEmpty()
		}
	}
	b = Metrics(md, Options{MaxRecords: 8})
	require.Len(t, b.Metrics, 2)
	require.Len(t, b.Metrics[0].Points, 5)
	require.Len(t, b.Metrics[1].Points, 1)
	require.Equal(t, 4+1+5, b.Dropped[DroppedLimit])
}

// Empty resources and scopes cost nothing: they are read when there is a record in them.
func TestTraces_EmptyResourcesCostNothing(t *testing.T) {
	td := ptrace.NewTraces()
	for range 100_000 {
		td.ResourceSpans().AppendEmpty().ScopeSpans().AppendEmpty()
	}
	require.Less(t, testing.AllocsPerRun(1, func() { Traces(td, Options{}) }), 10.0)
}

func TestValues_DeepNestingIsCut(t *testing.T) {
	td, span := newSpan("test", "x", "", "")
	v := span.Attributes().PutEmpty("deep")
	for i := range 20_000 {
		if i%2 == 0 {
			v = v.SetEmptySlice().AppendEmpty()
		} else {
			v = v.SetEmptyMap().PutEmpty("k")
		}
	}
	s := onlySpan(t, td)
	require.Equal(t, []string{fmt.Sprintf(model.WarnTooDeep, maxDepth)}, s.Warnings)
	text := string(s.Attributes.AppendJSON(nil))
	require.Contains(t, text, cutMark)
	require.Equal(t, maxDepth/2, strings.Count(text, "["))
}

func TestValues_InvalidUTF8IsMended(t *testing.T) {
	td, span := newSpan("te\xffst", "na\xffme", "", "")
	span.Attributes().PutStr("k\xff", "v\xff")
	span.Attributes().PutStr("ok", strings.Repeat("long ", 20)+"\xc3\x28")
	s := onlySpan(t, td)
	require.Equal(t, "na\ufffdme", s.Name)
	require.Equal(t, "te\ufffdst", s.Scope.Name)
	require.Equal(t, "v\ufffd", s.Attributes.Str("k\ufffd"))
	require.True(t, utf8.ValidString(s.Attributes.Str("ok")))
	require.Equal(t, []string{model.WarnInvalidUTF8}, s.Warnings)
}

func TestValues_OfEveryKind(t *testing.T) {
	td, span := newSpan("test", "x", "", "")
	a := span.Attributes()
	a.PutStr("str", "a")
	a.PutInt("int", -1)
	a.PutDouble("double", 1.5)
	a.PutBool("bool", true)
	a.PutEmpty("null")
	a.PutEmptyBytes("bytes").FromRaw([]byte{1, 2})
	list := a.PutEmptySlice("list")
	list.AppendEmpty().SetStr("b")
	list.AppendEmpty()
	m := list.AppendEmpty().SetEmptyMap()
	m.PutStr("z", "1")
	m.PutStr("a", "2")
	require.JSONEq(t, `{"str":"a","int":-1,"double":1.5,"bool":true,"null":null,"bytes":{"$bytes":"AQI="},"list":["b",null,{"a":"2","z":"1"}]}`,
		string(onlySpan(t, td).Attributes.AppendJSON(nil)))
}

func TestValues_OfOneKeyTheLastStays(t *testing.T) {
	for _, n := range []int{0, 40} { // few attributes are sorted another way than many
		var more strings.Builder
		for i := range n {
			fmt.Fprintf(&more, `,{"key":"k%d","value":{"intValue":"1"}}`, i)
		}
		td, err := new(ptrace.JSONUnmarshaler).UnmarshalTraces([]byte(`{"resourceSpans":[{"scopeSpans":[{"spans":[{"attributes":[` +
			`{"key":"http.method","value":{"stringValue":"GET"}},{"key":"b","value":{"intValue":"1"}},{"key":"a","value":{"intValue":"2"}},` +
			`{"key":"b","value":{"intValue":"3"}},{"key":"http.method","value":{"stringValue":"PUT"}},{"key":"b","value":{"intValue":"4"}}` +
			more.String() + `]}]}]}]}`))
		require.NoError(t, err)
		b := Traces(td, Options{})
		a := b.Spans[0].Attributes.Unpack()
		require.Len(t, a, 3+n)
		require.True(t, sorted(a))
		v, _ := a.Get("b")
		require.Equal(t, model.Int(4), v)
		require.Equal(t, "PUT", a.Str("http.method"))
		require.Equal(t, "PUT", b.Spans[0].Name)
	}
}

func TestValues_ManyAttributesAndElementsAreCut(t *testing.T) {
	td, span := newSpan("test", "x", "", "")
	for i := range 3 * maxAttributes {
		span.Attributes().PutInt(fmt.Sprintf("k%d", i), 1)
	}
	span.SetDroppedAttributesCount(5)
	s := onlySpan(t, td)
	require.Equal(t, maxAttributes, s.Attributes.Len())
	require.Equal(t, uint32(2*maxAttributes+5), s.DroppedAttributes)
	require.Equal(t, []string{model.WarnTruncated}, s.Warnings)

	td, span = newSpan("test", "x", "", "")
	list := span.Attributes().PutEmptySlice("list")
	for range 2 * maxElements {
		list.AppendEmpty()
	}
	for range 2 * maxElements {
		span.Links().AppendEmpty()
		span.Events().AppendEmpty().SetTimestamp(span.StartTimestamp())
	}
	s = onlySpan(t, td)
	v, _ := s.Attributes.Get("list")
	require.Len(t, v.List(), maxElements)
	require.Len(t, s.Links, maxElements)
	require.Len(t, s.Events, maxElements)
	require.Equal(t, uint32(maxElements), s.DroppedLinks)
	require.Equal(t, uint32(maxElements), s.DroppedEvents)
	require.Equal(t, []string{model.WarnTruncated}, s.Warnings)
}

// A batch of many records with many small values is bounded as a whole.
func TestValues_OfACallAreBounded(t *testing.T) {
	td := ptrace.NewTraces()
	spans := td.ResourceSpans().AppendEmpty().ScopeSpans().AppendEmpty().Spans()
	for range 2*maxValues/maxElements + 1 {
		list := spans.AppendEmpty().Attributes().PutEmptySlice("x")
		list.EnsureCapacity(maxElements)
		for range maxElements {
			list.AppendEmpty()
		}
	}
	values := 0
	for _, s := range Traces(td, Options{}).Spans {
		v, _ := s.Attributes.Get("x")
		values += 1 + len(v.List())
	}
	require.LessOrEqual(t, values, maxValues+spans.Len())
}

// A span that stays in the store holds on to the arrays it shares with its neighbours, and to nothing else.
func TestTraces_OneSpanDoesNotHoldItsBatch(t *testing.T) {
	kept := func() *model.Span { return Traces(httpSpans(20_000), Options{}).Spans[10_000] }()
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	all := Traces(httpSpans(20_000), Options{}).Spans
	runtime.GC()
	runtime.ReadMemStats(&after)
	require.Greater(t, after.HeapAlloc, before.HeapAlloc+5<<20, "twenty thousand spans take megabytes")
	all = all[:1:1]
	one := *all[0]
	all = nil
	runtime.GC()
	runtime.ReadMemStats(&after)
	require.Less(t, after.HeapAlloc, before.HeapAlloc+256<<10)
	require.NotNil(t, kept)
	require.NotNil(t, one.Resource)
}
