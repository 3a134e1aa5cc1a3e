// Package frompdata turns pdata into the common model, for any sender: OpenTelemetry SDKs, other Collectors, and the
// Sentry receiver of this repository.
//
// It does not read Sentry payloads (they are carried along byte for byte and decoded by the package sentry when somebody
// looks), it does not assemble traces, and it keeps nothing between two calls.
//
// # What becomes what
//
//	span                                  Span; with the payload of a transaction when the Sentry receiver made it of one
//	span event "exception"                stays a SpanEvent, and becomes an EventRecord
//	log record with exception.*           Log and EventRecord; Log.EventID joins them
//	log record                            Log
//	log record of a Sentry error, message EventRecord with the payload
//	log record of any other Sentry item   Item with the payload
//	metric of any type                    Metric
//
// Records of the Sentry receiver are known by their instrumentation scope (conventions.ScopeName), which survives OTLP,
// other Collectors and processors that regroup; where something lost the scope, by attributes that only our receiver
// writes.
//
// # Attributes and what is read from them
//
// Attributes stay as they were sent, old names and all. The readable facts of a span (op, kind, name, status, segment)
// are computed from old and new names alike: keys.go has the names, ops.go, names.go and status.go the rules, each as a
// table. When a rule replaces a name or a status, Span.RawName and Span.RawStatus keep the one that was sent. Only what
// the model holds in a field of its own leaves the attributes: the payload and the warnings of Sentry records.
//
// # Limits
//
// One call makes at most Options.MaxRecords records, and each is bounded too (the constants in builder.go). What was cut
// is counted on the record and marked with a warning; what was dropped is counted in Batch.Dropped. Text is never cut
// but in summaries.
package frompdata
