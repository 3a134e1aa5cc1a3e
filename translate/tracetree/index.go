package tracetree

import (
	"math/bits"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// idTable finds the node of a span id: a hash table of numbers with linear probing, which takes a third of the time of a
// map of byte arrays (BenchmarkBuild). Nodes are never taken out. Ids are random, unless somebody makes them up; those
// that meet in one slot make that one trace slower, and a trace has an end (Limits.MaxSpansPerTrace of the store).
type idTable struct {
	slots []idSlot // power of two
	n     int
	shift int // of a hash, to the number of a slot
}

type idSlot struct {
	id   uint64
	node int32 // 0, the top level, which has no id: the slot is free; expected: there will be one
}

// expected is the node of an id that has none yet.
const expected = -1

// reserve makes room for n ids in all.
func (t *idTable) reserve(n int) {
	if 3*len(t.slots) >= 4*n && len(t.slots) > 0 {
		return
	}
	size := max(16, 1<<bits.Len(uint(4*n/3))) // #nosec G115 -- bounded by the spans of a trace
	old := t.slots
	t.slots, t.shift = make([]idSlot, size), 64-bits.Len(uint(size-1)) // #nosec G115 -- likewise
	for _, s := range old {
		if s.node != topLevel {
			*t.slot(s.id) = s
		}
	}
}

// slot returns where an id is, or would be.
func (t *idTable) slot(id uint64) *idSlot {
	const mix = 0x9E3779B97F4A7C15 // 2^64 / golden ratio
	mask := len(t.slots) - 1
	for i := int((id * mix) >> t.shift); ; i = (i + 1) & mask { // #nosec G115 -- below len(t.slots)
		if s := &t.slots[i]; s.node == topLevel || s.id == id {
			return s
		}
	}
}

// get returns the node of an id.
func (t *idTable) get(id model.SpanID) (node int32, ok bool) {
	if len(t.slots) == 0 {
		return topLevel, false
	}
	node = t.slot(idNumber(id)).node
	return node, node > topLevel
}

// put notes the node of an id that has none.
func (t *idTable) put(id model.SpanID, node int32) {
	n := idNumber(id)
	if len(t.slots) == 0 || t.slot(n).node == topLevel {
		t.n++
		t.reserve(t.n)
	}
	*t.slot(n) = idSlot{n, node}
}

// expect says that there will be a node of an id.
func (t *idTable) expect(id model.SpanID) {
	if n := idNumber(id); t.slot(n).node == topLevel {
		t.put(id, expected)
	}
}
