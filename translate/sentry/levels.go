package sentry

import (
	"strings"

	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// level reads a level: Sentry's words in any case, the aliases of other logging libraries, and the numbers of
// Python's (10 debug to 50 fatal). ok is false for anything else.
func (v node) level() (level model.Level, ok bool) {
	if v.isNull() {
		return "", false
	}
	if v.kind() == kindString {
		return levelNamed(string(v.bytes()))
	}
	n, ok := v.int()
	if !ok || n < 0 {
		return "", false
	}
	switch {
	case n < 10:
		return model.LevelTrace, true
	case n < 20:
		return model.LevelDebug, true
	case n < 30:
		return model.LevelInfo, true
	case n < 40:
		return model.LevelWarning, true
	case n < 50:
		return model.LevelError, true
	}
	return model.LevelFatal, true
}

func levelNamed(text string) (model.Level, bool) {
	switch text {
	case "error", "warning", "info", "debug", "fatal", "trace":
		return model.Level(text), true
	}
	switch strings.ToLower(strings.TrimSpace(text)) {
	case "trace", "verbose":
		return model.LevelTrace, true
	case "debug":
		return model.LevelDebug, true
	case "info", "log", "information", "notice":
		return model.LevelInfo, true
	case "warn", "warning":
		return model.LevelWarning, true
	case "error", "err":
		return model.LevelError, true
	case "fatal", "critical", "crit", "alert", "emergency", "panic":
		return model.LevelFatal, true
	}
	return "", false
}

// severity is the OpenTelemetry severity number of a level: the lowest of its four (logs data model, SeverityNumber).
func severity(l model.Level) plog.SeverityNumber {
	switch l {
	case model.LevelTrace:
		return plog.SeverityNumberTrace
	case model.LevelDebug:
		return plog.SeverityNumberDebug
	case model.LevelInfo:
		return plog.SeverityNumberInfo
	case model.LevelWarning:
		return plog.SeverityNumberWarn
	case model.LevelFatal:
		return plog.SeverityNumberFatal
	}
	return plog.SeverityNumberError
}

// kindOf is the span kind of an op (Sentry's list of span operations); kind is sentry.kind or otel.kind where an SDK says
// it.
func kindOf(op, kind string) ptrace.SpanKind {
	switch strings.ToLower(kind) {
	case "server":
		return ptrace.SpanKindServer
	case "client":
		return ptrace.SpanKindClient
	case "producer":
		return ptrace.SpanKindProducer
	case "consumer":
		return ptrace.SpanKindConsumer
	case "internal":
		return ptrace.SpanKindInternal
	}
	what, rest, _ := strings.Cut(op, ".")
	side, _, _ := strings.Cut(rest, ".")
	switch what {
	case "db", "cache", "gen_ai":
		return ptrace.SpanKindClient
	case "http", "websocket", "grpc", "rpc", "graphql":
		switch {
		case side == "client":
			return ptrace.SpanKindClient
		case side == "server" && what != "graphql":
			return ptrace.SpanKindServer
		}
	case "function":
		switch side {
		case "aws", "gcp", "azure":
			return ptrace.SpanKindServer
		}
	case "queue":
		switch side {
		case "process", "receive", "task":
			return ptrace.SpanKindConsumer
		case "publish", "submit", "create":
			return ptrace.SpanKindProducer
		}
	}
	return ptrace.SpanKindInternal
}

// statusNames are Sentry's span statuses by number: gRPC's codes.
var statusNames = [...]string{
	"ok", "cancelled", "unknown", "invalid_argument", "deadline_exceeded", "not_found", "already_exists",
	"permission_denied", "resource_exhausted", "failed_precondition", "aborted", "out_of_range", "unimplemented",
	"internal_error", "unavailable", "data_loss", "unauthenticated",
}

// status reads a span status: its name, an old alias or its number; "" when there is none.
func (v node) status() string {
	if n, ok := v.int(); ok && n >= 0 && n < int64(len(statusNames)) {
		return statusNames[n]
	}
	switch s := v.word(); s {
	case "success":
		return "ok"
	case "failure":
		return "internal_error"
	case "unknown_error":
		return "unknown"
	default:
		return s
	}
}

// statusCode says whether a status is an error: everything but ok, cancelled and unknown.
func statusCode(status string) ptrace.StatusCode {
	switch status {
	case "ok":
		return ptrace.StatusCodeOk
	case "", "unset", "cancelled", "unknown":
		return ptrace.StatusCodeUnset
	}
	return ptrace.StatusCodeError
}
