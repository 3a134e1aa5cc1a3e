package live

import (
	"bytes"
	"cmp"
	"hash/fnv"
	"slices"
	"unsafe"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// event is an error or message. When it has a trace it belongs to that, else it is a unit of its own, to which its
// attachments belong.
type event struct {
	unit
	changed node[event]
	inIssue node[event]
	rec     *model.EventRecord // replaced, never changed
	id      uint64             // number of its arrival
	version uint64
	bytes   int64
	trace   *trace // nil: none
	items   []*item

	issue   *issue
	primary *event   // the richer report of the same failure; nil: this is the occurrence
	also    []*event // the other reports of it
}

const eventBytes = int64(unsafe.Sizeof(event{})) + mapEntry + 4*pointer

// holder returns the unit an event leaves with.
func (e *event) holder() *unit {
	if e.trace != nil {
		return &e.trace.unit
	}
	return &e.unit
}

func (s *Store) addEvent(rec *model.EventRecord, in info, sv *service) {
	s.received["events"]++
	if s.tooLarge(in.bytes) {
		return
	}
	if rec.ReceivedTime == 0 {
		rec.ReceivedTime = s.time
	}
	if have := s.eventOf(rec.EventID); have != nil && !sameEvent(have.rec, rec) {
		if s.eventOf(idOfContent(rec)) != nil {
			s.drop(droppedDuplicate, 1) // it had to give the id to another before
			return
		}
		s.rename(have)
	} else if have != nil {
		if compareEvents(rec, have.rec) <= 0 || have.rec.TraceID != rec.TraceID {
			s.drop(droppedDuplicate, 1)
			return
		}
		s.drop(droppedDuplicate, 1)
		s.replaceEvent(have, rec, in)
		return
	}
	if t := s.traceOf(rec.TraceID); t != nil && t.bytes+in.bytes > 2*s.limits.MaxBytesPerTrace {
		s.drop(droppedTrace, 1)
		return
	}
	e := &event{rec: rec, bytes: in.bytes}
	if rec.TraceID.IsZero() {
		e.id = s.next()
		s.enter(&e.unit, e)
	} else {
		e.trace = s.active(rec.TraceID)
		e.trace.events = append(e.trace.events, e)
		e.id = s.next()
	}
	rec.Session = s.present()
	s.events[rec.EventID] = e
	s.grow(e.holder(), in.bytes+eventBytes)
	s.adoptItems(rec.EventID, e.holder())
	s.occur(e)
	s.meetReports(e)
	sv.sawEvent(s, rec)
}

// sameEvent reports whether two records with one event id are copies of one event: an SDK with both a DSN and Spotlight
// sends it twice, and a pipeline may have changed one of the copies. Events that differ in what they say and when are two,
// and both are kept.
func sameEvent(a, b *model.EventRecord) bool {
	if a.Payload != nil && bytes.Equal(a.Payload, b.Payload) {
		return true
	}
	return a.Time == b.Time && a.Title == b.Title && a.Value == b.Value
}

// idOfContent is the event id of a record that lost its own to a later one.
func idOfContent(rec *model.EventRecord) (id model.EventID) {
	h := fnv.New128a()
	_, _ = h.Write(rec.EventID[:])
	_, _ = h.Write(rec.Payload)
	_, _ = h.Write([]byte(rec.Title + "\x00" + rec.Value))
	h.Sum(id[:0])
	return id
}

// rename gives an event an id of its own, because a later and different one has come with its id. The later one keeps the
// id, so that what was sent last is found by it.
func (s *Store) rename(e *event) {
	s.leaveReports(e)
	delete(s.events, e.rec.EventID)
	rec := *e.rec
	rec.EventID = idOfContent(e.rec)
	rec.Warnings = append(slices.Clip(rec.Warnings), model.WarnEventIDTaken)
	e.rec = &rec
	s.events[rec.EventID] = e
	s.meetReports(e)
	s.changeEvent(e)
}

// compareEvents orders two records with one event id: by how rich their source is, then by anything that is not the
// order of their arrival.
func compareEvents(a, b *model.EventRecord) int {
	if c := cmp.Compare(rank(b.Source), rank(a.Source)); c != 0 {
		return c
	}
	if c := cmp.Compare(len(a.Payload), len(b.Payload)); c != 0 {
		return c
	}
	if c := bytes.Compare(a.Payload, b.Payload); c != 0 {
		return c
	}
	return cmp.Compare(len(a.Attributes), len(b.Attributes))
}

// rank orders the sources of an event, richest first.
func rank(source model.EventSource) int {
	switch source {
	case model.SourceSentry:
		return 0
	case model.SourceLog:
		return 1
	}
	return 2
}

// replaceEvent puts a richer copy of an event in its place.
func (s *Store) replaceEvent(e *event, rec *model.EventRecord, in info) {
	if e.trace != nil {
		s.active(e.trace.id)
	} else {
		s.next()
		s.touch(&e.unit)
	}
	key, _ := keyOf(e)
	if e.primary == nil {
		s.cease(e)
	}
	s.leaveReports(e)
	e.primary, e.also = nil, nil
	if others := s.reports[key]; len(others) > 0 {
		s.resolve(others)
	}
	rec.Session, rec.ReceivedTime = e.rec.Session, e.rec.ReceivedTime
	e.rec = rec
	s.grow(e.holder(), in.bytes)
	s.occur(e)
	s.meetReports(e)
	s.changeEvent(e)
}

// occur makes an event an occurrence: one that is listed and counts for its issue.
func (s *Store) occur(e *event) {
	s.bytes += s.occurrences.insert(e.id, e)
	s.countEvent(e, +1)
	s.joinIssue(e)
	s.changeEvent(e)
}

// cease takes an event out of the occurrences. It stays findable by its id.
func (s *Store) cease(e *event) {
	s.bytes -= s.occurrences.remove(e.id)
	s.countEvent(e, -1)
	s.leaveIssue(e, false)
	e.changed.remove()
}

func (s *Store) countEvent(e *event, by int) {
	if e.id > s.sessionStart() {
		s.counts.Events += by
	}
}

// changeEvent marks an event as changed now, and what it is part of.
func (s *Store) changeEvent(e *event) {
	e.version = s.next()
	if e.primary == nil {
		s.changedEvents.moveBack(&e.changed, e)
	}
	if e.trace != nil {
		s.changeTrace(e.trace)
	}
}

// dropEvent removes an event whose unit leaves.
func (s *Store) dropEvent(e *event) {
	s.leaveReports(e)
	if e.primary == nil {
		s.bytes -= s.occurrences.remove(e.id)
		s.countEvent(e, -1)
		s.leaveIssue(e, true)
		e.changed.remove()
		s.bury(grave{kind: graveEvent, born: e.id, id: e.rec.EventID})
	}
	delete(s.events, e.rec.EventID)
}

func (s *Store) dropLooseEvent(e *event) (records int) {
	s.dropEvent(e)
	for _, it := range e.items {
		s.dropItem(it)
	}
	return 1 + len(e.items)
}

// Event returns an error or message. A transaction is asked for with Transaction.
func (s *Store) Event(id model.EventID) (*model.EventRecord, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	e := s.events[id]
	if e == nil || s.cleared(e.holder()) {
		return nil, false
	}
	return e.rec, true
}

// EventRow is an event in a list.
type EventRow struct {
	Rec     *model.EventRecord
	Number  uint64 // of its arrival
	Version uint64 // number of its last change
}

// Events returns up to n occurrences whose number is smaller than before (0: no bound), newest first, and the number to
// go on from (0: there are no more).
func (s *Store) Events(before uint64, n int) (page []EventRow, next uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	found, last := s.occurrences.before(before, n)
	for _, e := range found {
		if !s.cleared(e.holder()) {
			page = append(page, EventRow{e.rec, e.id, e.version})
		}
	}
	if len(found) < n {
		last = 0
	}
	return page, last
}
