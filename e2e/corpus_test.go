package e2e

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/otelcol-spotlight/otelcol-spotlight/internal/testkit"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// Every recorded request is answered 2xx, and everything its body holds is in the API afterwards: counted, and byte for
// byte where the product promises that.
func TestCorpus(t *testing.T) {
	// The recorded SDKs sent to the ports that are the default.
	c := startCollector(t, "--set", "exporters::spotlight::own_endpoints=[localhost:8969]")
	for _, scenario := range testkit.Corpus(t) {
		t.Run(scenario.Name, func(t *testing.T) {
			c.clear(t)
			want := newHeld()
			for _, r := range scenario.Requests {
				want.add(t, r)
			}
			c.sendAll(t, scenario.Requests)
			want.check(t, c, strings.HasPrefix(scenario.Name, "synthetic-"))
		})
	}
}

// check compares what the API holds with what the bodies hold. The hand-made scenarios hold shapes that the second
// opinion does not read, so there the API may hold more.
func (h *held) check(t *testing.T, c *collector, mayHoldMore bool) {
	t.Helper()
	for id, payload := range h.events {
		require.Equal(t, string(payload), string(c.getRaw(t, "/api/v1/events/"+id+"?raw=1")), "event %s", id)
		var event model.Event
		c.get(t, "/api/v1/events/"+id, &event)
		require.Equal(t, id, event.EventID.String())
	}
	for id, payload := range h.transactions {
		if h.events[id] != nil {
			continue // hand-made: an event has the same id, and is what the id finds
		}
		require.Equal(t, string(payload), string(c.getRaw(t, "/api/v1/events/"+id+"?raw=1")), "transaction %s", id)
	}

	got := map[string]bool{}
	for _, trace := range traces(t, c) {
		for _, s := range trace.Spans {
			got[trace.TraceID.String()+s.SpanID.String()] = true
		}
	}
	for id := range h.spans {
		require.True(t, got[id], "span %s of the bodies is not in the API", id)
	}
	for id := range h.ownTraffic {
		require.False(t, got[id], "span %s is the SDK's own request to Spotlight", id)
	}
	if !mayHoldMore {
		require.Len(t, got, len(h.spans), "spans")
	}

	var logs model.Page[model.LogSummary]
	c.get(t, "/api/v1/logs?limit=10000", &logs)
	require.False(t, logs.Truncated)
	if mayHoldMore {
		require.GreaterOrEqual(t, len(logs.Items), len(h.logs), "logs")
	} else {
		require.Len(t, logs.Items, len(h.logs), "logs")
	}

	var metrics model.Page[model.MetricSummary]
	c.get(t, "/api/v1/metrics?limit=10000", &metrics)
	points := 0
	for _, m := range metrics.Items {
		points += m.Points
	}
	require.GreaterOrEqual(t, points, len(h.sentryPoints)+h.otlpPoints, "metric points")

	for itemType, payloads := range h.items {
		var items model.Page[model.ItemSummary]
		c.get(t, "/api/v1/items?limit=10000&type="+itemType, &items)
		stored := map[string]bool{}
		for _, item := range items.Items {
			require.Equal(t, itemType, item.Type)
			stored[string(c.getRaw(t, fmt.Sprintf("/api/v1/items/%d?raw=1", item.ID)))] = true
		}
		for payload := range payloads {
			require.True(t, stored[payload], "%s of %d bytes is not in the API: %.80q", itemType, len(payload), payload)
		}
	}
}

// traces returns every trace whole.
func traces(t *testing.T, c *collector) []model.Trace {
	t.Helper()
	var page model.Page[model.TraceSummary]
	c.get(t, "/api/v1/traces?limit=10000", &page)
	require.False(t, page.Truncated)
	var all []model.Trace
	for _, summary := range page.Items {
		var trace model.Trace
		c.get(t, "/api/v1/traces/"+summary.TraceID.String(), &trace)
		require.Len(t, trace.Spans, summary.SpanCount)
		all = append(all, trace)
	}
	return all
}

// headlineTrace is the trace of distributed-demo that crosses four processes.
func headlineTrace(t *testing.T, c *collector) model.Trace {
	t.Helper()
	var best model.Trace
	for _, trace := range traces(t, c) {
		if len(trace.Spans) > len(best.Spans) {
			best = trace
		}
	}
	return best
}

// One page load crosses a Sentry browser SDK, a Sentry Node SDK, an OpenTelemetry Go service and a Sentry Python
// service. In whatever order their requests arrive, it is one trace with one root.
func TestDistributedDemo_AnyOrder(t *testing.T) {
	c := startCollector(t)
	requests := testkit.ScenarioNamed(t, "distributed-demo").Requests
	rng := rand.New(rand.NewPCG(1, 2))
	var first string
	for round := range 40 {
		c.clear(t)
		c.sendAll(t, requests)
		trace := headlineTrace(t, c)
		roots, services := 0, map[string]bool{}
		for _, s := range trace.Spans {
			services[s.Service] = true
			if s.Depth == 0 {
				roots++
			}
			require.False(t, s.Orphan, "round %d: %s", round, s.Name)
		}
		require.Len(t, trace.Spans, 29, "round %d", round)
		require.Equal(t, 1, roots, "round %d", round)
		require.Empty(t, trace.MissingParents, "round %d", round)
		require.Len(t, services, 4, "round %d: %v", round, services)
		require.ElementsMatch(t, []model.Origin{model.OriginSentry, model.OriginOTel}, trace.Origins)
		require.True(t, trace.Complete, "round %d", round)

		shape := ""
		for _, s := range trace.Spans {
			shape += fmt.Sprintf("%*s%s %s %s\n", s.Depth*2, "", s.Service, s.Op, s.Name)
		}
		if first == "" {
			first = shape
			t.Log("\n" + shape)
		}
		require.Equal(t, first, shape, "round %d", round)
		rng.Shuffle(len(requests), func(i, j int) { requests[i], requests[j] = requests[j], requests[i] })
	}
}

// Hostile requests get the class of answer they deserve, what must survive is in the API, and the process lives, within
// bounds of memory and time.
func TestCorpusBad(t *testing.T) {
	c := startCollector(t)
	cases := testkit.CorpusBad(t)
	for _, bad := range cases {
		cpu, rss := c.cpu(t), c.rss(t)
		began := time.Now()
		status, body := c.send(t, bad.Request)
		require.True(t, bad.StatusFits(status), "%s: %d %s, want %s (%s)", bad.Name, status, body, bad.Status, bad.Note)
		require.Less(t, time.Since(began), 5*time.Second, bad.Name)
		require.Less(t, c.cpu(t)-cpu, time.Second, "CPU time of %s", bad.Name)
		if grown := c.rss(t) - rss; grown > 64<<20 {
			require.Eventually(t, func() bool { return c.rss(t)-rss <= 64<<20 }, 10*time.Second, 200*time.Millisecond,
				"%s left %d MiB of memory behind", bad.Name, grown>>20)
		}
	}
	everything := dump(t, c)
	for _, bad := range cases {
		for _, marker := range bad.MustKeep {
			require.Contains(t, everything, marker, "%s (%s)", bad.Name, bad.Note)
		}
	}
	var status model.Status
	c.get(t, "/api/v1/status", &status)
	require.LessOrEqual(t, status.Bytes, status.MaxBytes)
}

// dump returns everything the API tells, as text.
func dump(t *testing.T, c *collector) string {
	t.Helper()
	var b strings.Builder
	for _, list := range []string{"issues", "services", "metrics"} {
		b.Write(c.getRaw(t, "/api/v1/"+list+"?limit=10000"))
	}
	for _, trace := range traces(t, c) {
		b.Write(mustJSON(t, trace))
	}
	var events model.Page[model.EventSummary]
	c.get(t, "/api/v1/events?limit=10000", &events)
	for _, e := range events.Items {
		var event model.Event
		c.get(t, "/api/v1/events/"+e.EventID.String(), &event)
		b.Write(mustJSON(t, event))
		if event.Source == model.SourceSentry {
			b.Write(c.getRaw(t, "/api/v1/events/"+e.EventID.String()+"?raw=1"))
		}
	}
	var logs model.Page[model.LogSummary]
	c.get(t, "/api/v1/logs?limit=10000", &logs)
	for _, l := range logs.Items {
		b.Write(c.getRaw(t, fmt.Sprintf("/api/v1/logs/%d", l.ID)))
	}
	var items model.Page[model.ItemSummary]
	c.get(t, "/api/v1/items?limit=100000", &items)
	for _, i := range items.Items {
		b.Write(c.getRaw(t, fmt.Sprintf("/api/v1/items/%d", i.ID)))
		b.Write(c.getRaw(t, fmt.Sprintf("/api/v1/items/%d?raw=1", i.ID)))
	}
	return b.String()
}

// Pages of other sites get nothing: neither by their Origin nor by a name that resolves to this machine.
func TestOtherSitesAreRefused(t *testing.T) {
	c := startCollector(t)
	for _, refused := range []struct{ name, header, value string }{
		{"DNS rebinding", "Host", "evil.example"},
		{"another site", "Origin", "https://evil.example"},
		{"a sandboxed frame", "Origin", "null"},
	} {
		for _, path := range []string{"/api/v1/status", "/api/v1/traces", "/ws"} {
			req, err := http.NewRequest(http.MethodGet, c.UI+path, nil)
			require.NoError(t, err)
			if refused.header == "Host" {
				req.Host = refused.value
			} else {
				req.Header.Set(refused.header, refused.value)
			}
			if path == "/ws" {
				req.Header.Set("Connection", "Upgrade")
				req.Header.Set("Upgrade", "websocket")
				req.Header.Set("Sec-WebSocket-Version", "13")
				req.Header.Set("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")
			}
			resp, err := http.DefaultClient.Do(req)
			require.NoError(t, err)
			_ = resp.Body.Close()
			require.Equal(t, 4, resp.StatusCode/100, "%s: %s answered %d", refused.name, path, resp.StatusCode)
			require.NotEqual(t, "*", resp.Header.Get("Access-Control-Allow-Origin"))
		}
	}
}
