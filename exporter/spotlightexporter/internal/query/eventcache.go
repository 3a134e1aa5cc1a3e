package query

import (
	"encoding/json"
	"hash/fnv"
	"slices"
	"sync"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/scope"
)

// What is kept of events that were looked at.
const (
	maxEvents     = 64
	maxEventBytes = 2 << 20 // of their payloads; an event needs some 5 times as much
	maxPrepared   = 4       // traces that are indexed for scopes,
	maxIndexed    = 20_000  // and the spans and logs in them, unless it is one
)

// eventCache keeps materialised events, and traces that were indexed to materialise them.
type eventCache struct {
	mu       sync.Mutex
	events   []*eventEntry   // least recently used first
	prepared []preparedTrace // likewise
	serials  uint64
	revs     map[model.EventID]rev
}

// rev is how often an event materialised differently.
type rev struct {
	n    uint64
	hash uint64
}

// maxRevs bounds the events of which that is known; beyond, all start over with numbers that are higher.
const maxRevs = 4096

type eventEntry struct {
	id    model.EventID
	key   eventKey
	event *model.Event
	bytes int
}

// eventKey is everything an event is made from: when none of it changed, neither has the event.
type eventKey struct {
	rec      *model.EventRecord
	tx       *model.Span
	scopes   uint64 // preparedTrace.serial
	items    int
	resolved uint64
}

// preparedTrace is a trace, or an event without one, that was indexed for its scopes.
type preparedTrace struct {
	trace     model.TraceID
	event     model.EventID // of an event without a trace
	version   uint64
	processes []string // all in it
	stamp     uint64   // of what they said outside of the trace
	records   int      // spans and logs in it
	serial    uint64   // every one has another
	scopes    *scope.Prepared
}

func (c *eventCache) init() { c.revs = map[model.EventID]rev{} }

// get returns an event that was made from the same.
func (c *eventCache) get(id model.EventID, key eventKey) *model.Event {
	c.mu.Lock()
	defer c.mu.Unlock()
	i := slices.IndexFunc(c.events, func(e *eventEntry) bool { return e.id == id })
	if i < 0 || c.events[i].key != key {
		return nil
	}
	e := c.events[i]
	c.events = append(slices.Delete(c.events, i, i+1), e)
	return e.event
}

// put keeps an event and gives it its revision.
func (c *eventCache) put(id model.EventID, key eventKey, ev *model.Event, bytes int) {
	hash := contentOf(ev)
	c.mu.Lock()
	defer c.mu.Unlock()
	r := c.revs[id]
	if r.hash != hash || r.n == 0 {
		if len(c.revs) >= maxRevs {
			next := uint64(0)
			for _, r := range c.revs {
				next = max(next, r.n)
			}
			clear(c.revs)
			r.n = next
		}
		r = rev{r.n + 1, hash}
		c.revs[id] = r
	}
	ev.MergeRev = r.n
	c.events = slices.DeleteFunc(c.events, func(e *eventEntry) bool { return e.id == id })
	c.events = append(c.events, &eventEntry{id, key, ev, bytes})
	total := 0
	for _, e := range c.events {
		total += e.bytes
	}
	for len(c.events) > 1 && (len(c.events) > maxEvents || total > maxEventBytes) {
		total -= c.events[0].bytes
		c.events = slices.Delete(c.events, 0, 1)
	}
}

// contentOf hashes what an event says.
func contentOf(ev *model.Event) uint64 {
	h := fnv.New64a()
	_ = json.NewEncoder(h).Encode(ev) // what cannot be encoded does not count as a difference
	return h.Sum64()
}

// forget lets go of events that have left the store.
func (c *eventCache) forget(gone func(model.EventID) bool) {
	c.mu.Lock()
	ids := make([]model.EventID, len(c.events))
	for i, e := range c.events {
		ids[i] = e.id
	}
	c.mu.Unlock()
	for _, id := range ids {
		if gone(id) {
			c.mu.Lock()
			c.events = slices.DeleteFunc(c.events, func(e *eventEntry) bool { return e.id == id })
			delete(c.revs, id)
			c.mu.Unlock()
		}
	}
}

// forgetScopes lets go of what was indexed of traces that have left the store.
func (c *eventCache) forgetScopes(gone func(model.TraceID, model.EventID) bool) {
	c.mu.Lock()
	list := slices.Clone(c.prepared)
	c.mu.Unlock()
	for _, p := range list {
		if gone(p.trace, p.event) {
			c.mu.Lock()
			c.prepared = slices.DeleteFunc(c.prepared, func(x preparedTrace) bool { return x.scopes == p.scopes })
			c.mu.Unlock()
		}
	}
}
