package spotlightexporter

import (
	"math"
	"runtime/debug"
	"runtime/metrics"
	"sync"
)

// memoryBudget keeps a busy process near the memory its stores were given. Go lets a heap grow to twice of what is live
// before it collects: a full store of 256 MiB would make a process of 700 MiB. While the stores are most of what is live,
// we set Go's memory limit, which makes it collect earlier near the limit and nowhere else. It is left alone when
// GOMEMLIMIT is set, or when something else is what makes the process large.
//
// The limit belongs to the process, so there is one budget for all exporters in it. Safe for concurrent use.
type memoryBudget struct {
	mu    sync.Mutex
	users int
	total int64 // sum of max_bytes
	ours  bool  // nobody else has set a limit
	limit int64 // as set last
}

var budget memoryBudget

const (
	noLimit = math.MaxInt64
	// memoryOverhead is the part of the process that is no store: code and data of the runtime, stacks, requests in
	// flight. What is documented is a little more.
	memoryOverhead = 36 << 20
)

// join adds a store of at most maxBytes. Everyone who joins must leave.
func (b *memoryBudget) join(maxBytes int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.users == 0 {
		b.limit = debug.SetMemoryLimit(-1)
		b.ours = b.limit == noLimit
	}
	b.users++
	b.total += maxBytes
}

func (b *memoryBudget) leave(maxBytes int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.users--
	b.total -= maxBytes
	if b.users == 0 {
		b.setLocked(noLimit)
	}
}

// adjust looks at how large the heap has become. stored is what the stores hold, or a part of it.
func (b *memoryBudget) adjust(stored int64) {
	live := liveHeap()
	b.mu.Lock()
	defer b.mu.Unlock()
	b.setLocked(limitFor(live, stored, b.total))
}

func (b *memoryBudget) setLocked(limit int64) {
	if b.ours && limit != b.limit {
		b.limit = limit
		debug.SetMemoryLimit(limit)
	}
}

// limitFor returns the limit for a process with so much live heap, of which its stores, which may grow to total, hold
// stored.
func limitFor(live, stored, total int64) int64 {
	want := total + total/2 + memoryOverhead
	if others := live - stored; others > want/2 {
		return noLimit // the process is large for other reasons; collecting more would only cost time
	}
	return max(want, live+live/4) // at least a quarter of room, or it would do nothing but collect
}

// liveHeap is what was live after the last collection, in bytes.
func liveHeap() int64 {
	sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(sample)
	if sample[0].Value.Kind() != metrics.KindUint64 {
		return 0
	}
	return int64(sample[0].Value.Uint64())
}
