// Package conventions names the attributes and event names that Sentry data carries as pdata: the contract between the
// package sentry, which writes them, and frompdata, which reads them, perhaps after a trip through other Collectors.
//
// Names follow OpenTelemetry's semantic conventions where those have one, then Sentry's published sentry.* attributes,
// and only then names of ours (sentry.envelope.*, sentry.item.*, sentry.payload).
package conventions

// Event names of log records. An error event is EventException, like any OpenTelemetry exception; every other Sentry
// item is ItemPrefix followed by its item type.
const (
	EventException = "exception"
	EventMessage   = "sentry.message"
	ItemPrefix     = "sentry." // + item type: sentry.session, sentry.attachment, sentry.check_in...
)

// ScopeName is the name of the instrumentation scope of everything the Sentry receiver makes; by it the reader knows
// Sentry data.
const ScopeName = "github.com/otelcol-spotlight/otelcol-spotlight/receiver/sentryreceiver"

// Attributes of records and spans made from Sentry data.
const (
	// Payload holds the text of a transaction's payload, byte for byte, on its root span (a bytes value where the text is
	// not valid UTF-8). The payload of every other item is the body of its log record.
	Payload = "sentry.payload"

	EventID        = "sentry.event_id"        // 32 hex digits
	ItemType       = "sentry.item.type"       // as in the item header
	ItemHeader     = "sentry.item.header"     // the item header's JSON text, when it says more than type and length
	EnvelopeHeader = "sentry.envelope.header" // the envelope header's JSON text, once an envelope: on its first record
	EnvelopeID     = "sentry.envelope.id"     // joins the records of one envelope: attachment, profile, replay, event
	Extra          = "sentry.extra_fields"    // JSON text of an item's keys that have no attribute of their own
	Warnings       = "sentry.warnings"        // list of warnings raised while translating (package model, warnings.go)

	Project      = "sentry.project"       // resource: project of the DSN, any text
	PublicKey    = "sentry.public_key"    // resource
	Client       = "sentry.client"        // resource: sentry_client of the auth header
	SentAt       = "sentry.sent_at"       // RFC 3339, the SDK's clock when it sent the envelope
	ReceivedFrom = "sentry.received_from" // stream, envelope, store, security, ...: the endpoint

	Op             = "sentry.op"
	SpanOrigin     = "sentry.origin"
	Description    = "sentry.description"
	Status         = "sentry.status"
	StatusMessage  = "sentry.status.message"
	IsSegment      = "sentry.is_segment"
	SegmentID      = "sentry.segment.id"
	SegmentName    = "sentry.segment.name"
	SegmentSource  = "sentry.segment.name.source"
	Platform       = "sentry.platform"
	Release        = "sentry.release"
	Environment    = "sentry.environment"
	Dist           = "sentry.dist"
	SDKName        = "sentry.sdk.name"
	SDKVersion     = "sentry.sdk.version"
	Level          = "sentry.level" // as the SDK wrote it
	Logger         = "sentry.logger"
	Handled        = "sentry.exception.handled"
	MechanismType  = "sentry.exception.mechanism"
	ParentSpanID   = "sentry.trace.parent_span_id"
	ReplayID       = "sentry.replay_id"
	ProfilerID     = "sentry.profiler_id"
	ExclusiveTime  = "sentry.exclusive_time"
	AttributeUnits = "sentry.attribute_units" // JSON text: attribute name -> unit, of typed attributes that had one

	ServiceName           = "service.name"
	ServiceVersion        = "service.version"
	DeploymentEnvironment = "deployment.environment.name"
	HostName              = "host.name"
	TelemetrySDKName      = "telemetry.sdk.name"
	TelemetrySDKVersion   = "telemetry.sdk.version"
	TelemetrySDKLanguage  = "telemetry.sdk.language"
	ExceptionType         = "exception.type"
	ExceptionMessage      = "exception.message"
	ExceptionStacktrace   = "exception.stacktrace"
)
