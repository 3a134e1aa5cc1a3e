// Package conventions names the attributes and event names that Sentry data carries as pdata: the contract between the
// package sentry, which writes them, and frompdata, which reads them, perhaps after a trip through other Collectors.
//
// Names follow OpenTelemetry's semantic conventions where those have one, then Sentry's published sentry.* attributes,
// and only then names of ours (sentry.envelope.*, sentry.item.*, sentry.payload). The README of package sentry has
// them in one table, with what they hold and where they are found.
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

	EventID         = "sentry.event_id"          // 32 hex digits
	ItemType        = "sentry.item.type"         // as in the item header
	ItemTitle       = "sentry.item.title"        // what a list shows: file name, monitor slug, message, session status...
	ItemContentType = "sentry.item.content_type" // as in the item header
	ItemHeader      = "sentry.item.header"       // the item header's JSON text, when it says more than type and length
	EnvelopeHeader  = "sentry.envelope.header"   // the envelope header's JSON text, once an envelope: on its first record
	EnvelopeID      = "sentry.envelope.id"       // joins the records of one envelope: attachment, profile, replay, event
	Extra           = "sentry.extra_fields"      // JSON text of an item's keys that have no attribute of their own
	Warnings        = "sentry.warnings"          // list of warnings raised while translating

	SentAt = "sentry.sent_at" // RFC 3339, the SDK's clock when it sent the envelope: beside EnvelopeHeader

	Op             = "sentry.op"
	SpanOrigin     = "sentry.origin"
	Description    = "sentry.description"
	Status         = "sentry.status" // as the SDK wrote it, when it is not ok
	StatusMessage  = "sentry.status.message"
	IsSegment      = "sentry.is_segment"
	SegmentID      = "sentry.segment.id"
	SegmentName    = "sentry.segment.name"
	SegmentSource  = "sentry.segment.name.source"
	Kind           = "sentry.kind"
	Platform       = "sentry.platform"
	SDKName        = "sentry.sdk.name"
	SDKVersion     = "sentry.sdk.version"
	Level          = "sentry.level" // as the SDK wrote it
	Logger         = "sentry.logger"
	Handled        = "sentry.exception.handled"
	MechanismType  = "sentry.exception.mechanism"
	ParentSpanID   = "sentry.trace.parent_span_id"
	ReplayID       = "sentry.replay_id"
	ProfilerID     = "sentry.profiler_id"
	ProfileID      = "sentry.profile_id"
	ExclusiveTime  = "sentry.exclusive_time" // milliseconds
	SampleRate     = "sentry.sample_rate"
	AttributeUnits = "sentry.attribute_units" // JSON text: attribute name -> unit, of typed attributes that had one
)

// Attributes of the resource, beside the semantic conventions'.
const (
	Project           = "sentry.project"             // project of the DSN, any text
	PublicKey         = "sentry.public_key"          // key of the DSN
	Client            = "sentry.client"              // sentry_client of the authentication
	ReceivedFrom      = "sentry.received_from"       // stream, envelope, store, security, ...: the endpoint
	Release           = "sentry.release"             // verbatim
	Environment       = "sentry.environment"         // verbatim
	Dist              = "sentry.dist"                //
	ServiceNameSource = "sentry.service_name.source" // where service.name was found: see the constants below
)

// The values of ServiceNameSource. A name from ServiceNameFromSDK stands for all processes of that SDK, so that a
// reader may prefer any better one.
const (
	ServiceNameFromOTel    = "otel"    // the OpenTelemetry resource inside an event
	ServiceNameFromTag     = "tag"     // a tag or attribute service.name or service
	ServiceNameFromConfig  = "config"  // the receiver's configuration
	ServiceNameFromRelease = "release" // the part of the release before the @
	ServiceNameFromSDK     = "sdk"     // made from the SDK's name: node app
)

// Attributes of items that are neither spans, logs, metrics nor errors.
const (
	AttachmentFilename = "sentry.attachment.filename"
	AttachmentType     = "sentry.attachment.type" // event.attachment, event.minidump, event.view_hierarchy...
	AttachmentMeta     = "sentry.attachment.meta" // JSON text before the body of a trace attachment
	SessionStatus      = "sentry.session.status"  // ok, exited, crashed, abnormal, errored
	SessionInit        = "sentry.session.init"
	SessionErrors      = "sentry.session.errors"
	SessionDuration    = "sentry.session.duration" // seconds
	SessionCount       = "sentry.session."         // + exited, errored, unhandled, abnormal, crashed: sums of aggregates
	CheckInID          = "sentry.check_in.id"
	CheckInStatus      = "sentry.check_in.status"   // in_progress, ok, error
	CheckInDuration    = "sentry.check_in.duration" // seconds
	MonitorSlug        = "sentry.monitor.slug"
	AssociatedEventID  = "sentry.feedback.associated_event_id"
	ReplaySegmentID    = "sentry.replay.segment_id"
	ReplayType         = "sentry.replay.type" // session, buffer
	ProfileChunkID     = "sentry.profile.chunk_id"
	DiscardedEvents    = "sentry.discarded_events" // list of {reason, category, quantity}: what the SDK dropped
	TraceIDs           = "sentry.trace_ids"        // list: the traces of a replay
	ErrorIDs           = "sentry.error_ids"        // list: the error events of a replay
	GaugePart          = "sentry.gauge"            // on exemplars of a statsd gauge: last, min, max, sum, count
)

// Semantic conventions that both sides use.
const (
	ServiceName           = "service.name"
	ServiceVersion        = "service.version"
	ServiceInstanceID     = "service.instance.id"
	DeploymentEnvironment = "deployment.environment.name"
	HostName              = "host.name"
	ProcessCreationTime   = "process.creation.time" // RFC 3339
	TelemetrySDKName      = "telemetry.sdk.name"
	TelemetrySDKVersion   = "telemetry.sdk.version"
	TelemetrySDKLanguage  = "telemetry.sdk.language"
	ExceptionType         = "exception.type"
	ExceptionMessage      = "exception.message"
	ExceptionStacktrace   = "exception.stacktrace"
	SessionID             = "session.id"
	UserID                = "user.id"
	UserName              = "user.name"
	UserEmail             = "user.email"
	UserIPAddress         = "user.ip_address"
	UserAgent             = "user_agent.original"
	HTTPMethod            = "http.request.method"
	URLFull               = "url.full"
)
