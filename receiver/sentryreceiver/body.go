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
	// smallBuffer is what a body starts in: an error event with its source context is about 20 KiB.
	smallBuffer = 32 << 10

	// maxPooledBuffer is the largest buffer that is used again: large bodies are rare and would sit in the pool.
	maxPooledBuffer = 1 << 20

	// roomWait is how long a body waits for memory before its sender is told that there is none. SDKs do not send again, so
	// it is long; their own timeouts are longer still.
	roomWait = 5 * time.Second
)

// bodies reads request bodies into pooled buffers. It is safe for concurrent use.
//
// room bounds the buffers of all bodies that are in memory. It is taken step by step as a body arrives, never by what a
// header announces, so that two large bodies can wait for each other: then both give up after roomWait. parsing bounds the
// memory of their parsed form; a request takes all of it that it needs at once, so that nobody waits for ever.
type bodies struct {
	max     int64 // of one body, inflated
	total   int64
	room    *semaphore.Weighted
	parsing *semaphore.Weighted

	buffers sync.Pool // *buffer
	readers sync.Pool // *bufio.Reader
}

type buffer struct{ b []byte }

func newBodies(limits *LimitsConfig) *bodies {
	return &bodies{
		max:     int64(limits.MaxEnvelopeBytes),
		total:   int64(limits.MaxInflightBytes),
		room:    semaphore.NewWeighted(int64(limits.MaxInflightBytes)),
		parsing: semaphore.NewWeighted(int64(limits.MaxInflightBytes)),
		buffers: sync.Pool{New: func() any { return &buffer{b: make([]byte, 0, smallBuffer)} }},
		readers: sync.Pool{New: func() any { return bufio.NewReader(nil) }},
	}
}

// body is a request body in memory. It has one owner, who calls release when nothing points into data any more.
type body struct {
	data []byte
	wire int64 // bytes read from the connection

	// cut is why the body ended early: a connection that broke, a compressed stream that is damaged. What arrived before
	// is in data.
	cut error

	owner  *bodies
	buf    *buffer
	held   int64 // of owner.room
	parsed int64 // of owner.parsing
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
	return b, b.fill(r.Context(), plain)
}

// fill reads src into a buffer that grows as bytes arrive.
func (b *body) fill(ctx context.Context, src io.Reader) error {
	b.buf = b.owner.buffers.Get().(*buffer)
	data := b.buf.b[:0]
	if err := b.hold(ctx, int64(cap(data))); err != nil {
		return err
	}
	for {
		if len(data) == cap(data) {
			size := 2 * int64(cap(data))
			if size >= b.owner.max {
				size = b.owner.max + 1 // one byte more than allowed, to tell a body at the limit from one over it
			}
			if err := b.hold(ctx, size); err != nil {
				return err
			}
			grown := make([]byte, len(data), size)
			copy(grown, data)
			b.let(int64(cap(data)))
			data = grown
		}
		n, err := src.Read(data[len(data):cap(data)])
		data = data[:len(data)+n]
		b.data, b.buf.b = data, data
		switch {
		case int64(len(data)) > b.owner.max:
			return refuse(http.StatusRequestEntityTooLarge, reasonTooLarge, "the body is too large").because("over %s after decompression (limits::max_envelope_bytes)", bytesize.Bytes(b.owner.max))
		case err == io.EOF:
			return nil
		case err != nil:
			b.cut = err
			return wireError(err, nil)
		}
	}
}

// wireError is the refusal for an error of the connection that leaves nothing to salvage, else otherwise.
func wireError(err, otherwise error) error {
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		return refuse(http.StatusRequestEntityTooLarge, reasonTooLarge, "the body is too large").because("over %s on the wire (max_request_body_size)", bytesize.Bytes(tooLarge.Limit))
	}
	return otherwise
}

// hold takes n bytes of room.
func (b *body) hold(ctx context.Context, n int64) error {
	if !b.owner.room.TryAcquire(n) {
		ctx, cancel := context.WithTimeout(ctx, roomWait)
		defer cancel()
		if err := b.owner.room.Acquire(ctx, n); err != nil {
			return refuse(http.StatusServiceUnavailable, reasonBusy, "too many large requests at once").because("no room within %s (limits::max_inflight_bytes)", roomWait)
		}
	}
	b.held += n
	return nil
}

func (b *body) let(n int64) {
	b.owner.room.Release(n)
	b.held -= n
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
	cost = min(cost, b.owner.total)
	// The first try, because Acquire refuses a context that has ended: a client that hung up after its last word.
	if !b.owner.parsing.TryAcquire(cost) {
		if err := b.owner.parsing.Acquire(ctx, cost); err != nil {
			return refuse(http.StatusServiceUnavailable, reasonBusy, "the request ended before it could be parsed")
		}
	}
	b.parsed += cost
	return nil
}

func (b *body) release() {
	if b.parsed > 0 {
		b.owner.parsing.Release(b.parsed)
	}
	if b.held > 0 {
		b.owner.room.Release(b.held)
	}
	if b.buf != nil && cap(b.buf.b) <= maxPooledBuffer {
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
