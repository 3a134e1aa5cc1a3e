package spotlightexporter

import (
	"math"
	"runtime/debug"
	"runtime/metrics"
	"sync"
)

// memoryBudget keeps a busy process near the memory its stores were given, and a quiet one near what it needs.
//
// Go lets a heap grow to twice of what is live before it collects. For a full store of 256 MiB that is too much: the
// process would have 700 MiB. For a small one it is too little: with 10 MiB live, Go collects for every 10 MiB of requests,
// and a third of a request's time goes there. So while the stores are most of what is live, we set Go's memory limit, which
// makes it collect earlier near the limit and nowhere else, and let it collect later below. When things have become quiet,
// what is left over is collected and given back to the system at once: Go by itself would do it within minutes.
//
// Each of this is left alone when GOMEMLIMIT or GOGC is set, or when something else is what makes the process large.
//
// All of it belongs to the process, so there is one budget for all exporters in it. Safe for concurrent use.
type memoryBudget struct {
	mu    sync.Mutex
	users int
	total int64 // sum of max_bytes

	limitOurs, percentOurs bool // nobody else has set it
	limit                  int64
	percent                int // both as set last

	// Bytes that the process had allocated at the last adjust, and when memory was last given back.
	allocated, givenBack uint64
	quiet                int // calls of adjust in a row with little allocated before
}

var budget memoryBudget

const (
	noLimit        = math.MaxInt64
	defaultPercent = 100 // Go's default of GOGC
	maxPercent     = 1000

	// memoryOverhead is the part of the process that is no store: code and data of the runtime, stacks, requests in
	// flight. What is documented is 60 MiB: Go does not count the code, some 30 MiB, and overshoots by some 10 MiB under a
	// flood.
	memoryOverhead = 20 << 20

	// leastGrowth is how much a heap may grow between two collections, however small it is.
	leastGrowth = 64 << 20

	// A process is quiet that has allocated less than quietBytes in each of the last quietCalls seconds. How much of what
	// it has allocated is dead then only a collection can tell. It is worth one from leastWaste on; with a large heap, which
	// takes longer, from an eighth of it, but no later than at mostWaste: no single request shall leave more behind.
	quietBytes = 4 << 20
	quietCalls = 2
	leastWaste = 16 << 20
	mostWaste  = 48 << 20
)

// join adds a store of at most maxBytes. Everyone who joins must leave.
func (b *memoryBudget) join(maxBytes int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.users == 0 {
		b.limit = debug.SetMemoryLimit(-1)
		b.limitOurs = b.limit == noLimit
		b.percent = debug.SetGCPercent(defaultPercent) // there is no other way to ask for it
		if b.percentOurs = b.percent == defaultPercent; !b.percentOurs {
			debug.SetGCPercent(b.percent)
		}
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
		b.set(noLimit, defaultPercent)
	}
}

// adjust looks at how large the heap has become. stored is what the stores hold, or a part of it. It is to be called once
// a second; at times it takes as long as a garbage collection.
func (b *memoryBudget) adjust(stored int64) {
	h := readHeap()
	b.mu.Lock()
	defer b.mu.Unlock()
	limit, percent := limitFor(h.live, stored, b.total), defaultPercent
	if limit != noLimit {
		percent = percentFor(h.live)
	}
	b.set(limit, percent)

	if h.allocated-b.allocated < quietBytes {
		b.quiet++
	} else {
		b.quiet = 0
	}
	b.allocated = h.allocated
	waste := uint64(min(max(leastWaste, h.held/8), mostWaste)) // #nosec G115 -- not negative
	if b.limitOurs && limit != noLimit && b.quiet >= quietCalls && h.allocated-b.givenBack >= waste {
		debug.FreeOSMemory()
		b.givenBack = h.allocated
	}
}

// set must be called with the lock held.
func (b *memoryBudget) set(limit int64, percent int) {
	if b.limitOurs && limit != b.limit {
		b.limit = limit
		debug.SetMemoryLimit(limit)
	}
	if b.percentOurs && percent != b.percent {
		b.percent = percent
		debug.SetGCPercent(percent)
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

// percentFor returns by how much a heap may grow before it is collected, in percent of what is live: twice, and by
// leastGrowth. It is rounded, so that it does not change every second.
func percentFor(live int64) int {
	percent := min(max(200, leastGrowth*100/max(live, 1)), maxPercent)
	return int(percent / 50 * 50)
}

// heap is the state of the process's heap, in bytes.
type heap struct {
	live      int64  // found live by the last collection
	held      int64  // from the system: live, dead or free
	allocated uint64 // since the process started
}

func readHeap() heap {
	samples := []metrics.Sample{
		{Name: "/gc/heap/live:bytes"}, {Name: "/memory/classes/heap/objects:bytes"}, {Name: "/memory/classes/heap/free:bytes"}, {Name: "/gc/heap/allocs:bytes"},
	}
	metrics.Read(samples)
	var n [4]uint64
	for i, s := range samples {
		if s.Value.Kind() == metrics.KindUint64 {
			n[i] = s.Value.Uint64()
		}
	}
	return heap{live: int64(n[0]), held: int64(n[1] + n[2]), allocated: n[3]} // #nosec G115 -- sizes of memory
}
