package sentryreceiver

import (
	"fmt"
	"net/http"
)

// refusal is why a request, or what is left of it, was not taken: an answer for the SDK and a reason for the metric.
type refusal struct {
	status int
	reason string // of receiver_sentry_refused; one of the constants below
	detail string // for the developer who reads the SDK's debug log
	cause  string // what exactly, "" if detail says it all
}

func (r *refusal) Error() string {
	if r.cause == "" {
		return r.detail
	}
	return r.detail + ": " + r.cause
}

// Reasons of receiver_sentry_refused. The README lists them.
const (
	reasonEmpty        = "empty_body"
	reasonNotEnvelope  = "not_an_envelope"
	reasonNotEvent     = "not_an_event"
	reasonBadForm      = "bad_form"
	reasonBadCheckIn   = "bad_check_in"
	reasonBadReport    = "bad_report"
	reasonBadOTLP      = "undecodable_otlp"
	reasonContentType  = "content_type"
	reasonEncoding     = "content_encoding"
	reasonCutOff       = "body_cut_off"
	reasonTooLarge     = "body_too_large"
	reasonItemTooLarge = "item_too_large"
	reasonTooManyItems = "too_many_items"
	reasonTooManyOTLP  = "too_many_otlp_records"
	reasonBusy         = "busy"
	reasonPipelineBusy = "pipeline_busy"
	reasonPipeline     = "pipeline_refused"
	reasonNoPipeline   = "no_pipeline"
	reasonHost         = "host"
	reasonOrigin       = "origin"
	reasonNoEndpoint   = "no_such_endpoint"
	reasonMethod       = "method"
)

func refuse(status int, reason, detail string) *refusal {
	return &refusal{status: status, reason: reason, detail: detail}
}

func (r *refusal) because(format string, args ...any) *refusal {
	r.cause = fmt.Sprintf(format, args...)
	return r
}

func badRequest(reason, detail string) *refusal {
	return refuse(http.StatusBadRequest, reason, detail)
}
