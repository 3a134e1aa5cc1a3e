package spotlightexporter

import (
	"bytes"
	"context"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/exporter/exportertest"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/otelcol-spotlight/otelcol-spotlight/exporter/spotlightexporter/internal/metadata"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/conventions"
)

// largeError is an error as a real application reports it, of some 20 KiB.
func largeError(n int) (id string, ld plog.Logs) {
	var raw [16]byte
	raw[0], raw[14], raw[15] = 7, byte(n>>8), byte(n)
	id = hex.EncodeToString(raw[:])
	ld = someLogs()
	r := ld.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0)
	r.Attributes().PutStr(conventions.EventID, id)
	var frames, crumbs []string
	for i := range 30 {
		frames = append(frames, fmt.Sprintf(`{"filename":"shop/module_%d.py","function":"call_%d","lineno":%d,"in_app":%t,"context_line":"    return other(argument, %d)","pre_context":["def call():","    argument = 1"],"post_context":["",""],"vars":{"argument":"1","other":"<function other>"}}`, i, i, i+1, i%3 == 0, i))
	}
	for i := range 50 {
		crumbs = append(crumbs, fmt.Sprintf(`{"timestamp":1700000000.%d,"category":"query","message":"SELECT * FROM inventory WHERE sku = %d","level":"info","data":{"rows":%d}}`, i+10, i, i))
	}
	r.Body().SetStr(`{"event_id":"` + id + `","level":"error","platform":"python","breadcrumbs":{"values":[` + strings.Join(crumbs, ",") + `]},` +
		`"exception":{"values":[{"type":"KeyError","value":"'sku'","stacktrace":{"frames":[` + strings.Join(frames, ",") + `]}}]}}`)
	return id, ld
}

// BenchmarkConsumeToFrame is the time from Consume to the moment a browser has read the frame with the error, at 100
// errors a second. ns/op is of no interest: most of it is waiting.
func BenchmarkConsumeToFrame(b *testing.B) {
	s, err := newSpotlight(testConfig(), exportertest.NewNopSettings(metadata.Type))
	require.NoError(b, err)
	require.NoError(b, s.Start(context.Background(), componenttest.NewNopHost()))
	defer func() { _ = s.Shutdown(context.Background()) }()
	conn, _, err := websocket.DefaultDialer.Dial("ws://"+s.addr().String()+"/ws?since=0", nil)
	require.NoError(b, err)
	defer conn.Close()
	for range 2 { // hello, snapshot
		_, _, err = conn.ReadMessage()
		require.NoError(b, err)
	}
	every := time.NewTicker(10 * time.Millisecond)
	defer every.Stop()
	var took []time.Duration
	n := 0
	for b.Loop() {
		n++
		id, ld := largeError(n)
		<-every.C
		start := time.Now()
		require.NoError(b, s.consumeLogs(context.Background(), ld))
		for {
			_, text, err := conn.ReadMessage()
			require.NoError(b, err)
			if bytes.Contains(text, []byte(id)) {
				break
			}
		}
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds()), "p50-µs")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
}

// BenchmarkConsume is what ingest costs: pdata to the store, with the error decoded and grouped.
func BenchmarkConsume(b *testing.B) {
	s, err := newSpotlight(testConfig(), exportertest.NewNopSettings(metadata.Type))
	require.NoError(b, err)
	defer func() { _ = s.Shutdown(context.Background()) }()
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		b.StopTimer()
		n++
		_, ld := largeError(n)
		b.StartTimer()
		_ = s.consumeLogs(context.Background(), ld)
	}
}
