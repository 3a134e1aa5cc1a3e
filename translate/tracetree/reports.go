package tracetree

import (
	"time"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

const (
	reportSlack = int64(20 * time.Millisecond) // two reports of one call begin, and end, within this
	maxAhead    = 8                            // siblings looked at behind a span for its second report
)

// pairReports marks calls that a Sentry SDK and an OpenTelemetry SDK of one process both reported: siblings of one
// service and class that ran at nearly the same time. Both rows stay.
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
		f := &t.cold[i].facts
		switch {
		case twin[k] == 0:
			f.AlsoReported = nil
			t.touch(i)
		default:
			if id := t.cold[list[twin[k]-1]].id; len(f.AlsoReported) != 1 || f.AlsoReported[0] != id {
				f.AlsoReported = []model.SpanID{id}
				t.touch(i)
			}
		}
	}
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// sameCall reports whether two siblings are two reports of one call.
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
	if !t.hot[i].is(isTwin) {
		return false
	}
	also := t.cold[i].facts.AlsoReported
	other, _ := t.index.get(also[0])
	return t.before(other, i) < 0
}
