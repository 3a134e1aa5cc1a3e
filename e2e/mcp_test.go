package e2e

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/otelcol-spotlight/otelcol-spotlight/internal/testkit"
)

// TestMCP: an agent reads everything that real SDKs sent. Every error and trace has a page, and no page has a password.
func TestMCP(t *testing.T) {
	c := startCollector(t)
	for _, s := range testkit.Corpus(t) {
		c.sendAll(t, s.Requests)
	}
	call := func(tool string, arguments map[string]any) string {
		t.Helper()
		request, err := json.Marshal(map[string]any{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": map[string]any{"name": tool, "arguments": arguments}})
		require.NoError(t, err)
		req, err := http.NewRequest(http.MethodPost, c.UI+"/mcp", strings.NewReader(string(request)))
		require.NoError(t, err)
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Accept", "application/json, text/event-stream")
		resp, err := http.DefaultClient.Do(req)
		require.NoError(t, err)
		defer func() { _ = resp.Body.Close() }()
		require.Equal(t, http.StatusOK, resp.StatusCode)
		var answer struct {
			Result struct {
				IsError bool
				Content []struct{ Text string }
			}
		}
		require.NoError(t, json.NewDecoder(resp.Body).Decode(&answer))
		require.Len(t, answer.Result.Content, 1)
		text := answer.Result.Content[0].Text
		require.False(t, answer.Result.IsError, text)
		require.LessOrEqual(t, len(text), 26_000)
		require.NotContains(t, text, "hunter2", "%s %v", tool, arguments)
		return text
	}

	groups := regexp.MustCompile(`(?m)^  group (\S+), newest event ([0-9a-f]{32})`).FindAllStringSubmatch(call("search_errors", map[string]any{"limit": 200}), -1)
	require.Greater(t, len(groups), 50)
	for _, group := range groups {
		require.Contains(t, call("get_error", map[string]any{"id": group[1]}), group[2])
	}
	traces := regexp.MustCompile(`(?m)^  trace ([0-9a-f]{32})`).FindAllStringSubmatch(call("search_traces", map[string]any{"limit": 200}), -1)
	require.Greater(t, len(traces), 20)
	for _, trace := range traces {
		page := call("get_trace", map[string]any{"trace_id": trace[1]})
		require.Contains(t, page, "- trace "+trace[1])
		if span := regexp.MustCompile(`\[([0-9a-f]{16})\] \+`).FindStringSubmatch(page); span != nil {
			require.Contains(t, call("get_span", map[string]any{"trace_id": trace[1], "span_id": span[1]}), "- span "+span[1])
		}
	}
	require.Contains(t, call("get_error", map[string]any{"id": errorGroup(t, groups, call)}), "[masked]")
}

// errorGroup is the id of an error whose request had a password in its body.
func errorGroup(t *testing.T, groups [][]string, call func(string, map[string]any) string) string {
	t.Helper()
	for _, group := range groups {
		if strings.Contains(call("get_error", map[string]any{"id": group[1]}), `"password":`) {
			return group[1]
		}
	}
	t.Fatal("no error of the corpus has a password")
	return ""
}
