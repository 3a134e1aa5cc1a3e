package tracetree

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// Clocks of different machines disagree. All spans of one clock are moved together, by one offset, never span by span:
// centring each child in its parent, as Jaeger did, moved asynchronous children and was switched off by default
// (github.com/jaegertracing/jaeger/issues/1459).
//
// A clock domain is a host where the host is known, else a process (service.instance.id), else a service. Evidence of
// the offset between two domains are calls that must lie within each other: a SERVER span within the CLIENT span that
// is its parent, a CONSUMER span not before its PRODUCER. Each call allows an interval of offsets; the one that most
// calls allow is taken (Marzullo's algorithm, as in NTP), so that single odd calls do no harm. Nothing moves where
// half of the calls are fine as they are.

const (
	// startSlack is by how much a call may seem to begin before its caller while the clocks agree: browsers round their
	// clocks to 0.1 to 1 ms and compute the time of day from when the page was loaded.
	startSlack = int64(2 * time.Millisecond)

	// endSlack is by how much a call may end after its caller while the clocks agree: a client is done when it has read
	// what it wants, the server when the rest is written, logged and cleaned up (8 ms in our recorded traces).
	endSlack = int64(20 * time.Millisecond)

	// driftSlack is below what the difference between the time an envelope was sent and the time it was received says
	// nothing: it holds the way and the wait.
	driftSlack = int64(time.Second)

	maxEvidence = 256 // calls looked at for one pair of clocks: the tightest
)

// clocks are the clock domains of a trace.
type clocks struct {
	list  []domain
	byKey map[string]int32
	cache map[clockSource]int32
	skew  bool // some offset is not zero
}

type clockSource struct {
	resource *model.Resource
	service  int32
}

// domain is one clock.
type domain struct {
	key      string
	members  []member
	drift    int64 // smallest time from "sent" by this clock to "received" by ours
	hasDrift bool

	offset, uncertainty int64
	evidence            int
}

// member is a process on a clock, as the list of corrected clocks names it.
type member struct{ service, instance string }

func (c *clocks) init() {
	c.byKey, c.cache = map[string]int32{}, map[clockSource]int32{}
}

func (c *clocks) offset(d int32) int64 { return c.list[d].offset }

// domainOf returns the clock of a span.
func (c *clocks) domainOf(s *model.Span, service int32) int32 {
	src := clockSource{s.Resource, service}
	d, ok := c.cache[src]
	if !ok {
		d = c.newDomain(s)
		c.cache[src] = d
	}
	return d
}

func (c *clocks) newDomain(s *model.Span) int32 {
	var attrs model.Attributes
	if s.Resource != nil {
		attrs = s.Resource.Attributes
	}
	instance := attrs.Str("service.instance.id")
	key := "service\x00" + s.Service + "\x00" + attrs.Str("telemetry.sdk.language")
	if host := attrs.Str("host.name"); host != "" && host != "localhost" {
		key = "host\x00" + host
	} else if instance != "" {
		key = "instance\x00" + s.Service + "\x00" + instance
	}
	d, ok := c.byKey[key]
	if !ok {
		d = int32(len(c.list)) // #nosec G115 -- at most one per span
		c.byKey[key] = d
		c.list = append(c.list, domain{key: key})
	}
	if m := (member{s.Service, instance}); !slices.Contains(c.list[d].members, m) && len(c.list[d].members) < maxMembers {
		c.list[d].members = append(c.list[d].members, m)
	}
	return d
}

const maxMembers = 32 // processes of one host that are named

// relates reports whether parent and child are a call between two clocks.
func (t *Tree) relates(parent, child int32) bool {
	p, c := &t.hot[parent], &t.hot[child]
	return p.domain != c.domain && !p.is(isMissing) && !c.is(isMissing) &&
		(p.kind == kindClient && c.kind == kindServer || p.kind == kindProducer && c.kind == kindConsumer)
}

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

// setClocks estimates the offsets anew when there is something new to learn, and moves the spans.
func (t *Tree) setClocks() {
	c := &t.clock
	t.readDrifts()
	if t.opts.RawClocks || len(c.list) < 2 || !t.clocksStale {
		return
	}
	t.clocksStale = false
	if !t.estimateClocks() {
		return
	}
	for i := int32(1); i < int32(len(t.hot)); i++ { // #nosec G115 -- bounded by the spans of a trace
		t.markKids(i)
		t.hot[i].set(isUnsorted, true)
		if t.hot[i].is(isMissing) {
			continue
		}
		if off := c.offset(t.hot[i].domain); off != t.cold[i].facts.ClockOffsetNS {
			t.cold[i].facts.ClockOffsetNS = off
			t.touch(i)
		}
		t.setTimes(i)
	}
	t.markKids(topLevel)
	t.hot[topLevel].set(isUnsorted, true)
	t.retop, t.movedAt = true, t.version
}

// readDrifts notes when envelopes were sent by the clocks of their senders, where the new spans say so.
func (t *Tree) readDrifts() {
	for _, i := range t.fresh {
		s := t.cold[i].span
		if s == nil || s.ReceivedTime.IsZero() || !t.hot[i].is(isSentry) {
			continue
		}
		v, ok := s.Attributes.Get("sentry.sent_at")
		if !ok {
			continue
		}
		sent, err := time.Parse(time.RFC3339Nano, v.Str())
		if err != nil {
			continue
		}
		d := &t.clock.list[t.hot[i].domain]
		at := sent.UnixNano()
		if sent.Year() < 1970 || sent.Year() > 2100 {
			continue
		}
		drift := min(max(int64(s.ReceivedTime)-at, -maxOffset/2), maxOffset/2)
		if !d.hasDrift || drift < d.drift {
			d.drift, d.hasDrift = drift, true
			t.clocksStale = true
		}
	}
}

// estimateClocks finds the offset of every domain to that of the root and reports whether any changed.
func (t *Tree) estimateClocks() bool {
	c := &t.clock
	calls := map[clockPair][]allowed{}
	for i := int32(1); i < int32(len(t.hot)); i++ { // #nosec G115 -- bounded by the spans of a trace
		p := t.hot[i].parent
		if p == topLevel || !t.relates(p, i) {
			continue
		}
		a, ok := t.allow(p, i)
		if !ok {
			continue
		}
		pair := clockPair{t.hot[p].domain, t.hot[i].domain}
		if c.list[pair.a].key > c.list[pair.b].key { // not by index: that depends on what came first
			pair.a, pair.b = pair.b, pair.a
			a.lo, a.hi = -a.hi, -a.lo
		}
		calls[pair] = append(calls[pair], a)
	}
	found := make(map[clockPair]estimate, len(calls))
	for pair, list := range calls {
		found[pair] = estimateOf(list) // what may be added to the clock of b to be on that of a
	}
	return c.spread(t.leaders(), found)
}

// leaders lists the domains in the order in which others are moved to their clocks: that of the root first, or of the
// earliest row while there is none.
func (t *Tree) leaders() []int32 {
	first := make([]int32, len(t.clock.list)) // row of each domain
	earlier := func(a, b int32) int {
		x, y := &t.hot[a], &t.hot[b]
		return cmp.Or(
			compareBools(x.parent != topLevel, y.parent != topLevel),
			compareBools(x.is(isMark), y.is(isMark)),
			cmp.Compare(t.cold[a].span.StartTime, t.cold[b].span.StartTime),
			compareIDs(t.cold[a].id, t.cold[b].id))
	}
	for i := int32(1); i < int32(len(t.hot)); i++ { // #nosec G115 -- bounded by the spans of a trace
		h := &t.hot[i]
		if h.is(isMissing) || !t.hot[h.parent].is(isMissing) { // the top level is missing, too
			continue
		}
		if first[h.domain] == 0 || earlier(i, first[h.domain]) < 0 {
			first[h.domain] = i
		}
	}
	list := make([]int32, len(first))
	for i := range list {
		list[i] = int32(i) // #nosec G115 -- at most one per span
	}
	slices.SortFunc(list, func(a, b int32) int {
		if x, y := first[a], first[b]; x == 0 || y == 0 {
			return cmp.Or(compareBools(x == 0, y == 0), strings.Compare(t.clock.list[a].key, t.clock.list[b].key))
		}
		return earlier(first[a], first[b])
	})
	return list
}

// spread carries the offsets from the clock of the root to every other, along the most certain estimates (a minimum
// spanning tree), and reports whether any offset changed. Clocks that nothing connects to that of the root keep the time
// of the first of them.
func (c *clocks) spread(leaders []int32, found map[clockPair]estimate) (changed bool) {
	next := slices.Clone(c.list)
	for i := range next {
		next[i].offset, next[i].uncertainty, next[i].evidence = 0, 0, 0
	}
	links := c.mostCertain(found)
	reached := make([]bool, len(next))
	var steps []clockStep
	for k, leader := range leaders {
		if reached[leader] {
			continue
		}
		reached[leader] = true
		d, r := &next[leader], &next[leaders[0]]
		if k > 0 && d.hasDrift && r.hasDrift {
			if drift := d.drift - r.drift; max(drift, -drift) > driftSlack {
				d.offset, d.uncertainty = plainest(drift, driftSlack/8), driftSlack
			}
		}
		for queue := []int32{leader}; len(queue) > 0; queue = queue[1:] {
			for _, l := range links[queue[0]] {
				if !reached[l.to] {
					reached[l.to] = true
					steps = append(steps, clockStep{from: queue[0], clockLink: l})
					queue = append(queue, l.to)
				}
			}
		}
	}
	walk(next, steps)
	c.skew = false
	for i := range next {
		changed = changed || next[i].offset != c.list[i].offset
		c.skew = c.skew || next[i].offset != 0
	}
	c.list = next
	return changed
}

// clockStep leads from a clock whose offset is known to the next one.
type clockStep struct {
	from int32
	clockLink
	agrees bool // the clock may agree with that of the root: one between them is wrong
}

// walk sets the offsets behind each step. A clock that may agree with that of the root does, even when one between them
// is wrong, and that says more about the wrong one: of what its calls allow, only what its callees' allow, too.
func walk(next []domain, steps []clockStep) {
	type limits struct{ lo, hi int64 }
	may := make([]limits, len(next)) // where each clock may be
	within := make([]limits, len(next))
	for i := range next {
		may[i] = limits{next[i].offset, next[i].offset}
		within[i] = limits{-2 * maxOffset, 2 * maxOffset}
	}
	for k := range steps {
		s := &steps[k]
		from := may[s.from]
		if s.offset == 0 {
			may[s.to] = from
			continue
		}
		to := limits{max(from.lo+s.lo, -maxOffset), min(from.hi+s.hi, maxOffset)}
		if s.agrees = (from.lo != 0 || from.hi != 0) && to.lo <= startSlack && to.hi >= -startSlack; s.agrees {
			to = limits{}
			w := &within[s.from]
			w.lo, w.hi = max(w.lo, -s.hi), min(w.hi, -s.lo)
		}
		may[s.to] = to
	}
	for _, s := range steps {
		from, to := &next[s.from], &next[s.to]
		to.evidence, to.uncertainty = s.evidence, s.uncertainty
		switch {
		case s.agrees:
		case s.offset == 0:
			to.offset, to.uncertainty = from.offset, from.uncertainty
		default:
			lo, hi := s.lo, s.hi
			if lo > -unbounded {
				lo += from.offset
			}
			if hi < unbounded {
				hi += from.offset
			}
			if w := within[s.to]; max(lo, w.lo) <= min(hi, w.hi) {
				lo, hi = max(lo, w.lo), min(hi, w.hi)
			}
			to.offset = min(max(pick(lo, hi), -maxOffset), maxOffset)
			if lo > -unbounded && hi < unbounded {
				to.uncertainty = (hi - lo) / 2
			}
			to.uncertainty = min(to.uncertainty+from.uncertainty, maxOffset)
		}
	}
}

// clockLink is an estimate seen from one of its clocks: what to add to the time of the other.
type clockLink struct {
	to int32
	estimate
}

// mostCertain returns the estimates that connect the clocks with the least uncertainty, by clock (Kruskal's algorithm).
func (c *clocks) mostCertain(found map[clockPair]estimate) map[int32][]clockLink {
	pairs := make([]clockPair, 0, len(found))
	for p, e := range found {
		if e.known {
			pairs = append(pairs, p)
		}
	}
	keys := func(p clockPair) (string, string) {
		a, b := c.list[p.a].key, c.list[p.b].key
		return min(a, b), max(a, b)
	}
	slices.SortFunc(pairs, func(x, y clockPair) int {
		xa, xb := keys(x)
		ya, yb := keys(y)
		return cmp.Or(cmp.Compare(found[x].uncertainty, found[y].uncertainty), strings.Compare(xa, ya), strings.Compare(xb, yb))
	})
	part := make([]int32, len(c.list))
	for i := range part {
		part[i] = int32(i) // #nosec G115 -- at most one per span
	}
	partOf := func(i int32) int32 {
		for part[i] != i {
			part[i] = part[part[i]]
			i = part[i]
		}
		return i
	}
	links := map[int32][]clockLink{}
	for _, p := range pairs {
		a, b := partOf(p.a), partOf(p.b)
		if a == b {
			continue
		}
		part[a] = b
		e := found[p]
		links[p.a] = append(links[p.a], clockLink{p.b, e})
		e.offset, e.lo, e.hi = -e.offset, -e.hi, -e.lo
		links[p.b] = append(links[p.b], clockLink{p.a, e})
	}
	return links
}

// corrected lists the clocks that were moved.
func (c *clocks) corrected() []model.ClockDomain {
	if !c.skew {
		return nil
	}
	var list []model.ClockDomain
	for i := range c.list {
		d := &c.list[i]
		if d.offset == 0 {
			continue
		}
		for _, m := range d.members {
			list = append(list, model.ClockDomain{
				Service: m.service, Instance: m.instance,
				OffsetNS: d.offset, UncertaintyNS: d.uncertainty, Evidence: d.evidence,
			})
		}
	}
	slices.SortFunc(list, func(a, b model.ClockDomain) int {
		return cmp.Or(cmp.Compare(a.Service, b.Service), cmp.Compare(a.Instance, b.Instance), cmp.Compare(a.OffsetNS, b.OffsetNS),
			cmp.Compare(a.UncertaintyNS, b.UncertaintyNS), cmp.Compare(a.Evidence, b.Evidence))
	})
	return list
}
