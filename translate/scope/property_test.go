package scope

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

func TestMerge_SpecIsIdempotent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		layers := genLayers(t)
		once := Merge(Spec, layers)
		again := layers
		again.Scopes = slices.Clone(layers.Scopes)
		again.Scopes[len(again.Scopes)-1] = asEvent(&once)
		twice := Merge(Spec, again)
		if a, b := comparable(once), comparable(twice); a != b {
			t.Fatalf("once:  %s\ntwice: %s", a, b)
		}
	})
}

// asEvent turns a result into the event layer of another merge.
func asEvent(m *Merged) *Layer {
	l := &Layer{
		Name: model.LayerEvent, Origin: OriginSDK, Tags: m.Tags, Extra: m.Extra, Contexts: m.Contexts, Attributes: m.Attributes, Level: m.Level,
		Transaction: m.Transaction, Fingerprint: m.Fingerprint, Release: m.Release, Environment: m.Environment, ServerName: m.ServerName,
		Request: m.Request, Breadcrumbs: m.Breadcrumbs, Attachments: m.Attachments, SDKMetadata: m.SDKMetadata,
	}
	switch {
	case len(m.User) > 0:
		l.User = User{State: UserSet, Fields: m.User}
	case m.User != nil:
		l.User.State = UserNull
	}
	return l
}

// comparable writes what was merged, without where it came from.
func comparable(m Merged) string {
	m.Provenance, m.Conflicts = nil, nil
	data, err := json.Marshal(m)
	if err != nil {
		panic(err)
	}
	return string(data)
}

func genLayers(t *rapid.T) Layers {
	all := []model.Layer{
		model.LayerConfig, model.LayerGlobal, model.LayerGlobal, model.LayerIsolation, model.LayerIsolation, model.LayerCurrent,
		model.LayerCurrent, model.LayerAdditional,
	}
	layers := Layers{
		Type:           rapid.SampledFrom([]model.EventType{model.EventError, model.EventTransaction}).Draw(t, "type"),
		Time:           model.Time(rapid.IntRange(0, 30).Draw(t, "time")) * 500_000,
		MaxBreadcrumbs: rapid.IntRange(0, 4).Draw(t, "max"),
	}
	for _, name := range all {
		if rapid.Bool().Draw(t, "has") {
			layers.Scopes = append(layers.Scopes, genLayer(t, name))
		}
	}
	layers.Scopes = append(layers.Scopes, genLayer(t, model.LayerEvent))
	return layers
}

func genLayer(t *rapid.T, name model.Layer) *Layer {
	text := rapid.SampledFrom([]string{"", "a", "b", "c"})
	l := &Layer{
		Name: name, Origin: string(name),
		Tags: genAttributes(t, "tag"), Extra: genAttributes(t, "extra"), Attributes: genAttributes(t, "attr"),
		Level: model.Level(text.Draw(t, "level")), Transaction: text.Draw(t, "transaction"), Release: text.Draw(t, "release"),
	}
	for _, c := range genAttributes(t, "context") {
		if c.Key == "a" {
			c.Key = traceContext
			c.Value = model.Map(model.Attributes{{Key: text.Draw(t, "key"), Value: model.Int(1)}})
			if rapid.Bool().Draw(t, "which") {
				c.Value = model.Map(model.Attributes{{Key: "trace_id", Value: model.String(name2(name))}})
			}
		}
		l.Contexts = append(l.Contexts, c)
	}
	l.Contexts.Sort()
	switch rapid.IntRange(0, 4).Draw(t, "user") {
	case 0:
		l.User.State = UserNull
	case 1, 2, 3:
		l.User.State = UserSet
		if id := text.Draw(t, "id"); id != "" {
			l.User.Fields = append(l.User.Fields, model.Attribute{Key: "id", Value: model.String(id)})
		}
		l.User.Fields = append(l.User.Fields, genAttributes(t, "user")...)
		l.User.Fields.Sort()
	}
	l.Fingerprint = rapid.SliceOfN(text, 0, 2).Draw(t, "fingerprint")
	for range rapid.IntRange(0, 5).Draw(t, "crumbs") {
		l.Breadcrumbs = append(l.Breadcrumbs, model.Breadcrumb{
			Time:    model.Time(rapid.IntRange(0, 40).Draw(t, "at")) * 250_000,
			Message: text.Draw(t, "message"), Category: rapid.SampledFrom([]string{"", "Log", "log"}).Draw(t, "category"),
		})
	}
	for range rapid.IntRange(0, 2).Draw(t, "attachments") {
		l.Attachments = append(l.Attachments, Attachment{Filename: text.Draw(t, "file"), SHA1: text.Draw(t, "sha1")})
	}
	if name == model.LayerEvent { // one report names a file once
		slices.SortFunc(l.Attachments, func(a, b Attachment) int { return strings.Compare(a.Filename+"/"+a.SHA1, b.Filename+"/"+b.SHA1) })
		l.Attachments = slices.Compact(l.Attachments)
	}
	l.SDKMetadata = genAttributes(t, "meta")
	if rapid.Bool().Draw(t, "propagation") {
		l.Propagation = Propagation{TraceID: name2(name), SpanID: text.Draw(t, "span")}
	}
	if text := text.Draw(t, "url"); text != "" {
		l.Request = &model.Request{URL: text}
	}
	return l
}

func name2(name model.Layer) string { return "trace of " + string(name) }

func genAttributes(t *rapid.T, label string) model.Attributes {
	var out model.Attributes
	for _, key := range []string{"a", "b", "c"} {
		switch rapid.IntRange(0, 4).Draw(t, label) {
		case 0:
			out = append(out, model.Attribute{Key: key})
		case 1:
			out = append(out, model.Attribute{Key: key, Value: model.Int(int64(rapid.IntRange(0, 2).Draw(t, label)))})
		case 2:
			out = append(out, model.Attribute{Key: key, Value: model.Map(genAttributes0(t, label))})
		}
	}
	return out
}

func genAttributes0(t *rapid.T, label string) model.Attributes {
	if rapid.Bool().Draw(t, label) {
		return model.Attributes{{Key: "x", Value: model.Int(1)}}
	}
	return model.Attributes{{Key: "y", Value: model.Int(2)}}
}

// TestEvent_OrderDoesNotMatter is invariant I1 on records that no scenario thinks of: spans sent twice, cycles, missing
// parents, times that run backwards, processes that turn out to be one.
func TestEvent_OrderDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		view, events, cfg := genWorld(t)
		want := materializeAll(t, view, events, cfg)
		seed := rapid.Uint64().Draw(t, "seed")
		rng := rand.New(rand.NewPCG(seed, seed))
		for range 3 {
			shuffle(rng, view.Spans)
			shuffle(rng, view.Logs)
			shuffle(rng, view.Events)
			shuffle(rng, view.ProcessLogs)
			shuffle(rng, view.ProcessSpans)
			if got := materializeAll(t, view, events, cfg); got != want {
				t.Fatalf("one order:     %s\nanother order: %s", want, got)
			}
		}
	})
}

func shuffle[T any](rng *rand.Rand, list []T) {
	rng.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
}

// materializeAll writes all events of a view, and checks the bounds that hold whatever comes.
func materializeAll(t *rapid.T, view TraceView, events []*model.Event, cfg Config) string {
	p := Prepare(view, cfg)
	var b strings.Builder
	for _, ev := range events {
		for _, policy := range []Policy{Spec, JS11, Python2, Go0} {
			r := p.Event(ev, policy)
			if n := len(r.Breadcrumbs); policy.Name == "spec" && n > cfg.MaxBreadcrumbs {
				t.Fatalf("%d breadcrumbs, at most %d", n, cfg.MaxBreadcrumbs)
			}
			for _, from := range r.Provenance {
				if len(from.Shadowed) > maxShadowed {
					t.Fatalf("%d shadowed values", len(from.Shadowed))
				}
			}
			data, err := json.Marshal(r)
			if err != nil {
				t.Fatal(err)
			}
			b.Write(data)
			b.WriteByte('\n')
		}
	}
	return b.String()
}

func genWorld(t *rapid.T) (TraceView, []*model.Event, Config) {
	resources := []*model.Resource{
		{Attributes: model.Attributes{{Key: "service.instance.id", Value: model.String("i")}, {Key: "service.name", Value: model.String("shop")}}},
		{Attributes: model.Attributes{{Key: "service.name", Value: model.String("shop")}}},
		{Attributes: model.Attributes{{Key: "service.name", Value: model.String("shop")}, {Key: "telemetry.sdk.name", Value: model.String("sentry.javascript.node")}}},
		{Attributes: model.Attributes{{Key: "browser.language", Value: model.String("de")}, {Key: "service.name", Value: model.String("web")}}},
		nil,
	}
	var ids []model.SpanID
	for i := range 12 {
		ids = append(ids, spanID(fmt.Sprint("world ", i)))
	}
	id := rapid.SampledFrom(ids)
	orNone := rapid.SampledFrom(append([]model.SpanID{{}, {}}, ids...))
	resource := rapid.SampledFrom(resources)
	at := rapid.Custom(func(t *rapid.T) model.Time { return milli(float64(rapid.IntRange(0, 20).Draw(t, "ms"))) })
	text := rapid.SampledFrom([]string{"a", "b", "c"})

	cfg := DefaultConfig()
	cfg.MaxBreadcrumbs = rapid.IntRange(1, 10).Draw(t, "max")
	cfg.ShareSDKBreadcrumbs = rapid.Bool().Draw(t, "share")
	cfg.SendDefaultPII = rapid.Bool().Draw(t, "pii")
	if rapid.Bool().Draw(t, "fork") {
		cfg.NestedServer = NestedServerFork
	}
	if rapid.Bool().Draw(t, "promote") {
		cfg.TraceScope.Promote = []string{"tags.*", "user.*"}
	}
	view := TraceView{TraceID: traceID("t"), Decode: func(payload []byte) (model.Event, []string) {
		return model.Event{
			Tags: model.Attributes{{Key: "a", Value: model.String(string(payload))}}, User: model.Attributes{{Key: "id", Value: model.String(string(payload))}},
			Breadcrumbs: []model.Breadcrumb{{Time: milli(3), Message: string(payload)}, {Time: milli(3), Message: "shared"}},
		}, nil
	}}
	genSpan := func(trace string) *model.Span {
		s := &model.Span{TraceID: traceID(trace)}
		s.SpanID, s.ParentSpanID = id.Draw(t, "id"), orNone.Draw(t, "parent")
		s.Kind = rapid.SampledFrom([]model.SpanKind{model.KindInternal, model.KindInternal, model.KindServer, model.KindClient, model.KindConsumer}).Draw(t, "kind")
		s.Name, s.Origin, s.Status = text.Draw(t, "name"), model.OriginOTel, model.StatusUnset
		s.Flags = rapid.SampledFrom([]uint32{0, hasIsRemote, hasIsRemote, hasIsRemote | isRemote}).Draw(t, "flags")
		s.StartTime, s.DurationNS = at.Draw(t, "start"), int64(rapid.IntRange(0, 9).Draw(t, "duration"))*1e6
		s.Resource, s.Attributes, s.Open = resource.Draw(t, "resource"), model.Pack(genScopeAttributes(t)), rapid.IntRange(0, 9).Draw(t, "open") == 0
		for range rapid.IntRange(0, 2).Draw(t, "events") {
			s.Events = append(s.Events, model.SpanEvent{Name: rapid.SampledFrom([]string{"a", "b", flagEvent}).Draw(t, "event"), Time: at.Draw(t, "at"), Attributes: genScopeAttributes(t)})
		}
		if rapid.IntRange(0, 5).Draw(t, "transaction") == 0 {
			s.Origin, s.EventID, s.Payload = model.OriginSentry, eventID([]byte(text.Draw(t, "event id"))), []byte(text.Draw(t, "payload"))
		}
		return s
	}
	for range rapid.IntRange(0, 14).Draw(t, "spans") {
		view.Spans = append(view.Spans, genSpan("t"))
	}
	for range rapid.IntRange(0, 3).Draw(t, "other spans") {
		view.ProcessSpans = append(view.ProcessSpans, genSpan("u"))
	}
	for range rapid.IntRange(0, 12).Draw(t, "logs") {
		l := &model.Log{LogSummary: model.LogSummary{Time: at.Draw(t, "at"), Message: text.Draw(t, "log"), TraceID: view.TraceID, SpanID: orNone.Draw(t, "span")}, Resource: resource.Draw(t, "resource")}
		l.EventName = rapid.SampledFrom([]string{"", "", flagEvent}).Draw(t, "event")
		l.Attributes = genScopeAttributes(t)
		if l.SpanID.IsZero() && rapid.Bool().Draw(t, "no trace") {
			l.TraceID = model.TraceID{}
			view.ProcessLogs = append(view.ProcessLogs, l)
			continue
		}
		view.Logs = append(view.Logs, l)
	}
	var events []*model.Event
	for i := range rapid.IntRange(1, 4).Draw(t, "errors") {
		ev := &model.Event{EventSummary: model.EventSummary{
			EventID: eventID([]byte(fmt.Sprint(i))), Type: model.EventError, TraceID: view.TraceID, SpanID: orNone.Draw(t, "span"), Level: model.LevelError,
			Time: at.Draw(t, "at"),
		}, Resource: resource.Draw(t, "resource"), Attributes: genScopeAttributes(t)}
		ev.Source = rapid.SampledFrom([]model.EventSource{model.SourceSentry, model.SourceLog, model.SourceSpanEvent}).Draw(t, "source")
		rec := &model.EventRecord{EventSummary: ev.EventSummary, Source: ev.Source, Resource: ev.Resource}
		if ev.Source == model.SourceSentry {
			rec.Payload = []byte(text.Draw(t, "payload"))
			ev.User = model.Attributes{{Key: "id", Value: model.String(text.Draw(t, "user"))}}
		}
		view.Events = append(view.Events, rec)
		events = append(events, ev)
	}
	return view, events, cfg
}

// genScopeAttributes draws attributes that mean something to scopes.
func genScopeAttributes(t *rapid.T) model.Attributes {
	keys := []string{
		"user.id", "user.email", "session.id", "enduser.id", "tenant.id", "sentry.tag.a", "sentry.tag.b", "http.request.method", "http.route",
		"url.full", "client.address", "sentry.scope.isolate", "sentry.scope.breadcrumbs", "sentry.scope.global.tag.a", "sentry.scope.isolation.tag.a",
		"sentry.scope.isolation.user.id", "sentry.scope.current.context.c.k", "sentry.scope.current.level", "sentry.scope.isolation.fingerprint",
		"feature_flag.key", "feature_flag.result.value", "messaging.operation.type", "sentry.is_segment", "sentry.timestamp.sequence", "plain",
	}
	values := []model.Value{model.String("a"), model.String("b"), model.Bool(true), model.Bool(false), model.Int(1), model.String("process"), model.List([]model.Value{model.String("x")}), {}}
	var out model.Attributes
	for range rapid.IntRange(0, 4).Draw(t, "attributes") {
		out = append(out, model.Attribute{Key: rapid.SampledFrom(keys).Draw(t, "key"), Value: rapid.SampledFrom(values).Draw(t, "value")})
	}
	return out.Sort()
}

// TestEvent_Bounds: no load makes a result larger than its bounds, and what was left out is said.
func TestEvent_Bounds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		depth := rapid.IntRange(1, 300).Draw(t, "depth")
		keys := rapid.IntRange(1, 30).Draw(t, "keys")
		field := rapid.SampledFrom([]string{"sentry.tag.%d", "sentry.scope.isolation.tag.%d", "sentry.scope.global.tag.%d", "sentry.scope.current.tag.%d"}).Draw(t, "field")
		distinct := rapid.Bool().Draw(t, "distinct")
		view := TraceView{TraceID: traceID("t")}
		all := map[string]bool{}
		for i := range depth {
			s := &model.Span{TraceID: view.TraceID}
			s.SpanID, s.StartTime, s.Kind = spanID(fmt.Sprint("deep ", i)), milli(float64(i)), model.KindInternal
			if i > 0 {
				s.ParentSpanID = spanID(fmt.Sprint("deep ", i-1))
			}
			var attrs model.Attributes
			for k := range keys {
				n := k
				if distinct {
					n += i * keys
				}
				key := fmt.Sprintf(field, n)
				all[key] = true
				attrs = append(attrs, model.Attribute{Key: key, Value: model.Int(int64(i))})
			}
			s.Attributes = model.Pack(attrs)
			view.Spans = append(view.Spans, s)
		}
		last := view.Spans[depth-1]
		ev := &model.Event{EventSummary: model.EventSummary{TraceID: view.TraceID, SpanID: last.SpanID, Time: milli(1e6)}, Source: model.SourceLog}
		r := Materialize(ev, view, DefaultConfig())
		if len(all) <= maxFieldKeys != !r.Truncated && !strings.Contains(field, "sentry.tag") { // the root's are of another scope
			t.Fatalf("%d tags, truncated: %v", len(all), r.Truncated)
		}
		if n := len(r.Tags); n > 2*maxFieldKeys || !r.Truncated && n != len(all) {
			t.Fatalf("%d of %d tags, truncated: %v", n, len(all), r.Truncated)
		}
		if got, ok := r.Tags.Get(last.Attributes.Unpack()[0].Key[strings.LastIndexByte(field, '.')+1:]); !ok || got.Text() != fmt.Sprint(depth-1) {
			t.Fatalf("the nearest tag is %v", got)
		}
	})
}

func TestEvent_LargeScopeDataIsCut(t *testing.T) {
	s := &model.Span{TraceID: traceID("t")}
	s.SpanID, s.Kind = spanID("large"), model.KindServer
	s.Attributes = model.Pack(model.Attributes{
		{Key: "sentry.tag.a", Value: model.String("small")},
		{Key: "sentry.tag.b", Value: model.String(strings.Repeat("x", maxSpanData))},
		{Key: "sentry.tag.c", Value: model.String("small")},
	})
	view := TraceView{Spans: []*model.Span{s}}
	ev := &model.Event{EventSummary: model.EventSummary{TraceID: s.TraceID, SpanID: s.SpanID}}
	r := Materialize(ev, view, DefaultConfig())
	require.True(t, r.Truncated)
	require.Equal(t, model.Attributes{{Key: "a", Value: model.String("small")}}, r.Tags)
	r.Apply(ev)
	require.True(t, ev.Truncated)
}
