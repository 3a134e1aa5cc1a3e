package tracetree

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// built returns the trace of spans, and makes sure that it is the same for 100 orders of arrival, at once and in pieces.
func built(t *testing.T, spans []*model.Span, events ...model.EventSummary) *model.Trace {
	t.Helper()
	opts := Options{Now: epoch0 + model.Time(time.Hour), LastTime: epoch0}
	whole := Build(spans, events, opts).Trace()
	var brief Summariser
	rnd := rand.New(rand.NewPCG(1, 2))
	spans, events = slices.Clone(spans), slices.Clone(events)
	for range 100 {
		rnd.Shuffle(len(spans), func(i, k int) { spans[i], spans[k] = spans[k], spans[i] })
		rnd.Shuffle(len(events), func(i, k int) { events[i], events[k] = events[k], events[i] })
		grown := New(opts)
		for left := spans; len(left) > 0; {
			n := 1 + rnd.IntN(len(left))
			grown.Add(left[:n], nil)
			left = left[n:]
		}
		grown.Add(nil, events)
		for _, tree := range []*Tree{Build(spans, events, opts), grown} {
			got := tree.Trace()
			got.Version = whole.Version
			require.Equal(t, whole, got)
		}
		require.Equal(t, whole.TraceSummary, brief.Summary(spans, events, opts))
	}
	return whole
}

// shape of a trace: rows as tree reads them.
func TestTree_Order(t *testing.T) {
	for name, c := range map[string]struct {
		in, want []string
	}{
		"one root": {
			tree1("root 0-100", "  b 50-60", "  a 10-40", "    c 20-30"),
			tree1("root 0-100", "  a 10-40", "    c 20-30", "  b 50-60"),
		},
		"equal starts are ordered by id": {
			tree1("root 0-100", "  b 10-20", "  a 10-30"),
			tree1("root 0-100", "  a 10-30", "  b 10-20"),
		},
		"orphans share the placeholder of their parent": {
			tree1("root 0-100", "m? 0-0", "  b 50-60", "  a 10-20"),
			tree1("root 0-100", "m?", "  a 10-20", "  b 50-60"),
		},
		"placeholders stand in order of time": {
			tree1("n? 0-0", "  b 50-60", "m? 0-0", "  a 10-20", "root 30-40"),
			tree1("m?", "  a 10-20", "root 30-40", "n?", "  b 50-60"),
		},
		"a page load and a fetch after it": {
			tree1("click 200-250 client", "  server 210-240 server @api", "page 0-100 pageload"),
			tree1("page 0-100", "click 200-250", "  server 210-240"),
		},
		"a cycle opens at its earliest span": {
			tree1("a 10-20 <c", "b 5-20 <a", "c 30-40 <b"),
			tree1("b 5-20", "  c 30-40", "    a 10-20"),
		},
		"two cycles, and what hangs below them": {
			tree1("a 10-20 <b", "b 20-30 <a", "  x 21-22", "c 0-5 <d", "d 1-2 <c", "y 12-13 <a"),
			tree1("c 0-5", "  d 1-2", "a 10-20", "  y 12-13", "  b 20-30", "    x 21-22"),
		},
		"a span that names itself": {
			tree1("a 10-20 <a", "  b 12-15"),
			tree1("a 10-20", "  b 12-15"),
		},
		"a span that has not ended": {
			tree1("root 0-…", "  a 10-20"),
			tree1("root 0-…", "  a 10-20"),
		},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, c.want, draw(built(t, tree(c.in...))))
		})
	}
}

func tree1(lines ...string) []string { return lines }

func TestTree_LateRoot(t *testing.T) {
	spans := tree("root 0-100", "  a 10-40", "    b 20-30", "  c 50-90")
	root, rest := spans[0], spans[1:]
	tr := New(Options{})
	tr.Add(rest, nil)
	client := &reader{}
	client.read(tr.Delta(0))
	require.Equal(t, tree1("root?", "  a 10-40", "    b 20-30", "  c 50-90"), draw(tr.Trace()))
	before := tr.Trace()
	require.True(t, before.RootMissing)
	require.False(t, before.Complete)
	require.Equal(t, "a", before.RootName)
	require.Equal(t, 80*ms, before.DurationNS)
	require.Equal(t, []string{fmt.Sprintf(model.WarnParentMissing, id("root"))}, before.Warnings)

	tr.Add([]*model.Span{root}, nil)
	d := tr.Delta(client.version)
	require.Equal(t, []model.SpanID{id("root")}, d.Removed)
	require.Len(t, d.Rows, 1)
	require.Len(t, d.Facts, 3, "a and c are no orphans any more, and on the critical path with b")
	require.Empty(t, d.Missing)
	after := tr.Trace()
	require.Equal(t, tree1("root 0-100", "  a 10-40", "    b 20-30", "  c 50-90"), draw(after))
	require.True(t, after.Complete)
	require.Empty(t, after.MissingParents)
	require.Empty(t, after.Warnings)
	require.Equal(t, 100*ms, after.DurationNS)
}

func TestTree_Cycle(t *testing.T) {
	whole := built(t, tree("a 10-20 <b", "b 20-30 <a", "s 0-1 <s"))
	require.Equal(t, []string{model.WarnParentCycle}, row(t, whole, "a").Warnings)
	require.Equal(t, id("a"), row(t, whole, "a").ParentRow)
	require.Empty(t, row(t, whole, "b").Warnings)
	require.Equal(t, []string{model.WarnSelfParent}, row(t, whole, "s").Warnings)
	require.Equal(t, id("s"), row(t, whole, "s").ParentRow)
	require.Equal(t, []string{warnCycle}, whole.Warnings)
}

func TestTree_Resent(t *testing.T) {
	open := tree("root 0-…", "  a 10-…")
	done := tree("root 0-100", "  a 10-40")
	for _, spans := range [][]*model.Span{append(open, done...), append(done, open...), append(done, done...)} {
		whole := built(t, spans)
		require.Equal(t, tree1("root 0-100", "  a 10-40"), draw(whole))
		require.Equal(t, 2, whole.SpanCount)
		require.True(t, whole.Complete)
	}

	tr := Build(open, nil, Options{})
	version := tr.Version()
	tr.Add(open, nil)
	require.Equal(t, version, tr.Version(), "nothing new")
	tr.Add(done[1:], nil)
	d := tr.Delta(version)
	require.Len(t, d.Rows, 1)
	require.Equal(t, id("a"), d.Rows[0].SpanID)
}

// TestTree_Reports: two SDKs in one process see the same call.
func TestTree_Reports(t *testing.T) {
	whole := built(t, tree("root 0-100",
		"  s1 10-20 db", "  o1 10.2-19.5 db otel", // the same
		"  s2 30-40 db", "  o2 41-50 db otel", // one after the other
		"  s3 60-70 db", "  o3 60-70 cache otel", // another class
		"  s4 60-70 http.client", "  o4 60-70 http.client otel @other", // another service
		"  x 80-90 http.client", "  y 80-90 http.client", // one SDK, two calls
	))
	require.Len(t, whole.Spans, 11)
	require.Equal(t, []model.SpanID{id("o1")}, row(t, whole, "s1").AlsoReported)
	require.Equal(t, []model.SpanID{id("s1")}, row(t, whole, "o1").AlsoReported)
	for _, name := range []string{"s2", "o2", "s3", "o3", "s4", "o4", "x", "y"} {
		require.Empty(t, row(t, whole, name).AlsoReported, name)
	}
}

// TestTree_NestedReports: one SDK goes on from the context of the other.
func TestTree_NestedReports(t *testing.T) {
	whole := built(t, tree("root 0-100",
		"  s1 10-20 http.client client", "    o1 10.3-19.8 http.client client otel", "      far 12-18 http.server server otel @other", // the same
		"  s2 30-40 http.client client", "    o2 32-33 http.client client otel", // a redirect, or a look-up, on the way
		"  s3 50-60 db client", "    o3 50-60 cache client otel", // another class
		"  s4 70-80 http.client client", "    x4 70-80 http.client client", // one SDK
		"  s5 85-90 http.client client", "    a5 85-90 http.client client otel", "    b5 85-90 http.client client otel", // two calls
		"  s6 92-95 http.client client", "    o6 92-95 http.client server otel", // the other side of it
		"  s7 96-98 function", "    o7 96-98 function otel", // nobody knows what it is
	))
	require.Equal(t, []model.SpanID{id("o1")}, row(t, whole, "s1").AlsoReported)
	require.Equal(t, []model.SpanID{id("s1")}, row(t, whole, "o1").AlsoReported)
	for _, r := range whole.Spans {
		if name := nameOf(r.SpanID); name != "s1" && name != "o1" {
			require.Empty(t, r.AlsoReported, name)
		}
	}
	require.Equal(t, 6*ms, row(t, whole, "far").DurationNS)
	require.Equal(t, []model.SpanID{id("far")}, children(whole, "o1"), "nothing is moved")

	both := built(t, tree("root 0-100", "  s 10-20 db client", "    i 10-20 db client otel", "  o 10-20 db client otel"))
	require.Equal(t, []model.SpanID{id("o"), id("i")}, row(t, both, "s").AlsoReported)
	require.Equal(t, []model.SpanID{id("s")}, row(t, both, "o").AlsoReported)
	require.Equal(t, []model.SpanID{id("s")}, row(t, both, "i").AlsoReported)
}

func children(tr *model.Trace, name string) (ids []model.SpanID) {
	for _, r := range tr.Spans {
		if r.ParentSpanID == id(name) {
			ids = append(ids, r.SpanID)
		}
	}
	return ids
}

// TestTree_DeepChain: 3,000 spans, each below the one before, in any order of arrival.
func TestTree_DeepChain(t *testing.T) {
	const n = 3000
	spans := chain(n)
	rnd := rand.New(rand.NewPCG(5, 6))
	for k := range 100 {
		rnd.Shuffle(n, func(i, k int) { spans[i], spans[k] = spans[k], spans[i] })
		tree := New(Options{})
		for left := spans; len(left) > 0; {
			size := len(left) // all at once, every other time
			if k%2 == 0 {
				size = 1 + rnd.IntN(len(left))
			}
			tree.Add(left[:size], nil)
			left = left[size:]
		}
		whole := tree.Trace()
		require.Len(t, whole.Spans, n)
		for i := range whole.Spans {
			if r := &whole.Spans[i]; r.SpanID != spanID(i+1) || r.Depth != i || r.Descendants != n-1-i {
				require.Fail(t, "out of place", "row %d is %s at depth %d with %d below it", i, r.SpanID, r.Depth, r.Descendants)
			}
		}
	}

	whole := Build(spans, nil, Options{}).Trace()
	grown := New(Options{})
	for _, s := range spans {
		grown.Add([]*model.Span{s}, nil)
	}
	got := grown.Trace()
	got.Version = whole.Version
	require.Equal(t, whole, got)
}

func TestTree_SelfTime(t *testing.T) {
	whole := built(t, tree("root 0-100", "  a 10-40", "  b 30-50", "  c 60-120", "  d 90-95 ui.webvital.cls", "  e 95-…", "leaf 200-210"))
	r := row(t, whole, "root")
	require.Equal(t, 20*ms, r.SelfNS)
	require.Equal(t, "0-10 50-60", rangesOf(r.Self))
	require.Equal(t, 5, r.Children)
	leaf := row(t, whole, "leaf")
	require.Equal(t, 10*ms, leaf.SelfNS)
	require.Empty(t, leaf.Self, "the whole bar")
	require.Zero(t, row(t, whole, "e").SelfNS, "has not ended")
	require.Zero(t, row(t, whole, "d").SelfNS, "a moment")

	lines := []string{"root 0-1000"}
	for i := range 100 {
		lines = append(lines, fmt.Sprintf("  %03d %d-%d", i, i*10, i*10+9-i%3))
	}
	r = row(t, Build(tree(lines...), nil, Options{}).Trace(), "root")
	require.Len(t, r.Self, maxRanges)
	require.Equal(t, 199*ms, r.SelfNS, "the sum is of all")
}

func TestTree_CriticalPath(t *testing.T) {
	for name, c := range map[string]struct {
		in   []string
		want map[string]string // ranges by row; a row that is not named is not on the path
	}{
		"the child that ended last was waited for": {
			tree1("root 0-100", "  a 10-40", "  b 20-90"),
			map[string]string{"root": "0-20 90-100", "b": "0-70"},
		},
		"one after the other": {
			tree1("root 0-100", "  a 10-40", "  b 50-90"),
			map[string]string{"root": "0-10 40-50 90-100", "a": "0-30", "b": "0-40"},
		},
		"across services": {
			tree1("web 0-100 client @web", "  api 20-80 server @api", "    db 30-70 db @api"),
			map[string]string{"web": "0-20 80-100", "api": "0-10 50-60", "db": "0-40"},
		},
		"what was started and not waited for": {
			tree1("root 0-100", "  a 10-40", "  job 20-500"),
			map[string]string{"root": "0-10 40-100", "a": "0-30"},
		},
		"a consumer": {
			tree1("root 0-100", "  send 10-20 producer", "    work 15-500 consumer @worker"),
			map[string]string{"root": "0-10 20-100", "send": "0-10"},
		},
		"a handler that tidies up": {
			tree1("root 0-100", "  handler 10-110"),
			map[string]string{"root": "0-10", "handler": "0-90"},
		},
		"a server that finishes after its client": {
			tree1("call 0-100 client", "  server 90-300 server @api"),
			map[string]string{"call": "0-90", "server": "0-10"},
		},
		"clocks that are rounded": {
			tree1("root 0-100", "  a 10-50.4", "  b 50-90"),
			map[string]string{"root": "0-10 90-100", "a": "0-40", "b": "0-40"},
		},
		"web vitals are no work": {
			tree1("page 0-100 pageload", "  lcp 0-90 ui.webvital.lcp", "  a 10-40"),
			map[string]string{"page": "0-10 40-100", "a": "0-30"},
		},
		"a root that has not ended": {
			tree1("root 0-…", "  a 10-40"), map[string]string{},
		},
		"before the root came": {
			tree1("root? 0-0", "  a 10-40 server", "    c 20-30", "  b 50-90"),
			map[string]string{"a": "0-10 20-30", "c": "0-10"},
		},
		"two roots": {
			tree1("page 0-100", "  a 10-40", "click 200-250"),
			map[string]string{"page": "0-10 40-100", "a": "0-30", "click": "0-50"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			whole := built(t, tree(c.in...))
			got := map[string]string{}
			sum, path := int64(0), int64(0)
			for _, r := range whole.Spans {
				if len(r.Critical) > 0 {
					got[nameOf(r.SpanID)] = rangesOf(r.Critical)
				}
				for _, c := range r.Critical {
					sum += c.DurationNS
				}
			}
			require.Equal(t, c.want, got)
			for _, p := range whole.CriticalPath {
				path += p.DurationNS
			}
			require.Equal(t, sum, path)
		})
	}
	whole := built(t, tree("web 0-100 client @web", "  api 20-80 server @api"))
	require.Equal(t, []model.PathService{{Service: "api", DurationNS: 60 * ms}, {Service: "web", DurationNS: 40 * ms}}, whole.CriticalPath)
}

func TestTree_EqualSiblings(t *testing.T) {
	queries := func(n int, format string) []string {
		lines := []string{"root 0-1000"}
		for i := range n {
			lines = append(lines, fmt.Sprintf(format, i, i*10, i*10+5, i*7))
		}
		return lines
	}
	const query = `  q%d %d-%d db "SELECT * FROM t WHERE id = %d"`
	whole := built(t, tree(queries(5, query)...))
	key := row(t, whole, "q0").FoldKey
	require.NotEmpty(t, key)
	for _, name := range []string{"q1", "q2", "q3", "q4"} {
		require.Equal(t, key, row(t, whole, name).FoldKey)
		require.Zero(t, row(t, whole, name).NPlusOne)
	}
	require.Equal(t, 5, row(t, whole, "q0").NPlusOne)

	whole = built(t, tree(queries(4, query)...))
	require.Empty(t, row(t, whole, "q0").FoldKey, "four are few")
	require.Zero(t, row(t, whole, "q0").NPlusOne)

	whole = built(t, tree(queries(6, `  h%d %d-%d http.client "GET /users/%d?page=1"`)...))
	require.Equal(t, 6, row(t, whole, "h0").NPlusOne)

	whole = built(t, tree(queries(6, `  f%d %d-%d function "step %d"`)...))
	require.NotEmpty(t, row(t, whole, "f0").FoldKey)
	require.Zero(t, row(t, whole, "f0").NPlusOne, "no calls")

	whole = built(t, tree(queries(6, `  c%d %d-%d db "pg-pool.connect %d"`)...))
	require.Zero(t, row(t, whole, "c0").NPlusOne, "no queries")

	whole = built(t, tree("root 0-1000",
		"  a 0-100 db", "  b 0-100 db", "  c 0-100 db", "  d 0-100 db", "  e 0-100 db"))
	require.Empty(t, row(t, whole, "a").FoldKey, "other names")

	parallel := tree(queries(6, `  p%d %[2]d-999 db "SELECT 1"`)...)
	whole = built(t, parallel)
	require.NotEmpty(t, row(t, whole, "p0").FoldKey)
	require.Zero(t, row(t, whole, "p0").NPlusOne, "not in series")

	lines := queries(6, query)
	for i := range 6 {
		lines = append(lines, fmt.Sprintf("  w%d %d-%d cache", i, i*10+6, i*10+8))
	}
	whole = built(t, tree(lines...))
	require.Equal(t, 6, row(t, whole, "q0").NPlusOne, "others in between")

	lines = queries(5, query)
	for i := range 5 {
		lines = append(lines, fmt.Sprintf(`  o%d %d-%d db otel "SELECT * FROM t WHERE id = %d"`, i, i*10, i*10+5, i))
	}
	whole = built(t, tree(lines...))
	require.Equal(t, 5, row(t, whole, "q0").NPlusOne+row(t, whole, "o0").NPlusOne, "two reports of five calls")
}

func TestTree_Gaps(t *testing.T) {
	for name, c := range map[string]struct {
		in   []string
		want int64 // of row x, ms
	}{
		"long and a large part":       {tree1("x 0-1000", "  a 0-300", "  b 514-1000"), 214},
		"the longest of several":      {tree1("x 0-1000", "  a 300-400", "  b 650-700"), 300},
		"short":                       {tree1("x 0-200", "  a 0-90", "  b 185-200"), 0},
		"a small part of the trace":   {tree1("root 0-10000", "  x 0-1000", "    a 0-300", "    b 514-1000"), 0},
		"a query waits for others":    {tree1("root 0-1000", "  x 0-900 db"), 0},
		"a call waits for others":     {tree1("root 0-1000", "  x 0-900 client"), 0},
		"the browser's own timings":   {tree1("root 0-1000", "  x 0-900 browser.request"), 0},
		"a function without children": {tree1("root 0-1000", "  x 0-900"), 900},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, c.want*ms, row(t, built(t, tree(c.in...)), "x").GapNS)
		})
	}
}

func TestTree_Durations(t *testing.T) {
	for name, c := range map[string]struct {
		in               []string
		duration, extent int64 // ms; extent 0: as long as the duration
	}{
		"a root":                               {tree1("root 0-100", "  a 10-90"), 100, 0},
		"an asynchronous child":                {tree1("root 0-100", "  job 50-500"), 100, 500},
		"a child after the end":                {tree1("root 0-100", "  late 200-300"), 100, 0},
		"web vitals at page hide":              {tree1("root 0-100 pageload", "  lcp 0-5000 ui.webvital.lcp", "  inp 4000-4040 ui.interaction.click"), 100, 0},
		"two roots":                            {tree1("page 0-100", "click 600000-600050"), 150, 600050},
		"two roots at the same time":           {tree1("a 0-100", "b 50-150"), 150, 0},
		"a root, and a part without its":       {tree1("a 0-100", "m? 0-0", "  b 90-130"), 130, 0},
		"no root yet":                          {tree1("root? 0-0", "  a 10-40", "  b 70-90"), 80, 0},
		"a clock of another year":              {tree1("root 0-100", "  a 0-50", "m? 0-0", "  b 90000000000-90000000100"), 100, 0},
		"a child with a clock of another year": {tree1("root 0-100", "  a 90000000000-90000000100"), 100, 0},
		"a root that has not ended":            {tree1("root 0-…", "  a 10-40"), 0, 40},
		"nothing but a web vital":              {tree1("root? 0-0", "  lcp 0-30 ui.webvital.lcp"), 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			whole := built(t, tree(c.in...))
			require.Equal(t, c.duration*ms, whole.DurationNS, "duration")
			require.Equal(t, c.extent*ms, whole.ExtentNS, "extent")
		})
	}
	whole := built(t, tree("root 0-100", "  a 0-50", "m? 0-0", "  b 90000000000-90000000100", "    c 90000000000-90000000100"))
	require.True(t, row(t, whole, "b").Late)
	require.True(t, row(t, whole, "c").Late)
	require.False(t, row(t, whole, "a").Late)
	require.Contains(t, whole.Warnings, warnFar)
	require.Equal(t, "root", whole.RootName)
}

func TestTree_Pseudo(t *testing.T) {
	whole := built(t, tree("page 0-100 pageload", "  a 10-20 browser.request", "  b 0-90 ui.webvital.lcp", "  c 30-30 paint",
		"  d 40-50 resource.script", "  e 50-60 ui.long_animation_frame", "  f 60-61 browser", "  g 70-80 browserify", "  h 80-80 mark"))
	var pseudo []string
	for _, r := range whole.Spans {
		if r.Pseudo {
			pseudo = append(pseudo, nameOf(r.SpanID))
		}
	}
	slices.Sort(pseudo)
	require.Equal(t, []string{"a", "b", "c", "f", "h"}, pseudo)
}

func TestTree_Open(t *testing.T) {
	now := epoch0 + model.Time(time.Minute)
	ago := func(d time.Duration) model.Time { return now - model.Time(d) }
	for name, c := range map[string]struct {
		in             []string
		last           model.Time
		open, complete bool
	}{
		"a span has not ended":         {tree1("root 0-100", "  a 10-…"), ago(time.Hour), true, false},
		"complete":                     {tree1("root 0-100"), ago(0), false, true},
		"complete, two roots":          {tree1("root 0-100", "click 200-300"), ago(0), false, true},
		"still receiving":              {tree1("root? 0-0", "  a 10-40"), ago(time.Second), true, false},
		"quiet":                        {tree1("root? 0-0", "  a 10-40"), ago(time.Minute), false, false},
		"a part is missing":            {tree1("root 0-100", "m? 0-0", "  a 10-40"), ago(time.Second), true, false},
		"a part is missing, and quiet": {tree1("root 0-100", "m? 0-0", "  a 10-40"), ago(time.Minute), false, false},
	} {
		t.Run(name, func(t *testing.T) {
			sum := Build(tree(c.in...), nil, Options{Now: now, LastTime: c.last}).Summary()
			require.Equal(t, c.open, sum.Open)
			require.Equal(t, c.complete, sum.Complete)
			require.Equal(t, c.last, sum.LastTime)
		})
	}
}

func TestTree_Errors(t *testing.T) {
	event := func(n byte, span string, at int64, typ model.EventType) model.EventSummary {
		ev := model.EventSummary{EventID: model.EventID{n}, Type: typ, Time: epoch0 + model.Time(at*ms)}
		if span != "" {
			ev.SpanID = id(span)
		}
		return ev
	}
	whole := built(t, tree("root 0-100 failed", "  a 10-40 failed", "    b 20-30", "  c 50-90 failed", "    d 60-70 failed", "  e 95-96 failed"),
		event(1, "b", 25, model.EventError), event(2, "b", 22, model.EventError), event(3, "b", 23, model.EventMessage),
		event(4, "gone", 1, model.EventError), event(5, "", 1, model.EventError), event(6, "e", 1, model.EventError))
	require.Equal(t, []model.EventID{{2}, {1}}, row(t, whole, "b").Errors)
	require.Empty(t, row(t, whole, "a").Errors)
	require.Equal(t, 5+1, whole.ErrorCount, "five events; d failed and nobody says why; root, a, c and e are explained")
	require.Equal(t, model.StatusError, whole.Status)

	many := make([]model.EventSummary, 30)
	for i := range many {
		many[i] = event(byte(i+1), "a", int64(i), model.EventError)
	}
	whole = built(t, tree("a 0-100"), many...)
	require.Len(t, row(t, whole, "a").Errors, maxErrors)
	require.Equal(t, model.EventID{1}, row(t, whole, "a").Errors[0])
	require.Equal(t, 30, whole.ErrorCount)
}

// TestTree_Status: the status of a trace is that of its roots, and a root that ended has one.
func TestTree_Status(t *testing.T) {
	no, yes := false, true
	thrown := func(handled *bool) []model.EventSummary {
		return []model.EventSummary{{EventID: model.EventID{1}, Type: model.EventError, SpanID: id("root"), Handled: handled}}
	}
	for name, c := range map[string]struct {
		in     []string
		events []model.EventSummary
		want   model.SpanStatus
	}{
		"ended":                             {tree1("root 0-100"), nil, model.StatusOK},
		"not ended":                         {tree1("root 0-…", "  a 10-40"), nil, model.StatusUnset},
		"failed":                            {tree1("root 0-100 failed"), nil, model.StatusError},
		"a failure below it":                {tree1("root 0-100", "  a 10-40 failed"), nil, model.StatusOK},
		"an error that nobody handled":      {tree1("root 0-100"), thrown(&no), model.StatusError},
		"an error that was handled":         {tree1("root 0-100"), thrown(&yes), model.StatusOK},
		"an error, handled or not":          {tree1("root 0-100"), thrown(nil), model.StatusOK},
		"its SDK says that it is fine":      {tree1("root 0-100 ok"), thrown(&no), model.StatusOK},
		"one of two roots failed":           {tree1("root 0-100 ok", "b 200-300 failed"), nil, model.StatusError},
		"before the root came":              {tree1("m? 0-0", "  a 10-20", "  b 30-40 failed"), nil, model.StatusError},
		"before the root came, nothing bad": {tree1("m? 0-0", "  a 10-20", "  b 30-…"), nil, model.StatusOK},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, c.want, built(t, tree(c.in...), c.events...).Status)
		})
	}
}

func TestTree_Summary(t *testing.T) {
	spans := tree(`page 0-100 pageload @web "/shop"`, "  call 10-90 http.client client @web", "    server 20-80 http.server server @api otel failed",
		"      q 30-40 db @api otel", "    vital 5-5 ui.webvital.cls @web", "other 150-200 @worker")
	spans[0].Attributes = model.Pack(model.Attributes{{Key: "url.full", Value: model.String("http://localhost/shop?x=1")}})
	sum := built(t, spans).TraceSummary
	require.Equal(t, "/shop", sum.RootName)
	require.Equal(t, "pageload", sum.RootOp)
	require.Equal(t, "web", sum.RootService)
	require.Equal(t, "http://localhost/shop?x=1", sum.URL)
	require.Equal(t, []string{"web", "api", "worker"}, sum.Services)
	require.Equal(t, []model.Origin{model.OriginSentry, model.OriginOTel}, sum.Origins)
	require.Equal(t, 6, sum.SpanCount)
	require.Equal(t, 4, sum.SentrySpans)
	require.Equal(t, 1, sum.ErrorCount)
	require.Equal(t, model.StatusOK, sum.Status, "of the roots")
	require.Equal(t, epoch0, sum.StartTime)
	require.Equal(t, []model.MiniSpan{
		{Service: 0, Start: 0, Width: 500}, {Service: 1, Start: 100, Width: 300, Error: true}, {Service: 2, Start: 750, Width: 250},
	}, sum.Mini)

	empty := Build(nil, nil, Options{}).Trace()
	require.NotNil(t, empty.Spans)
	require.NotNil(t, empty.Services)
	require.NotNil(t, empty.Origins)

	var lines []string
	for i := range 40 {
		lines = append(lines, fmt.Sprintf("r%02d %d-%d", i, i*10, i*10+i+1))
	}
	sum = Build(tree(lines...), nil, Options{}).Summary()
	require.Len(t, sum.Mini, maxMini)
	require.Equal(t, "r00", sum.RootName)
	require.True(t, slices.IsSortedFunc(sum.Mini, func(a, b model.MiniSpan) int { return a.Start - b.Start }))

	lines = nil
	for i := range 9 {
		lines = append(lines, fmt.Sprintf("m%d? 0-0", i), fmt.Sprintf("  a%d %d-99", i, i))
	}
	sum = built(t, tree(lines...)).TraceSummary
	require.Len(t, sum.Warnings, maxNamed+1)
	require.True(t, strings.HasPrefix(sum.Warnings[maxNamed], "6 more"), sum.Warnings)
}
