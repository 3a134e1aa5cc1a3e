package frompdata

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otelcol-spotlight/otelcol-spotlight/internal/testkit"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/envelope"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/sentry"
)

var update = flag.Bool("update", false, "write the golden files instead of comparing with them")

// data is what one request of the corpus carries.
type data struct {
	traces  ptrace.Traces
	logs    plog.Logs
	metrics pmetric.Metrics
}

// decode does what the receivers do with a request; ok is false for requests that carry nothing, and for encodings
// that only the receivers know.
func decode(t testing.TB, r testkit.Request) (d data, ok bool) {
	t.Helper()
	body := r.Body
	switch r.Header.Get("Content-Encoding") {
	case "":
	case "gzip":
		zr, err := gzip.NewReader(bytes.NewReader(body))
		require.NoError(t, err)
		body, err = io.ReadAll(zr)
		require.NoError(t, err)
	default:
		return d, false
	}
	d = data{ptrace.NewTraces(), plog.NewLogs(), pmetric.NewMetrics()}
	asJSON := r.Header.Get("Content-Type") == "application/json"
	var err error
	switch {
	case strings.HasSuffix(r.Path, "/v1/traces") || strings.HasSuffix(r.Path, "/v1/traces/"):
		if asJSON {
			d.traces, err = new(ptrace.JSONUnmarshaler).UnmarshalTraces(body)
		} else {
			d.traces, err = new(ptrace.ProtoUnmarshaler).UnmarshalTraces(body)
		}
	case strings.HasSuffix(r.Path, "/v1/logs"):
		if asJSON {
			d.logs, err = new(plog.JSONUnmarshaler).UnmarshalLogs(body)
		} else {
			d.logs, err = new(plog.ProtoUnmarshaler).UnmarshalLogs(body)
		}
	case strings.HasSuffix(r.Path, "/v1/metrics"):
		if asJSON {
			d.metrics, err = new(pmetric.JSONUnmarshaler).UnmarshalMetrics(body)
		} else {
			d.metrics, err = new(pmetric.ProtoUnmarshaler).UnmarshalMetrics(body)
		}
	case r.Method == "POST" && (strings.Contains(r.Path, "/envelope") || r.Path == "/stream"):
		env, err := envelope.Parse(body, envelope.Limits{})
		require.NoError(t, err, r.Name)
		res := sentry.NewTranslator(sentry.Options{}).Envelope(env, sentry.Request{Endpoint: "envelope", Project: "1", Received: arrival})
		d = data{res.Traces, res.Logs, res.Metrics}
	default:
		return d, false
	}
	require.NoError(t, err, r.Name)
	return d, true
}

// batches translates a request.
func (d data) batches() []*model.Batch {
	opts := Options{Received: arrival, OwnEndpoints: []string{"localhost:8969", "localhost:4318", "localhost:9001"}}
	return []*model.Batch{Traces(d.traces, opts), Logs(d.logs, opts), Metrics(d.metrics, opts)}
}

// travelled sends the data through what lies between two Collectors: OTLP, and a batch processor that puts everything
// under one list of resources.
func (d data) travelled(t *testing.T) data {
	t.Helper()
	tb, err := new(ptrace.ProtoMarshaler).MarshalTraces(d.traces)
	require.NoError(t, err)
	lb, err := new(plog.JSONMarshaler).MarshalLogs(d.logs)
	require.NoError(t, err)
	mb, err := new(pmetric.ProtoMarshaler).MarshalMetrics(d.metrics)
	require.NoError(t, err)
	out := data{ptrace.NewTraces(), plog.NewLogs(), pmetric.NewMetrics()}
	traces, err := new(ptrace.ProtoUnmarshaler).UnmarshalTraces(tb)
	require.NoError(t, err)
	traces.ResourceSpans().MoveAndAppendTo(out.traces.ResourceSpans())
	logs, err := new(plog.JSONUnmarshaler).UnmarshalLogs(lb)
	require.NoError(t, err)
	logs.ResourceLogs().MoveAndAppendTo(out.logs.ResourceLogs())
	metrics, err := new(pmetric.ProtoUnmarshaler).UnmarshalMetrics(mb)
	require.NoError(t, err)
	metrics.ResourceMetrics().MoveAndAppendTo(out.metrics.ResourceMetrics())
	return out
}

// TestCorpus translates everything real SDKs sent: nothing may be lost, everything must have a name and a service, and
// data that came through another Collector must look the same.
func TestCorpus(t *testing.T) {
	for _, scenario := range testkit.Corpus(t) {
		t.Run(scenario.Name, func(t *testing.T) {
			var lines []string
			for _, r := range scenario.Requests {
				d, ok := decode(t, r)
				if !ok {
					continue
				}
				batches := d.batches()
				checkCounts(t, d, batches)
				for _, b := range batches {
					checkBatch(t, b)
					if r.IsOTLP() {
						lines = append(lines, rows(b)...)
					} else {
						lines = append(lines, spanRows(b.Spans)...) // of the rest the package sentry has golden files
					}
				}
				want, err := json.Marshal(batches)
				require.NoError(t, err)
				got, err := json.Marshal(d.travelled(t).batches())
				require.NoError(t, err)
				require.JSONEq(t, string(want), string(got), r.Name)
			}
			if len(lines) == 0 {
				return
			}
			slices.Sort(lines)
			golden(t, scenario.Name, strings.Join(lines, "\n")+"\n")
		})
	}
}

// TestCorpusBad translates what hostile senders sent: whatever the receiver made of it has what every reader relies on.
func TestCorpusBad(t *testing.T) {
	for _, c := range testkit.CorpusBad(t) {
		env, err := envelope.Parse(c.Body, envelope.Limits{})
		if err != nil {
			continue
		}
		res := sentry.NewTranslator(sentry.Options{}).Envelope(env, sentry.Request{Received: arrival})
		d := data{res.Traces, res.Logs, res.Metrics}
		batches := d.batches()
		checkCounts(t, d, batches)
		for _, b := range batches {
			checkBatch(t, b)
			valid(t, b)
		}
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", "corpus", name+".golden")
	if *update {
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o750))
		require.NoError(t, os.WriteFile(path, []byte(got), 0o600))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err, "run go test -update")
	require.Equal(t, string(want), got)
}

// checkCounts asserts that every record is somewhere.
func checkCounts(t *testing.T, d data, batches []*model.Batch) {
	t.Helper()
	spans, logs, metrics := batches[0], batches[1], batches[2]
	require.Equal(t, d.traces.SpanCount(), len(spans.Spans)+spans.Dropped[DroppedOwnTraffic])
	events := 0
	for _, e := range logs.Events {
		if e.Source == model.SourceSentry {
			events++
		}
	}
	require.Equal(t, d.logs.LogRecordCount(), len(logs.Logs)+events+len(logs.Items))
	points := 0
	for _, m := range metrics.Metrics {
		points += len(m.Points)
	}
	require.Equal(t, d.metrics.DataPointCount(), points)
}

// checkBatch asserts what every reader relies on.
func checkBatch(t *testing.T, b *model.Batch) {
	t.Helper()
	for _, s := range b.Spans {
		require.NotEmpty(t, s.Name)
		require.NotEmpty(t, s.Service)
		require.NotEmpty(t, s.Status)
		require.NotEmpty(t, s.Kind)
		require.NotNil(t, s.Resource)
		require.NotNil(t, s.Scope)
		require.False(t, s.TraceID.IsZero())
		require.False(t, s.SpanID.IsZero())
		require.GreaterOrEqual(t, s.DurationNS, int64(0))
		require.True(t, sorted(s.Attributes.Unpack()), "%v", s.Attributes)
	}
	for _, l := range b.Logs {
		require.NotEmpty(t, l.Service)
		require.NotEmpty(t, l.Level)
		require.True(t, sorted(l.Attributes))
	}
	for _, e := range b.Events {
		require.NotEmpty(t, e.Service)
		require.NotEmpty(t, e.Level)
		require.NotEmpty(t, e.Title)
		require.False(t, e.EventID.IsZero())
		require.True(t, sorted(e.Attributes))
	}
	for _, i := range b.Items {
		require.NotEmpty(t, i.Type)
		require.NotEmpty(t, i.Title)
	}
}

func sorted(a model.Attributes) bool {
	return slices.IsSortedFunc(a, func(x, y model.Attribute) int { return strings.Compare(x.Key, y.Key) })
}

// spanRows draws spans, one a line, without ids and times.
func spanRows(spans []*model.Span) (out []string) {
	for _, s := range spans {
		row := fmt.Sprintf("span %s %q op=%s %s %s", s.Origin, s.Name, s.Op, s.Kind, s.Status)
		if s.RawName != "" {
			row += fmt.Sprintf(" raw=%q", s.RawName)
		}
		if s.RawStatus != 0 {
			row += " derived"
		}
		if s.Segment {
			row += " segment"
		}
		if s.Payload != nil {
			row += " payload"
		}
		out = append(out, row+warned(s.Warnings))
	}
	return out
}

// rows draws a batch, one record a line.
func rows(b *model.Batch) []string {
	out := spanRows(b.Spans)
	for _, e := range b.Events {
		row := fmt.Sprintf("event %s %s %q %q %s %s", e.Service, e.Source, e.Title, e.Value, e.Level, e.Type)
		for _, x := range e.Exceptions {
			row += fmt.Sprintf(" [%s %d frames]", x.Type, len(x.Frames))
		}
		out = append(out, row+warned(e.Warnings))
	}
	for _, l := range b.Logs {
		out = append(out, fmt.Sprintf("log %s %s %q logger=%q", l.Service, l.Level, l.Message, l.Logger)+warned(l.Warnings))
	}
	for _, m := range b.Metrics {
		out = append(out, fmt.Sprintf("metric %s %s %s %s %d points", m.Service, m.Name, m.Type, m.Temporality, len(m.Points)))
	}
	return out
}

func warned(warnings []string) string {
	if len(warnings) == 0 {
		return ""
	}
	return " ! " + strings.Join(warnings, "; ")
}
