package sentryreceiver

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-spotlight/otelcol-spotlight/internal/bytesize"
)

func readAll(t *testing.T, bs *bodies, body io.Reader, encoding string) (*body, error) {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, "/stream", body)
	r.Header.Set("Content-Encoding", encoding)
	return bs.read(r, true)
}

func bounded(most, inflight bytesize.Bytes) *bodies {
	return newBodies(&LimitsConfig{MaxEnvelopeBytes: most, MaxInflightBytes: inflight})
}

// idle reports whether all memory was given back.
func (bs *bodies) idle() bool {
	n := max(bs.most/4, smallBuffer)
	if !bs.room.TryAcquire(n) || !bs.large.TryAcquire(bs.maxLarge) || !bs.parsing.TryAcquire(bs.most) {
		return false
	}
	bs.room.Release(n)
	bs.large.Release(bs.maxLarge)
	bs.parsing.Release(bs.most)
	return true
}

func TestBodies_Limit(t *testing.T) {
	const most = 100_000
	bs := bounded(most, 4<<20)
	for header, encode := range map[string]func([]byte) []byte{"": bytes.Clone, "gzip": gzipped, "br": brotlied, "zstd": zstandard, "deflate": zlibbed} {
		for size, ok := range map[int]bool{0: true, 1: true, most - 1: true, most: true, most + 1: false, 10 * most: false} {
			data := []byte("{" + strings.Repeat("x", size))[:size]
			b, err := readAll(t, bs, bytes.NewReader(encode(data)), header)
			if ok {
				require.NoError(t, err, size)
				require.Equal(t, size, len(b.data))
			} else {
				r := new(refusal)
				require.ErrorAs(t, err, &r, size)
				require.Equal(t, http.StatusRequestEntityTooLarge, r.status)
			}
			b.release()
		}
	}
	require.True(t, bs.idle())
}

func TestBodies_MemoryFollowsWhatArrives(t *testing.T) {
	bs := bounded(64<<20, 128<<20)
	for _, c := range []struct {
		name        string
		body        io.Reader
		large, size int64 // held after reading, and the buffer
	}{
		{"small", strings.NewReader("{}"), 0, firstBuffer},
		{"of known size", strings.NewReader(strings.Repeat("x", 3<<20)), 3<<20 + 1, 3<<20 + 1},
		{"chunked", io.MultiReader(strings.NewReader(strings.Repeat("x", 3<<20))), 4 << 20, 4 << 20},
		{"small after large ones", strings.NewReader("{}"), 0, firstBuffer},
	} {
		r := httptest.NewRequest(http.MethodPost, "/stream", c.body)
		b, err := bs.read(r, true)
		require.NoError(t, err)
		require.Equal(t, int64(smallBuffer), b.room, c.name)
		require.Equal(t, c.large, b.large, c.name)
		require.LessOrEqual(t, int64(cap(b.data)), max(c.size, smallBuffer), c.name)
		b.release()
	}
	require.True(t, bs.idle())
}

// TestBodies_LargeOnesTakeTurns reads more large bodies at once than there is memory for, byte by byte: all are read.
func TestBodies_LargeOnesTakeTurns(t *testing.T) {
	bs := bounded(2<<20, 4<<20)
	var wg sync.WaitGroup
	for range 12 {
		wg.Go(func() {
			r := httptest.NewRequest(http.MethodPost, "/stream", io.MultiReader(strings.NewReader(strings.Repeat("x", 2<<20))))
			b, err := bs.read(r, true)
			assert.NoError(t, err)
			assert.Len(t, b.data, 2<<20)
			assert.NoError(t, b.beforeParsing(context.Background(), 1<<40))
			b.release()
		})
	}
	wg.Wait()
	require.True(t, bs.idle())
}

func TestBodies_NoMemory(t *testing.T) {
	bs := bounded(64<<20, 128<<20)
	require.NoError(t, bs.room.Acquire(context.Background(), 32<<20))
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	r := httptest.NewRequest(http.MethodPost, "/stream", strings.NewReader("{}")).WithContext(ctx)
	b, err := bs.read(r, true)
	var refused *refusal
	require.ErrorAs(t, err, &refused)
	require.Equal(t, http.StatusServiceUnavailable, refused.status)
	b.release()

	bs.room.Release(32 << 20)
	b, err = readAll(t, bs, strings.NewReader("{}"), "")
	require.NoError(t, err)
	b.release()
	require.True(t, bs.idle())
}

func TestBodies_ParsingWaitsItsTurn(t *testing.T) {
	bs := bounded(64<<20, 128<<20)
	first, err := readAll(t, bs, strings.NewReader("["+strings.Repeat("1,", 1<<20)+"1]"), "")
	require.NoError(t, err)
	require.Greater(t, first.jsonCost(), int64(100<<20), "a body of two megabytes parses to hundreds")
	require.NoError(t, first.beforeParsing(context.Background(), 1<<40))
	require.Equal(t, int64(128<<20), first.parsing, "more than there is means all of it")

	second, err := readAll(t, bs, strings.NewReader("{}"), "")
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	require.Error(t, second.beforeParsing(ctx, second.jsonCost()))
	first.release()
	require.NoError(t, second.beforeParsing(context.Background(), second.jsonCost()))
	second.release()
	require.True(t, bs.idle())
}

func TestBodies_ConnectionBreaks(t *testing.T) {
	bs := bounded(1<<20, 4<<20)
	broken := io.MultiReader(strings.NewReader(event("x")), errReader{errors.New("connection reset")})
	b, err := readAll(t, bs, broken, "")
	require.NoError(t, err)
	require.EqualError(t, b.cut, "connection reset")
	require.Equal(t, event("x"), string(b.data))
	b.release()
}

type errReader struct{ err error }

func (r errReader) Read([]byte) (int, error) { return 0, r.err }

func TestBodies_WireLimit(t *testing.T) {
	h := start(t, func(c *Config) { c.ServerConfig.MaxRequestBodySize = 10_000 })
	for _, chunked := range []bool{false, true} {
		r := request(http.MethodPost, "/stream", event(noise(20_000)))
		r.Chunked = chunked
		resp := h.send(r)
		require.Equal(t, http.StatusRequestEntityTooLarge, resp.status)
		require.Contains(t, resp.body, "max_request_body_size")
	}
	r := request(http.MethodPost, "/stream", string(gzipped([]byte(event(noise(20_000))))), "Content-Encoding", "gzip")
	require.Equal(t, http.StatusRequestEntityTooLarge, h.send(r).status)
	require.Equal(t, http.StatusOK, h.post("/stream", string(gzipped([]byte(event(strings.Repeat("x", 20_000)))))).status, "only the wire counts")
}

// TestClientHangsUp sends the first of two announced items and breaks the connection: the item is kept, because the
// process that sent it may have died of what it describes.
func TestClientHangsUp(t *testing.T) {
	h := start(t, nil)
	conn, err := net.Dial("tcp", strings.TrimPrefix(h.url, "http://"))
	require.NoError(t, err)
	_, err = io.WriteString(conn, "POST /stream HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n"+
		"{}\n{\"type\":\"event\"}\n{\"message\":\"last words\"}\n{\"type\":\"event\"}\n{\"mess")
	require.NoError(t, err)
	require.NoError(t, conn.Close())
	require.Eventually(t, func() bool { return h.logs.LogRecordCount() == 1 }, 5*time.Second, 5*time.Millisecond)
	require.Contains(t, h.stored(), "last words")
}
