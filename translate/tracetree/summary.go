package tracetree

import (
	"cmp"
	"slices"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// Summary returns the row of the trace in the list of traces. Pinned, Session and LogCount are the caller's to add.
func (t *Tree) Summary() model.TraceSummary {
	sum := model.TraceSummary{
		Services: []string{}, Origins: origins[0], Status: model.StatusUnset,
		LastTime: t.opts.LastTime, SpanCount: t.spans, Warnings: t.warnings(),
	}
	if t.spans == 0 {
		return sum
	}
	root := t.mainRoot()
	s := t.cold[root].span
	sum.TraceID = s.TraceID
	sum.RootName, sum.RootOp, sum.RootService = s.Name, s.Op, s.Service
	sum.RootMissing = t.hot[root].parent != topLevel
	sum.URL = pageOf(s)
	sum.StartTime = model.Time(t.from)
	sum.DurationNS = t.duration
	if extent := t.to - t.from; extent > t.duration {
		sum.ExtentNS = extent
	}
	services, open := t.countSpans(&sum)
	t.setStatus(&sum)
	sum.ErrorCount = t.notes.errors + t.failures()
	sum.Mini = t.mini(services)

	missing := false
	for _, i := range t.cold[topLevel].kids.list {
		missing = missing || t.hot[i].is(isMissing)
	}
	sum.Complete = !sum.RootMissing && !missing && !open
	sum.Open = open || !sum.Complete && t.receiving()
	return sum
}

// receiving reports whether the rest of the trace may still be on its way.
func (t *Tree) receiving() bool {
	quiet := t.opts.Quiet
	if quiet <= 0 {
		quiet = DefaultQuiet
	}
	return !t.opts.Now.IsZero() && !t.opts.LastTime.IsZero() && int64(t.opts.Now)-int64(t.opts.LastTime) < int64(quiet)
}

// mainRoot returns the row that gives the trace its name: the first root that is no mark; while no root has arrived, the
// first row.
func (t *Tree) mainRoot() int32 {
	best := int32(-1)
	rank := func(i int32) int {
		h := &t.hot[i]
		return 4*b2i(t.hot[h.top].is(isFar)) + 2*b2i(h.is(isMark)) + b2i(h.parent != topLevel)
	}
	least := 0
	consider := func(i int32) {
		r := rank(i)
		if best < 0 || r < least || r == least && t.before(i, best) < 0 {
			best, least = i, r
		}
	}
	tops := t.cold[topLevel].kids.list // in order of their start
	for _, i := range tops {
		if !t.hot[i].is(isMissing) {
			consider(i)
		}
	}
	for _, i := range tops {
		if best >= 0 && (least == 0 || least == 1 && t.hot[i].start > t.hot[best].start) {
			break // nothing that follows comes before it
		}
		if !t.hot[i].is(isMissing) {
			continue
		}
		for _, k := range t.cold[i].kids.list {
			consider(k)
		}
	}
	return best
}

// pageOf returns the URL of the page a browser root belongs to.
func pageOf(s *model.Span) string {
	switch s.Op {
	case "pageload", "navigation":
	default:
		if s.Name != "documentLoad" { // OpenTelemetry's document-load instrumentation
			return ""
		}
	}
	return firstAttribute(s, "", "url.full", "http.url", "location.href")
}

// countSpans fills the counts, and the services in order of their first span; it returns where each service stands.
func (t *Tree) countSpans(sum *model.TraceSummary) (position []int32, open bool) {
	n := len(t.names.list)
	t.scratch.numbers = slices.Grow(t.scratch.numbers[:0], 2*n)[:2*n]
	first, position := t.scratch.numbers[:n], t.scratch.numbers[n:]
	clear(first)
	sentry := 0
	for i := int32(1); i < int32(len(t.hot)); i++ { // #nosec G115 -- bounded by the spans of a trace
		h := &t.hot[i]
		if h.is(isMissing) {
			continue
		}
		open = open || h.is(isOpen)
		if h.is(isSentry) {
			sentry++
		}
		if f := first[h.service]; f == 0 || h.start < t.hot[f].start || h.start == t.hot[f].start && t.before(i, f) < 0 {
			first[h.service] = i
		}
	}
	sum.SentrySpans = sentry
	sum.Origins = origins[b2i(sentry > 0)+2*b2i(sentry < t.spans)]
	used := slices.DeleteFunc(first, func(i int32) bool { return i == 0 })
	slices.SortFunc(used, t.before)
	same := len(used) == len(t.services)
	for k, i := range used {
		position[t.hot[i].service] = int32(k) // #nosec G115 -- at most one per span
		same = same && t.services[k] == t.names.list[t.hot[i].service]
	}
	if !same {
		t.services = make([]string, len(used))
		for k, i := range used {
			t.services[k] = t.names.list[t.hot[i].service]
		}
	}
	sum.Services = t.services
	return position, open
}

// origins are the lists of the SDKs a trace can be of: none, Sentry's, OpenTelemetry's, both. They are shared.
var origins = [4][]model.Origin{{}, {model.OriginSentry}, {model.OriginOTel}, {model.OriginSentry, model.OriginOTel}}

// setStatus gives the trace the worst status of its roots; while there is none, of the rows without a parent. A root that
// ended and was given no status is ok, which is what unset means to OpenTelemetry, unless an error that nobody handled
// happened in it. Only a trace whose roots have not ended has no status.
func (t *Tree) setStatus(sum *model.TraceSummary) {
	consider := func(i int32) {
		switch h := &t.hot[i]; {
		case h.is(isFailed), h.is(hasThrown) && !h.is(isFine):
			sum.Status = model.StatusError
		case (h.is(isFine) || !h.is(isOpen)) && sum.Status == model.StatusUnset:
			sum.Status = model.StatusOK
		}
	}
	if !sum.RootMissing {
		for _, i := range t.cold[topLevel].kids.list {
			if !t.hot[i].is(isMissing) {
				consider(i)
			}
		}
		return
	}
	for i := int32(1); i < int32(len(t.hot)); i++ { // #nosec G115 -- bounded by the spans of a trace
		if h := &t.hot[i]; !h.is(isMissing) && (h.parent == topLevel || t.hot[h.parent].is(isMissing)) {
			consider(i)
		}
	}
}

// failures counts the spans that failed where nothing below says why: no error event and no failed span in or below
// them. A failure that runs up through five spans is one.
func (t *Tree) failures() (n int) {
	failed := t.scratch.stack[:0]
	var covered []bool // something in or below it failed
	cover := func(i int32) {
		if covered == nil {
			covered = make([]bool, len(t.hot))
		}
		for ; i != topLevel && !covered[i]; i = t.hot[i].parent {
			covered[i] = true
		}
	}
	for i := int32(1); i < int32(len(t.hot)); i++ { // #nosec G115 -- bounded by the spans of a trace
		h := &t.hot[i]
		if h.is(isMissing) || !h.is(hasErrors|isFailed) {
			continue
		}
		if h.is(hasErrors) {
			cover(i)
		} else {
			cover(h.parent)
			failed = append(failed, i)
		}
	}
	t.scratch.stack = failed
	for _, i := range failed {
		if !covered[i] {
			n++
		}
	}
	return n
}

// maxMini is how many bars the mini-waterfall of a row in the list has.
const maxMini = 12

// fewBars is for how many bars of the rows of a list there is one piece of memory: of some 30 rows.
const fewBars = 64

// mini draws the trace in a few bars: of the spans by which a service was entered, the longest, in order of time.
func (t *Tree) mini(position []int32) []model.MiniSpan {
	extent := t.to - t.from
	picked := t.scratch.stack[:0]
	longer := func(a, b int32) int {
		x, y := &t.hot[a], &t.hot[b]
		return cmp.Or(cmp.Compare(y.end-y.start, x.end-x.start), t.before(a, b))
	}
	for i := int32(1); i < int32(len(t.hot)); i++ { // #nosec G115 -- bounded by the spans of a trace
		h := &t.hot[i]
		if h.is(isMissing|isLate|isMark) || h.parent != topLevel && t.hot[h.parent].service == h.service {
			continue
		}
		if len(picked) < maxMini {
			picked = append(picked, i)
			slices.SortFunc(picked, longer)
		} else if longer(i, picked[maxMini-1]) < 0 {
			picked[maxMini-1] = i
			slices.SortFunc(picked, longer)
		}
	}
	t.scratch.stack = picked
	slices.SortFunc(picked, t.before)
	if len(picked) > cap(t.scratch.bars) {
		t.scratch.bars = make([]model.MiniSpan, 0, max(len(picked), b2i(t.brief)*fewBars))
	}
	bars := t.scratch.bars[:0:len(picked)]
	t.scratch.bars = t.scratch.bars[len(picked):cap(t.scratch.bars)][:0]
	for _, i := range picked {
		h := &t.hot[i]
		bar := model.MiniSpan{Service: int(position[h.service]), Error: h.is(isFailed)}
		if extent > 0 {
			bar.Start = perMille(h.start-t.from, extent)
			bar.Width = perMille(h.end-t.from, extent) - bar.Start
		}
		bars = append(bars, bar)
	}
	return bars
}

func perMille(part, whole int64) int {
	return int(float64(min(max(part, 0), whole)) / float64(whole) * 1000)
}

func longestFirst(a, b model.PathService) int {
	return cmp.Or(cmp.Compare(b.DurationNS, a.DurationNS), cmp.Compare(a.Service, b.Service))
}
