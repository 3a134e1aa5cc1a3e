package tracetree

import (
	"cmp"
	"slices"
	"time"
)

const (
	// startSlack is by how much a call may seem to begin before its caller while the clocks agree: browsers round their
	// clocks to 0.1 to 1 ms and compute the time of day from when the page was loaded.
	startSlack = int64(2 * time.Millisecond)

	// endSlack is by how much a call may end after its caller while the clocks agree: a client is done when it has read
	// what it wants, the server when the rest is written, logged and cleaned up (8 ms in our recorded traces).
	endSlack = int64(20 * time.Millisecond)

	maxEvidence = 256 // calls looked at for one pair of clocks: the tightest
)

// allowed are the offsets that one call allows: what may be added to the time of one clock to be on that of the other.
type allowed struct {
	lo, hi int64
	fits   bool // the call is fine with no offset at all
}

const unbounded = maxOffset

// allow returns what the call from parent to child allows to be added to the child's clock; ok is false when no clock
// can be that wrong.
func (t *Tree) allow(parent, child int32) (a allowed, ok bool) {
	p, c := t.cold[parent].span, t.cold[child].span
	pStart, pEnd := rawTimes(p)
	cStart, cEnd := rawTimes(c)
	a = allowed{lo: pStart - cStart, hi: unbounded}
	if max(a.lo, -a.lo) > maxOffset {
		return a, false
	}
	if t.hot[child].kind == kindServer && !p.Open && !c.Open {
		if hi := pEnd - cEnd; hi >= a.lo { // else it lasts longer than its caller and says nothing about the end
			a.hi = min(hi, unbounded)
		}
	}
	a.fits = a.lo <= startSlack && a.hi >= -endSlack
	return a, true
}

// clockPair is two domains, the one with the smaller key first.
type clockPair struct{ a, b int32 }

// estimate is the offset between two clocks.
type estimate struct {
	offset, uncertainty int64
	lo, hi              int64 // what most calls allow
	evidence            int
	known               bool
}

// estimateOf returns the offset that most calls allow.
func estimateOf(calls []allowed) estimate {
	e := estimate{evidence: len(calls)}
	slices.SortFunc(calls, func(x, y allowed) int {
		return cmp.Or(cmp.Compare(x.hi-x.lo, y.hi-y.lo), cmp.Compare(x.lo, y.lo))
	})
	calls = calls[:min(len(calls), maxEvidence)]
	fit := 0
	for _, c := range calls {
		if c.fits {
			fit++
		}
	}
	lo, hi, most := mostAllowed(calls)
	e.lo, e.hi = lo, hi
	if lo > -unbounded && hi < unbounded {
		e.uncertainty = (hi - lo) / 2
	}
	if 2*fit >= len(calls) {
		e.known = true
		return e
	}
	if 2*most <= len(calls) {
		return e // no two calls agree: nothing is known
	}
	e.known = true
	e.offset = pick(lo, hi)
	return e
}

// pick returns the offset to take of an interval of those that are allowed.
func pick(lo, hi int64) int64 {
	switch {
	case lo <= 0 && hi >= 0:
		return 0
	case hi >= unbounded:
		return lo // only "not before its caller" is known: move no further than that
	case lo <= -unbounded:
		return hi
	}
	return plainest(lo+(hi-lo)/2, (hi-lo)/16)
}

// mostAllowed returns the offsets that the largest number of calls allows; of several such intervals the one nearest to
// zero.
func mostAllowed(calls []allowed) (lo, hi int64, most int) {
	type edge struct {
		at   int64
		ends bool
	}
	edges := make([]edge, 0, 2*len(calls))
	for _, c := range calls {
		edges = append(edges, edge{c.lo, false}, edge{c.hi, true})
	}
	slices.SortFunc(edges, func(x, y edge) int {
		if c := cmp.Compare(x.at, y.at); c != 0 || x.ends == y.ends {
			return c
		}
		if y.ends {
			return -1
		}
		return 1
	})
	distance := func(lo, hi int64) int64 { return max(lo, -hi, 0) }
	n := 0
	for i, e := range edges {
		if e.ends {
			n--
			continue
		}
		n++
		end := edges[i+1].at // a start is never last
		if n > most || n == most && distance(e.at, end) < distance(lo, hi) {
			most, lo, hi = n, e.at, end
		}
	}
	return lo, hi, most
}

// plainest returns the number with the fewest binary digits within band of mid, and never farther than 3 % from it. As
// calls arrive, the interval they allow shrinks a little each time; its exact middle would move every span of the trace
// each time, this number stays while it may.
func plainest(mid, band int64) int64 {
	size := max(mid, -mid)
	band = min(band, size/32)
	for g := int64(1) << 61; g > 1; g >>= 1 {
		if g/2 > size+band {
			continue
		}
		m := (size + g/2) / g * g
		if m != 0 && max(m-size, size-m) <= band {
			if mid < 0 {
				return -m
			}
			return m
		}
	}
	return mid
}
