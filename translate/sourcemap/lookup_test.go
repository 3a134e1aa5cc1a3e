package sourcemap

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// Every lookup answers as a walk along the line does, however the segments lie: evenly, in heaps, far apart, or with one
// column for many.
func TestMap_At(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		m := &Map{}
		line := int32(rng.IntN(3))
		for range 1 + rng.IntN(4) {
			m.lines = append(m.lines, run{line: line, first: int32(len(m.cols))})
			col, step := int32(rng.IntN(20)), 1+rng.IntN(30)
			for range 1 + rng.IntN(400) {
				m.cols = append(m.cols, col)
				switch rng.IntN(40) {
				case 0:
					col += int32(rng.IntN(1 << 20))
				case 1, 2, 3:
				default:
					col += int32(rng.IntN(step))
				}
			}
			line += int32(1 + rng.IntN(2)*rng.IntN(5))
		}
		m.segments = make([]segment, len(m.cols))
		m.addStretches()
		for range 400 {
			line, col := rng.IntN(int(line)+2), int(m.cols[rng.IntN(len(m.cols))])+rng.IntN(5)-2
			require.Equal(t, walk(m, line, col), m.at(line, col), "line %d, column %d of %v, %v", line, col, m.lines, m.cols)
		}
		require.Equal(t, walk(m, int(line)-1, 1<<30), m.at(int(line)-1, 1<<30))
	}
}

// walk is Map.at, one segment after the other.
func walk(m *Map, line, col int) int {
	found := -1
	for i := range m.lines {
		if int(m.lines[i].line) != line {
			continue
		}
		first, end := m.line(i)
		for k := first; k < end && int(m.cols[k]) <= col; k++ {
			if found < 0 || int(m.cols[k]) != col || m.cols[found] != m.cols[k] {
				found = k
			}
		}
	}
	return found
}
