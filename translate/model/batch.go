package model

// Batch is what one export adds to the store.
type Batch struct {
	Spans   []*Span
	Events  []*EventRecord
	Logs    []*Log
	Metrics []*Metric
	Items   []*Item
	// Dropped counts what was not even translated, by reason.
	Dropped map[string]int
	// Archived is set for records of an exported session: the processes in it run no more, or elsewhere, and are no
	// successors of those that run here.
	Archived bool
}

// EventRecord is an event as the store keeps it: its row, and what everything else is made from when somebody looks.
type EventRecord struct {
	EventSummary
	Source     EventSource
	Resource   *Resource
	Scope      *InstrumentationScope
	Attributes Attributes // of the log record or span event
	Payload    []byte     // the Sentry payload byte for byte; nil for OpenTelemetry exceptions
	// Exceptions is set for OpenTelemetry exceptions, whose stack was read from text. For a Sentry event it is nil in the
	// store: the payload is decoded when somebody looks.
	Exceptions []Exception
	Message    string
	How        string // what its group was made from: fingerprint, frames, message (Issue.How); set with IssueID
}
