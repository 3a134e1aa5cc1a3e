package main

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/pdata/ptrace/ptraceotlp"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
)

const (
	scopeTrace   = 100 // spans of a trace, sent in two requests: the leaves before the root
	scopeErrors  = 50  // one span in this many has an exception
	scopeRead    = 100 // one error in this many is read while reading is on
	scopeStretch = 20  // stretches of the run after the first, alternately unread and read
)

// scopes sends o.n spans with scope data, then as many again in stretches in which alternately nobody looks, and somebody
// reads errors with their scopes merged. Both kinds are measured in one run, against a store that is full.
func scopes(o options) (any, error) {
	conn, err := grpc.NewClient(o.grpc, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return nil, err
	}
	defer func() { _ = conn.Close() }()
	l := &scopeLoad{client: ptraceotlp.NewGRPCClient(conn), api: o.api, conns: o.conns}
	var rss []float64
	note := func() { rss = append(rss, mib(readUsage(o.pid).rss)) }

	note()
	for range scopeStretch / 2 { // until the store is full, and read
		l.send(o.n/scopeStretch, false)
		l.send(o.n/scopeStretch, true)
		note()
	}
	settle(o.pid)
	var unread, read time.Duration
	before := readUsage(o.pid)
	for i := range scopeStretch {
		l.send(o.n/scopeStretch, i%2 == 1)
		after := settle(o.pid)
		if i%2 == 0 {
			unread += after.cpu - before.cpu
		} else {
			read += after.cpu - before.cpu
			note()
		}
		before = after
	}
	millions := float64(o.n) / 1e6 / 2
	return object{
		"measure": "scopes", "spans": 2 * o.n, "traces": 2 * o.n / scopeTrace, "failed_requests": l.failed.Load(),
		"events_read": l.read.Load(), "events_with_scopes": l.merged.Load(), "read_p50_ms": percentile(l.times, 50), "read_p99_ms": percentile(l.times, 99),
		"cpu_s_per_million_spans_unread": round(unread.Seconds() / millions), "cpu_s_per_million_spans_read": round(read.Seconds() / millions),
		"rss_mib": rss, "peak_rss_mib": mib(before.hwm),
	}, nil
}

// scopeLoad sends traces and reads errors.
type scopeLoad struct {
	client               ptraceotlp.GRPCClient
	api                  string
	conns                int
	traces               atomic.Int64 // sent so far
	failed, read, merged atomic.Int64

	mu    sync.Mutex
	times []time.Duration // of reading an event
}

// send sends n spans; with reading, an error is read whenever scopeRead of them were sent.
func (l *scopeLoad) send(n int, reading bool) {
	var wg sync.WaitGroup
	end := l.traces.Load() + int64(n/scopeTrace)
	for range l.conns {
		wg.Go(func() {
			for {
				seq := l.traces.Add(1) - 1
				if seq >= end {
					l.traces.Add(-1)
					return
				}
				for _, leaves := range []bool{true, false} {
					if _, err := l.client.Export(context.Background(), ptraceotlp.NewExportRequestFromTraces(scopeSpans(int(seq), leaves))); err != nil {
						l.failed.Add(1)
					}
				}
				if reading && seq%(scopeRead*scopeErrors/scopeTrace) == 0 {
					l.readNewest()
				}
			}
		})
	}
	wg.Wait()
}

// readNewest reads the newest error.
func (l *scopeLoad) readNewest() {
	var page struct {
		Items []struct {
			ID string `json:"event_id"`
		} `json:"items"`
	}
	if err := getJSON(l.api+"/api/v1/events?limit=1", &page); err != nil || len(page.Items) == 0 {
		l.failed.Add(1)
		return
	}
	var event struct {
		User        map[string]any `json:"user"`
		Breadcrumbs []any          `json:"breadcrumbs"`
	}
	began := time.Now()
	if err := getJSON(l.api+"/api/v1/events/"+page.Items[0].ID, &event); err != nil {
		l.failed.Add(1)
		return
	}
	took := time.Since(began)
	l.mu.Lock()
	l.times = append(l.times, took)
	l.mu.Unlock()
	l.read.Add(1)
	if len(event.User) > 0 && len(event.Breadcrumbs) > 0 {
		l.merged.Add(1)
	}
}

func getJSON(url string, v any) error {
	resp, err := http.Get(url) // #nosec G107 -- checked to be on loopback
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: status %d", url, resp.StatusCode)
	}
	return json.NewDecoder(resp.Body).Decode(v)
}

// scopeSpans makes one half of a trace: a request whose root knows the user, with tags for what is below some spans,
// breadcrumbs in every fifth, and an exception in every fiftieth.
func scopeSpans(seq int, leaves bool) ptrace.Traces {
	td := ptrace.NewTraces()
	rs := td.ResourceSpans().AppendEmpty()
	rs.Resource().Attributes().PutStr("service.name", "orders")
	rs.Resource().Attributes().PutStr("service.instance.id", "orders-0")
	rs.Resource().Attributes().PutStr("telemetry.sdk.language", "go")
	ss := rs.ScopeSpans().AppendEmpty()
	ss.Scope().SetName("example.com/load")
	var trace pcommon.TraceID
	binary.BigEndian.PutUint64(trace[:], 0x5c09e)
	binary.BigEndian.PutUint64(trace[8:], uint64(seq+1))
	now := time.Now()
	at := func(i int) pcommon.Timestamp {
		return pcommon.NewTimestampFromTime(now.Add(time.Duration(i) * 100 * time.Microsecond))
	}
	first, last := 0, scopeTrace/2
	if leaves {
		first, last = scopeTrace/2, scopeTrace
	}
	for i := first; i < last; i++ {
		s := ss.Spans().AppendEmpty()
		s.SetTraceID(trace)
		s.SetSpanID(spanID(i + 1))
		s.SetName("work")
		s.SetKind(ptrace.SpanKindInternal)
		s.SetStartTimestamp(at(i))
		s.SetEndTimestamp(at(2*scopeTrace - i))
		a := s.Attributes()
		a.EnsureCapacity(10)
		for _, key := range [...]string{"code.function.name", "thread.name", "server.address", "cache.key", "request.id"} {
			a.PutStr(key, fmt.Sprintf("%s of %d", key, i))
		}
		switch {
		case i == 0:
			s.SetKind(ptrace.SpanKindServer)
			a.PutStr("user.id", fmt.Sprint("user ", seq%1000))
			a.PutStr("http.request.method", "GET")
			a.PutStr("url.full", "http://localhost:8080/api/orders/7")
			continue
		case i%5 == 0:
			a.PutStr("sentry.tag.step", fmt.Sprint("step ", i))
			e := s.Events().AppendEmpty()
			e.SetName("cache miss")
			e.SetTimestamp(at(i + 1))
		case i%5 == 1:
			s.SetKind(ptrace.SpanKindClient)
			a.PutStr("db.system.name", "postgresql")
		}
		s.SetParentSpanID(spanID((i-1)/3 + 1))
		if i%scopeErrors == scopeErrors-1 {
			e := s.Events().AppendEmpty()
			e.SetName("exception")
			e.SetTimestamp(at(2*scopeTrace - i))
			e.Attributes().PutStr("exception.type", "OrderError")
			e.Attributes().PutStr("exception.message", fmt.Sprintf("order %d has no price", i))
			s.Status().SetCode(ptrace.StatusCodeError)
		}
	}
	return td
}
