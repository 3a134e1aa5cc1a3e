package serve

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"go.uber.org/zap"

	"github.com/otelcol-spotlight/otelcol-spotlight/exporter/spotlightexporter/internal/live"
	"github.com/otelcol-spotlight/otelcol-spotlight/exporter/spotlightexporter/internal/query"
	"github.com/otelcol-spotlight/otelcol-spotlight/exporter/spotlightexporter/internal/sources"
	"github.com/otelcol-spotlight/otelcol-spotlight/internal/hostcheck"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// What is in the store of every test.
const (
	traceText   = "aaaaaaaa00000000000000000000000a"
	eventText   = "bbbbbbbb00000000000000000000000b"
	otelText    = "cccccccc00000000000000000000000c"
	unknownText = "dddddddd00000000000000000000000d"
	spanText    = "eeeeeeee0000000e"
	issueText   = "0123456789abcdef"
	payloadText = `{"event_id":"` + eventText + `",  "n":1.10,"big":12345678901234567890,"exception":{"values":[{"type":"Boom","value":"<b>it did</b>"}]}}`
	scriptText  = "<script>alert(1)</script>"
)

// world is the routes over a filled store.
type world struct {
	t       testing.TB
	store   *live.Store
	handler http.Handler // Guard and routes
}

func newWorld(t testing.TB, o hostcheck.Options) *world {
	t.Helper()
	w := &world{t: t, store: live.New(live.Limits{}, time.Now)}
	finder := sources.New(sources.DefaultConfig(), zap.NewNop(), time.Now)
	policy, err := hostcheck.New(o)
	require.NoError(t, err)
	w.handler = Guard(policy, New(Options{
		Store: w.store,
		Query: query.New(w.store, query.Options{Version: "1.2.3"}),
		Hub: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusSwitchingProtocols)
		}),
		Overlay: overlayFiles,
		Uploads: finder.Uploads(), ResolveProfile: finder.Profile,
		SendTest: func(_ context.Context, kind string) (Sent, error) {
			trace, _ := model.ParseTraceID(traceText)
			event, _ := model.ParseEventID(eventText)
			if kind == "error" {
				return Sent{TraceID: trace, EventID: event}, nil
			}
			return Sent{TraceID: trace}, nil
		},
		FrameAncestors: o.AllowedOrigins,
	}))
	w.fill()
	return w
}

var overlayFiles fs.FS = fstest.MapFS{
	"index.html":         {Data: []byte("<!doctype html><title>overlay</title>")},
	"overlay.js":         {Data: []byte("console.log(1) //" + strings.Repeat("overlay ", 1000))},
	"assets/app-1234.js": {Data: []byte("export {}")},
}

func (w *world) fill() {
	trace, _ := model.ParseTraceID(traceText)
	span, _ := model.ParseSpanID(spanText)
	event, _ := model.ParseEventID(eventText)
	otel, _ := model.ParseEventID(otelText)
	now := model.TimeOf(time.Now())
	item := func(kind, title, contentType, payload string) *model.Item {
		return &model.Item{
			ItemSummary: model.ItemSummary{Type: kind, Time: now, Service: "shop", Origin: model.OriginSentry, TraceID: trace, EventID: event,
				Title: title, ContentType: contentType, Size: len(payload)},
			Payload: []byte(payload),
		}
	}
	value := model.Int(3)
	w.store.Add(&model.Batch{
		Spans: []*model.Span{{
			TraceID: trace,
			SpanSummary: model.SpanSummary{SpanID: span, Name: "GET /", Kind: model.KindServer, Status: model.StatusOK, Service: "shop",
				Origin: model.OriginOTel, StartTime: now, DurationNS: 1e6},
			SpanDetails: model.SpanDetails{Attributes: model.Pack(model.Attributes{{Key: "http.route", Value: model.String("/")}})},
		}},
		Events: []*model.EventRecord{
			{EventSummary: model.EventSummary{EventID: event, IssueID: issueText, Type: model.EventError, TraceID: trace, SpanID: span,
				Level: model.LevelError, Title: "Boom", Service: "shop", Origin: model.OriginSentry, Time: now, ReceivedTime: now},
				Source: model.SourceSentry, Payload: []byte(payloadText)},
			{EventSummary: model.EventSummary{EventID: otel, IssueID: "fedcba9876543210", Type: model.EventError,
				Level: model.LevelError, Title: "Bang", Service: "shop", Origin: model.OriginOTel, Time: now, ReceivedTime: now},
				Source: model.SourceLog, Exceptions: []model.Exception{{Type: "Bang", Frames: []model.Frame{}}}},
		},
		Logs: []*model.Log{{LogSummary: model.LogSummary{Time: now, Level: model.LevelInfo, Message: "hello", Service: "shop",
			Origin: model.OriginOTel, TraceID: trace, SpanID: span}}},
		Metrics: []*model.Metric{{Name: "http.server/requests", Type: model.MetricTypeSum, Service: "shop", Origin: model.OriginOTel,
			Points: []model.MetricPoint{{Time: now, Value: &value}}}},
		Items: []*model.Item{
			item("attachment", "../../etc/pass wd.html", "text/html", scriptText),
			item("profile", "checkout", "", `{"profile":{}}`),
			item("replay_event", "", "", `{"replay_id":"1"}`),
			item("replay_recording", "", "", "{}\n\x00\xff"),
		},
	})
}

// idOf returns the id of the item of a type.
func (w *world) idOf(kind string) string {
	w.t.Helper()
	page, _ := w.store.Items(0, 100)
	for _, i := range page {
		if i.Type == kind {
			text, _ := json.Marshal(i.ID)
			return string(text)
		}
	}
	w.t.Fatalf("no item of type %s", kind)
	return ""
}

// ask sends a request as a program on this machine does; headers are "Key: value".
func (w *world) ask(method, path string, headers ...string) *httptest.ResponseRecorder {
	w.t.Helper()
	r := httptest.NewRequest(method, path, http.NoBody)
	r.Host = "localhost:8970"
	r.RemoteAddr = "127.0.0.1:5000"
	for _, h := range headers {
		key, value, _ := strings.Cut(h, ": ")
		switch key {
		case "Host":
			r.Host = value
		case "Remote":
			r.RemoteAddr = value
		default:
			r.Header.Set(key, value)
		}
	}
	rec := httptest.NewRecorder()
	w.handler.ServeHTTP(rec, r)
	return rec
}

// decoded is the JSON of an answer.
func decoded(t testing.TB, r *httptest.ResponseRecorder) map[string]any {
	t.Helper()
	require.Equal(t, "application/json", r.Header().Get("Content-Type"), r.Body.String())
	var v map[string]any
	require.NoError(t, json.Unmarshal(r.Body.Bytes(), &v), r.Body.String())
	return v
}

// wantError checks that an answer says what is wrong.
func wantError(t testing.TB, r *httptest.ResponseRecorder, status int, text string) {
	t.Helper()
	require.Equal(t, status, r.Code, r.Body.String())
	require.Contains(t, decoded(t, r)["error"], text)
}

func TestSendTestFails(t *testing.T) {
	s := &server{Options: Options{SendTest: func(context.Context, string) (Sent, error) { return Sent{}, errors.New("secret detail") }}}
	s.Logger = nopLogger()
	rec := httptest.NewRecorder()
	s.test(rec, httptest.NewRequest(http.MethodPost, "/api/v1/test", http.NoBody))
	wantError(t, rec, http.StatusInternalServerError, "see the Collector's log")
	require.NotContains(t, rec.Body.String(), "secret")
}

func body(t testing.TB, r io.Reader) string {
	t.Helper()
	b, err := io.ReadAll(r)
	require.NoError(t, err)
	return string(b)
}
