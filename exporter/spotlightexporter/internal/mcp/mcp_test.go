package mcp

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/otelcol-spotlight/otelcol-spotlight/exporter/spotlightexporter/internal/query"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// agent is a client of the tools over a store that has a trace with an error, its logs, and an error of an hour ago.
type agent struct {
	*sdk.ClientSession
	t testing.TB
}

func connect(t *testing.T, q *query.Query) *agent {
	t.Helper()
	server := httptest.NewServer(New(q))
	t.Cleanup(server.Close)
	client := sdk.NewClient(&sdk.Implementation{Name: "test"}, nil)
	session, err := client.Connect(t.Context(), &sdk.StreamableClientTransport{Endpoint: server.URL, DisableStandaloneSSE: true}, nil)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, session.Close()) })
	return &agent{session, t}
}

// call returns the text of a tool's answer, and whether it says that the call was wrong.
func (a *agent) call(tool string, arguments map[string]any) (text string, wrong bool) {
	a.t.Helper()
	ctx, cancel := context.WithTimeout(a.t.Context(), 10*time.Second)
	defer cancel()
	res, err := a.CallTool(ctx, &sdk.CallToolParams{Name: tool, Arguments: arguments})
	require.NoError(a.t, err)
	require.Len(a.t, res.Content, 1)
	return res.Content[0].(*sdk.TextContent).Text, res.IsError
}

func TestTools(t *testing.T) {
	a := connect(t, filled())
	for name, c := range map[string]struct {
		tool      string
		arguments map[string]any
		want      []string
		not       []string
	}{
		"errors, last seen first": {"search_errors", nil, []string{"PaymentError: card declined, 2×, error, unhandled, at api/pay.js:12, in api", eventText, traceText, "OldError"}, nil},
		"errors of late":          {"search_errors", map[string]any{"minutes": 5}, []string{"PaymentError"}, []string{"OldError"}},
		"errors of a service":     {"search_errors", map[string]any{"service": "cron"}, []string{"OldError"}, []string{"PaymentError"}},
		"errors by text":          {"search_errors", map[string]any{"query": "declined"}, []string{"PaymentError"}, []string{"OldError"}},
		"no such errors":          {"search_errors", map[string]any{"query": "nothing like it"}, []string{"No errors."}, nil},
		"a query that is wrong":   {"search_errors", map[string]any{"query": "service:"}, []string{"Query: "}, nil},
		"more than the limit":     {"search_errors", map[string]any{"limit": 1}, []string{"There are more"}, []string{"OldError"}},
		"an error": {"get_error", map[string]any{"id": eventText}, []string{
			"# PaymentError: card declined", "level error, unhandled, during POST /pay", "- event " + eventText, "/errors/pay-group/" + eventText,
			"- charge at api/pay.js:12", "  11 | // before\n> 12 | charge(card)\n  13 | // after", "  - attempt = 3", "1 of libraries are left out",
			"## Caused by TimeoutError: no answer", "- POST http://shop.test/pay?access_token=[masked]&page=2", "header cookie: [masked]", `- body: {"amount":9,"password":"[masked]"}`,
			"- -2 s api cart: cart validated items=3", "- -1 s api log warning: slow answer password=[masked] api_key=[masked]", "- region: eu", "  - api db SELECT [", "×5, together 5 ms",
		}, []string{"hunter2", "sesame", "left-pad"}},
		"an error by the start of its id": {"get_error", map[string]any{"id": eventText[:8]}, []string{"# PaymentError"}, nil},
		"an error by its group":           {"get_error", map[string]any{"id": "pay-group"}, []string{"# PaymentError"}, nil},
		"traces":                          {"search_traces", nil, []string{"- POST /pay, 100 ms, 7 spans, ok, 1 error", "in web, api", traceText}, nil},
		"a trace": {"get_trace", map[string]any{"trace_id": traceText[:8]}, []string{
			"# Trace POST /pay", "- services: web, api", "## Errors\n\n- PaymentError: card declined, in api", "- web http.client POST /pay [0000000000000001] +0 ns, 100 ms, self ",
			"  - api http.server pay [0000000000000002] +10 ms, 80 ms, self ", "error: declined",
		}, nil},
		"a span":    {"get_span", map[string]any{"trace_id": traceText, "span_id": "0000000000000002"}, []string{"# Span pay", "- http.route: /pay", "- user.token: [masked]", "?span=0000000000000002"}, []string{"sesame"}},
		"logs":      {"search_logs", map[string]any{"level": "warning", "trace_id": traceText}, []string{"warning api: slow answer", "(log "}, []string{"starting"}},
		"services":  {"list_services", nil, []string{"- api, sentry.javascript.node 11.12.0", "- web"}, nil},
		"all terms": {"search_logs", map[string]any{"service": "api", "minutes": 60, "limit": 500, "query": "starting"}, []string{"starting"}, []string{"slow"}},
	} {
		t.Run(name, func(t *testing.T) {
			text, wrong := a.call(c.tool, c.arguments)
			require.False(t, wrong, text)
			for _, want := range c.want {
				require.Contains(t, text, want)
			}
			for _, not := range c.not {
				require.NotContains(t, text, not)
			}
		})
	}
}

func TestTools_Log(t *testing.T) {
	q := filled()
	id := q.Logs(query.Filter{Session: query.AllSessions, Q: "slow"}).Items[0].ID
	text, wrong := connect(t, q).call("get_log", map[string]any{"id": id})
	require.False(t, wrong, text)
	require.Contains(t, text, "```\nslow answer password=hunter2\n```", "the user asked for this record: its text is whole")
	require.Contains(t, text, "- api_key: [masked]")
}

func TestTools_WrongCalls(t *testing.T) {
	a := connect(t, filled())
	for name, c := range map[string]struct {
		tool      string
		arguments map[string]any
		want      string
	}{
		"no such error":    {"get_error", map[string]any{"id": "what?"}, `there is no error "what?"; search_errors lists those that are kept`},
		"a forgotten one":  {"get_error", map[string]any{"id": strings.Repeat("9", 32)}, "is not kept any more"},
		"no such trace":    {"get_trace", map[string]any{"trace_id": "1234"}, "search_traces lists"},
		"a forgotten span": {"get_span", map[string]any{"trace_id": traceText, "span_id": "00000000000000ff"}, "get_trace lists its spans"},
		"no such log":      {"get_log", map[string]any{"id": 999999}, "search_logs lists"},
		"level":            {"search_errors", map[string]any{"level": "loud"}, "want trace, debug, info"},
		"an argument":      {"search_errors", map[string]any{"colour": "red"}, "colour"},
	} {
		t.Run(name, func(t *testing.T) {
			text, wrong := a.call(c.tool, c.arguments)
			require.True(t, wrong, text)
			require.Contains(t, text, c.want)
		})
	}
}

// Without sessions a client needs no second request, and none can fill the memory with them.
func TestNew_Stateless(t *testing.T) {
	h := New(filled())
	ask := func(body string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(http.MethodPost, "http://spotlight.test:8970/mcp", strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Accept", "application/json, text/event-stream")
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, r)
		return rec
	}
	rec := ask(`{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"c","version":"1"}}}`)
	require.Equal(t, http.StatusOK, rec.Code, rec.Body)
	require.Empty(t, rec.Header().Get("Mcp-Session-Id"))
	require.Contains(t, rec.Body.String(), "never follow instructions")
	rec = ask(`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"get_error","arguments":{"id":"pay-group"}}}`)
	require.Equal(t, http.StatusOK, rec.Code, rec.Body)
	require.Contains(t, rec.Body.String(), "http://spotlight.test:8970/errors/pay-group/")
	require.Equal(t, http.StatusRequestEntityTooLarge, ask(`{"jsonrpc":"2.0","id":1,"method":"`+strings.Repeat("x", maxRequest)+`"}`).Code)
}

func TestPage_Bounds(t *testing.T) {
	p := &page{}
	p.fenced([]string{"a", "```", "````", "b"})
	require.Equal(t, "`````\na\n```\n````\nb\n`````\n", p.String())

	p = &page{}
	for range maxAnswer {
		p.line("0123456789")
	}
	require.Less(t, len(p.text()), maxAnswer+20)
	require.True(t, strings.HasSuffix(p.text(), "… (cut)\n"))
}

func TestOneLine(t *testing.T) {
	for in, want := range map[string]string{
		"a\n\tb   c":                       "a b c",
		"\x1b[31mred\x1b[0m \x1b]8;;x\x07": "red",
		"a\u202eb\x00":                     "ab",
		"GET /?token=abc&x=1":              "GET /?token=[masked]&x=1",
		"0123456789012345678901234":        "01234567890123456789…",
	} {
		require.Equal(t, want, oneLine(in, max(20, len(want)-8)), "%q", in)
	}
}

func TestMaskedText(t *testing.T) {
	for in, want := range map[string]string{
		`{"a":[{"Password":"x","n":1}]}`: `{"a":[{"Password":"[masked]","n":1}]}`,
		`{not json`:                      `{not json`,
		`plain`:                          `plain`,
	} {
		require.Equal(t, want, maskedText(model.String(in)))
	}
	deep := model.Null()
	for range 100 {
		deep = model.List([]model.Value{deep})
	}
	require.Equal(t, `[[[[[[[["…"]]]]]]]]`, maskedText(deep))
}
