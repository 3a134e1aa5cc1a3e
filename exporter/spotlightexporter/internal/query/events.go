package query

import (
	"encoding/json"
	"hash/fnv"
	"maps"
	"slices"
	"sync"

	"github.com/otelcol-spotlight/otelcol-spotlight/exporter/spotlightexporter/internal/live"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/scope"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/sentry"
)

// What is kept of events that were looked at.
const (
	maxEvents     = 64
	maxEventBytes = 8 << 20 // of their payloads; an event needs some 5 times as much
	maxPrepared   = 4       // traces that are indexed for scopes
)

// eventCache keeps materialised events, and traces that were indexed to materialise them.
type eventCache struct {
	mu       sync.Mutex
	events   []*eventEntry   // least recently used first
	prepared []preparedTrace // likewise
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
	scopes   *scope.Prepared
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

// Events returns summaries of errors and messages, newest first.
func (q *Query) Events(f Filter) model.Page[model.EventSummary] {
	page := model.Page[model.EventSummary]{Seq: q.store.Seq(), Items: []model.EventSummary{}}
	ask := parse(f.Q, eventList, &page.Warnings)
	in := q.sessions(&f)
	limit := f.limit()
	for before := f.Before; ; {
		recs, next := q.store.Events(before, scanPage)
		for _, r := range recs {
			if !in.has(r.Rec.Session) || !matchEvent(r.Rec, &f) || r.Version <= f.Since || !ask.Empty() && !ask.Match(&eventRecord{q: q, rec: r.Rec}) {
				continue
			}
			if len(page.Items) == limit {
				page.Truncated = true
				return page
			}
			page.Items = append(page.Items, r.Rec.EventSummary)
			page.Next = r.Number
		}
		if before = next; next == 0 {
			page.Next = 0
			return page
		}
	}
}

// scanPage is how many records are taken from the store at a time.
const scanPage = 1024

func matchEvent(rec *model.EventRecord, f *Filter) bool {
	return (f.Service == "" || rec.Service == f.Service) && (f.Trace.IsZero() || rec.TraceID == f.Trace) && (f.Span.IsZero() || rec.SpanID == f.Span) &&
		(f.After == 0 || rec.Time > f.After) && levelAtLeast(rec.Level, f.Level) && (f.Type == "" || string(rec.Type) == f.Type)
}

// RawEvent returns the payload of an event or a transaction byte for byte. For an OpenTelemetry exception, which has
// none, ok is false.
func (q *Query) RawEvent(id model.EventID) (payload []byte, ok bool) {
	if rec, ok := q.store.Event(id); ok {
		return rec.Payload, rec.Payload != nil
	}
	if span, ok := q.store.Transaction(id); ok {
		return span.Payload, true
	}
	return nil, false
}

// Event returns a materialised event: the payload read, scopes merged in, frames resolved. Its MergeRev changes when it
// materialises differently. A Sentry transaction is an event too.
func (q *Query) Event(id model.EventID) (*model.Event, bool) {
	rec, found := q.store.Event(id)
	var tx *model.Span
	if !found {
		if tx, found = q.store.Transaction(id); !found {
			return nil, false
		}
	}
	items := q.store.ItemsOf(id)
	key := eventKey{rec: rec, tx: tx, items: len(items)}
	if q.opts.ResolveRev != nil {
		key.resolved = q.opts.ResolveRev()
	}
	if rec != nil {
		key.scopes = q.scopes(rec)
	}
	if ev := q.events.get(id, key); ev != nil {
		return ev, true
	}
	ev, size := q.materialise(key, items, *q.opts.Policy)
	q.events.put(id, key, ev, size)
	return ev, true
}

// EventUnder returns an event as another policy would have merged it: what the SDK of that policy would have sent from the
// same layers.
func (q *Query) EventUnder(id model.EventID, policy scope.Policy) (*model.Event, bool) {
	rec, found := q.store.Event(id)
	if !found {
		return q.Event(id) // a transaction, which nothing is merged into
	}
	ev, _ := q.materialise(eventKey{rec: rec, scopes: q.scopes(rec)}, q.store.ItemsOf(id), policy)
	return ev, true
}

// materialise makes an event of its record and what belongs to it; size is that of the payload.
func (q *Query) materialise(key eventKey, items []*model.Item, policy scope.Policy) (ev *model.Event, size int) {
	ev = &model.Event{}
	if key.tx != nil {
		*ev, size = decodeTransaction(key.tx), len(key.tx.Payload)
	} else {
		*ev, size = decodeRecord(key.rec), len(key.rec.Payload)
	}
	if key.scopes != nil { // a transaction is its own root: nothing lies below that its SDK had not merged
		r := key.scopes.Event(ev, policy)
		r.Apply(ev)
	}
	for _, it := range items {
		ev.Attachments = append(ev.Attachments, it.ItemSummary)
	}
	if q.opts.Resolve != nil {
		q.opts.Resolve(ev)
	}
	present(ev)
	return ev, size
}

// decodeRecord returns an event as its own report says.
func decodeRecord(rec *model.EventRecord) model.Event {
	var ev model.Event
	if rec.Payload != nil {
		var warnings []string
		ev, warnings = sentry.DecodeEvent(rec.Payload)
		ev.EventSummary = rec.EventSummary
		ev.Warnings = union(rec.Warnings, warnings)
	} else {
		ev = model.Event{EventSummary: rec.EventSummary, Exceptions: rec.Exceptions, Provenance: map[string]model.Provenance{}}
		if rec.Message != "" {
			ev.Message = &model.Message{Formatted: rec.Message}
		}
		if r := rec.Resource; r != nil {
			if name := r.Attributes.Str("telemetry.sdk.name"); name != "" {
				ev.SDK = &model.SDK{Name: name, Version: r.Attributes.Str("telemetry.sdk.version"), Language: r.Attributes.Str("telemetry.sdk.language")}
			}
		}
	}
	ev.Source, ev.Resource, ev.Scope = rec.Source, rec.Resource, rec.Scope
	if rec.Source != model.SourceSentry {
		ev.Attributes = rec.Attributes
	}
	return ev
}

// decodeTransaction returns what a Sentry transaction says beside its spans.
func decodeTransaction(tx *model.Span) model.Event {
	ev, warnings := sentry.DecodeEvent(tx.Payload)
	ev.Type, ev.EventID, ev.TraceID, ev.SpanID = model.EventTransaction, tx.EventID, tx.TraceID, tx.SpanID
	ev.Service, ev.Origin, ev.Time, ev.ReceivedTime = tx.Service, tx.Origin, tx.StartTime, tx.ReceivedTime
	ev.Source, ev.Resource, ev.Scope = model.SourceSentry, tx.Resource, tx.Scope
	ev.Warnings = union(tx.Warnings, warnings)
	if ev.Title == "" {
		ev.Title = tx.Name
	}
	return ev
}

func union(a, b []string) []string {
	out := slices.Clone(a)
	for _, w := range b {
		if !slices.Contains(out, w) {
			out = append(out, w)
		}
	}
	return out
}

// present fills in lists that must not be null.
func present(ev *model.Event) {
	if ev.Exceptions == nil {
		ev.Exceptions = []model.Exception{}
	}
	for i := range ev.Exceptions {
		if ev.Exceptions[i].Frames == nil {
			ev.Exceptions = slices.Clone(ev.Exceptions)
			ev.Exceptions[i].Frames = []model.Frame{}
		}
	}
	if ev.Breadcrumbs == nil {
		ev.Breadcrumbs = []model.Breadcrumb{}
	}
	for _, a := range [...]*model.Attributes{&ev.Tags, &ev.User, &ev.Contexts, &ev.Extra, &ev.Attributes} {
		if *a == nil {
			*a = model.Attributes{}
		}
	}
	if ev.Provenance == nil {
		ev.Provenance = map[string]model.Provenance{}
	}
}

// scopes returns the trace of an event indexed for its scopes, with what its processes said outside of it.
func (q *Query) scopes(rec *model.EventRecord) *scope.Prepared {
	want := preparedTrace{trace: rec.TraceID}
	snap, ok := q.store.Trace(rec.TraceID)
	if ok {
		want.version = snap.Version
	} else {
		want.event = rec.EventID
	}
	c := &q.events
	same := func(p preparedTrace) bool { return p.trace == want.trace && p.event == want.event }
	c.mu.Lock()
	if i := slices.IndexFunc(c.prepared, same); i >= 0 {
		p := c.prepared[i]
		c.prepared = append(slices.Delete(c.prepared, i, i+1), p)
		if p.version == want.version && p.stamp == q.store.ProcessStamp(p.processes) {
			c.mu.Unlock()
			return p.scopes
		}
	}
	c.mu.Unlock()

	view := scope.TraceView{TraceID: rec.TraceID, Decode: sentry.DecodeEvent, Events: []*model.EventRecord{rec}}
	if snap != nil {
		view.Spans, view.Logs = snap.Spans, snap.Logs
		view.Events = append(slices.Clone(snap.Events), snap.Also...)
	}
	want.processes = processesOf(&view)
	want.stamp = q.store.ProcessStamp(want.processes)
	for _, id := range want.processes {
		view.ProcessLogs = append(view.ProcessLogs, q.store.ProcessLogs(id)...)
		view.ProcessSpans = append(view.ProcessSpans, q.store.ProcessSpans(id)...)
	}
	want.scopes = scope.Prepare(view, *q.opts.Scope)

	c.mu.Lock()
	c.prepared = slices.DeleteFunc(c.prepared, same)
	if len(c.prepared) == maxPrepared {
		c.prepared = slices.Delete(c.prepared, 0, 1)
	}
	c.prepared = append(c.prepared, want)
	c.mu.Unlock()
	return want.scopes
}

// processesOf returns the ids of all processes in a trace.
func processesOf(view *scope.TraceView) []string {
	type source struct {
		res     *model.Resource
		service string
		origin  model.Origin
	}
	seen := map[source]bool{}
	ids := map[string]bool{}
	add := func(res *model.Resource, service string, origin model.Origin) {
		if s := (source{res, service, origin}); !seen[s] {
			seen[s] = true
			ids[live.ServiceID(res, service, origin)] = true
		}
	}
	for _, s := range view.Spans {
		add(s.Resource, s.Service, s.Origin)
	}
	for _, l := range view.Logs {
		add(l.Resource, l.Service, l.Origin)
	}
	for _, ev := range view.Events {
		add(ev.Resource, ev.Service, ev.Origin)
	}
	return slices.Sorted(maps.Keys(ids))
}
