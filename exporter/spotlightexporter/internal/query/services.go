package query

import (
	"cmp"
	"slices"
	"sync"
	"time"

	"github.com/otelcol-spotlight/otelcol-spotlight/exporter/spotlightexporter/internal/live"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// Services returns the processes that send data, with findings: the last active first.
func (q *Query) Services(f Filter) model.Page[model.Service] {
	page := model.Page[model.Service]{Seq: q.store.Seq(), Items: []model.Service{}}
	ask := parse(f.Q, serviceList, &page.Warnings)
	in := q.sessions(&f)
	snaps := q.store.Services()
	slices.SortStableFunc(snaps, func(a, b *live.ServiceSnapshot) int { return cmp.Compare(b.LastTime, a.LastTime) })
	found := q.findings(snaps)
	limit := f.limit()
	for _, snap := range snaps {
		if !in.has(snap.Session) || snap.Version <= f.Since || f.Service != "" && snap.Service.Service != f.Service || f.After != 0 && snap.LastTime <= f.After {
			continue
		}
		sv := serviceRow(snap, found)
		if !ask.Empty() && !ask.Match(&serviceRecord{&sv}) {
			continue
		}
		if len(page.Items) == limit {
			page.Truncated = true
			break
		}
		page.Items = append(page.Items, sv)
	}
	return page
}

// Service returns a process.
func (q *Query) Service(id string) (*model.Service, bool) {
	snap, ok := q.store.Service(id)
	if !ok {
		return nil, false
	}
	sv := serviceRow(snap, q.findings(q.store.Services()))
	return &sv, true
}

func serviceRow(snap *live.ServiceSnapshot, found map[string][]model.Finding) model.Service {
	sv := snap.Service
	sv.Findings = found[sv.ID]
	if snap.Facts.RemoteParents > 0 {
		if sv.Origin == model.OriginSentry {
			sv.Propagation = []string{"sentry-trace"}
		} else {
			sv.Propagation = []string{"traceparent"}
		}
	}
	return sv
}

// findingsAge is how long findings are kept: they look at many traces, and are shown with every change of a process.
const findingsAge = 2 * time.Second

// findingsCache keeps the findings of all processes.
type findingsCache struct {
	mu    sync.Mutex
	until time.Time
	seq   uint64
	found map[string][]model.Finding
}

// findings returns what is to be mended of each process, by its id.
func (q *Query) findings(snaps []*live.ServiceSnapshot) map[string][]model.Finding {
	c := &q.found
	c.mu.Lock()
	defer c.mu.Unlock()
	now, seq := q.opts.Now(), q.store.Seq()
	if c.found == nil || seq != c.seq && !now.Before(c.until) {
		c.found, c.seq, c.until = q.find(snaps), seq, now.Add(findingsAge)
	}
	return c.found
}
