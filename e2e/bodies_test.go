package e2e

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"
	"go.opentelemetry.io/collector/pdata/pmetric/pmetricotlp"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/pdata/ptrace/ptraceotlp"

	"github.com/otelcol-spotlight/otelcol-spotlight/internal/testkit"
)

// held is what a set of recorded requests holds, read from their bodies by code that the product does not use: a second
// opinion to count by. Everything is keyed, so that what was sent twice counts once.
type held struct {
	events       map[string][]byte // payload by event id
	transactions map[string][]byte
	spans        map[string]bool // trace id + span id
	ownTraffic   map[string]bool // spans of the SDK's own requests to a Spotlight address
	logs         map[string]bool
	sentryPoints map[string]bool
	otlpPoints   int
	items        map[string]map[string]bool // payloads by item type
}

func newHeld() *held {
	return &held{
		events: map[string][]byte{}, transactions: map[string][]byte{}, spans: map[string]bool{}, ownTraffic: map[string]bool{},
		logs: map[string]bool{}, sentryPoints: map[string]bool{}, items: map[string]map[string]bool{},
	}
}

func (h *held) add(t *testing.T, r testkit.Request) {
	t.Helper()
	body := inflate(t, r)
	switch {
	case r.Method == "OPTIONS":
	case strings.HasSuffix(r.Path, "/v1/traces"), strings.HasSuffix(r.Path, "/v1/traces/"):
		h.addTraces(t, r, body)
	case strings.HasSuffix(r.Path, "/v1/logs"), strings.HasSuffix(r.Path, "/v1/logs/"):
		req := plogotlp.NewExportRequest()
		if strings.Contains(r.Header.Get("Content-Type"), "json") {
			require.NoError(t, req.UnmarshalJSON(body))
		} else {
			require.NoError(t, req.UnmarshalProto(body))
		}
		n := req.Logs().LogRecordCount()
		for i := range n {
			h.logs[fmt.Sprint(r.Name, i)] = true
		}
	case strings.HasSuffix(r.Path, "/v1/metrics"):
		req := pmetricotlp.NewExportRequest()
		if strings.Contains(r.Header.Get("Content-Type"), "json") {
			require.NoError(t, req.UnmarshalJSON(body))
		} else {
			require.NoError(t, req.UnmarshalProto(body))
		}
		h.otlpPoints += req.Metrics().DataPointCount()
	case strings.Contains(r.Path, "/store"):
		h.addStore(t, r, body)
	case strings.Contains(r.Path, "/envelope"), r.Path == "/stream":
		h.addEnvelope(t, r, body)
	}
}

func (h *held) addTraces(t *testing.T, r testkit.Request, body []byte) {
	req := ptraceotlp.NewExportRequest()
	if strings.Contains(r.Header.Get("Content-Type"), "json") {
		require.NoError(t, req.UnmarshalJSON(body))
	} else {
		require.NoError(t, req.UnmarshalProto(body))
	}
	eachSpan(req.Traces(), func(s ptrace.Span) {
		h.spans[s.TraceID().String()+s.SpanID().String()] = true
	})
}

func eachSpan(td ptrace.Traces, f func(ptrace.Span)) {
	for _, rs := range td.ResourceSpans().All() {
		for _, ss := range rs.ScopeSpans().All() {
			for _, s := range ss.Spans().All() {
				f(s)
			}
		}
	}
}

func (h *held) addStore(t *testing.T, r testkit.Request, body []byte) {
	if r.Method == "GET" {
		q, err := url.ParseQuery(r.Query)
		require.NoError(t, err)
		body = []byte(q.Get("sentry_data"))
	}
	if strings.Contains(r.Header.Get("Content-Type"), "x-sentry-envelope") {
		h.addEnvelope(t, r, body)
		return
	}
	if len(body) > 0 && bytes.TrimSpace(body)[0] != '{' {
		raw, err := base64.StdEncoding.DecodeString(string(bytes.TrimSpace(body)))
		require.NoError(t, err, r.Name)
		body = raw
		if body[0] != '{' {
			zr, err := zlib.NewReader(bytes.NewReader(body))
			require.NoError(t, err, r.Name)
			body, err = io.ReadAll(zr)
			require.NoError(t, err, r.Name)
		}
	}
	var payload struct{ Type string }
	_ = json.Unmarshal(body, &payload)
	if payload.Type != "transaction" {
		payload.Type = "event"
	}
	h.addEvent(body, payload.Type, "")
}

func (h *held) addEnvelope(t *testing.T, r testkit.Request, body []byte) {
	header, rest, _ := bytes.Cut(body, []byte("\n"))
	var envelope struct {
		EventID string `json:"event_id"`
	}
	require.NoError(t, json.Unmarshal(header, &envelope), r.Name)
	for len(bytes.TrimSpace(rest)) > 0 {
		var itemHeader []byte
		itemHeader, rest, _ = bytes.Cut(rest, []byte("\n"))
		var item struct {
			Type        string
			Length      *int
			ContentType string `json:"content_type"`
		}
		require.NoError(t, json.Unmarshal(itemHeader, &item), "%s: %s", r.Name, itemHeader)
		var payload []byte
		if item.Length != nil {
			payload, rest = rest[:*item.Length], bytes.TrimPrefix(rest[*item.Length:], []byte("\n"))
		} else {
			payload, rest, _ = bytes.Cut(rest, []byte("\n"))
		}
		h.addItem(t, r, item.Type, item.ContentType, envelope.EventID, payload)
	}
}

func (h *held) addItem(t *testing.T, r testkit.Request, itemType, contentType, eventID string, payload []byte) {
	switch itemType {
	case "event", "transaction":
		h.addEvent(payload, itemType, eventID)
	case "span", "log", "trace_metric":
		var container struct{ Items []json.RawMessage }
		if !strings.Contains(contentType, "vnd.sentry.items") {
			container.Items = []json.RawMessage{payload} // a single span of the first version
		} else {
			require.NoError(t, json.Unmarshal(payload, &container), r.Name)
		}
		for _, raw := range container.Items {
			switch itemType {
			case "span":
				h.addSpan(raw)
			case "log":
				h.logs[string(raw)] = true
			case "trace_metric":
				h.sentryPoints[string(raw)] = true
			}
		}
	case "otel_log":
		h.logs[string(payload)] = true
	case "statsd", "metric_buckets", "metric_meta":
	default:
		if h.items[itemType] == nil {
			h.items[itemType] = map[string]bool{}
		}
		h.items[itemType][string(payload)] = true
	}
}

func (h *held) addSpan(raw []byte) {
	var s struct {
		TraceID    string `json:"trace_id"`
		SpanID     string `json:"span_id"`
		Attributes map[string]struct{ Value any }
	}
	if json.Unmarshal(raw, &s) != nil {
		return
	}
	id := s.TraceID + s.SpanID
	if target, _ := s.Attributes["url.full"].Value.(string); strings.HasPrefix(target, "http://localhost:8969/stream") {
		h.ownTraffic[id] = true
		return
	}
	h.spans[id] = true
}

func (h *held) addEvent(payload []byte, itemType, envelopeID string) {
	var e struct {
		EventID  string `json:"event_id"`
		Contexts struct {
			Trace struct {
				TraceID string `json:"trace_id"`
				SpanID  string `json:"span_id"`
			}
		}
		Spans []struct {
			TraceID string `json:"trace_id"`
			SpanID  string `json:"span_id"`
		}
	}
	_ = json.Unmarshal(payload, &e) // odd shapes elsewhere in the payload do not matter for its ids
	id := envelopeID
	if !isEventID(id) {
		id = e.EventID
	}
	id = strings.ToLower(strings.ReplaceAll(id, "-", ""))
	if itemType == "event" {
		h.events[id] = payload
		return
	}
	h.transactions[id] = payload
	h.spans[e.Contexts.Trace.TraceID+e.Contexts.Trace.SpanID] = true
	for _, s := range e.Spans {
		trace := s.TraceID
		if trace == "" {
			trace = e.Contexts.Trace.TraceID
		}
		h.spans[trace+s.SpanID] = true
	}
}

func isEventID(text string) bool {
	raw, err := hex.DecodeString(strings.ReplaceAll(text, "-", ""))
	return err == nil && len(raw) == 16
}

// inflate undoes the content encoding of a recorded body.
func inflate(t *testing.T, r testkit.Request) []byte {
	t.Helper()
	var reader io.Reader
	var err error
	switch strings.ToLower(r.Header.Get("Content-Encoding")) {
	case "gzip", "x-gzip":
		reader, err = gzip.NewReader(bytes.NewReader(r.Body))
	case "deflate":
		reader, err = zlib.NewReader(bytes.NewReader(r.Body))
	case "br":
		reader = brotli.NewReader(bytes.NewReader(r.Body))
	case "zstd":
		var zr *zstd.Decoder
		zr, err = zstd.NewReader(bytes.NewReader(r.Body))
		reader = zr
	default:
		return r.Body
	}
	require.NoError(t, err, r.Name)
	out, err := io.ReadAll(reader)
	require.NoError(t, err, r.Name)
	return out
}
