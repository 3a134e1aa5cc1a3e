package e2e

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/pdata/ptrace/ptraceotlp"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// One event, asked for under each policy: what would the SDK of that name have sent from the same layers?
func TestScopes_Policies(t *testing.T) {
	c := startCollector(t)
	trace, root := pcommon.TraceID{1, 15: 1}, pcommon.SpanID{1, 7: 1}
	c.postSpans(t, trace, span{id: root, attrs: map[string]any{
		"sentry.scope.isolation.tag.region":  "eu",
		"sentry.scope.isolation.fingerprint": []any{"of the scope"},
		"sentry.scope.isolation.user.id":     "1",
		"sentry.scope.isolation.user.email":  "one@x",
	}})
	id := c.postError(t, fmt.Sprintf(`"tags":{"region":"us"},"fingerprint":["of the event"],"user":{"id":"2"},"contexts":{"trace":{"trace_id":"%s","span_id":"%s"}}`, trace, root))

	for _, row := range []struct {
		policy, region string
		layer          model.Layer
		fingerprint    []string
		user           string
	}{
		{"", "us", model.LayerEvent, []string{"of the event"}, `{"id":"2"}`}, // two people are never mixed
		{"spec", "us", model.LayerEvent, []string{"of the event"}, `{"id":"2"}`},
		{"js11", "us", model.LayerEvent, []string{"of the event", "of the scope"}, `{"email":"one@x","id":"2"}`},
		{"python2", "eu", model.LayerIsolation, []string{"of the event"}, `{"id":"2"}`},
		{"go0", "eu", model.LayerIsolation, []string{"of the event"}, `{"id":"2"}`},
	} {
		t.Run("policy="+row.policy, func(t *testing.T) {
			path := "/api/v1/events/" + id
			if row.policy != "" {
				path += "?policy=" + row.policy
			}
			var ev model.Event
			c.get(t, path, &ev)
			require.Equal(t, row.region, ev.Tags.Str("region"))
			require.Equal(t, row.layer, ev.Provenance["tags.region"].Layer)
			require.Equal(t, row.fingerprint, ev.Fingerprint)
			require.Equal(t, row.user, string(ev.User.AppendJSON(nil)))
			require.Equal(t, "*errors.errorString", ev.Exceptions[0].Type)
		})
	}

	resp, err := http.Get(c.UI + "/api/v1/events/" + id + "?policy=ruby5")
	require.NoError(t, err)
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	require.Equal(t, http.StatusBadRequest, resp.StatusCode)
	require.Contains(t, string(body), "use spec, js11, python2 or go0")
}

// Who has an event open gets it again when something that belongs to it arrives later: here the root span of its request,
// which knows the user, a second after the error.
func TestScopes_AnEventThatChangesIsPushedAgain(t *testing.T) {
	c := startCollector(t)
	trace, root, query := pcommon.TraceID{2, 15: 2}, pcommon.SpanID{2, 7: 1}, pcommon.SpanID{2, 7: 2}
	c.postLogs(t, trace, query, "query done!", nil)
	c.postSpans(t, trace, span{id: query, parent: root, kind: ptrace.SpanKindClient})
	c.postLogs(t, trace, root, "boom", map[string]any{"exception.type": "Late", "exception.message": "the root is late"})
	found := c.find(t, "the root is late")
	require.Len(t, found, 1)

	dialer := websocket.Dialer{Subprotocols: []string{model.Subprotocol}}
	conn, resp, err := dialer.Dial(strings.Replace(c.UI, "http://", "ws://", 1)+"/ws", nil)
	require.NoError(t, err)
	_ = resp.Body.Close()
	defer func() { _ = conn.Close() }()
	require.NoError(t, conn.SetReadDeadline(time.Now().Add(20*time.Second)))
	require.NoError(t, conn.WriteJSON(map[string]any{"type": model.RequestSubscribe}))
	require.NoError(t, conn.WriteJSON(map[string]any{"type": model.RequestOpen, "event_id": found[0].EventID}))
	next := func(after uint64) *model.Event { // what a client has open may be sent again as it is, with the same merge_rev
		for {
			var f model.ServerFrame
			require.NoError(t, conn.ReadJSON(&f))
			require.NotEqual(t, model.FrameError, f.Type, "%+v", f.Error)
			if f.Type == model.FrameEvent && f.Event.MergeRev > after {
				return f.Event
			}
		}
	}
	first := next(0)
	require.Equal(t, found[0].EventID, first.EventID)
	require.Empty(t, first.User)
	require.Nil(t, crumbOf(first, "query done!"), "nobody knows yet that they are one request")

	time.Sleep(time.Second)
	c.postSpans(t, trace, span{id: root, kind: ptrace.SpanKindServer, attrs: map[string]any{"user.id": "7", "http.request.method": "GET", "url.full": "http://shop.test/late"}})
	began := time.Now()
	second := next(first.MergeRev)
	t.Logf("pushed again after %s", time.Since(began).Round(time.Millisecond))
	require.Equal(t, first.EventID, second.EventID)
	require.Equal(t, `{"id":"7"}`, string(second.User.AppendJSON(nil)))
	require.Equal(t, model.LayerIsolation, second.Provenance["user.id"].Layer)
	require.Equal(t, "http://shop.test/late", second.Request.URL)
	crumb := crumbOf(second, "query done!")
	require.NotNil(t, crumb)
	require.Equal(t, model.LayerIsolation, crumb.Layer)

	var asked model.Event
	c.get(t, "/api/v1/events/"+first.EventID.String(), &asked)
	require.Equal(t, second.MergeRev, asked.MergeRev, "the API tells of the same state")
}

// What the configuration gives to every event lies below everything else.
func TestScopes_Configured(t *testing.T) {
	c := startCollector(t,
		"--set", "exporters::spotlight::scopes::tags::machine=laptop",
		"--set", "exporters::spotlight::scopes::tags::region=local",
		"--set", "exporters::spotlight::scopes::contexts::team::name=payments",
		"--set", "exporters::spotlight::scopes::attributes::floor=2",
		"--set", "exporters::spotlight::scopes::inherit_attributes=[tenant.*]",
		"--set", "exporters::spotlight::scopes::send_default_pii=true",
	)
	trace, root, child := pcommon.TraceID{3, 15: 3}, pcommon.SpanID{3, 7: 1}, pcommon.SpanID{3, 7: 2}
	c.postSpans(t, trace,
		span{id: root, kind: ptrace.SpanKindServer, attrs: map[string]any{
			"tenant.name": "a", "sentry.scope.isolation.tag.region": "eu",
			"http.request.method": "GET", "url.full": "http://shop.test/", "http.request.header.authorization": []any{"Bearer x"}, "client.address": "192.0.2.1",
		}},
		span{id: child, parent: root})
	c.postLogs(t, trace, child, "boom", map[string]any{"exception.type": "E", "exception.message": "in the child"})
	sentry := c.postError(t, `"tags":{"region":"us"}`)

	c.eventually(t, "in the child", func(t *assert.CollectT, ev *model.Event) {
		for path, want := range map[string]model.Layer{
			"tags.machine": model.LayerConfig, "tags.region": model.LayerIsolation, "contexts.team": model.LayerConfig,
			"attributes.floor": model.LayerConfig, "attributes.tenant.name": model.LayerIsolation,
		} {
			assert.Equal(t, want, ev.Provenance[path].Layer, path)
		}
		assert.Equal(t, "laptop", ev.Tags.Str("machine"))
		assert.Equal(t, "eu", ev.Tags.Str("region"))
		if hidden := ev.Provenance["tags.region"].Shadowed; assert.Len(t, hidden, 1) {
			assert.Equal(t, model.LayerConfig, hidden[0].Layer)
			assert.Equal(t, "local", hidden[0].Value.Str())
		}
		if assert.NotNil(t, ev.Request) {
			assert.Contains(t, ev.Request.Headers, model.NameValue{Name: "Authorization", Value: "Bearer x"})
		}
		assert.Equal(t, "192.0.2.1", ev.User.Str("ip_address"))
	})
	var ev model.Event
	c.get(t, "/api/v1/events/"+sentry, &ev) // of another process, without a trace
	require.Equal(t, "laptop", ev.Tags.Str("machine"))
	require.Equal(t, model.LayerConfig, ev.Provenance["tags.machine"].Layer)
	require.Equal(t, "us", ev.Tags.Str("region"))
}

// A wrong configuration stops the Collector at once and says what is wrong in the words of the configuration.
func TestScopes_WrongConfiguration(t *testing.T) {
	for set, want := range map[string]string{
		"scopes::max_breadcrumb=5":      "max_breadcrumb",
		"scopes::max_breadcrumbs=0":     "exporters::spotlight: scopes::max_breadcrumbs: 0 is not between 1 and 1000",
		"scopes::nested_server=sibling": `exporters::spotlight: scopes::nested_server: "sibling" is unknown; use inherit or fork`,
	} {
		t.Run(set, func(t *testing.T) {
			cmd := exec.Command(binary(t), "validate", "--config", "spotlight:default", "--set", "exporters::spotlight::"+set) // #nosec G204 -- our own program
			out, err := cmd.CombinedOutput()
			require.Error(t, err, "%s", out)
			require.Contains(t, string(out), want)
		})
	}
}

// span is what a test says of a span of the service "shop".
type span struct {
	id, parent pcommon.SpanID
	kind       ptrace.SpanKind
	attrs      map[string]any
}

// postSpans sends spans that took two seconds and just ended, over OTLP.
func (c *collector) postSpans(t testing.TB, trace pcommon.TraceID, spans ...span) {
	t.Helper()
	td := ptrace.NewTraces()
	rs := td.ResourceSpans().AppendEmpty()
	shop(rs.Resource())
	ss := rs.ScopeSpans().AppendEmpty()
	now := time.Now()
	for i, s := range spans {
		out := ss.Spans().AppendEmpty()
		out.SetTraceID(trace)
		out.SetSpanID(s.id)
		out.SetParentSpanID(s.parent)
		out.SetKind(s.kind)
		out.SetName(fmt.Sprint("span ", i))
		out.SetStartTimestamp(pcommon.NewTimestampFromTime(now.Add(-2 * time.Second)))
		out.SetEndTimestamp(pcommon.NewTimestampFromTime(now))
		require.NoError(t, out.Attributes().FromRaw(s.attrs))
	}
	body, err := ptraceotlp.NewExportRequestFromTraces(td).MarshalProto()
	require.NoError(t, err)
	c.post(t, c.OTLPHTTP+"/v1/traces", "application/x-protobuf", body)
}

// postLogs sends a log record of a span over OTLP.
func (c *collector) postLogs(t testing.TB, trace pcommon.TraceID, of pcommon.SpanID, text string, attrs map[string]any) {
	t.Helper()
	ld := plog.NewLogs()
	rl := ld.ResourceLogs().AppendEmpty()
	shop(rl.Resource())
	r := rl.ScopeLogs().AppendEmpty().LogRecords().AppendEmpty()
	r.SetTraceID(trace)
	r.SetSpanID(of)
	r.SetTimestamp(pcommon.NewTimestampFromTime(time.Now()))
	r.SetSeverityNumber(plog.SeverityNumberInfo)
	r.Body().SetStr(text)
	require.NoError(t, r.Attributes().FromRaw(attrs))
	body, err := plogotlp.NewExportRequestFromLogs(ld).MarshalProto()
	require.NoError(t, err)
	c.post(t, c.OTLPHTTP+"/v1/logs", "application/x-protobuf", body)
}

// postError sends a Sentry error with more keys, and returns its event id.
func (c *collector) postError(t testing.TB, more string) string {
	t.Helper()
	body := fmt.Sprintf(`{"event_id":"","platform":"go","timestamp":%d,"exception":{"values":[{"type":"*errors.errorString","value":"boom"}]},%s}`, time.Now().Unix(), more)
	id := fmt.Sprintf("%032x", time.Now().UnixNano())
	body = strings.Replace(body, `"event_id":""`, `"event_id":"`+id+`"`, 1)
	envelope := fmt.Sprintf("{\"event_id\":%q}\n{\"type\":\"event\",\"length\":%d}\n%s\n", id, len(body), body)
	c.post(t, c.Sentry+"/api/1/envelope/?sentry_key=key", "application/x-sentry-envelope", []byte(envelope))
	return id
}

func (c *collector) post(t testing.TB, url, contentType string, body []byte) {
	t.Helper()
	resp, err := http.Post(url, contentType, bytes.NewReader(body))
	require.NoError(t, err)
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, resp.StatusCode, "%s", text)
}

// shop is one process of the service "shop".
func shop(r pcommon.Resource) {
	r.Attributes().PutStr("service.name", "shop")
	r.Attributes().PutStr("service.instance.id", "shop-1")
}
