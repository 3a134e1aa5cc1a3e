package tracetree

import (
	"cmp"
	"slices"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// hot is what every pass over the tree reads of a node: small, so that 10,000 of them stay in the cache.
type hot struct {
	start, end int64 // on the root's clock; an open span ends when it starts
	parent     int32 // the row it hangs under
	top        int32 // the row of the top level above it, itself when it is one
	service    int32 // index into names; -1 for a missing parent
	domain     int32 // index into the clock domains
	flags      flags
	kind       kind
	class      class
	key        uint64 // equal for siblings that say the same; 0: not needed yet
	rowAt      uint64 // version at which the span itself, or the placeholder, changed last
	factsAt    uint64 // version at which its facts changed last
	kidsAt     uint32 // epoch of the last change among its children, or of its own times
	belowAt    uint32 // epoch of the last such change in it or below it
	upAt       uint32 // epoch of the last walk up through it
	downAt     uint32 // epoch of the last walk down through it
	pathAt     uint32 // epoch of its last visit by the critical path
	coming     int32  // children that move here by this update
	chosenAt   uint32 // epoch in which the critical path of its parent last chose it
	chosenBy   int32  // the parent on whose critical path it is
	lo, hi     int64  // the part of it the critical path looked at
}

// node is the rest.
type node struct {
	id    model.SpanID
	span  *model.Span // nil: a parent that was named and not received
	facts model.SpanFacts

	kids     kids
	twin     int32   // the sibling that reports the same call; topLevel: none
	inner    int32   // the child that does
	under    int32   // the parent in whose list it stands
	attached uint32  // epoch in which it was put there, 0: it was not
	chosen   []int32 // children on the critical path, last one first

	longest int64 // longest stretch of self time
	pathNS  int64 // its own time on the critical path
}

// kids are the children of a node in two orders; new ones stand behind what is in order until arrange sorts them in.
type kids struct {
	list, byEnd       []int32
	inOrder, endOrder int
}

// topLevel is the node whose children are the rows of the top level.
const topLevel = 0

type flags uint32

const (
	isMissing flags = 1 << iota // placeholder of a parent that was not received
	isOpen
	isFailed
	isSentry
	isPseudo
	isMark  // pseudo, and no stretch of activity: a web vital, a paint
	isLate  // see doc.go
	isFar   // in the top level, and an hour or more away from the rest of the trace
	isCycle // taken out of a cycle of parents
	isSelfParent
	onPath
	isFine     // status ok
	isTwin     // two SDKs reported it, see node.twin
	isInner    // its parent is another report of it
	isFolded   // has a fold key
	isEntry    // its SDK says that it is the first of its service
	isFirst    // of a run of equal calls
	isUnsorted // all its children have to be sorted anew
	isStale    // some of its children hang under another row now, or are loose
	isLoose    // its times are others than when it was put in order
	hasMarks   // it has events or links
	hasErrors  // error events happened in it
	hasThrown  // and nobody handled one of them
)

func (h *hot) is(f flags) bool { return h.flags&f != 0 }

func (h *hot) set(f flags, on bool) {
	if on {
		h.flags |= f
	} else {
		h.flags &^= f
	}
}

type kind uint8

const (
	kindInternal kind = iota
	kindServer
	kindClient
	kindProducer
	kindConsumer
)

func kindOf(k model.SpanKind) kind {
	switch k {
	case model.KindServer:
		return kindServer
	case model.KindClient:
		return kindClient
	case model.KindProducer:
		return kindProducer
	case model.KindConsumer:
		return kindConsumer
	}
	return kindInternal
}

// names numbers the services of a trace.
type names struct {
	list []string
	by   map[string]int32 // once there are more than fewDomains
	last int32
}

// init empties n; what it holds of memory stays.
func (n *names) init() {
	clear(n.list)
	*n = names{list: n.list[:0]}
}

func (n *names) of(service string) int32 {
	if len(n.list) > 0 && n.list[n.last] == service {
		return n.last
	}
	i := n.find(service)
	if i < 0 {
		i = int32(len(n.list)) // #nosec G115 -- at most one per span
		n.list = append(n.list, service)
		if n.by != nil {
			n.by[service] = i
		}
	}
	n.last = i
	return i
}

func (n *names) find(service string) int32 {
	if n.by == nil && len(n.list) > fewDomains {
		n.by = make(map[string]int32, 2*len(n.list))
		for i, name := range n.list {
			n.by[name] = int32(i) // #nosec G115 -- at most one per span
		}
	}
	if n.by != nil {
		if i, ok := n.by[service]; ok {
			return i
		}
		return -1
	}
	return int32(slices.Index(n.list, service)) // #nosec G115 -- a few
}

// before orders siblings: by start on the root's clock, then by span id.
func (t *Tree) before(a, b int32) int {
	if c := cmp.Compare(t.hot[a].start, t.hot[b].start); c != 0 {
		return c
	}
	return compareIDs(t.cold[a].id, t.cold[b].id)
}

// endsBefore orders siblings by end, then by start, then by span id.
func (t *Tree) endsBefore(a, b int32) int {
	if c := cmp.Compare(t.hot[a].end, t.hot[b].end); c != 0 {
		return c
	}
	return t.before(a, b)
}

func compareIDs(a, b model.SpanID) int { return cmp.Compare(idNumber(a), idNumber(b)) }

func idNumber(id model.SpanID) uint64 {
	return uint64(id[0])<<56 | uint64(id[1])<<48 | uint64(id[2])<<40 | uint64(id[3])<<32 |
		uint64(id[4])<<24 | uint64(id[5])<<16 | uint64(id[6])<<8 | uint64(id[7])
}

// touch says that the facts of a node are others than before.
func (t *Tree) touch(i int32) { t.hot[i].factsAt = t.version }

// better reports whether a says more about the span than b, which has the same id: it has ended, lasted longer, has more
// attributes. The rest decides between reports of equal worth, so that their order of arrival does not.
func better(a, b *model.Span) bool {
	c := cmp.Or(
		compareBools(!a.Open, !b.Open),
		cmp.Compare(a.DurationNS, b.DurationNS),
		cmp.Compare(a.Attributes.Len(), b.Attributes.Len()),
		compareBools(len(a.Payload) > 0, len(b.Payload) > 0),
		cmp.Compare(statusRank(a.Status), statusRank(b.Status)),
		cmp.Compare(len(a.Warnings), len(b.Warnings)),
		compareBools(!a.ParentSpanID.IsZero(), !b.ParentSpanID.IsZero()),
		-cmp.Compare(a.StartTime, b.StartTime),
		compareIDs(a.ParentSpanID, b.ParentSpanID),
		cmp.Compare(a.Name, b.Name),
		cmp.Compare(a.Op, b.Op),
		cmp.Compare(a.Service, b.Service),
		cmp.Compare(a.Kind, b.Kind),
	)
	return c >= 0 // of two that say the same, the newer
}

func compareBools(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

func statusRank(s model.SpanStatus) int {
	switch s {
	case model.StatusError:
		return 2
	case model.StatusOK:
		return 1
	}
	return 0
}
