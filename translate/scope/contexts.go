package scope

import "github.com/otelcol-spotlight/otelcol-spotlight/translate/model"

const traceContext = "trace"

// contexts merges contexts by name. The one named trace says where the event happened and is not for scopes to give,
// except where the policy lets them.
func (m *merger) contexts() {
	m.fields(&m.out.Contexts, m.policy.Contexts, "contexts.", func(l *Layer) model.Attributes {
		if m.policy.ScopeTrace || l.Name == model.LayerSpan || l == m.event && hasTraceID(l.Contexts) {
			return l.Contexts
		}
		return withoutTrace(l.Contexts)
	})
	for _, l := range m.eventFirst { // Propagation is the current scope's alone
		if isCurrent(l) && l.Propagation != (Propagation{}) {
			m.out.Propagation = l.Propagation
			break
		}
	}
	p := m.out.Propagation
	if _, ok := m.out.Contexts.Get(traceContext); ok {
		return
	}
	if p.TraceID == "" {
		if own, ok := m.event.Contexts.Get(traceContext); ok { // it does not say which trace, but nobody knows better
			m.out.Contexts = m.out.Contexts.With(traceContext, own)
		}
		return
	}
	trace := make(model.Attributes, 0, 3)
	if p.ParentSpanID != "" {
		trace = append(trace, model.Attribute{Key: "parent_span_id", Value: model.String(p.ParentSpanID)})
	}
	if p.SpanID != "" {
		trace = append(trace, model.Attribute{Key: "span_id", Value: model.String(p.SpanID)})
	}
	trace = append(trace, model.Attribute{Key: "trace_id", Value: model.String(p.TraceID)})
	m.out.Contexts = m.out.Contexts.With(traceContext, model.Map(trace))
}

// hasTraceID reports whether contexts have a trace context that says which trace, or none at all.
func hasTraceID(contexts model.Attributes) bool {
	trace, ok := contexts.Get(traceContext)
	return !ok || trace.Map().Str("trace_id") != ""
}

// withoutTrace returns contexts without the trace context.
func withoutTrace(contexts model.Attributes) model.Attributes {
	for i, c := range contexts {
		if c.Key == traceContext {
			out := make(model.Attributes, 0, len(contexts)-1)
			return append(append(out, contexts[:i]...), contexts[i+1:]...)
		}
	}
	return contexts
}
