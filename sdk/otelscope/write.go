package otelscope

import (
	"slices"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/scope"
)

// The end of a span is too late to write to it, so that whatever is set on a scope is written at once to the span that
// runs in it. Of spans that run inside one another the outermost is enough: a Collector lets the inner ones inherit.

// The attributes of the three scopes.
const (
	globalPrefix    = scope.ScopePrefix + "global."
	isolationPrefix = scope.ScopePrefix + "isolation."
	currentPrefix   = scope.ScopePrefix + "current."
)

// maxBindings is how many running spans a scope writes to at most. A request has a few; the scopes of a process that
// forks none have all there are.
const maxBindings = 1000

// bind makes s write to a span from now on, and with first, which says that no outer span has it, what s holds already.
// It returns false when s writes to too many spans.
func (s *Scope) bind(b binding, first bool) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if first {
		w := writer{prefix: b.prefix}
		w.all(&s.data)
		if s.capturing {
			w.attrs = append(w.attrs, attribute.Bool(scope.BreadcrumbsKey, true))
		}
		if len(w.attrs) > 0 {
			b.span.SetAttributes(w.attrs...)
		}
	}
	if len(s.spans) >= maxBindings {
		return false
	}
	s.spans = append(s.spans, b)
	return true
}

// release forgets a span that has ended.
func (s *Scope) release(id trace.SpanID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if i := slices.IndexFunc(s.spans, func(b binding) bool { return b.id == id }); i >= 0 {
		s.spans = slices.Delete(s.spans, i, i+1)
	}
}

// topLocked returns the running spans of s that are not inside another one of them.
func (s *Scope) topLocked() []binding {
	running := make(map[trace.SpanID]bool, len(s.spans))
	for _, b := range s.spans {
		running[b.id] = true
	}
	var out []binding
	for _, b := range s.spans {
		if !running[b.parent] {
			out = append(out, b)
		}
	}
	return out
}

// writeLocked writes to the running spans of s. Holding the lock keeps spans and scope in the same order; a span calls
// nothing of ours while it holds its own.
func (s *Scope) writeLocked(write func(w *writer)) {
	for _, b := range s.topLocked() {
		w := writer{prefix: b.prefix}
		write(&w)
		b.span.SetAttributes(w.attrs...)
	}
}

// writer turns scope data into attributes (see translate/scope for their names).
type writer struct {
	prefix string
	attrs  []attribute.KeyValue
}

func (w *writer) text(key, value string) {
	w.attrs = append(w.attrs, attribute.String(w.prefix+key, value))
}

func (w *writer) texts(key string, values []string) {
	w.attrs = append(w.attrs, attribute.StringSlice(w.prefix+key, values))
}

func (w *writer) attribute(key string, v attribute.Value) {
	w.attrs = append(w.attrs, attribute.KeyValue{Key: attribute.Key(w.prefix + key), Value: v})
}

func (w *writer) value(key string, v model.Value) {
	w.attrs = append(w.attrs, keyValue(w.prefix+key, v))
}

// user writes a user over the one before it: an attribute cannot be removed, so a field that is gone is emptied.
func (w *writer) user(before, now scope.User) {
	if now.State == scope.UserUnset {
		return
	}
	for _, f := range before.Fields {
		if _, still := now.Fields.Get(f.Key); !still {
			w.text("user."+f.Key, "")
		}
	}
	w.attrs = append(w.attrs, attribute.Bool(w.prefix+"user", now.State == scope.UserSet))
	for _, f := range now.Fields {
		w.value("user."+f.Key, f.Value)
	}
}

// all writes a whole layer.
func (w *writer) all(l *scope.Layer) {
	for _, a := range l.Tags {
		w.value("tag."+a.Key, a.Value)
	}
	for _, a := range l.Extra {
		w.value("extra."+a.Key, a.Value)
	}
	for _, a := range l.Attributes {
		w.value("attr."+a.Key, a.Value)
	}
	for _, a := range l.Contexts {
		w.value("context."+a.Key, a.Value)
	}
	w.user(scope.User{}, l.User)
	if l.Level != "" {
		w.text("level", string(l.Level))
	}
	if l.Transaction != "" {
		w.text("transaction", l.Transaction)
	}
	if len(l.Fingerprint) > 0 {
		w.texts("fingerprint", l.Fingerprint)
	}
}
