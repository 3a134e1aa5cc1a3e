package tracetree

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// reader is a live client of a trace: it has what frames brought, and the rules of the package comment.
type reader struct {
	version uint64
	rows    map[model.SpanID]model.TraceSpan
	missing map[model.SpanID]model.MissingParent
}

func (r *reader) read(d Delta) {
	if d.Whole {
		r.rows, r.missing = map[model.SpanID]model.TraceSpan{}, map[model.SpanID]model.MissingParent{}
	}
	r.version = d.Version
	for _, id := range d.Removed {
		delete(r.missing, id)
	}
	for _, row := range d.Rows {
		r.rows[row.SpanID] = row
	}
	for _, m := range d.Missing {
		r.missing[m.SpanID] = m
	}
	for _, f := range d.Facts {
		row := r.rows[f.SpanID]
		row.SpanFacts = f.SpanFacts
		r.rows[f.SpanID] = row
	}
}

// trace places the rows by what they say of themselves.
func (r *reader) trace() (rows []model.TraceSpan, missing []model.MissingParent) {
	type place struct {
		id    model.SpanID
		start int64
	}
	kids := map[model.SpanID][]place{}
	var top []place
	for id, m := range r.missing {
		top = append(top, place{id, int64(m.StartTime)})
	}
	for id, row := range r.rows {
		p := place{id, int64(row.StartTime) + row.ClockOffsetNS}
		parent := row.ParentSpanID
		if !row.ParentRow.IsZero() {
			parent = row.ParentRow
		}
		if parent.IsZero() || parent == id {
			top = append(top, p)
		} else {
			kids[parent] = append(kids[parent], p)
		}
	}
	var walk func(list []place, depth int) int
	walk = func(list []place, depth int) (n int) {
		slices.SortFunc(list, func(a, b place) int {
			return cmp.Or(cmp.Compare(a.start, b.start), slices.Compare(a.id[:], b.id[:]))
		})
		for _, p := range list {
			if row, ok := r.rows[p.id]; ok {
				at := len(rows)
				row.Depth = depth
				rows = append(rows, row)
				below := walk(kids[p.id], depth+1)
				rows[at].Descendants = below
				n += below + 1
				continue
			}
			missing = append(missing, r.missing[p.id])
			n += walk(kids[p.id], depth+1)
		}
		return n
	}
	walk(top, 0)
	return rows, missing
}

// asJSON is what a reader of a trace sees of it.
func asJSON(t require.TestingT, v any) string {
	b, err := json.MarshalIndent(v, "", " ")
	require.NoError(t, err)
	return string(b)
}

// spanSet draws spans with everything that can be wrong with them.
func spanSet(t *rapid.T) []*model.Span {
	n := rapid.IntRange(0, 40).Draw(t, "n")
	ids := rapid.IntRange(1, 30).Draw(t, "ids")
	var spans []*model.Span
	resources := []*model.Resource{nil, {}, {Attributes: model.Attributes{{Key: "host.name", Value: model.String("a")}}},
		{Attributes: model.Attributes{{Key: "service.instance.id", Value: model.String("b")}}}}
	for i := range n {
		num := func(name string, to int) int { return rapid.IntRange(0, to).Draw(t, fmt.Sprint(name, i)) }
		s := &model.Span{TraceID: model.TraceID{1}}
		s.SpanID = model.SpanID{7: byte(num("id", ids))}
		s.ParentSpanID = model.SpanID{7: byte(num("parent", ids+2))}
		if num("strange", 20) == 0 {
			s.StartTime = model.Time(rapid.Int64Range(0, maxTime).Draw(t, "start")) // the order beyond is nobody's
			s.DurationNS = rapid.Int64().Draw(t, "duration")
		} else {
			s.StartTime = epoch0 + model.Time(int64(num("start", 60))*10*ms)
			s.DurationNS = int64(num("duration", 30)) * 10 * ms
		}
		s.Open = num("open", 10) == 0
		s.Kind = []model.SpanKind{model.KindInternal, model.KindClient, model.KindServer, model.KindProducer, model.KindConsumer}[num("kind", 4)]
		s.Op = []string{"", "db", "http.client", "http.server", "pageload", "ui.webvital.lcp", "browser.request"}[num("op", 6)]
		s.Name = []string{"a", "b 1", "b 2"}[num("name", 2)]
		s.Service = []string{"x", "y", "z"}[num("service", 2)]
		s.Origin = []model.Origin{model.OriginSentry, model.OriginOTel}[num("origin", 1)]
		s.Status = []model.SpanStatus{model.StatusUnset, model.StatusOK, model.StatusError}[num("status", 2)]
		s.Resource = resources[num("resource", 3)]
		spans = append(spans, s)
	}
	return spans
}

func eventSet(t *rapid.T) []model.EventSummary {
	var events []model.EventSummary
	for i := range rapid.IntRange(0, 10).Draw(t, "events") {
		ev := model.EventSummary{EventID: model.EventID{byte(i + 1)}, Type: model.EventError}
		ev.SpanID = model.SpanID{7: byte(rapid.IntRange(0, 10).Draw(t, "event span"))}
		ev.Time = epoch0 + model.Time(rapid.IntRange(0, 3).Draw(t, "event time"))
		if rapid.Bool().Draw(t, "message") {
			ev.Type = model.EventMessage
		}
		ev.Handled = []*bool{nil, new(bool)}[rapid.IntRange(0, 1).Draw(t, "unhandled")]
		events = append(events, ev)
	}
	return events
}

// TestTree_GrowsLikeBuilt: a tree that spans were added to in any order and in any pieces is the tree of all of them, and
// a live reader of its deltas has it, too.
func TestTree_GrowsLikeBuilt(t *testing.T) { rapid.Check(t, growsLikeBuilt) }

// FuzzTree looks for spans that grow differently with the fuzzer's eyes.
func FuzzTree(f *testing.F) {
	for _, seed := range []string{"", "\x00\x01\x02", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "0123456789abcdef0123456789abcdef"} {
		f.Add([]byte(strings.Repeat(seed, 20)))
	}
	f.Fuzz(rapid.MakeFuzz(growsLikeBuilt))
}

func growsLikeBuilt(t *rapid.T) {
	spans, events := spanSet(t), eventSet(t)
	whole := Build(spans, events, Options{}).Trace()
	checkSound(t, spans, whole)

	spans = rapid.Permutation(spans).Draw(t, "order")
	events = rapid.Permutation(events).Draw(t, "event order")
	grown := New(Options{})
	client := &reader{}
	order, eventOrder := spans, events
	var brief Summariser
	brief.Summary(spans[:len(spans)/2], events[:len(events)/2], Options{}) // whatever it did before does not matter
	for len(spans) > 0 || len(events) > 0 {
		k := rapid.IntRange(0, len(spans)).Draw(t, "k")
		l := rapid.IntRange(0, len(events)).Draw(t, "l")
		grown.Add(spans[:k], events[:l])
		spans, events = spans[k:], events[l:]
		if rapid.Bool().Draw(t, "look") {
			client.read(grown.Delta(client.version))
		}
	}
	client.read(grown.Delta(client.version))
	got := grown.Trace()
	rows, missing := client.trace()
	whole.Version = got.Version
	require.Equal(t, asJSON(t, whole), asJSON(t, got))
	require.Equal(t, whole.TraceSummary, brief.Summary(order, eventOrder, Options{}))
	require.Equal(t, asJSON(t, whole.Spans), asJSON(t, append([]model.TraceSpan{}, rows...)))
	require.Equal(t, asJSON(t, whole.MissingParents), asJSON(t, missing))
}

// TestTree_SyncsWithStore: the snapshots of a store that appends, completes spans and unites events give the same.
func TestTree_SyncsWithStore(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var stored []*model.Span
		at := map[model.SpanID]int{}
		tree, client := New(Options{}), &reader{}
		events := eventSet(t)
		for _, s := range spanSet(t) {
			stored = slices.Clone(stored)
			if k, ok := at[s.SpanID]; ok {
				stored[k] = s
			} else {
				at[s.SpanID] = len(stored)
				stored = append(stored, s)
			}
			if rapid.IntRange(0, 5).Draw(t, "reset") == 0 && len(events) > 0 {
				events = events[1:]
			}
			if rapid.IntRange(0, 2).Draw(t, "sync") > 0 {
				continue
			}
			tree.Sync(stored, events)
			client.read(tree.Delta(client.version))
		}
		tree.Sync(stored, events)
		client.read(tree.Delta(client.version))

		whole := Build(stored, events, Options{}).Trace()
		got := tree.Trace()
		whole.Version = got.Version
		require.Equal(t, asJSON(t, whole), asJSON(t, got))
		rows, _ := client.trace()
		require.Equal(t, asJSON(t, whole.Spans), asJSON(t, append([]model.TraceSpan{}, rows...)))
	})
}

// checkSound says what is true of any trace.
func checkSound(t *rapid.T, spans []*model.Span, tr *model.Trace) {
	ids := map[model.SpanID]bool{}
	for _, s := range spans {
		ids[s.SpanID] = true
	}
	seen := map[model.SpanID]bool{}
	depth := map[model.SpanID]int{}
	for _, m := range tr.MissingParents {
		depth[m.SpanID] = m.Depth
		require.False(t, ids[m.SpanID])
		require.Positive(t, m.Children)
	}
	for _, row := range tr.Spans {
		require.True(t, ids[row.SpanID])
		require.False(t, seen[row.SpanID], "twice")
		seen[row.SpanID] = true
		parent := row.ParentSpanID
		if !row.ParentRow.IsZero() {
			parent = row.ParentRow
		}
		if parent.IsZero() || parent == row.SpanID {
			require.Zero(t, row.Depth)
		} else {
			above, ok := depth[parent]
			require.True(t, ok, "below its parent")
			require.Equal(t, above+1, row.Depth)
		}
		depth[row.SpanID] = row.Depth
		require.GreaterOrEqual(t, row.SelfNS, int64(0))
		require.LessOrEqual(t, row.SelfNS, max(row.DurationNS, 0))
		for _, list := range [][]model.Range{row.Self, row.Critical} {
			require.LessOrEqual(t, len(list), maxRanges)
			at := int64(0)
			for _, r := range list {
				require.GreaterOrEqual(t, r.StartNS, at)
				require.Positive(t, r.DurationNS)
				at = r.StartNS + r.DurationNS
			}
			require.LessOrEqual(t, at, max(row.DurationNS, 0))
		}
	}
	require.Len(t, seen, len(ids))
	require.GreaterOrEqual(t, tr.DurationNS, int64(0))
	require.LessOrEqual(t, len(tr.Mini), maxMini)
}
