package spotlightexporter

import (
	"runtime"
	"runtime/debug"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestLimitFor(t *testing.T) {
	const mib = 1 << 20
	for _, c := range []struct {
		what                      string
		live, stored, total, want int64
	}{
		{"empty", 10 * mib, 0, 256 * mib, 404 * mib},
		{"full", 290 * mib, 256 * mib, 256 * mib, 404 * mib},
		{"full, and much in flight", 400 * mib, 256 * mib, 256 * mib, 500 * mib},
		{"a Collector that is large for other reasons", 600 * mib, 200 * mib, 256 * mib, noLimit},
		{"very large", 4000 * mib, 256 * mib, 256 * mib, noLimit},
		{"two stores, of which one is told", 500 * mib, 256 * mib, 512 * mib, 788 * mib},
	} {
		require.Equal(t, c.want, limitFor(c.live, c.stored, c.total), c.what)
	}
}

func TestMemoryBudget(t *testing.T) {
	require.EqualValues(t, noLimit, debug.SetMemoryLimit(-1), "run the tests without GOMEMLIMIT")
	defer debug.SetMemoryLimit(noLimit)

	var b memoryBudget
	b.join(1 << 30)
	b.join(1 << 30)
	b.adjust(0)
	require.EqualValues(t, 3<<30+memoryOverhead, debug.SetMemoryLimit(-1))
	require.Greater(t, gcPercent(), defaultPercent, "a small heap is collected less often")
	b.leave(1 << 30)
	b.adjust(0)
	require.EqualValues(t, 3<<29+memoryOverhead, debug.SetMemoryLimit(-1))
	b.leave(1 << 30)
	require.EqualValues(t, noLimit, debug.SetMemoryLimit(-1))
	require.Equal(t, defaultPercent, gcPercent())

	debug.SetMemoryLimit(5 << 30) // GOMEMLIMIT=5GiB
	b.join(1 << 30)
	b.adjust(0)
	b.leave(1 << 30)
	require.EqualValues(t, 5<<30, debug.SetMemoryLimit(-1), "what the user has set stays")
	debug.SetMemoryLimit(noLimit)

	debug.SetGCPercent(70) // GOGC=70
	defer debug.SetGCPercent(defaultPercent)
	b.join(1 << 30)
	b.adjust(0)
	require.Equal(t, 70, gcPercent())
	b.leave(1 << 30)
	require.Equal(t, 70, gcPercent(), "what the user has set stays")
}

func gcPercent() int {
	percent := debug.SetGCPercent(defaultPercent)
	debug.SetGCPercent(percent)
	return percent
}

func TestPercentFor(t *testing.T) {
	const mib = 1 << 20
	for live, want := range map[int64]int{0: 1000, 4 * mib: 1000, 8 * mib: 800, 12 * mib: 500, 30 * mib: 200, 32 * mib: 200, 500 * mib: 200} {
		require.Equal(t, want, percentFor(live), "%d MiB", live/mib)
	}
}

// What a large request leaves behind is given back once the process is quiet, and not before.
func TestMemoryBudget_GivesBackWhatIsLeftOver(t *testing.T) {
	var b memoryBudget
	b.join(1 << 30)
	defer b.leave(1 << 30)
	before := readHeap().held
	large := make([]byte, 96<<20)
	for i := range large {
		large[i] = 1
	}
	runtime.KeepAlive(large)
	b.adjust(0)
	require.Greater(t, readHeap().held-before, int64(64<<20))
	for range quietCalls {
		b.adjust(0)
	}
	require.Less(t, readHeap().held-before, int64(leastWaste))
}
