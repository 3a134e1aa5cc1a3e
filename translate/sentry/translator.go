package sentry

import (
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/conventions"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/envelope"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// Request says how an envelope came in.
type Request struct {
	Endpoint  string    // envelope, store, stream, security, ...: kept as an attribute of the resource
	Project   string    // project of the DSN: the path segment, any text
	PublicKey string    // key of the DSN
	Client    string    // sentry_client of the authentication, such as sentry.python/2.20.0
	PeerAddr  string    // address of the sender without port: what {{auto}} stands for in user.ip_address
	Received  time.Time // time of arrival: used where the sender gave no usable time

	// ServiceNames gives the service name that the configuration has for a project or public key, "" for none.
	// It may be nil.
	ServiceNames func(project, publicKey string) string
}

// Result is what an envelope became.
type Result struct {
	Traces  ptrace.Traces
	Logs    plog.Logs
	Metrics pmetric.Metrics

	EventID  string         // 32 hex digits to answer the SDK with, "" when the envelope involves no event
	Items    map[string]int // accepted items by item type; a container of many spans is one item
	Refused  map[string]int // refused items by reason; this package refuses none
	Salvaged int            // items that were found again after broken framing
	Warnings []string       // of the envelope as a whole; those of one record travel on the record
}

// Options bounds what a Translator does. It is empty: the bounds of this package are constants beside what they bound,
// and the sizes of requests and items are bounded before they get here.
type Options struct{}

// Translator turns envelopes into pdata. It is safe for concurrent use.
type Translator struct{}

// NewTranslator returns a Translator.
func NewTranslator(Options) *Translator { return &Translator{} }

// Envelope translates all items of env. It never fails: an item that cannot be understood becomes a log record that
// holds its bytes and a warning.
func (t *Translator) Envelope(env envelope.Envelope, req Request) Result {
	c := call{
		req: &req,
		r:   getReader(),
		now: pcommon.NewTimestampFromTime(req.Received),
		res: Result{
			Traces: ptrace.NewTraces(), Logs: plog.NewLogs(), Metrics: pmetric.NewMetrics(),
			Items: make(map[string]int, 2), Warnings: env.Warnings,
		},
	}
	defer c.r.release()
	c.readHeader(env)
	c.groups = append(c.groups, c.newGroup())
	if len(env.Items) > 1 {
		c.envelopeID = hexID(envelopeID(env))
	}
	for i := range env.Items {
		c.item(&env.Items[i])
	}
	c.finish(env)
	return c.res
}

// call is the translation of one envelope. It has one owner and lives as long as Envelope runs.
type call struct {
	req    *Request
	r      *reader
	now    pcommon.Timestamp // time of arrival
	res    Result
	header header
	groups []*group // the first is the envelope's own
	seed   uint64   // see madeUp
	made   uint64   // ids made up so far

	envelopeID string // joins the records of an envelope of several items, "" for one of one item

	// The event of the envelope, which attachments, profiles and replays belong to.
	event struct {
		id     model.EventID
		trace  model.TraceID
		span   model.SpanID
		replay string
		taken  bool // the id of the envelope's header belongs to a record
	}
	waiting []plog.LogRecord // records that belong to the event
	first   pcommon.Map      // attributes of the first record
	hasAny  bool

	scratch    pcommon.Map // see scratchMap
	hasScratch bool

	more          int           // attributes that the span before had beside its data and tags: the next one will too
	lastTrace     model.TraceID // see traceID
	lastTraceText string

	units, extra jsonObject // of the record at hand
	warnings     []string   // of the record at hand
}

// group is what one process sent: all of an envelope, unless entries of a container name different services.
type group struct {
	facts   facts
	logs    plog.LogRecordSlice
	spans   ptrace.SpanSlice
	metrics pmetric.MetricSlice

	logsResource, spansResource, metricsResource pcommon.Resource
	hasLogs, hasSpans, hasMetrics                bool
}

func (c *call) newGroup() *group {
	return &group{facts: c.header.facts}
}

// own is the envelope's own group.
func (c *call) own() *group { return c.groups[0] }

func (c *call) logRecord(g *group) plog.LogRecord {
	if !g.hasLogs {
		rl := c.res.Logs.ResourceLogs().AppendEmpty()
		sl := rl.ScopeLogs().AppendEmpty()
		sl.Scope().SetName(conventions.ScopeName)
		g.logs, g.logsResource, g.hasLogs = sl.LogRecords(), rl.Resource(), true
	}
	lr := g.logs.AppendEmpty()
	lr.SetObservedTimestamp(c.now)
	c.isFirst(lr.Attributes())
	return lr
}

func (c *call) span(g *group) ptrace.Span {
	if !g.hasSpans {
		rs := c.res.Traces.ResourceSpans().AppendEmpty()
		ss := rs.ScopeSpans().AppendEmpty()
		ss.Scope().SetName(conventions.ScopeName)
		g.spans, g.spansResource, g.hasSpans = ss.Spans(), rs.Resource(), true
	}
	span := g.spans.AppendEmpty()
	c.isFirst(span.Attributes())
	return span
}

func (c *call) metric(g *group) pmetric.Metric {
	if !g.hasMetrics {
		rm := c.res.Metrics.ResourceMetrics().AppendEmpty()
		sm := rm.ScopeMetrics().AppendEmpty()
		sm.Scope().SetName(conventions.ScopeName)
		g.metrics, g.metricsResource, g.hasMetrics = sm.Metrics(), rm.Resource(), true
	}
	m := g.metrics.AppendEmpty()
	c.isFirst(m.Metadata()) // the attributes of a point would make a series of their own
	return m
}

func (c *call) isFirst(attributes pcommon.Map) {
	if !c.hasAny {
		c.first, c.hasAny = attributes, true
	}
}

// scratchMap returns an empty map for attributes that are moved to a record later.
func (c *call) scratchMap() pcommon.Map {
	if !c.hasScratch {
		c.scratch, c.hasScratch = pcommon.NewMap(), true
	}
	return c.scratch
}

// finish writes what is only known when all items have been seen.
func (c *call) finish(env envelope.Envelope) {
	for _, lr := range c.waiting {
		c.joinEvent(lr)
	}
	for _, g := range c.groups {
		own := &c.own().facts
		if g.facts.sdkName == "" {
			g.facts.sdkName, g.facts.sdkVersion = own.sdkName, own.sdkVersion
		}
		first(&g.facts.host, own.host)
		var done pcommon.Map
		written := false
		for _, to := range [...]struct {
			used bool
			res  pcommon.Resource
		}{{g.hasSpans, g.spansResource}, {g.hasLogs, g.logsResource}, {g.hasMetrics, g.metricsResource}} {
			switch {
			case !to.used:
			case written:
				done.CopyTo(to.res.Attributes())
			default:
				g.facts.put(to.res.Attributes(), c.req)
				done, written = to.res.Attributes(), true
			}
		}
	}
	if c.hasAny && c.header.keep {
		setText(c.first.PutEmpty(conventions.EnvelopeHeader), env.Header)
		if c.header.sentAt != "" {
			c.first.PutStr(conventions.SentAt, c.header.sentAt)
		}
	}
	if !c.event.id.IsZero() {
		c.res.EventID = c.event.id.String()
	}
}
