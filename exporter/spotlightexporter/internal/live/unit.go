package live

import "github.com/otelcol-spotlight/otelcol-spotlight/translate/model"

// unit is what leaves the store together: a trace with all that belongs to it, an event without a trace with its
// attachments, a log record or an item without either, one export of a metric.
//
// All units that are not pinned are in one list in order of their last activity, so that the oldest of any kind leaves
// first and finding it costs nothing.
type unit struct {
	node[unit] // in Store.live or Store.pinned
	// seq is the number of the newest record that came in; it gives the session, and with it what a clear removes.
	seq   uint64
	last  model.Time // when that was
	bytes int64
	freed bool // it survived a clear as pinned, and is not pinned any more
	pins  int  // reasons to keep it: the user pinned it, or an issue whose newest event it holds
	what  any  // *trace, *event, *looseLog, *item or *export
}

// looseLog is a log record without a trace.
type looseLog struct {
	unit
	log *model.Log
}

// enter puts a new unit into the store.
func (s *Store) enter(u *unit, what any) {
	u.what = what
	u.seq, u.last = s.seq, s.time
	s.live.pushBack(&u.node, u)
}

// touch makes a unit the most recently active one. The caller has taken a new sequence number for it.
func (s *Store) touch(u *unit) {
	u.seq, u.last = s.seq, s.time
	u.in.moveBack(&u.node, u)
}

// grow counts n more bytes of a unit.
func (s *Store) grow(u *unit, n int64) {
	u.bytes += n
	s.bytes += n
	if u.pins > 0 {
		s.pinnedBytes += n
	}
}

// pin adds a reason to keep a unit, or takes one back.
func (s *Store) pin(u *unit, by int) {
	was := u.pins > 0
	u.pins += by
	if is := u.pins > 0; is == was {
		return
	} else if is {
		s.pinnedBytes += u.bytes
		s.place(u, &s.pinned)
		return
	}
	s.pinnedBytes -= u.bytes
	s.place(u, &s.live)
	if s.cleared(u) {
		u.freed = true
		s.released = append(s.released, u)
	}
}

// sweep removes what survived a clear only because it was pinned, and is not any more.
func (s *Store) sweep() {
	for len(s.released) > 0 {
		u := s.released[0]
		if s.released = s.released[1:]; u.in != nil && s.cleared(u) {
			s.leave(u, evictedUnpinned)
		}
	}
	s.released = nil
}

// place moves a unit to a list, at the place of its last activity.
func (s *Store) place(u *unit, to *list[unit]) {
	u.remove()
	at := to.back
	for at != nil && at.v.seq > u.seq {
		at = at.prev
	}
	to.insertAfter(at, &u.node, u)
}

// cleared reports whether a clear removed a unit, which is still there because that can be undone, or because there was
// no time yet to take it out.
func (s *Store) cleared(u *unit) bool { return u.seq <= s.clearedUpTo() && u.pins == 0 }

func (s *Store) clearedUpTo() uint64 { return max(s.clear.seq, s.purgeSeq) }

// traceOf, eventOf and transactionOf find what a record that arrives belongs to. What was cleared is not revived by it: it
// leaves for good, and the record starts anew.

func (s *Store) traceOf(id model.TraceID) *trace {
	if t := s.recent; t != nil && t.id == id {
		return t
	}
	t := s.traces[id]
	if t != nil && s.cleared(&t.unit) {
		s.leave(&t.unit, evictedCleared)
		return nil
	}
	return t
}

func (s *Store) eventOf(id model.EventID) *event {
	e := s.events[id]
	if e != nil && s.cleared(e.holder()) {
		s.leave(e.holder(), evictedCleared)
		return nil
	}
	return e
}

func (s *Store) transactionOf(id model.EventID) *trace {
	t := s.transactions[id]
	if t != nil && s.cleared(&t.unit) {
		s.leave(&t.unit, evictedCleared)
		return nil
	}
	return t
}

// Reasons why something left the store, in Status.Evicted.
const (
	evictedBytes    = "max_bytes"
	evictedAge      = "max_age"
	evictedCleared  = "cleared"
	evictedUnpinned = "unpinned" // it was pinned when the rest was cleared
)

// evict removes what is over the store's bounds, but not more than some n units, so that nobody waits for long: it is
// called again while it returns true.
func (s *Store) evict(n int) (more bool) {
	s.sweep()
	most := 4 * n
	oldest := s.time - model.Time(s.limits.MaxAge)
	for u := s.live.front; u != nil && n > 0; u = s.live.front {
		switch {
		case u.v.seq <= s.purgeSeq:
			s.leave(u.v, evictedCleared)
		case u.v.last < oldest:
			s.leave(u.v, evictedAge)
		default:
			n = 0
		}
		n--
	}
	for n := s.changedServices.front; n != nil && (n.v.is.LastTime < oldest || s.serviceBytes > s.limits.MaxBytes/8); n = s.changedServices.front {
		s.dropService(n.v)
	}
	for ; s.bytes > s.limits.MaxBytes; most-- {
		if most == 0 {
			return true
		}
		u := s.live.front
		if u == nil || s.pinnedBytes > s.limits.MaxBytes/4*3 && s.pinned.front != nil {
			u = s.pinned.front // what is pinned leaves last, but does not keep out everything new
		}
		if u == nil {
			return false
		}
		s.leave(u.v, evictedBytes)
	}
	return false
}

// leave removes a unit with all that is in it.
func (s *Store) leave(u *unit, reason string) {
	u.remove()
	s.purging = reason == evictedCleared && !u.freed
	records := 1
	switch what := u.what.(type) {
	case *trace:
		records = s.dropTrace(what)
	case *event:
		records = s.dropLooseEvent(what)
	case *looseLog:
		s.dropLog(what.log)
	case *item:
		s.dropItem(what)
	case *export:
		records = s.dropExport(what)
	}
	s.purging = false
	s.bytes -= u.bytes
	if u.pins > 0 {
		s.pinnedBytes -= u.bytes
	}
	s.evicted[reason] += uint64(records) // #nosec G115 -- a count
	s.dropSeq = s.seq
}
