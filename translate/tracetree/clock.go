package tracetree

import (
	"cmp"
	"slices"
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

// driftSlack is below what the difference between the time an envelope was sent and the time it was received says
// nothing: it holds the way and the wait.
const driftSlack = int64(time.Second)

// clocks are the clock domains of a trace.
type clocks struct {
	list  []domain
	byKey map[domainKey]int32 // once there are more than fewDomains
	first []sourceDomain      // the first fewDomains sources; most traces have no more
	more  map[clockSource]int32
	brief bool // the processes on a clock need not be known
	skew  bool // some offset is not zero

	// keys are those that sources were last seen to have, of this trace and of others before it: traces come from the
	// same few processes, and what a resource says does not change.
	keys    [fewKeys]sourceKey
	nextKey int
}

// fewKeys is how many sources are remembered beyond their trace.
const fewKeys = 8

// sourceKey is the clock of a source, and its process.
type sourceKey struct {
	resource *model.Resource
	service  string
	key      domainKey
	instance string
}

// fewDomains is up to how many entries a list is looked through, and no map is made.
const fewDomains = 12

// clockSource is what says whose clock a span's times are of.
type clockSource struct {
	resource *model.Resource
	service  int32
}

type sourceDomain struct {
	clockSource
	domain int32
}

// domainKey is what the spans of one clock have in common.
type domainKey struct {
	kind    domainKind
	service string // "" for a host
	id      string
}

type domainKind uint8

const (
	byHost domainKind = iota
	byInstance
	byService
)

func (k domainKey) compare(o domainKey) int {
	return cmp.Or(cmp.Compare(k.kind, o.kind), cmp.Compare(k.service, o.service), cmp.Compare(k.id, o.id))
}

// domain is one clock.
type domain struct {
	key      domainKey
	members  []member
	drift    int64 // smallest time from "sent" by this clock to "received" by ours
	hasDrift bool

	offset, uncertainty int64
	evidence            int
}

// member is a process on a clock, as the list of corrected clocks names it.
type member struct{ service, instance string }

// init empties c; what it holds of memory stays.
func (c *clocks) init() {
	clear(c.list)
	*c = clocks{list: c.list[:0], first: c.first[:0], brief: c.brief, keys: c.keys, nextKey: c.nextKey}
}

func (c *clocks) offset(d int32) int64 { return c.list[d].offset }

// domainOf returns the clock of a span.
func (c *clocks) domainOf(s *model.Span, service int32) int32 {
	src := clockSource{s.Resource, service}
	for i := range c.first {
		if c.first[i].clockSource == src {
			return c.first[i].domain
		}
	}
	d, ok := c.more[src]
	if ok {
		return d
	}
	d = c.newDomain(s)
	if len(c.first) < fewDomains {
		c.first = append(c.first, sourceDomain{src, d})
		return d
	}
	if c.more == nil {
		c.more = map[clockSource]int32{}
	}
	c.more[src] = d
	return d
}

func (c *clocks) newDomain(s *model.Span) int32 {
	key, instance := c.keyOf(s)
	d := c.find(key)
	if d < 0 {
		d = int32(len(c.list)) // #nosec G115 -- at most one per span
		c.list = append(c.list, domain{key: key})
		if c.byKey != nil {
			c.byKey[key] = d
		}
	}
	if m := (member{s.Service, instance}); !c.brief && !slices.Contains(c.list[d].members, m) && len(c.list[d].members) < maxMembers {
		c.list[d].members = append(c.list[d].members, m)
	}
	return d
}

// keyOf returns the key of a span's clock, and the instance of its service.
func (c *clocks) keyOf(s *model.Span) (key domainKey, instance string) {
	if s.Resource == nil {
		return domainKey{byService, s.Service, ""}, ""
	}
	for i := range c.keys {
		if k := &c.keys[i]; k.resource == s.Resource && k.service == s.Service {
			return k.key, k.instance
		}
	}
	attrs := s.Resource.Attributes
	instance = attrs.Str("service.instance.id")
	if host := attrs.Str("host.name"); host != "" && host != "localhost" {
		key = domainKey{byHost, "", host}
	} else if instance != "" {
		key = domainKey{byInstance, s.Service, instance}
	} else {
		key = domainKey{byService, s.Service, attrs.Str("telemetry.sdk.language")}
	}
	c.keys[c.nextKey] = sourceKey{s.Resource, s.Service, key, instance}
	c.nextKey = (c.nextKey + 1) % fewKeys
	return key, instance
}

// find returns the clock with a key, -1 when there is none yet.
func (c *clocks) find(key domainKey) int32 {
	if c.byKey == nil && len(c.list) > fewDomains {
		c.byKey = make(map[domainKey]int32, 2*len(c.list))
		for i := range c.list {
			c.byKey[c.list[i].key] = int32(i) // #nosec G115 -- at most one per span
		}
	}
	if c.byKey != nil {
		if d, ok := c.byKey[key]; ok {
			return d
		}
		return -1
	}
	for i := range c.list {
		if c.list[i].key == key {
			return int32(i) // #nosec G115 -- a few
		}
	}
	return -1
}

const maxMembers = 32 // processes of one host that are named

// relates reports whether parent and child are a call between two clocks.
func (t *Tree) relates(parent, child int32) bool {
	p, c := &t.hot[parent], &t.hot[child]
	return p.domain != c.domain && !p.is(isMissing) && !c.is(isMissing) &&
		(p.kind == kindClient && c.kind == kindServer || p.kind == kindProducer && c.kind == kindConsumer)
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
