package model

// TraceSummary is one row of the list of traces.
type TraceSummary struct {
	TraceID     TraceID    `json:"trace_id"`
	RootName    string     `json:"root_name"` // name of the root, or of the earliest span while there is none
	RootOp      string     `json:"root_op,omitempty"`
	RootService string     `json:"root_service"`
	RootMissing bool       `json:"root_missing,omitempty"` // the root was not received
	URL         string     `json:"url,omitempty"`          // page of a browser root, for "this page"
	StartTime   Time       `json:"start_time"`
	DurationNS  int64      `json:"duration_ns"`         // time in which a root ran; never more because of late spans, see tracetree
	ExtentNS    int64      `json:"extent_ns,omitempty"` // from start_time to the end of the last span that is drawn on the axis, when that is more than duration_ns
	LastTime    Time       `json:"last_time"`           // when the newest record of it was received
	Status      SpanStatus `json:"status"`              // the worst of its roots'; ok where they ended and say nothing, unset only while they run
	SpanCount   int        `json:"span_count"`
	SentrySpans int        `json:"sentry_spans,omitempty"`
	ErrorCount  int        `json:"error_count"` // error events, and failed spans with no error event or failed span in or below them
	LogCount    int        `json:"log_count,omitempty"`
	Services    []string   `json:"services"` // in order of first start
	Origins     []Origin   `json:"origins"`
	Complete    bool       `json:"complete"`       // a root, every parent known, no span open
	Open        bool       `json:"open,omitempty"` // running: a span has not ended, or it is incomplete and still receiving
	Pinned      bool       `json:"pinned,omitempty"`
	Session     int        `json:"session"`        // number of the session it was last active in
	Mini        []MiniSpan `json:"mini,omitempty"` // the mini-waterfall of its row, at most 12 bars
	Warnings    []string   `json:"warnings,omitempty"`
}

// MiniSpan is one bar of the mini-waterfall: offsets are in parts per thousand of the trace.
type MiniSpan struct {
	Service int  `json:"service"` // index into TraceSummary.Services
	Start   int  `json:"start"`
	Width   int  `json:"width"`
	Error   bool `json:"error,omitempty"`
}

// Trace is an assembled trace: its spans in the order of the waterfall (depth first, siblings by start time).
type Trace struct {
	TraceSummary   `tstype:",extends,required"`
	Spans          []TraceSpan     `json:"spans"`
	MissingParents []MissingParent `json:"missing_parents,omitempty"`
	ClockDomains   []ClockDomain   `json:"clock_domains,omitempty"`
	CriticalPath   []PathService   `json:"critical_path,omitempty"` // time on the critical path by service, longest first
	Events         []EventSummary  `json:"events"`                  // errors and messages of this trace, oldest first
	Logs           []LogMark       `json:"logs,omitempty"`          // at most 1,000 marks for the waterfall, oldest first
	Version        uint64          `json:"version"`                 // grows with every change of this trace
}

// TraceSpan is a span placed in its trace.
type TraceSpan struct {
	SpanSummary  `tstype:",extends,required"`
	SpanFacts    `tstype:",extends,required"`
	*SpanDetails `tstype:",extends"` // nil in lists and live frames: the details of a span are asked for

	// EventMarks and LinkMarks are what a row draws of the details: the first MaxEventMarks events and MaxLinkMarks links.
	EventMarks []EventMark `json:"event_marks,omitempty"`
	LinkMarks  []LinkMark  `json:"link_marks,omitempty"`
}

// How many marks a row carries: more would not be told apart on a bar, and a span may have thousands of events.
const (
	MaxEventMarks = 24
	MaxLinkMarks  = 8
)

// EventMark is a span event on the waterfall.
type EventMark struct {
	AtNS  int64  `json:"at_ns"`           // after the start of its span; may be negative, or after its end
	Name  string `json:"name,omitempty"`  // at most 80 bytes
	Error bool   `json:"error,omitempty"` // an exception
}

// LinkMark is a span link on the waterfall.
type LinkMark struct {
	TraceID TraceID `json:"trace_id"`
	SpanID  SpanID  `json:"span_id"`
}

// SpanFacts is what the package tracetree computes of a span from its trace.
type SpanFacts struct {
	Depth         int       `json:"depth"`                     // follows from the parents: a change of it alone is not sent in live frames
	Children      int       `json:"children,omitempty"`        // direct children
	Descendants   int       `json:"descendants,omitempty"`     // follows from the parents, like depth
	ParentRow     SpanID    `json:"parent_row,omitzero"`       // the row it hangs under when that is not its parent_span_id (cycles, united spans)
	Orphan        bool      `json:"orphan,omitempty"`          // its parent was not received
	ClockOffsetNS int64     `json:"clock_offset_ns,omitempty"` // add to start_time to get the time on the root's clock
	SelfNS        int64     `json:"self_ns"`                   // time in which no child ran
	Self          []Range   `json:"self,omitempty"`            // where that time is, relative to the span's start
	Critical      []Range   `json:"critical,omitempty"`        // parts on the critical path, relative to the span's start
	GapNS         int64     `json:"gap_ns,omitempty"`          // longest stretch without instrumentation, when it is worth a mark
	Pseudo        bool      `json:"pseudo,omitempty"`          // browser timing (DNS, TLS, request, paint, web vital), not code
	NPlusOne      int       `json:"n_plus_one,omitempty"`      // on the first of a run: how many equal calls follow each other
	FoldKey       string    `json:"fold_key,omitempty"`        // equal siblings that may fold into one row share it
	Late          bool      `json:"late,omitempty"`            // started after its root had ended; does not stretch the trace
	AlsoReported  []SpanID  `json:"also_reported,omitempty"`   // a second SDK's report of the same call
	Errors        []EventID `json:"errors,omitempty"`          // error events recorded in this span
}

// FactsChange is a span of which only the facts changed; they replace all its facts.
type FactsChange struct {
	SpanID    SpanID `json:"span_id"`
	SpanFacts `tstype:",extends,required"`
}

// Range is a stretch of time, in nanoseconds from a start that its user names.
type Range struct {
	StartNS    int64 `json:"start_ns"`
	DurationNS int64 `json:"duration_ns"`
}

// MissingParent stands for a span that was named as a parent and never received; its children share one row under it.
type MissingParent struct {
	SpanID    SpanID `json:"span_id"`
	Depth     int    `json:"depth"`
	Children  int    `json:"children"`   // how many spans wait for it: those whose parent_span_id it is
	StartTime Time   `json:"start_time"` // of its earliest child, on the root's clock
}

// ClockDomain is a process whose clock was moved to fit the trace.
type ClockDomain struct {
	Service       string `json:"service"`
	Instance      string `json:"instance,omitempty"`
	OffsetNS      int64  `json:"offset_ns"`
	UncertaintyNS int64  `json:"uncertainty_ns,omitempty"`
	Evidence      int    `json:"evidence"` // request/response pairs it was estimated from
}

// PathService is the share of a service in the critical path.
type PathService struct {
	Service    string `json:"service"`
	DurationNS int64  `json:"duration_ns"`
}

// LogMark is a log on the waterfall.
type LogMark struct {
	ID     uint64 `json:"id"`
	SpanID SpanID `json:"span_id,omitzero"`
	Time   Time   `json:"time"`
	Level  Level  `json:"level"`
}
