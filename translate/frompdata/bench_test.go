package frompdata

import (
	"fmt"
	"testing"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

// httpSpans makes n server spans with the ten attributes that HTTP instrumentation sends.
func httpSpans(n int) ptrace.Traces {
	td := ptrace.NewTraces()
	rs := td.ResourceSpans().AppendEmpty()
	rs.Resource().Attributes().PutStr("service.name", "shop")
	rs.Resource().Attributes().PutStr("telemetry.sdk.language", "go")
	ss := rs.ScopeSpans().AppendEmpty()
	ss.Scope().SetName("go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp")
	start := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	for i := range n {
		s := ss.Spans().AppendEmpty()
		s.SetTraceID(pcommon.TraceID{1, byte(i >> 16)})
		s.SetSpanID(pcommon.SpanID{2, byte(i >> 16), byte(i >> 8), byte(i)})
		s.SetParentSpanID(pcommon.SpanID{2})
		s.SetName("GET /product/{id}")
		s.SetKind(ptrace.SpanKindServer)
		s.SetStartTimestamp(pcommon.NewTimestampFromTime(start.Add(time.Duration(i) * time.Millisecond)))
		s.SetEndTimestamp(s.StartTimestamp() + 5_000_000)
		a := s.Attributes()
		a.PutStr("http.request.method", "GET")
		a.PutStr("url.scheme", "http")
		a.PutStr("server.address", "localhost")
		a.PutInt("server.port", 8080)
		a.PutStr("network.peer.address", "127.0.0.1")
		a.PutStr("url.path", fmt.Sprintf("/product/%d", i))
		a.PutStr("user_agent.original", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36")
		a.PutStr("http.route", "/product/{id}")
		a.PutInt("http.response.status_code", 200)
		a.PutStr("app.tenant", "acme")
	}
	return td
}

func BenchmarkTraces(b *testing.B) {
	for _, n := range []int{1, 100, 1000} {
		b.Run(fmt.Sprintf("spans=%d", n), func(b *testing.B) {
			td := httpSpans(n)
			opts := Options{Received: time.Now(), OwnEndpoints: []string{"localhost:8969", "localhost:4318"}}
			b.ReportAllocs()
			for b.Loop() {
				Traces(td, opts)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/span")
		})
	}
}

func BenchmarkLogs(b *testing.B) {
	const n = 1000
	ld := plog.NewLogs()
	sl := ld.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty()
	for i := range n {
		r := sl.LogRecords().AppendEmpty()
		r.SetTimestamp(1732190400000000000)
		r.SetSeverityNumber(plog.SeverityNumberInfo)
		r.Body().SetStr(fmt.Sprintf("order %d placed", i))
		r.Attributes().PutStr("code.function.name", "shop.place")
		r.Attributes().PutStr("code.file.path", "/srv/shop.py")
		r.Attributes().PutInt("code.line.number", 12)
	}
	b.ReportAllocs()
	for b.Loop() {
		Logs(ld, Options{})
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/record")
}
