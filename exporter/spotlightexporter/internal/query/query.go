// Package query answers every question a reader of the store can ask: lists with filters, an assembled trace, a
// materialised event, and the lists and deltas of the WebSocket. The hub, the JSON API and MCP all ask here, so that
// they say the same.
//
// Answers are made from immutable snapshots when somebody asks, outside the store's lock, and are kept by version: what
// did not change is not computed again. What is handed out is shared and must not be changed.
//
// What is not here: encoding, requests and connections (serve, hub), and what a record means (the packages of translate).
package query

import (
	"time"

	"github.com/otelcol-spotlight/otelcol-spotlight/exporter/spotlightexporter/internal/live"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// Options are what the answers need to know beside the store. The zero value is usable.
type Options struct {
	Version   string                  // of the Collector, for Status
	Endpoints func() []model.Endpoint // where SDKs can send to; nil: unknown
	Clients   func() int              // connected WebSocket clients; nil: 0
	Now       func() time.Time        // nil: time.Now
}

// Query answers questions about one store. All methods may be called from any goroutine.
type Query struct {
	store *live.Store
	opts  Options
}

// New returns the answers to questions about store.
func New(store *live.Store, opts Options) *Query {
	if opts.Now == nil {
		opts.Now = time.Now
	}
	return &Query{store: store, opts: opts}
}

// Filter selects and bounds the items of a list. The zero value selects the newest of the present session.
type Filter struct {
	Q       string     // query language, see the package's lang.go; wrong terms are explained in Page.Warnings
	Service string     // exact name
	Session int        // 0: the present one; AllSessions: all
	Since   uint64     // only what changed after this sequence number
	After   model.Time // only what is newer
	Before  uint64     // logs, items, events: only what has a smaller number (cursor, see Page.Next)
	Trace   model.TraceID
	Span    model.SpanID // with Trace
	Event   model.EventID
	Level   model.Level // at least this level
	Type    string      // items: Sentry's item type; metrics: type
	PageURL string      // traces: that a browser page with this URL started
	Limit   int         // 0: DefaultLimit; at most MaxLimit
}

// AllSessions as Filter.Session selects all sessions that are kept.
const AllSessions = -1

// The bounds of a list.
const (
	DefaultLimit = 100
	MaxLimit     = 10_000
)

// Status says how the Collector is.
func (q *Query) Status() model.Status { return q.store.Status() }

// Sessions returns the sessions, newest first.
func (q *Query) Sessions() model.Page[model.Session] { return model.Page[model.Session]{} }

// Seq returns the sequence number of the newest change, to ask for the changes since with Delta.
func (q *Query) Seq() uint64 { return q.store.Seq() }

// Traces returns summaries of traces, newest first.
func (q *Query) Traces(f Filter) model.Page[model.TraceSummary] {
	return model.Page[model.TraceSummary]{}
}

// Trace returns an assembled trace. With details, every span carries its attributes, events and links.
func (q *Query) Trace(id model.TraceID, details bool) (*model.Trace, bool) { return nil, false }

// TraceFrame returns an opened trace for the WebSocket: whole when since is 0 or too old, else what changed after the
// version since. It is nil when nothing changed. ok is false when the trace is not in the store.
func (q *Query) TraceFrame(id model.TraceID, since uint64) (f *model.TraceFrame, ok bool) {
	return nil, false
}

// Span returns a span with its details and its place in the trace.
func (q *Query) Span(trace model.TraceID, span model.SpanID) (*model.TraceSpan, bool) {
	return nil, false
}

// Issues returns groups of errors, last seen first.
func (q *Query) Issues(f Filter) model.Page[model.Issue] { return model.Page[model.Issue]{} }

// Issue returns a group with its newest events and what differs between them.
func (q *Query) Issue(id string) (*model.IssueDetails, bool) { return nil, false }

// Events returns summaries of errors and messages, newest first.
func (q *Query) Events(f Filter) model.Page[model.EventSummary] {
	return model.Page[model.EventSummary]{}
}

// Event returns a materialised event. Its MergeRev changes when it materialises differently.
func (q *Query) Event(id model.EventID) (*model.Event, bool) { return nil, false }

// RawEvent returns the payload of an event or a transaction byte for byte. For an OpenTelemetry exception, which has
// none, ok is false.
func (q *Query) RawEvent(id model.EventID) (payload []byte, ok bool) { return nil, false }

// Logs returns summaries of log records, newest first.
func (q *Query) Logs(f Filter) model.Page[model.LogSummary] { return model.Page[model.LogSummary]{} }

// Log returns a log record.
func (q *Query) Log(id uint64) (*model.Log, bool) { return q.store.Log(id) }

// Metrics returns summaries of metrics.
func (q *Query) Metrics(f Filter) model.Page[model.MetricSummary] {
	return model.Page[model.MetricSummary]{}
}

// Metric returns a metric's points, oldest first, one Metric for each process and instrumentation scope. An empty
// service means all.
func (q *Query) Metric(name, service string) ([]model.Metric, bool) { return nil, false }

// Services returns the processes that send data, with findings.
func (q *Query) Services(f Filter) model.Page[model.Service] { return model.Page[model.Service]{} }

// Service returns a process.
func (q *Query) Service(id string) (*model.Service, bool) { return nil, false }

// Items returns summaries of attachments, profiles, replays, sessions, check-ins and the like, newest first.
func (q *Query) Items(f Filter) model.Page[model.ItemSummary] {
	return model.Page[model.ItemSummary]{}
}

// Item returns an item; its payload is in Item.Payload, which the JSON leaves out.
func (q *Query) Item(id uint64) (*model.Item, bool) { return q.store.Item(id) }

// Snapshot returns the lists of the present session as they are now, and the sequence number they are complete up to.
func (q *Query) Snapshot() (lists *model.Lists, seq uint64) { return &model.Lists{}, q.store.Seq() }

// Delta returns what changed in the lists after since, and the sequence number it is complete up to. lists is nil when
// nothing changed. ok is false when since is too old or of another store: the reader gets a Snapshot instead.
func (q *Query) Delta(since uint64) (lists *model.Lists, seq uint64, ok bool) {
	return nil, q.store.Seq(), true
}

// TraceID resolves an id or a prefix of at least 8 hex digits; of several traces that match, the newest.
func (q *Query) TraceID(prefix string) (model.TraceID, bool) { return model.ParseTraceID(prefix) }

// EventID resolves an id or a prefix of at least 8 hex digits; of several events that match, the newest.
func (q *Query) EventID(prefix string) (model.EventID, bool) { return model.ParseEventID(prefix) }

// SpanID resolves a span id, or a prefix of at least 8 hex digits, in a trace.
func (q *Query) SpanID(trace model.TraceID, prefix string) (model.SpanID, bool) {
	return model.ParseSpanID(prefix)
}

// Pin, Unpin, Clear, Undo, NewSession and hiding are asked of the store (live.Store): they change it.
