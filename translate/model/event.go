package model

// EventType separates errors from messages and from the transactions that carry an event id.
type EventType string

// The event types.
const (
	EventError       EventType = "error"
	EventMessage     EventType = "message"
	EventTransaction EventType = "transaction"
)

// EventSummary is one row of the list of events.
type EventSummary struct {
	EventID      EventID    `json:"event_id"`
	IssueID      string     `json:"issue_id,omitempty"`
	Type         EventType  `json:"type"`
	TraceID      TraceID    `json:"trace_id,omitzero"`
	SpanID       SpanID     `json:"span_id,omitzero"`
	Level        Level      `json:"level"`
	Title        string     `json:"title"`             // exception type, or the message
	Value        string     `json:"value,omitempty"`   // exception message, at most 1,024 bytes
	Culprit      string     `json:"culprit,omitempty"` // top frame of the user's own code: path:line, or function
	Handled      *bool      `json:"handled,omitempty"` // unknown when missing
	Service      string     `json:"service"`
	Origin       Origin     `json:"origin"`
	Platform     string     `json:"platform,omitempty"` // Sentry's platform, or the telemetry SDK's language
	Release      string     `json:"release,omitempty"`
	Environment  string     `json:"environment,omitempty"`
	Time         Time       `json:"time"`
	ReceivedTime Time       `json:"received_time"`
	Session      int        `json:"session"`
	AlsoSeenAs   []AlsoSeen `json:"also_seen_as,omitempty"`
	Warnings     []string   `json:"warnings,omitempty"`
}

// AlsoSeen is another report of the same failure (R20): the same exception as span event, log record or Sentry event.
type AlsoSeen struct {
	EventID EventID     `json:"event_id"`
	Source  EventSource `json:"source"`
}

// EventSource says which kind of record an event came in.
type EventSource string

// The sources of an event, richest first.
const (
	SourceSentry    EventSource = "sentry"
	SourceLog       EventSource = "log"
	SourceSpanEvent EventSource = "span_event"
)

// Event is a materialised event: the payload read, scopes merged in, frames resolved.
type Event struct {
	EventSummary `tstype:",extends,required"`
	Source       EventSource           `json:"source"`
	SDK          *SDK                  `json:"sdk,omitempty"`
	ServerName   string                `json:"server_name,omitempty"`
	Dist         string                `json:"dist,omitempty"`
	Logger       string                `json:"logger,omitempty"`
	Transaction  string                `json:"transaction,omitempty"`
	Message      *Message              `json:"message,omitempty"`
	Exceptions   []Exception           `json:"exceptions"` // the thrown one first, causes after it
	Threads      []Thread              `json:"threads,omitempty"`
	Breadcrumbs  []Breadcrumb          `json:"breadcrumbs"` // oldest first
	Tags         Attributes            `json:"tags" tstype:",required"`
	User         Attributes            `json:"user" tstype:",required"`
	Request      *Request              `json:"request,omitempty"`
	Contexts     Attributes            `json:"contexts" tstype:",required"` // by name; each an object
	Extra        Attributes            `json:"extra" tstype:",required"`
	Attributes   Attributes            `json:"attributes" tstype:",required"`
	Modules      Attributes            `json:"modules,omitempty"`
	Fingerprint  []string              `json:"fingerprint,omitempty"`
	DebugImages  []DebugImage          `json:"debug_images,omitempty"`
	Other        Attributes            `json:"other,omitempty"` // keys of the payload that have no field here
	Provenance   map[string]Provenance `json:"provenance" tstype:"{ [path: string]: Provenance }"`
	Truncated    bool                  `json:"scope_truncated,omitempty"` // a bound of the scope merge was hit
	Attachments  []ItemSummary         `json:"attachments,omitempty"`
	Resource     *Resource             `json:"resource,omitempty"`
	Scope        *InstrumentationScope `json:"scope,omitempty"`
	MergeRev     uint64                `json:"merge_rev"` // grows when the same event is materialised differently
}

// Message is a log entry with its template (Sentry's logentry).
type Message struct {
	Formatted string  `json:"formatted"`
	Template  string  `json:"template,omitempty"`
	Params    []Value `json:"params,omitempty" tstype:"AttributeValue[]"`
}

// Exception is one link of a chain, or one node of a tree of exceptions.
type Exception struct {
	Type      string     `json:"type,omitempty"`
	Value     string     `json:"value,omitempty"`
	Module    string     `json:"module,omitempty"`
	ThreadID  string     `json:"thread_id,omitempty"`
	Mechanism *Mechanism `json:"mechanism,omitempty"`
	Frames    []Frame    `json:"frames"`               // newest call first; resolved where a source map was found
	RawFrames []Frame    `json:"raw_frames,omitempty"` // the same as they came, when any frame was resolved
	RawStack  string     `json:"raw_stack,omitempty"`  // text the frames were read from
	Omitted   []int      `json:"frames_omitted,omitempty"`
}

// Mechanism says how an exception was caught and where it stands in a tree (Sentry's exception mechanism).
type Mechanism struct {
	Type        string     `json:"type,omitempty"`
	Handled     *bool      `json:"handled,omitempty"`
	Synthetic   bool       `json:"synthetic,omitempty"`
	Description string     `json:"description,omitempty"`
	HelpLink    string     `json:"help_link,omitempty"`
	Source      string     `json:"source,omitempty"`
	ExceptionID *int       `json:"exception_id,omitempty"`
	ParentID    *int       `json:"parent_id,omitempty"`
	IsGroup     bool       `json:"is_exception_group,omitempty"`
	Data        Attributes `json:"data,omitempty"`
	Meta        Attributes `json:"meta,omitempty"`
}

// Frame is one call of a stack. Line and column count from 1; 0 means unknown.
type Frame struct {
	Function    string     `json:"function,omitempty"`
	RawFunction string     `json:"raw_function,omitempty"`
	Module      string     `json:"module,omitempty"`
	Package     string     `json:"package,omitempty"`
	Filename    string     `json:"filename,omitempty"` // as the SDK gave it, or relative to the project when resolved
	AbsPath     string     `json:"abs_path,omitempty"`
	Line        int        `json:"line,omitempty"`
	Column      int        `json:"column,omitempty"`
	InApp       *bool      `json:"in_app,omitempty"` // nobody said when missing
	PreContext  []string   `json:"pre_context,omitempty"`
	ContextLine *string    `json:"context_line,omitempty"`
	PostContext []string   `json:"post_context,omitempty"`
	Vars        Attributes `json:"vars,omitempty"`
	Platform    string     `json:"platform,omitempty"`
	Other       Attributes `json:"other,omitempty"` // keys of the payload that have no field here (addresses, lock, symbol)

	ResolvedWith string     `json:"resolved_with,omitempty"` // debug_id, path, dev_server, release; "" when not resolved
	Generated    *Generated `json:"generated,omitempty"`     // where the frame was before it was resolved
	Unresolved   string     `json:"unresolved,omitempty"`    // why a frame of bundled code could not be resolved, and what to do
}

// Generated is a position in a bundle.
type Generated struct {
	Filename string `json:"filename"`
	Line     int    `json:"line"`
	Column   int    `json:"column"`
	DebugID  string `json:"debug_id,omitempty"`
	Map      string `json:"map,omitempty"` // where the source map came from
}

// Thread is a thread of a crashed process (Sentry's threads).
type Thread struct {
	ID        string     `json:"id,omitempty"`
	Name      string     `json:"name,omitempty"`
	State     string     `json:"state,omitempty"`
	Crashed   bool       `json:"crashed,omitempty"`
	Current   bool       `json:"current,omitempty"`
	Main      bool       `json:"main,omitempty"`
	Frames    []Frame    `json:"frames"`               // as those of an exception
	RawFrames []Frame    `json:"raw_frames,omitempty"` // the same as they came, when any frame was resolved
	Other     Attributes `json:"other,omitempty"`
}

// Breadcrumb is something that happened before an event.
type Breadcrumb struct {
	Time     Time       `json:"time,omitzero"`
	Type     string     `json:"type,omitempty"`
	Category string     `json:"category,omitempty"`
	Level    Level      `json:"level,omitempty"`
	Message  string     `json:"message,omitempty"`
	Data     Attributes `json:"data,omitempty"`
	EventID  EventID    `json:"event_id,omitzero"`
	Origin   string     `json:"origin,omitempty"`

	Layer   Layer  `json:"layer,omitempty"`  // the scope it was found in
	Source  string `json:"source,omitempty"` // see Provenance.Origin
	Service string `json:"service,omitempty"`
	SpanID  SpanID `json:"span_id,omitzero"`
}

// Request is the HTTP request during which an event happened.
type Request struct {
	Method  string      `json:"method,omitempty"`
	URL     string      `json:"url,omitempty"`
	Query   []NameValue `json:"query,omitempty"`
	Headers []NameValue `json:"headers,omitempty"` // in the order they came
	Cookies []NameValue `json:"cookies,omitempty"`
	Data    *Value      `json:"data,omitempty" tstype:"AttributeValue"`
	Env     Attributes  `json:"env,omitempty"`
	Other   Attributes  `json:"other,omitempty"`
}

// NameValue is one header, cookie or query parameter; names may repeat.
type NameValue struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// DebugImage is an image of Sentry's debug_meta: for JavaScript, which debug ID belongs to which script.
type DebugImage struct {
	Type     string     `json:"type"`
	CodeFile string     `json:"code_file,omitempty"`
	DebugID  string     `json:"debug_id,omitempty"`
	Other    Attributes `json:"other,omitempty"`
}
