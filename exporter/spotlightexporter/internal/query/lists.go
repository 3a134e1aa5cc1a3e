package query

import (
	"slices"

	"github.com/otelcol-spotlight/otelcol-spotlight/exporter/spotlightexporter/internal/live"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// How many summaries a frame carries at most; the newest. Further ones are counted in Lists.Skipped and are in the lists
// of the API. They keep a frame below some 3 MiB in a flood; otherwise a frame has a few rows.
const (
	maxFrameTraces   = 1000
	maxFrameIssues   = 1000
	maxFrameEvents   = 1000
	maxFrameLogs     = 1000
	maxFrameMetrics  = 1000
	maxFrameItems    = 500
	maxFrameServices = 200
)

// Snapshot returns the lists of the present session as they are now, and the sequence number they are complete up to.
func (q *Query) Snapshot() (lists *model.Lists, seq uint64) {
	seq = q.store.Seq() // what comes meanwhile comes again in the first delta
	lists = &model.Lists{}
	q.fill(lists)
	return lists, seq
}

// fill puts in the newest of everything of the present session, and what is pinned.
func (q *Query) fill(lists *model.Lists) {
	traces := q.Traces(Filter{Limit: maxFrameTraces})
	issues := q.Issues(Filter{Limit: maxFrameIssues})
	events := q.Events(Filter{Limit: maxFrameEvents})
	logs := q.Logs(Filter{Limit: maxFrameLogs})
	metrics := q.Metrics(Filter{Limit: maxFrameMetrics})
	items := q.Items(Filter{Limit: maxFrameItems})
	services := q.Services(Filter{Limit: maxFrameServices})
	lists.Traces, lists.Issues, lists.Events, lists.Logs = traces.Items, issues.Items, events.Items, logs.Items
	lists.Metrics, lists.Items, lists.Services = metrics.Items, items.Items, services.Items
	st := q.store.Status()
	lists.Counts, lists.Session, lists.Dropped = &st.Counts, &st.Session, q.store.Dropped()
	lists.Skipped = max(0, st.Counts.Traces-len(traces.Items)) + max(0, st.Counts.Issues-len(issues.Items)) + max(0, st.Counts.Events-len(events.Items)) +
		max(0, st.Counts.Logs-len(logs.Items)) + max(0, st.Counts.Items-len(items.Items)) + max(0, st.Counts.Metrics-len(metrics.Items))
}

// Delta returns what changed in the lists after since, and the sequence number it is complete up to. lists is nil when
// nothing changed. ok is false when since is too old or of another store: the reader gets a Snapshot instead.
//
// When a session was started, cleared or brought back, the delta removes everything and carries the lists of the
// session that is now the present one.
func (q *Query) Delta(since uint64) (lists *model.Lists, seq uint64, ok bool) {
	c, ok := q.store.Changes(since)
	if !ok {
		return nil, c.Seq, false
	}
	if c.Empty() {
		return nil, c.Seq, true
	}
	lists = &model.Lists{}
	if c.Reset {
		q.fill(lists)
		lists.Removed = &model.Removed{All: true}
		return lists, c.Seq, true
	}
	q.changedTraces(lists, &c)
	lists.Transactions = newest(c.Transactions, maxFrameTraces, &lists.Skipped)
	q.changedIssues(lists, &c)
	q.changedEvents(lists, &c)
	q.changedMetrics(lists, &c)
	q.changedItems(lists, &c)
	q.changedServices(lists, &c)
	if c.Logs {
		q.newLogs(lists, since)
	}
	if !c.RemovedNothing() {
		lists.Removed = &c.Removed
	}
	if empty(lists) && !c.Session && !c.Dropped {
		return nil, c.Seq, true
	}
	st := q.store.Status()
	lists.Counts, lists.Session = &st.Counts, &st.Session
	if c.Dropped {
		lists.Dropped = q.store.Dropped()
	}
	return lists, c.Seq, true
}

func empty(l *model.Lists) bool {
	return len(l.Traces)+len(l.Transactions)+len(l.Issues)+len(l.Events)+len(l.Logs)+len(l.Metrics)+len(l.Items)+len(l.Services)+l.Skipped == 0 && l.Removed == nil
}

// newest keeps the last n of a list of changes, newest first, and counts the others.
func newest[T any](list []T, n int, skipped *int) []T {
	if len(list) > n {
		*skipped += len(list) - n
		list = list[len(list)-n:]
	}
	list = slices.Clone(list)
	slices.Reverse(list)
	return list
}

// changedTraces puts in the rows of traces that changed; one that says the same as before is left out.
func (q *Query) changedTraces(lists *model.Lists, c *live.Changes) {
	for _, id := range newest(c.Traces, maxFrameTraces, &lists.Skipped) {
		snap, ok := q.store.Trace(id)
		if !ok {
			continue
		}
		if sum, at := q.summary(snap); at > c.Since {
			lists.Traces = append(lists.Traces, sum)
		}
	}
}

func (q *Query) changedIssues(lists *model.Lists, c *live.Changes) {
	for _, id := range newest(c.Issues, maxFrameIssues, &lists.Skipped) {
		if snap, ok := q.store.Issue(id); ok {
			lists.Issues = append(lists.Issues, snap.Issue)
		}
	}
}

func (q *Query) changedEvents(lists *model.Lists, c *live.Changes) {
	for _, id := range newest(c.Events, maxFrameEvents, &lists.Skipped) {
		if rec, ok := q.store.Event(id); ok {
			lists.Events = append(lists.Events, rec.EventSummary)
		}
	}
}

func (q *Query) changedMetrics(lists *model.Lists, c *live.Changes) {
	for _, key := range newest(c.Metrics, maxFrameMetrics, &lists.Skipped) {
		if snap, ok := q.store.RecentMetric(key); ok {
			lists.Metrics = append(lists.Metrics, metricRow(snap))
		}
	}
}

func (q *Query) changedItems(lists *model.Lists, c *live.Changes) {
	table := q.store.SessionTable()
	for _, id := range newest(c.Items, maxFrameItems, &lists.Skipped) {
		if it, ok := q.store.Item(id); ok {
			lists.Items = append(lists.Items, itemRow(it, table.Of(id)))
		}
	}
}

func (q *Query) changedServices(lists *model.Lists, c *live.Changes) {
	if len(c.Services) == 0 {
		return
	}
	found := q.findings(q.store.Services())
	for _, id := range newest(c.Services, maxFrameServices, &lists.Skipped) {
		if snap, ok := q.store.Service(id); ok {
			lists.Services = append(lists.Services, serviceRow(snap, found))
		}
	}
}

// newLogs puts in the log records that came after since.
func (q *Query) newLogs(lists *model.Lists, since uint64) {
	page := q.Logs(Filter{Session: AllSessions, Since: since, Limit: maxFrameLogs})
	lists.Logs = page.Items
	if page.Truncated {
		lists.Skipped += q.store.CountLogs(since) - len(page.Items)
	}
}
