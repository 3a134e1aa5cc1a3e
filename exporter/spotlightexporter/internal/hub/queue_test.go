package hub

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func pushDelta(q *queue, seq uint64, size int) { q.push(&frame{delta: seq, size: size}) }

func drain(q *queue) (seqs []uint64) {
	for f, lost := q.next(); f != nil && lost == causeNone; f, lost = q.next() {
		seqs = append(seqs, f.delta)
	}
	return seqs
}

func TestQueue_SilentKeepsAnswersOnly(t *testing.T) {
	q := newQueue(4, 100)
	pushDelta(q, 1, 10)
	q.push(&frame{size: 10}) // an answer, say pong
	require.Equal(t, []uint64{0}, drain(q))
}

func TestQueue_SettleDropsWhatTheSnapshotCovers(t *testing.T) {
	q := newQueue(10, 100)
	require.Zero(t, q.begin())
	pushDelta(q, 5, 1)
	q.push(&frame{size: 1})
	pushDelta(q, 6, 1)
	pushDelta(q, 7, 1)
	q.settle(6)
	require.Equal(t, []uint64{0, 7}, drain(q))
	require.Zero(t, q.bytes)
}

func TestQueue_OverflowByFrames(t *testing.T) {
	q := newQueue(3, 100)
	q.begin()
	q.settle(0)
	for seq := uint64(1); seq <= 3; seq++ {
		pushDelta(q, seq, 1)
	}
	pushDelta(q, 4, 1) // does not fit: four are lost
	pushDelta(q, 5, 1) // counted
	f, lost := q.next()
	require.Nil(t, f)
	require.Equal(t, causeSlow, lost)
	require.EqualValues(t, 5, q.begin())
	pushDelta(q, 6, 1)
	q.settle(5)
	require.Equal(t, []uint64{6}, drain(q))
}

func TestQueue_OverflowByBytes(t *testing.T) {
	q := newQueue(100, 100)
	q.begin()
	q.settle(0)
	pushDelta(q, 1, 5000) // one frame always fits, or a large trace could never be sent
	pushDelta(q, 2, 1)
	_, lost := q.next()
	require.Equal(t, causeSlow, lost)
	require.EqualValues(t, 2, q.begin())
}

func TestQueue_OverflowWhileGathering(t *testing.T) {
	q := newQueue(1, 100)
	q.begin()
	pushDelta(q, 1, 1)
	pushDelta(q, 2, 1)
	q.settle(1)
	_, lost := q.next()
	require.Equal(t, causeSlow, lost)
	require.EqualValues(t, 2, q.begin())
}

// Whatever happens, every delta pushed after the first snapshot is either delivered, covered by a snapshot, or counted.
func TestQueue_EveryFrameIsAccountedFor(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q := newQueue(rapid.IntRange(1, 5).Draw(t, "frames"), int64(rapid.IntRange(1, 50).Draw(t, "bytes")))
		q.begin()
		q.settle(0)
		var pushed, delivered, missed, covered uint64
		syncing := false
		waiting := func() uint64 {
			q.mu.Lock()
			defer q.mu.Unlock()
			return uint64(len(q.frames) - q.head)
		}
		t.Repeat(map[string]func(*rapid.T){
			"push": func(t *rapid.T) {
				pushed++
				pushDelta(q, pushed, rapid.IntRange(1, 30).Draw(t, "size"))
			},
			"next": func(t *rapid.T) {
				if syncing {
					t.Skip("the writer is busy")
				}
				f, lost := q.next()
				if f != nil {
					delivered++
				}
				if lost != causeNone {
					missed += q.begin()
					syncing = true
				}
			},
			"settle": func(t *rapid.T) {
				if !syncing {
					t.Skip("no snapshot is being made")
				}
				before := waiting()
				q.settle(pushed)
				covered += before - waiting()
				syncing = false
			},
			"": func(t *rapid.T) {
				q.mu.Lock()
				defer q.mu.Unlock()
				require.Equal(t, pushed, delivered+missed+covered+uint64(len(q.frames)-q.head)+q.missed)
				require.LessOrEqual(t, len(q.frames)-q.head, q.maxFrames)
				total := 0
				for _, f := range q.frames[q.head:] {
					total += f.size
				}
				require.EqualValues(t, total, q.bytes)
			},
		})
	})
}
