package hub

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/gorilla/websocket"
	"go.uber.org/zap"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// client is one connected browser. Its handler's goroutine runs read, one more runs write; nobody else reads from or
// writes to the connection. It ends when either fails, or when the hub closes.
type client struct {
	hub   *Hub
	conn  *websocket.Conn
	queue *queue

	subscribe chan resume   // from the reader to the writer
	gone      chan struct{} // closed by the reader when it ends

	// What it has open; guarded by details.mu.
	traces map[model.TraceID]struct{}
	events map[model.EventID]struct{}
}

// resume is where a client wants to go on: after a sequence number of a store. The zero value is the beginning.
type resume struct {
	since   uint64
	storeID string
}

// ServeHTTP makes the request a WebSocket and serves it until it ends.
func (h *Hub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !websocket.IsWebSocketUpgrade(r) {
		w.Header().Set("Upgrade", "websocket")
		refuse(w, http.StatusUpgradeRequired, "this address speaks WebSocket only; connect to it with ws:// or wss:// and subprotocol "+model.Subprotocol)
		return
	}
	if offered := websocket.Subprotocols(r); len(offered) > 0 && !slices.Contains(offered, model.Subprotocol) {
		refuse(w, http.StatusBadRequest, "this Collector speaks subprotocol "+model.Subprotocol+" only; use an overlay of the same version")
		return
	}
	if !h.sit() {
		refuse(w, http.StatusServiceUnavailable, "no room: clients::max is "+strconv.Itoa(h.options.MaxClients)+"; close some pages, or raise it")
		return
	}
	defer h.rise()
	conn, err := h.upgrader.Upgrade(w, r, nil) // answers the request itself when it fails
	if err != nil {
		return
	}
	c := &client{
		hub:       h,
		conn:      conn,
		queue:     newQueue(h.options.QueueFrames, h.options.QueueBytes),
		subscribe: make(chan resume, 1),
		gone:      make(chan struct{}),
		traces:    map[model.TraceID]struct{}{},
		events:    map[model.EventID]struct{}{},
	}
	h.join(c)
	defer h.leave(c)
	if since, err := strconv.ParseUint(r.URL.Query().Get("since"), 10, 64); err == nil {
		c.subscribe <- resume{since: since, storeID: r.URL.Query().Get("store_id")}
	}
	h.wg.Go(c.write)
	c.read()
}

// refuse answers a request that does not become a WebSocket.
func refuse(w http.ResponseWriter, status int, text string) {
	body, _ := json.Marshal(map[string]string{"error": text}) // two strings: cannot fail
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(append(body, '\n'))
}

// write is the client's writer.
func (c *client) write() {
	defer c.conn.Close() // ends the reader, if it has not ended
	if c.send(c.hello()) != nil {
		return
	}
	heartbeat := time.NewTicker(c.hub.options.Heartbeat)
	defer heartbeat.Stop()
	grace := time.NewTimer(c.hub.options.Grace)
	defer grace.Stop()
	subscribed := false
	ready := make(chan struct{})
	close(ready)
	for {
		f, lost := c.queue.next()
		more := c.queue.wake
		if f != nil {
			more = ready
		}
		var err error
		switch {
		case f != nil:
			err = c.send(f)
		case lost != causeNone:
			err = c.restart(lost, resume{})
		}
		if err != nil {
			return
		}
		select {
		case <-more:
		case from := <-c.subscribe:
			subscribed = true
			err = c.restart(causeNone, from)
		case <-grace.C:
			if !subscribed {
				err = c.restart(causeNone, resume{})
			}
		case <-heartbeat.C:
			err = c.conn.WriteControl(websocket.PingMessage, nil, time.Now().Add(writeTimeout))
		case <-c.gone:
			return
		case <-c.hub.done:
			c.goodbye()
			return
		}
		if err != nil {
			return
		}
	}
}

// restart brings the client up to date from where it was, or from the beginning, and lets the deltas flow.
func (c *client) restart(why resyncCause, from resume) error {
	h := c.hub
	missed := h.details.begin(c)
	switch {
	case from.storeID == "" && from.since == 0:
	case from.storeID != h.store.ID():
		why, missed = causeRestarted, 0
	default:
		lists, seq, ok := h.query.Delta(from.since)
		if ok {
			c.queue.settle(seq)
			if lists == nil {
				lists = &model.Lists{} // tells the client that it is up to date
			}
			return c.encodeAndSend(&model.ServerFrame{Seq: seq, Type: model.FrameDelta, Delta: lists})
		}
		why, missed = causeExpired, 0
		if now := h.query.Seq(); now > from.since {
			missed = now - from.since
		}
	}
	if why != causeNone {
		h.stats.resync(why, missed)
		err := c.encodeAndSend(&model.ServerFrame{Seq: h.query.Seq(), Type: model.FrameResync, Missed: missed, Reason: string(why)})
		if err != nil {
			return err
		}
	}
	f, seq, err := h.snapshotFrame()
	if err != nil {
		h.options.Logger.Error("frame could not be encoded", zap.String("frame", "snapshot"), zap.Error(err))
		return err
	}
	c.queue.settle(seq)
	return c.send(f)
}

func (c *client) hello() *frame {
	status := c.hub.query.Status()
	return c.hub.details.encode(&model.ServerFrame{Seq: status.Seq, Type: model.FrameHello, Status: &status})
}

func (c *client) encodeAndSend(f *model.ServerFrame) error {
	out, err := encode(f)
	if err != nil {
		return err
	}
	return c.send(out)
}

// send writes one frame. Only the writer may call it.
func (c *client) send(f *frame) error {
	_ = c.conn.SetWriteDeadline(time.Now().Add(writeTimeout))
	if err := c.conn.WritePreparedMessage(f.message); err != nil {
		return err
	}
	c.hub.stats.frames.Add(1)
	return nil
}

// goodbye tells the client that the server goes away, so that it tries again instead of reporting a failure.
func (c *client) goodbye() {
	_ = c.conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(websocket.CloseGoingAway, "the Collector is shutting down"), time.Now().Add(closeGrace))
}
