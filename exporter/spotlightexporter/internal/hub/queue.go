package hub

import (
	"sync"

	"github.com/gorilla/websocket"
)

// frame is one encoded frame. It is immutable and shared by all clients that get it.
type frame struct {
	message *websocket.PreparedMessage
	size    int    // bytes of JSON
	delta   uint64 // sequence number up to which a delta is complete; 0 for every other frame
}

// queue is what waits for one client. Its owner is the client's writer, the only one who calls next, begin and settle;
// anybody may push. It never blocks: when it is full it is emptied, and from then on only counts, until the writer has
// come round to begin afresh.
type queue struct {
	maxFrames int
	maxBytes  int64 // of frames that wait when another one comes: a single frame of any size always fits

	wake chan struct{} // has one token when next may have something new

	mu     sync.Mutex
	state  queueState
	frames []*frame
	head   int         // index of the oldest frame in frames
	bytes  int64       // of frames[head:]
	lost   resyncCause // why frames were lost, when overflown
	missed uint64      // frames that the client did not get since begin
}

// queueState says what becomes of a pushed frame.
type queueState uint8

const (
	silent    queueState = iota // not subscribed yet: deltas are not for this client, answers are queued
	gathering                   // a snapshot is being made: frames are queued, those that it covers leave again in settle
	flowing                     // frames are queued
	overflown                   // frames are counted and forgotten
)

func newQueue(maxFrames int, maxBytes int64) *queue {
	return &queue{maxFrames: maxFrames, maxBytes: maxBytes, wake: make(chan struct{}, 1)}
}

// push adds a frame, or empties the queue when there is no room.
func (q *queue) push(f *frame) {
	if q.add(f) {
		q.signal()
	}
}

func (q *queue) add(f *frame) (news bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	switch {
	case q.state == silent && f.delta != 0:
		return false
	case q.state == overflown:
		q.missed++
		return false
	case len(q.frames)-q.head >= q.maxFrames || q.bytes > q.maxBytes:
		q.missed++
		q.loseLocked(causeSlow)
		return true
	}
	if q.head > 0 && len(q.frames) == cap(q.frames) { // use the room at the front before growing
		n := copy(q.frames, q.frames[q.head:])
		clear(q.frames[n:])
		q.frames, q.head = q.frames[:n], 0
	}
	q.frames = append(q.frames, f)
	q.bytes += int64(f.size)
	return true
}

// lose empties the queue because frames for it could not be made.
func (q *queue) lose(why resyncCause) {
	q.mu.Lock()
	if q.state == gathering || q.state == flowing {
		q.loseLocked(why)
	}
	q.mu.Unlock()
	q.signal()
}

func (q *queue) loseLocked(why resyncCause) {
	q.missed += uint64(len(q.frames) - q.head)
	q.frames, q.head, q.bytes = nil, 0, 0
	q.state, q.lost = overflown, why
}

// signal lets the writer look again.
func (q *queue) signal() {
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

// next takes the oldest frame. Without one, f is nil; lost says whether, and why, the client has to begin afresh.
func (q *queue) next() (f *frame, lost resyncCause) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.state == overflown {
		return nil, q.lost
	}
	if q.head == len(q.frames) {
		return nil, causeNone
	}
	f = q.frames[q.head]
	q.frames[q.head] = nil
	q.head++
	q.bytes -= int64(f.size)
	if q.head == len(q.frames) {
		q.frames, q.head = q.frames[:0], 0
	}
	return f, causeNone
}

// begin is called before a snapshot is made. It returns how many frames were lost; from now on frames are gathered, so
// that none is lost between the snapshot and them.
func (q *queue) begin() (missed uint64) {
	q.mu.Lock()
	defer q.mu.Unlock()
	missed, q.missed = q.missed, 0
	q.state = gathering
	return missed
}

// settle is called when the snapshot up to seq is made: deltas it covers leave the queue.
func (q *queue) settle(seq uint64) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.state != gathering {
		return // overflown meanwhile
	}
	q.state = flowing
	kept := q.frames[q.head:q.head]
	for _, f := range q.frames[q.head:] {
		if f.delta != 0 && f.delta <= seq {
			q.bytes -= int64(f.size)
			continue
		}
		kept = append(kept, f)
	}
	clear(q.frames[q.head+len(kept):])
	q.frames = q.frames[:q.head+len(kept)]
}
