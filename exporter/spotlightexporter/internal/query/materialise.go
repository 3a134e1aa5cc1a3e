package query

import (
	"maps"
	"slices"

	"github.com/otelcol-spotlight/otelcol-spotlight/exporter/spotlightexporter/internal/live"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/scope"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/sentry"
)

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
	var scopes *scope.Prepared
	if rec != nil { // a transaction is its own root: nothing lies below that its SDK had not merged
		scopes, key.scopes = q.scopes(rec)
	}
	if ev := q.events.get(id, key); ev != nil {
		return ev, true
	}
	ev, size := q.materialise(rec, tx, scopes, items, *q.opts.Policy)
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
	scopes, _ := q.scopes(rec)
	ev, _ := q.materialise(rec, nil, scopes, q.store.ItemsOf(id), policy)
	return ev, true
}

// materialise makes an event of its record, or of a transaction, and what belongs to it; size is that of the payload.
func (q *Query) materialise(rec *model.EventRecord, tx *model.Span, scopes *scope.Prepared, items []*model.Item, policy scope.Policy) (ev *model.Event, size int) {
	ev = &model.Event{}
	if tx != nil {
		*ev, size = decodeTransaction(tx), len(tx.Payload)
	} else {
		*ev, size = decodeRecord(rec), len(rec.Payload)
	}
	if scopes != nil {
		r := scopes.Event(ev, policy)
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

// scopes returns the trace of an event indexed for its scopes, with what its processes said outside of it, and a number
// that is another one when it is another index.
func (q *Query) scopes(rec *model.EventRecord) (scopes *scope.Prepared, serial uint64) {
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
			return p.scopes, p.serial
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
	want.scopes, want.records = scope.Prepare(view, *q.opts.Scope), len(view.Spans)+len(view.Logs)

	c.mu.Lock()
	c.serials++
	want.serial = c.serials
	c.prepared = append(slices.DeleteFunc(c.prepared, same), want)
	total := 0
	for _, p := range c.prepared {
		total += p.records
	}
	for len(c.prepared) > maxPrepared || total > maxIndexed && len(c.prepared) > 1 {
		total -= c.prepared[0].records
		c.prepared = slices.Delete(c.prepared, 0, 1)
	}
	c.mu.Unlock()
	return want.scopes, want.serial
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
