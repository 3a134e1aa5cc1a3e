package frompdata

import (
	"sync"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// Bounds of one record and of one call. A record that meets one is kept, cut, and says so.
//
// Text is not cut: a long SQL statement or prompt is what its developer wants to read, and the store is bounded in
// bytes. Only what travels in summaries is (maxName, maxMessage, maxValue).
const (
	maxAttributes   = 4096     // attributes of one record; SDKs stop at 128 by default
	maxDepth        = 64       // levels of lists and maps in a value; JSON parsers of browsers stop in the thousands
	maxElements     = 16384    // elements of the lists and maps in one value; embeddings have up to 4,096
	maxValues       = 2 << 20  // values of one call: 2 bytes on the wire each, some 60 in memory
	maxName         = 1 << 10  // bytes of a span's name
	maxMessage      = 4 << 10  // bytes of LogSummary.Message, SpanSummary.StatusMessage
	maxValue        = 1 << 10  // bytes of EventSummary.Value
	maxService      = 256      // bytes of a service name
	maxSentWarnings = 64       // warnings taken from the attribute conventions.Warnings
	maxBuckets      = 64 << 10 // buckets of one histogram point; SDKs use up to 160
	maxInterned     = 32       // bytes of a value that is worth looking for a copy
)

// builder makes a batch. It has one owner for one call, and serves another one then: it is larger than many a batch.
type builder struct {
	opts  Options
	came  model.Time // Options.Received
	batch *model.Batch
	own   []ownEndpoint

	records int // how many more records this call may make
	values  int // how many more values
	dropped int // attributes cut from the record at hand
	warn    warning

	threw  bool // the span at hand has an exception event
	facts  facts
	source source

	attrs []model.Attribute // room for the attributes of the run at hand, see share

	room   [maxShape]model.Attribute // for the facts of one span
	packer model.Packer              // of a run of spans

	shapes [4]shape // by number of attributes

	// seen holds texts of this call, so that equal ones share memory: a direct-mapped cache by hash.
	seen [256]string
}

var builders = sync.Pool{New: func() any { return new(builder) }}

// build has a builder make the batch of one call.
func build(opts Options, translate func(*builder)) *model.Batch {
	if opts.MaxRecords <= 0 {
		opts.MaxRecords = DefaultMaxRecords
	}
	b := builders.Get().(*builder)
	*b = builder{
		packer:  b.packer,
		opts:    opts,
		batch:   &model.Batch{},
		own:     ownEndpoints(opts.OwnEndpoints),
		records: opts.MaxRecords,
		values:  maxValues,
	}
	if !opts.Received.IsZero() {
		b.came = model.TimeOf(opts.Received)
	}
	translate(b)
	batch := b.batch
	*b = builder{packer: b.packer.Reusable()} // it must not keep alive what it made
	builders.Put(b)
	return batch
}

// take asks for room for one more record; without, the caller drops the record and says so with drop.
func (b *builder) take() bool {
	if b.records == 0 {
		return false
	}
	b.records--
	return true
}

func (b *builder) drop(reason string, n int) {
	if n <= 0 {
		return
	}
	if b.batch.Dropped == nil {
		b.batch.Dropped = make(map[string]int)
	}
	b.batch.Dropped[reason] += n
}

// share makes room for n attributes, of records that may share their memory: one allocation instead of one for each.
func (b *builder) share(n int) {
	b.attrs = make([]model.Attribute, min(n, run*maxShape))
}

// makeAttributes returns n zero attributes.
func (b *builder) makeAttributes(n int) model.Attributes {
	if n == 0 {
		return nil
	}
	if len(b.attrs) < n {
		return make(model.Attributes, n)
	}
	out := b.attrs[:n:n]
	b.attrs = b.attrs[n:]
	return model.Attributes(out)
}

// received is the time of arrival, 0 when it is unknown.
func (b *builder) received() model.Time { return b.came }
