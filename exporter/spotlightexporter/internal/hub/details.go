package hub

import (
	"fmt"
	"sync"
	"time"

	"go.uber.org/zap"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// maxOpen is how many traces, and how many events, one client may have open. The overlay opens one of each, and a few
// while it prefetches.
const maxOpen = 64

// details follows what clients have opened. One goroutine, run, makes all frames of it; clients' readers and writers only
// note what is wanted.
//
// Frames are pushed with mu held, so that a client gets no change of something it has closed, or not yet got as a whole.
// Pushing is quick: it appends to a slice.
type details struct {
	hub  *Hub
	wake chan struct{} // has one token when something was opened

	mu     sync.Mutex
	traces map[model.TraceID]*traceWatch
	events map[model.EventID]*eventWatch
}

// traceWatch is an opened trace.
type traceWatch struct {
	clients map[*client]standing
	version uint64    // that the clients which are current have, at least
	next    time.Time // not before this is it looked at again
	changed time.Time // when a change was sent last
}

// eventWatch is an opened event.
type eventWatch struct {
	clients map[*client]standing
	rev     uint64 // of the frame that the clients which are current have
	next    time.Time
}

// standing is what a client has of something it opened.
type standing uint8

const (
	lacking standing = iota // nothing yet
	told                    // that it is not in the store; it is sent when it comes
	current                 // the whole, and every change since
)

func newDetails(h *Hub) *details {
	return &details{
		hub:    h,
		wake:   make(chan struct{}, 1),
		traces: map[model.TraceID]*traceWatch{},
		events: map[model.EventID]*eventWatch{},
	}
}

func (d *details) signal() {
	select {
	case d.wake <- struct{}{}:
	default:
	}
}

// openTrace sends the trace to c, and its changes from then on. Opening again sends the whole again.
func (d *details) openTrace(c *client, id model.TraceID) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if _, open := c.traces[id]; !open && len(c.traces) >= maxOpen {
		return fmt.Errorf("%d traces are open; close one first", maxOpen)
	}
	c.traces[id] = struct{}{}
	w := d.traces[id]
	if w == nil {
		w = &traceWatch{clients: map[*client]standing{}}
		d.traces[id] = w
	}
	w.clients[c] = lacking
	w.next = time.Time{}
	d.signal()
	return nil
}

// openEvent is openTrace for an event.
func (d *details) openEvent(c *client, id model.EventID) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if _, open := c.events[id]; !open && len(c.events) >= maxOpen {
		return fmt.Errorf("%d events are open; close one first", maxOpen)
	}
	c.events[id] = struct{}{}
	w := d.events[id]
	if w == nil {
		w = &eventWatch{clients: map[*client]standing{}}
		d.events[id] = w
	}
	w.clients[c] = lacking
	w.next = time.Time{}
	d.signal()
	return nil
}

func (d *details) closeTrace(c *client, id model.TraceID) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.closeTraceLocked(c, id)
}

func (d *details) closeTraceLocked(c *client, id model.TraceID) {
	delete(c.traces, id)
	if w := d.traces[id]; w != nil {
		delete(w.clients, c)
		if len(w.clients) == 0 {
			delete(d.traces, id)
		}
	}
}

func (d *details) closeEvent(c *client, id model.EventID) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.closeEventLocked(c, id)
}

func (d *details) closeEventLocked(c *client, id model.EventID) {
	delete(c.events, id)
	if w := d.events[id]; w != nil {
		delete(w.clients, c)
		if len(w.clients) == 0 {
			delete(d.events, id)
		}
	}
}

// leave closes everything c has open.
func (d *details) leave(c *client) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for id := range c.traces {
		d.closeTraceLocked(c, id)
	}
	for id := range c.events {
		d.closeEventLocked(c, id)
	}
}

// begin begins c's queue afresh and sees to it that everything c has open is sent again as a whole.
func (d *details) begin(c *client) (missed uint64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	missed = c.queue.begin()
	for id := range c.traces {
		w := d.traces[id]
		w.clients[c] = lacking
		w.next = time.Time{}
	}
	for id := range c.events {
		w := d.events[id]
		w.clients[c] = lacking
		w.next = time.Time{}
	}
	if len(c.traces)+len(c.events) > 0 {
		d.signal()
	}
	return missed
}

// run is the goroutine that makes the frames of opened traces and events.
func (d *details) run(changed <-chan struct{}) {
	defer d.hub.store.Unsubscribe(changed)
	later := time.NewTimer(time.Hour)
	defer later.Stop()
	for {
		select {
		case <-d.hub.done:
			return
		case <-changed:
		case <-d.wake:
		case <-later.C:
		}
		if next := d.pass(); !next.IsZero() {
			later.Reset(time.Until(next))
		}
	}
}

// pass looks at everything that is open and due, and returns when to look again at what was not due.
func (d *details) pass() (next time.Time) {
	now := time.Now()
	notDue := func(t time.Time) bool {
		if !t.After(now) {
			return false
		}
		if next.IsZero() || t.Before(next) {
			next = t
		}
		return true
	}
	d.mu.Lock()
	var traces []model.TraceID
	for id, w := range d.traces {
		if !notDue(w.next) {
			traces = append(traces, id)
		}
	}
	var events []model.EventID
	for id, w := range d.events {
		if !notDue(w.next) {
			events = append(events, id)
		}
	}
	d.mu.Unlock()
	for _, id := range traces {
		d.sendTrace(id)
	}
	for _, id := range events {
		d.sendEvent(id)
	}
	return next
}

// sendTrace sends a trace whole to clients that lack it, and what changed of it to the others.
func (d *details) sendTrace(id model.TraceID) {
	d.mu.Lock()
	w := d.traces[id]
	if w == nil {
		d.mu.Unlock()
		return
	}
	since, anyLacking, anyCurrent := w.version, false, false
	for _, s := range w.clients {
		anyLacking = anyLacking || s != current
		anyCurrent = anyCurrent || s == current
	}
	d.mu.Unlock()

	start, size := time.Now(), 0
	seq := d.hub.seq.Load()
	var whole, change *frame
	var version uint64 // the lowest of what was made: what lies between comes once more in the next change
	here := true
	if anyCurrent {
		var f *model.TraceFrame
		if f, here = d.hub.query.TraceFrame(id, since); here && f != nil {
			version = f.Version
			change = d.encodeTrace(seq, f)
			if f.Whole { // the change could not be told apart: it serves everyone
				whole = change
			}
			size += change.size
		} else {
			version = since
		}
	}
	if here && anyLacking && whole == nil {
		var f *model.TraceFrame
		if f, here = d.hub.query.TraceFrame(id, 0); here && f != nil {
			if !anyCurrent {
				version = f.Version
			}
			whole = d.encodeTrace(seq, f)
			size += whole.size
		}
	}

	var gone *frame
	if !here {
		gone = d.notHere(id.String())
	}

	d.mu.Lock()
	defer d.mu.Unlock()
	if w != d.traces[id] {
		return // all clients closed it meanwhile
	}
	if here && version != 0 {
		w.version = version
	}
	w.next = start.Add(pauseAfter(size, time.Since(start)))
	if change != nil {
		if start.Sub(w.changed) < 2*hold && w.next.Before(start.Add(hold)) {
			w.next = start.Add(hold) // it keeps changing, see hold
		}
		w.changed = start
	}
	for c, s := range w.clients {
		switch {
		case !here && s != told:
			c.queue.push(gone)
			w.clients[c] = told
		case !here:
		case s == current && change != nil:
			c.queue.push(change)
		case s != current && whole != nil:
			c.queue.push(whole)
			w.clients[c] = current
		case s == lacking: // opened while the frames were made
			w.next = time.Time{}
			d.signal()
		}
	}
}

func (d *details) encodeTrace(seq uint64, f *model.TraceFrame) *frame {
	return d.encode(&model.ServerFrame{Seq: seq, Type: model.FrameTrace, Trace: f})
}

// sendEvent sends an event to clients that lack it, and to the others when it materialises differently.
func (d *details) sendEvent(id model.EventID) {
	seq := d.hub.seq.Load()
	event, here := d.hub.query.Event(id)

	d.mu.Lock()
	w := d.events[id]
	if w == nil {
		d.mu.Unlock()
		return
	}
	differs, anyLacking := here && event.MergeRev != w.rev, false
	for _, s := range w.clients {
		anyLacking = anyLacking || s != current
	}
	d.mu.Unlock()

	var f *frame
	switch {
	case !here:
		f = d.notHere(id.String())
	case differs || anyLacking:
		f = d.encode(&model.ServerFrame{Seq: seq, Type: model.FrameEvent, Event: event})
	}

	d.mu.Lock()
	defer d.mu.Unlock()
	if w != d.events[id] {
		return
	}
	w.next = time.Now().Add(d.hub.options.Debounce)
	if here && f != nil {
		w.rev = event.MergeRev
	}
	for c, s := range w.clients {
		switch {
		case !here && s != told:
			c.queue.push(f)
			w.clients[c] = told
		case !here:
		case f != nil && (s != current || differs):
			c.queue.push(f)
			w.clients[c] = current
		case s == lacking: // opened while the frame was made
			w.next = time.Time{}
			d.signal()
		}
	}
}

// notHere answers an open of something that is not, or no longer, in the store.
func (d *details) notHere(id string) *frame {
	return d.encode(&model.ServerFrame{Seq: d.hub.seq.Load(), Type: model.FrameError, Error: &model.FrameFault{
		Request: model.RequestOpen,
		ID:      id,
		Text:    "not in the store: it was evicted or cleared, or has not arrived; it is sent when it arrives",
	}})
}

// encode makes a frame. What cannot be encoded, which our types rule out, is logged and sent as an error.
func (d *details) encode(f *model.ServerFrame) *frame {
	out, err := encode(f)
	if err == nil {
		return out
	}
	d.hub.options.Logger.Error("frame could not be encoded", zap.String("frame", string(f.Type)), zap.Error(err))
	out, _ = encode(&model.ServerFrame{Seq: f.Seq, Type: model.FrameError, Error: &model.FrameFault{
		Request: model.RequestOpen, Text: "it could not be encoded; see the Collector's log",
	}})
	return out
}
