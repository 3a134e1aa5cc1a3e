package scope

import (
	"encoding/json"
	"hash/fnv"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/otelcol-spotlight/otelcol-spotlight/internal/testkit"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// permutations is in how many orders the records of a scenario are tried.
const permutations = 200

type scenario struct {
	ID, Note  string
	Config    map[string]json.RawMessage
	Resources map[string]model.Attributes
	Records   []record
	Expect    struct{ Events []expectation }
}

// record is a span, span_event, log or sentry_event of a scenario. Ids are symbols; times are in milliseconds.
type record struct {
	Kind, Proc, Trace, ID, Parent, Span, Name, Severity, Body, Origin string
	SpanKind                                                          string `json:"span_kind"`
	EventName                                                         string `json:"event_name"`
	Start, End, Time                                                  float64
	Flags                                                             uint32
	Attributes                                                        model.Attributes
	Event                                                             json.RawMessage
}

type expectation map[string]json.RawMessage

func TestMaterialize_Scenarios(t *testing.T) {
	paths, err := filepath.Glob(filepath.Join(testkit.ScopeVectors(t), "collector*.json"))
	require.NoError(t, err)
	require.NotEmpty(t, paths)
	own, err := filepath.Glob("testdata/*.json")
	require.NoError(t, err)
	require.NotEmpty(t, own)
	for _, path := range append(paths, own...) {
		data, err := os.ReadFile(path)
		require.NoError(t, err)
		var file struct{ Cases []scenario }
		require.NoError(t, json.Unmarshal(data, &file), path)
		require.NotEmpty(t, file.Cases)
		for _, s := range file.Cases {
			t.Run(s.ID, func(t *testing.T) { testScenario(t, s) })
		}
	}
}

func testScenario(t *testing.T, s scenario) {
	cfg := scenarioConfig(t, s.Config)
	require.NotEmpty(t, s.Expect.Events)
	var want string
	rng := rand.New(rand.NewPCG(1, 2))
	for round := range permutations {
		records := slices.Clone(s.Records)
		if round > 0 {
			rng.Shuffle(len(records), func(i, j int) { records[i], records[j] = records[j], records[i] })
		}
		w := buildWorld(t, s, records)
		p := Prepare(w.view, cfg)
		results := map[string]Result{}
		for _, ev := range w.events {
			results[symbol(ev.SpanID)+"/"+messageOf(ev)] = p.Event(ev, Spec)
		}
		if round == 0 {
			for _, e := range s.Expect.Events {
				checkExpectation(t, w, results, e)
			}
			want = toJSON(t, results)
			continue
		}
		require.Equal(t, want, toJSON(t, results), "order %d", round)
	}
}

func scenarioConfig(t *testing.T, options map[string]json.RawMessage) Config {
	t.Helper()
	cfg := DefaultConfig()
	for name, raw := range options {
		var into any
		switch name {
		case "tags":
			into = &cfg.Tags
		case "contexts":
			into = &cfg.Contexts
		case "attributes":
			into = &cfg.Attributes
		case "tag_attributes":
			into = &cfg.TagAttributes
		case "inherit_attributes":
			into = &cfg.InheritAttributes
		case "span_breadcrumbs":
			into = &cfg.SpanBreadcrumbs
		case "share_sdk_breadcrumbs":
			into = &cfg.ShareSDKBreadcrumbs
		case "max_breadcrumbs":
			into = &cfg.MaxBreadcrumbs
		case "send_default_pii":
			into = &cfg.SendDefaultPII
		case "nested_server":
			into = &cfg.NestedServer
		case "trace_scope":
			into = &cfg.TraceScope
		case "trace_scope.promote":
			into = &cfg.TraceScope.Promote
		default:
			t.Fatalf("the scenario sets an option %q that there is not", name)
		}
		require.NoError(t, json.Unmarshal(raw, into))
	}
	require.Empty(t, cfg.Problems())
	return cfg
}

// world is what the records of a scenario become.
type world struct {
	view   TraceView
	events []*model.Event
}

// names remembers the symbols that ids were made of, to read results.
var names = map[string]string{}

func spanID(symbol string) (id model.SpanID) {
	if symbol == "" {
		return id
	}
	h := fnv.New64a()
	h.Write([]byte("span " + symbol))
	h.Sum(id[:0])
	names[id.String()] = symbol
	return id
}

func traceID(symbol string) (id model.TraceID) {
	if symbol == "" {
		return id
	}
	h := fnv.New128a()
	h.Write([]byte("trace " + symbol))
	h.Sum(id[:0])
	return id
}

func eventID(content []byte) (id model.EventID) {
	h := fnv.New128a()
	h.Write(content)
	h.Sum(id[:0])
	return id
}

func symbol(id model.SpanID) string { return names[id.String()] }

func milli(ms float64) model.Time { return model.Time(1_700_000_000_000_000_000 + int64(ms*1e6)) }

func messageOf(ev *model.Event) string {
	if ev.Message != nil {
		return ev.Message.Formatted
	}
	return ev.Exceptions[0].Value
}

// buildWorld does with records what the rooms in front of this one do.
func buildWorld(t *testing.T, s scenario, records []record) world {
	t.Helper()
	w := world{view: TraceView{TraceID: traceID("t")}}
	resources := map[string]*model.Resource{}
	for name, attrs := range s.Resources {
		resources[name] = &model.Resource{Attributes: attrs}
	}
	spans := map[string]*model.Span{}
	for _, r := range records {
		if r.Kind == "span" {
			span := buildSpan(r, resources)
			if r.Trace == "" || r.Trace == "t" {
				w.view.Spans = append(w.view.Spans, span)
				spans[r.ID] = span
			} else if SetsGlobal(span) {
				w.view.ProcessSpans = append(w.view.ProcessSpans, span)
			}
		}
	}
	payloads := map[string]model.Event{}
	w.view.Decode = func(payload []byte) (model.Event, []string) { return payloads[string(payload)], nil }
	for _, r := range records {
		switch r.Kind {
		case "span":
		case "span_event":
			if span := spans[r.Span]; span != nil {
				span.Events = append(span.Events, model.SpanEvent{Name: r.Name, Time: milli(r.Time), Attributes: r.Attributes})
			}
			if isException(r.Name, r.Attributes) {
				w.add(otelEvent(r, model.SourceSpanEvent, resources))
			}
		case "log":
			l := &model.Log{LogSummary: model.LogSummary{
				Time: milli(r.Time), Level: model.Level(strings.ToLower(strings.Replace(r.Severity, "WARN", "WARNING", 1))),
				Message: r.Body, TraceID: traceID(r.Trace), SpanID: spanID(r.Span),
			}, EventName: r.EventName, Body: model.String(r.Body), Attributes: r.Attributes, Resource: resources[r.Proc]}
			l.Origin = originOf(r.Origin)
			if _, ok := r.Attributes.Get("exception.type"); ok {
				ev := otelEvent(r, model.SourceLog, resources)
				ev.Level = l.Level
				l.EventID = ev.EventID
				w.add(ev)
			}
			if l.TraceID == w.view.TraceID {
				w.view.Logs = append(w.view.Logs, l)
			} else if l.SpanID.IsZero() {
				w.view.ProcessLogs = append(w.view.ProcessLogs, l)
			}
		case "sentry_event":
			ev, isTransaction := sentryEvent(t, r, resources)
			payloads[string(r.Event)] = *ev
			if !isTransaction {
				w.add(ev)
				w.view.Events[len(w.view.Events)-1].Payload = r.Event
				continue
			}
			w.view.Spans = append(w.view.Spans, &model.Span{
				TraceID: ev.TraceID, SpanSummary: model.SpanSummary{
					SpanID: ev.SpanID, ParentSpanID: parentOf(ev), Name: ev.Transaction, Kind: model.KindInternal, Status: model.StatusUnset,
					Origin: model.OriginSentry, StartTime: startOf(t, r), EventID: ev.EventID, Segment: true,
				}, SpanDetails: model.SpanDetails{Resource: resources[r.Proc]}, Payload: r.Event,
			})
		default:
			t.Fatalf("unknown kind of record %q", r.Kind)
		}
	}
	return w
}

func (w *world) add(ev *model.Event) {
	w.events = append(w.events, ev)
	w.view.Events = append(w.view.Events, &model.EventRecord{EventSummary: ev.EventSummary, Source: ev.Source, Resource: ev.Resource, Attributes: ev.Attributes})
}

func kindOf(word string) (k model.SpanKind) {
	if err := k.UnmarshalText([]byte(strings.ToLower(word))); err != nil {
		panic(err)
	}
	return k
}

func originOf(word string) (o model.Origin) {
	if err := o.UnmarshalText([]byte(word)); err != nil {
		panic(err)
	}
	return o
}

func buildSpan(r record, resources map[string]*model.Resource) *model.Span {
	s := &model.Span{TraceID: traceID("t")}
	if r.Trace != "" {
		s.TraceID = traceID(r.Trace)
	}
	s.SpanID, s.ParentSpanID = spanID(r.ID), spanID(r.Parent)
	s.Name, s.Kind, s.Status, s.Origin, s.Service = r.Name, kindOf(r.SpanKind), model.StatusUnset, model.OriginOTel, r.Proc
	if r.Origin != "" {
		s.Origin = originOf(r.Origin)
	}
	s.StartTime, s.DurationNS = milli(r.Start), int64((r.End-r.Start)*1e6)
	s.Attributes, s.Flags, s.Resource = model.Pack(r.Attributes), r.Flags, resources[r.Proc]
	return s
}

func otelEvent(r record, source model.EventSource, resources map[string]*model.Resource) *model.Event {
	ev := &model.Event{EventSummary: model.EventSummary{
		EventID: eventID([]byte(r.Kind + r.Span + r.Body + r.Attributes.Str("exception.message"))), Type: model.EventError,
		TraceID: traceID("t"), SpanID: spanID(r.Span), Level: model.LevelError, Origin: model.OriginOTel, Time: milli(r.Time),
	}, Source: source, Attributes: r.Attributes, Resource: resources[r.Proc]}
	ev.Exceptions = []model.Exception{{Type: r.Attributes.Str("exception.type"), Value: r.Attributes.Str("exception.message")}}
	return ev
}

// sentryEvent reads the few fields of a payload that scenarios have.
func sentryEvent(t *testing.T, r record, resources map[string]*model.Resource) (ev *model.Event, isTransaction bool) {
	t.Helper()
	var p struct {
		Type, Message, Transaction, Release, Environment string
		Level                                            model.Level
		ServerName                                       string `json:"server_name"`
		Tags, User, Contexts, Extra                      model.Attributes
		Fingerprint                                      []string
		Request                                          *struct {
			Method, URL string
			Headers     map[string]string
		}
		Breadcrumbs []vectorCrumb
	}
	require.NoError(t, json.Unmarshal(r.Event, &p))
	trace, _ := p.Contexts.Get("trace")
	ev = &model.Event{EventSummary: model.EventSummary{
		EventID: eventID(r.Event), Type: model.EventError, TraceID: traceID(trace.Map().Str("trace_id")), SpanID: spanID(trace.Map().Str("span_id")),
		Level: p.Level, Origin: model.OriginSentry, Release: p.Release, Environment: p.Environment, Time: milli(r.Time),
	}, Source: model.SourceSentry, Message: &model.Message{Formatted: p.Message}, Tags: p.Tags, User: p.User, Contexts: p.Contexts, Extra: p.Extra,
		Transaction: p.Transaction, Fingerprint: p.Fingerprint, ServerName: p.ServerName, Resource: resources[r.Proc]}
	if p.Request != nil {
		ev.Request = &model.Request{Method: p.Request.Method, URL: p.Request.URL}
		for k, v := range p.Request.Headers {
			ev.Request.Headers = append(ev.Request.Headers, model.NameValue{Name: k, Value: v})
		}
		slices.SortFunc(ev.Request.Headers, func(a, b model.NameValue) int { return strings.Compare(a.Name, b.Name) })
	}
	for _, c := range p.Breadcrumbs {
		at, err := c.Timestamp.Float64()
		require.NoError(t, err)
		ev.Breadcrumbs = append(ev.Breadcrumbs, model.Breadcrumb{Time: milli(at), Type: c.Type, Message: c.Message, Category: c.Category, Level: c.Level, Data: c.Data})
	}
	return ev, p.Type == "transaction"
}

// startOf returns when a transaction started: the record says it, or its payload.
func startOf(t *testing.T, r record) model.Time {
	t.Helper()
	var p struct {
		Start float64 `json:"start_timestamp"`
	}
	require.NoError(t, json.Unmarshal(r.Event, &p))
	return milli(max(r.Start, p.Start))
}

func parentOf(ev *model.Event) model.SpanID {
	trace, _ := ev.Contexts.Get("trace")
	return spanID(trace.Map().Str("parent_span_id"))
}

func checkExpectation(t *testing.T, w world, results map[string]Result, e expectation) {
	t.Helper()
	var match struct{ Span, Message string }
	require.NoError(t, json.Unmarshal(e["match"], &match))
	r, ok := results[match.Span+"/"+match.Message]
	require.True(t, ok, "no event %q in span %s", match.Message, match.Span)
	where := match.Span + "/" + match.Message
	for field, raw := range e {
		switch field {
		case "match":
		case "provenance":
			checkProvenance(t, where, r, raw)
		case "provenance_absent":
			var paths []string
			require.NoError(t, json.Unmarshal(raw, &paths))
			for _, path := range paths {
				require.NotContains(t, r.Provenance, path, where)
			}
		case "contexts", "request": // listed parts of it
			got := map[string]any{}
			require.NoError(t, json.Unmarshal([]byte(toJSON(t, fieldOf(t, r, field))), &got))
			var want map[string]any
			require.NoError(t, json.Unmarshal(raw, &want))
			for k, v := range want {
				require.Equal(t, v, got[k], "%s: %s.%s", where, field, k)
			}
		default:
			require.JSONEq(t, string(raw), toJSON(t, fieldOf(t, r, field)), "%s: %s", where, field)
		}
	}
}

// fieldOf returns a field of a result in the form of the scenarios.
func fieldOf(t *testing.T, r Result, field string) any {
	t.Helper()
	switch field {
	case "level":
		return r.Level
	case "transaction":
		return r.Transaction
	case "environment":
		return r.Environment
	case "release":
		return r.Release
	case "server_name":
		return r.ServerName
	case "tags": // of scopes: not those of the resource and of tag_attributes
		return slices.DeleteFunc(slices.Clone(present(r.Tags)), func(a model.Attribute) bool {
			from := r.Provenance["tags."+a.Key]
			return from.Origin == "resource" || from.Layer == model.LayerSpan
		})
	case "all_tags":
		return present(r.Tags)
	case "attributes": // of scopes: not those of the record itself
		return slices.DeleteFunc(slices.Clone(present(r.Attributes)), func(a model.Attribute) bool {
			return r.Provenance["attributes."+a.Key].Layer == model.LayerEvent
		})
	case "user":
		return present(r.User)
	case "extra":
		return present(r.Extra)
	case "contexts":
		return present(r.Contexts)
	case "fingerprint":
		return r.Fingerprint
	case "truncated":
		return r.Truncated
	case "conflict", "conflicts":
		return append([]string{}, r.Conflicts...)
	case "breadcrumbs":
		messages := []string{}
		for _, c := range r.Breadcrumbs {
			messages = append(messages, c.Message)
		}
		return messages
	case "request":
		if r.Request == nil {
			return map[string]any{}
		}
		return requestJSON(r.Request)
	}
	var ev model.Event // any other field by its name on the wire
	r.Apply(&ev)
	var fields map[string]any
	require.NoError(t, json.Unmarshal([]byte(toJSON(t, &ev)), &fields))
	require.Contains(t, fields, field, "the scenario expects a field that is not known here")
	return fields[field]
}

// requestJSON writes a request as Sentry does.
func requestJSON(r *model.Request) map[string]any {
	out := map[string]any{"method": r.Method, "url": r.URL}
	headers := map[string]string{}
	for _, h := range r.Headers {
		headers[h.Name] = h.Value
	}
	out["headers"] = headers
	var query []string
	for _, q := range r.Query {
		query = append(query, q.Name+"="+q.Value)
	}
	out["query_string"] = strings.Join(query, "&")
	out["env"] = r.Env
	return out
}

func checkProvenance(t *testing.T, where string, r Result, raw json.RawMessage) {
	t.Helper()
	var paths map[string]json.RawMessage
	require.NoError(t, json.Unmarshal(raw, &paths))
	for path, raw := range paths {
		if of, ok := strings.CutSuffix(path, ".shadowed"); ok {
			got := [][]any{}
			for _, s := range r.Provenance[of].Shadowed {
				got = append(got, []any{s.Layer, readable(s.Origin), s.Value})
			}
			require.JSONEq(t, string(raw), toJSON(t, got), "%s: provenance of %s", where, path)
			continue
		}
		got := []any{r.Provenance[path].Layer, readable(r.Provenance[path].Origin)}
		if index, ok := strings.CutPrefix(path, "breadcrumbs."); ok {
			var i int
			require.NoError(t, json.Unmarshal([]byte(index), &i))
			got = []any{r.Breadcrumbs[i].Layer, readable(r.Breadcrumbs[i].Source)}
		}
		if of, ok := strings.CutSuffix(path, ".probable"); ok {
			got = []any{readable(r.Provenance[of].Probable)}
		}
		require.JSONEq(t, string(raw), toJSON(t, got), "%s: provenance of %s", where, path)
	}
}

// readable puts symbols for ids.
func readable(origin string) string {
	if i := strings.Index(origin, "span:"); i >= 0 {
		return origin[:i+5] + names[origin[i+5:]]
	}
	if strings.HasPrefix(origin, "transaction:") {
		return "transaction"
	}
	return origin
}
