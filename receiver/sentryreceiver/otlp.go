package sentryreceiver

import (
	"bytes"
	"encoding/json"
	"errors"
	"mime"
	"net/http"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"
	"go.opentelemetry.io/collector/pdata/pmetric/pmetricotlp"
	"go.opentelemetry.io/collector/pdata/ptrace/ptraceotlp"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/encoding/protowire"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/conventions"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/envelope"
)

// Sentry's OTLP endpoints. Data passes as it came, with project and key of the DSN added to each resource. Answers follow
// the OTLP specification: 200 with an empty response, 400 with a status message where the data cannot be decoded.

const protobufType = "application/x-protobuf"

func (s *server) otlpTraces(c *call) answer {
	req := ptraceotlp.NewExportRequest()
	if ans := s.readOTLP(c, otlpTraceRequest, req.UnmarshalProto, req.UnmarshalJSON); ans != nil {
		return *ans
	}
	spans := req.Traces().ResourceSpans()
	label := s.otlpLabel(c)
	for i := range spans.Len() {
		label(spans.At(i).Resource())
	}
	d := s.deliver(c.Context(), formatOTLP)
	d.traces(req.Traces())
	return otlpDone(c, d.outcome())
}

func (s *server) otlpLogs(c *call) answer {
	req := plogotlp.NewExportRequest()
	if ans := s.readOTLP(c, otlpLogsRequest, req.UnmarshalProto, req.UnmarshalJSON); ans != nil {
		return *ans
	}
	logs := req.Logs().ResourceLogs()
	label := s.otlpLabel(c)
	for i := range logs.Len() {
		label(logs.At(i).Resource())
	}
	d := s.deliver(c.Context(), formatOTLP)
	d.logs(req.Logs())
	return otlpDone(c, d.outcome())
}

func (s *server) otlpMetrics(c *call) answer {
	req := pmetricotlp.NewExportRequest()
	if ans := s.readOTLP(c, otlpMetricsRequest, req.UnmarshalProto, req.UnmarshalJSON); ans != nil {
		return *ans
	}
	metrics := req.Metrics().ResourceMetrics()
	label := s.otlpLabel(c)
	for i := range metrics.Len() {
		label(metrics.At(i).Resource())
	}
	d := s.deliver(c.Context(), formatOTLP)
	d.metrics(req.Metrics())
	return otlpDone(c, d.outcome())
}

// readOTLP reads, measures and decodes a request; it returns the answer if that failed.
func (s *server) readOTLP(c *call, shape *message, unmarshalProto, unmarshalJSON func([]byte) error) *answer {
	kind := otlpType(c)
	if kind == "" {
		ans := failed(refuse(http.StatusUnsupportedMediaType, reasonContentType, "OTLP is taken as application/x-protobuf or application/json"))
		return &ans
	}
	err := s.read(c, true)
	if err == nil && c.body.cut != nil {
		err = badRequest(reasonCutOff, "the body ended early").because("%v", c.body.cut)
	}
	if err == nil {
		err = s.decodeOTLP(c, kind, shape, unmarshalProto, unmarshalJSON)
	}
	if err == nil {
		return nil
	}
	ans := otlpDone(c, err)
	return &ans
}

func (s *server) decodeOTLP(c *call, kind string, shape *message, unmarshalProto, unmarshalJSON func([]byte) error) error {
	limit := s.config.Limits.MaxOTLPRecords
	m := measure{records: limit, messages: objectsPerRecord * limit}
	unmarshal := unmarshalProto
	var err error
	if kind == jsonType {
		unmarshal = unmarshalJSON
		m.messages -= bytes.Count(c.body.data, []byte("{")) // the parser bounds their nesting
		if m.messages < 0 {
			err = errTooMany
		}
	} else {
		err = m.walk(c.body.data, shape, 0)
	}
	if err == nil {
		if err := c.body.beforeParsing(c.Context(), perValue*int64(objectsPerRecord*limit-m.messages)); err != nil {
			return err
		}
		err = unmarshal(c.body.data)
	}
	switch {
	case errors.Is(err, errTooMany):
		return refuse(http.StatusRequestEntityTooLarge, reasonTooManyOTLP, "too many records in one request").because("over %d (limits::max_otlp_records)", limit)
	case err != nil:
		return badRequest(reasonBadOTLP, "the body cannot be decoded as OTLP").because("%s: %v", kind, err)
	}
	return nil
}

// otlpType is the content type of an OTLP request, "" for any other.
func otlpType(c *call) string {
	kind, _, err := mime.ParseMediaType(c.Header.Get("Content-Type"))
	if err != nil || kind != protobufType && kind != jsonType {
		return ""
	}
	return kind
}

// otlpLabel returns what adds project, key and the project's service name to a resource that does not have them.
func (s *server) otlpLabel(c *call) func(pcommon.Resource) {
	from := s.origin(c, &envelope.Envelope{})
	labels := [...][2]string{
		{conventions.Project, from.Project},
		{conventions.PublicKey, from.PublicKey},
		{conventions.ServiceName, s.config.serviceName(from.Project, from.PublicKey)},
	}
	return func(r pcommon.Resource) {
		for _, label := range labels {
			if _, there := r.Attributes().Get(label[0]); !there && label[1] != "" {
				r.Attributes().PutStr(label[0], label[1])
			}
		}
	}
}

// otlpDone answers an OTLP client in the encoding it speaks.
func otlpDone(c *call, err error) answer {
	kind := otlpType(c)
	if err == nil {
		ans := answer{status: http.StatusOK, contentType: kind}
		if kind == jsonType {
			ans.body = []byte(`{"partialSuccess":{}}`)
		}
		return ans // an empty protobuf message is no bytes
	}
	ans := failed(err)
	code := codes.InvalidArgument
	if ans.status == http.StatusServiceUnavailable {
		code = codes.Unavailable
	}
	ans.contentType = kind
	if kind == jsonType {
		ans.body, _ = json.Marshal(struct { // of a number and a text: cannot fail
			Code    codes.Code `json:"code"`
			Message string     `json:"message"`
		}{code, ans.refusal.Error()})
		return ans
	}
	// google.rpc.Status: int32 code = 1; string message = 2.
	ans.body = protowire.AppendVarint(protowire.AppendTag(nil, 1, protowire.VarintType), uint64(code))
	ans.body = protowire.AppendString(protowire.AppendTag(ans.body, 2, protowire.BytesType), headerText(ans.refusal.Error()))
	return ans
}
