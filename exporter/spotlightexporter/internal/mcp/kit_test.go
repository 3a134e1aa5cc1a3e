package mcp

import (
	"time"

	"github.com/otelcol-spotlight/otelcol-spotlight/exporter/spotlightexporter/internal/live"
	"github.com/otelcol-spotlight/otelcol-spotlight/exporter/spotlightexporter/internal/query"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

const (
	traceText = "aaaaaaaa00000000000000000000000a"
	eventText = "bbbbbbbb00000000000000000000000b"
)

func attrs(pairs ...any) model.Attributes {
	var a model.Attributes
	for i := 0; i < len(pairs); i += 2 {
		v, ok := pairs[i+1].(string)
		value := model.String(v)
		if !ok {
			value = model.Int(int64(pairs[i+1].(int)))
		}
		a = append(a, model.Attribute{Key: pairs[i].(string), Value: value})
	}
	return a.Sort()
}

// filled is a store with a trace of two services, its error (twice) and its logs, and an error of an hour ago.
func filled() *query.Query {
	now := model.TimeOf(time.Now())
	const ms = model.Time(time.Millisecond)
	trace, _ := model.ParseTraceID(traceText)
	event, _ := model.ParseEventID(eventText)
	began := now - 3000*ms
	id := func(n byte) (id model.SpanID) { id[7] = n; return id }
	web := &model.Resource{Attributes: attrs("service.name", "web", "telemetry.sdk.name", "sentry.javascript.browser")}
	api := &model.Resource{Attributes: attrs("service.name", "api", "telemetry.sdk.name", "sentry.javascript.node", "telemetry.sdk.version", "11.12.0")}
	span := func(n, parent byte, r *model.Resource, op, name string, from, took model.Time, a ...any) *model.Span {
		s := &model.Span{TraceID: trace}
		s.SpanID, s.ParentSpanID, s.Name, s.Op, s.Service, s.Origin, s.Status = id(n), id(parent), name, op, r.Attributes[0].Value.Str(), model.OriginSentry, model.StatusOK
		s.StartTime, s.DurationNS, s.Resource, s.Attributes = began+from*ms, int64(took*ms), r, model.Pack(attrs(a...))
		return s
	}
	pay := span(2, 1, api, "http.server", "pay", 10, 80, "http.route", "/pay", "user.token", "sesame")
	pay.Status, pay.StatusMessage = model.StatusError, "declined"
	failure := func(event model.EventID, at model.Time, issue, kind, value, service, culprit, payload string) *model.EventRecord {
		e := &model.EventRecord{Source: model.SourceSentry, Payload: []byte(payload), How: "frames", Resource: api}
		e.EventID, e.IssueID, e.Type, e.Level, e.Title, e.Value, e.Service, e.Culprit, e.Origin, e.Time = event, issue, model.EventError, model.LevelError, kind, value, service, culprit, model.OriginSentry, at
		return e
	}
	at := began + 50*ms
	when := func(before model.Time) string { return (at - before).Std().Format(time.RFC3339Nano) }
	payload := `{"event_id":"` + eventText + `","platform":"node","transaction":"POST /pay","timestamp":"` + when(0) + `",
		"exception":{"values":[
			{"type":"TimeoutError","value":"no answer"},
			{"type":"PaymentError","value":"card declined","mechanism":{"type":"generic","handled":false},"stacktrace":{"frames":[
				{"function":"pad","filename":"node_modules/left-pad/index.js","in_app":false,"lineno":1},
				{"function":"charge","filename":"api/pay.js","in_app":true,"lineno":12,"pre_context":["// before"],"context_line":"charge(card)","post_context":["// after"],"vars":{"attempt":3,"card":{"token":"sesame"}}}]}}]},
		"request":{"method":"POST","url":"http://shop.test/pay?access_token=sesame&page=2","headers":{"cookie":"a=sesame"},"data":"{\"amount\":9,\"password\":\"hunter2\"}"},
		"breadcrumbs":[{"timestamp":"` + when(2000*ms) + `","category":"cart","message":"cart validated","data":{"items":3}}],
		"tags":{"region":"eu"}}`
	yes := false
	newest := failure(event, at, "pay-group", "PaymentError", "card declined", "api", "api/pay.js:12", payload)
	newest.TraceID, newest.SpanID, newest.Handled = trace, id(2), &yes
	second, _ := model.ParseEventID("bbbbbbbc00000000000000000000000b")
	old, _ := model.ParseEventID("cccccccc00000000000000000000000c")
	line := func(at model.Time, level model.Level, text string, a ...any) *model.Log {
		l := &model.Log{Body: model.String(text), Attributes: attrs(a...), Resource: api}
		l.Message, l.Level, l.Service, l.Origin, l.TraceID, l.Time = text, level, "api", model.OriginSentry, trace, at
		return l
	}
	store := live.New(live.Limits{}, time.Now)
	store.Add(&model.Batch{
		Spans: []*model.Span{
			span(1, 0, web, "http.client", "POST /pay", 0, 100), pay,
			span(3, 2, api, "db", "SELECT", 20, 1), span(4, 2, api, "db", "SELECT", 22, 1), span(5, 2, api, "db", "SELECT", 24, 1),
			span(6, 2, api, "db", "SELECT", 26, 1), span(7, 2, api, "db", "SELECT", 28, 1),
		},
		Events: []*model.EventRecord{
			failure(old, now-3_600_000*ms, "old-group", "OldError", "long ago", "cron", "", `{"exception":{"values":[{"type":"OldError","value":"long ago"}]}}`),
			failure(second, at-10*ms, "pay-group", "PaymentError", "card declined", "api", "api/pay.js:12", payload), newest,
		},
		Logs: []*model.Log{line(at-5000*ms, model.LevelInfo, "starting"), line(at-1000*ms, model.LevelWarning, "slow answer password=hunter2", "api_key", "sesame")},
	})
	return query.New(store, query.Options{Version: "1.2.3"})
}
