package live

import (
	"slices"
	"time"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// Why a session started, in Session.Reason.
const (
	reasonStarted   = "started"
	reasonNew       = "new"
	reasonCleared   = "cleared"
	reasonRestarted = "restarted: "
	reasonImported  = "imported"
)

// maxSessions bounds the sessions that are told apart; the two oldest become one.
const maxSessions = 100

// session is a stretch of records: those with numbers above start, up to the start of the next.
type session struct {
	model.Session
	start uint64
}

// present returns the number of the present session.
func (s *Store) present() int { return s.sessions[len(s.sessions)-1].Number }

// sessionStart returns the number of the last record before the present session.
func (s *Store) sessionStart() uint64 { return s.sessions[len(s.sessions)-1].start }

// session returns the session with a number, or the one that took its place.
func (s *Store) session(number int) *session {
	for i := len(s.sessions) - 1; i > 0; i-- {
		if s.sessions[i].Number <= number {
			return &s.sessions[i]
		}
	}
	return &s.sessions[0]
}

// sessionOf returns the number of the session that a record belongs to, by its own number.
func (s *Store) sessionOf(id uint64) int {
	for i := len(s.sessions) - 1; i > 0; i-- {
		if s.sessions[i].start < id {
			return s.sessions[i].Number
		}
	}
	return s.sessions[0].Number
}

// startSession starts a session that holds the records with numbers above seq: those that come from now on, or also the
// last ones before.
func (s *Store) startSession(seq uint64, at model.Time, reason string) {
	number := s.present() + 1
	s.sessions = append(s.sessions, session{Session: model.Session{Number: number, StartTime: at, Reason: reason}, start: seq})
	s.resession()
}

// resession gives every record the session it belongs to, after sessions changed, and counts anew. It takes time that
// grows with what is stored; sessions change when a human or a process starts over.
func (s *Store) resession() {
	if len(s.sessions) > maxSessions {
		s.uniteSession(s.sessions[1].Number)
	}
	seq := s.next()
	s.sessionSeq, s.resetSeq = seq, seq
	for i := range s.sessions {
		s.sessions[i].Traces, s.sessions[i].Issues = 0, 0
	}
	s.counts = model.Counts{}
	s.listedTraces, s.listedIssues = 0, 0
	for _, t := range s.traces {
		if n := s.sessionOf(t.seq); n != t.session {
			t.session, t.snap, t.read, t.version = n, nil, false, seq
		}
		s.countTrace(t, +1)
	}
	moved := map[*issue]struct{}{} // those of which an occurrence is of another session than before
	start := s.sessionStart()
	for _, e := range s.events {
		if n := s.sessionOf(e.id); n != e.rec.Session {
			if is := e.issue; is != nil {
				s.issueIn(is, e.rec.Session).n--
				s.issueIn(is, n).n++
				moved[is] = struct{}{}
			}
			rec := *e.rec
			rec.Session = n
			e.rec = &rec
			if e.trace != nil {
				e.trace.snap = nil
			}
		}
		if e.primary == nil {
			s.countEvent(e, +1)
		}
	}
	for is := range moved {
		s.recount(is)
	}
	for _, is := range s.issues {
		is.snap = nil
		is.session = 0
		if n := len(is.perSession); n > 0 {
			is.session = is.perSession[n-1].session
		}
		s.countIssue(is, +1)
	}
	s.counts.Logs = s.logs.countSince(start)
	for _, it := range s.items.since(start) {
		s.countItem(it.rec, +1)
	}
	for _, m := range s.metrics {
		m.snap = nil
		s.countMetric(m, +1)
	}
	for _, sv := range s.services {
		if n := s.sessionOf(sv.seq); sv.session != n {
			sv.session, sv.snap = n, nil
		}
		s.countService(sv, +1)
	}
}

// NewSession starts a new session. Earlier ones are kept, and hidden in lists.
func (s *Store) NewSession() {
	s.mu.Lock()
	s.begin()
	s.startSession(s.seq, s.time, reasonNew)
	s.mu.Unlock()
	s.subs.wake()
}

// ImportSession starts a session for the records of a file.
func (s *Store) ImportSession() {
	s.mu.Lock()
	s.begin()
	s.startSession(s.seq, s.time, reasonImported)
	s.mu.Unlock()
	s.subs.wake()
}

// UndoTime is how long a Clear can be taken back.
const UndoTime = 10 * time.Second

// clearing is a clear that can be undone.
type clearing struct {
	seq     uint64 // units that were last active up to here are hidden
	session int    // that it started; 0: there is none
	before  int    // Store.clearedNum before it
	until   time.Time
}

// Clear starts a new session and removes everything that is not pinned. Undo takes it back within UndoTime; until then
// what was removed is only hidden, and still counts for the store's bounds.
func (s *Store) Clear() {
	s.mu.Lock()
	s.begin()
	s.finishClear()
	s.startSession(s.seq, s.time, reasonCleared)
	s.clear = clearing{seq: s.sessionStart(), session: s.present(), before: s.clearedNum, until: s.now().Add(UndoTime)}
	s.clearedNum = s.present()
	s.recentLogs, s.recentItems, s.recentMetrics = recent{}, recent{}, recent{} // what is sent again is wanted again
	s.suspects = nil
	s.resession()
	s.mu.Unlock()
	s.subs.wake()
}

// Undo takes the last Clear back. ok is false when there is none, or it is final.
func (s *Store) Undo() (ok bool) {
	s.mu.Lock()
	s.begin()
	if ok = s.clear.session != 0; ok {
		s.uniteSession(s.clear.session)
		s.clearedNum = s.clear.before
		s.clear = clearing{}
		s.resession()
	}
	s.mu.Unlock()
	s.subs.wake()
	return ok
}

// uniteSession makes a session part of the one before it.
func (s *Store) uniteSession(number int) {
	i := slices.IndexFunc(s.sessions, func(x session) bool { return x.Number == number })
	if i <= 0 {
		return
	}
	into := s.sessions[i-1].Number
	s.sessions = slices.Delete(s.sessions, i, i+1)
	for _, is := range s.issues {
		s.uniteIn(is, number, into)
	}
	for _, e := range s.events {
		if e.rec.Session == number {
			rec := *e.rec
			rec.Session = into
			e.rec = &rec
		}
	}
}

// finishClear makes the last clear final: evict then takes out what it hid.
func (s *Store) finishClear() {
	if s.clear.session != 0 {
		s.purgeSeq = max(s.purgeSeq, s.clear.seq)
		s.clear = clearing{}
	}
}

// settle makes a clear final whose time has come.
func (s *Store) settle(now time.Time) {
	if s.clear.session != 0 && now.After(s.clear.until) {
		s.finishClear()
	}
}

// SessionTable says which session a record belongs to, as things are at one moment.
type SessionTable struct {
	starts  []uint64
	numbers []int
}

// SessionTable returns the sessions by the numbers of records.
func (s *Store) SessionTable() SessionTable {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := SessionTable{make([]uint64, len(s.sessions)), make([]int, len(s.sessions))}
	for i := range s.sessions {
		t.starts[i], t.numbers[i] = s.sessions[i].start, s.sessions[i].Number
	}
	return t
}

// Of returns the number of the session in which a record arrived, by its own number (Log.ID, Item.ID). It is the
// record's Session, except when a restart was recognised after it had arrived.
func (t SessionTable) Of(id uint64) int {
	for i := len(t.starts) - 1; i > 0; i-- {
		if t.starts[i] < id {
			return t.numbers[i]
		}
	}
	return t.numbers[0]
}

// Present returns the number of the present session.
func (t SessionTable) Present() int { return t.numbers[len(t.numbers)-1] }
