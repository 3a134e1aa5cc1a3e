package spotlightexporter

import (
	"context"
	"strings"

	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/frompdata"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/issue"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/sentry"
)

// The consume functions copy what they need out of pdata before they return; the pipeline may share it with others.

func (s *spotlight) consumeTraces(ctx context.Context, td ptrace.Traces) error {
	s.ports.arrived(ctx)
	s.add(frompdata.Traces(td, s.fromPdata()))
	return nil
}

func (s *spotlight) consumeLogs(ctx context.Context, ld plog.Logs) error {
	s.ports.arrived(ctx)
	s.add(frompdata.Logs(ld, s.fromPdata()))
	return nil
}

func (s *spotlight) consumeMetrics(ctx context.Context, md pmetric.Metrics) error {
	s.ports.arrived(ctx)
	s.add(frompdata.Metrics(md, s.fromPdata()))
	return nil
}

func (s *spotlight) fromPdata() frompdata.Options {
	return frompdata.Options{Received: s.now(), OwnEndpoints: s.config.OwnEndpoints}
}

// add groups the errors of a batch and stores it. Grouping needs the frames, so this is the one place where a payload is
// read before somebody looks; it happens in the caller's goroutine, outside every lock.
func (s *spotlight) add(b *model.Batch) {
	for _, e := range b.Events {
		group(e)
	}
	s.store.Add(b)
}

// group gives an event the key of its group, and its row what only the payload says.
func group(e *model.EventRecord) {
	if e.IssueID != "" {
		return
	}
	ev := model.Event{
		EventSummary: e.EventSummary,
		Source:       e.Source,
		Exceptions:   e.Exceptions,
		Attributes:   e.Attributes,
	}
	if e.Message != "" {
		ev.Message = &model.Message{Formatted: e.Message}
	}
	if e.Payload != nil {
		ev, _ = sentry.DecodeForIssue(e.Payload) // its warnings are shown with the event, when it is read again
		complete(&e.EventSummary, &ev.EventSummary)
	}
	if e.Handled == nil && len(ev.Exceptions) > 0 && ev.Exceptions[0].Mechanism != nil {
		e.Handled = ev.Exceptions[0].Mechanism.Handled
	}
	key := issue.Cluster(&ev)
	e.IssueID, e.How = key.ID, string(key.How)
	// Clones: the strings of a decoded event are parts of larger ones, which the store would keep alive.
	e.Title, e.Value, e.Culprit = strings.Clone(key.Title), strings.Clone(key.Value), strings.Clone(key.Culprit)
}

// complete fills what a row lacks from what the payload says. What the record says wins: a processor on the way may have
// changed it on purpose.
func complete(row, payload *model.EventSummary) {
	if row.Type == "" {
		row.Type = payload.Type
	}
	if row.Level == "" {
		row.Level = payload.Level
	}
	if row.Handled == nil {
		row.Handled = payload.Handled
	}
	if row.Platform == "" {
		row.Platform = payload.Platform
	}
	if row.Release == "" {
		row.Release = payload.Release
	}
	if row.Environment == "" {
		row.Environment = payload.Environment
	}
	if row.Time == 0 {
		row.Time = payload.Time
	}
	if row.TraceID.IsZero() {
		row.TraceID, row.SpanID = payload.TraceID, payload.SpanID
	}
}
