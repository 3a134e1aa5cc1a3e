package live

import (
	"slices"
	"unsafe"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// linearSpans is how many spans of a trace are looked through one by one before they get an index: most traces of a
// page are small, and a map costs more than they do.
const linearSpans = 8

// trace is a trace with everything that belongs to it.
//
// Its slices are handed out in snapshots, clipped to their length. They may be appended to at any time, since nobody sees
// beyond a snapshot's length; where an element has to change, the slice is copied first (see shared).
type trace struct {
	unit
	changed node[trace]
	quiet   node[trace] // in Store.noisy while records of it may still be on their way
	id      model.TraceID
	born    uint64 // number of its first record
	version uint64 // number of its last change, a pin too
	hold    uint64 // in which it was last touched
	session int

	spans  []*model.Span          // nil where the span is in a run
	runs   []*run                 // in order of their spans
	seen   int                    // spans that were handed out as they are in spans, or are in runs: all up to here
	index  map[model.SpanID]int32 // into spans; nil while there are few
	told   []transaction          // the Sentry transactions of it, in order of arrival
	events []*event               // occurrences and other reports, in order of arrival
	logs   []*model.Log
	items  []*item

	spansDropped, logsDropped int
	first                     model.Time
	user                      bool // pinned by the user

	shared bool           // spans was handed out since it was last copied
	read   bool           // a snapshot was taken since the last change
	snap   *TraceSnapshot // nil for a trace with runs, which would be made anew for nobody
}

// transaction is a Sentry transaction and the version of its trace that has it first.
type transaction struct {
	id      model.EventID
	version uint64
}

const traceBytes = int64(unsafe.Sizeof(trace{})) + int64(unsafe.Sizeof(TraceSnapshot{})) + mapEntry

// active finds or makes the trace with an id and marks it as changed by a record that arrives now.
func (s *Store) active(id model.TraceID) *trace {
	t := s.traceOf(id)
	s.recent = t
	if t == nil {
		t = &trace{id: id, born: s.next(), first: s.time, session: s.present(), hold: s.hold}
		s.traces[id], s.recent = t, t
		s.enter(&t.unit, t)
		s.grow(&t.unit, traceBytes)
		s.noisy.pushBack(&t.quiet, t)
		s.changeTrace(t)
		return t
	}
	if t.hold == s.hold && !t.read {
		return t // nobody has seen it since
	}
	s.countTrace(t, -1)
	s.next()
	s.touch(&t.unit)
	s.noisy.moveBack(&t.quiet, t)
	t.session, t.hold = s.present(), s.hold
	s.countTrace(t, +1)
	s.changeTrace(t)
	return t
}

// hush marks up to n traces as changed for which QuietAfter is over: whether a trace still runs is part of what readers
// see of it, and changes without a record.
func (s *Store) hush(n int) {
	for q := s.noisy.front; q != nil && n > 0 && s.time-q.v.last >= model.Time(QuietAfter); q, n = s.noisy.front, n-1 {
		q.remove()
		s.next()
		s.changeTrace(q.v)
	}
}

// changeTrace marks a trace as changed by the newest sequence number.
func (s *Store) changeTrace(t *trace) {
	t.version, t.snap, t.read = s.seq, nil, false
	s.changedTraces.moveBack(&t.changed, t)
}

// countTrace adds a trace to the counts, or takes it out: before and after anything that decides what it counts for.
func (s *Store) countTrace(t *trace, by int) {
	if len(t.spans) == 0 || s.cleared(&t.unit) {
		return
	}
	s.listedTraces += by
	s.session(t.session).Traces += by
	if t.session == s.present() {
		s.counts.Traces += by
		s.counts.Spans += by * len(t.spans)
	}
}

// comingOf is how many spans in a row, from the first on, belong to its trace.
func comingOf(spans []*model.Span) int {
	n := 1
	for n < len(spans) && spans[n].TraceID == spans[0].TraceID {
		n++
	}
	return n
}

// addSpan stores a span. coming is about how many of its trace will follow at once, itself included.
func (s *Store) addSpan(sp *model.Span, coming int, in info, sv *service) {
	if sp.TraceID.IsZero() {
		s.drop(droppedNoTraceID, 1)
		return
	}
	if s.tooLarge(in.bytes) {
		return
	}
	t := s.traceOf(sp.TraceID)
	if t != nil {
		if i, ok := t.find(sp.SpanID); ok {
			if sp = s.resend(t, i, sp, in); sp == nil {
				return
			}
			if _, known := t.find(sp.SpanID); known { // the other span was sent again, too
				s.drop(droppedDuplicate, 1)
				return
			}
		}
		full := ""
		if len(t.spans) >= s.limits.MaxSpansPerTrace {
			full = droppedSpans
		} else if t.bytes+in.bytes > s.limits.MaxBytesPerTrace {
			full = droppedTrace
		}
		if full != "" {
			s.drop(full, 1)
			s.active(sp.TraceID).spansDropped++
			return
		}
	}
	t = s.active(sp.TraceID)
	grown := in.bytes + 2*pointer
	if len(t.spans) == 0 && coming > linearSpans {
		t.spans = make([]*model.Span, 0, coming)
		t.index = make(map[model.SpanID]int32, coming)
		grown += 256
	}
	if t.index != nil {
		t.index[sp.SpanID] = int32(len(t.spans)) // #nosec G115 -- bounded by MaxSpansPerTrace
		grown += smallMapEntry
	}
	t.spans = append(t.spans, sp)
	if t.index == nil && len(t.spans) > linearSpans {
		t.index = make(map[model.SpanID]int32, 2*linearSpans)
		for i, have := range t.spans {
			t.index[have.SpanID] = int32(i) // #nosec G115 -- a few
		}
		grown += 256 + linearSpans*smallMapEntry
	}
	s.grow(&t.unit, grown)
	if len(t.spans) == 1 {
		s.countTrace(t, +1)
	} else if t.session == s.present() {
		s.counts.Spans++ // active has made the trace one that counts
	}
	if !sp.EventID.IsZero() && sp.Payload != nil {
		s.addTransaction(sp, t)
	}
	if in.global {
		s.addGlobal(sv, sp, in.bytes)
	}
	sv.sawSpan(s, sp)
	if coming <= 1 || len(t.spans)-t.seen == maxRun {
		s.freeze(t)
	}
}

// find returns the index of a span.
func (t *trace) find(id model.SpanID) (int, bool) {
	if t.index != nil {
		i, ok := t.index[id]
		return int(i), ok
	}
	for i, have := range t.spans {
		if have.SpanID == id {
			return i, true
		}
	}
	return 0, false
}

// resend takes another report of a span that is there. It returns a span that is not a report of it but merely has its
// id: that is to be added under an id of its own.
func (s *Store) resend(t *trace, i int, sp *model.Span, in info) (other *model.Span) {
	have := t.span(i)
	if sameSpan(have, sp) {
		s.drop(droppedDuplicate, 1)
		return nil
	}
	var u *model.Span
	if distinct(have, sp) {
		if u, other = have, renamed(sp); compareReports(have, sp) < 0 {
			u, other = sp, renamed(have)
		}
	} else {
		u = unite(have, sp)
	}
	if u == have {
		if other == nil {
			s.drop(droppedDuplicate, 1)
		}
		return other
	}
	if !have.Open && other == nil {
		s.drop(droppedDuplicate, 1) // one of two reports is not kept
	}
	t = s.active(t.id)
	if t.shared {
		t.spans, t.shared = slices.Clone(t.spans), false
	}
	t.spans[i] = u
	s.grow(&t.unit, in.bytes) // what the other one needed is not known any more: it counts until the trace leaves
	if !u.EventID.IsZero() && u.Payload != nil {
		s.addTransaction(u, t)
	}
	return other
}

// addTransaction makes the payload of a Sentry transaction findable by its event id.
func (s *Store) addTransaction(sp *model.Span, t *trace) {
	if s.transactions[sp.EventID] == nil {
		s.grow(&t.unit, mapEntry+2*int64(unsafe.Sizeof(transaction{})))
		t.told = append(t.told, transaction{sp.EventID, t.version})
	}
	s.transactions[sp.EventID] = t
	s.adoptItems(sp.EventID, &t.unit)
}

// dropTrace removes a trace with all that belongs to it. It returns how many records that were.
func (s *Store) dropTrace(t *trace) (records int) {
	s.countTrace(t, -1)
	s.recent = nil
	delete(s.traces, t.id)
	t.changed.remove()
	t.quiet.remove()
	for _, sp := range t.spans {
		if sp != nil && !sp.EventID.IsZero() && s.transactions[sp.EventID] == t {
			delete(s.transactions, sp.EventID)
		}
	}
	for _, ev := range t.events {
		s.dropEvent(ev)
	}
	for _, l := range t.logs {
		s.dropLog(l)
	}
	for _, it := range t.items {
		s.dropItem(it)
	}
	if len(t.spans) > 0 {
		s.bury(grave{kind: graveTrace, born: t.born, id: t.id})
	}
	return len(t.spans) + len(t.events) + len(t.logs) + len(t.items)
}

// snapshot returns the trace as it is now, but for the spans that are in runs.
func (s *Store) snapshot(t *trace) *TraceSnapshot {
	if t.snap != nil {
		return t.snap
	}
	t.read, t.seen = true, len(t.spans)
	snap := &TraceSnapshot{
		TraceID: t.id, Version: t.version, Born: t.born, Spans: slices.Clip(t.spans), Logs: slices.Clip(t.logs),
		SpansDropped: t.spansDropped, LogsDropped: t.logsDropped, FirstTime: t.first, LastTime: t.last,
		Session: t.session, Pinned: t.user, Bytes: t.bytes,
	}
	for _, ev := range t.events {
		if ev.primary == nil {
			snap.Events = append(snap.Events, ev.rec)
		} else {
			snap.Also = append(snap.Also, ev.rec)
		}
	}
	for _, it := range t.items {
		snap.Items = append(snap.Items, it.rec)
	}
	if len(t.runs) == 0 {
		t.shared, t.snap = true, snap
	} else {
		snap.Spans = slices.Clone(snap.Spans)
	}
	return snap
}

// Trace returns a trace, whichever session it belongs to. A trace of which only errors or logs arrived has no spans.
func (s *Store) Trace(id model.TraceID) (*TraceSnapshot, bool) {
	snap, runs, ok := s.look(id)
	if ok {
		thawed(snap.Spans, runs) // outside of the lock: it is some work, and nobody else has a snapshot with runs
	}
	return snap, ok
}

// Peek is Trace for who looks at many traces and keeps no span: spans hold until the next use of to, which has memory for
// them, and are not the same ones as in other snapshots.
func (s *Store) Peek(id model.TraceID, to *Scratch) (*TraceSnapshot, bool) {
	snap, runs, ok := s.look(id)
	if ok {
		to.fill(snap.Spans, runs)
	}
	return snap, ok
}

// look returns a trace and the runs that its missing spans are in.
func (s *Store) look(id model.TraceID) (*TraceSnapshot, []*run, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.traces[id]
	if t == nil || s.cleared(&t.unit) {
		return nil, nil, false
	}
	return s.snapshot(t), slices.Clip(t.runs), true
}

// HasTrace reports whether Trace would return something.
func (s *Store) HasTrace(id model.TraceID) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.traces[id]
	return t != nil && !s.cleared(&t.unit)
}

// Traces returns all traces with spans that were not cleared, last changed first.
func (s *Store) Traces() []TraceRow {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make([]TraceRow, 0, s.listedTraces)
	for n := s.changedTraces.back; n != nil; n = n.prev {
		if t := n.v; len(t.spans) > 0 && !s.cleared(&t.unit) {
			all = append(all, TraceRow{t.id, t.version, t.born, t.last, t.session, len(t.spans), t.user})
		}
	}
	return all
}

// Transaction returns the span that carries the payload of a Sentry transaction.
func (s *Store) Transaction(id model.EventID) (*model.Span, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.transactions[id]
	if t == nil || s.cleared(&t.unit) {
		return nil, false
	}
	for _, sp := range t.spans {
		if sp != nil && sp.EventID == id && sp.Payload != nil {
			return sp, true
		}
	}
	return nil, false
}

// PinTrace keeps a trace until it is unpinned: it leaves last, and not by age or by a clear. ok is false for an unknown id.
func (s *Store) PinTrace(id model.TraceID, pinned bool) (ok bool) {
	s.mu.Lock()
	t := s.traces[id]
	if ok = t != nil && !s.cleared(&t.unit); ok && t.user != pinned {
		s.begin()
		s.next()
		s.countTrace(t, -1)
		t.user = pinned
		s.pin(&t.unit, by(pinned))
		s.countTrace(t, +1)
		s.changeTrace(t)
		s.sweep()
	}
	s.mu.Unlock()
	s.subs.wake()
	return ok
}

// by is +1 to add and -1 to take back.
func by(add bool) int {
	if add {
		return 1
	}
	return -1
}
