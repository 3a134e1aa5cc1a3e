package sentry_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/otelcol-spotlight/otelcol-spotlight/internal/testkit"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/sentry"
)

// TestItems_Expectations: what the hand-made items say must come out.
func TestItems_Expectations(t *testing.T) {
	n := 0
	for _, scenario := range []string{"synthetic-items", "synthetic-endpoints"} {
		for _, r := range testkit.ScenarioNamed(t, scenario).Requests {
			rec, ok := recordedOf(t, r)
			if !ok {
				continue
			}
			var want map[string]any
			require.NoError(t, json.Unmarshal(r.Expect, &want))
			t.Run(r.Title, func(t *testing.T) {
				res := sentry.NewTranslator(sentry.Options{}).Envelope(rec.env, rec.req)
				titles := ""
				for _, lr := range logsOf(res) {
					titles += attr(lr.Attributes(), "sentry.item.title") + "\n"
				}
				for what, v := range want {
					n++
					switch what {
					case "items":
						total := 0
						for _, typ := range v.([]any) {
							require.Positive(t, res.Items[typ.(string)])
							total++
						}
						require.Len(t, rec.env.Items, total)
					case "feedback":
						require.Contains(t, string(bytesOf(logsOf(res)[0].Body())), strings.Split(v.(string), "\n")[0])
						require.Equal(t, "It broke.\n", titles)
					case "log":
						require.Equal(t, v, logsOf(res)[0].Body().Str())
					case "level":
						require.Equal(t, v, strings.ToLower(logsOf(res)[0].SeverityNumber().String()))
					case "attachments":
						require.EqualValues(t, v, res.Items["attachment"])
						for _, lr := range logsOf(res) {
							require.Equal(t, "b2c3d4e5f60718293a4b5c6d7e8f9012", attr(lr.Attributes(), "sentry.event_id"), "attachments come before their event")
							require.Len(t, attr(lr.Attributes(), "sentry.envelope.id"), 32)
						}
					case "kind":
						require.Positive(t, res.Items[map[string]string{"csp": "raw_security", "nel": "nel"}[v.(string)]])
					case "note":
						n--
					default:
						t.Fatalf("no check for %s", what)
					}
				}
			})
		}
	}
	require.Greater(t, n, 7)
}

// TestItems_Joined: what belongs to an event has its ids, wherever it stands in the envelope.
func TestItems_Joined(t *testing.T) {
	env := oneItem("attachment", "x")
	env.Header = []byte(`{"event_id":"9ec79c33ec9942ab8353589fcb2e04dc"}`)
	env.Items = append(env.Items,
		item("event", `{"message":"m","timestamp":1795290000,"contexts":{"trace":{"trace_id":"4c79f60c11214eb38604f4ae0781bfb2","span_id":"ea90fdead5f74052"},"replay":{"replay_id":"e81835a1cacd47c9b4153c6281728543"}}}`),
		item("replay_video", "\x80"), item("session", `{"sid":"s","status":"ok"}`))
	logs := logsOf(translate(env))
	require.Len(t, logs, 4)
	for _, lr := range logs[:3] {
		require.Equal(t, "9ec79c33ec9942ab8353589fcb2e04dc", attr(lr.Attributes(), "sentry.event_id"))
		require.Equal(t, "4c79f60c11214eb38604f4ae0781bfb2", lr.TraceID().String())
		require.Equal(t, "ea90fdead5f74052", lr.SpanID().String())
		require.Equal(t, "e81835a1cacd47c9b4153c6281728543", attr(lr.Attributes(), "sentry.replay_id"))
	}
	require.Empty(t, attr(logs[3].Attributes(), "sentry.event_id"), "a session is not of the event")
	require.True(t, logs[3].TraceID().IsEmpty())
}

// TestItems_Concurrent: one Translator serves many goroutines.
func TestItems_Concurrent(t *testing.T) {
	tr := sentry.NewTranslator(sentry.Options{})
	env := oneItem("transaction", string(benchTransaction(20)))
	var want dumper
	want.dump(tr.Envelope(env, sentry.Request{Received: received}))
	done := make(chan string)
	for range 8 {
		go func() {
			var got dumper
			for range 20 {
				got = dumper{}
				got.dump(tr.Envelope(env, sentry.Request{Received: received}))
			}
			done <- got.String()
		}()
	}
	for range 8 {
		require.Equal(t, want.String(), <-done)
	}
}
