package hub

import (
	"net"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// dialSlow connects a client that does not read until it is told to, with little room on the way. (Much less, and the
// kernel would trickle out a segment every 200 ms: MSS is 64 KiB on loopback.)
func (w *world) dialSlow() *peer {
	w.tb.Helper()
	dialer := websocket.Dialer{
		Subprotocols: []string{model.Subprotocol},
		NetDial: func(network, addr string) (net.Conn, error) {
			conn, err := net.Dial(network, addr)
			if err == nil {
				err = conn.(*net.TCPConn).SetReadBuffer(256 << 10)
			}
			return conn, err
		},
	}
	conn, _, err := dialer.Dial(w.url, nil)
	require.NoError(w.tb, err)
	w.tb.Cleanup(func() { _ = conn.Close() })
	return &peer{tb: w.tb, conn: conn}
}

// addBulk stores so many logs that a few deltas fill the sockets.
func (w *world) addBulk() {
	b := &model.Batch{}
	for range 50 {
		b.Logs = append(b.Logs, &model.Log{LogSummary: model.LogSummary{
			Time: model.TimeOf(time.Now()), Level: model.LevelInfo, Message: strings.Repeat("bulk ", 800), Service: "shop", Origin: model.OriginOTel,
		}})
	}
	w.store.Add(b)
}

func TestSlow_OverflowIsAResyncWithTheNumberMissed(t *testing.T) {
	w := newWorld(t, Options{QueueFrames: 8})
	w.addSpan(1, 1, 0)
	fast, slow := w.join(), w.dialSlow()
	slow.want(model.FrameHello)
	slow.send(model.ClientFrame{Type: model.RequestSubscribe})
	slow.want(model.FrameSnapshot)
	slow.send(model.ClientFrame{Type: model.RequestOpen, TraceID: traceID(1)})
	require.True(t, slow.until(model.FrameTrace).Trace.Whole)

	// The slow one stops reading. The fast one reads every delta at once.
	deltas := 0
	last := uint64(0)
	for w.lost() == 0 || deltas < 40 {
		require.Less(t, deltas, 20_000, "the slow client's queue never overflowed")
		w.addBulk()
		f := fast.want(model.FrameDelta)
		require.Greater(t, f.Seq, last)
		last = f.Seq
		deltas++
	}

	t.Logf("%d deltas until the queue was full", deltas)
	require.Eventually(t, func() bool { return w.hub.seq.Load() == last }, waitFor, tick, "the last delta is in every queue")

	// Now it reads: what was on the way, then how many are missing, then everything as it is.
	got := 0
	var resync model.ServerFrame
	for {
		f := slow.next()
		if f.Type == model.FrameResync {
			resync = f
			break
		}
		require.Equal(t, model.FrameDelta, f.Type)
		got++
	}
	require.Equal(t, "slow_client", resync.Reason)
	require.EqualValues(t, deltas, uint64(got)+resync.Missed)
	require.Equal(t, last, slow.want(model.FrameSnapshot).Seq)
	require.True(t, slow.want(model.FrameTrace).Trace.Whole, "what it has open is sent again")

	w.addEvent(9)
	slow.untilEvent(9)
	fast.untilEvent(9)
	stats := w.hub.Stats()
	require.EqualValues(t, 1, stats.Resyncs["slow_client"])
	require.Equal(t, resync.Missed, stats.Missed)
}

// lost is the number of clients whose queue has overflown.
func (w *world) lost() (n int) {
	for _, c := range w.hub.everyone() {
		c.queue.mu.Lock()
		if c.queue.state == overflown {
			n++
		}
		c.queue.mu.Unlock()
	}
	return n
}

func TestSlow_CloseCutsWhoDoesNotRead(t *testing.T) {
	w := newWorld(t, Options{QueueFrames: 8})
	fast, slow := w.join(), w.dialSlow()
	slow.want(model.FrameHello)
	slow.send(model.ClientFrame{Type: model.RequestSubscribe})
	slow.want(model.FrameSnapshot)
	for w.lost() == 0 { // its writer hangs
		w.addBulk()
		fast.want(model.FrameDelta)
	}
	start := time.Now()
	w.hub.Close()
	require.Less(t, time.Since(start), 5*closeGrace)
	require.Zero(t, w.hub.Clients())
}

// A flood does not become a flood of frames.
func TestSlow_FloodIsCoalesced(t *testing.T) {
	const events = 20_000
	w := newWorld(t, Options{})
	p := w.join()
	start := time.Now()
	go func() {
		for n := uint64(1); n <= events; n++ {
			w.addEvent(n)
		}
	}()
	frames, seq := 0, uint64(0)
	for counts := 0; counts < events; frames++ {
		f := p.want(model.FrameDelta)
		require.Greater(t, f.Seq, seq)
		seq = f.Seq
		if f.Delta.Counts != nil {
			counts = f.Delta.Counts.Events
		}
	}
	most := int(time.Since(start)/minPause) + 2
	t.Logf("%d frames for %d events in %s", frames, events, time.Since(start))
	require.LessOrEqual(t, frames, most)
}
