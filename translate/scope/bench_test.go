package scope

import (
	"fmt"
	"testing"

	"github.com/otelcol-spotlight/otelcol-spotlight/internal/testkit"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// cpuTime reports what an operation takes of all processors: wall time lies on a busy machine.
func cpuTime(b *testing.B) (report func()) {
	before := testkit.CPUTime()
	return func() {
		b.ReportMetric(float64((testkit.CPUTime()-before).Microseconds())/float64(b.N), "cpu-us/op")
	}
}

// usualLayers are the layers of the budget: four of ten tags, three contexts each, a hundred breadcrumbs.
func usualLayers() Layers {
	layers := Layers{Type: model.EventError, Time: milli(1000)}
	names := []model.Layer{model.LayerGlobal, model.LayerIsolation, model.LayerCurrent, model.LayerEvent}
	for i, name := range names {
		l := &Layer{Name: name, Origin: "span:00f067aa0ba902b" + fmt.Sprint(i)}
		for k := range 10 {
			l.Tags = append(l.Tags, model.Attribute{Key: fmt.Sprintf("tag.%02d", k*(i+1)), Value: model.String(fmt.Sprint(i, k))})
		}
		for k := range 3 {
			l.Contexts = append(l.Contexts, model.Attribute{Key: fmt.Sprintf("context %d", k+i), Value: model.Map(model.Attributes{{Key: "a", Value: model.Int(int64(k))}})})
		}
		for k := range 25 {
			l.Breadcrumbs = append(l.Breadcrumbs, model.Breadcrumb{Time: milli(float64(4*k + i)), Category: "log", Message: fmt.Sprintf("message %d of layer %d", k, i)})
		}
		l.User = User{State: UserSet, Fields: model.Attributes{{Key: "email", Value: model.String("x@y")}, {Key: "id", Value: model.String("7")}}}
		l.Level, l.Transaction = model.LevelError, "GET /"
		layers.Scopes = append(layers.Scopes, l)
	}
	return layers
}

// The budget is 60 us for Spec.
func BenchmarkMerge(b *testing.B) {
	layers := usualLayers()
	for _, policy := range []Policy{Spec, JS11, Python2, Go0} {
		b.Run("policy="+policy.Name, func(b *testing.B) {
			b.ReportAllocs()
			defer cpuTime(b)()
			for b.Loop() {
				Merge(policy, layers)
			}
		})
	}
	b.Run("policy=spec/provenance=off", func(b *testing.B) {
		layers.NoProvenance = true
		b.ReportAllocs()
		defer cpuTime(b)()
		for b.Loop() {
			Merge(Spec, layers)
		}
	})
}

// usualView is a trace of n spans: requests of a hundred spans each, with a log and attributes in every span.
func usualView(n int) (TraceView, []*model.Event) {
	resource := &model.Resource{Attributes: model.Attributes{
		{Key: "host.name", Value: model.String("h")}, {Key: "os.type", Value: model.String("linux")}, {Key: "service.instance.id", Value: model.String("i")},
		{Key: "service.name", Value: model.String("shop")}, {Key: "service.version", Value: model.String("1")},
	}}
	view := TraceView{TraceID: traceID("t")}
	var events []*model.Event
	for i := range n {
		s := &model.Span{TraceID: view.TraceID}
		s.SpanID = spanID(fmt.Sprint("bench ", i))
		s.Name, s.Kind, s.Status, s.Origin = "span", model.KindInternal, model.StatusUnset, model.OriginOTel
		s.StartTime, s.DurationNS, s.Resource = milli(float64(i)), 50e6, resource
		var attrs model.Attributes
		for k := range 8 {
			attrs = append(attrs, model.Attribute{Key: fmt.Sprint("app.attribute.", k), Value: model.String("value")})
		}
		root := i - i%100
		if i != root {
			s.ParentSpanID = spanID(fmt.Sprint("bench ", max(root, i-1-i%7)))
			s.Flags = hasIsRemote
		} else {
			s.Kind = model.KindServer
			attrs = append(attrs, model.Attribute{Key: "http.request.method", Value: model.String("GET")}, model.Attribute{Key: "user.id", Value: model.String("7")})
		}
		if i%10 == 5 {
			s.Kind = model.KindClient
			attrs = append(attrs, model.Attribute{Key: "sentry.tag.step", Value: model.String("pay")})
		}
		s.Attributes = model.Pack(attrs)
		view.Spans = append(view.Spans, s)
		view.Logs = append(view.Logs, &model.Log{LogSummary: model.LogSummary{Time: s.StartTime + 1, Message: fmt.Sprint("log ", i), SpanID: s.SpanID, TraceID: s.TraceID}, Resource: resource})
		if i%100 == 50 {
			events = append(events, &model.Event{EventSummary: model.EventSummary{
				Type: model.EventError, TraceID: s.TraceID, SpanID: s.SpanID, Level: model.LevelError, Origin: model.OriginOTel, Time: s.StartTime + 10e6,
			}, Source: model.SourceLog, Resource: resource, Attributes: model.Attributes{{Key: "exception.type", Value: model.String("E")}}})
		}
	}
	return view, events
}

func BenchmarkPrepare(b *testing.B) {
	for _, n := range []int{100, 10_000} {
		b.Run(fmt.Sprintf("spans=%d", n), func(b *testing.B) {
			view, _ := usualView(n)
			cfg := DefaultConfig()
			b.ReportAllocs()
			defer cpuTime(b)()
			for b.Loop() {
				Prepare(view, cfg)
			}
		})
	}
}

func BenchmarkEvent(b *testing.B) {
	for _, n := range []int{100, 10_000} {
		b.Run(fmt.Sprintf("spans=%d", n), func(b *testing.B) {
			view, events := usualView(n)
			p := Prepare(view, DefaultConfig())
			b.ReportAllocs()
			defer cpuTime(b)()
			i := 0
			for b.Loop() {
				p.Event(events[i%len(events)], Spec)
				i++
			}
		})
	}
}
