package live

import (
	"slices"
	"strings"
	"sync"
	"unsafe"
	"weak"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// Most spans of a full store are never looked at by anybody but the garbage collector, for which a model.Span is 13 places
// of possible pointers: marking 200,000 of them was a quarter of what storing a transaction costs. So spans that came many
// at once are kept as a run, in a form without pointers and of a sixth of the size, and are made anew for who reads them.
// They are then the same ones for all readers as long as anybody holds on to one, because readers compare pointers (see
// TraceSnapshot.Spans).
const (
	minRun = 16  // spans: fewer are not worth it
	maxRun = 128 // spans, which are made anew together
)

// run is spans of one trace that follow each other. All but thawed is written once, when it is made.
type run struct {
	first   int32 // index of its first span in trace.spans
	trace   model.TraceID
	spans   []cold // of those that are no cold ones the place is empty
	text    string // names and attributes of all, one behind the other
	origins []origin

	mu     sync.Mutex
	thawed weak.Pointer[model.Span] // the first of the spans as they were made anew, which are one piece of memory
}

// cold is a span without pointers. What few spans have it has not: these are kept as they are (see isCold).
type cold struct {
	id, parent      model.SpanID
	start           model.Time
	duration        int64
	text            uint32 // where in run.text its name begins; then come the name as it was sent, and the attributes
	raw, attributes uint32 // bytes
	flags           uint32
	name            uint16 // bytes
	origin          uint16 // index in run.origins
	kind            model.SpanKind
	status          model.SpanStatus
	rawStatus       model.SpanStatus
	segment         bool
}

// origin is what many spans of a run have in common.
type origin struct {
	op, service string
	resource    *model.Resource
	scope       *model.InstrumentationScope
	received    model.Time
	family      model.Origin
}

const (
	spanBytes   = int64(unsafe.Sizeof(model.Span{}))
	coldBytes   = int64(unsafe.Sizeof(cold{}))
	originBytes = int64(unsafe.Sizeof(origin{}))
	runBytes    = int64(unsafe.Sizeof(run{})) + 2*pointer
)

// isCold reports whether nothing of a span is lost in a run.
func isCold(s *model.Span) bool {
	return !s.Open && s.StatusMessage == "" && s.TraceState == "" && s.Warnings == nil && s.Events == nil && s.Links == nil &&
		s.Payload == nil && s.EventID.IsZero() && s.DroppedAttributes|s.DroppedEvents|s.DroppedLinks == 0 && len(s.Name) < 1<<16
}

// freeze keeps the newest spans of a trace as a run, if they are enough of them and nobody has seen them yet.
func (s *Store) freeze(t *trace) {
	fresh := t.spans[t.seen:]
	if len(fresh) < minRun || t.index == nil {
		return
	}
	n, text := 0, 0
	for _, sp := range fresh {
		if isCold(sp) {
			n++
			text += len(sp.Name) + len(sp.RawName) + sp.Attributes.Size()
		}
	}
	if n < len(fresh)/2 || int64(text) > s.limits.MaxBytesPerTrace || text > 1<<31 {
		t.seen = len(t.spans)
		return
	}
	r := &run{first: int32(t.seen), trace: t.id, spans: make([]cold, len(fresh))} // #nosec G115 -- bounded by MaxSpansPerTrace
	var all strings.Builder
	all.Grow(text)
	for i, sp := range fresh {
		if !isCold(sp) {
			own := *sp // of its own: it shared its memory with spans that are gone now
			fresh[i] = &own
			continue
		}
		r.spans[i] = cold{
			id: sp.SpanID, parent: sp.ParentSpanID, start: sp.StartTime, duration: sp.DurationNS, flags: sp.Flags,
			text: uint32(all.Len()), name: uint16(len(sp.Name)), raw: uint32(len(sp.RawName)), // #nosec G115 -- checked above
			attributes: uint32(sp.Attributes.Size()), origin: r.origin(sp), // #nosec G115 -- checked above
			kind: sp.Kind, status: sp.Status, rawStatus: sp.RawStatus, segment: sp.Segment,
		}
		all.WriteString(sp.Name)
		all.WriteString(sp.RawName)
		all.WriteString(sp.Attributes.Form())
		fresh[i] = nil
	}
	r.text = all.String()
	t.runs = append(t.runs, r)
	t.seen = len(t.spans)
	s.grow(&t.unit, runBytes+int64(len(r.spans))*coldBytes+class(int64(text))-int64(text)+int64(cap(r.origins))*originBytes-int64(n)*spanBytes)
}

// origin returns where in r.origins that of a span is.
func (r *run) origin(sp *model.Span) uint16 {
	o := origin{sp.Op, sp.Service, sp.Resource, sp.Scope, sp.ReceivedTime, sp.Origin}
	i := slices.Index(r.origins, o)
	if i < 0 {
		i = len(r.origins)
		r.origins = append(r.origins, o)
	}
	return uint16(i) // #nosec G115 -- at most one for each span
}

// thaw returns the spans of a run; what is in the places of those that are no cold ones means nothing. It may be called
// from any goroutine.
func (r *run) thaw() []model.Span {
	r.mu.Lock()
	defer r.mu.Unlock()
	if first := r.thawed.Value(); first != nil {
		return unsafe.Slice(first, len(r.spans)) // #nosec G103 -- the piece of memory it is the beginning of
	}
	spans := make([]model.Span, len(r.spans))
	for i := range r.spans {
		r.restore(&spans[i], &r.spans[i])
	}
	r.thawed = weak.Make(&spans[0])
	return spans
}

func (r *run) restore(s *model.Span, c *cold) {
	o := &r.origins[c.origin]
	text := r.text[c.text:]
	s.TraceID, s.SpanID, s.ParentSpanID = r.trace, c.id, c.parent
	s.Name, text = text[:c.name], text[c.name:]
	s.RawName, text = text[:c.raw], text[c.raw:]
	s.Attributes = model.PackedForm(text[:c.attributes])
	s.Op, s.Service, s.Origin, s.Resource, s.Scope, s.ReceivedTime = o.op, o.service, o.family, o.resource, o.scope, o.received
	s.Kind, s.Status, s.RawStatus, s.Segment = c.kind, c.status, c.rawStatus, c.segment
	s.StartTime, s.DurationNS, s.Flags = c.start, c.duration, c.flags
}

// thawed fills the places of spans that are in runs.
func thawed(spans []*model.Span, runs []*run) {
	for _, r := range runs {
		r.place(spans, r.thaw())
	}
}

// place fills the places of the spans of r with what was made of them.
func (r *run) place(spans []*model.Span, made []model.Span) {
	for i := range made {
		if at := &spans[int(r.first)+i]; *at == nil {
			*at = &made[i]
		}
	}
}

// Scratch is memory for the spans of one trace after the other. It has one owner; the zero value is ready.
type Scratch struct{ spans []model.Span }

// fill is thawed with spans that hold until the next use of the scratch.
func (m *Scratch) fill(spans []*model.Span, runs []*run) {
	n := 0
	for _, r := range runs {
		n += len(r.spans)
	}
	if len(m.spans) < n {
		m.spans = make([]model.Span, n)
	}
	room := m.spans
	for _, r := range runs {
		made := room[:len(r.spans)]
		for i := range made {
			r.restore(&made[i], &r.spans[i])
		}
		r.place(spans, made)
		room = room[len(made):]
	}
}

// span returns the span at an index.
func (t *trace) span(i int) *model.Span {
	if sp := t.spans[i]; sp != nil {
		return sp
	}
	k, found := slices.BinarySearchFunc(t.runs, i, func(r *run, i int) int { return int(r.first) - i })
	if !found {
		k--
	}
	return &t.runs[k].thaw()[i-int(t.runs[k].first)]
}
