package hub

import (
	"time"

	"go.uber.org/zap"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// How often deltas are made. A change that comes alone is sent at once; what changes within the pause after a frame
// shares the next one. The pause grows with what the frame cost, so that a flood is sent in few large frames and takes a
// bounded share of the processor and of the wire.
const (
	minPause       = 2 * time.Millisecond   // well below the 10 ms between requests at 100 a second
	maxPause       = 250 * time.Millisecond // a page still looks alive
	bytesPerSecond = 8 << 20                // to each client; a browser parses about 100 MB/s of JSON
	costShare      = 3                      // pause three times as long as making the frame took: a quarter of one core
)

// pauseAfter returns how long to gather changes after a frame of so many bytes that took so long to make.
func pauseAfter(size int, cost time.Duration) time.Duration {
	wire := time.Duration(size) * time.Second / bytesPerSecond
	return min(max(minPause, wire, costShare*cost), maxPause)
}

// runLists is the goroutine that makes deltas, the only one that moves h.seq.
func (h *Hub) runLists(changed <-chan struct{}) {
	defer h.store.Unsubscribe(changed)
	repeats := newRepeats()
	later := time.NewTimer(0) // a pause, or the moment until which repetitions are held
	defer later.Stop()
	for {
		select {
		case <-h.done:
			return
		case <-changed:
		case <-later.C:
		}
		start := time.Now()
		if h.Clients() == 0 {
			repeats.held = time.Time{}
		} else if changes, ok := h.store.Changes(h.seq.Load()); ok {
			if changes.Empty() {
				continue
			}
			if due := repeats.due(&changes, start); due.After(start) {
				later.Reset(due.Sub(start))
				continue
			}
			repeats.sent(&changes, start)
		}
		size := h.sendDelta()
		later.Reset(pauseAfter(size, time.Since(start)))
		select {
		case <-h.done:
			return
		case <-later.C:
		}
	}
}

// sendDelta brings all clients up to date and returns the size of the frame.
func (h *Hub) sendDelta() (size int) {
	// The order matters: a client that joins after the sequence number is read makes its snapshot at a later one.
	now := h.query.Seq()
	clients := h.everyone()
	if len(clients) == 0 {
		h.seq.Store(now)
		h.snapshot.forget()
		return 0
	}
	since := h.seq.Load()
	lists, seq, ok := h.query.Delta(since)
	if !ok { // more changed at once than the store remembers
		for _, c := range clients {
			c.queue.lose(causeExpired)
		}
		h.seq.Store(now)
		return 0
	}
	if lists == nil {
		h.seq.Store(seq)
		return 0
	}
	f, err := encode(&model.ServerFrame{Seq: seq, Type: model.FrameDelta, Delta: lists})
	if err != nil { // a value that JSON cannot hold: cannot happen with our types, and must not end the hub
		h.options.Logger.Error("frame could not be encoded", zap.String("frame", "delta"), zap.Error(err))
		h.seq.Store(seq)
		return 0
	}
	// Clients that joined while the frame was made get it too: everyone is asked again.
	for _, c := range h.everyone() {
		c.queue.push(f)
	}
	h.seq.Store(seq)
	h.snapshot.forget()
	return f.size
}
