package sentryreceiver

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/pdata/pmetric/pmetricotlp"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/pdata/ptrace/ptraceotlp"
	"google.golang.org/protobuf/encoding/protowire"

	"github.com/otelcol-spotlight/otelcol-spotlight/internal/testkit"
)

func someTraces(spans int) ptraceotlp.ExportRequest {
	td := ptrace.NewTraces()
	rs := td.ResourceSpans().AppendEmpty()
	rs.Resource().Attributes().PutStr("service.name", "go-api")
	list := rs.ScopeSpans().AppendEmpty().Spans()
	for range spans {
		span := list.AppendEmpty()
		span.SetName("GET /price")
		span.SetTraceID([16]byte{1})
		span.SetSpanID([8]byte{2})
		span.Attributes().PutEmptySlice("list").AppendEmpty().SetEmptyMap().PutStr("deep", "value")
		event := span.Events().AppendEmpty()
		event.SetName("exception")
		event.Attributes().PutStr("exception.type", "E")
		span.Links().AppendEmpty().Attributes().PutBool("a", true)
	}
	return ptraceotlp.NewExportRequestFromTraces(td)
}

func someLogs() plogotlp.ExportRequest {
	ld := plog.NewLogs()
	lr := ld.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords().AppendEmpty()
	lr.Body().SetEmptyMap().PutStr("k", "v")
	lr.Attributes().PutInt("n", 1)
	return plogotlp.NewExportRequestFromLogs(ld)
}

func someMetrics() pmetricotlp.ExportRequest {
	md := pmetric.NewMetrics()
	list := md.ResourceMetrics().AppendEmpty().ScopeMetrics().AppendEmpty().Metrics()
	list.AppendEmpty().SetEmptyGauge().DataPoints().AppendEmpty().Attributes().PutStr("a", "b")
	list.AppendEmpty().SetEmptySum().DataPoints().AppendEmpty().Exemplars().AppendEmpty().FilteredAttributes().PutStr("a", "b")
	list.AppendEmpty().SetEmptyHistogram().DataPoints().AppendEmpty().BucketCounts().Append(1, 2, 3)
	list.AppendEmpty().SetEmptyExponentialHistogram().DataPoints().AppendEmpty().Positive().BucketCounts().Append(1)
	list.AppendEmpty().SetEmptySummary().DataPoints().AppendEmpty().QuantileValues().AppendEmpty().SetQuantile(0.5)
	return pmetricotlp.NewExportRequestFromMetrics(md)
}

func TestOTLP(t *testing.T) {
	h := start(t, nil)
	for _, c := range []struct {
		signal  string
		proto   func() ([]byte, error)
		json    func() ([]byte, error)
		records int
	}{
		{"traces", someTraces(2).MarshalProto, someTraces(2).MarshalJSON, 2},
		{"logs", someLogs().MarshalProto, someLogs().MarshalJSON, 1},
		{"metrics", someMetrics().MarshalProto, someMetrics().MarshalJSON, 5},
	} {
		for _, prefix := range []string{"/api/42/integration/otlp/v1/", "/api/42/otlp/v1/"} {
			for kind, marshal := range map[string]func() ([]byte, error){protobufType: c.proto, jsonType: c.json} {
				data, err := marshal()
				require.NoError(t, err)
				for encoding, body := range map[string][]byte{"": data, "gzip": gzipped(data), "br": brotlied(data)} {
					h.reset()
					resp := h.post(prefix+c.signal+"/", string(body), "Content-Type", kind+"; charset=utf-8", "Content-Encoding", encoding,
						"X-Sentry-Auth", "Sentry sentry_key=k, sentry_client=sentry.go/0.50.0")
					require.Equal(t, http.StatusOK, resp.status, resp.body)
					require.Equal(t, kind, resp.header.Get("Content-Type"))
					require.Equal(t, map[string]string{protobufType: "", jsonType: `{"partialSuccess":{}}`}[kind], resp.body)
					require.Equal(t, c.records, h.records(), "%s %s %q", c.signal, kind, encoding)
					require.Equal(t, "42", h.resource()["sentry.project"])
					require.Equal(t, "k", h.resource()["sentry.public_key"])
				}
			}
		}
	}
}

func TestOTLP_ServiceNameOfTheDataStays(t *testing.T) {
	h := start(t, func(c *Config) { c.Projects = map[string]ProjectConfig{"1": {ServiceName: "configured"}} })
	data, err := someTraces(1).MarshalProto()
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, h.post("/api/1/integration/otlp/v1/traces", string(data), "Content-Type", protobufType).status)
	require.Equal(t, "go-api", h.resource()["service.name"])
}

func TestOTLP_Refused(t *testing.T) {
	h := start(t, nil)
	const path = "/api/1/integration/otlp/v1/traces/"
	for _, c := range []struct {
		name, body, contentType string
		status                  int
		answer                  string
	}{
		{"no content type", "", "", http.StatusUnsupportedMediaType, jsonType},
		{"text", "{}", "text/plain", http.StatusUnsupportedMediaType, jsonType},
		{"bad protobuf", "\xff\xff\xff\xff", protobufType, http.StatusBadRequest, protobufType},
		{"bad JSON", `{"resourceSpans":`, jsonType, http.StatusBadRequest, jsonType},
		{"cut gzip", string(gzipped([]byte(`{"resourceSpans":[]}`))[:20]), jsonType, http.StatusBadRequest, jsonType},
	} {
		resp := h.post(path, c.body, "Content-Type", c.contentType)
		require.Equal(t, c.status, resp.status, c.name)
		require.Equal(t, c.answer, resp.header.Get("Content-Type"), c.name)
		if c.answer == protobufType { // google.rpc.Status
			number, kind, n := protowire.ConsumeTag([]byte(resp.body))
			require.Equal(t, protowire.Number(1), number)
			require.Equal(t, protowire.VarintType, kind)
			code, _ := protowire.ConsumeVarint([]byte(resp.body)[n:])
			require.Equal(t, uint64(3), code)
		}
	}
	resp := h.post(path, "", "Content-Type", protobufType)
	require.Equal(t, http.StatusOK, resp.status, "no bytes are an empty request")
}

// TestOTLP_Bombs sends a million spans of two bytes, and values nested in values.
func TestOTLP_Bombs(t *testing.T) {
	h := start(t, nil)
	message := func(number protowire.Number, inner []byte) []byte {
		return protowire.AppendBytes(protowire.AppendTag(nil, number, protowire.BytesType), inner)
	}
	spans := []byte(strings.Repeat("\x12\x00", 1_000_000))
	deep := []byte{}
	for range 1000 {
		deep = message(5, message(1, deep)) // array_value{values{...}}
	}
	for _, c := range []struct {
		name   string
		body   []byte
		kind   string
		status int
	}{
		{"a million spans", message(1, message(2, spans)), protobufType, http.StatusRequestEntityTooLarge},
		{"a million attributes", message(1, message(2, message(2, []byte(strings.Repeat("\x4a\x00", 1_100_000))))), protobufType, http.StatusRequestEntityTooLarge},
		{"deep values", message(1, message(1, message(1, message(2, deep)))), protobufType, http.StatusBadRequest},
		{"a million spans of JSON", []byte(`{"resourceSpans":[{"scopeSpans":[{"spans":[` + strings.Repeat("{},", 1_100_000) + `{}]}]}]}`), jsonType, http.StatusRequestEntityTooLarge},
		{"deep JSON", []byte(strings.Repeat(`{"resourceSpans":[`, 100_000)), jsonType, http.StatusBadRequest},
	} {
		before := testkit.CPUTime()
		resp := h.post("/api/1/otlp/v1/traces", string(gzipped(c.body)), "Content-Type", c.kind, "Content-Encoding", "gzip")
		require.Equal(t, c.status, resp.status, "%s: %s", c.name, resp.body)
		require.Less(t, testkit.CPUTime()-before, 5*time.Second, c.name)
	}
	require.Zero(t, h.records())
	require.Less(t, heap(), uint64(64<<20))
}

// TestMeasure_CountsWhatTheDecoderMakes compares the walker's count with what pdata finds.
func TestMeasure_CountsWhatTheDecoderMakes(t *testing.T) {
	const many = 1 << 20
	for name, c := range map[string]struct {
		marshal func() ([]byte, error)
		shape   *message
		records int
	}{
		"traces":  {someTraces(3).MarshalProto, otlpTraceRequest, 3},
		"logs":    {someLogs().MarshalProto, otlpLogsRequest, 1},
		"metrics": {someMetrics().MarshalProto, otlpMetricsRequest, 5},
	} {
		data, err := c.marshal()
		require.NoError(t, err)
		m := measure{records: many, messages: many}
		require.NoError(t, m.walk(data, c.shape, 0))
		require.Equal(t, c.records, many-m.records, name)
		require.Greater(t, many-m.messages, 3*c.records, name)

		m = measure{records: c.records - 1, messages: many}
		require.ErrorIs(t, m.walk(data, c.shape, 0), errTooMany)
	}
}
