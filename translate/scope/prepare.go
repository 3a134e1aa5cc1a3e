package scope

import "github.com/otelcol-spotlight/otelcol-spotlight/translate/model"

// TraceView is everything that is known of one trace and of the processes in it. The order of the records means nothing.
type TraceView struct {
	Spans  []*model.Span
	Logs   []*model.Log
	Events []*model.EventRecord

	// ProcessLogs are log records without a span, of any trace or none, of the processes in this trace (or of the event's
	// process): they go to the global scope of their process. Those of other processes are ignored, so that one may
	// give the newest few hundred of all.
	ProcessLogs []*model.Log
	// ProcessSpans are spans of other traces that set data on the global scope (SetsGlobal), of any process.
	ProcessSpans []*model.Span

	// Decode reads the payload of a Sentry event or transaction (sentry.DecodeEvent). It is called only for the
	// transactions an event depends on; nil: transactions contribute nothing.
	Decode func(payload []byte) (model.Event, []string)
}

// Prepared is an indexed TraceView. It is safe for concurrent use.
type Prepared struct {
	view TraceView
	cfg  Config
}

// Prepare indexes a trace, once for all its events. It keeps references to the records of view.
func Prepare(view TraceView, cfg Config) *Prepared { return &Prepared{view: view, cfg: cfg} }

// Event returns what belongs to an event. ev is the event as its own report says: the decoded payload of a Sentry event,
// or the exception of an OpenTelemetry record. It is only read.
func (p *Prepared) Event(ev *model.Event, policy Policy) Result { return Result{} }

// Materialize returns what belongs to one event by the policy Spec. For several events of a trace use Prepare.
func Materialize(ev *model.Event, view TraceView, cfg Config) Result {
	return Prepare(view, cfg).Event(ev, Spec)
}

// SetsGlobal reports whether a span sets data on the global scope of its process (sentry.scope.global.*).
func SetsGlobal(s *model.Span) bool { return false }

// Result is what belongs to an event.
type Result struct {
	Merged
	SDK       *model.SDK
	Truncated bool // a bound was hit: something that belongs to the event may be missing
}

// Apply writes the result into an event, which the caller owns.
func (r *Result) Apply(ev *model.Event) {}
