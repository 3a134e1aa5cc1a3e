package model

// The warnings that travel with a record. They say what was seen and, where it helps, what was done about it.
const (
	WarnZeroTraceID     = "the trace id is all zeros or malformed; a trace of its own was made for this record"
	WarnZeroSpanID      = "the span id is all zeros or malformed; one was made up"
	WarnParentCycle     = "its parents form a cycle; it is shown as a root"
	WarnSelfParent      = "it names itself as its parent; it is shown as a root"
	WarnResent          = "this span was sent more than once with different content; the most complete one is shown"
	WarnEndBeforeStart  = "it ends before it starts; its duration is shown as zero"
	WarnBadTime         = "its time is missing or impossible; the time of arrival is shown"
	WarnInvalidUTF8     = "some text is not valid UTF-8; the bad bytes are shown as U+FFFD"
	WarnUnparsable      = "the payload is not what its type promises; the raw bytes are kept"
	WarnTruncated       = "some text was longer than the limit and was cut"
	WarnEventIDTaken    = "a later, different event came with the same event id; this one is shown under an id of its own"
	WarnSpanIDTaken     = "another span of this trace came with the same span id; this one is shown under an id of its own"
	WarnMadeUpEventID   = "it came without an event id; one was made up"
	WarnSpansCapped     = "the trace reached max_spans_per_trace; later spans were dropped (%d)"
	WarnParentMissing   = "parent span %s is not in the trace"
	WarnTooDeep         = "values nested deeper than %d levels were cut"
	WarnLengthMismatch  = "the item's declared length did not fit; its end was found by looking for the next item"
	WarnUnknownItemType = "unknown item type; the raw bytes are kept"
)
