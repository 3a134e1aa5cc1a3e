package model

// Origin says which family of SDK recorded something.
type Origin string

// The origins.
const (
	OriginSentry Origin = "sentry"
	OriginOTel   Origin = "otel"
)

// SpanKind is OpenTelemetry's span kind in lower case; Sentry spans get theirs from their op.
type SpanKind string

// The span kinds of the OpenTelemetry specification (trace/api.md, SpanKind).
const (
	KindInternal SpanKind = "internal"
	KindServer   SpanKind = "server"
	KindClient   SpanKind = "client"
	KindProducer SpanKind = "producer"
	KindConsumer SpanKind = "consumer"
)

// SpanStatus is how a span ended.
type SpanStatus string

// The span statuses. "ok" and "unset" are both fine for display; "unset" means that nobody said anything.
const (
	StatusUnset SpanStatus = "unset"
	StatusOK    SpanStatus = "ok"
	StatusError SpanStatus = "error"
)

// Level is a severity in Sentry's words; OpenTelemetry severity numbers are mapped to it in steps of four, trace to fatal.
type Level string

// The levels, low to high.
const (
	LevelTrace   Level = "trace"
	LevelDebug   Level = "debug"
	LevelInfo    Level = "info"
	LevelWarning Level = "warning"
	LevelError   Level = "error"
	LevelFatal   Level = "fatal"
)
