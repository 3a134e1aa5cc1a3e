package tracetree

import (
	"time"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// Options says how a tree is made and asked. The zero value is the default.
type Options struct {
	RawClocks bool          // do not correct clocks
	Now       model.Time    // time of the answers; 0: nothing counts as still receiving
	LastTime  model.Time    // when the newest record of the trace was received
	Quiet     time.Duration // an incomplete trace is running until nothing came for this long; 0: DefaultQuiet
}

// DefaultQuiet is how long after its last record an incomplete trace counts as running: SDKs export every 1 to 5 s while
// a trace lasts (OTel's batch processor: 5 s, Sentry's span buffer: 5 s), the rest of a request that is over comes sooner.
const DefaultQuiet = 5 * time.Second

// Tree is the tree of one trace. It has one owner and no lock. What its methods return is never changed afterwards.
type Tree struct {
	opts    Options
	brief   bool // only the summary is wanted, see Summariser
	version uint64
	floor   uint64 // Delta cannot say what changed since a version below
	epoch   uint32 // number of the present update; marks compare with it

	hot   []hot  // by node; node 0 is the top level
	cold  []node // by node
	index idTable
	spans int           // how many nodes are spans
	order []*model.Span // as Sync saw them last
	gone  []goneID      // missing parents that left, oldest first
	names names         // services
	notes notes
	clock clocks

	fresh  []int32 // spans added or changed by this update
	moved  []int32 // rows that hang under another row by this update
	filled []int32 // those of them that had children before: missing parents that came, opened cycles
	dirty  []int32 // parents whose children, or whose own times, changed by this update

	relink      bool   // a span that is known has another parent: all is to be made anew
	retop       bool   // the end of a root changed
	anyFar      bool   // some row of the top level is far
	clocksStale bool   // the offsets have to be estimated anew
	movedAt     uint64 // version at which rows last moved among those that were there

	duration int64              // nanoseconds, see doc.go
	from, to int64              // start and end of the axis, on the root's clock
	gaps     map[int32]struct{} // nodes whose longest self time could be a gap
	path     []int64            // nanoseconds on the critical path, by service
	services []string           // as the last summary said, of another trace maybe

	scratch scratch
}

// scratch is memory that updates use again.
type scratch struct {
	spans   []*model.Span
	stack   []int32
	merge   []int32
	runs    []int32
	twins   []int32
	visits  []visit
	leaving []visit
	kids    []int32 // of a tree that is brief
	numbers []int32
	bars    []model.MiniSpan // room for those of summaries, not used yet
	ranges  []model.Range
	room    []model.Range // for the ranges of rows, not used yet
	keys    keyTable
}

// New returns an empty tree.
func New(opts Options) *Tree {
	t := &Tree{opts: opts}
	t.reset(0)
	return t
}

// Build returns the tree of spans, which may come in any order and more than once.
func Build(spans []*model.Span, events []model.EventSummary, opts Options) *Tree {
	t := &Tree{opts: opts}
	t.reserve(spans, 0)
	t.Add(spans, events)
	return t
}

// reserve gives an empty tree room for spans and for the placeholders of their parents, as many as there will be, and for
// more.
func (t *Tree) reserve(spans []*model.Span, more int) {
	t.index.reserve(len(spans) + len(spans)/8)
	for _, s := range spans {
		if s == nil {
			continue
		}
		t.index.expect(s.SpanID)
		if !s.ParentSpanID.IsZero() {
			t.index.expect(s.ParentSpanID)
		}
	}
	t.makeNodes(len(spans), t.index.n+more)
}

// reset gives an empty tree room for n spans.
func (t *Tree) reset(n int) {
	t.index = idTable{}
	t.index.reserve(n + n/8)
	t.makeNodes(n, n+n/8)
}

func (t *Tree) makeNodes(n, nodes int) {
	t.hot, t.cold = make([]hot, 1, nodes+1), make([]node, 1, nodes+1)
	t.fresh, t.moved, t.dirty = make([]int32, 0, n), make([]int32, 0, n), make([]int32, 0, n)
	t.hot[topLevel] = hot{flags: isMissing, service: -1}
	t.names.init()
	t.clock.init()
}

// At sets the time of the next answers, and when the newest record of the trace was received.
func (t *Tree) At(now, last model.Time) { t.opts.Now, t.opts.LastTime = now, last }

// Version grows with every change of the tree.
func (t *Tree) Version() uint64 { return t.version }

// Len returns the number of spans.
func (t *Tree) Len() int { return t.spans }

// Sync makes the tree that of exactly these spans and events, where each span id stands once. It is fast when spans
// begins with those of the last call, as the snapshots of a store that appends do. It keeps spans.
func (t *Tree) Sync(spans []*model.Span, events []model.EventSummary) {
	if len(spans) < len(t.order) || t.spans == 0 && len(spans) > 0 {
		t.start(spans)
	}
	changed := t.scratch.spans[:0]
	for i, s := range t.order {
		if spans[i] == s {
			continue
		}
		if s.SpanID != spans[i].SpanID { // not an append-only list: start over
			t.start(spans)
			changed = changed[:0]
			break
		}
		changed = append(changed, spans[i])
	}
	changed = append(changed, spans[len(t.order):]...)
	t.order = spans
	forgot := !t.notes.startOf(events)
	if forgot {
		t.forget()
	}
	t.add(changed, events, true, forgot)
	clear(changed)
	t.scratch.spans = changed[:0]
}

// start empties the tree; a reader of an earlier version gets everything anew.
func (t *Tree) start(spans []*model.Span) {
	version := t.version + 1
	*t = Tree{opts: t.opts, version: version, floor: version}
	t.reserve(spans, len(spans)/8)
}

// Add puts spans and events into the tree. Of several spans with one id the most complete one stays (see better). An
// event that is known changes nothing.
func (t *Tree) Add(spans []*model.Span, events []model.EventSummary) {
	t.add(spans, events, false, false)
}

func (t *Tree) add(spans []*model.Span, events []model.EventSummary, replace, changed bool) {
	t.epoch++
	t.version++
	for _, s := range spans {
		if s != nil {
			changed = t.put(s, replace) || changed
		}
	}
	changed = t.note(events) || changed
	if !changed {
		t.version--
		return
	}
	if t.relink {
		t.rebuild()
		return
	}
	t.update()
}

// update computes what follows from the spans put since the last one.
func (t *Tree) update() {
	t.link()
	t.setClocks()
	t.arrange()
	t.place()
	if !t.brief {
		for _, p := range t.dirty {
			t.compareSiblings(p)
		}
		for _, p := range t.dirty {
			t.measureSelf(p)
		}
	}
	t.measureTrace()
	if !t.brief {
		t.followPath()
	}
	t.fresh, t.moved, t.filled, t.dirty = t.fresh[:0], t.moved[:0], t.filled[:0], t.dirty[:0]
}

// rebuild makes the tree anew of its spans: the way out when a span that is known got another parent. What comes out
// as it was keeps its version, so that a live reader gets only what changed.
func (t *Tree) rebuild() {
	fresh := &Tree{opts: t.opts, brief: t.brief, version: t.version - 1}
	fresh.reset(t.spans)
	spans := make([]*model.Span, 0, t.spans)
	for i := range t.cold {
		if s := t.cold[i].span; s != nil {
			spans = append(spans, s)
		}
	}
	fresh.notes = t.notes
	fresh.add(spans, nil, false, false)
	fresh.adopt(t)
	*t = *fresh
}

// adopt takes over from old, a tree of the same spans, what is still true of it.
func (t *Tree) adopt(old *Tree) {
	t.floor, t.gone, t.order = old.floor, old.gone, old.order
	t.movedAt = t.version
	t.notes = old.notes
	for i := 1; i < len(old.cold); i++ {
		was := &old.cold[i]
		now, ok := t.index.get(was.id)
		if !ok {
			t.leave(was.id)
			continue
		}
		n, h := &t.cold[now], &t.hot[now]
		switch {
		case n.span == nil && was.span == nil:
			if n.placeholder(h) == was.placeholder(&old.hot[i]) {
				h.rowAt = old.hot[i].rowAt
			}
		case n.span == was.span && h.flags&(isCycle|isSelfParent) == old.hot[i].flags&(isCycle|isSelfParent):
			h.rowAt, h.factsAt = old.hot[i].rowAt, t.version
			if equalFacts(&n.facts, &was.facts) {
				h.factsAt = old.hot[i].factsAt
			}
		}
	}
}
