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
	}}
	for _, c := range is.perSession {
		if c.session >= s.clearedNum || is.user {
			snap.TotalCount += c.n
		}
		if c.session == s.present() {
			snap.Count = c.n
		}
	}
	snap.Type, snap.Title, snap.Value, snap.Culprit = is.face.Type, is.face.Title, is.face.Value, is.face.Culprit
	snap.LastEvent, snap.LastTrace = is.face.EventID, is.face.TraceID
	snap.Spark = make([]int, sparkBuckets)
	for i := range snap.Spark {
		b := is.sparkEnd - int64(sparkBuckets-1-i)
		snap.Spark[i] = is.spark[(b%sparkBuckets+sparkBuckets)%sparkBuckets]
	}
	snap.SparkTime = model.Time((is.sparkEnd + 1) * sparkWidth)
	for n := is.events.back; n != nil && len(snap.Events) < MaxIssueEvents; n = n.prev {
		if !s.cleared(n.v.holder()) {
			snap.Events = append(snap.Events, n.v.rec)
		}
	}
	is.snap = snap
	return snap
}

// Issues returns all issues that were not cleared, last changed first.
func (s *Store) Issues() []IssueRow {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make([]IssueRow, 0, s.listedIssues)
	for n := s.changedIssues.back; n != nil; n = n.prev {
		if is := n.v; s.listed(is) {
			all = append(all, IssueRow{is.id, is.version, is.last, is.session, is.user})
		}
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
