package sentryreceiver

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/klauspost/compress/gzip"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-spotlight/otelcol-spotlight/internal/testkit"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/envelope"
)

// TestCorpus_EveryRequestIsTaken sends what real SDKs sent, several at a time, and looks for every payload in what came
// out, byte for byte: buffers are used again, and one that is too early would show here.
func TestCorpus_EveryRequestIsTaken(t *testing.T) {
	h := start(t, nil)
	var wg sync.WaitGroup
	requests := make(chan testkit.Request)
	for range 4 {
		wg.Go(func() {
			for r := range requests {
				resp := h.send(r)
				assert.Equal(t, 2, resp.status/100, "%s: %d %s", r.Name, resp.status, resp.body)
				if origin := r.Header.Get("Origin"); origin != "" {
					assert.Equal(t, "*", resp.header.Get("Access-Control-Allow-Origin"), r.Name)
				}
			}
		})
	}
	var payloads []payload
	for _, s := range testkit.Corpus(t) {
		for _, r := range s.Requests {
			if r.IsOTLP() {
				continue // went to another port
			}
			payloads = append(payloads, payloadsOf(t, r)...)
			requests <- r
		}
	}
	close(requests)
	wg.Wait()
	require.NotEmpty(t, payloads)
	stored := h.stored()
	for _, p := range payloads {
		if !strings.Contains(stored, string(p.bytes)) {
			t.Errorf("%s: payload of %s is not in what came out: %.200q", p.from, p.itemType, p.bytes)
		}
	}
}

type payload struct {
	from, itemType string
	bytes          []byte
}

// payloadsOf returns the payloads of an envelope that come out whole: those of containers and metrics are taken apart.
func payloadsOf(t *testing.T, r testkit.Request) (list []payload) {
	if !strings.HasSuffix(strings.TrimSuffix(r.Path, "/"), "/envelope") && r.Path != "/stream" || r.Method != http.MethodPost {
		return nil
	}
	body := r.Body
	switch r.Header.Get("Content-Encoding") {
	case "gzip":
		z, err := gzip.NewReader(bytes.NewReader(body))
		require.NoError(t, err)
		body, err = io.ReadAll(z)
		require.NoError(t, err)
	case "", "identity":
	default:
		return nil // see TestCorpus_EncodingsDecodeAlike
	}
	env, err := envelope.Parse(body, envelope.Limits{})
	require.NoError(t, err, r.Name)
	for _, it := range env.Items {
		switch it.Type {
		case "span", "log", "otel_log", "trace_metric", "statsd":
			continue
		case "attachment":
			if bytes.Contains(it.Header, []byte("trace-attachment")) || bytes.Contains(it.Header, []byte("attachment.v2")) {
				continue
			}
		}
		list = append(list, payload{r.Name, it.Type, it.Payload})
	}
	return list
}

// envelopeID is made up at arrival, so that it differs each time.
var envelopeID = regexp.MustCompile("sentry.envelope.id\n[0-9a-f]{32}")

// TestCorpus_EncodingsDecodeAlike compares what comes out of an encoded request with what comes out of its original.
func TestCorpus_EncodingsDecodeAlike(t *testing.T) {
	h := start(t, nil)
	out := func(r testkit.Request) string {
		h.reset()
		resp := h.send(r)
		require.Equal(t, http.StatusOK, resp.status, "%s: %s", r.Name, resp.body)
		require.Positive(t, h.records(), r.Name)
		return envelopeID.ReplaceAllString(h.stored(), "")
	}
	originals := map[string]testkit.Request{
		"go-nethttp/008":                  testkit.ScenarioNamed(t, "go-nethttp").Requests[7],
		"node-express-tracing-stream/001": testkit.ScenarioNamed(t, "node-express-tracing-stream").Requests[0],
	}
	for _, encoded := range testkit.ScenarioNamed(t, "synthetic-encodings").Requests {
		name, _, _ := strings.Cut(strings.TrimPrefix(encoded.Title, "shared/"), " as ")
		r, ok := originals[name]
		require.True(t, ok, encoded.Title)
		want := out(r)
		r.Header, r.Body = r.Header.Clone(), encoded.Body
		r.Header["Content-Encoding"] = encoded.Header["Content-Encoding"]
		require.Equal(t, want, out(r), encoded.Title)
	}
}

// TestCorpusBad sends what nobody should send: each gets the class of status that its manifest wants, keeps what must be
// kept, and costs neither much time nor memory that stays.
func TestCorpusBad(t *testing.T) {
	h := start(t, nil)
	for _, c := range testkit.CorpusBad(t) {
		t.Run(c.Name, func(t *testing.T) {
			h.reset()
			before := testkit.CPUTime()
			resp := h.send(c.Request)
			require.True(t, c.StatusFits(resp.status), "%d, want %s: %s", resp.status, c.Status, resp.body)
			require.Less(t, testkit.CPUTime()-before, 5*time.Second) // of processor, with the race detector on
			if resp.status/100 == 4 {
				require.NotEmpty(t, resp.header.Get("X-Sentry-Error"))
				if resp.header.Get("Content-Type") == jsonType {
					require.True(t, json.Valid([]byte(resp.body)), resp.body)
				}
			}
			stored := h.stored()
			for _, mark := range c.MustKeep {
				require.Contains(t, stored, mark)
			}
		})
	}
	h.reset()
	require.Equal(t, http.StatusOK, h.post("/api/1/envelope/", event("alive")).status)
	require.Less(t, heap(), uint64(96<<20))
}

// heap is the memory that is in use after a collection.
func heap() uint64 {
	runtime.GC()
	runtime.GC() // pools let go at the second
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
