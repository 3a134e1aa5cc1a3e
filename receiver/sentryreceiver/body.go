package sentryreceiver

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"

	"github.com/otelcol-spotlight/otelcol-spotlight/internal/bytesize"
)

const (
	// firstBuffer is what a body starts in: an error event with its source context is about 20 KiB.
	firstBuffer = 32 << 10

	// smallBuffer is the memory that every body may take while it is read; buffers up to it are used again.
	smallBuffer = 512 << 10

	// roomWait is how long a body waits for memory before its sender is told that there is none. SDKs do not send again, so
	// it is long.
	roomWait = 30 * time.Second
)

// bodies reads request bodies into pooled buffers, in bounded memory. It is safe for concurrent use.
//
// A quarter of the memory is for small buffers: one for each body that is being read, so that ordinary traffic is never
// behind more than its like. The rest is for large bodies, which take what they need at once, or all of it if nobody
// knows how large they are going to be: so they are read one after another rather than each in part, waiting for each
// other. Parsing has as much memory again. Who holds one waits only for those after it, in the order room, large,
// parsing; nobody waits for ever.
type bodies struct {
	max      int64 // of one body, inflated
	most     int64 // of parsing
	maxLarge int64 // of large

	room, large, parsing *semaphore.Weighted

	buffers sync.Pool // *buffer
	readers sync.Pool // *bufio.Reader
}

type buffer struct{ b []byte }

func newBodies(limits *LimitsConfig) *bodies {
	most := int64(limits.MaxInflightBytes)
	large := most - most/4
	return &bodies{
		max:      int64(limits.MaxEnvelopeBytes),
		most:     most,
		room:     semaphore.NewWeighted(max(most/4, smallBuffer)),
		large:    semaphore.NewWeighted(large),
		parsing:  semaphore.NewWeighted(most),
		maxLarge: large,
		buffers:  sync.Pool{New: func() any { return &buffer{b: make([]byte, 0, firstBuffer)} }},
		readers:  sync.Pool{New: func() any { return bufio.NewReader(nil) }},
	}
}

// body is a request body in memory. It has one owner, who calls release when nothing points into data any more.
type body struct {
	data []byte
	wire int64 // bytes read from the connection

	// cut is why the body ended early: a connection that broke, a compressed stream that is damaged. What arrived before
	// is in data.
	cut error

	owner                *bodies
	buf                  *buffer
	room, large, parsing int64 // held of owner's
}

// read reads and decompresses the body of r. sniff lets the first bytes overrule Content-Encoding. The error is a
// *refusal, and the body must be released in any case.
func (bs *bodies) read(r *http.Request, sniff bool) (*body, error) {
	b := &body{owner: bs}
	counted := &countingReader{r: r.Body}
	src := bs.readers.Get().(*bufio.Reader)
	src.Reset(counted)
	defer func() {
		src.Reset(nil)
		bs.readers.Put(src)
		b.wire = counted.n
	}()
	plain, done, err := inflated(src, r.Header.Get("Content-Encoding"), sniff)
	defer done()
	if err != nil {
		if counted.err != nil {
			err = wireError(counted.err, err)
		}
		return b, err
	}
	expected := int64(0)
	if plain == src {
		expected = r.ContentLength // nothing was decompressed; -1 if it is chunked
	}
	return b, b.fill(r.Context(), plain, expected)
}

// fill reads src into a buffer that grows as bytes arrive, never by what was announced. expected is the size of the body
// if that is known; it only says where to stop growing.
func (b *body) fill(ctx context.Context, src io.Reader, expected int64) error {
	if err := hold(ctx, b.owner.room, smallBuffer, &b.room); err != nil {
		return err
	}
	b.buf = b.owner.buffers.Get().(*buffer)
	data := b.buf.b[:0]
	for {
		if len(data) == cap(data) {
			size := b.nextSize(int64(cap(data)), expected)
			if size > smallBuffer && b.large == 0 {
				if err := hold(ctx, b.owner.large, b.largeNeed(expected), &b.large); err != nil {
					return err
				}
			}
			grown := make([]byte, len(data), size)
			copy(grown, data)
			data = grown
		}
		n, err := src.Read(data[len(data):cap(data)])
		data = data[:len(data)+n]
		b.data, b.buf.b = data, data
		switch {
		case int64(len(data)) > b.owner.max:
			return refuse(http.StatusRequestEntityTooLarge, reasonTooLarge, "the body is too large").because("over %s after decompression (limits::max_envelope_bytes)", bytesize.Bytes(b.owner.max))
		case err == io.EOF:
			b.shrink()
			return nil
		case err != nil:
			b.cut = err
			b.shrink()
			return wireError(err, nil)
		}
	}
}

// nextSize is the size of the buffer after one of size bytes is full. At the end there is room for one byte more than
// allowed, to tell a body at the limit from one over it.
func (b *body) nextSize(size, expected int64) int64 {
	next := 2 * size
	if expected > size && next > expected {
		next = expected + 1 // and one more to find the end without growing
	}
	if next >= b.owner.max {
		next = b.owner.max + 1
	}
	return next
}

// largeNeed is the memory of a large body while its buffer is copied to one of twice the size: all that there is, unless
// its size is known.
func (b *body) largeNeed(expected int64) int64 {
	if expected <= 0 {
		return b.owner.maxLarge
	}
	return min(2*expected, b.owner.maxLarge)
}

// shrink gives back what a large body needed only while it grew.
func (b *body) shrink() {
	if spare := b.large - int64(cap(b.data)); spare > 0 {
		b.owner.large.Release(spare)
		b.large -= spare
	}
}

// wireError is the refusal for an error of the connection that leaves nothing to salvage, else otherwise.
func wireError(err, otherwise error) error {
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		return refuse(http.StatusRequestEntityTooLarge, reasonTooLarge, "the body is too large").because("over %s on the wire (max_request_body_size)", bytesize.Bytes(tooLarge.Limit))
	}
	return otherwise
}

// hold takes n bytes of from and adds them to held.
func hold(ctx context.Context, from *semaphore.Weighted, n int64, held *int64) error {
	// The first try, because Acquire refuses a context that has ended: a client may hang up after its last word.
	if !from.TryAcquire(n) {
		ctx, cancel := context.WithTimeout(ctx, roomWait)
		defer cancel()
		if err := from.Acquire(ctx, n); err != nil {
			return refuse(http.StatusServiceUnavailable, reasonBusy, "too many large requests at once").because("no memory within %s (limits::max_inflight_bytes)", roomWait)
		}
	}
	*held += n
	return nil
}

const (
	// perValue is the memory of one parsed JSON value: fastjson's Value and its place in a list or an object.
	perValue = 100

	// smallBody is parsed without counting its values: counting costs as much as it saves. Honest JSON has a value for
	// about every 20 bytes.
	smallBody    = 64 << 10
	smallPerByte = 16
)

// jsonCost estimates the memory of the body's parsed form. The parser has a bound of its own for one payload.
func (b *body) jsonCost() int64 {
	if len(b.data) <= smallBody {
		return int64(len(b.data)) * smallPerByte
	}
	return perValue * int64(bytes.Count(b.data, []byte(","))+bytes.Count(b.data, []byte("["))+bytes.Count(b.data, []byte("{")))
}

// beforeParsing waits until there is memory for cost bytes; a cost beyond all memory waits for all of it.
func (b *body) beforeParsing(ctx context.Context, cost int64) error {
	return hold(ctx, b.owner.parsing, min(cost, b.owner.most), &b.parsing)
}

func (b *body) release() {
	b.owner.parsing.Release(b.parsing)
	b.owner.large.Release(b.large)
	b.owner.room.Release(b.room)
	if b.buf != nil && cap(b.buf.b) <= smallBuffer {
		b.buf.b = b.buf.b[:0]
		b.owner.buffers.Put(b.buf)
	}
	*b = body{owner: b.owner}
}

// countingReader counts what came over the wire and remembers its error, which decoders may hide.
type countingReader struct {
	r   io.Reader
	n   int64
	err error
}

func (c *countingReader) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	if err != nil && err != io.EOF {
		c.err = err
	}
	return n, err
}
