package scope_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"
	"go.opentelemetry.io/collector/pdata/ptrace/ptraceotlp"

	"github.com/otelcol-spotlight/otelcol-spotlight/internal/testkit"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/envelope"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/frompdata"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/scope"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/sentry"
)

// What real SDKs sent, in other orders of arrival, gives the same events byte for byte.
func TestCorpus_OrderDoesNotMatter(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	events := 0
	for _, s := range testkit.Corpus(t) {
		t.Run(s.Name, func(t *testing.T) {
			c := readCapture(s)
			want := c.materialize(t)
			events += len(c.events)
			for range 5 {
				for _, v := range c.views {
					rng.Shuffle(len(v.Spans), func(i, j int) { v.Spans[i], v.Spans[j] = v.Spans[j], v.Spans[i] })
					rng.Shuffle(len(v.Logs), func(i, j int) { v.Logs[i], v.Logs[j] = v.Logs[j], v.Logs[i] })
					rng.Shuffle(len(v.Events), func(i, j int) { v.Events[i], v.Events[j] = v.Events[j], v.Events[i] })
				}
				rng.Shuffle(len(c.processLogs), func(i, j int) { c.processLogs[i], c.processLogs[j] = c.processLogs[j], c.processLogs[i] })
				require.Equal(t, want, c.materialize(t))
			}
		})
	}
	require.NotZero(t, events)
}

// capture is what a scenario of the corpus becomes.
type capture struct {
	views       map[model.TraceID]*scope.TraceView
	processLogs []*model.Log
	events      []*model.EventRecord
}

func readCapture(s testkit.Scenario) *capture {
	c := &capture{views: map[model.TraceID]*scope.TraceView{}}
	translator := sentry.NewTranslator(sentry.Options{})
	received := time.Unix(1_700_000_000, 0)
	opts := frompdata.Options{Received: received}
	for _, r := range s.Requests {
		body := r.Body
		if r.Header.Get("Content-Encoding") == "gzip" {
			if z, err := gzip.NewReader(bytes.NewReader(body)); err == nil {
				body, _ = io.ReadAll(z)
			}
		}
		asJSON := strings.Contains(r.Header.Get("Content-Type"), "json")
		switch {
		case r.Path == "/v1/traces":
			req := ptraceotlp.NewExportRequest()
			if asJSON && req.UnmarshalJSON(body) == nil || !asJSON && req.UnmarshalProto(body) == nil {
				c.add(frompdata.Traces(req.Traces(), opts))
			}
		case r.Path == "/v1/logs":
			req := plogotlp.NewExportRequest()
			if asJSON && req.UnmarshalJSON(body) == nil || !asJSON && req.UnmarshalProto(body) == nil {
				c.add(frompdata.Logs(req.Logs(), opts))
			}
		case r.IsOTLP():
		default:
			env, err := envelope.Parse(body, envelope.Limits{})
			if err != nil {
				continue
			}
			out := translator.Envelope(env, sentry.Request{Endpoint: "envelope", Received: received})
			c.add(frompdata.Traces(out.Traces, opts))
			c.add(frompdata.Logs(out.Logs, opts))
		}
	}
	return c
}

func (c *capture) view(id model.TraceID) *scope.TraceView {
	if c.views[id] == nil {
		c.views[id] = &scope.TraceView{TraceID: id, Decode: sentry.DecodeEvent}
	}
	return c.views[id]
}

func (c *capture) add(b *model.Batch) {
	for _, s := range b.Spans {
		v := c.view(s.TraceID)
		v.Spans = append(v.Spans, s)
	}
	for _, l := range b.Logs {
		if l.TraceID.IsZero() {
			c.processLogs = append(c.processLogs, l)
			continue
		}
		v := c.view(l.TraceID)
		v.Logs = append(v.Logs, l)
	}
	for _, ev := range b.Events {
		v := c.view(ev.TraceID)
		v.Events = append(v.Events, ev)
		c.events = append(c.events, ev)
	}
}

func (c *capture) materialize(t *testing.T) string {
	t.Helper()
	prepared := map[model.TraceID]*scope.Prepared{}
	var out strings.Builder
	for _, rec := range c.events {
		if prepared[rec.TraceID] == nil {
			v := *c.view(rec.TraceID)
			v.ProcessLogs = c.processLogs
			prepared[rec.TraceID] = scope.Prepare(v, scope.DefaultConfig())
		}
		var ev model.Event
		if rec.Payload != nil {
			ev, _ = sentry.DecodeEvent(rec.Payload)
		}
		ev.EventSummary, ev.Source, ev.Resource, ev.Scope = rec.EventSummary, rec.Source, rec.Resource, rec.Scope
		if rec.Source != model.SourceSentry {
			ev.Attributes = rec.Attributes
		}
		r := prepared[rec.TraceID].Event(&ev, scope.Spec)
		require.False(t, r.Truncated, "%s: %s", rec.Title, rec.Value)
		r.Apply(&ev)
		require.NoError(t, json.NewEncoder(&out).Encode(&ev))
	}
	return out.String()
}
