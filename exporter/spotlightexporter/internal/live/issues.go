package live

import (
	"slices"
	"unsafe"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// maxIssueServices bounds the names of services an issue lists.
const maxIssueServices = 32

// issue is a group of events. It lives as long as one of its occurrences is stored, or it is pinned; its counts go on
// counting occurrences that have left the store.
type issue struct {
	changed node[issue]
	id      string
	born    uint64
	version uint64
	session int // of its newest occurrence

	events list[event]        // occurrences, in order of arrival
	newest *event             // by the time of the event, not by that of its arrival
	face   model.EventSummary // of newest, kept when that has left
	how    string
	held   *unit // the unit that is kept because the issue is pinned

	perSession []inSession // rising numbers
	first      model.Time
	last       model.Time
	level      model.Level
	unhandled  bool
	services   []string // sorted
	origins    []model.Origin
	spark      sparkline

	user     bool // pinned
	hiddenIn int  // session in which the user hid it
	snap     *IssueSnapshot
	bytes    int64
}

// inSession is what an issue did in one session.
type inSession struct {
	session, n  int
	first, last model.Time
	spark       sparkline
}

// inSessionBytes is what a session costs, in the issue and in its snapshot.
const inSessionBytes = 2 * int64(unsafe.Sizeof(inSession{}))

const issueBytes = int64(unsafe.Sizeof(issue{})) + int64(unsafe.Sizeof(IssueSnapshot{})) + mapEntry + 256

// when returns when an event happened: clocks that run ahead do not move an issue into the future.
func when(rec *model.EventRecord) model.Time {
	if rec.Time == 0 || rec.Time > rec.ReceivedTime {
		return rec.ReceivedTime
	}
	return rec.Time
}

// joinIssue counts an occurrence for its issue.
func (s *Store) joinIssue(e *event) {
	if e.rec.IssueID == "" {
		return
	}
	is := s.issues[e.rec.IssueID]
	if is == nil {
		is = &issue{id: e.rec.IssueID, born: s.next(), bytes: issueBytes}
		s.issues[is.id] = is
		s.bytes += is.bytes
	}
	s.countIssue(is, -1)
	e.issue = is
	is.events.pushBack(&e.inIssue, e)
	in := s.issueIn(is, s.sessionOf(e.id))
	in.n++
	in.take(e.rec)
	is.take(e.rec)
	if is.newest == nil || newer(e, is.newest) {
		is.newest, is.face, is.how = e, e.rec.EventSummary, e.rec.How
	}
	is.session = is.perSession[len(is.perSession)-1].session
	s.holdNewest(is)
	s.countIssue(is, +1)
	s.changeIssue(is)
}

// leaveIssue takes an occurrence out of its issue: because it left the store, or because it is none any more, and then it
// does not count either.
func (s *Store) leaveIssue(e *event, evicted bool) {
	is := e.issue
	if is == nil {
		return
	}
	s.countIssue(is, -1)
	e.issue = nil
	e.inIssue.remove()
	if !evicted {
		s.issueIn(is, s.sessionOf(e.id)).n--
		s.recount(is)
	}
	change := !evicted
	if is.newest == e {
		is.findNewest()
		change = true
	}
	if is.events.n == 0 && (!is.user || !evicted) {
		s.dropIssue(is)
		return
	}
	s.holdNewest(is)
	s.countIssue(is, +1)
	is.snap = nil
	if change {
		s.changeIssue(is)
	}
}

func (s *Store) dropIssue(is *issue) {
	delete(s.issues, is.id)
	is.changed.remove()
	s.bytes -= is.bytes
	if is.held != nil {
		s.pinUnit(is.held, -1)
		is.held = nil
	}
	s.bury(grave{kind: graveIssue, born: is.born, name: is.id})
}

// holdNewest keeps the unit of a pinned issue's newest event.
func (s *Store) holdNewest(is *issue) {
	var want *unit
	if is.user && is.newest != nil && !s.cleared(is.newest.holder()) {
		want = is.newest.holder()
	}
	if is.held == want {
		return
	}
	if want != nil {
		s.pinUnit(want, +1)
	}
	if is.held != nil {
		s.pinUnit(is.held, -1)
	}
	is.held = want
}

// pinUnit pins a unit on behalf of an issue.
func (s *Store) pinUnit(u *unit, by int) {
	if u.in == nil {
		return // it is leaving
	}
	if t, ok := u.what.(*trace); ok {
		s.countTrace(t, -1)
		defer s.countTrace(t, +1)
	}
	s.pin(u, by)
}

// changeIssue marks an issue as changed now; one that has no event left in a session that was not cleared is gone from
// lists.
func (s *Store) changeIssue(is *issue) {
	is.version, is.snap = s.next(), nil
	s.changedIssues.moveBack(&is.changed, is)
	if !s.listed(is) {
		s.bury(grave{kind: graveIssue, born: is.born, name: is.id})
	}
}

// newer orders events by their time, and those of one time by their id.
func newer(a, b *event) bool {
	if ta, tb := when(a.rec), when(b.rec); ta != tb {
		return ta > tb
	}
	return slices.Compare(a.rec.EventID[:], b.rec.EventID[:]) > 0
}

func (is *issue) findNewest() {
	is.newest = nil
	for n := is.events.back; n != nil; n = n.prev {
		if is.newest == nil || newer(n.v, is.newest) {
			is.newest = n.v
		}
	}
	if is.newest != nil {
		is.face, is.how = is.newest.rec.EventSummary, is.newest.rec.How
	}
}

// issueIn returns what an issue did in a session. What it returns holds until the next call.
func (s *Store) issueIn(is *issue, session int) *inSession {
	i, ok := slices.BinarySearchFunc(is.perSession, session, func(in inSession, session int) int { return in.session - session })
	if !ok {
		is.perSession = slices.Insert(is.perSession, i, inSession{session: session})
		is.bytes += inSessionBytes
		s.bytes += inSessionBytes
	}
	return &is.perSession[i]
}

// uniteIn makes what an issue did in one session part of what it did in another one.
func (s *Store) uniteIn(is *issue, session, into int) {
	i, ok := slices.BinarySearchFunc(is.perSession, session, func(in inSession, session int) int { return in.session - session })
	if !ok {
		return
	}
	was := is.perSession[i]
	is.perSession = slices.Delete(is.perSession, i, i+1)
	is.bytes -= inSessionBytes
	s.bytes -= inSessionBytes
	in := s.issueIn(is, into)
	in.n += was.n
	if in.first == 0 || was.first < in.first {
		in.first = was.first
	}
	in.last = max(in.last, was.last)
	in.spark.merge(&was.spark)
}

func (in *inSession) take(rec *model.EventRecord) {
	at := when(rec)
	if in.first == 0 || at < in.first {
		in.first = at
	}
	in.last = max(in.last, at)
	in.spark.mark(int64(at)/sparkWidth, 1)
}

// take adds what an occurrence says to what the issue says.
func (is *issue) take(rec *model.EventRecord) {
	at := when(rec)
	if is.first == 0 || at < is.first {
		is.first = at
	}
	is.last = max(is.last, at)
	if levelRank(rec.Level) > levelRank(is.level) {
		is.level = rec.Level
	}
	is.unhandled = is.unhandled || rec.Handled != nil && !*rec.Handled
	if i, ok := slices.BinarySearch(is.services, rec.Service); !ok && len(is.services) < maxIssueServices {
		is.services = slices.Insert(slices.Clip(is.services), i, rec.Service)
	}
	if i, ok := slices.BinarySearch(is.origins, rec.Origin); !ok {
		is.origins = slices.Insert(slices.Clip(is.origins), i, rec.Origin)
	}
	is.spark.mark(int64(at)/sparkWidth, 1)
}

// recount reads everything that is no count from the occurrences that are stored: one was taken out that never was one,
// or belongs to another session than was thought. What occurrences that have left the store said of a session stays.
func (s *Store) recount(is *issue) {
	is.first, is.last, is.level, is.unhandled, is.services, is.origins = 0, 0, "", false, nil, nil
	is.spark = sparkline{}
	was := slices.Clone(is.perSession)
	for i := range is.perSession {
		in := &is.perSession[i]
		*in = inSession{session: in.session}
	}
	for n := is.events.front; n != nil; n = n.next {
		is.take(n.v.rec)
		in := s.issueIn(is, s.sessionOf(n.v.id))
		in.n++
		in.take(n.v.rec)
	}
	for i := range was {
		in, old := s.issueIn(is, was[i].session), &was[i]
		switch {
		case old.n <= in.n: // all are stored
		case in.n == 0:
			*in = *old
		default:
			in.n, in.first = old.n, min(in.first, old.first)
		}
	}
	for i := len(is.perSession) - 1; i >= 0; i-- {
		if is.perSession[i].n <= 0 {
			is.perSession = slices.Delete(is.perSession, i, i+1)
			is.bytes -= inSessionBytes
			s.bytes -= inSessionBytes
		}
	}
}

// levelRank orders levels, low to high; an unknown one is as info.
func levelRank(l model.Level) int {
	switch l {
	case "":
		return -1
	case model.LevelTrace:
		return 0
	case model.LevelDebug:
		return 1
	case model.LevelWarning:
		return 3
	case model.LevelError:
		return 4
	case model.LevelFatal:
		return 5
	}
	return 2
}

// listed reports whether an issue is in lists: a clear hides what it did not leave a session of.
func (s *Store) listed(is *issue) bool {
	return is.user || len(is.perSession) > 0 && is.perSession[len(is.perSession)-1].session > s.clearedNum-1
}

// countIssue adds an issue to the counts, or takes it out: before and after anything that decides what it counts for.
func (s *Store) countIssue(is *issue, by int) {
	if len(is.perSession) == 0 || !s.listed(is) {
		return
	}
	s.listedIssues += by
	for i := range is.perSession {
		s.session(is.perSession[i].session).Issues += by
	}
	if is.session == s.present() && is.hiddenIn != is.session {
		s.counts.Issues += by
	}
}
