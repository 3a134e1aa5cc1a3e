package live

import (
	"time"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

const (
	recentWindow = model.Time(time.Minute) // SDKs and exporters that send again do so within seconds
	recentMax    = 1 << 16                 // hashes of one generation, some 2 MiB; under a flood the window is shorter
)

// recent remembers the hashes of the records of the last minute or two, to know those that are sent again. It keeps two
// generations and drops the older one when a minute is over or the newer one is full.
type recent struct {
	now, old map[uint64]uint64 // hash → number of the batch it came in
	turn     model.Time        // when the newer generation ends
}

// seen reports whether hash came in an earlier batch, and remembers it. within counts the same batch as well: right for
// records that carry an identity of their own, and wrong for, say, two equal log lines of one millisecond.
func (r *recent) seen(hash, batch uint64, within bool, now model.Time) bool {
	if r.now == nil || now > r.turn || len(r.now) >= recentMax {
		r.old, r.now = r.now, make(map[uint64]uint64)
		r.turn = now + recentWindow
	}
	b, ok := r.now[hash]
	if !ok {
		b, ok = r.old[hash]
	}
	if !ok {
		r.now[hash] = batch
		return false
	}
	return within || b != batch
}
