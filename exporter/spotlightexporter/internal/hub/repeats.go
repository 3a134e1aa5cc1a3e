package hub

import (
	"time"

	"github.com/otelcol-spotlight/otelcol-spotlight/exporter/spotlightexporter/internal/live"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// hold is how long a row that was just sent may change again before it is sent again. What is new is never held back. A
// trace that grows span by span would otherwise cost a summary for every span, several times its own size; ten times a
// second is still smooth.
const hold = 100 * time.Millisecond

// repeats remembers which rows were sent within hold. Its one owner is the goroutine lists.
type repeats struct {
	traces   map[model.TraceID]time.Time
	services map[string]time.Time
	metrics  map[live.MetricKey]time.Time
	held     time.Time // since when something is held back
	pruned   time.Time
}

func newRepeats() *repeats {
	return &repeats{traces: map[model.TraceID]time.Time{}, services: map[string]time.Time{}, metrics: map[live.MetricKey]time.Time{}}
}

// due returns when the changes should be sent: now, unless they are nothing but repetitions.
func (r *repeats) due(c *live.Changes, now time.Time) time.Time {
	if len(c.Events)+len(c.Transactions)+len(c.Issues)+len(c.Items) > 0 || c.Logs || c.Session || c.Reset || !c.RemovedNothing() {
		return now
	}
	if r.held.IsZero() {
		r.held = now
	}
	due := r.held.Add(hold)
	due = earliest(due, r.traces, c.Traces)
	due = earliest(due, r.services, c.Services)
	return earliest(due, r.metrics, c.Metrics)
}

// earliest returns the first moment at which one of the rows may be sent, at most due.
func earliest[K comparable](due time.Time, sent map[K]time.Time, ids []K) time.Time {
	for _, id := range ids {
		at := sent[id] // the zero time for what was not sent lately
		if next := at.Add(hold); next.Before(due) {
			due = next
		}
	}
	return due
}

// sent takes note of what is sent now.
func (r *repeats) sent(c *live.Changes, now time.Time) {
	r.held = time.Time{}
	if now.Sub(r.pruned) >= hold {
		r.pruned = now
		prune(r.traces, now)
		prune(r.services, now)
		prune(r.metrics, now)
	}
	for _, id := range c.Traces {
		r.traces[id] = now
	}
	for _, id := range c.Services {
		r.services[id] = now
	}
	for _, key := range c.Metrics {
		r.metrics[key] = now
	}
}

func prune[K comparable](sent map[K]time.Time, now time.Time) {
	for id, at := range sent {
		if now.Sub(at) >= hold {
			delete(sent, id)
		}
	}
}
