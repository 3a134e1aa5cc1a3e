package otelscope

import (
	"context"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/scope"
)

// Breadcrumb is something that happened, to be shown with an error that happens later.
type Breadcrumb struct {
	Time     time.Time // zero: now
	Type     string    // default, http, navigation, query, ui, ...
	Category string    // who says so: a logger, a library
	Message  string
	Level    Level
	Data     map[string]any
}

// maxBreadcrumbs is how many breadcrumbs a scope keeps, the newest ones, as in Sentry's SDKs.
const maxBreadcrumbs = scope.DefaultMaxBreadcrumbs

// AddBreadcrumb adds a breadcrumb where events of this request see it (RFC 0120): to the nearest enclosing scope that
// captures breadcrumbs, else to the isolation scope. The span that is active, if any, records it as an event.
func AddBreadcrumb(ctx context.Context, b Breadcrumb) {
	st := stateOf(ctx)
	to := st.isolation
	if c := st.capturing(); len(c) > 0 {
		to = c[0]
	}
	to.addBreadcrumb(b, trace.SpanFromContext(ctx))
}

// AddBreadcrumb adds a breadcrumb to this scope alone. A span that runs in the scope records it as an event.
func (s *Scope) AddBreadcrumb(b Breadcrumb) { s.addBreadcrumb(b, nil) }

// CaptureBreadcrumbsHere makes this scope keep the breadcrumbs that are added in it and in its forks, instead of the
// isolation scope: errors outside do not show them (RFC 0120).
func (s *Scope) CaptureBreadcrumbsHere() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.capturing = true
	s.writeLocked(func(w *writer) { w.attrs = append(w.attrs, attribute.Bool(scope.BreadcrumbsKey, true)) })
}

// capturing returns the scopes that capture breadcrumbs of a state, the innermost first.
func (s *state) capturing() []*Scope {
	var out []*Scope
	for ; s != nil; s = s.outer {
		if c := s.current; c.captures() && (len(out) == 0 || out[len(out)-1] != c) {
			out = append(out, c)
		}
	}
	return out
}

func (s *Scope) captures() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.capturing
}

func (s *Scope) addBreadcrumb(b Breadcrumb, span trace.Span) {
	if b.Time.IsZero() {
		b.Time = time.Now()
	}
	crumb := model.Breadcrumb{Time: model.TimeOf(b.Time), Type: b.Type, Category: b.Category, Message: b.Message, Level: b.Level}
	if len(b.Data) > 0 {
		crumb.Data = valueOf(b.Data).Map()
	}
	s.mu.Lock()
	s.data.Breadcrumbs = append(s.data.Breadcrumbs, crumb)
	if over := len(s.data.Breadcrumbs) - maxBreadcrumbs; over > 0 {
		s.data.Breadcrumbs = s.data.Breadcrumbs[over:]
	}
	if span == nil || !span.IsRecording() {
		if top := s.topLocked(); len(top) > 0 {
			span = top[0].span
		}
	}
	s.mu.Unlock()
	if span != nil && span.IsRecording() {
		span.AddEvent("breadcrumb", trace.WithTimestamp(b.Time), trace.WithAttributes(breadcrumbAttributes(&crumb)...))
	}
}

// breadcrumbAttributes are the attributes by which a Collector reads the breadcrumb of a span event.
func breadcrumbAttributes(c *model.Breadcrumb) []attribute.KeyValue {
	out := make([]attribute.KeyValue, 0, 4+len(c.Data))
	for _, f := range [...]struct{ key, value string }{
		{scope.BreadcrumbMessage, c.Message}, {scope.BreadcrumbCategory, c.Category}, {scope.BreadcrumbType, c.Type}, {scope.BreadcrumbLevel, string(c.Level)},
	} {
		if f.value != "" {
			out = append(out, attribute.String(f.key, f.value))
		}
	}
	for _, d := range c.Data {
		out = append(out, keyValue(d.Key, d.Value))
	}
	return out
}
