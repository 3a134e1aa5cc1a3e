package query

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"math/rand/v2"
	"sort"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"
	"go.opentelemetry.io/collector/pdata/pmetric/pmetricotlp"
	"go.opentelemetry.io/collector/pdata/ptrace/ptraceotlp"

	"github.com/otelcol-spotlight/otelcol-spotlight/exporter/spotlightexporter/internal/live"
	"github.com/otelcol-spotlight/otelcol-spotlight/internal/testkit"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/envelope"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/frompdata"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/issue"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/sentry"
)

// batches translates a recorded request as the receivers and the exporter do. Requests in rare encodings and to rare
// endpoints, which are tested where those are, give none.
func batches(t *testing.T, r testkit.Request, received time.Time) []*model.Batch {
	t.Helper()
	body := r.Body
	switch strings.ToLower(r.Header.Get("Content-Encoding")) {
	case "gzip":
		z, err := gzip.NewReader(bytes.NewReader(body))
		require.NoError(t, err)
		body, err = io.ReadAll(z)
		require.NoError(t, err)
	case "":
	default:
		return nil
	}
	opts := frompdata.Options{Received: received}
	asJSON := strings.Contains(r.Header.Get("Content-Type"), "json")
	switch {
	case r.Path == "/v1/traces":
		req := ptraceotlp.NewExportRequest()
		require.NoError(t, pick(asJSON, req.UnmarshalJSON, req.UnmarshalProto)(body))
		return []*model.Batch{frompdata.Traces(req.Traces(), opts)}
	case r.Path == "/v1/logs":
		req := plogotlp.NewExportRequest()
		require.NoError(t, pick(asJSON, req.UnmarshalJSON, req.UnmarshalProto)(body))
		return []*model.Batch{frompdata.Logs(req.Logs(), opts)}
	case r.Path == "/v1/metrics":
		req := pmetricotlp.NewExportRequest()
		require.NoError(t, pick(asJSON, req.UnmarshalJSON, req.UnmarshalProto)(body))
		return []*model.Batch{frompdata.Metrics(req.Metrics(), opts)}
	case r.Method == "POST" && (strings.HasSuffix(r.Path, "/envelope/") || r.Path == "/stream"):
		env, err := envelope.Parse(body, envelope.Limits{})
		require.NoError(t, err)
		req := sentry.Request{Endpoint: "envelope", Received: received}
		if strings.HasPrefix(r.Path, "/api/") {
			req.Project, req.PublicKey = strings.Split(r.Path, "/")[2], "publickey"
		} else {
			req.Endpoint = "stream"
		}
		res := sentry.NewTranslator(sentry.Options{}).Envelope(env, req)
		return []*model.Batch{frompdata.Traces(res.Traces, opts), frompdata.Logs(res.Logs, opts), frompdata.Metrics(res.Metrics, opts)}
	}
	return nil
}

func pick[T any](yes bool, a, b T) T {
	if yes {
		return a
	}
	return b
}

// newCorpusWorld is a world whose clock is that of the evening after the recordings.
func newCorpusWorld() *world {
	w := newWorld(live.Limits{})
	w.pass(12 * time.Hour)
	return w
}

// replay sends requests to the world, in an order.
func (w *world) replay(t *testing.T, requests []testkit.Request, order []int) {
	for _, i := range order {
		for _, b := range batches(t, requests[i], w.t) {
			for _, e := range b.Events {
				ev := model.Event{EventSummary: e.EventSummary, Exceptions: e.Exceptions}
				if e.Payload != nil {
					ev, _ = sentry.DecodeForIssue(e.Payload)
				}
				key := issue.Cluster(&ev)
				e.IssueID, e.Title, e.Value, e.Culprit, e.How = key.ID, key.Title, key.Value, key.Culprit, string(key.How)
			}
			w.store.Add(b)
		}
		w.pass(10 * time.Millisecond)
	}
}

func inOrder(n int) []int {
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	return order
}

// picture says what a world shows, without what depends on the order and time of arrival.
func picture(t *testing.T, w *world) string {
	var lines []string
	say := func(format string, args ...any) { lines = append(lines, fmt.Sprintf(format, args...)) }
	for _, s := range w.Traces(Filter{Limit: MaxLimit}).Items {
		s.LastTime, s.Open = 0, false
		say("trace %s", jsonOf(t, s))
		tr, ok := w.Trace(s.TraceID, true)
		require.True(t, ok)
		for _, sp := range tr.Spans {
			say("span %s %s", s.TraceID, jsonOf(t, sp))
		}
	}
	for _, i := range w.Issues(Filter{Limit: MaxLimit}).Items {
		i.Spark, i.SparkTime = nil, 0
		say("issue %s", jsonOf(t, i))
	}
	for _, e := range w.Events(Filter{Limit: MaxLimit}).Items {
		ev, ok := w.Event(e.EventID)
		require.True(t, ok)
		c := *ev
		c.ReceivedTime, c.MergeRev, c.Attachments = 0, 0, nil
		say("event %s", jsonOf(t, c))
	}
	for _, l := range w.Logs(Filter{Limit: MaxLimit}).Items {
		l.ID = 0
		say("log %s", jsonOf(t, l))
	}
	for _, it := range w.Items(Filter{Limit: MaxLimit}).Items {
		it.ID = 0
		say("item %s", jsonOf(t, it))
	}
	for _, m := range w.Metrics(Filter{Limit: MaxLimit}).Items {
		m.Spark, m.LastValue = nil, nil
		say("metric %s", jsonOf(t, m))
	}
	for _, sv := range w.Services(Filter{Limit: MaxLimit}).Items {
		var found []string
		for _, f := range sv.Findings {
			found = append(found, f.Code+": "+f.Text)
		}
		say("service %s %s %s %v %v %v", sv.ID, sv.Service, sv.SDK.Name, sv.Counts, sv.Dropped, found)
	}
	sort.Strings(lines)
	return strings.Join(lines, "\n")
}

func TestCorpus(t *testing.T) {
	for _, sc := range testkit.Corpus(t) {
		t.Run(sc.Name, func(t *testing.T) {
			w := newCorpusWorld()
			w.replay(t, sc.Requests, inOrder(len(sc.Requests)))
			for _, s := range w.Traces(Filter{Limit: MaxLimit}).Items {
				require.NotEmpty(t, s.RootService)
				require.NotEmpty(t, s.RootName)
				require.NotEmpty(t, s.Status)
			}
			for _, i := range w.Issues(Filter{Limit: MaxLimit}).Items {
				d, ok := w.Issue(i.IssueID)
				require.True(t, ok)
				require.NotEmpty(t, d.Events)
				require.NotEmpty(t, d.How)
			}
			for _, e := range w.Events(Filter{Limit: MaxLimit}).Items {
				ev, ok := w.Event(e.EventID)
				require.True(t, ok)
				require.NotEmpty(t, ev.Title)
			}
			require.Len(t, w.Sessions().Items, 1, "no process of a recording restarts")
			lists, _ := w.Snapshot()
			require.NotContains(t, jsonOf(t, lists), `":null`)
			t.Log("\n" + services(w))
		})
	}
}

func services(w *world) (text string) {
	c := w.store.Counts()
	text = fmt.Sprintf("%+v\n", c)
	for _, sv := range w.Services(Filter{}).Items {
		text += fmt.Sprintf("%s %q %s %s runtime=%q counts=%v dropped=%v propagation=%v\n", sv.ID[:4], sv.Service, sv.SDK.Name, sv.SDK.Version, sv.Runtime, sv.Counts, sv.Dropped, sv.Propagation)
		for _, f := range sv.Findings {
			text += fmt.Sprintf("     %s: %s -> %s\n", f.Code, f.Text, f.Fix)
		}
	}
	return text
}

func TestCorpus_OrderOfArrivalDoesNotMatter(t *testing.T) {
	for _, name := range []string{"distributed-demo", "distributed-demo-click", "node-express-errors", "otel-node-protobuf"} {
		t.Run(name, func(t *testing.T) {
			sc := testkit.ScenarioNamed(t, name)
			want := ""
			for seed := range uint64(20) {
				w := newCorpusWorld()
				order := inOrder(len(sc.Requests))
				if seed > 0 {
					order = rand.New(rand.NewPCG(seed, 6)).Perm(len(sc.Requests))
				}
				w.replay(t, sc.Requests, order)
				if name == "distributed-demo" {
					list := w.Traces(Filter{Q: "service:pricing"})
					require.Len(t, list.Items, 1)
					require.Equal(t, 29, list.Items[0].SpanCount)
					require.False(t, list.Items[0].RootMissing)
					require.Len(t, list.Items[0].Services, 4)
					require.True(t, list.Items[0].Complete)
				}
				got := picture(t, w)
				if want == "" {
					want = got
				}
				require.Equal(t, want, got, "order %v", order)
			}
		})
	}
}

func TestCorpus_TwiceIsOnce(t *testing.T) {
	for _, sc := range testkit.Corpus(t) {
		w := newCorpusWorld()
		w.replay(t, sc.Requests, inOrder(len(sc.Requests)))
		once, counts := picture(t, w), w.store.Counts()
		w.pass(time.Second)
		w.replay(t, sc.Requests, inOrder(len(sc.Requests)))
		require.Equal(t, counts, w.store.Counts(), sc.Name)
		w.pass(time.Minute) // for findings
		_ = once
		twice := picture(t, w)
		require.Equal(t, strings.Count(once, "\n"), strings.Count(twice, "\n"), sc.Name)
	}
}
