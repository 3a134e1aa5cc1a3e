package live

import "github.com/otelcol-spotlight/otelcol-spotlight/translate/model"

// TraceSnapshot is one trace at one moment. Nothing in it is ever written again.
type TraceSnapshot struct {
	TraceID model.TraceID
	// Version is the sequence number of the newest change of this trace.
	Version uint64
	// Born is the sequence number of its first record: traces in the order of their arrival.
	Born uint64
	// Spans in order of arrival. In a later snapshot a span that was sent again and differs takes the place of the
	// earlier one; the others keep their pointer and their index.
	Spans  []*model.Span
	Events []*model.EventRecord // occurrences, oldest arrival first; other reports of them are in their AlsoSeenAs
	Also   []*model.EventRecord // those other reports
	Logs   []*model.Log         // in order of arrival
	Items  []*model.Item        // in order of arrival

	SpansDropped int // beyond the limits of a trace
	LogsDropped  int
	FirstTime    model.Time // when the first record of it was received
	LastTime     model.Time // when the newest record of it was received
	Session      int
	Pinned       bool
	Bytes        int64
}

// TraceRow is a trace in a list of all: enough to choose those of which one wants a snapshot.
type TraceRow struct {
	TraceID  model.TraceID
	Version  uint64 // see TraceSnapshot
	Born     uint64
	LastTime model.Time
	Session  int
	Spans    int
	Pinned   bool
}

// IssueRow is an issue in a list.
type IssueRow struct {
	IssueID  string
	Version  uint64
	LastTime model.Time // in the session that was asked for
}

// MetricRow is a metric in a list of all.
type MetricRow struct {
	MetricKey
	Version uint64
	Newest  uint64 // number of the arrival of its newest export
	Series  int
	Points  int
}

// IssueSnapshot is one group of events at one moment, as it was in the present session; see In for others.
type IssueSnapshot struct {
	model.Issue
	Version    uint64
	all        model.Issue // in all sessions
	perSession []inSession
	HiddenIn   int // session in which the user hid it; 0: in none
	// Events are its newest occurrences that are still in the store, newest first, at most MaxIssueEvents.
	Events []*model.EventRecord
}

// MaxIssueEvents is how many events of an issue a snapshot carries.
const MaxIssueEvents = 100

// ServiceSnapshot is one process at one moment, with the facts its findings are made from.
type ServiceSnapshot struct {
	model.Service
	Version uint64 // of the change that was last told of: at most once a second
	Facts   ServiceFacts
}

// ServiceFacts is what was seen of a process and is not shown as it is.
type ServiceFacts struct {
	Spans         int // received
	Errors        int // events, not counting messages
	RemoteParents int // server and consumer spans that continue a trace of somebody else
	RootServers   int // server and consumer spans that start a trace
	Browser       bool
	DSN           bool   // it has a DSN: something came with a public key
	NameSource    string // where the Sentry receiver found the service's name
}

// MetricKey names a metric: all series of one name, type and service.
type MetricKey = model.MetricID

// MaxRecentExports is how many exports RecentMetric gives.
const MaxRecentExports = 20

// MetricSnapshot is a metric with its exports, oldest first: all of them, or the newest.
type MetricSnapshot struct {
	MetricRow
	Exports []*model.Metric
}

// Changes says what changed after Since, up to and including Seq. Every list is in order of the change, each id once.
type Changes struct {
	Since, Seq uint64
	Traces     []model.TraceID
	// Transactions are the event ids of the Sentry transactions that are new in Traces.
	Transactions []model.EventID
	Issues       []string
	Events       []model.EventID
	Items        []uint64
	Services     []string
	Metrics      []MetricKey
	Logs         bool // there are logs with ids above Since
	// Removed names what left the store. An id may be in Removed and above too when it left and came back.
	Removed model.Removed
	Session bool // another session is the present one, or its numbers changed
	Reset   bool // sessions were started, cleared or brought back: lists start over
	Dropped bool // the counts of drops or evictions changed
}

// Empty reports whether nothing changed.
func (c *Changes) Empty() bool {
	return len(c.Traces) == 0 && len(c.Issues) == 0 && len(c.Events) == 0 && len(c.Items) == 0 && len(c.Services) == 0 &&
		len(c.Metrics) == 0 && !c.Logs && !c.Session && !c.Reset && !c.Dropped && c.RemovedNothing()
}

// RemovedNothing reports whether nothing left the store.
func (c *Changes) RemovedNothing() bool {
	r := &c.Removed
	return len(r.Traces) == 0 && len(r.Issues) == 0 && len(r.Events) == 0 && len(r.Items) == 0 && len(r.Services) == 0 &&
		len(r.Metrics) == 0 && r.LogsUpTo == 0 && !r.All
}
