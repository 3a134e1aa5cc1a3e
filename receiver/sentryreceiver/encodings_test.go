package sentryreceiver

import (
	"bufio"
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestEncodings sends the same envelope in every way there is to compress it, truthfully labelled and not.
func TestEncodings(t *testing.T) {
	h := start(t, nil)
	plain := event(strings.Repeat("decoded ", 500))
	half := len(plain) / 2
	for _, c := range []struct{ name, header, body string }{
		{"none", "", plain},
		{"identity", "identity", plain},
		{"gzip", "gzip", string(gzipped([]byte(plain)))},
		{"x-gzip", "x-gzip", string(gzipped([]byte(plain)))},
		{"GZIP", "GZIP", string(gzipped([]byte(plain)))},
		{"gzip in blanks", "  gzip ", string(gzipped([]byte(plain)))},
		{"gzip in two members", "gzip", string(gzipped([]byte(plain[:half]))) + string(gzipped([]byte(plain[half:])))},
		{"gzip and something after it", "gzip", string(gzipped([]byte(plain))) + "\x00\x00\x00trailing"},
		{"deflate with zlib", "deflate", string(zlibbed([]byte(plain)))},
		{"deflate, raw", "deflate", string(deflated([]byte(plain)))},
		{"zlib", "zlib", string(zlibbed([]byte(plain)))},
		{"br", "br", string(brotlied([]byte(plain)))},
		{"Br", "Br", string(brotlied([]byte(plain)))},
		{"zstd", "zstd", string(zstandard([]byte(plain)))},
		{"zstd in two frames", "zstd", string(zstandard([]byte(plain[:half]))) + string(zstandard([]byte(plain[half:])))},

		{"gzip twice", "gzip, gzip", string(gzipped(gzipped([]byte(plain))))},
		{"gzip, then br", "gzip, br", string(brotlied(gzipped([]byte(plain))))},
		{"identity, gzip", "identity, gzip", string(gzipped([]byte(plain)))},

		{"gzip without header", "", string(gzipped([]byte(plain)))},
		{"zstd without header", "", string(zstandard([]byte(plain)))},
		{"zlib without header", "", string(zlibbed([]byte(plain)))},
		{"says gzip, is plain", "gzip", plain},
		{"says gzip, is plain with a byte order mark", "gzip", "\ufeff" + plain},
		{"says zstd, is plain", "zstd", plain},
		{"says deflate, is plain", "deflate", plain},
		{"says br, is plain", "br", plain},
		{"says gzip, is zstd", "gzip", string(zstandard([]byte(plain)))},
		{"says deflate, is gzip", "deflate", string(gzipped([]byte(plain)))},
		{"says lzma, is plain", "lzma", plain},
		{"says lzma, is gzip", "lzma", string(gzipped([]byte(plain)))},
	} {
		for _, chunked := range []bool{false, true} {
			h.reset()
			r := request(http.MethodPost, "/stream", c.body, "Content-Encoding", c.header)
			r.Chunked = chunked
			resp := h.send(r)
			require.Equal(t, http.StatusOK, resp.status, "%s: %s", c.name, resp.body)
			require.Contains(t, h.stored(), "decoded decoded", c.name)
			require.Equal(t, 1, h.records(), c.name)
		}
	}
}

func TestEncodings_Refused(t *testing.T) {
	h := start(t, nil)
	plain := []byte(event("x"))
	for _, c := range []struct {
		name, header string
		body         []byte
		status       int
	}{
		{"unknown", "lzma", []byte{1, 2, 3, 4}, http.StatusUnsupportedMediaType},
		{"too many", "gzip, gzip, gzip, gzip", plain, http.StatusUnsupportedMediaType},
		{"says gzip, is junk", "gzip", []byte("junk"), http.StatusBadRequest},
		{"gzip, header only", "gzip", gzipped(plain)[:5], http.StatusBadRequest},
		{"zstd, header only", "zstd", zstandard(plain)[:5], http.StatusBadRequest},
		{"br is junk", "br", []byte("\xff\xff\xff\xff\xff"), http.StatusBadRequest},
		{"deflate is junk", "deflate", []byte("\xff\xff\xff\xff\xff"), http.StatusBadRequest},
		{"nothing", "gzip", nil, http.StatusBadRequest},
	} {
		resp := h.post("/stream", string(c.body), "Content-Encoding", c.header)
		require.Equal(t, c.status, resp.status, "%s: %s", c.name, resp.body)
	}
	require.Zero(t, h.records())
}

// TestEncodings_CutOff cuts streams of three events in the middle of the third: the first two are kept, and say so.
func TestEncodings_CutOff(t *testing.T) {
	h := start(t, nil)
	var body strings.Builder
	body.WriteString("{}\n")
	long := noise(450_000) // zstd gives a block out when it has all of it, 128 KiB at most
	for i, name := range []string{"first", "second", "third"} {
		body.WriteString("{\"type\":\"event\"}\n{\"message\":\"" + name + "\",\"noise\":\"" + long[150_000*i:150_000*(i+1)] + "\"}\n")
	}
	plain := []byte(body.String())
	for header, whole := range map[string][]byte{"gzip": gzipped(plain), "deflate": zlibbed(plain), "br": brotlied(plain), "zstd": zstandard(plain)} {
		h.reset()
		resp := h.post("/stream", string(whole[:len(whole)*9/10]), "Content-Encoding", header)
		require.Equal(t, http.StatusOK, resp.status, "%s: %s", header, resp.body)
		stored := h.stored()
		require.Contains(t, stored, `"message":"first"`, header)
		require.Contains(t, stored, `"message":"second"`, header)
		require.NotContains(t, stored, `"message":"third"`, header)
		require.Contains(t, stored, "the body ended early", header)

		h.reset()
		resp = h.post("/stream", string(whole[:len(whole)/10]), "Content-Encoding", header)
		require.Equal(t, http.StatusBadRequest, resp.status, header)
		require.Contains(t, resp.body, "before the end of its first item")
		require.Zero(t, h.records())
	}

	damaged := gzipped(plain)
	damaged[len(damaged)*9/10] ^= 0xff
	h.reset()
	require.Equal(t, http.StatusOK, h.post("/stream", string(damaged), "Content-Encoding", "gzip").status)
	require.Contains(t, h.stored(), `"message":"first"`)
}

// noise is text that hardly compresses.
func noise(n int) string {
	b := make([]byte, n)
	x := uint32(1)
	for i := range b {
		x ^= x << 13
		x ^= x >> 17
		x ^= x << 5
		b[i] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-"[x%64]
	}
	return string(b)
}

// TestSniffed_NeverMistakesACompressedStream compresses texts of many beginnings and asks whether the stream would be
// taken for plain text under its own name.
func TestSniffed_NeverMistakesACompressedStream(t *testing.T) {
	for header, compress := range map[string]func([]byte) []byte{"gzip": gzipped, "deflate": zlibbed, "br": brotlied, "zstd": zstandard} {
		for n := range 60 {
			want := []byte(noise(n + 1)[n:] + event(noise(n*n)))
			src := bufio.NewReader(bytes.NewReader(compress(want)))
			r, done, err := inflated(src, header, true)
			require.NoError(t, err)
			got, err := io.ReadAll(r)
			done()
			require.NoError(t, err)
			require.Equal(t, want, got)
		}
	}
}
