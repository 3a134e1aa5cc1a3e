package spotlightexporter

import (
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
		{"empty", 10 * mib, 0, 256 * mib, 420 * mib},
		{"full", 290 * mib, 256 * mib, 256 * mib, 420 * mib},
		{"full, and much in flight", 400 * mib, 256 * mib, 256 * mib, 500 * mib},
		{"a Collector that is large for other reasons", 600 * mib, 200 * mib, 256 * mib, noLimit},
		{"very large", 4000 * mib, 256 * mib, 256 * mib, noLimit},
		{"two stores, of which one is told", 500 * mib, 256 * mib, 512 * mib, 804 * mib},
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
	b.leave(1 << 30)
	b.adjust(0)
	require.EqualValues(t, 3<<29+memoryOverhead, debug.SetMemoryLimit(-1))
	b.leave(1 << 30)
	require.EqualValues(t, noLimit, debug.SetMemoryLimit(-1))

	debug.SetMemoryLimit(5 << 30) // GOMEMLIMIT=5GiB
	b.join(1 << 30)
	b.adjust(0)
	b.leave(1 << 30)
	require.EqualValues(t, 5<<30, debug.SetMemoryLimit(-1), "what the user has set stays")
}
