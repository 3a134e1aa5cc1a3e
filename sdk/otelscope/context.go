package otelscope

import (
	"context"

	"go.opentelemetry.io/otel/trace"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/scope"
)

// state is what a context carries: its scopes, and in which span they were forked.
type state struct {
	current, isolation *Scope
	outer              *state
	// The spans that were active when the scopes were forked. A span that runs in the scopes has one of them, or none, as
	// its parent exactly when it is the first one in there.
	forkedIn, isolatedIn trace.SpanID
}

type stateKey struct{}

var (
	// global is the only scope that is not on a context: it is never inherited and always read as it is now.
	global = &Scope{}
	// initial holds the scopes of a process before any fork.
	initial = &state{current: &Scope{}, isolation: &Scope{}}
)

func stateOf(ctx context.Context) *state {
	if s, ok := ctx.Value(stateKey{}).(*state); ok {
		return s
	}
	return initial
}

func (s *state) in(ctx context.Context) context.Context { return context.WithValue(ctx, stateKey{}, s) }

// active returns the span that is active in a context, zero when there is none of this process.
func active(ctx context.Context) trace.SpanID {
	sc := trace.SpanContextFromContext(ctx)
	if sc.IsRemote() {
		return trace.SpanID{}
	}
	return sc.SpanID()
}

// Global returns the scope of the process: what is set on it belongs to every event.
func Global() *Scope { return global }

// Current returns the scope of the code that runs with ctx. Before any fork it is that of the process.
func Current(ctx context.Context) *Scope { return stateOf(ctx).current }

// Isolation returns the scope of the request or job that ctx belongs to. Before any Isolate it is that of the process.
func Isolation(ctx context.Context) *Scope { return stateOf(ctx).isolation }

// Fork returns a context with a copy of the current scope: what is set on it is not seen outside.
func Fork(ctx context.Context) (context.Context, *Scope) {
	s := stateOf(ctx).current.Clone()
	return Set(ctx, s), s
}

// Isolate returns a context with a copy of the isolation scope, for a new request or job. The current scope is forked too.
func Isolate(ctx context.Context) (context.Context, *Scope) {
	outer := stateOf(ctx)
	at := active(ctx)
	s := &state{current: outer.current.Clone(), isolation: outer.isolation.Clone(), outer: outer, forkedIn: at, isolatedIn: at}
	return s.in(ctx), s.isolation
}

// Set returns a context in which s is the current scope.
func Set(ctx context.Context, s *Scope) context.Context {
	outer := stateOf(ctx)
	return (&state{current: s, isolation: outer.isolation, outer: outer, forkedIn: active(ctx), isolatedIn: outer.isolatedIn}).in(ctx)
}

// WithScope calls f with a fork of the current scope.
func WithScope(ctx context.Context, f func(ctx context.Context, s *Scope)) {
	ctx, s := Fork(ctx)
	f(ctx, s)
}

// WithIsolationScope calls f with forks of the isolation scope and the current scope.
func WithIsolationScope(ctx context.Context, f func(ctx context.Context, iso *Scope)) {
	ctx, iso := Isolate(ctx)
	f(ctx, iso)
}

// SetTag sets a tag on the isolation scope.
func SetTag(ctx context.Context, key, value string) { Isolation(ctx).SetTag(key, value) }

// SetUser sets the user on the isolation scope.
func SetUser(ctx context.Context, u *User) { Isolation(ctx).SetUser(u) }

// SetContext sets a context on the isolation scope.
func SetContext(ctx context.Context, name string, fields map[string]any) {
	Isolation(ctx).SetContext(name, fields)
}

// SetExtra sets an extra on the isolation scope.
func SetExtra(ctx context.Context, key string, value any) { Isolation(ctx).SetExtra(key, value) }

// layers returns the layers that hold for ctx, low to high, and the event's own data on top.
func (s *state) layers(additional, event *scope.Layer) scope.Layers {
	out := []*scope.Layer{global.layer(model.LayerGlobal), s.isolation.layer(model.LayerIsolation)}
	for _, b := range s.capturing() { // their newer breadcrumbs are not in the forks
		if b != s.current && b != s.isolation {
			out = append(out, &scope.Layer{Name: model.LayerCurrent, Breadcrumbs: b.layer("").Breadcrumbs})
		}
	}
	out = append(out, s.current.layer(model.LayerCurrent))
	if additional != nil {
		out = append(out, additional)
	}
	return scope.Layers{Scopes: append(out, event)}
}

// Merged returns what an event that is captured now would get from its scopes.
func Merged(ctx context.Context) scope.Merged {
	return scope.Merge(scope.Spec, stateOf(ctx).layers(nil, &scope.Layer{Name: model.LayerEvent}))
}
