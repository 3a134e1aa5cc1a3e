package scope

import (
	"cmp"
	"hash/maphash"
	"math"
	"slices"
	"strings"
	"time"
	"unicode/utf16"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// clockGrain is how much later than the event a breadcrumb may seem: SDKs write times in milliseconds, some of them
// rounded up.
const clockGrain = model.Time(time.Millisecond)

// breadcrumbs merges breadcrumbs.
func (m *merger) breadcrumbs() {
	if m.policy.Breadcrumbs == BreadcrumbsUnited {
		m.uniteBreadcrumbs()
		return
	}
	bare := m.policy.BareTransactions && m.in.Type == model.EventTransaction
	crumbs := make([]crumb, 0, m.countBreadcrumbs())
	for seq := range m.event.Breadcrumbs {
		crumbs = append(crumbs, crumb{at: m.event.Breadcrumbs[seq].Time, place: placeOf(len(m.scopes), seq)})
	}
	for rank, l := range m.scopes {
		if bare || m.policy.UpdateCurrent && l.Name == model.LayerAdditional {
			continue
		}
		first := 0
		if n := m.policy.ScopeBreadcrumbs; n > 0 && len(l.Breadcrumbs) > n {
			first = len(l.Breadcrumbs) - n
		}
		for seq := first; seq < len(l.Breadcrumbs); seq++ {
			crumbs = append(crumbs, crumb{at: l.Breadcrumbs[seq].Time, place: placeOf(rank, seq)})
		}
	}
	if m.policy.Breadcrumbs == BreadcrumbsSorted && !bare {
		slices.SortStableFunc(crumbs, func(a, b crumb) int { return cmp.Compare(a.at, b.at) })
	}
	m.keepBreadcrumbs(crumbs)
	if n := m.policy.BreadcrumbMessage; n > 0 {
		for i := range m.out.Breadcrumbs {
			if rank, _ := crumbs[i].position(); rank < len(m.scopes) {
				m.out.Breadcrumbs[i].Message = cutUTF16(m.out.Breadcrumbs[i].Message, n)
			}
		}
	}
}

func (m *merger) countBreadcrumbs() int {
	total := len(m.event.Breadcrumbs)
	for _, l := range m.scopes {
		total += len(l.Breadcrumbs)
	}
	return total
}

// layerOf returns the layer of a rank: the event's is the highest.
func (m *merger) layerOf(rank int) *Layer {
	if rank < len(m.scopes) {
		return m.scopes[rank]
	}
	return m.event
}

// keepBreadcrumbs makes crumbs the result.
func (m *merger) keepBreadcrumbs(crumbs []crumb) {
	if len(crumbs) == 0 {
		return
	}
	m.out.Breadcrumbs = make([]model.Breadcrumb, len(crumbs))
	for i, c := range crumbs {
		rank, seq := c.position()
		l, out := m.layerOf(rank), &m.out.Breadcrumbs[i]
		*out = l.Breadcrumbs[seq]
		if out.Layer == "" { // else it was found before, in a merge below this one
			out.Layer = l.Name
		}
		if out.Source == "" {
			out.Source = l.Origin
		}
	}
}

// cutUTF16 cuts text to at most n UTF-16 units and "...", as JavaScript's truncate does.
func cutUTF16(text string, n int) string {
	if len(text) <= n { // never more units than bytes
		return text
	}
	units := utf16.Encode([]rune(text))
	if len(units) <= n {
		return text
	}
	return string(utf16.Decode(units[:n])) + "..."
}

// crumb is a breadcrumb on its way into a list. Without pointers it is quick to sort.
type crumb struct {
	at    model.Time // where it stands in the list
	place uint64     // its layer's rank and its place in the layer
}

func placeOf(rank, seq int) uint64 { return uint64(rank)<<32 | uint64(seq) } // #nosec G115 -- both are lengths of slices

func (c crumb) position() (rank, seq int) { return int(c.place >> 32), int(c.place & math.MaxUint32) } // #nosec G115 -- as above

// sameCrumb is what two reports of one breadcrumb have in common (3.5).
type sameCrumb struct {
	milli             int64
	category, message string
}

func keyOf(c *model.Breadcrumb) sameCrumb {
	const milli = model.Time(time.Millisecond)
	return sameCrumb{int64((c.Time + milli/2) / milli), strings.ToLower(c.Category), c.Message}
}

// uniteBreadcrumbs is the rule of Spec: all breadcrumbs by time, each once, the newest MaxBreadcrumbs of them. Those of
// scopes that are later than the event had not happened yet. The event's own are never left out for their time: they
// came with it.
//
// To unite a united list again with the same layers must change nothing, although the oldest were cut: so of several
// reports of one breadcrumb the one of the highest layer is kept, but it stands where the latest of them does, and at the
// same time those of lower layers come first.
func (m *merger) uniteBreadcrumbs() {
	total := m.countBreadcrumbs()
	if total == 0 {
		return
	}
	crumbs := make([]crumb, 0, total)
	seen := newCrumbSet(m, total)
	for rank := 0; rank <= len(m.scopes); rank++ {
		l, deadline := m.layerOf(rank), never
		if rank < len(m.scopes) && m.in.Time != 0 {
			deadline = m.in.Time + clockGrain
		}
		// Walking back, a breadcrumb without a time stands in front of the next one that has one.
		at := never
		for seq := len(l.Breadcrumbs) - 1; seq >= 0; seq-- {
			own := &l.Breadcrumbs[seq]
			if !own.Time.IsZero() {
				at = own.Time
			}
			if own.Time > deadline {
				continue
			}
			c := crumb{at: at, place: placeOf(rank, seq)}
			if i, again := seen.add(crumbs, c, own); again {
				if other, _ := crumbs[i].position(); other == rank && crumbs[i].at >= c.at {
					continue // of one layer the latest is kept
				}
				c.at = max(c.at, crumbs[i].at) // ranks rise
				crumbs[i] = c
				continue
			}
			crumbs = append(crumbs, c)
		}
	}
	slices.SortFunc(crumbs, func(a, b crumb) int {
		if a.at != b.at {
			return cmp.Compare(a.at, b.at)
		}
		return cmp.Compare(a.place, b.place)
	})
	keep := m.in.MaxBreadcrumbs
	if keep <= 0 {
		keep = DefaultMaxBreadcrumbs
	}
	m.keepBreadcrumbs(crumbs[max(0, len(crumbs)-keep):])
}

// crumbSet finds breadcrumbs that are the same: an open-addressing table of places in a list. A map with sameCrumb as its
// key took a third of the time of a merge (BenchmarkMerge).
type crumbSet struct {
	m    *merger
	seed maphash.Seed
	slot []int32 // place in the list plus one; 0: free
}

func newCrumbSet(m *merger, n int) crumbSet {
	size := 8
	for size < 2*n {
		size *= 2
	}
	return crumbSet{m: m, seed: maphash.MakeSeed(), slot: make([]int32, size)}
}

// add returns where in list the same breadcrumb as c is, or notes that c is going to be appended to it.
func (s *crumbSet) add(list []crumb, c crumb, own *model.Breadcrumb) (i int, again bool) {
	key := keyOf(own)
	mask := uint64(len(s.slot) - 1)
	at := (maphash.String(s.seed, key.message) ^ uint64(key.milli)*0x9e3779b97f4a7c15) & mask // #nosec G115 -- bits of a hash
	for ; s.slot[at] != 0; at = (at + 1) & mask {
		i := int(s.slot[at] - 1)
		rank, seq := list[i].position()
		if keyOf(&s.m.layerOf(rank).Breadcrumbs[seq]) == key {
			return i, true
		}
	}
	s.slot[at] = int32(len(list) + 1) // #nosec G115 -- fewer than breadcrumbs
	return 0, false
}
