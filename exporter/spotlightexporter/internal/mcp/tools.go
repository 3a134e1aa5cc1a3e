package mcp

import (
	"context"
	"errors"
	"fmt"
	"time"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/otelcol-spotlight/otelcol-spotlight/exporter/spotlightexporter/internal/query"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// How many rows a list has, and how many it may have.
const (
	defaultRows = 20
	maxRows     = 200
)

// tools are the answers to one request.
type tools struct {
	q       *query.Query
	overlay string // address of the overlay, without a slash at its end
}

// list is what all searches take.
type list struct {
	Query   string  `json:"query,omitempty" jsonschema:"free text and terms such as status:error dur:>100ms http.route:/cart -name:health"`
	Service string  `json:"service,omitempty" jsonschema:"exact name of a service, see list_services"`
	Minutes float64 `json:"minutes,omitempty" jsonschema:"only what happened in the last so many minutes; all that is kept when left out"`
	Limit   int     `json:"limit,omitempty" jsonschema:"how many rows at most, newest first; 20 when left out, up to 200"`
}

func (l list) filter() query.Filter {
	f := query.Filter{Q: l.Query, Service: l.Service, Session: query.AllSessions, Limit: defaultRows}
	if l.Limit > 0 {
		f.Limit = min(l.Limit, maxRows)
	}
	if l.Minutes > 0 {
		f.After = model.TimeOf(time.Now().Add(-time.Duration(l.Minutes * float64(time.Minute))))
	}
	return f
}

type searchErrors struct {
	list
	Level string `json:"level,omitempty" jsonschema:"at least this level: debug, info, warning, error or fatal"`
}

type searchLogs struct {
	list
	Level   string `json:"level,omitempty" jsonschema:"at least this level: trace, debug, info, warning, error or fatal"`
	TraceID string `json:"trace_id,omitempty" jsonschema:"only logs of this trace"`
}

type errorRef struct {
	ID string `json:"id" jsonschema:"id of an event (32 hex digits, or the first 8 or more), or of a group of errors: then its newest event"`
}

type traceRef struct {
	TraceID string `json:"trace_id" jsonschema:"32 hex digits, or the first 8 or more"`
}

type spanRef struct {
	traceRef
	SpanID string `json:"span_id" jsonschema:"16 hex digits, or the first 8 or more"`
}

type logRef struct {
	ID uint64 `json:"id" jsonschema:"number of a log record, see search_logs"`
}

type nothing struct{}

func (t *tools) add(s *sdk.Server) {
	add(s, "search_errors", "Groups of equal errors and messages, last seen first: how often, where, in which services.", t.searchErrors)
	add(s, "get_error", "One error: exceptions with source lines and variables, request, tags, what happened before it, its trace.", t.getError)
	add(s, "search_traces", "Traces across all services, newest first: name, duration, spans, errors.", t.searchTraces)
	add(s, "get_trace", "One trace as a tree of spans with start, duration and self time, and its errors.", t.getTrace)
	add(s, "get_span", "One span with its attributes, events and links.", t.getSpan)
	add(s, "search_logs", "Log records, newest first.", t.searchLogs)
	add(s, "get_log", "One log record with its attributes.", t.getLog)
	add(s, "list_services", "The processes that send telemetry, and what should be mended in how they do it.", t.listServices)
}

// add registers a tool that reads only and answers with text.
func add[In any](s *sdk.Server, name, description string, answer func(In) (string, error)) {
	closed := false
	sdk.AddTool(s, &sdk.Tool{
		Name: name, Description: description,
		Annotations: &sdk.ToolAnnotations{ReadOnlyHint: true, IdempotentHint: true, OpenWorldHint: &closed},
	}, func(_ context.Context, _ *sdk.CallToolRequest, in In) (*sdk.CallToolResult, any, error) {
		text, err := answer(in)
		if err != nil {
			return nil, nil, err // the SDK makes it the tool's answer, so that the model can mend its call
		}
		return &sdk.CallToolResult{Content: []sdk.Content{&sdk.TextContent{Text: text}}}, nil, nil
	})
}

func (t *tools) searchErrors(in searchErrors) (string, error) {
	f := in.filter()
	var err error
	if f.Level, err = levelOf(in.Level); err != nil {
		return "", err
	}
	return rows("errors", t.q.Issues(f), issueRow)
}

func (t *tools) searchTraces(in list) (string, error) {
	return rows("traces", t.q.Traces(in.filter()), traceRow)
}

func (t *tools) searchLogs(in searchLogs) (string, error) {
	f := in.filter()
	var err error
	if f.Level, err = levelOf(in.Level); err != nil {
		return "", err
	}
	if in.TraceID != "" {
		if f.Trace, err = t.trace(in.TraceID); err != nil {
			return "", err
		}
	}
	return rows("log records", t.q.Logs(f), logRow)
}

func (t *tools) listServices(nothing) (string, error) {
	return rows("services", t.q.Services(query.Filter{Session: query.AllSessions, Limit: maxRows}), serviceRow)
}

func (t *tools) getError(in errorRef) (string, error) {
	id, ok := t.q.EventID(in.ID)
	if issue, found := t.q.Issue(in.ID); found {
		id, ok = issue.LastEvent, true
	}
	if !ok {
		return "", fmt.Errorf("there is no error %q; search_errors lists those that are kept", model.Cut(in.ID, 80))
	}
	ev, ok := t.q.Event(id)
	if !ok {
		return "", fmt.Errorf("the error %s is not kept any more; search_errors lists those that are", id)
	}
	var trace *model.Trace
	if !ev.TraceID.IsZero() {
		trace, _ = t.q.Trace(ev.TraceID, false)
	}
	return t.errorPage(ev, trace), nil
}

func (t *tools) getTrace(in traceRef) (string, error) {
	id, err := t.trace(in.TraceID)
	if err != nil {
		return "", err
	}
	trace, ok := t.q.Trace(id, false)
	if !ok {
		return "", noTrace(in.TraceID)
	}
	return t.tracePage(trace), nil
}

func (t *tools) getSpan(in spanRef) (string, error) {
	trace, err := t.trace(in.TraceID)
	if err != nil {
		return "", err
	}
	id, ok := t.q.SpanID(trace, in.SpanID)
	if !ok {
		return "", fmt.Errorf("there is no span %q in that trace; get_trace lists its spans", model.Cut(in.SpanID, 80))
	}
	span, ok := t.q.Span(trace, id)
	if !ok {
		return "", fmt.Errorf("there is no span %s in that trace; get_trace lists its spans", id)
	}
	return t.spanPage(trace, span), nil
}

func (t *tools) getLog(in logRef) (string, error) {
	log, ok := t.q.Log(in.ID)
	if !ok {
		return "", fmt.Errorf("there is no log record %d; search_logs lists those that are kept", in.ID)
	}
	return t.logPage(log), nil
}

func (t *tools) trace(text string) (model.TraceID, error) {
	id, ok := t.q.TraceID(text)
	if !ok {
		return id, noTrace(text)
	}
	return id, nil
}

func noTrace(text string) error {
	return fmt.Errorf("there is no trace %q; search_traces lists those that are kept", model.Cut(text, 80))
}

func levelOf(text string) (model.Level, error) {
	switch l := model.Level(text); l {
	case "", model.LevelTrace, model.LevelDebug, model.LevelInfo, model.LevelWarning, model.LevelError, model.LevelFatal:
		return l, nil
	}
	return "", errors.New("level: want trace, debug, info, warning, error or fatal")
}
