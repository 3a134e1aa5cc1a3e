package hub

import (
	"encoding/json"
	"sync"

	"github.com/gorilla/websocket"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// encode makes a frame, once for all clients that will get it.
func encode(f *model.ServerFrame) (*frame, error) {
	text, err := json.Marshal(f)
	if err != nil {
		return nil, err
	}
	message, err := websocket.NewPreparedMessage(websocket.TextMessage, text)
	if err != nil {
		return nil, err
	}
	out := &frame{message: message, size: len(text)}
	if f.Type == model.FrameDelta {
		out.delta = f.Seq
	}
	return out, nil
}

// snapshotCache shares one encoded snapshot between clients that connect at the same moment, as all of them do when the
// Collector has restarted.
type snapshotCache struct {
	mu    sync.Mutex // held while a snapshot is made, so that only one is
	seq   uint64
	frame *frame
}

// snapshotFrame returns the lists as they are now, complete up to seq.
func (h *Hub) snapshotFrame() (f *frame, seq uint64, err error) {
	s := &h.snapshot
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.frame != nil && s.seq == h.query.Seq() {
		return s.frame, s.seq, nil
	}
	lists, seq := h.query.Snapshot()
	f, err = encode(&model.ServerFrame{Seq: seq, Type: model.FrameSnapshot, Snapshot: lists})
	if err != nil {
		return nil, 0, err
	}
	s.seq, s.frame = seq, f
	return f, seq, nil
}

// forget lets the snapshot go, which is outdated anyway.
func (s *snapshotCache) forget() {
	if s.mu.TryLock() { // whoever holds it is making a newer one
		s.frame = nil
		s.mu.Unlock()
	}
}
