package live

import (
	"slices"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// issueSnapshot returns the issue as it is now.
func (s *Store) issueSnapshot(is *issue) *IssueSnapshot {
	if is.snap != nil {
		return is.snap
	}
	snap := &IssueSnapshot{Version: is.version, Issue: model.Issue{
		IssueID: is.id, Level: is.level, Unhandled: is.unhandled, FirstTime: is.first, LastTime: is.last,
		Services: slices.Clip(is.services), Origins: slices.Clip(is.origins), Session: is.session, Pinned: is.user,
		How: is.how, Hidden: is.hiddenIn == s.present(),
	}, HiddenIn: is.hiddenIn}
	for i := range is.perSession {
		if in := &is.perSession[i]; in.session >= s.clearedNum || is.user {
			snap.perSession = append(snap.perSession, *in)
			snap.TotalCount += in.n
		}
	}
	snap.Type, snap.Title, snap.Value, snap.Culprit = is.face.Type, is.face.Title, is.face.Value, is.face.Culprit
	snap.LastEvent, snap.LastTrace = is.face.EventID, is.face.TraceID
	snap.Spark, snap.SparkTime = is.spark.draw()
	snap.all = snap.Issue
	snap.all.Count = snap.all.TotalCount
	snap.Issue, _ = snap.In(s.present())
	for n := is.events.back; n != nil && len(snap.Events) < MaxIssueEvents; n = n.prev {
		if !s.cleared(n.v.holder()) {
			snap.Events = append(snap.Events, n.v.rec)
		}
	}
	is.snap = snap
	return snap
}

// In returns the issue as it was in one session: how often, and when, it occurred there. ok is false when it did not; the
// times are then those of all sessions.
func (s *IssueSnapshot) In(session int) (is model.Issue, ok bool) {
	is = s.all
	for i := range s.perSession {
		if in := &s.perSession[i]; in.session == session {
			is.Count, is.FirstTime, is.LastTime = in.n, in.first, in.last
			is.Spark, is.SparkTime = in.spark.draw()
			return is, true
		}
	}
	is.Count = 0
	return is, false
}

// InAll returns the issue as it was in all sessions that are kept.
func (s *IssueSnapshot) InAll() model.Issue { return s.all }

// Issues returns the issues that occurred in a session and were not cleared, last changed first; of all sessions, when it
// is 0. Pinned ones are in the present session whether they occurred there or not.
func (s *Store) Issues(session int) []IssueRow {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make([]IssueRow, 0, s.listedIssues)
	for n := s.changedIssues.back; n != nil; n = n.prev {
		is := n.v
		if !s.listed(is) {
			continue
		}
		row := IssueRow{is.id, is.version, is.last}
		if session > 0 {
			i := slices.IndexFunc(is.perSession, func(in inSession) bool { return in.session == session })
			switch {
			case i >= 0:
				row.LastTime = is.perSession[i].last
			case !is.user || session != s.present():
				continue
			}
		}
		all = append(all, row)
	}
	return all
}

// Issue returns an issue.
func (s *Store) Issue(id string) (*IssueSnapshot, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	is := s.issues[id]
	if is == nil || !s.listed(is) {
		return nil, false
	}
	return s.issueSnapshot(is), true
}

// PinIssue keeps an issue and its newest event, as PinTrace keeps a trace.
func (s *Store) PinIssue(id string, pinned bool) (ok bool) {
	s.mu.Lock()
	is := s.issues[id]
	if ok = is != nil && s.listed(is); ok && is.user != pinned {
		s.begin()
		s.countIssue(is, -1)
		is.user = pinned
		if is.events.n == 0 && !pinned {
			s.dropIssue(is)
		} else {
			s.holdNewest(is)
			s.countIssue(is, +1)
			s.changeIssue(is)
		}
		s.sweep()
	}
	s.mu.Unlock()
	s.subs.wake()
	return ok
}

// HideIssue hides an issue, or shows it again, for the present session.
func (s *Store) HideIssue(id string, hidden bool) (ok bool) {
	s.mu.Lock()
	is := s.issues[id]
	if ok = is != nil && s.listed(is); ok {
		s.begin()
		s.countIssue(is, -1)
		is.hiddenIn = 0
		if hidden {
			is.hiddenIn = s.present()
		}
		s.countIssue(is, +1)
		s.changeIssue(is)
	}
	s.mu.Unlock()
	s.subs.wake()
	return ok
}
