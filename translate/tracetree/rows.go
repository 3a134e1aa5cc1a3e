package tracetree

import (
	"fmt"
	"slices"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// Trace returns the assembled trace. Events, logs and the details of spans are the caller's to add, and so are
// TraceSummary's Pinned, Session and LogCount.
func (t *Tree) Trace() *model.Trace {
	tr := &model.Trace{
		TraceSummary: t.Summary(),
		Spans:        make([]model.TraceSpan, 0, t.spans),
		ClockDomains: t.ClockDomains(),
		CriticalPath: t.CriticalPath(),
		Events:       []model.EventSummary{},
		Version:      t.version,
	}
	if missing := len(t.hot) - 1 - t.spans; missing > 0 {
		tr.MissingParents = make([]model.MissingParent, 0, missing)
	}
	places := t.depths()
	for _, i := range places.order {
		if t.hot[i].is(isMissing) {
			tr.MissingParents = append(tr.MissingParents, t.cold[i].placeholder(&t.hot[i]))
			continue
		}
		tr.Spans = tr.Spans[:len(tr.Spans)+1]
		row := &tr.Spans[len(tr.Spans)-1]
		t.fillRow(row, i)
		row.Depth, row.Descendants = int(places.depth[i]), int(places.below[i])
	}
	return tr
}

// row returns a row without what follows from the parents.
func (t *Tree) row(i int32) (row model.TraceSpan) {
	t.fillRow(&row, i)
	return row
}

// fillRow makes a row in an empty one: 10,000 rows are 4 MB that need not be copied.
func (t *Tree) fillRow(row *model.TraceSpan, i int32) {
	n, h := &t.cold[i], &t.hot[i]
	row.SpanSummary, row.SpanFacts = n.span.SpanSummary, n.facts
	if h.is(hasMarks) {
		row.EventMarks, row.LinkMarks = eventMarks(n.span), linkMarks(n.span)
	}
	switch {
	case h.is(isSelfParent):
		row.Warnings = withWarning(row.Warnings, model.WarnSelfParent)
	case h.is(isCycle):
		row.Warnings = withWarning(row.Warnings, model.WarnParentCycle)
	}
}

// withWarning returns a copy of list that holds w.
func withWarning(list []string, w string) []string {
	if slices.Contains(list, w) {
		return list
	}
	return append(slices.Clip(list), w)
}

// placeholder returns the row of a missing parent.
func (n *node) placeholder(h *hot) model.MissingParent {
	return model.MissingParent{SpanID: n.id, Children: n.facts.Children, StartTime: model.Time(h.start)}
}

// CriticalPath returns the time on the critical path by service, longest first.
func (t *Tree) CriticalPath() []model.PathService {
	var list []model.PathService
	for i, ns := range t.path {
		if ns > 0 {
			list = append(list, model.PathService{Service: t.names.list[i], DurationNS: ns})
		}
	}
	slices.SortFunc(list, longestFirst)
	return list
}

// ClockDomains returns the clocks that were moved.
func (t *Tree) ClockDomains() []model.ClockDomain { return t.clock.corrected() }

// places are the rows in order, and what follows from that.
type places struct {
	order        []int32
	depth, below []int32 // by node; placeholders count as a depth, and not as descendants
}

func (t *Tree) depths() places {
	p := places{
		order: make([]int32, 0, len(t.hot)-1),
		depth: make([]int32, len(t.hot)), below: make([]int32, len(t.hot)),
	}
	stack := make([]int32, 0, 64)
	push := func(list []int32, depth int32) {
		for k := len(list) - 1; k >= 0; k-- {
			p.depth[list[k]] = depth
			stack = append(stack, list[k])
		}
	}
	push(t.cold[topLevel].kids.list, 0)
	for len(stack) > 0 {
		i := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		p.order = append(p.order, i)
		push(t.cold[i].kids.list, p.depth[i]+1)
	}
	for k := len(p.order) - 1; k >= 0; k-- {
		i := p.order[k]
		if parent := t.hot[i].parent; parent != topLevel {
			p.below[parent] += p.below[i] + 1
		}
	}
	return p
}

// maxNamed is how many missing parents the warnings of a trace name.
const maxNamed = 3

// warnings says what the reader of the whole trace should know.
func (t *Tree) warnings() []string {
	var list []string
	missing, cycles := 0, false
	for _, i := range t.cold[topLevel].kids.list {
		cycles = cycles || t.hot[i].is(isCycle)
		if t.hot[i].is(isMissing) {
			if missing++; missing <= maxNamed {
				list = append(list, fmt.Sprintf(model.WarnParentMissing, t.cold[i].id))
			}
		}
	}
	if missing > maxNamed {
		list = append(list, fmt.Sprintf(warnMoreMissing, missing-maxNamed))
	}
	if cycles {
		list = append(list, warnCycle)
	}
	if t.anyFar {
		list = append(list, warnFar)
	}
	return list
}

// The warnings of a trace, beside those of package model.
const (
	warnMoreMissing = "%d more parent spans are not in the trace"
	warnCycle       = "some spans form a cycle of parents; the earliest of each is shown as a root"
	warnFar         = "some spans lie more than an hour away from the others; a clock may be wrong"
)
