package tracetree

import "strconv"

// minFold is how many equal siblings fold into one row, and how many equal calls in series are an N+1 (overlay-spec 7.2).
const minFold = 5

// keyTable counts siblings by key, in memory that is used again.
type keyTable struct {
	slots []keySlot // power of two
	epoch uint32
	used  int
}

type keySlot struct {
	key   uint64
	text  string // the key as rows carry it, once it was needed
	end   int64  // end of the last call of the present run
	epoch uint32
	count int32
	first int32 // index of the first call of the present run of calls in series, -1: none
	run   int32 // its length
}

// start empties the table.
func (t *keyTable) start() {
	if t.slots == nil {
		t.slots = make([]keySlot, 64)
	}
	t.epoch++
	t.used = 0
}

// at returns the slot of a key; it holds until the next call.
func (t *keyTable) at(key uint64) *keySlot {
	s := t.find(key)
	if s.epoch == t.epoch {
		return s
	}
	if t.used++; 2*t.used > len(t.slots) {
		old := t.slots
		t.slots = make([]keySlot, 2*len(old))
		for i := range old {
			if old[i].epoch == t.epoch {
				*t.find(old[i].key) = old[i]
			}
		}
		s = t.find(key)
	}
	*s = keySlot{key: key, epoch: t.epoch, first: -1}
	return s
}

func (t *keyTable) find(key uint64) *keySlot {
	mask := uint64(len(t.slots) - 1)
	for i := key & mask; ; i = (i + 1) & mask {
		if s := &t.slots[i]; s.epoch != t.epoch || s.key == key {
			return s
		}
	}
}

// compareSiblings finds equal children of p, runs of equal calls, and calls that two SDKs reported.
func (t *Tree) compareSiblings(p int32) {
	list := t.cold[p].kids.list
	t.pairNested(p, list)
	if len(list) == 0 {
		return
	}
	t.pairReports(list)
	runs := append(t.scratch.runs[:0], make([]int32, len(list))...)
	t.scratch.runs = runs
	table := &t.scratch.keys
	if len(list) >= minFold {
		table.start()
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
			text := ""
			if fold {
				if text = table.at(h.key).text; text == "" {
					text = strconv.FormatUint(h.key>>16, 36)
					table.at(h.key).text = text
				}
			}
			t.cold[i].facts.FoldKey = text
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
	if h.key == 0 {
		h.key = siblingKey(t.cold[i].span, h.class)
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

// overlap is by how much a span may seem to run at the same time as another that it follows: clocks are rounded.
func overlap(h *hot) int64 { return min(lateSlack, (h.end-h.start)/10) }
