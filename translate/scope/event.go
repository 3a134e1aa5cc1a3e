package scope

import (
	"cmp"
	"slices"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// Materialize returns what belongs to one event by the policy Spec. For several events of a trace use Prepare.
func Materialize(ev *model.Event, view TraceView, cfg Config) Result {
	return Prepare(view, cfg).Event(ev, Spec)
}

// Result is what belongs to an event.
type Result struct {
	Merged
	SDK       *model.SDK
	Truncated bool // a bound was hit: something that belongs to the event may be missing
}

// Event returns what belongs to an event (R17). ev is the event as its own report says: the decoded payload of a Sentry
// event, or what the OpenTelemetry record said. It is only read, and must not have been through Apply.
func (p *Prepared) Event(ev *model.Event, policy Policy) Result {
	g := gatherer{Prepared: p, until: never, own: toldBy(ev)}
	if ev.Time != 0 {
		g.until = ev.Time + clockGrain
	}
	g.place(ev)
	resource := ev.Resource
	if g.node != none {
		resource = p.nodes[g.node].span.Resource
		g.upstream()
	}
	g.layers = append(g.layers, p.rules.base, resourceLayer(resource))
	g.global()
	if g.tree != none {
		g.isolation(ev)
	}
	if g.node != none {
		g.current()
		g.layers = append(g.layers, p.spanLayer(g.node))
	}
	g.layers = append(g.layers, p.eventLayer(ev, policy.DefaultLevel == ""))

	policy.OneScope = false // what applications put into several scopes they would have put into the only one
	merged := Merge(policy, Layers{Scopes: g.layers, Type: ev.Type, Time: ev.Time, MaxBreadcrumbs: p.rules.MaxBreadcrumbs})
	if len(g.users) > 0 {
		merged.flagUsers(&g)
	}
	if merged.Level == "" {
		merged.Level = cmp.Or(ev.Level, model.LevelError) // R17
	}
	r := Result{Merged: merged, SDK: ev.SDK, Truncated: g.truncated}
	if r.SDK == nil {
		r.SDK = sdkOf(resource)
	}
	return r
}

// Apply writes the result into an event, which the caller owns.
func (r *Result) Apply(ev *model.Event) {
	ev.Tags = present(r.Tags)
	ev.Extra = present(r.Extra)
	ev.User = present(r.User)
	ev.Contexts = present(r.Contexts)
	ev.Attributes = present(r.Attributes)
	ev.Level = r.Level
	ev.Transaction = r.Transaction
	ev.Fingerprint = r.Fingerprint
	ev.Release = r.Release
	ev.Environment = r.Environment
	ev.ServerName = r.ServerName
	ev.Request = r.Request
	ev.Breadcrumbs = r.Breadcrumbs
	if ev.Breadcrumbs == nil {
		ev.Breadcrumbs = []model.Breadcrumb{}
	}
	ev.SDK = r.SDK
	ev.Provenance = r.Provenance
	ev.Truncated = r.Truncated
}

func present(a model.Attributes) model.Attributes {
	if a == nil {
		return model.Attributes{}
	}
	return a
}

// gatherer collects the layers of one event, low to high.
type gatherer struct {
	*Prepared
	node  int32 // span the event happened in, none if it is not known
	tree  int32 // isolation scope, none if it is not known
	proc  int32 // none if nothing is known of it
	until model.Time
	own   told

	layers    []*Layer
	users     []candidate // whom the request names, when they are several
	views     []treeView  // of the isolation scopes, innermost first
	truncated bool
}

// place finds the span, the isolation scope and the process of an event (R18).
func (g *gatherer) place(ev *model.Event) {
	g.node, g.tree, g.proc = none, none, none
	own, known := g.processOf(ev.Resource)
	if i, ok := g.byID[ev.SpanID]; ok && (ev.TraceID == g.trace || ev.TraceID.IsZero()) {
		n := &g.nodes[i]
		if ev.Source == model.SourceSentry || n.proc == own || !differ(ev.Resource, n.span.Resource) {
			g.node, g.tree, g.proc = i, n.tree, n.proc
			return
		}
	}
	if !known {
		return
	}
	g.proc = own
	if ev.TraceID == g.trace || g.procs[own].browser {
		g.tree = g.onlyTree(own)
	}
}

// processOf finds the process of a resource, without making one.
func (p *Prepared) processOf(r *model.Resource) (id int32, ok bool) {
	id, ok = p.procByKey[processKey(r)]
	if !ok {
		return none, false
	}
	return p.unions.find(id), true
}

// global adds the global scope (R10).
func (g *gatherer) global() {
	if g.proc == none {
		return
	}
	pr := &g.procs[g.proc]
	start := len(g.layers)
	for _, d := range pr.globals {
		g.layers = append(g.layers, d.global)
		g.truncated = g.truncated || d.truncated
	}
	g.compact(start)
	g.takeFrom(model.LayerGlobal, pr.ring, g.until)
	g.takeFlags(model.LayerGlobal, pr.flags, g.until)
}

// takeFrom adds a layer with the breadcrumbs of a ring.
func (g *gatherer) takeFrom(name model.Layer, ring int32, until model.Time) {
	if crumbs := g.take(ring, until, g.rules.MaxBreadcrumbs); len(crumbs) > 0 {
		g.layers = append(g.layers, &Layer{Name: name, Breadcrumbs: crumbs})
	}
}

func (g *gatherer) takeFlags(name model.Layer, flags []flag, until model.Time) {
	v, newest, ok := flagsContext(flags, until)
	if !ok {
		return
	}
	origin := "log"
	if newest != none {
		origin = spanOrigin(g.nodes[newest].span.SpanID)
	}
	g.layers = append(g.layers, &Layer{Name: name, Origin: origin, Contexts: model.Attributes{{Key: "flags", Value: v}}})
}

// current adds the current scopes: what the spans from the top of the process down to the event's say (R13). Roots say
// it to their isolation scope, except where they name the current one.
func (g *gatherer) current() {
	start := len(g.layers)
	rings := []int32{}
	if s := g.nodes[g.node].scope; s != none {
		for i := s; i != none; { // every breadcrumbs scope that encloses the event (R15)
			rings = append(rings, g.nodes[i].ring)
			if i = g.nodes[i].local; i != none {
				i = g.nodes[i].scope
			}
		}
	}
	i := g.node
	if g.nodes[i].data == nil {
		i = g.nodes[i].up
	}
	for ; i != none; i = g.nodes[i].up {
		n := &g.nodes[i]
		d := n.data
		g.truncated = g.truncated || d.truncated
		if d.current != nil { // walking inside out: the list is turned round below
			g.layers = append(g.layers, d.current)
		}
		if n.root {
			continue
		}
		if d.plain != nil {
			g.layers = append(g.layers, d.plain)
		}
		if l := g.ownUser(i); l != nil {
			g.layers = append(g.layers, l)
		}
	}
	slices.Reverse(g.layers[start:])
	g.compact(start)
	for _, r := range slices.Backward(rings) {
		g.takeFrom(g.rings[r].layer, r, g.until)
	}
}

// ownUser returns the user and the session a span names and that did not become its request's.
func (g *gatherer) ownUser(i int32) *Layer {
	n := &g.nodes[i]
	d := n.data
	user, session := d.user, !d.session.IsNull()
	for k := range g.views {
		if v := &g.views[k]; v.tree == n.tree && v.sees(n.span) {
			if v.user {
				user = nil
			}
			session = session && !v.session
		}
	}
	return userLayer(model.LayerCurrent, d.origin, user, session, d.session)
}

// userLayer returns a layer with a user and a session, nil when there is neither.
func userLayer(name model.Layer, origin string, user model.Attributes, hasSession bool, session model.Value) *Layer {
	if user == nil && !hasSession {
		return nil
	}
	l := &Layer{Name: name, Origin: origin}
	if user != nil {
		l.User = User{State: UserSet, Fields: user}
	}
	if hasSession {
		l.Contexts = model.Attributes{{Key: "session", Value: model.Map(model.Attributes{{Key: "id", Value: session}})}}
	}
	return l
}

// spanLayer returns what the event's own span says to its events alone: tags of listed attributes, and the trace context.
func (p *Prepared) spanLayer(i int32) *Layer {
	n := &p.nodes[i]
	s := n.span
	l := &Layer{Name: model.LayerSpan, Origin: n.origin()}
	attrs := s.Attributes.Unpack()
	l.Tags = p.rules.tagsOf(attrs)

	var trace model.Attributes
	add := func(key, value string) {
		if value != "" {
			trace = append(trace, model.Attribute{Key: key, Value: model.String(value)})
		}
	}
	if data := operationData(attrs); len(data) > 0 {
		trace = append(trace, model.Attribute{Key: "data", Value: model.Map(data)})
	}
	add("op", s.Op)
	add("origin", text(attrs, "sentry.origin"))
	add("parent_span_id", s.ParentSpanID.String())
	add("span_id", s.SpanID.String())
	if s.Status != model.StatusUnset {
		add("status", s.Status.String())
	}
	add("trace_id", s.TraceID.String())
	l.Contexts = model.Attributes{{Key: traceContext, Value: model.Map(trace)}}
	return l
}

// tagsOf returns the tags that attributes become by configuration.
func (r *rules) tagsOf(attrs model.Attributes) model.Attributes {
	var out model.Attributes
	for _, a := range attrs {
		if r.tagged[a.Key] {
			out = append(out, model.Attribute{Key: a.Key, Value: tagValue(a.Value)})
		}
	}
	return out
}

// operationData returns the attributes that describe the operation: all but those that are there for the scopes alone, and
// the exception, which an event shows elsewhere.
func operationData(attrs model.Attributes) model.Attributes {
	shownElsewhere := func(a model.Attribute) bool {
		switch a.Key {
		case "exception.type", "exception.message", "exception.stacktrace":
			return true
		}
		k := classify(a.Key, &noRules)
		return k == scopeData || k == tagData
	}
	if !slices.ContainsFunc(attrs, shownElsewhere) {
		return attrs
	}
	return slices.DeleteFunc(slices.Clone(attrs), shownElsewhere)
}

var noRules rules

// eventLayer returns the event's own data. What a Sentry SDK sent has been through its own scopes (R18). Of an
// OpenTelemetry record its own attributes speak; release, environment and the like are its resource's.
// With scopeLevel, a level that nobody chose yields to a scope's.
func (p *Prepared) eventLayer(ev *model.Event, scopeLevel bool) *Layer {
	l := &Layer{
		Name: model.LayerEvent, Origin: OriginSDK,
		Tags: ev.Tags, Extra: ev.Extra, Contexts: ev.Contexts, Attributes: ev.Attributes, Level: ev.Level, Transaction: ev.Transaction,
		Fingerprint: ev.Fingerprint, Request: ev.Request, Breadcrumbs: ev.Breadcrumbs,
	}
	if len(ev.User) > 0 {
		l.User = User{State: UserSet, Fields: ev.User}
	}
	if ev.Source == model.SourceSentry || ev.Source == "" && ev.Origin == model.OriginSentry {
		l.Release, l.Environment, l.ServerName = ev.Release, ev.Environment, ev.ServerName
		return l
	}
	if l.Origin = "log"; !ev.SpanID.IsZero() {
		l.Origin = spanOrigin(ev.SpanID)
	}
	if ev.Source == model.SourceSpanEvent && scopeLevel {
		l.Level = "" // span events have no severity
	}
	if s := ev.Scope; s != nil && s.Name != "" {
		scope := model.Attributes{{Key: "name", Value: model.String(s.Name)}}
		if s.Version != "" {
			scope = append(scope, model.Attribute{Key: "version", Value: model.String(s.Version)})
		}
		l.Contexts = mergeDepth(model.Attributes{{Key: "otel", Value: model.Map(model.Attributes{{Key: "scope", Value: model.Map(scope)}})}}, l.Contexts, 1)
	}
	l.Attributes = operationData(ev.Attributes)
	l.ownWords(p.rules, ev.Attributes)
	return l
}

// ownWords adds what the attributes of an OpenTelemetry record say to its own data. There, the current scope is what was
// said for this event alone (captureContext).
func (l *Layer) ownWords(r *rules, attrs model.Attributes) {
	l.Tags = mergeDepth(r.tagsOf(attrs), l.Tags, 1)
	d := readSpanData(attrs.All(), func() string { return l.Origin }, &noRules)
	if d == nil {
		return
	}
	if l.User.State == UserUnset && d.user != nil {
		l.User = User{State: UserSet, Fields: d.user}
	}
	if d.plain != nil {
		l.Tags = mergeDepth(l.Tags, d.plain.Tags, 1)
	}
	own := d.current
	if own == nil {
		return
	}
	l.Tags = mergeDepth(l.Tags, own.Tags, 1)
	l.Extra = mergeDepth(l.Extra, own.Extra, 1)
	l.Contexts = mergeDepth(l.Contexts, own.Contexts, 1)
	l.Attributes = mergeDepth(l.Attributes, own.Attributes, 1)
	if own.User.State != UserUnset {
		l.User = own.User
	}
	l.Level = cmp.Or(own.Level, l.Level)
	l.Transaction = cmp.Or(own.Transaction, l.Transaction)
	if own.Fingerprint != nil {
		l.Fingerprint = own.Fingerprint
	}
}
