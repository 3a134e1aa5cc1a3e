package query

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/otelcol-spotlight/otelcol-spotlight/exporter/spotlightexporter/internal/live"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/tracetree"
)

// The findings: a code for programs, what was seen, and what to do.
const (
	FindNoDSN         = "no_dsn"
	FindNoSpans       = "no_spans"
	FindSampled       = "sampled"
	FindNoServiceName = "no_service_name"
	FindSameName      = "same_name"
	FindDropped       = "dropped_by_sdk"
	FindNotPropagated = "not_propagated"
	FindClock         = "clock"
)

// Bounds of looking for findings in traces.
const (
	maxFindTraces = 200    // the newest ones that are looked at
	maxFindSpans  = 2000   // of one trace; a larger one is left out
	maxFindTrees  = 20_000 // spans of all traces whose clocks are looked at
	maxFindEvents = 500    // the newest ones that are looked at
	minEvidence   = 2      // calls without their other side that make a finding: one may be on its way
	minClock      = model.Time(5 * time.Millisecond)
)

// find looks for what is to be mended of each process.
func (q *Query) find(snaps []*live.ServiceSnapshot) map[string][]model.Finding {
	found := map[string][]model.Finding{}
	add := func(sv *live.ServiceSnapshot, code, text, fix string) {
		found[sv.ID] = append(found[sv.ID], model.Finding{Code: code, Text: text, Fix: fix})
	}
	byName := map[string][]*live.ServiceSnapshot{}
	for _, sv := range snaps {
		byName[sv.Service.Service] = append(byName[sv.Service.Service], sv)
	}
	for _, sv := range snaps {
		sentry := sv.Origin == model.OriginSentry
		if sentry && !sv.Facts.DSN {
			add(sv, FindNoDSN, "DSN not set: data stays local", "Set dsn when you want to send to production; Spotlight works without")
		}
		if sv.Facts.Errors > 0 && !(sentry && sv.SDK.Name == "") && !anySpans(byName[sv.Service.Service]) && !q.tracedByOther(sv) {
			add(sv, FindNoSpans, "Errors arrive, but no spans", howToTrace(sv))
		}
		if r := sv.SampleRate; r != nil && *r < 1 {
			add(sv, FindSampled, fmt.Sprintf("Sampling %.3g: %s", *r, missingShare(*r)), howToSample(sentry))
		} else if n := sv.Dropped["sample_rate transaction"]; r == nil && n > 0 {
			add(sv, FindSampled, fmt.Sprintf("Sampling: %d traces were left out by the SDK", n), howToSample(sentry))
		}
		switch {
		case !sentry && (sv.Resource == nil || noName(sv.Resource.Attributes.Str("service.name"))):
			add(sv, FindNoServiceName, "No service name", "Set OTEL_SERVICE_NAME, or service.name in the SDK's resource")
		case sentry && sv.Facts.NameSource == "sdk" && !onlyReports(sv):
			add(sv, FindNoServiceName, "No service name: it is called after its SDK", "Set release to name@version, or name the project in the receiver's configuration (projects)")
		}
		if other := namesake(sv, byName[sv.Service.Service]); other != nil {
			add(sv, FindSameName, fmt.Sprintf("Two services are called %s: this one (%s) and one with %s", sv.Service.Service, describe(sv), describe(other)),
				"Give each a name of its own: OTEL_SERVICE_NAME, or the part of release before the @")
		}
		if text := dropped(sv.Dropped); text != "" {
			add(sv, FindDropped, "The SDK dropped data: "+text, "See the SDK's debug output; network_error means that the DSN's server was not reached")
		}
	}
	q.findInTraces(snaps, add)
	for id := range found {
		slices.SortStableFunc(found[id], func(a, b model.Finding) int { return strings.Compare(a.Code+a.Text, b.Code+b.Text) })
	}
	return found
}

func anySpans(list []*live.ServiceSnapshot) bool {
	return slices.ContainsFunc(list, func(sv *live.ServiceSnapshot) bool { return sv.Facts.Spans > 0 })
}

// tracedByOther reports whether the errors of a process happened in spans that another SDK of it recorded, under another
// name perhaps: a span id that somebody made up for an error without a span is not that of a span.
func (q *Query) tracedByOther(sv *live.ServiceSnapshot) bool {
	rows, _ := q.store.Events(0, maxFindEvents)
	for _, row := range rows {
		rec := row.Rec
		if rec.Service != sv.Service.Service || rec.Origin != sv.Origin || rec.SpanID.IsZero() {
			continue
		}
		if snap, ok := q.store.Trace(rec.TraceID); ok && slices.ContainsFunc(snap.Spans, func(s *model.Span) bool { return s.SpanID == rec.SpanID }) {
			return true
		}
	}
	return false
}

// onlyReports reports whether nothing but reports of the SDK on itself came from a process: they never have a name.
func onlyReports(sv *live.ServiceSnapshot) bool {
	return len(sv.Counts) == 1 && sv.Counts["client_report"] > 0
}

func noName(name string) bool { return name == "" || strings.HasPrefix(name, "unknown_service") }

func howToTrace(sv *live.ServiceSnapshot) string {
	switch {
	case sv.Origin != model.OriginSentry:
		return "Set up a tracer provider with an OTLP exporter (OTEL_TRACES_EXPORTER=otlp)"
	case strings.HasPrefix(sv.SDK.Name, "raven"):
		return "Replace Raven, which knows no spans, by today's Sentry SDK"
	case sv.Facts.Browser:
		return "Add Sentry.browserTracingIntegration() and tracesSampleRate: 1.0 to Sentry.init"
	case strings.HasPrefix(sv.SDK.Name, "sentry.python"):
		return "Set traces_sample_rate=1.0 in sentry_sdk.init"
	case strings.HasPrefix(sv.SDK.Name, "sentry.go"):
		return "Set EnableTracing: true and TracesSampleRate: 1.0 in sentry.ClientOptions"
	case strings.HasPrefix(sv.SDK.Name, "sentry.ruby"), strings.HasPrefix(sv.SDK.Name, "sentry.php"):
		return "Set traces_sample_rate to 1.0 where Sentry is set up"
	}
	return "Set tracesSampleRate: 1.0 where Sentry is set up"
}

func missingShare(rate float64) string {
	if rate <= 0 {
		return "no trace arrives here"
	}
	of := 10.0
	for rate*of < 1 && of < 1e9 {
		of *= 10
	}
	return fmt.Sprintf("%.3g of %.0f traces are missing here", of-rate*of, of)
}

func howToSample(sentry bool) string {
	if sentry {
		return "Set the sample rate to 1.0 while you develop"
	}
	return "Set OTEL_TRACES_SAMPLER=always_on while you develop"
}

// namesake returns another process of the same name that can hardly be a replica: another language, or a page and a
// server. Two SDKs in one process are no namesakes.
func namesake(sv *live.ServiceSnapshot, list []*live.ServiceSnapshot) *live.ServiceSnapshot {
	differ := func(a, b string) bool { return a != "" && b != "" && a != b }
	for _, other := range list {
		if other.ID == sv.ID || other.Session != sv.Session {
			continue
		}
		if differ(sv.SDK.Language, other.SDK.Language) || sv.Facts.Browser != other.Facts.Browser || sv.Host == other.Host && differ(sv.Command, other.Command) {
			return other
		}
	}
	return nil
}

func describe(sv *live.ServiceSnapshot) string {
	for _, t := range [...]string{sv.Command, sv.SDK.Name, sv.SDK.Language} {
		if t != "" {
			return t
		}
	}
	return sv.Origin.String()
}

// wanted are the reasons of client reports that are no loss: what the application asked for, and what is no data at all.
// What sampling leaves out is another finding. (develop.sentry.dev/sdk/telemetry/client-reports)
var wanted = map[string]bool{
	"sample_rate": true, "event_processor": true, "before_send": true, "ignored": true,
	"no_parent_span":    true, // JavaScript: a request outside of a page load or a navigation
	"insufficient_data": true, // a profile that is too short
}

// dropped lists what an SDK reported to have dropped.
func dropped(reasons map[string]int) string {
	var parts []string
	for reason, n := range reasons {
		if why, _, _ := strings.Cut(reason, " "); n > 0 && !wanted[why] {
			parts = append(parts, fmt.Sprintf("%d %s", n, reason))
		}
	}
	slices.Sort(parts)
	return strings.Join(parts, ", ")
}

// call is one side of an HTTP call that has no other side in its trace.
type call struct {
	process    string
	service    string
	what       string // method and path
	start, end model.Time
	trace      model.TraceID
}

// findInTraces looks for calls whose two sides are in different traces, and for clocks that are wrong.
func (q *Query) findInTraces(snaps []*live.ServiceSnapshot, add func(sv *live.ServiceSnapshot, code, text, fix string)) {
	if len(snaps) < 2 {
		return
	}
	byID := make(map[string]*live.ServiceSnapshot, len(snaps))
	byName := map[string]*live.ServiceSnapshot{}
	for _, sv := range snaps {
		byID[sv.ID] = sv
		byName[sv.Service.Service] = sv
	}
	var out, in []call
	clocks := map[string]model.ClockDomain{}
	traces, left := q.store.Traces(), maxFindTrees
	for _, row := range traces[:min(len(traces), maxFindTraces)] {
		if row.Spans > maxFindSpans {
			continue
		}
		snap, ok := q.store.Trace(row.TraceID)
		if !ok {
			continue
		}
		lonely(snap, &out, &in)
		if services := servicesOf(snap.Spans); services < 2 || left < len(snap.Spans) {
			continue
		}
		left -= len(snap.Spans)
		for _, d := range tracetree.Build(snap.Spans, nil, q.treeOptions(snap)).Trace().ClockDomains {
			if _, newer := clocks[d.Service]; !newer {
				clocks[d.Service] = d
			}
		}
	}
	type pair struct{ from, to string }
	evidence := map[pair]int{}
	for _, server := range in {
		for _, client := range out {
			if client.what == server.what && client.service != server.service && client.trace != server.trace &&
				client.start <= server.start+minClock && server.end <= client.end+minClock {
				evidence[pair{client.process, server.service}]++
				break
			}
		}
	}
	for p, n := range evidence {
		if from := byID[p.from]; from != nil && n >= minEvidence {
			add(from, FindNotPropagated, fmt.Sprintf("Traces end before %s: %d calls arrived there without trace headers", p.to, n), howToPropagate(from, p.to))
		}
	}
	for service, d := range clocks {
		offset := model.Time(d.OffsetNS)
		sv := byName[service]
		if sv == nil || max(offset, -offset) < minClock {
			continue
		}
		word := "behind"
		if offset < 0 {
			word, offset = "ahead", -offset
		}
		add(sv, FindClock, fmt.Sprintf("Its clock is %s %s", time.Duration(offset).Round(time.Millisecond), word),
			"Spans are shown where they belong; synchronise the clock of its host, container or device (NTP) to be rid of it")
	}
}

func servicesOf(spans []*model.Span) int {
	var names []string
	for _, s := range spans {
		if !slices.Contains(names, s.Service) {
			if names = append(names, s.Service); len(names) > 1 {
				break
			}
		}
	}
	return len(names)
}

// lonely adds the client calls of a trace that no span continues, and the server calls that start it.
func lonely(snap *live.TraceSnapshot, out, in *[]call) {
	const most = 2000 // calls; enough evidence
	var parents map[model.SpanID]bool
	for _, s := range snap.Spans {
		switch {
		case s.Open:
		case s.Kind == model.KindServer && s.ParentSpanID.IsZero() && len(*in) < most:
			if what := endpointOf(s); what != "" {
				*in = append(*in, callOf(s, what))
			}
		case s.Kind == model.KindClient && len(*out) < most:
			what := endpointOf(s)
			if what == "" {
				continue
			}
			if parents == nil {
				parents = make(map[model.SpanID]bool, len(snap.Spans))
				for _, p := range snap.Spans {
					parents[p.ParentSpanID] = true
				}
			}
			if !parents[s.SpanID] {
				*out = append(*out, callOf(s, what))
			}
		}
	}
}

func callOf(s *model.Span, what string) call {
	return call{live.ServiceID(s.Resource, s.Service, s.Origin), s.Service, what, s.StartTime, s.EndTime(), s.TraceID}
}

// endpointOf returns method and path of an HTTP call, "" when one of them is unknown.
func endpointOf(s *model.Span) string {
	first := func(keys ...string) string {
		for _, k := range keys {
			if t := s.Attributes.Str(k); t != "" {
				return t
			}
		}
		return ""
	}
	method := first("http.request.method", "http.method")
	path := first("url.path", "http.target")
	if path == "" {
		if _, rest, ok := strings.Cut(first("url.full", "http.url", "url"), "://"); ok {
			if i := strings.IndexByte(rest, '/'); i >= 0 {
				path = rest[i:]
			} else {
				path = "/"
			}
		}
	}
	path, _, _ = strings.Cut(path, "?")
	path, _, _ = strings.Cut(path, "#")
	if method == "" || path == "" {
		return ""
	}
	return strings.ToUpper(method) + " " + path
}

func howToPropagate(from *live.ServiceSnapshot, to string) string {
	switch {
	case from.Origin == model.OriginSentry && from.Facts.Browser:
		return fmt.Sprintf("Add the address of %s to tracePropagationTargets, and allow the headers sentry-trace, baggage and traceparent in its CORS answer", to)
	case from.Origin == model.OriginSentry:
		return fmt.Sprintf("Add the address of %s to trace_propagation_targets; if it runs OpenTelemetry, turn on propagation of traceparent", to)
	}
	return "Instrument the HTTP client, and set OTEL_PROPAGATORS=tracecontext,baggage on both sides"
}
