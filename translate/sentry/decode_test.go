package sentry_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/otelcol-spotlight/otelcol-spotlight/internal/testkit"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/sentry"
)

// TestDecodeEvent_Golden reads every event of the corpus and compares what a reader sees of it with
// testdata/events/<scenario>.golden.txt.
func TestDecodeEvent_Golden(t *testing.T) {
	for _, s := range testkit.Corpus(t) {
		var b strings.Builder
		for _, rec := range corpus(t, s) {
			for _, it := range rec.env.Items {
				switch it.Type {
				case "event", "feedback", "transaction", "replay_event":
					fmt.Fprintf(&b, "== %s %s\n", filepath.Base(rec.name), it.Type)
					ev, warnings := sentry.DecodeEvent(it.Payload)
					describe(&b, &ev, warnings)
				}
			}
		}
		if b.Len() == 0 {
			continue
		}
		t.Run(s.Name, func(t *testing.T) {
			golden := filepath.Join("testdata", "events", s.Name+".golden.txt")
			if *update {
				require.NoError(t, os.MkdirAll(filepath.Dir(golden), 0o750))
				require.NoError(t, os.WriteFile(golden, []byte(b.String()), 0o600))
			}
			if os.Getenv("SPOTLIGHT_CORPUS") != "" {
				return
			}
			want, err := os.ReadFile(golden) // #nosec G304 -- a test fixture
			require.NoError(t, err)
			require.Equal(t, string(want), b.String())
		})
	}
}

// describe writes an event as text: everything but the source context and the variables of frames, which are counted.
func describe(b *strings.Builder, ev *model.Event, warnings []string) {
	fmt.Fprintf(b, "%s %s %q value=%q culprit=%q", ev.Type, ev.Level, ev.Title, clip(ev.Value), ev.Culprit)
	if ev.Handled != nil {
		fmt.Fprintf(b, " handled=%t", *ev.Handled)
	}
	fmt.Fprintf(b, "\n  %s %s %s %s\n", ev.EventID, ev.TraceID, ev.SpanID, ev.Time.Std().Format("2006-01-02T15:04:05.999999999Z"))
	fmt.Fprintf(b, "  platform=%s release=%s environment=%s server=%s dist=%s logger=%s transaction=%q\n", ev.Platform, ev.Release, ev.Environment, ev.ServerName, ev.Dist, ev.Logger, ev.Transaction)
	if ev.SDK != nil {
		fmt.Fprintf(b, "  sdk %s %s %s\n", ev.SDK.Name, ev.SDK.Version, ev.SDK.Language)
	}
	for _, w := range warnings {
		fmt.Fprintf(b, "  ! %s\n", w)
	}
	if ev.Message != nil {
		fmt.Fprintf(b, "  message %s\n", jsonOf(ev.Message))
	}
	for _, e := range ev.Exceptions {
		fmt.Fprintf(b, "  exception %q %q module=%q thread=%q %s\n", e.Type, clip(e.Value), e.Module, e.ThreadID, jsonOf(e.Mechanism))
		describeFrames(b, e.Frames)
	}
	for _, th := range ev.Threads {
		fmt.Fprintf(b, "  thread %q %q crashed=%t current=%t other=%s\n", th.ID, th.Name, th.Crashed, th.Current, jsonOf(th.Other))
		describeFrames(b, th.Frames)
	}
	for _, c := range ev.Breadcrumbs {
		fmt.Fprintf(b, "  crumb %s %s %s %s %q %s\n", c.Time.Std().Format("15:04:05.999999999"), c.Type, c.Category, c.Level, clip(c.Message), clip(jsonOf(c.Data)))
	}
	for _, m := range []struct {
		name  string
		attrs model.Attributes
	}{{"tags", ev.Tags}, {"user", ev.User}, {"contexts", ev.Contexts}, {"extra", ev.Extra}, {"modules", ev.Modules}, {"other", ev.Other}} {
		for _, a := range m.attrs {
			fmt.Fprintf(b, "  %s.%s = %s\n", m.name, a.Key, clip(jsonOf(a.Value)))
		}
	}
	if ev.Request != nil {
		fmt.Fprintf(b, "  request %s\n", clip(jsonOf(ev.Request)))
	}
	if ev.Fingerprint != nil {
		fmt.Fprintf(b, "  fingerprint %q\n", ev.Fingerprint)
	}
	for _, m := range ev.DebugImages {
		fmt.Fprintf(b, "  image %s\n", jsonOf(m))
	}
}

func describeFrames(b *strings.Builder, frames []model.Frame) {
	for i, f := range frames {
		if i == 4 {
			fmt.Fprintf(b, "    %d more\n", len(frames)-i)
			return
		}
		inApp := "?"
		if f.InApp != nil {
			inApp = fmt.Sprint(*f.InApp)
		}
		context := "-"
		if f.ContextLine != nil {
			context = fmt.Sprintf("%q", strings.TrimSpace(clip(*f.ContextLine)))
		}
		fmt.Fprintf(b, "    %s (%s:%d:%d) in_app=%s %s +%d-%d vars=%d other=%s\n", f.Function, f.Filename, f.Line, f.Column, inApp, context, len(f.PostContext), len(f.PreContext), len(f.Vars), jsonOf(f.Other))
	}
}

// TestDecodeEvent_Expectations: what the hand-made events say must come out.
func TestDecodeEvent_Expectations(t *testing.T) {
	n := 0
	for _, r := range testkit.ScenarioNamed(t, "synthetic-irregular-store").Requests {
		rec, ok := recordedOf(t, r)
		if !ok {
			continue
		}
		var want map[string]any
		require.NoError(t, json.Unmarshal(r.Expect, &want))
		t.Run(r.Title, func(t *testing.T) {
			ev, _ := sentry.DecodeEvent(rec.env.Items[0].Payload)
			res := sentry.NewTranslator(sentry.Options{}).Envelope(rec.env, rec.req)
			for path, v := range want {
				n++
				switch path {
				case "kind":
					require.EqualValues(t, v, ev.Type)
				case "exceptions":
					for i, e := range v.([]any) {
						pair := e.([]any)
						require.Equal(t, pair[0], ev.Exceptions[i].Type)
						require.Equal(t, pair[1], ev.Exceptions[i].Value)
					}
				case "exceptions.0":
					require.Equal(t, v, ev.Exceptions[0].Type)
				case "frames":
					require.GreaterOrEqual(t, len(ev.Exceptions[0].Frames), 2)
				case "tags":
					require.JSONEq(t, jsonOf(v), jsonOf(ev.Tags))
				case "breadcrumbs":
					require.Len(t, ev.Breadcrumbs, int(v.(float64)))
				case "breadcrumbs.0.message":
					require.Equal(t, v, ev.Breadcrumbs[0].Message)
				case "message":
					require.Equal(t, v, ev.Message.Formatted)
				case "level":
					require.EqualValues(t, v, ev.Level)
				case "timestamp":
					if list, ok := v.([]any); ok {
						v = list[0]
					}
					require.InDelta(t, v, float64(ev.Time)/1e9, 1e-6)
				case "request.method":
					require.Equal(t, v, ev.Request.Method)
				case "request.headers.Host":
					require.Contains(t, ev.Request.Headers, model.NameValue{Name: "Host", Value: v.(string)})
				case "request.cookies.a":
					require.Contains(t, ev.Request.Cookies, model.NameValue{Name: "a", Value: v.(string)})
				case "request.url":
					require.Equal(t, v, ev.Request.URL)
				case "user.id":
					require.Equal(t, v, ev.User.Str("id"))
				case "user.extra.subscription":
					require.Equal(t, v, ev.User.Str("subscription"))
				case "trace_id":
					require.Equal(t, v, ev.TraceID.String())
				case "contexts.runtime.version":
					runtime, _ := ev.Contexts.Get("runtime")
					require.Equal(t, v, runtime.Map().Str("version"))
				case "flags":
					flags, _ := ev.Contexts.Get("flags")
					require.JSONEq(t, `{"values":[{"flag":"a","result":true},{"flag":"b","result":"v2"}]}`, jsonOf(flags))
				case "fingerprint":
					require.JSONEq(t, `["{{ default }}","42","True","1.5"]`, jsonOf(ev.Fingerprint), "Sentry keeps numbers too")
				case "threads":
					require.Len(t, ev.Threads, int(v.(float64)))
				case "images":
					require.Len(t, ev.DebugImages, int(v.(float64)))
				case "spans":
					require.Equal(t, int(v.(float64)), res.Traces.SpanCount())
				case "status":
					require.Equal(t, v, spansOf(res)[0].Status().Message())
				case "child.status":
					require.Equal(t, v, spansOf(res)[1].Status().Message())
				case "duration_ms":
					s := spansOf(res)[0]
					require.EqualValues(t, v, s.EndTimestamp().AsTime().Sub(s.StartTimestamp().AsTime()).Milliseconds())
				case "note":
					n--
				default:
					t.Fatalf("no check for %s", path)
				}
			}
		})
	}
	require.Greater(t, n, 25)
}

// TestDecodeEvent_Order: a tree of exceptions is read from its ids, whatever the order of the list.
func TestDecodeEvent_Order(t *testing.T) {
	exception := func(typ string, ids string) string {
		return `{"type":"` + typ + `","mechanism":{"type":"x",` + ids + `}}`
	}
	for _, c := range []struct {
		name string
		list []string
		want string
	}{
		{"a chain without ids: the thrown one is last", []string{`{"type":"c"}`, `{"type":"b"}`, `{"type":"a"}`}, "a b c"},
		{"a chain", []string{exception("c", `"exception_id":2,"parent_id":1`), exception("b", `"exception_id":1,"parent_id":0`), exception("a", `"exception_id":0`)}, "a b c"},
		{"a group", []string{exception("d", `"exception_id":3,"parent_id":1`), exception("c", `"exception_id":2,"parent_id":0`), exception("b", `"exception_id":1,"parent_id":0`), exception("a", `"exception_id":0,"is_exception_group":true`)}, "a b d c"},
		{"in any order", []string{exception("a", `"exception_id":0`), exception("c", `"exception_id":2,"parent_id":0`), exception("b", `"exception_id":1,"parent_id":0`)}, "a b c"},
		{"a missing parent", []string{exception("c", `"exception_id":2,"parent_id":9`), exception("a", `"exception_id":0`)}, "a c"},
		{"a cycle stays in the order of the list", []string{exception("b", `"exception_id":1,"parent_id":2`), exception("a", `"exception_id":2,"parent_id":1`)}, "a b"},
		{"one id twice", []string{exception("b", `"exception_id":1`), exception("a", `"exception_id":1`)}, "a b"},
		{"its own parent", []string{exception("b", `"exception_id":1,"parent_id":1`), exception("a", `"exception_id":0`)}, "a b"},
		{"some without ids", []string{`{"type":"b"}`, exception("a", `"exception_id":0`)}, "a b"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			for _, e := range decoded(t, `{"exception":{"values":[`+strings.Join(c.list, ",")+`]}}`).Exceptions {
				got = append(got, e.Type)
			}
			require.Equal(t, c.want, strings.Join(got, " "))
		})
	}
}

func TestDecodeEvent_Summary(t *testing.T) {
	frames := func(list string) string {
		return `{"exception":[{"type":"E","value":"v","stacktrace":{"frames":[` + list + `]}}]`
	}
	for _, c := range []struct{ name, payload, title, value, culprit string }{
		{"the newest frame of the user's own code", frames(`{"filename":"old.js","in_app":true,"lineno":1},{"filename":"mine.js","in_app":true,"lineno":2},{"filename":"lib.js","in_app":false,"lineno":3}`) + `}`, "E", "v", "mine.js:2"},
		{"nobody says what is the user's", frames(`{"filename":"a.go","lineno":1},{"filename":"b.go","lineno":2}`) + `}`, "E", "v", "b.go:2"},
		{"no path", frames(`{"function":"f","in_app":true}`) + `}`, "E", "v", "f"},
		{"no frame", frames(``) + `,"transaction":"GET /"}`, "E", "v", "GET /"},
		{"no type", `{"exception":[{"value":"only a value\nof two lines"}]}`, "only a value", "", ""},
		{"nothing", `{}`, "(no message)", "", ""},
		{"a transaction", `{"type":"transaction","transaction":"GET /","contexts":{}}`, "GET /", "", ""},
		{"a long value", `{"exception":[{"type":"E","value":"` + strings.Repeat("é", 2000) + `"}]}`, "E", strings.Repeat("é", 510) + "…", ""},
		{"a feedback", `{"type":"feedback","contexts":{"feedback":{"message":"It broke."}}}`, "It broke.", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			ev := decoded(t, c.payload)
			require.Equal(t, c.title, ev.Title)
			require.Equal(t, c.value, ev.Value)
			require.Equal(t, c.culprit, ev.Culprit)
		})
	}
}

// TestDecodeForIssue gives what a cluster key needs, the same as DecodeEvent.
func TestDecodeForIssue(t *testing.T) {
	for _, s := range testkit.Corpus(t) {
		for _, rec := range corpus(t, s) {
			for _, it := range rec.env.Items {
				if it.Type != "event" {
					continue
				}
				full, _ := sentry.DecodeEvent(it.Payload)
				part, _ := sentry.DecodeForIssue(it.Payload)
				require.Equal(t, full.EventSummary, part.EventSummary)
				require.Equal(t, full.Message, part.Message)
				require.Equal(t, full.Fingerprint, part.Fingerprint)
				require.Equal(t, full.Transaction, part.Transaction)
				require.Len(t, part.Exceptions, len(full.Exceptions))
				for i := range full.Exceptions {
					require.Equal(t, full.Exceptions[i].Type, part.Exceptions[i].Type)
					require.Len(t, part.Exceptions[i].Frames, len(full.Exceptions[i].Frames))
					for j, f := range full.Exceptions[i].Frames {
						f.PreContext, f.ContextLine, f.PostContext, f.Vars, f.Other = nil, nil, nil, nil, nil
						require.Equal(t, f, part.Exceptions[i].Frames[j])
					}
				}
			}
		}
	}
}

// JavaScript SDKs say "handled: false" of the cause, and "handled: true" of what was thrown around it.
func TestDecodeEvent_HandledChain(t *testing.T) {
	for _, c := range []struct {
		payload string
		want    any
	}{
		{`{"exception":{"values":[{"type":"TypeError","mechanism":{"handled":false}},{"type":"Error","mechanism":{"handled":true}}]}}`, false},
		{`{"exception":{"values":[{"type":"TypeError"},{"type":"Error","mechanism":{"handled":true}}]}}`, true},
		{`{"exception":{"values":[{"type":"TypeError"}]}}`, nil},
	} {
		ev, _ := sentry.DecodeEvent([]byte(c.payload))
		if c.want == nil {
			require.Nil(t, ev.Handled, c.payload)
			continue
		}
		require.NotNil(t, ev.Handled, c.payload)
		require.Equal(t, c.want, *ev.Handled, c.payload)
	}
}
