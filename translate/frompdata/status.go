package frompdata

import (
	"strings"

	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// rawStatus is the status a span was sent with; a code that OTLP does not know counts as unset.
func rawStatus(code ptrace.StatusCode) model.SpanStatus {
	switch code {
	case ptrace.StatusCodeOk:
		return model.StatusOK
	case ptrace.StatusCodeError:
		return model.StatusError
	}
	return model.StatusUnset
}

// rpcCodes are the status codes of gRPC by number (grpc.io/docs/guides/status-codes); Connect uses the same names in
// lower case. A client failed with any but OK; a server failed with those that are its own fault (semantic conventions,
// rpc/grpc).
var rpcCodes = [...]struct {
	name        string
	serverFault bool
}{
	{"OK", false},
	{"CANCELLED", false},
	{"UNKNOWN", true},
	{"INVALID_ARGUMENT", false},
	{"DEADLINE_EXCEEDED", true},
	{"NOT_FOUND", false},
	{"ALREADY_EXISTS", false},
	{"PERMISSION_DENIED", false},
	{"RESOURCE_EXHAUSTED", false},
	{"FAILED_PRECONDITION", false},
	{"ABORTED", false},
	{"OUT_OF_RANGE", false},
	{"UNIMPLEMENTED", true},
	{"INTERNAL", true},
	{"UNAVAILABLE", true},
	{"DATA_LOSS", true},
	{"UNAUTHENTICATED", false},
}

// failedOf reports whether the facts of a span whose status is unset say that it failed.
func failedOf(f *facts, kind model.SpanKind) bool {
	if status, ok := f.number(httpStatus); ok && httpFailed(status, kind) {
		return true
	}
	if f.has(rpcStatus) && rpcFailed(f, kind) {
		return true
	}
	if kindOfError := f.text(errorType); kindOfError != "" {
		// For HTTP this is the status code as text; servers should not set it for a client's mistake, some do.
		status, isStatus := f.number(errorType)
		return !isStatus || httpFailed(status, kind)
	}
	return f.isTrue(errorFlag)
}

// httpFailed reports whether an HTTP status is a failure: from 400 for whom asked, from 500 for whom answered
// (semantic conventions, http-spans, status).
func httpFailed(status int64, kind model.SpanKind) bool {
	if kind == model.KindClient {
		return status >= 400
	}
	return status >= 500
}

func rpcFailed(f *facts, kind model.SpanKind) bool {
	code, isNumber := f.number(rpcStatus)
	if !isNumber {
		name := f.str(rpcStatus)
		code = -1
		for i := range rpcCodes {
			if strings.EqualFold(rpcCodes[i].name, name) {
				code = int64(i)
			}
		}
		if code < 0 {
			return name != "" && kind == model.KindClient // a code of another RPC system; servers' own faults are unknown
		}
	}
	if code == 0 {
		return false
	}
	if kind == model.KindClient || code < 0 || code >= int64(len(rpcCodes)) {
		return true
	}
	return rpcCodes[code].serverFault
}
