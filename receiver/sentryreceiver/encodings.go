package sentryreceiver

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zlib"
	"github.com/klauspost/compress/zstd"
)

// confighttp's own decompression is switched off (compression_algorithms is the empty list): it has no br, compares
// names case-sensitively, takes the header's word for what the body is, and gives up where we salvage.

// maxEncodings bounds a chain such as "gzip, br": nobody sends more than one, and each costs a window of memory.
const maxEncodings = 3

// codec opens one compression. close gives its state back to a pool.
type codec func(src *bufio.Reader) (r io.Reader, close func(), err error)

var codecs = map[string]codec{
	"gzip":    openGzip,
	"deflate": openDeflate,
	"br":      openBrotli,
	"zstd":    openZstd,
}

// encodingNames are the names of Content-Encoding in lower case, and the codec each means; "" is none. Some SDKs send the
// header empty.
var encodingNames = map[string]string{
	"": "", "identity": "", "none": "", "utf-8": "", // the last two are mistakes seen in the wild
	"gzip": "gzip", "x-gzip": "gzip",
	"deflate": "deflate", "zlib": "deflate",
	"br":   "br",
	"zstd": "zstd",
}

// inflated returns the body in src without its compression. header is the Content-Encoding; where the body's first bytes
// say otherwise they are believed, if sniff is set.
func inflated(src *bufio.Reader, header string, sniff bool) (r *bufio.Reader, close func(), err error) {
	var closers []func()
	close = func() {
		for i := len(closers) - 1; i >= 0; i-- {
			closers[i]()
		}
	}
	names := strings.Split(header, ",")
	if len(names) > maxEncodings {
		return nil, close, refuse(http.StatusUnsupportedMediaType, reasonEncoding, "too many content encodings").because("%d", len(names))
	}
	for i := len(names) - 1; i >= 0; i-- {
		name := strings.ToLower(strings.TrimSpace(names[i]))
		kind, known := encodingNames[name]
		if sniff {
			first, _ := src.Peek(3)
			kind, known = sniffed(kind, known, first)
		}
		if !known {
			return nil, close, refuse(http.StatusUnsupportedMediaType, reasonEncoding, "unknown content encoding").because("%.40q; gzip, deflate, br, zstd or none are taken", name)
		}
		if kind == "" {
			continue
		}
		plain, done, err := codecs[kind](src)
		if err != nil {
			return nil, close, badRequest(reasonCutOff, "the body cannot be decompressed").because("it says %s: %v", kind, err)
		}
		closers = append(closers, done)
		src = bufio.NewReader(plain)
	}
	return src, close, nil
}

// sniffed corrects the codec that a header names by the first bytes of the body: proxies inflate bodies and leave the
// header, SDK wrappers compress and forget it.
func sniffed(kind string, known bool, first []byte) (codec string, ok bool) {
	found := magic(first)
	switch {
	case kind == "br":
		// No magic of its own, but a stream that starts with { is an empty one (RFC 7932 section 9.2).
		if len(first) > 1 && first[0] == '{' && plain(first) {
			return "", true
		}
		return "br", true
	case found != "":
		return found, true
	case plain(first):
		return "", true
	case kind == "deflate":
		return kind, true // without the zlib header: raw
	}
	return kind, known
}

// magic returns the codec whose signature the body starts with.
func magic(first []byte) string {
	switch {
	case bytes.HasPrefix(first, []byte{0x1f, 0x8b}):
		return "gzip"
	case bytes.HasPrefix(first, []byte{0x28, 0xb5, 0x2f}):
		return "zstd"
	case isZlib(first):
		return "deflate"
	}
	return ""
}

// isZlib reports whether the header of RFC 1950 is there: method 8, a window of at most 32 KiB, the check bits, no
// preset dictionary.
func isZlib(first []byte) bool {
	return len(first) >= 2 && first[0]&0x0f == 8 && first[0]>>4 <= 7 && (uint(first[0])<<8|uint(first[1]))%31 == 0 && first[1]&0x20 == 0
}

// plain reports whether a body starts like JSON, a form or a minidump rather than like anything compressed.
func plain(first []byte) bool {
	if bytes.HasPrefix(first, []byte("--")) || bytes.HasPrefix(first, []byte("MDM")) || bytes.HasPrefix(first, []byte("\xef\xbb\xbf")) {
		return true
	}
	text := bytes.TrimLeft(first, " \t\r\n")
	if len(text) == 0 || text[0] != '{' && text[0] != '[' {
		return false
	}
	return len(text) == 1 || strings.IndexByte(" \t\r\n\"{}[]-0123456789tfn", text[1]) >= 0
}

var gzipReaders, flateReaders, zlibReaders, brotliReaders, zstdReaders sync.Pool

func openGzip(src *bufio.Reader) (io.Reader, func(), error) {
	z, ok := gzipReaders.Get().(*gzip.Reader)
	if !ok {
		z = new(gzip.Reader)
	}
	if err := z.Reset(src); err != nil {
		gzipReaders.Put(z)
		return nil, nil, err
	}
	return &gzipStream{z: z}, func() { gzipReaders.Put(z) }, nil
}

// gzipStream reads all members of a stream; whatever follows the last one is ignored, as gzip itself does.
type gzipStream struct {
	z    *gzip.Reader
	some bool
}

func (g *gzipStream) Read(p []byte) (int, error) {
	n, err := g.z.Read(p)
	g.some = g.some || n > 0
	if g.some && errors.Is(err, gzip.ErrHeader) {
		err = io.EOF
	}
	return n, err
}

// openDeflate takes what HTTP calls deflate (zlib) and what some senders make of it (raw DEFLATE).
func openDeflate(src *bufio.Reader) (io.Reader, func(), error) {
	if first, _ := src.Peek(2); !isZlib(first) {
		f, ok := flateReaders.Get().(io.ReadCloser)
		if !ok {
			f = flate.NewReader(src)
		} else if err := f.(flate.Resetter).Reset(src, nil); err != nil {
			return nil, nil, err
		}
		return f, func() { flateReaders.Put(f) }, nil
	}
	z, ok := zlibReaders.Get().(io.ReadCloser)
	if !ok {
		z, err := zlib.NewReader(src)
		if err != nil {
			return nil, nil, err
		}
		return z, func() { zlibReaders.Put(z) }, nil
	}
	if err := z.(zlib.Resetter).Reset(src, nil); err != nil {
		zlibReaders.Put(z)
		return nil, nil, err
	}
	return z, func() { zlibReaders.Put(z) }, nil
}

func openBrotli(src *bufio.Reader) (io.Reader, func(), error) {
	b, ok := brotliReaders.Get().(*brotli.Reader)
	if !ok {
		b = brotli.NewReader(src)
	} else if err := b.Reset(src); err != nil {
		return nil, nil, err
	}
	return b, func() { brotliReaders.Put(b) }, nil
}

// maxZstdWindow is what RFC 8878 section 3.1.1.1.2 asks every decoder to support; a larger window is memory that a sender
// can make us allocate.
const maxZstdWindow = 8 << 20

func openZstd(src *bufio.Reader) (io.Reader, func(), error) {
	z, ok := zstdReaders.Get().(*zstd.Decoder)
	if !ok {
		var err error
		// Concurrency 1 decodes in this goroutine, so that a decoder left to the garbage collector leaves none behind.
		if z, err = zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(maxZstdWindow)); err != nil {
			return nil, nil, err
		}
	}
	if err := z.Reset(src); err != nil {
		zstdReaders.Put(z)
		return nil, nil, err
	}
	return z, func() {
		_ = z.Reset(nil) // lets go of src
		zstdReaders.Put(z)
	}, nil
}
