package scope

import (
	"bytes"
	"cmp"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// ring holds the breadcrumbs of one scope: of a process (global), of a request (isolation), or of a span that captures
// breadcrumbs (RFC 0120). It holds references; breadcrumbs are made of the few that an event takes.
type ring struct {
	layer model.Layer
	refs  []ref // oldest first
}

// ref is something that makes a breadcrumb: a log, the end of a span, a span event, a breadcrumb of a Sentry event.
type ref struct {
	at     model.Time
	node   int32 // span it was recorded in, none if there is none
	span   *model.Span
	event  *model.SpanEvent // of span; nil with a span: the end of span
	log    *model.Log
	shared *model.Breadcrumb
	from   model.EventID // of shared
	index  int           // among the events of span or the breadcrumbs of from
}

// flag is an evaluation of a feature flag.
type flag struct {
	at     model.Time
	node   int32
	name   string
	result model.Value
}

func (b *builder) ring(layer model.Layer) int32 {
	b.rings = append(b.rings, ring{layer: layer})
	return int32(len(b.rings) - 1) // #nosec G115 -- two for each span and process at most
}

// addBreadcrumbs routes everything that makes a breadcrumb to its ring (R14).
func (b *builder) addBreadcrumbs(view *TraceView) {
	for i := range b.nodes {
		n := &b.nodes[i]
		b.spanBreadcrumbs(int32(i), n.span) // #nosec G115 -- fewer than spans
		for _, s := range n.also {
			b.spanBreadcrumbs(int32(i), s) // #nosec G115 -- as above
		}
	}
	for _, l := range view.Logs {
		b.logBreadcrumb(l)
	}
	for _, l := range view.ProcessLogs {
		if l.SpanID.IsZero() && (l.TraceID.IsZero() || l.TraceID != b.trace) { // those of this trace are among its logs
			b.logBreadcrumb(l)
		}
	}
	if b.rules.ShareSDKBreadcrumbs && b.decode != nil {
		for _, ev := range view.Events {
			b.sharedBreadcrumbs(ev)
		}
	}
	for i := range b.rings {
		slices.SortFunc(b.rings[i].refs, compareRefs)
	}
	for i := range b.trees {
		slices.SortFunc(b.trees[i].flags, compareFlags)
	}
	for i := range b.procs {
		slices.SortFunc(b.procs[i].flags, compareFlags)
	}
}

func (b *builder) spanBreadcrumbs(i int32, s *model.Span) {
	n := &b.nodes[i]
	r := &b.rings[n.ring]
	for j := range s.Events {
		ev := &s.Events[j]
		if isException(ev.Name, ev.Attributes) {
			continue
		}
		r.refs = append(r.refs, ref{at: ev.Time, node: i, span: s, event: ev, index: j})
		if ev.Name == flagEvent {
			b.trees[n.tree].flags = appendFlag(b.trees[n.tree].flags, ev.Time, i, ev.Attributes)
		}
	}
	if b.rules.SpanBreadcrumbs && !s.Open && (s.Kind == model.KindClient || s.Kind == model.KindProducer) {
		r.refs = append(r.refs, ref{at: s.EndTime(), node: i, span: s})
	}
}

// isException reports whether a span event is an exception: those are events, not breadcrumbs.
func isException(name string, a model.Attributes) bool {
	if name == "exception" {
		return true
	}
	_, typed := a.Get("exception.type")
	return typed
}

func (b *builder) logBreadcrumb(l *model.Log) {
	if l == nil || !l.EventID.IsZero() { // it is an event
		return
	}
	own := b.unions.find(b.process(l.Resource))
	i, known := b.byID[l.SpanID]
	switch {
	case known && (b.nodes[i].proc == own || !differ(l.Resource, b.nodes[i].span.Resource)):
		n := &b.nodes[i]
		b.addLog(n.ring, &b.trees[n.tree].flags, i, l)
	case !known && !l.SpanID.IsZero():
		if t := b.onlyTree(own); t != none { // R18's rule: else its request is not known (yet)
			b.addLog(b.trees[t].ring, &b.trees[t].flags, none, l)
		}
	default:
		pr := &b.procs[own]
		t, flags := pr.ring, &pr.flags
		if pr.browser && pr.tree != none { // there, both scopes are one
			t, flags = b.trees[pr.tree].ring, &b.trees[pr.tree].flags
		}
		b.addLog(t, flags, none, l)
	}
}

func (b *builder) addLog(ring int32, flags *[]flag, i int32, l *model.Log) {
	b.rings[ring].refs = append(b.rings[ring].refs, ref{at: l.Time, node: i, log: l})
	if l.EventName == flagEvent {
		*flags = appendFlag(*flags, l.Time, i, l.Attributes)
	}
}

// onlyTree returns the isolation scope of a process that has one in this trace for sure, else none.
func (p *Prepared) onlyTree(process int32) int32 {
	pr := &p.procs[process]
	if pr.browser {
		return pr.tree
	}
	if pr.roots != 1 || !p.nodes[pr.sole].final {
		return none
	}
	return p.nodes[pr.sole].tree
}

// sharedBreadcrumbs lets others see the breadcrumbs that came with a Sentry event.
func (b *builder) sharedBreadcrumbs(ev *model.EventRecord) {
	i, known := b.byID[ev.SpanID]
	if ev.Payload == nil || !known {
		return
	}
	decoded, _ := b.decode(ev.Payload)
	r := &b.rings[b.nodes[i].ring]
	for j := range decoded.Breadcrumbs {
		c := &decoded.Breadcrumbs[j]
		if !c.Time.IsZero() {
			r.refs = append(r.refs, ref{at: c.Time, node: i, shared: c, from: ev.EventID, index: j})
		}
	}
}

// compareRefs orders references by time. What was recorded at the same time is ordered by what it says, never by when it
// arrived: the same records give the same list.
func compareRefs(a, b ref) int {
	if c := cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.node, b.node), cmp.Compare(a.kind(), b.kind())); c != 0 {
		return c
	}
	switch {
	case a.log != nil:
		return compareLogs(a.log, b.log)
	case a.event != nil:
		return cmp.Or(cmp.Compare(a.index, b.index), strings.Compare(a.event.Name, b.event.Name),
			bytes.Compare(a.event.Attributes.AppendJSON(nil), b.event.Attributes.AppendJSON(nil)))
	case a.shared != nil:
		return cmp.Or(bytes.Compare(a.from[:], b.from[:]), cmp.Compare(a.index, b.index))
	}
	return compareReports(a.span, b.span)
}

func (r *ref) kind() int {
	switch {
	case r.log != nil:
		return 0
	case r.event != nil:
		return 1
	case r.shared != nil:
		return 2
	}
	return 3
}

// compareLogs orders logs of the same time: by Sentry's tie-breaker, by when they were observed, then by content.
func compareLogs(a, b *model.Log) int {
	const sequence = "sentry.timestamp.sequence"
	x, _ := a.Attributes.Get(sequence)
	y, _ := b.Attributes.Get(sequence)
	if c := cmp.Or(cmp.Compare(x.Int(), y.Int()), cmp.Compare(a.ObservedTime, b.ObservedTime), cmp.Compare(a.SeverityNumber, b.SeverityNumber),
		strings.Compare(a.Message, b.Message), strings.Compare(a.Logger, b.Logger), strings.Compare(a.EventName, b.EventName)); c != 0 {
		return c
	}
	return cmp.Or(bytes.Compare(a.Attributes.AppendJSON(nil), b.Attributes.AppendJSON(nil)), bytes.Compare(a.SpanID[:], b.SpanID[:]))
}

// take returns the newest distinct breadcrumbs of a ring up to a time, oldest first, at most n.
func (g *gatherer) take(r int32, until model.Time, n int) []model.Breadcrumb {
	refs := g.rings[r].refs
	end, _ := slices.BinarySearchFunc(refs, until, func(x ref, t model.Time) int {
		if x.at <= t {
			return -1
		}
		return 1
	})
	if end == 0 {
		return nil
	}
	out := make([]model.Breadcrumb, 0, min(end, n))
	seen := make(map[sameCrumb]bool, min(end, n))
	for i := end - 1; i >= 0 && len(out) < n; i-- {
		if g.own.repeats(&refs[i]) {
			continue
		}
		crumb := g.breadcrumb(&refs[i])
		if key := keyOf(&crumb); !seen[key] {
			seen[key] = true
			crumb.Layer = g.rings[r].layer
			out = append(out, crumb)
		}
	}
	slices.Reverse(out)
	return out
}

// told is what a Sentry event tells by its own breadcrumbs. Its SDK makes them of the same calls and messages that it
// sends as spans and logs; those are not told again.
type told struct {
	calls bool // the SDK makes breadcrumbs of calls
	said  map[string][]model.Time
}

// sameMoment is how far apart the times are that an SDK takes for a log and for the breadcrumb of the same message.
const sameMoment = 10 * model.Time(time.Millisecond)

func toldBy(ev *model.Event) (t told) {
	if ev.Source != model.SourceSentry {
		return t
	}
	t.said = make(map[string][]model.Time, len(ev.Breadcrumbs))
	for i := range ev.Breadcrumbs {
		c := &ev.Breadcrumbs[i]
		t.calls = t.calls || c.Type == "http" || c.Type == "query" || c.Category == "query"
		t.said[c.Message] = append(t.said[c.Message], c.Time)
	}
	return t
}

// repeats reports whether a Sentry SDK recorded r and made a breadcrumb of it too.
func (t *told) repeats(r *ref) bool {
	switch {
	case r.log != nil && r.log.Origin == model.OriginSentry:
		return slices.ContainsFunc(t.said[r.log.Message], func(at model.Time) bool { return max(at-r.at, r.at-at) <= sameMoment })
	case r.span != nil && r.event == nil && r.span.Origin == model.OriginSentry:
		return t.calls
	}
	return false
}

// never is a time that nothing is later than.
const never = model.Time(math.MaxInt64)

// breadcrumb makes the breadcrumb of a reference.
func (p *Prepared) breadcrumb(r *ref) model.Breadcrumb {
	var c model.Breadcrumb
	switch {
	case r.log != nil:
		l := r.log
		c = model.Breadcrumb{Type: "log", Category: cmp.Or(l.Logger, l.EventName), Level: l.Level, Message: l.Message, Data: l.Attributes, Service: l.Service, SpanID: l.SpanID, Source: "log"}
	case r.event != nil:
		c = eventBreadcrumb(r.event)
		c.Service = r.span.Service
	case r.shared != nil:
		c = *r.shared
		c.Source = "event:" + r.from.String()
		c.EventID = r.from
	default:
		c = spanBreadcrumb(r.span)
	}
	c.Time = r.at
	if r.node != none {
		s := p.nodes[r.node].span
		c.SpanID = s.SpanID
		if r.shared == nil {
			c.Source = spanOrigin(s.SpanID)
		}
		if c.Service == "" {
			c.Service = s.Service
		}
	}
	return c
}

// Attributes by which a span event says how its breadcrumb looks. What else it has is the breadcrumb's data.
const (
	BreadcrumbPrefix   = "sentry.breadcrumb."
	BreadcrumbType     = BreadcrumbPrefix + "type"
	BreadcrumbCategory = BreadcrumbPrefix + "category"
	BreadcrumbLevel    = BreadcrumbPrefix + "level"
	BreadcrumbMessage  = BreadcrumbPrefix + "message"
)

// eventBreadcrumb makes a breadcrumb of a span event.
func eventBreadcrumb(ev *model.SpanEvent) model.Breadcrumb {
	a := ev.Attributes
	c := model.Breadcrumb{
		Type: a.Str(BreadcrumbType), Category: cmp.Or(a.Str(BreadcrumbCategory), ev.Name), Level: model.Level(a.Str(BreadcrumbLevel)),
		Message: cmp.Or(a.Str(BreadcrumbMessage), a.Str("message"), ev.Name), Data: a,
	}
	if !slices.ContainsFunc(a, func(at model.Attribute) bool { return strings.HasPrefix(at.Key, BreadcrumbPrefix) }) {
		return c
	}
	c.Data = make(model.Attributes, 0, len(a))
	for _, at := range a {
		if !strings.HasPrefix(at.Key, BreadcrumbPrefix) {
			c.Data = append(c.Data, at)
		}
	}
	return c
}

// spanKinds maps what a client or producer span did to a breadcrumb's type and category, in order of preference.
var spanKinds = []struct{ prefix, crumbType, category string }{
	{"db.", "query", "query"},
	{"messaging.", "message", "messaging"},
	{"rpc.", "http", "rpc"},
	{"http.", "http", "http"},
	{"url.", "http", "http"},
}

// shownOfSpan are the attributes that a breadcrumb of a span shows.
var shownOfSpan = []string{
	"db.operation.name", "db.query.text", "db.statement", "db.system", "db.system.name", "error.type",
	"http.method", "http.request.method", "http.response.status_code", "http.status_code", "http.url",
	"messaging.destination", "messaging.destination.name", "messaging.system", "rpc.method", "rpc.service", "rpc.system",
	"server.address", "url.full",
}

// spanBreadcrumb makes a breadcrumb of a client or producer span that has ended.
func spanBreadcrumb(s *model.Span) model.Breadcrumb {
	c := model.Breadcrumb{Type: "http", Category: "http", Message: s.Name, Service: s.Service}
	if s.Kind == model.KindProducer {
		c.Type, c.Category = "message", "messaging"
	}
	if s.Status == model.StatusError {
		c.Level = model.LevelError
	}
	for _, k := range spanKinds {
		if s.Attributes.HasPrefix(k.prefix) {
			c.Type, c.Category = k.crumbType, k.category
			break
		}
	}
	for _, key := range shownOfSpan { // sorted, so the data are too
		if v, ok := s.Attributes.Get(key); ok {
			c.Data = append(c.Data, model.Attribute{Key: key, Value: v})
		}
	}
	return c
}

// flagEvent is the name of span events and logs that report the evaluation of a feature flag.
const flagEvent = "feature_flag.evaluation"

func appendFlag(flags []flag, at model.Time, node int32, a model.Attributes) []flag {
	name := text(a, "feature_flag.key")
	if name == "" {
		return flags
	}
	for _, key := range []string{"feature_flag.result.value", "feature_flag.result.variant", "feature_flag.variant"} {
		if v, ok := a.Get(key); ok {
			return append(flags, flag{at: at, node: node, name: name, result: v})
		}
	}
	return flags
}

func compareFlags(a, b flag) int {
	return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.node, b.node), strings.Compare(a.name, b.name), strings.Compare(a.result.Text(), b.result.Text()))
}

// flagsContext returns Sentry's context "flags" of the evaluations up to a time: each flag once with its newest result,
// the newest flags last.
func flagsContext(flags []flag, until model.Time) (v model.Value, newest int32, ok bool) {
	end := len(flags)
	for end > 0 && flags[end-1].at > until {
		end--
	}
	if end == 0 {
		return model.Value{}, none, false
	}
	var list []model.Value
	seen := map[string]bool{}
	for i := end - 1; i >= 0 && len(list) < maxFeatureFlags; i-- {
		f := &flags[i]
		if !seen[f.name] {
			seen[f.name] = true
			list = append(list, model.Map(model.Attributes{{Key: "flag", Value: model.String(f.name)}, {Key: "result", Value: f.result}}))
		}
	}
	slices.Reverse(list)
	return model.Map(model.Attributes{{Key: "values", Value: model.List(list)}}), flags[end-1].node, true
}
