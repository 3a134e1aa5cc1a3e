package tracetree_test

import (
	"bytes"
	"compress/gzip"
	"flag"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otelcol-spotlight/otelcol-spotlight/internal/testkit"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/envelope"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/frompdata"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/sentry"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/tracetree"
)

var update = flag.Bool("update", false, "write the golden files instead of comparing with them")

// arrival is when the recorded requests came in, by the only clock there was.
var arrival = time.Date(2026, 11, 21, 20, 0, 0, 0, time.UTC)

// recordedTrace is a trace as the store would keep it.
type recordedTrace struct {
	spans  []*model.Span
	events []model.EventSummary
}

// traces returns what a scenario of the corpus holds, by trace.
func traces(t testing.TB, s testkit.Scenario) map[model.TraceID]*recordedTrace {
	t.Helper()
	out := map[model.TraceID]*recordedTrace{}
	of := func(id model.TraceID) *recordedTrace {
		if out[id] == nil {
			out[id] = &recordedTrace{}
		}
		return out[id]
	}
	seen := map[model.EventID]bool{}
	for _, r := range s.Requests {
		for _, b := range batches(t, r) {
			for _, span := range b.Spans {
				of(span.TraceID).spans = append(of(span.TraceID).spans, span)
			}
			for _, ev := range b.Events {
				if !ev.TraceID.IsZero() && !seen[ev.EventID] {
					seen[ev.EventID] = true
					of(ev.TraceID).events = append(of(ev.TraceID).events, ev.EventSummary)
				}
			}
		}
	}
	maps.DeleteFunc(out, func(_ model.TraceID, r *recordedTrace) bool { return len(r.spans) == 0 })
	return out
}

func batches(t testing.TB, r testkit.Request) []*model.Batch {
	t.Helper()
	body := r.Body
	if strings.HasSuffix(strings.ToLower(r.Header.Get("Content-Encoding")), "gzip") {
		z, err := gzip.NewReader(bytes.NewReader(body))
		require.NoError(t, err)
		body, err = io.ReadAll(z)
		require.NoError(t, err)
	}
	traces, logs := ptrace.NewTraces(), plog.NewLogs()
	asJSON := r.Header.Get("Content-Type") == "application/json"
	var err error
	switch {
	case strings.Contains(r.Path, "/v1/traces") && asJSON:
		traces, err = new(ptrace.JSONUnmarshaler).UnmarshalTraces(body)
	case strings.Contains(r.Path, "/v1/traces"):
		traces, err = new(ptrace.ProtoUnmarshaler).UnmarshalTraces(body)
	case r.Method == "POST" && (strings.Contains(r.Path, "/envelope") || r.Path == "/stream"):
		env, fault := envelope.Parse(body, envelope.Limits{})
		if fault != nil {
			return nil // encodings that only the receiver knows
		}
		project := "1"
		if parts := strings.Split(r.Path, "/"); len(parts) > 2 {
			project = parts[2]
		}
		res := sentry.NewTranslator(sentry.Options{}).Envelope(env, sentry.Request{Endpoint: "envelope", Project: project, Received: arrival})
		traces, logs = res.Traces, res.Logs
	}
	require.NoError(t, err, r.Name)
	opts := frompdata.Options{Received: arrival}
	return []*model.Batch{frompdata.Traces(traces, opts), frompdata.Logs(logs, opts)}
}

// TestCorpus: every recorded trace is the same picture whatever the order of arrival, and nothing in it moves: all
// its processes ran on one machine.
func TestCorpus(t *testing.T) {
	for _, s := range testkit.Corpus(t) {
		recorded := traces(t, s)
		if len(recorded) == 0 {
			continue
		}
		t.Run(s.Name, func(t *testing.T) {
			var pictures []string
			for _, r := range recorded {
				whole := shuffled(t, r.spans, r.events, 100)
				require.Empty(t, whole.ClockDomains)
				require.NotEmpty(t, whole.RootName)
				require.NotEmpty(t, whole.RootService)
				require.NotEmpty(t, whole.Status)
				ids := map[model.SpanID]bool{}
				for _, s := range r.spans {
					ids[s.SpanID] = true
				}
				require.Len(t, whole.Spans, len(ids), "no span is lost, none is twice")
				for _, row := range whole.Spans {
					require.Zero(t, row.ClockOffsetNS)
				}
				pictures = append(pictures, picture(whole))
			}
			slices.Sort(pictures)
			golden(t, s.Name, strings.Join(pictures, "\n"))
		})
	}
}

// TestCorpus_Skew: what the demo looks like when the clocks of its processes disagree.
func TestCorpus_Skew(t *testing.T) {
	for _, c := range []struct {
		scenario, service string
		ahead             time.Duration
	}{
		{"distributed-demo", "shop-api", -5 * time.Second},
		{"distributed-demo", "shop-api", 300 * time.Millisecond},
		{"distributed-demo", "shop-web", -5 * time.Second},
		{"distributed-demo", "pricing", 300 * time.Millisecond},
		{"distributed-demo", "discounts", -5 * time.Second},
		{"distributed-demo-click", "shop-api", -5 * time.Second},
		{"distributed-demo-click", "shop-api", 300 * time.Millisecond},
		{"distributed-demo-click", "discounts", 40 * time.Millisecond},
		{"distributed-demo-click", "discounts", -40 * time.Millisecond},
	} {
		t.Run(fmt.Sprint(c.scenario, c.service, c.ahead), func(t *testing.T) {
			for _, r := range traces(t, testkit.ScenarioNamed(t, c.scenario)) {
				if len(r.spans) < 20 {
					continue
				}
				plain := shuffled(t, r.spans, nil, 1)
				skewed := make([]*model.Span, len(r.spans))
				for i, s := range r.spans {
					clone := *s
					if s.Service == c.service {
						clone.StartTime += model.Time(c.ahead)
					}
					skewed[i] = &clone
				}
				got := shuffled(t, skewed, nil, 100)
				require.Equal(t, order(plain), order(got), "the rows stay in order")
				for _, row := range got.Spans {
					want := time.Duration(0)
					switch c.service {
					case row.Service:
						want = -c.ahead
					case plain.RootService: // the clock of the root is the one that is believed
						want = c.ahead
					}
					if row.Service == plain.RootService {
						want = 0
					}
					diff := time.Duration(row.ClockOffsetNS) - want
					require.LessOrEqual(t, diff.Abs(), max(2*time.Millisecond, want.Abs()/10), "%s %s", row.Service, row.Name)
				}
			}
		})
	}
}

func order(tr *model.Trace) (ids []model.SpanID) {
	for _, row := range tr.Spans {
		ids = append(ids, row.SpanID)
	}
	return ids
}

// shuffled builds a trace in many orders, at once and in pieces, and returns it.
func shuffled(t *testing.T, spans []*model.Span, events []model.EventSummary, times int) *model.Trace {
	t.Helper()
	opts := tracetree.Options{Now: model.TimeOf(arrival), LastTime: model.TimeOf(arrival.Add(-time.Minute))}
	whole := tracetree.Build(spans, events, opts).Trace()
	var brief tracetree.Summariser
	rnd := rand.New(rand.NewPCG(1, 2))
	spans, events = slices.Clone(spans), slices.Clone(events)
	for range times {
		rnd.Shuffle(len(spans), func(i, k int) { spans[i], spans[k] = spans[k], spans[i] })
		rnd.Shuffle(len(events), func(i, k int) { events[i], events[k] = events[k], events[i] })
		require.Equal(t, whole.TraceSummary, brief.Summary(spans, events, opts))
		got := tracetree.Build(spans, events, opts).Trace()
		got.Version = whole.Version
		require.Equal(t, whole, got)

		grown := tracetree.New(opts)
		for left := spans; len(left) > 0; {
			n := 1 + rnd.IntN(len(left))
			grown.Add(left[:n], nil)
			left = left[n:]
		}
		grown.Add(nil, events)
		got = grown.Trace()
		got.Version = whole.Version
		require.Equal(t, whole, got)
	}
	return whole
}

// picture draws a trace for a reader.
func picture(tr *model.Trace) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s  %s  %s  %.1f ms", tr.RootName, tr.RootService, tr.Status, float64(tr.DurationNS)/1e6)
	if tr.ExtentNS > 0 {
		fmt.Fprintf(&b, " of %.1f", float64(tr.ExtentNS)/1e6)
	}
	fmt.Fprintf(&b, "  %d spans, %d errors  %s %s", tr.SpanCount, tr.ErrorCount, strings.Join(tr.Services, "→"), tr.Origins)
	if tr.RootMissing {
		b.WriteString("  root missing")
	}
	if tr.Complete {
		b.WriteString("  complete")
	}
	if tr.Open {
		b.WriteString("  open")
	}
	if tr.URL != "" {
		b.WriteString("  " + tr.URL)
	}
	b.WriteByte('\n')
	for _, w := range tr.Warnings {
		b.WriteString("! " + w + "\n")
	}
	for _, p := range tr.CriticalPath {
		fmt.Fprintf(&b, "critical %s %.1f\n", p.Service, float64(p.DurationNS)/1e6)
	}
	missing := map[model.SpanID]model.MissingParent{}
	for _, m := range tr.MissingParents {
		missing[m.SpanID] = m
	}
	for _, row := range tr.Spans {
		if m, ok := missing[row.ParentSpanID]; ok {
			delete(missing, row.ParentSpanID)
			fmt.Fprintf(&b, "%sMissing parent %s of %d\n", strings.Repeat("  ", m.Depth+1), m.SpanID, m.Children)
		}
		start := float64(row.StartTime-tr.StartTime) / 1e6
		fmt.Fprintf(&b, "%s%s %s  %s %.1f-%.1f self %.1f", strings.Repeat("  ", row.Depth+1), row.Op, row.Name, row.Service,
			start, start+float64(row.DurationNS)/1e6, float64(row.SelfNS)/1e6)
		for _, r := range row.Critical {
			fmt.Fprintf(&b, " crit %.1f-%.1f", float64(r.StartNS)/1e6, float64(r.StartNS+r.DurationNS)/1e6)
		}
		if row.GapNS > 0 {
			fmt.Fprintf(&b, " gap %.1f", float64(row.GapNS)/1e6)
		}
		if row.NPlusOne > 0 {
			fmt.Fprintf(&b, " N+1 ×%d", row.NPlusOne)
		}
		if row.FoldKey != "" {
			b.WriteString(" folds")
		}
		if row.Pseudo {
			b.WriteString(" pseudo")
		}
		if row.Late {
			b.WriteString(" late")
		}
		if len(row.Errors) > 0 {
			fmt.Fprintf(&b, " %d errors", len(row.Errors))
		}
		if row.AlsoReported != nil {
			fmt.Fprintf(&b, " also %s", row.AlsoReported)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name+".golden")
	if *update {
		require.NoError(t, os.MkdirAll("testdata", 0o750))
		require.NoError(t, os.WriteFile(path, []byte(got), 0o600))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err, "run go test -update")
	require.Equal(t, string(want), got)
}
