package live

import (
	"slices"
	"sync"
)

// maxGraves is how many removals are remembered: those of a second under a heavy flood. A reader that is further behind
// starts over.
const (
	maxGraves    = 1 << 14
	maxGraveText = 512 // bytes of a metric's names
)

type graveKind uint8

const (
	graveTrace graveKind = iota
	graveEvent
	graveIssue
	graveItem
	graveService
	graveMetric
)

// grave remembers that something left the store.
type grave struct {
	kind   graveKind
	seq    uint64 // of the removal
	born   uint64 // of its arrival: a reader that has not seen it need not hear of its end
	num    uint64
	id     [16]byte
	name   string
	metric *MetricKey
}

// graves is a ring of the newest removals.
type graves struct {
	ring []grave
	next int
	lost uint64 // removals up to here are forgotten
}

func (s *Store) bury(g grave) {
	if s.purging && g.kind != graveIssue {
		return // readers were told to start over when it was cleared; an issue may have had newer events
	}
	g.seq = s.next()
	r := &s.graves
	if g.metric != nil && len(g.metric.Name)+len(g.metric.Service) > maxGraveText {
		r.lost = g.seq // not worth keeping: readers start over
		return
	}
	if len(r.ring) < maxGraves {
		r.ring = append(r.ring, g)
		return
	}
	r.lost = r.ring[r.next].seq
	r.ring[r.next] = g
	r.next = (r.next + 1) % maxGraves
}

// Changes returns what changed after since. ok is false when that is no longer known, or since is of the future: the
// reader starts over with the lists.
func (s *Store) Changes(since uint64) (c Changes, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c = Changes{Since: since, Seq: s.seq}
	if since > s.seq || since > 0 && since < s.graves.lost {
		return c, false
	}
	for n := s.changedTraces.back; n != nil && n.v.version > since; n = n.prev {
		if t := n.v; len(t.spans) > 0 && !s.cleared(&t.unit) {
			c.Traces = append(c.Traces, t.id)
			for i := len(t.told) - 1; i >= 0 && t.told[i].version > since; i-- {
				c.Transactions = append(c.Transactions, t.told[i].id)
			}
		}
	}
	slices.Reverse(c.Traces)
	slices.Reverse(c.Transactions)
	for n := s.changedIssues.back; n != nil && n.v.version > since; n = n.prev {
		if s.listed(n.v) {
			c.Issues = append(c.Issues, n.v.id)
		}
	}
	slices.Reverse(c.Issues)
	for n := s.changedEvents.back; n != nil && n.v.version > since; n = n.prev {
		if !s.cleared(n.v.holder()) {
			c.Events = append(c.Events, n.v.rec.EventID)
		}
	}
	slices.Reverse(c.Events)
	for n := s.changedServices.back; n != nil && n.v.version > since; n = n.prev {
		c.Services = append(c.Services, n.v.id)
	}
	slices.Reverse(c.Services)
	for n := s.changedMetrics.back; n != nil && n.v.version > since; n = n.prev {
		c.Metrics = append(c.Metrics, n.v.key)
	}
	slices.Reverse(c.Metrics)
	for _, it := range s.items.since(since) {
		if !s.cleared(it.holder) {
			c.Items = append(c.Items, it.rec.ID)
		}
	}
	c.Logs = s.logs.last() > max(since, s.clearedUpTo())
	c.Session, c.Reset, c.Dropped = s.sessionSeq > since, s.resetSeq > since, s.dropSeq > since
	s.removed(&c, since)
	return c, true
}

// removed fills in what left the store after since and had arrived before.
func (s *Store) removed(c *Changes, since uint64) {
	r := &s.graves
	var back told
	for i := len(r.ring) - 1; i >= 0; i-- { // newest first
		g := &r.ring[(r.next+i)%len(r.ring)]
		if g.seq <= since {
			break
		}
		if g.born > since {
			continue
		}
		if back == nil {
			back = c.told()
		}
		if back.has(g) {
			continue
		}
		switch g.kind {
		case graveTrace:
			c.Removed.Traces = append(c.Removed.Traces, g.id)
		case graveEvent:
			c.Removed.Events = append(c.Removed.Events, g.id)
		case graveIssue:
			c.Removed.Issues = append(c.Removed.Issues, g.name)
		case graveItem:
			c.Removed.Items = append(c.Removed.Items, g.num)
		case graveService:
			c.Removed.Services = append(c.Removed.Services, g.name)
		case graveMetric:
			c.Removed.Metrics = append(c.Removed.Metrics, *g.metric)
		}
	}
	if s.logsGone > since {
		c.Removed.LogsUpTo = s.logs.first()
		if s.logs.n == 0 {
			c.Removed.LogsUpTo = s.seq
		}
	}
}

// told are the ids that a frame brings, by kind. What left and came again under the same id must not be removed by the
// frame that brings it. Items and metrics never come back under the same number.
type told map[graveID]struct{}

// graveID is the id of what left.
type graveID struct {
	kind graveKind
	id   [16]byte
	name string
}

func (c *Changes) told() told {
	t := make(told, len(c.Traces)+len(c.Events)+len(c.Issues)+len(c.Services))
	for _, id := range c.Traces {
		t[graveID{kind: graveTrace, id: id}] = struct{}{}
	}
	for _, id := range c.Events {
		t[graveID{kind: graveEvent, id: id}] = struct{}{}
	}
	for _, id := range c.Issues {
		t[graveID{kind: graveIssue, name: id}] = struct{}{}
	}
	for _, id := range c.Services {
		t[graveID{kind: graveService, name: id}] = struct{}{}
	}
	return t
}

func (t told) has(g *grave) bool {
	_, ok := t[graveID{g.kind, g.id, g.name}]
	return ok
}

// subscribers are woken after a change. They have a lock of their own: nothing is sent under the store's.
type subscribers struct {
	mu    sync.Mutex
	chans []chan struct{}
}

func (s *subscribers) wake() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, ch := range s.chans {
		select {
		case ch <- struct{}{}:
		default: // it will look anyway
		}
	}
}

// Subscribe returns a channel that is sent a value after a change; values are not counted, one waiting is enough.
func (s *Store) Subscribe() <-chan struct{} {
	ch := make(chan struct{}, 1)
	s.subs.mu.Lock()
	s.subs.chans = append(s.subs.chans, ch)
	s.subs.mu.Unlock()
	return ch
}

// Unsubscribe ends a subscription. The channel is not closed.
func (s *Store) Unsubscribe(ch <-chan struct{}) {
	s.subs.mu.Lock()
	s.subs.chans = slices.DeleteFunc(s.subs.chans, func(c chan struct{}) bool { return c == ch })
	s.subs.mu.Unlock()
}
