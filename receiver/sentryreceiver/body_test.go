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
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func readAll(t *testing.T, bs *bodies, body io.Reader, encoding string) (*body, error) {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, "/stream", body)
	r.Header.Set("Content-Encoding", encoding)
	return bs.read(r, true)
}

func small(most, total int64) *bodies {
	limits := createDefaultConfig().(*Config).Limits
	bs := newBodies(&limits)
	bs.max = most
	bs.total = total
	return bs
}

func TestBodies_Limit(t *testing.T) {
	const most = 100_000
	bs := small(most, 1<<20)
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
	require.True(t, bs.room.TryAcquire(int64(createDefaultConfig().(*Config).Limits.MaxInflightBytes)), "all room was given back")
}

func TestBodies_RoomFollowsWhatArrives(t *testing.T) {
	bs := small(64<<20, 128<<20)
	b, err := readAll(t, bs, strings.NewReader(strings.Repeat("x", 3<<20)), "")
	require.NoError(t, err)
	require.Equal(t, int64(4<<20), b.held)
	b.release()
	require.Zero(t, b.held)

	b, err = readAll(t, bs, strings.NewReader("{}"), "")
	require.NoError(t, err)
	require.Equal(t, int64(smallBuffer), b.held, "large buffers do not stay in the pool")
	b.release()
}

func TestBodies_NoRoom(t *testing.T) {
	bs := small(64<<20, 128<<20)
	require.NoError(t, bs.room.Acquire(context.Background(), 128<<20))
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	r := httptest.NewRequest(http.MethodPost, "/stream", strings.NewReader("{}")).WithContext(ctx)
	b, err := bs.read(r, true)
	var refused *refusal
	require.ErrorAs(t, err, &refused)
	require.Equal(t, http.StatusServiceUnavailable, refused.status)
	b.release()

	bs.room.Release(128 << 20)
	b, err = readAll(t, bs, strings.NewReader("{}"), "")
	require.NoError(t, err)
	b.release()
}

func TestBodies_ParsingWaitsItsTurn(t *testing.T) {
	bs := small(64<<20, 128<<20)
	first, err := readAll(t, bs, strings.NewReader("["+strings.Repeat("1,", 1<<20)+"1]"), "")
	require.NoError(t, err)
	require.Greater(t, first.jsonCost(), int64(100<<20), "a body of two megabytes parses to hundreds")
	require.NoError(t, first.beforeParsing(context.Background(), 1<<40))
	require.Equal(t, int64(128<<20), first.parsed, "more than there is means all of it")

	second, err := readAll(t, bs, strings.NewReader("{}"), "")
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	require.Error(t, second.beforeParsing(ctx, second.jsonCost()))
	first.release()
	require.NoError(t, second.beforeParsing(context.Background(), second.jsonCost()))
	second.release()
}

func TestBodies_ConnectionBreaks(t *testing.T) {
	bs := small(1<<20, 4<<20)
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
