package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/pdata/ptrace/ptraceotlp"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
)

// envelopes posts o.n envelopes of one kind.
func envelopes(kind string, o options) (any, error) {
	b := newBody(kind)
	transport := &http.Transport{MaxIdleConnsPerHost: o.conns}
	defer transport.CloseIdleConnections()
	client := &http.Client{Transport: transport, Timeout: 30 * time.Second}
	before, began := readUsage(o.pid), time.Now()
	var next, failed atomic.Int64
	var wg sync.WaitGroup
	for range o.conns {
		wg.Go(func() {
			var buf []byte
			for {
				seq := int(next.Add(1)) - 1
				if seq >= o.n {
					return
				}
				buf = b.render(buf, seq)
				if err := post(client, o.url, buf); err != nil {
					failed.Add(1)
				}
			}
		})
	}
	wg.Wait()
	took := time.Since(began)
	after := settle(o.pid)
	cpu := (after.cpu - before.cpu).Seconds()
	return object{
		"measure": kind, "requests": o.n, "failed": failed.Load(), "bytes": len(b.text), "requests_per_s": int(float64(o.n) / took.Seconds()),
		"cpu_s_per_1000": round(cpu / float64(o.n) * 1000), "rss_mib": mib(after.rss), "peak_rss_mib": mib(after.hwm),
	}, nil
}

func post(client *http.Client, base string, text []byte) error {
	req, err := http.NewRequestWithContext(context.Background(), http.MethodPost, base+"/api/1/envelope/?sentry_key=key&sentry_version=7", bytes.NewReader(text))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/x-sentry-envelope")
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	_, _ = io.Copy(io.Discard, resp.Body)
	_ = resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("status %d", resp.StatusCode)
	}
	return nil
}

const (
	spansPerTrace    = 20
	tracesPerRequest = 5
)

// otlp sends o.n spans over OTLP/gRPC, 100 a request.
func otlp(o options) (any, error) {
	conn, err := grpc.NewClient(o.grpc, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return nil, err
	}
	defer func() { _ = conn.Close() }()
	client := ptraceotlp.NewGRPCClient(conn)
	before, began := readUsage(o.pid), time.Now()
	var next, failed atomic.Int64
	requests := o.n / (spansPerTrace * tracesPerRequest)
	var wg sync.WaitGroup
	for range o.conns {
		wg.Go(func() {
			for {
				seq := int(next.Add(1)) - 1
				if seq >= requests {
					return
				}
				if _, err := client.Export(context.Background(), ptraceotlp.NewExportRequestFromTraces(generated(seq))); err != nil {
					failed.Add(1)
				}
			}
		})
	}
	wg.Wait()
	took := time.Since(began)
	after := settle(o.pid)
	spans := requests * spansPerTrace * tracesPerRequest
	cpu := (after.cpu - before.cpu).Seconds()
	return object{
		"measure": "otlp", "spans": spans, "failed_requests": failed.Load(), "spans_per_s": int(float64(spans) / took.Seconds()),
		"cpu_s_per_million_spans": round(cpu / float64(spans) * 1e6), "rss_mib": mib(after.rss), "peak_rss_mib": mib(after.hwm),
	}, nil
}

// generated makes request number seq: five traces of 20 spans over two services, ten attributes a span.
func generated(seq int) ptrace.Traces {
	td := ptrace.NewTraces()
	var services [2]ptrace.ScopeSpans
	for i := range services {
		rs := td.ResourceSpans().AppendEmpty()
		rs.Resource().Attributes().PutStr("service.name", []string{"gateway", "orders"}[i])
		rs.Resource().Attributes().PutStr("service.instance.id", []string{"gateway-0", "orders-0"}[i])
		rs.Resource().Attributes().PutStr("telemetry.sdk.language", "go")
		services[i] = rs.ScopeSpans().AppendEmpty()
		services[i].Scope().SetName("example.com/load")
	}
	now := time.Now()
	for t := range tracesPerRequest {
		var trace pcommon.TraceID
		binary.BigEndian.PutUint64(trace[:], 0x10ad)
		binary.BigEndian.PutUint64(trace[8:], uint64(seq*tracesPerRequest+t+1))
		for i := range spansPerTrace {
			s := services[i*2/spansPerTrace].Spans().AppendEmpty()
			s.SetTraceID(trace)
			s.SetSpanID(spanID(i + 1))
			if i > 0 {
				s.SetParentSpanID(spanID((i-1)/3 + 1))
			}
			s.SetKind([]ptrace.SpanKind{ptrace.SpanKindServer, ptrace.SpanKindInternal, ptrace.SpanKindClient}[i%3])
			s.SetName("GET /api/orders/{id}")
			s.SetStartTimestamp(pcommon.NewTimestampFromTime(now.Add(time.Duration(i) * time.Millisecond)))
			s.SetEndTimestamp(pcommon.NewTimestampFromTime(now.Add(time.Duration(i+5) * time.Millisecond)))
			a := s.Attributes()
			a.EnsureCapacity(10)
			a.PutStr("http.request.method", "GET")
			a.PutStr("http.route", "/api/orders/{id}")
			a.PutInt("http.response.status_code", 200)
			a.PutStr("server.address", "localhost")
			a.PutInt("server.port", 8080)
			a.PutStr("user_agent.original", "load/1.0")
			a.PutStr("db.system.name", "postgresql")
			a.PutStr("tenant.id", "tenant-a")
			a.PutStr("request.id", fmt.Sprintf("%016x", seq*100+i))
			a.PutBool("cache.hit", i%2 == 0)
		}
	}
	return td
}

func spanID(n int) (id pcommon.SpanID) {
	binary.BigEndian.PutUint64(id[:], uint64(n))
	return id
}

// latency posts errors at a steady rate and measures each until a WebSocket frame holds its event id.
func latency(o options) (any, error) {
	dialer := websocket.Dialer{Subprotocols: []string{"spotlight.v1+json"}}
	ws, resp, err := dialer.Dial(o.ws, nil)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", o.ws, err)
	}
	_ = resp.Body.Close()
	defer func() { _ = ws.Close() }()
	if err := ws.WriteMessage(websocket.TextMessage, []byte(`{"type":"subscribe"}`)); err != nil {
		return nil, err
	}
	var mu sync.Mutex
	sent := map[string]time.Time{}
	var times []time.Duration
	go func() {
		for {
			_, frame, err := ws.ReadMessage()
			if err != nil {
				return
			}
			now := time.Now()
			mu.Lock()
			for rest := frame; ; {
				i := bytes.Index(rest, []byte("10ad10ad"))
				if i < 0 || i+32 > len(rest) {
					break
				}
				id := string(rest[i : i+32])
				if at, ok := sent[id]; ok {
					times = append(times, now.Sub(at))
					delete(sent, id)
				}
				rest = rest[i+32:]
			}
			mu.Unlock()
		}
	}()
	b := newBody("error")
	client := &http.Client{Timeout: 10 * time.Second}
	before := readUsage(o.pid)
	base := int(time.Now().Unix()) << 20 // ids of this run
	tick := time.NewTicker(time.Second / time.Duration(o.rate))
	defer tick.Stop()
	for i := range o.n {
		<-tick.C
		text := b.render(nil, base+i)
		mu.Lock()
		sent[eventID(base+i)] = time.Now()
		mu.Unlock()
		if err := post(client, o.url, text); err != nil {
			return nil, err
		}
	}
	time.Sleep(time.Second)
	mu.Lock()
	defer mu.Unlock()
	return object{
		"measure": "latency", "posts": o.n, "rate": o.rate, "delivered": len(times), "p50_ms": percentile(times, 50), "p99_ms": percentile(times, 99),
		"max_ms": percentile(times, 100), "cpu_s": round((readUsage(o.pid).cpu - before.cpu).Seconds()),
	}, nil
}

func round(f float64) float64 { return float64(int(f*1000+0.5)) / 1000 }
