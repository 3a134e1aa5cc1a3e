package model

// Subprotocol is the WebSocket subprotocol these frames belong to.
const Subprotocol = "spotlight.v1+json"

// FrameType names a frame of the WebSocket.
type FrameType string

// Frames the server sends. Every frame carries the sequence number of the store up to which it is complete.
const (
	FrameHello    FrameType = "hello"    // first frame: status
	FrameSnapshot FrameType = "snapshot" // the lists as they are now; follows hello and resync
	FrameDelta    FrameType = "delta"    // what changed in the lists since the frame before
	FrameTrace    FrameType = "trace"    // an opened trace: whole once, then what changed of it
	FrameEvent    FrameType = "event"    // an opened event, again whenever it materialises differently
	FrameResync   FrameType = "resync"   // frames were dropped for this client, or its "since" is gone: a snapshot follows
	FramePong     FrameType = "pong"     // answers ping
	FrameError    FrameType = "error"    // a request could not be answered
)

// Requests a client sends.
const (
	RequestSubscribe FrameType = "subscribe" // since: resume after this sequence number of store_id
	RequestOpen      FrameType = "open"      // trace_id or event_id: send it, and its changes
	RequestClose     FrameType = "close"
	RequestPin       FrameType = "pin"
	RequestUnpin     FrameType = "unpin"
	RequestClear     FrameType = "clear"
	RequestUndo      FrameType = "undo"    // takes the last clear back, within 10 s
	RequestSession   FrameType = "session" // starts a new session
	RequestPing      FrameType = "ping"
)

// ServerFrame is a frame from the Collector to a browser: seq, type, and the one field that belongs to the type.
type ServerFrame struct {
	Seq      uint64      `json:"seq"`
	Type     FrameType   `json:"type"`
	Status   *Status     `json:"status,omitempty"`   // hello
	Snapshot *Lists      `json:"snapshot,omitempty"` // snapshot
	Delta    *Lists      `json:"delta,omitempty"`    // delta
	Trace    *TraceFrame `json:"trace,omitempty"`    // trace
	Event    *Event      `json:"event,omitempty"`    // event
	Missed   uint64      `json:"missed,omitempty"`   // resync: frames this client did not get
	Reason   string      `json:"reason,omitempty"`   // resync: slow_client, expired, restarted, cleared
	Error    *FrameFault `json:"error,omitempty"`    // error
}

// FrameFault says which request failed and why.
type FrameFault struct {
	Request FrameType `json:"request"`
	ID      string    `json:"id,omitempty"` // of the trace or event asked for
	Text    string    `json:"text"`
}

// Lists carries summaries. In a snapshot they are the newest ones of the present session; in a delta those that are new
// or changed, to be put in place of an older one with the same id. Newest first.
type Lists struct {
	Traces   []TraceSummary  `json:"traces,omitempty"`
	Issues   []Issue         `json:"issues,omitempty"`
	Events   []EventSummary  `json:"events,omitempty"`
	Logs     []LogSummary    `json:"logs,omitempty"`
	Metrics  []MetricSummary `json:"metrics,omitempty"`
	Items    []ItemSummary   `json:"items,omitempty"`
	Services []Service       `json:"services,omitempty"`
	// Transactions are the event ids of Sentry transactions that arrived in the traces of a delta: what an SDK knows of its trace.
	Transactions []EventID `json:"transactions,omitempty"`

	Removed *Removed          `json:"removed,omitempty"`
	Counts  *Counts           `json:"counts,omitempty"`
	Session *Session          `json:"session,omitempty"`
	Dropped map[string]uint64 `json:"dropped,omitempty"` // since the start, by reason, when it changed
	// Skipped counts summaries left out of this frame because there were too many; they are in the lists of the API.
	Skipped int `json:"skipped,omitempty"`
}

// Removed names what left the store, or the present session.
type Removed struct {
	Traces   []TraceID  `json:"traces,omitempty"`
	Issues   []string   `json:"issues,omitempty"`
	Events   []EventID  `json:"events,omitempty"`
	LogsUpTo uint64     `json:"logs_up_to,omitempty"` // logs with smaller ids are gone
	Items    []uint64   `json:"items,omitempty"`
	Services []string   `json:"services,omitempty"`
	Metrics  []MetricID `json:"metrics,omitempty"`
	All      bool       `json:"all,omitempty"` // cleared: only what this frame and later ones carry is left
}

// TraceFrame carries an opened trace, or what changed of it.
type TraceFrame struct {
	TraceID TraceID  `json:"trace_id"`
	Whole   bool     `json:"whole,omitempty"` // replaces what the client has
	Version uint64   `json:"version"`
	Trace   *Trace   `json:"trace"`             // spans, missing parents, events and logs: all, or those new or changed, by id
	Removed []SpanID `json:"removed,omitempty"` // spans and missing parents that are gone

	// Facts are the spans of which only facts changed: far smaller than whole rows.
	Facts []FactsChange `json:"facts,omitempty"`
	// Order is not needed by a reader that places rows itself: each among the children of its parent (parent_row, else
	// parent_span_id, else the top level) by start_time + clock_offset_ns, then span_id; depth first.
	Order []SpanID `json:"order,omitempty"`
}

// ClientFrame is a request from a browser.
type ClientFrame struct {
	Type    FrameType `json:"type"`
	Since   uint64    `json:"since,omitempty"`
	StoreID string    `json:"store_id,omitempty"`
	TraceID TraceID   `json:"trace_id,omitzero"`
	EventID EventID   `json:"event_id,omitzero"`
	IssueID string    `json:"issue_id,omitempty"`
}

// Page is the answer of every list of the JSON API, newest first.
type Page[T any] struct {
	Items     []T    `json:"items"`
	Seq       uint64 `json:"seq"`       // of the store when the answer was made
	Truncated bool   `json:"truncated"` // there are more than limit
	// Next is where to go on: the value of before that gives the following page of logs, items or events.
	Next     uint64   `json:"next,omitempty"`
	Warnings []string `json:"warnings,omitempty"` // terms of the query that were not understood and left out
}
