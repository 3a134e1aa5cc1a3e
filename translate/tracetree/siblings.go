package tracetree

import (
	"strconv"
	"strings"
	"time"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// class is the kind of work a span is, as far as equal calls are counted.
type class uint8

const (
	classOther class = iota
	classDB
	classHTTPClient
	classHTTPServer
	classCache
	classRPC
	classQueue
	classWait // for the network, a pool, the browser: nothing of its own to record
)

// classes are the ops of each class; the first row that fits counts.
var classes = [...]struct {
	prefix string
	class  class
}{
	{"db", classDB},
	{"http.client", classHTTPClient},
	{"http.server", classHTTPServer},
	{"cache", classCache},
	{"rpc", classRPC},
	{"grpc", classRPC},
	{"queue", classQueue},
	{"message", classQueue},
	{"resource", classWait},
	{"ui.long_animation_frame", classWait}, // measured by the browser: what ran in it is in the spans beside it
	{"ui.long-animation-frame", classWait},
	{"ui.long-task", classWait},
}

func classOf(s *model.Span) class {
	if s.Op == "" {
		return classOther
	}
	for i := range classes {
		if hasPart(s.Op, classes[i].prefix) {
			if classes[i].class == classDB && strings.Contains(s.Name, "connect") {
				return classWait // taking a connection from a pool is no query
			}
			return classes[i].class
		}
	}
	return classOther
}

// minFold is how many equal siblings fold into one row, and how many equal calls in series are an N+1 (overlay-spec 7.2).
const minFold = 5

// siblingKey returns what equal siblings have in common: op, service, and what they do with its varying parts left out.
func siblingKey(s *model.Span, c class) uint64 {
	h := uint64(fnvOffset)
	h = hashText(h, s.Op)
	h = hashText(h, s.Service)
	what := s.Name
	switch c {
	case classDB:
		what = firstAttribute(s, what, "db.query.text", "db.statement")
	case classHTTPClient:
		method, _, _ := strings.Cut(s.Name, " ")
		h = hashText(h, method)
		what = firstAttribute(s, what, "url.full", "http.url", "url.path")
	}
	h = hashVarying(h, what)
	if h == 0 {
		h = 1
	}
	return h
}

func firstAttribute(s *model.Span, otherwise string, keys ...string) string {
	for _, k := range keys {
		if v := s.Attributes.Str(k); v != "" {
			return v
		}
	}
	return otherwise
}

const (
	fnvOffset = 14695981039346656037
	fnvPrime  = 1099511628211
)

func hashByte(h uint64, c byte) uint64 { return (h ^ uint64(c)) * fnvPrime }

func hashText(h uint64, s string) uint64 {
	for i := range len(s) {
		h = hashByte(h, s[i])
	}
	return hashByte(h, 0)
}

// maxCompared is how much of a description is compared: statements that begin with 512 equal bytes are the same query.
const maxCompared = 512

// hashVarying hashes a description in which words with digits, quoted text and query strings stand for themselves only
// by their kind, so that the calls of a loop are equal: GET /products/1 and GET /products/2.
func hashVarying(h uint64, s string) uint64 {
	s = s[:min(len(s), maxCompared)]
	for i := 0; i < len(s); {
		c := s[i]
		switch {
		case isWordByte(c):
			start, digits := i, false
			for i < len(s) && isWordByte(s[i]) {
				digits = digits || s[i] >= '0' && s[i] <= '9'
				i++
			}
			if digits {
				h = hashByte(h, '#')
				break
			}
			for _, c := range []byte(s[start:i]) {
				h = hashByte(h, c)
			}
		case c == '\'':
			end := strings.IndexByte(s[i+1:], '\'')
			if end < 0 {
				h, i = hashByte(h, c), i+1
				break
			}
			h, i = hashByte(h, '#'), i+end+2
		case c == '?' && i > 0 && isWordByte(s[i-1]):
			return h // a query string
		default:
			h, i = hashByte(h, c), i+1
		}
	}
	return h
}

func isWordByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '-' || c >= 0x80
}

// keyTable counts siblings by key, in memory that is used again.
type keyTable struct {
	slots []keySlot
	epoch uint32
	mask  uint64
}

type keySlot struct {
	key   uint64
	end   int64 // end of the last call of the present run
	epoch uint32
	count int32
	first int32 // index of the first call of the present run of calls in series, -1: none
	run   int32 // its length
}

// start empties the table and makes room for n keys.
func (t *keyTable) start(n int) {
	size := 16
	for size < 2*n {
		size *= 2
	}
	if len(t.slots) < size {
		t.slots = make([]keySlot, size)
		t.epoch = 0
	}
	t.mask = uint64(len(t.slots) - 1)
	t.epoch++
}

func (t *keyTable) at(key uint64) *keySlot {
	for i := key & t.mask; ; i = (i + 1) & t.mask {
		s := &t.slots[i]
		if s.epoch != t.epoch {
			*s = keySlot{key: key, epoch: t.epoch, first: -1}
			return s
		}
		if s.key == key {
			return s
		}
	}
}

// compareSiblings finds equal children of p, runs of equal calls, and calls that two SDKs reported.
func (t *Tree) compareSiblings(p int32) {
	list := t.cold[p].kids.list
	if len(list) == 0 {
		return
	}
	t.pairReports(list)
	runs := append(t.scratch.runs[:0], make([]int32, len(list))...)
	t.scratch.runs = runs
	table := &t.scratch.keys
	if len(list) >= minFold {
		table.start(len(list))
		for k, i := range list {
			t.count(table, runs, k, i)
		}
	}
	for _, i := range list {
		h := &t.hot[i]
		if h.is(isMissing) {
			continue
		}
		fold := false
		if len(list) >= minFold {
			slot := table.at(h.key)
			slot.endRun(runs)
			fold = slot.count >= minFold
		}
		if fold != h.is(isFolded) {
			h.set(isFolded, fold)
			t.cold[i].facts.FoldKey = foldKey(h.key, fold)
			t.touch(i)
		}
	}
	for k, i := range list { // not before the last run has ended
		if runs[k] == 0 && !t.hot[i].is(isFirst) {
			continue
		}
		t.hot[i].set(isFirst, runs[k] != 0)
		if f := &t.cold[i].facts; f.NPlusOne != int(runs[k]) {
			f.NPlusOne = int(runs[k])
			t.touch(i)
		}
	}
}

// count adds the k-th child of a row to those equal to it, and to their run when it is a call that begins when the one
// before has ended.
func (t *Tree) count(table *keyTable, runs []int32, k int, i int32) {
	h := &t.hot[i]
	if h.is(isMissing) {
		return
	}
	slot := table.at(h.key)
	slot.count++
	if h.class != classDB && h.class != classHTTPClient || h.parent == topLevel || t.isSecondReport(i) {
		return
	}
	if slot.first < 0 || h.start < slot.end-overlap(h) {
		slot.endRun(runs)
		slot.first = int32(k) // #nosec G115 -- bounded by the spans of a trace
	}
	slot.run++
	slot.end = h.end
}

// endRun notes the run of calls that ends, at its first call, when it is long enough to be an N+1.
func (s *keySlot) endRun(runs []int32) {
	if s.first >= 0 && s.run >= minFold {
		runs[s.first] = s.run
	}
	s.first, s.run = -1, 0
}

// foldKey writes a key for the wire.
func foldKey(key uint64, fold bool) string {
	if !fold {
		return ""
	}
	return strconv.FormatUint(key>>16, 36)
}

// overlap is by how much a span may seem to run at the same time as another that it follows: clocks are rounded.
func overlap(h *hot) int64 { return min(lateSlack, (h.end-h.start)/10) }

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
	return t.before(t.index[also[0]], i) < 0
}
