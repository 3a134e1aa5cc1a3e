package sentry_test

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otelcol-spotlight/otelcol-spotlight/internal/testkit"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/conventions"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/sentry"
)

var update = flag.Bool("update", false, "write the golden files; read the difference")

// TestCorpus_Golden translates every recorded request and compares with testdata/<scenario>.golden.txt.
func TestCorpus_Golden(t *testing.T) {
	for _, s := range testkit.Corpus(t) {
		requests := corpus(t, s)
		if len(requests) == 0 {
			continue
		}
		t.Run(s.Name, func(t *testing.T) {
			var b dumper
			for _, rec := range requests {
				b.WriteString("== " + filepath.Base(rec.name) + " " + rec.req.Endpoint + "\n")
				b.dump(sentry.NewTranslator(sentry.Options{}).Envelope(rec.env, rec.req))
			}
			golden := filepath.Join("testdata", s.Name+".golden.txt")
			if *update {
				require.NoError(t, os.MkdirAll("testdata", 0o750))
				require.NoError(t, os.WriteFile(golden, []byte(b.String()), 0o600))
			}
			if os.Getenv("SPOTLIGHT_CORPUS") != "" {
				return // another corpus has other contents
			}
			want, err := os.ReadFile(golden) // #nosec G304 -- a test fixture
			require.NoError(t, err)
			require.Equal(t, string(want), b.String())
		})
	}
}

// everyEnvelope calls f for every envelope of the corpus.
func everyEnvelope(t *testing.T, f func(t *testing.T, rec recorded, res sentry.Result)) {
	tr := sentry.NewTranslator(sentry.Options{})
	for _, s := range testkit.Corpus(t) {
		for _, rec := range corpus(t, s) {
			t.Run(rec.name, func(t *testing.T) { f(t, rec, tr.Envelope(rec.env, rec.req)) })
		}
	}
}

// TestCorpus_Lossless: the payload of every item that is one record is in the pdata, byte for byte.
func TestCorpus_Lossless(t *testing.T) {
	n := 0
	everyEnvelope(t, func(t *testing.T, rec recorded, res sentry.Result) {
		payloads := map[string]int{}
		for _, lr := range logsOf(res) {
			payloads[string(bytesOf(lr.Body()))]++
		}
		for _, s := range spansOf(res) {
			if v, ok := s.Attributes().Get(conventions.Payload); ok {
				payloads[string(bytesOf(v))]++
			}
		}
		for _, it := range rec.env.Items {
			switch it.Type {
			case "span", "otel_span", "log", "otel_log", "trace_metric", "statsd":
				continue // see TestCorpus_Containers
			}
			require.Positive(t, payloads[string(it.Payload)], "the payload of %s is not there", it.Header)
			payloads[string(it.Payload)]--
			n++
		}
	})
	require.Greater(t, n, 100)
}

// TestCorpus_Counts: as many spans, logs, points and records as the bodies hold, counted by another parser.
func TestCorpus_Counts(t *testing.T) {
	total := map[string]int{}
	everyEnvelope(t, func(t *testing.T, rec recorded, res sentry.Result) {
		var spans, logs, points, records, items int
		types := map[string]int{}
		for _, it := range rec.env.Items {
			items++
			types[it.Type]++
			var v struct {
				Items []json.RawMessage `json:"items"`
				Spans []json.RawMessage `json:"spans"`
				Type  string            `json:"type"`
			}
			_ = json.Unmarshal(it.Payload, &v)
			switch {
			case it.Type == "span" && v.Items != nil:
				spans += len(v.Items)
			case it.Type == "span" || it.Type == "otel_span":
				spans++
			case it.Type == "transaction" || it.Type == "event" && v.Type == "transaction":
				spans += 1 + len(v.Spans)
			case it.Type == "log":
				logs += len(v.Items)
			case it.Type == "otel_log":
				logs++
			case it.Type == "trace_metric":
				points += len(v.Items)
			case it.Type == "statsd":
				points += strings.Count(strings.TrimSpace(string(it.Payload)), "\n") + 1
			default:
				records++
			}
		}
		require.Equal(t, spans, res.Traces.SpanCount(), "spans")
		require.Equal(t, logs+records, res.Logs.LogRecordCount(), "log records")
		require.Equal(t, points, res.Metrics.DataPointCount(), "points")
		require.Equal(t, types, res.Items) // none is unknown
		require.Empty(t, res.Refused)
		for what, n := range map[string]int{"items": items, "spans": spans, "logs": logs, "points": points, "records": records} {
			total[what] += n
		}
	})
	t.Log(total)
	require.Greater(t, total["spans"], 400)
	require.Greater(t, total["records"], 100)
}

// TestCorpus_NoWarnings: what real SDKs send raises no warnings but the known ones.
func TestCorpus_NoWarnings(t *testing.T) {
	everyEnvelope(t, func(t *testing.T, rec recorded, res sentry.Result) {
		if strings.HasPrefix(rec.name, "synthetic-") || strings.HasPrefix(rec.name, "browser-raven-js") {
			return // odd on purpose; raven-js sends no time
		}
		for _, s := range spansOf(res) {
			require.Empty(t, warningsOf(s.Attributes()), s.Name())
		}
		for _, lr := range logsOf(res) {
			require.Empty(t, warningsOf(lr.Attributes()), lr.EventName())
		}
	})
}

// TestCorpus_OTLP: a trip through OTLP changes nothing, so that a gateway in between is invisible.
func TestCorpus_OTLP(t *testing.T) {
	everyEnvelope(t, func(t *testing.T, _ recorded, res sentry.Result) {
		traces, err := (&ptrace.ProtoMarshaler{}).MarshalTraces(res.Traces)
		require.NoError(t, err)
		logs, err := (&plog.ProtoMarshaler{}).MarshalLogs(res.Logs)
		require.NoError(t, err)
		metrics, err := (&pmetric.ProtoMarshaler{}).MarshalMetrics(res.Metrics)
		require.NoError(t, err)
		again := sentry.Result{Items: res.Items, EventID: res.EventID}
		again.Traces, err = (&ptrace.ProtoUnmarshaler{}).UnmarshalTraces(traces)
		require.NoError(t, err)
		again.Logs, err = (&plog.ProtoUnmarshaler{}).UnmarshalLogs(logs)
		require.NoError(t, err)
		again.Metrics, err = (&pmetric.ProtoUnmarshaler{}).UnmarshalMetrics(metrics)
		require.NoError(t, err)
		var before, after dumper
		before.dump(res)
		after.dump(again)
		require.Equal(t, before.String(), after.String())
	})
}

// TestCorpus_Services: every resource has a name, and one SDK is one service and one instance in all its envelopes.
func TestCorpus_Services(t *testing.T) {
	for scenario, want := range map[string][]string{
		"browser-errors":         {"shop-web"},
		"browser-raven-js":       {"old-web"},
		"browser-tracing-stream": {"shop-api", "shop-web"},
		"distributed-demo":       {"discounts", "shop-api", "shop-web"},
		"go-nethttp":             {"inventory"},
		"node-express-errors":    {"shop-api"},
		"node-logs-metrics":      {"worker"},
		"node-spotlight-and-dsn": {"shop-api"},
		"node-spotlight-nodsn":   {"shop-api"},
		"node-v7-static":         {"v7app"},
		"go-sentry-otlp":         {"otlp-go"},
	} {
		t.Run(scenario, func(t *testing.T) {
			services, instances := map[string]bool{}, map[string]map[string]bool{}
			for _, rec := range corpus(t, testkit.ScenarioNamed(t, scenario)) {
				for _, m := range resourcesOf(sentry.NewTranslator(sentry.Options{}).Envelope(rec.env, rec.req)) {
					name := attr(m, conventions.ServiceName)
					services[name] = true
					if instances[name] == nil {
						instances[name] = map[string]bool{}
					}
					instances[name][attr(m, conventions.ServiceInstanceID)] = true
				}
			}
			var names []string
			for name := range services {
				names = append(names, name)
				require.Len(t, instances[name], 1, name)
			}
			require.ElementsMatch(t, want, names)
		})
	}
}
