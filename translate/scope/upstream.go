package scope

import (
	"slices"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// upstream adds what flows here from the processes that called this one: nothing, unless trace_scope::promote lists it.
// What is nearer hides what is farther, and all of it stands below everything this process says.
func (g *gatherer) upstream() {
	if g.rules.promoted.empty() {
		return
	}
	var callers []int32
	for i := g.node; len(callers) < maxUpstreamHops; {
		for g.nodes[i].local != none {
			i = g.nodes[i].local
		}
		if i = g.nodes[i].caller; i == none {
			break
		}
		callers = append(callers, i)
	}
	for _, i := range slices.Backward(callers) {
		if l := g.promoted(i); !empty(l) {
			g.layers = append(g.layers, l)
		}
	}
}

// promoted returns what a span hands on to the process it calls.
func (p *Prepared) promoted(i int32) *Layer {
	n := &p.nodes[i]
	h := gatherer{Prepared: p, node: i, tree: n.tree, proc: n.proc, until: 0} // until 0: breadcrumbs never flow
	h.layers = append(h.layers, resourceLayer(n.span.Resource))
	h.global()
	h.isolation(&model.Event{})
	h.current()
	m := Merge(Spec, Layers{Scopes: h.layers, NoProvenance: true})

	l := &Layer{Name: model.LayerUpstream, Origin: "upstream(" + n.span.Service + ")"}
	l.Tags = p.listed("tags.", m.Tags)
	l.Extra = p.listed("extra.", m.Extra)
	l.Contexts = p.listed("contexts.", withoutTrace(m.Contexts))
	l.Attributes = p.listed("attributes.", m.Attributes)
	if user := p.listed("user.", m.User); user != nil {
		l.User = User{State: UserSet, Fields: user}
	}
	return l
}

// listed returns the attributes that trace_scope::promote lists.
func (p *Prepared) listed(prefix string, attrs model.Attributes) model.Attributes {
	var out model.Attributes
	for _, a := range attrs {
		if p.rules.promoted.match(prefix + a.Key) {
			out = append(out, a)
		}
	}
	return out
}
