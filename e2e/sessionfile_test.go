package e2e

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/otelcol-spotlight/otelcol-spotlight/internal/testkit"
)

// A session that is exported from one Collector and imported into another is told of in the same words there.
func TestSessionFile(t *testing.T) {
	from, to := startCollector(t), startCollector(t)
	for _, scenario := range testkit.Corpus(t) {
		from.sendAll(t, scenario.Requests)
	}
	file := from.getRaw(t, "/api/v1/session/export?session=all")
	resp, err := http.Post(to.UI+"/api/v1/session/import", "application/x-ndjson", bytes.NewReader(file))
	require.NoError(t, err)
	body, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	require.Equal(t, http.StatusOK, resp.StatusCode, "%s", body)
	t.Logf("%d bytes: %s", len(file), body)

	var was, is struct{ Counts map[string]int }
	from.get(t, "/api/v1/status", &was)
	to.get(t, "/api/v1/status", &is)
	delete(was.Counts, "earlier")
	delete(is.Counts, "earlier")
	require.Equal(t, was.Counts, is.Counts)

	type list struct {
		Items []struct {
			TraceID string `json:"trace_id"`
			EventID string `json:"event_id"`
		}
	}
	var traces, events list
	from.get(t, "/api/v1/traces?limit=1000", &traces)
	require.NotEmpty(t, traces.Items)
	for _, it := range traces.Items {
		requireSame(t, from, to, "/api/v1/traces/"+it.TraceID)
	}
	from.get(t, "/api/v1/events?limit=1000", &events)
	require.NotEmpty(t, events.Items)
	for _, it := range events.Items {
		requireSame(t, from, to, "/api/v1/events/"+it.EventID)
	}
}

// requireSame compares two answers, without what every store numbers and times anew.
func requireSame(t *testing.T, from, to *collector, path string) {
	t.Helper()
	var a, b any
	require.NoError(t, json.Unmarshal(from.getRaw(t, path), &a))
	require.NoError(t, json.Unmarshal(to.getRaw(t, path), &b))
	for _, v := range []any{a, b} {
		forget(v, map[string]bool{"session": true, "id": true, "last_time": true, "version": true, "merge_rev": true})
	}
	require.Equal(t, a, b, path)
}

// forget takes keys out of a decoded JSON value, however deep they are.
func forget(v any, keys map[string]bool) {
	for todo := []any{v}; len(todo) > 0; {
		v, todo = todo[len(todo)-1], todo[:len(todo)-1]
		switch v := v.(type) {
		case map[string]any:
			for key, value := range v {
				if keys[key] {
					delete(v, key)
				} else {
					todo = append(todo, value)
				}
			}
		case []any:
			todo = append(todo, v...)
		}
	}
}
