package otelscope

import (
	"context"
	"slices"
	"sync"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/log"
	sdklog "go.opentelemetry.io/otel/sdk/log"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/scope"
)

// NewSpanProcessor returns a span processor that writes scopes to the spans that run in them. Register it with
// sdktrace.WithSpanProcessor, in front of the one that exports.
func NewSpanProcessor() sdktrace.SpanProcessor { return &spanProcessor{} }

type spanProcessor struct {
	bound sync.Map // spanKey -> []*Scope
}

type spanKey struct {
	trace trace.TraceID
	span  trace.SpanID
}

func keyOf(sc trace.SpanContext) spanKey { return spanKey{sc.TraceID(), sc.SpanID()} }

// OnStart binds a span to the scopes of its context.
func (p *spanProcessor) OnStart(ctx context.Context, s sdktrace.ReadWriteSpan) {
	st := stateOf(ctx)
	sc, parent := s.SpanContext(), s.Parent()
	var above trace.SpanID
	if !parent.IsRemote() {
		above = parent.SpanID()
	}
	var scopes []*Scope
	bind := func(to *Scope, prefix string, first bool) {
		b := binding{span: s, id: sc.SpanID(), prefix: prefix}
		if !first {
			b.parent = above
		}
		if to.bind(b, first) {
			scopes = append(scopes, to)
		}
	}
	top := !above.IsValid()
	if top {
		bind(global, globalPrefix, true)
	}
	isolated := top || above == st.isolatedIn
	if isolated && st.isolation != initial.isolation {
		s.SetAttributes(attribute.Bool(scope.IsolateKey, true))
	}
	bind(st.isolation, isolationPrefix, isolated)
	bind(st.current, currentPrefix, top || above == st.forkedIn)
	p.bound.Store(keyOf(sc), scopes)
}

// OnEnd releases a span.
func (p *spanProcessor) OnEnd(s sdktrace.ReadOnlySpan) {
	sc := s.SpanContext()
	if scopes, ok := p.bound.LoadAndDelete(keyOf(sc)); ok {
		for _, to := range scopes.([]*Scope) {
			to.release(sc.SpanID())
		}
	}
}

// Shutdown releases all spans.
func (p *spanProcessor) Shutdown(context.Context) error {
	p.bound.Range(func(key, scopes any) bool {
		p.bound.Delete(key)
		for _, to := range scopes.([]*Scope) {
			to.release(key.(spanKey).span)
		}
		return true
	})
	return nil
}

// ForceFlush does nothing: nothing waits here.
func (p *spanProcessor) ForceFlush(context.Context) error { return nil }

// NewLogProcessor returns a log processor that gives records the attributes of their scopes, and the user, where they lack
// them. Register it with sdklog.WithProcessor in front of the one that exports.
func NewLogProcessor() sdklog.Processor { return logProcessor{} }

type logProcessor struct{}

// Enabled reports that all records are welcome.
func (logProcessor) Enabled(context.Context, sdklog.EnabledParameters) bool { return true }

// OnEmit adds what a record lacks. An error that was captured in a span is left as it is: its span has the scopes, and on
// the record their data would pass for the error's own.
func (logProcessor) OnEmit(ctx context.Context, r *sdklog.Record) error {
	if r.InstrumentationScope().Name == ownName && trace.SpanFromContext(ctx).IsRecording() {
		return nil
	}
	attrs := scope.MergeAttributes(scope.Spec, stateOf(ctx).layers(nil, &scope.Layer{Name: model.LayerEvent}))
	if len(attrs) == 0 {
		return nil
	}
	has := make(map[string]bool, r.AttributesLen())
	r.WalkAttributes(func(kv log.KeyValue) bool {
		has[kv.Key] = true
		return true
	})
	lacks := slices.DeleteFunc(attrs, func(a model.Attribute) bool { return has[a.Key] })
	for _, a := range lacks {
		r.AddAttributes(log.KeyValue{Key: a.Key, Value: logValue(a.Value)})
	}
	return nil
}

// Shutdown does nothing: nothing is held.
func (logProcessor) Shutdown(context.Context) error { return nil }

// ForceFlush does nothing: nothing waits here.
func (logProcessor) ForceFlush(context.Context) error { return nil }
