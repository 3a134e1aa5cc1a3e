package otelscope

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/log"
	"go.opentelemetry.io/otel/sdk/instrumentation"
	sdklog "go.opentelemetry.io/otel/sdk/log"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/scope"
)

// app is an application with the processors and the client of this package, and a Collector at the other end.
type app struct {
	t      *testing.T
	spans  *tracetest.SpanRecorder
	logs   *logRecorder
	tracer trace.Tracer
	logger log.Logger
}

func newApp(t *testing.T) *app {
	t.Helper()
	fresh(t)
	a := &app{t: t, spans: tracetest.NewSpanRecorder(), logs: &logRecorder{}}
	tp := sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(NewSpanProcessor()), sdktrace.WithSpanProcessor(a.spans))
	lp := sdklog.NewLoggerProvider(sdklog.WithProcessor(NewLogProcessor()), sdklog.WithProcessor(a.logs))
	t.Cleanup(func() {
		require.NoError(t, tp.Shutdown(context.Background()))
		require.NoError(t, lp.Shutdown(context.Background()))
	})
	a.tracer, a.logger = tp.Tracer("test"), lp.Logger("test")
	Global().SetClient(NewClient(lp))
	return a
}

// log emits a log record.
func (a *app) log(ctx context.Context, message string, attrs ...log.KeyValue) {
	var r log.Record
	r.SetTimestamp(time.Now())
	r.SetBody(log.StringValue(message))
	r.AddAttributes(attrs...)
	a.logger.Emit(ctx, r)
}

type logRecorder struct {
	mu      sync.Mutex
	records []sdklog.Record
}

func (l *logRecorder) Enabled(context.Context, sdklog.EnabledParameters) bool { return true }
func (l *logRecorder) Shutdown(context.Context) error                         { return nil }
func (l *logRecorder) ForceFlush(context.Context) error                       { return nil }
func (l *logRecorder) OnEmit(_ context.Context, r *sdklog.Record) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.records = append(l.records, r.Clone())
	return nil
}

// collect reads what the application sent as the Collector does, and returns its errors by message.
func (a *app) collect() map[string]scope.Result {
	a.t.Helper()
	views := map[model.TraceID]*scope.TraceView{}
	resource := &model.Resource{Attributes: model.Attributes{{Key: "service.instance.id", Value: model.String("test")}}}
	view := func(id model.TraceID) *scope.TraceView {
		if views[id] == nil {
			views[id] = &scope.TraceView{TraceID: id}
		}
		return views[id]
	}
	var events []*model.Event
	add := func(at time.Time, traceID model.TraceID, spanID model.SpanID, source model.EventSource, attrs model.Attributes) {
		events = append(events, &model.Event{EventSummary: model.EventSummary{
			Type: model.EventError, TraceID: traceID, SpanID: spanID, Level: model.LevelError, Time: model.TimeOf(at), Title: attrs.Str("exception.message"),
		}, Source: source, Attributes: attrs, Resource: resource})
	}
	for _, s := range a.spans.Ended() {
		span := &model.Span{TraceID: model.TraceID(s.SpanContext().TraceID())}
		span.SpanID, span.Name = model.SpanID(s.SpanContext().SpanID()), s.Name()
		span.Kind, span.Status, span.Origin, span.Resource = model.KindInternal, model.StatusUnset, model.OriginOTel, resource
		if s.SpanKind() == trace.SpanKindServer {
			span.Kind = model.KindServer
		}
		if s.Parent().IsValid() {
			span.ParentSpanID, span.Flags = model.SpanID(s.Parent().SpanID()), 0x100
		}
		span.StartTime, span.DurationNS = model.TimeOf(s.StartTime()), int64(s.EndTime().Sub(s.StartTime()))
		span.Attributes = model.Pack(modelAttributes(s.Attributes()))
		for _, ev := range s.Events() {
			span.Events = append(span.Events, model.SpanEvent{Name: ev.Name, Time: model.TimeOf(ev.Time), Attributes: modelAttributes(ev.Attributes)})
			if ev.Name == "exception" {
				add(ev.Time, span.TraceID, span.SpanID, model.SourceSpanEvent, span.Events[len(span.Events)-1].Attributes)
			}
		}
		v := view(span.TraceID)
		v.Spans = append(v.Spans, span)
	}
	for _, r := range a.logs.records {
		l := &model.Log{LogSummary: model.LogSummary{
			Time: model.TimeOf(r.Timestamp()), Message: r.Body().String(), TraceID: model.TraceID(r.TraceID()), SpanID: model.SpanID(r.SpanID()),
		}, EventName: r.EventName(), Resource: resource}
		r.WalkAttributes(func(kv log.KeyValue) bool {
			l.Attributes = append(l.Attributes, model.Attribute{Key: kv.Key, Value: modelLogValue(kv.Value)})
			return true
		})
		l.Attributes.Sort()
		if l.EventName == "exception" {
			l.EventID[0] = 1
			if l.SpanID.IsZero() { // else the span has it too
				add(r.Timestamp(), l.TraceID, l.SpanID, model.SourceLog, l.Attributes)
			}
		}
		v := view(l.TraceID)
		v.Logs = append(v.Logs, l)
	}
	out := map[string]scope.Result{}
	for _, ev := range events {
		out[ev.Title] = scope.Materialize(ev, *view(ev.TraceID), scope.DefaultConfig())
	}
	return out
}

func modelAttributes(attrs []attribute.KeyValue) model.Attributes {
	var out model.Attributes
	for _, kv := range attrs {
		out = append(out, model.Attribute{Key: string(kv.Key), Value: valueOf(kv.Value.AsInterface())})
	}
	return out.Sort()
}

func modelLogValue(v log.Value) model.Value {
	switch v.Kind() {
	case log.KindString:
		return model.String(v.AsString())
	case log.KindBool:
		return model.Bool(v.AsBool())
	case log.KindInt64:
		return model.Int(v.AsInt64())
	case log.KindFloat64:
		return model.Double(v.AsFloat64())
	case log.KindSlice:
		var list []model.Value
		for _, e := range v.AsSlice() {
			list = append(list, modelLogValue(e))
		}
		return model.List(list)
	}
	return model.Null()
}

func messages(r scope.Result) []string {
	out := []string{}
	for _, c := range r.Breadcrumbs {
		out = append(out, c.Message)
	}
	return out
}

func (a *app) requireTags(r scope.Result, want map[string]string) {
	a.t.Helper()
	got := map[string]string{}
	for _, tag := range r.Tags {
		got[tag.Key] = tag.Value.Str()
	}
	require.Equal(a.t, want, got)
}

// The scopes of the application are the ones the Collector shows.
func TestCollector_ShowsTheScopesOfTheApplication(t *testing.T) {
	a := newApp(t)
	Global().SetTag("build", "7")

	ctx, iso := Isolate(context.Background())
	ctx, root := a.tracer.Start(ctx, "GET /cart", trace.WithSpanKind(trace.SpanKindServer))
	iso.SetTag("tenant", "a") // while the span runs: written through
	SetUser(ctx, &User{ID: "7", Email: "x@y"})
	SetContext(ctx, "cart", map[string]any{"items": 3, "deep": map[string]any{"k": []int{1}}})
	WithScope(ctx, func(ctx context.Context, s *Scope) {
		s.SetTag("step", "query")
		ctx, span := a.tracer.Start(ctx, "db.query")
		defer span.End()
		s.SetTag("late", "1")
		AddBreadcrumb(ctx, Breadcrumb{Category: "db", Message: "query done!", Data: map[string]any{"rows": 2}})
		CaptureException(ctx, errors.New("in the query"), func(s *Scope) { s.SetLevel(LevelFatal); s.SetTag("only", "here") })
	})
	CaptureException(ctx, errors.New("in the request"))
	root.End()

	got := a.collect()
	inner := got["in the query"]
	a.requireTags(inner, map[string]string{"build": "7", "tenant": "a", "step": "query", "late": "1", "only": "here"})
	require.Equal(t, LevelFatal, inner.Level)
	require.Equal(t, model.LayerGlobal, inner.Provenance["tags.build"].Layer)
	require.Equal(t, model.LayerIsolation, inner.Provenance["tags.tenant"].Layer)
	require.Equal(t, model.LayerCurrent, inner.Provenance["tags.step"].Layer)
	require.Equal(t, model.LayerEvent, inner.Provenance["tags.only"].Layer)

	outer := got["in the request"] // RFC 0120's case: the breadcrumb of the callback is on the error outside
	a.requireTags(outer, map[string]string{"build": "7", "tenant": "a"})
	require.Equal(t, `{"email":"x@y","id":"7"}`, string(outer.User.AppendJSON(nil)))
	require.Equal(t, []string{"query done!"}, messages(outer))
	require.Equal(t, "db", outer.Breadcrumbs[0].Category)
	require.Equal(t, `{"rows":2}`, string(outer.Breadcrumbs[0].Data.AppendJSON(nil)))
	require.Equal(t, model.LayerIsolation, outer.Breadcrumbs[0].Layer)
	cart, _ := outer.Contexts.Get("cart")
	require.Equal(t, `{"deep":{"k":[1]},"items":3}`, string(cart.AppendJSON(nil)))
	require.Equal(t, LevelError, outer.Level)
}

func TestCollector_NestedUnitsOfWork(t *testing.T) {
	a := newApp(t)
	ctx, iso := Isolate(context.Background())
	ctx, root := a.tracer.Start(ctx, "worker")
	iso.SetTag("worker", "1")
	AddBreadcrumb(ctx, Breadcrumb{Message: "batch of 2"})
	for i := range 2 {
		WithIsolationScope(ctx, func(ctx context.Context, iso *Scope) {
			iso.SetUser(&User{ID: fmt.Sprint("user ", i)})
			ctx, span := a.tracer.Start(ctx, "job")
			defer span.End()
			AddBreadcrumb(ctx, Breadcrumb{Message: fmt.Sprint("job ", i)})
			CaptureException(ctx, fmt.Errorf("job %d failed", i))
		})
	}
	CaptureException(ctx, errors.New("worker failed"))
	root.End()
	got := a.collect()
	for i := range 2 {
		r := got[fmt.Sprintf("job %d failed", i)]
		require.Equal(t, fmt.Sprintf(`{"id":"user %d"}`, i), string(r.User.AppendJSON(nil)))
		require.Equal(t, []string{"batch of 2", fmt.Sprint("job ", i)}, messages(r))
		a.requireTags(r, map[string]string{"worker": "1"})
	}
	require.Empty(t, got["worker failed"].User)
	require.Equal(t, []string{"batch of 2"}, messages(got["worker failed"]))
}

func TestCollector_CaptureBreadcrumbsHere(t *testing.T) {
	a := newApp(t)
	ctx, _ := Isolate(context.Background())
	ctx, root := a.tracer.Start(ctx, "worker")
	WithScope(ctx, func(ctx context.Context, s *Scope) {
		s.CaptureBreadcrumbsHere()
		ctx, span := a.tracer.Start(ctx, "job")
		defer span.End()
		WithScope(ctx, func(ctx context.Context, _ *Scope) {
			AddBreadcrumb(ctx, Breadcrumb{Message: "in the job"})
			require.Equal(t, 1, len(Merged(ctx).Breadcrumbs))
		})
		CaptureException(ctx, errors.New("job failed"))
	})
	require.Empty(t, Merged(ctx).Breadcrumbs)
	CaptureException(ctx, errors.New("worker failed"))
	root.End()
	got := a.collect()
	require.Equal(t, []string{"in the job"}, messages(got["job failed"]))
	require.Empty(t, messages(got["worker failed"]))
}

// Where no span of a scope carries it, the event carries it itself.
func TestCollector_ScopesWithoutASpanOfTheirOwn(t *testing.T) {
	a := newApp(t)
	ctx, _ := Isolate(context.Background())
	SetTag(ctx, "tenant", "a")
	SetUser(ctx, &User{ID: "7"})
	CaptureException(ctx, errors.New("no span at all"))

	ctx, root := a.tracer.Start(ctx, "root")
	WithScope(ctx, func(ctx context.Context, s *Scope) {
		s.SetTag("step", "pay")
		s.SetFingerprint("mine")
		CaptureException(ctx, errors.New("forked in the span"))
	})
	WithIsolationScope(ctx, func(ctx context.Context, iso *Scope) {
		iso.SetUser(nil)
		CaptureException(ctx, errors.New("nobody"))
	})
	root.End()
	got := a.collect()
	a.requireTags(got["no span at all"], map[string]string{"tenant": "a"})
	require.Equal(t, `{"id":"7"}`, string(got["no span at all"].User.AppendJSON(nil)))
	a.requireTags(got["forked in the span"], map[string]string{"tenant": "a", "step": "pay"})
	require.Equal(t, []string{"mine"}, got["forked in the span"].Fingerprint)
	require.Empty(t, got["nobody"].User)
}

func TestSpanProcessor_UserThatChanges(t *testing.T) {
	a := newApp(t)
	ctx, _ := Isolate(context.Background())
	ctx, root := a.tracer.Start(ctx, "root")
	SetUser(ctx, &User{ID: "7", Email: "seven@x"})
	SetUser(ctx, nil)
	SetUser(ctx, &User{ID: "8"})
	SetContext(ctx, "cart", map[string]any{"items": 1})
	SetContext(ctx, "cart", nil)
	CaptureException(ctx, errors.New("boom"))
	root.End()
	r := a.collect()["boom"]
	require.Equal(t, `{"id":"8"}`, string(r.User.AppendJSON(nil)), "nothing of the user before")
	_, ok := r.Contexts.Get("cart")
	require.False(t, ok)
}

func TestSpanProcessor_ForgetsSpansThatEnded(t *testing.T) {
	a := newApp(t)
	ctx, iso := Isolate(context.Background())
	ctx, outer := a.tracer.Start(ctx, "outer")
	_, inner := a.tracer.Start(ctx, "inner")
	require.Len(t, iso.spans, 2)
	outer.End()
	iso.SetTag("after", "1") // goes to what still runs
	inner.End()
	require.Empty(t, iso.spans)
	require.Empty(t, global.spans)
	iso.SetTag("too late", "1")
	for _, s := range a.spans.Ended() {
		if s.Name() == "inner" {
			require.Contains(t, s.Attributes(), attribute.String("sentry.scope.isolation.tag.after", "1"))
		}
	}
}

func TestSpanProcessor_ShutdownReleases(t *testing.T) {
	fresh(t)
	p := NewSpanProcessor()
	tp := sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(p))
	_, span := tp.Tracer("test").Start(context.Background(), "never ends")
	require.NotEmpty(t, initial.isolation.spans)
	require.NoError(t, p.ForceFlush(context.Background()))
	require.NoError(t, p.Shutdown(context.Background()))
	require.NoError(t, p.Shutdown(context.Background()))
	require.Empty(t, initial.isolation.spans)
	require.Empty(t, global.spans)
	span.End()
}

func TestLogProcessor_AddsWhatARecordLacks(t *testing.T) {
	a := newApp(t)
	Global().SetAttributes(attribute.String("region", "eu"), attribute.Int("shard", 3), attribute.StringSlice("list", []string{"a"}))
	ctx, _ := Isolate(context.Background())
	SetUser(ctx, &User{ID: "7", Email: "x@y", Username: "ada"})
	a.log(ctx, "hello", log.String("region", "mine"), log.String("user.email", "own@x"))
	require.Len(t, a.logs.records, 1)
	got := map[string]string{}
	a.logs.records[0].WalkAttributes(func(kv log.KeyValue) bool {
		got[kv.Key] = kv.Value.String()
		return true
	})
	require.Equal(t, map[string]string{"region": "mine", "user.email": "own@x", "shard": "3", "list": "[a]", "user.id": "7", "user.name": "ada"}, got)

	a.log(context.Background(), "outside")
	require.Equal(t, 3, a.logs.records[1].AttributesLen(), "the global ones; the user is of the request")
}

// A captured error does not say of itself what its scopes say: a Collector could not tell where it came from.
func TestLogProcessor_LeavesErrorsInASpanToTheSpan(t *testing.T) {
	a := newApp(t)
	Global().SetAttributes(attribute.String("region", "eu"))
	ctx, _ := Isolate(context.Background())
	SetUser(ctx, &User{ID: "7"})
	attrs := func(i int) (keys []string) {
		a.logs.records[i].WalkAttributes(func(kv log.KeyValue) bool {
			keys = append(keys, kv.Key)
			return true
		})
		return keys
	}
	CaptureException(ctx, errors.New("outside"))
	require.Subset(t, attrs(0), []string{"user.id", "region"}, "nothing else carries them")
	ctx, span := a.tracer.Start(ctx, "root")
	CaptureException(ctx, errors.New("inside"))
	span.End()
	require.Equal(t, []string{"exception.type", "exception.message", "exception.stacktrace"}, attrs(1))
}

func TestClient_RecordsOnSpanAndLog(t *testing.T) {
	a := newApp(t)
	ctx, span := a.tracer.Start(context.Background(), "root")
	CaptureException(ctx, fmt.Errorf("outer: %w", errors.New("inner")))
	CaptureException(ctx, nil)
	span.End()
	require.Len(t, a.logs.records, 1)
	r := a.logs.records[0]
	require.Equal(t, "exception", r.EventName())
	require.Equal(t, log.SeverityError, r.Severity())
	require.Equal(t, span.SpanContext().SpanID(), r.SpanID())
	events := a.spans.Ended()[0].Events()
	require.Len(t, events, 1)
	attrs := modelAttributes(events[0].Attributes)
	require.Equal(t, "*fmt.wrapError", attrs.Str("exception.type"))
	require.Equal(t, "outer: inner", attrs.Str("exception.message"))
	require.Contains(t, attrs.Str("exception.stacktrace"), "TestClient_RecordsOnSpanAndLog")
	require.NotContains(t, attrs.Str("exception.stacktrace"), "debug.Stack")
	require.Equal(t, r.Timestamp(), events[0].Time)
	require.Equal(t, instrumentation.Scope{Name: "github.com/otelcol-spotlight/otelcol-spotlight/sdk/otelscope"}, r.InstrumentationScope())
}
