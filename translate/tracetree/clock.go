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
