package tracetree

import (
	"slices"
	"time"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

const (
	reportSlack = int64(20 * time.Millisecond) // two reports of one call begin, and end, within this
	maxAhead    = 8                            // siblings looked at behind a span for its second report
)

// A Sentry SDK and an OpenTelemetry SDK in one process both report the calls that both instrument. With one context they
// make spans of one id, which are one row before they come here (see package live of the exporter). With contexts of their
// own, which is what their present versions have in Go, Python and JavaScript, the reports are siblings where the call was
// continued from another process, and otherwise of two traces, which nothing connects. Nested they are where one of the
// SDKs goes on from the context of the other. Both rows stay, since each has what only its SDK says, and each names the
// other: siblings by pairReports, a parent and its child by pairNested.

// pairReports marks siblings of one service and class, of both kinds of SDK, that ran at nearly the same time.
func (t *Tree) pairReports(list []int32) {
	var seen [2]bool
	paired := false
	for _, i := range list {
		if h := &t.hot[i]; h.class != classOther && h.class != classWait && !h.is(isMissing) {
			seen[b2i(h.is(isSentry))] = true
		}
		paired = paired || t.hot[i].is(isTwin)
	}
	if !paired && !(seen[0] && seen[1]) {
		return
	}
	twin := append(t.scratch.twins[:0], make([]int32, len(list))...) // index + 1
	t.scratch.twins = twin
	for k, i := range list {
		if twin[k] != 0 {
			continue
		}
		for l := k + 1; l < len(list) && l <= k+maxAhead; l++ {
			if t.hot[list[l]].start > t.hot[i].start+reportSlack {
				break
			}
			if twin[l] == 0 && t.sameCall(i, list[l]) {
				twin[k], twin[l] = int32(l+1), int32(k+1) // #nosec G115 -- bounded by the spans of a trace
				break
			}
		}
	}
	for k, i := range list {
		if twin[k] == 0 && !t.hot[i].is(isTwin) {
			continue
		}
		t.hot[i].set(isTwin, twin[k] != 0)
		t.cold[i].twin = topLevel
		if twin[k] != 0 {
			t.cold[i].twin = list[twin[k]-1]
		}
		t.nameReports(i)
	}
}

// pairNested marks a call and the one child of it that is its report by the other kind of SDK: of the same service, class
// and kind, and at nearly the same time. A second such child is a call of its own.
func (t *Tree) pairNested(p int32, list []int32) {
	inner := int32(topLevel)
	h := &t.hot[p]
	if p != topLevel && h.class != classOther && h.class != classWait && !h.is(isMissing) {
		for _, i := range list {
			if t.hot[i].class == h.class && t.hot[i].kind == h.kind && t.sameCall(p, i) {
				if inner != topLevel {
					inner = topLevel
					break
				}
				inner = i
			}
		}
	}
	if inner != t.cold[p].inner {
		t.cold[p].inner = inner
		t.nameReports(p)
	}
	for _, i := range list {
		if is := i == inner; is != t.hot[i].is(isInner) {
			t.hot[i].set(isInner, is)
			t.nameReports(i)
		}
	}
}

// nameReports writes into a row which others report the same call.
func (t *Tree) nameReports(i int32) {
	var also [3]model.SpanID
	n := 0
	for _, other := range [...]int32{t.cold[i].twin, t.cold[i].inner, t.hot[i].parent} {
		if other == topLevel || other == t.hot[i].parent && !t.hot[i].is(isInner) {
			continue
		}
		also[n] = t.cold[other].id
		n++
	}
	if f := &t.cold[i].facts; !slices.Equal(f.AlsoReported, also[:n]) {
		f.AlsoReported = nil
		if n > 0 {
			f.AlsoReported = slices.Clone(also[:n])
		}
		t.touch(i)
	}
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// sameCall reports whether two spans may be two reports of one call.
func (t *Tree) sameCall(a, b int32) bool {
	x, y := &t.hot[a], &t.hot[b]
	if x.class == classOther || x.class == classWait || x.class != y.class || x.service != y.service || x.is(isSentry) == y.is(isSentry) ||
		x.is(isOpen|isMissing) || y.is(isOpen|isMissing) {
		return false
	}
	both := min(x.end, y.end) - max(x.start, y.start)
	longer := max(x.end-x.start, y.end-y.start)
	return both >= 0 && 2*both >= longer &&
		max(x.start, y.start)-min(x.start, y.start) <= reportSlack && max(x.end, y.end)-min(x.end, y.end) <= reportSlack
}

// isSecondReport reports whether a call was reported by a sibling before it, too.
func (t *Tree) isSecondReport(i int32) bool {
	return t.hot[i].is(isTwin) && t.before(t.cold[i].twin, i) < 0
}
