package serve

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// largeTrace is a trace of n spans, with details.
func largeTrace(n int) *model.Trace {
	t := &model.Trace{Spans: make([]model.TraceSpan, n)}
	for i := range t.Spans {
		s := &t.Spans[i]
		s.SpanID = model.SpanID{1, 2, 3, 4, byte(i >> 16), byte(i >> 8), byte(i), 1}
		s.ParentSpanID = model.SpanID{1, 2, 3, 4, byte(i >> 20), byte(i >> 12), byte(i >> 4), 1}
		s.Name, s.Op, s.Kind, s.Status = fmt.Sprintf("SELECT * FROM inventory WHERE sku = %d", i), "db.query", model.KindClient, model.StatusOK
		s.Service, s.Origin, s.StartTime, s.DurationNS = "orders", model.OriginOTel, model.Time(1_700_000_000_000_000_000+int64(i)*1_000_003), int64(i)*997
		s.SpanDetails = &model.SpanDetails{Attributes: model.Pack(model.Attributes{
			{Key: "db.namespace", Value: model.String("shop")}, {Key: "db.query.text", Value: model.String(s.Name)},
			{Key: "db.system.name", Value: model.String("postgresql")}, {Key: "server.port", Value: model.Int(5432)},
		})}
	}
	return t
}

// BenchmarkAnswer is a trace on its way to a browser over a real loopback connection, plain and compressed. It decided
// that clients on this machine get nothing compressed.
func BenchmarkAnswer(b *testing.B) {
	for _, spans := range []int{100, 2000, 20_000} {
		trace := largeTrace(spans)
		for _, remote := range []string{"127.0.0.1:1", "192.168.1.5:1"} {
			s := &server{}
			s.Logger = nopLogger()
			srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				r.RemoteAddr = remote
				s.answer(w, r, trace)
			}))
			b.Run(fmt.Sprintf("spans=%d/from=%s", spans, remote), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					r, err := srv.Client().Get(srv.URL) // decompresses
					if err != nil {
						b.Fatal(err)
					}
					b.SetBytes(int64(len(body(b, r.Body))))
					_ = r.Body.Close()
				}
			})
			srv.Close()
		}
	}
}
