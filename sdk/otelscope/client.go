package otelscope

import (
	"context"
	"reflect"
	"runtime/debug"
	"strings"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/log"
	logglobal "go.opentelemetry.io/otel/log/global"
	"go.opentelemetry.io/otel/trace"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/scope"
)

// Client gets what is captured. It must be safe for concurrent use, and keep nothing of an event it would change.
type Client interface {
	Capture(ctx context.Context, ev *Event)
}

// Event is an error that was captured, with what its scopes give it.
type Event struct {
	Err   error
	Time  time.Time
	Stack string // of the goroutine that captured it, as the runtime writes it
	scope.Merged

	// own is the part of Merged that spans do not carry: a Collector would not find it.
	own *scope.Layer
}

// Noop is the client of those who have none: it does nothing.
type Noop struct{}

// Capture does nothing.
func (Noop) Capture(context.Context, *Event) {}

// ClientFor returns the client for ctx: the current scope's, else the isolation scope's, else the global one, else Noop.
func ClientFor(ctx context.Context) Client {
	st := stateOf(ctx)
	for _, s := range []*Scope{st.current, st.isolation, global} {
		s.mu.Lock()
		c := s.client
		s.mu.Unlock()
		if c != nil {
			return c
		}
	}
	return Noop{}
}

// CaptureException hands an error to the client of ctx. What the functions in with set belongs to this event alone.
func CaptureException(ctx context.Context, err error, with ...func(s *Scope)) {
	if err == nil {
		return
	}
	client := ClientFor(ctx)
	if _, nobody := client.(Noop); nobody {
		return
	}
	var additional *scope.Layer
	if len(with) > 0 {
		s := &Scope{}
		for _, f := range with {
			f(s)
		}
		additional = s.layer(model.LayerAdditional)
	}
	st := stateOf(ctx)
	layers := st.layers(additional, &scope.Layer{Name: model.LayerEvent})
	ev := &Event{Err: err, Time: time.Now(), Stack: stack(), Merged: scope.Merge(scope.Spec, layers)}
	if ev.Level == "" {
		ev.Level = LevelError
	}
	ev.own = st.notOnSpans(ctx, additional)
	client.Capture(ctx, ev)
}

// notOnSpans returns what no span carries: the data of scopes that were forked in the active span, and all of it when no
// span records.
func (s *state) notOnSpans(ctx context.Context, additional *scope.Layer) *scope.Layer {
	span := trace.SpanFromContext(ctx)
	at := active(ctx)
	var layers []*scope.Layer
	if !span.IsRecording() {
		layers = append(layers, global.layer(model.LayerGlobal))
	}
	if !span.IsRecording() || at == s.isolatedIn {
		layers = append(layers, s.isolation.layer(model.LayerIsolation))
	}
	if !span.IsRecording() || at == s.forkedIn {
		layers = append(layers, s.current.layer(model.LayerCurrent))
	}
	if additional != nil {
		layers = append(layers, additional)
	}
	if len(layers) == 0 {
		return nil
	}
	m := scope.Merge(scope.Spec, scope.Layers{Scopes: layers, NoProvenance: true})
	own := &scope.Layer{
		Tags: m.Tags, Extra: m.Extra, Contexts: m.Contexts, Attributes: m.Attributes, Level: m.Level, Transaction: m.Transaction, Fingerprint: m.Fingerprint,
	}
	switch {
	case len(m.User) > 0:
		own.User = scope.User{State: scope.UserSet, Fields: m.User}
	case m.User != nil:
		own.User.State = scope.UserNull
	}
	return own
}

const ownName = "github.com/otelcol-spotlight/otelcol-spotlight/sdk/otelscope"

// NewClient returns the client that records errors with OpenTelemetry: as an exception event on the active span, and as a
// log record. A Collector shows both as one. A nil provider means the global one (go.opentelemetry.io/otel/log/global).
func NewClient(provider log.LoggerProvider) Client {
	if provider == nil {
		provider = logglobal.GetLoggerProvider()
	}
	return &otelClient{logger: provider.Logger(ownName)}
}

type otelClient struct{ logger log.Logger }

// Capture records an error.
func (c *otelClient) Capture(ctx context.Context, ev *Event) {
	attrs := []attribute.KeyValue{
		attribute.String("exception.type", typeName(ev.Err)),
		attribute.String("exception.message", ev.Err.Error()),
		attribute.String("exception.stacktrace", ev.Stack),
	}
	if ev.own != nil {
		w := writer{prefix: currentPrefix, attrs: attrs}
		w.all(ev.own)
		attrs = w.attrs
	}
	if span := trace.SpanFromContext(ctx); span.IsRecording() {
		span.AddEvent("exception", trace.WithTimestamp(ev.Time), trace.WithAttributes(attrs...))
	}
	var r log.Record
	r.SetTimestamp(ev.Time)
	r.SetEventName("exception")
	r.SetSeverity(severityOf(ev.Level))
	r.SetSeverityText(string(ev.Level))
	r.SetBody(log.StringValue(ev.Err.Error()))
	for _, kv := range attrs {
		r.AddAttributes(log.KeyValueFromAttribute(kv))
	}
	c.logger.Emit(ctx, r)
}

// typeName names the type of an error as the OpenTelemetry SDK does (Span.RecordError).
func typeName(err error) string {
	t := reflect.TypeOf(err)
	if t.PkgPath() == "" && t.Name() == "" {
		return t.String() // a pointer
	}
	return t.PkgPath() + "." + t.Name()
}

func severityOf(level Level) log.Severity {
	switch level {
	case model.LevelTrace:
		return log.SeverityTrace
	case LevelDebug:
		return log.SeverityDebug
	case LevelInfo:
		return log.SeverityInfo
	case LevelWarning:
		return log.SeverityWarn
	case LevelFatal:
		return log.SeverityFatal
	}
	return log.SeverityError
}

// stack returns the stack of the caller of CaptureException, as the runtime writes it: a line with the goroutine, then two
// lines for each call. Ours are left out.
func stack() string {
	lines := strings.SplitAfter(string(debug.Stack()), "\n")
	first := 1
	for first+1 < len(lines) && (strings.HasPrefix(lines[first], "runtime/debug.Stack(") || strings.HasPrefix(lines[first], ownName+".stack(") ||
		strings.HasPrefix(lines[first], ownName+".CaptureException(")) {
		first += 2
	}
	return lines[0] + strings.Join(lines[first:], "")
}
