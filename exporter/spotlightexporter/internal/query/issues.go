package query

import (
	"cmp"
	"slices"
	"sync"

	"github.com/otelcol-spotlight/otelcol-spotlight/exporter/spotlightexporter/internal/live"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// maxIssues is how many issues with what varies in them are kept.
const maxIssues = 16

// issueCache keeps the issues that were looked at.
type issueCache struct {
	mu     sync.Mutex
	issues []issueEntry // least recently used first
}

type issueEntry struct {
	id      string
	version uint64
	details *model.IssueDetails
}

// Issues returns groups of errors, last seen first, with counts and times of the session that is asked for.
func (q *Query) Issues(f Filter) model.Page[model.Issue] {
	page := model.Page[model.Issue]{Seq: q.store.Seq(), Items: []model.Issue{}}
	ask := parse(f.Q, issueList, &page.Warnings)
	session := q.sessions(&f).want
	rows := q.store.Issues(max(session, 0))
	slices.SortFunc(rows, func(a, b live.IssueRow) int {
		return cmp.Or(cmp.Compare(b.LastTime, a.LastTime), cmp.Compare(a.IssueID, b.IssueID))
	})
	limit := f.limit()
	for _, r := range rows {
		if r.Version <= f.Since || f.After != 0 && r.LastTime <= f.After {
			continue
		}
		snap, ok := q.store.Issue(r.IssueID)
		if !ok || !levelAtLeast(snap.Level, f.Level) || f.Service != "" && !slices.Contains(snap.Services, f.Service) ||
			f.Type != "" && string(snap.Type) != f.Type || !f.Trace.IsZero() && !hasTrace(snap, f.Trace) {
			continue
		}
		seen := *snap
		if seen.Issue = snap.InAll(); session > 0 {
			seen.Issue, _ = snap.In(session)
		}
		if !ask.Empty() && !ask.Match(&issueRecord{q: q, snap: &seen}) {
			continue
		}
		if len(page.Items) == limit {
			page.Truncated = true
			break
		}
		page.Items = append(page.Items, seen.Issue)
	}
	return page
}

func hasTrace(snap *live.IssueSnapshot, id model.TraceID) bool {
	return slices.ContainsFunc(snap.Events, func(ev *model.EventRecord) bool { return ev.TraceID == id })
}

// Issue returns a group with its newest events and what differs between them.
func (q *Query) Issue(id string) (*model.IssueDetails, bool) {
	snap, ok := q.store.Issue(id)
	if !ok {
		return nil, false
	}
	c := &q.issues
	c.mu.Lock()
	i := slices.IndexFunc(c.issues, func(e issueEntry) bool { return e.id == id })
	if i >= 0 && c.issues[i].version == snap.Version {
		e := c.issues[i]
		c.issues = append(slices.Delete(c.issues, i, i+1), e)
		c.mu.Unlock()
		return e.details, true
	}
	c.mu.Unlock()

	details := &model.IssueDetails{Issue: snap.Issue, Events: summariesOf(snap.Events), Varies: varying(snap.Events)}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.issues = slices.DeleteFunc(c.issues, func(e issueEntry) bool { return e.id == id })
	if len(c.issues) == maxIssues {
		c.issues = slices.Delete(c.issues, 0, 1)
	}
	c.issues = append(c.issues, issueEntry{id, snap.Version, details})
	return details, true
}
