package hub

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/gorilla/websocket"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

const (
	maxRequest  = 16 << 10 // bytes; a real one has less than 200
	maxMistakes = 32       // unreadable requests in a row after which we stop listening
)

// read is the client's reader. It answers requests by putting frames into the client's queue.
func (c *client) read() {
	defer close(c.gone)
	// A pong or a request is due within two and a half heartbeats.
	patience := c.hub.options.Heartbeat * 5 / 2
	alive := func(string) error { return c.conn.SetReadDeadline(time.Now().Add(patience)) }
	c.conn.SetReadLimit(maxRequest)
	c.conn.SetPongHandler(alive)
	mistakes := 0
	for {
		_ = alive("")
		kind, text, err := c.conn.ReadMessage()
		if err != nil {
			return
		}
		var request model.ClientFrame
		err = errors.New("requests are JSON in text messages")
		if kind == websocket.TextMessage {
			err = json.Unmarshal(text, &request)
		}
		if err != nil {
			if mistakes++; mistakes > maxMistakes {
				_ = c.conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(websocket.ClosePolicyViolation, "too many requests that cannot be read"), time.Now().Add(closeGrace))
				return
			}
			c.fault(&request, "cannot be read: "+err.Error())
			continue
		}
		mistakes = 0
		if err := c.answer(&request); err != nil {
			c.fault(&request, err.Error())
		}
	}
}

// requests has one row per request a client can make. A request that changes the store is answered by the change, which
// comes in a delta to everyone.
var requests = map[model.FrameType]func(*client, *model.ClientFrame) error{
	model.RequestSubscribe: func(c *client, r *model.ClientFrame) error {
		select {
		case c.subscribe <- resume{since: r.Since, storeID: r.StoreID}:
			return nil
		default:
			return errors.New("an earlier subscribe is still being answered")
		}
	},
	model.RequestOpen: func(c *client, r *model.ClientFrame) error {
		return c.oneOf(r, func(id model.TraceID) error { return c.hub.details.openTrace(c, id) },
			func(id model.EventID) error { return c.hub.details.openEvent(c, id) }, nil)
	},
	model.RequestClose: func(c *client, r *model.ClientFrame) error {
		return c.oneOf(r, func(id model.TraceID) error { c.hub.details.closeTrace(c, id); return nil },
			func(id model.EventID) error { c.hub.details.closeEvent(c, id); return nil }, nil)
	},
	model.RequestPin:   func(c *client, r *model.ClientFrame) error { return c.pin(r, true) },
	model.RequestUnpin: func(c *client, r *model.ClientFrame) error { return c.pin(r, false) },
	model.RequestClear: func(c *client, _ *model.ClientFrame) error { c.hub.store.Clear(); return nil },
	model.RequestUndo: func(c *client, _ *model.ClientFrame) error {
		if !c.hub.store.Undo() {
			return errors.New("there is no clear to take back, or it is too long ago")
		}
		return nil
	},
	model.RequestSession: func(c *client, _ *model.ClientFrame) error { c.hub.store.NewSession(); return nil },
	model.RequestPing: func(c *client, _ *model.ClientFrame) error {
		c.reply(&model.ServerFrame{Type: model.FramePong})
		return nil
	},
}

func (c *client) answer(r *model.ClientFrame) error {
	request, ok := requests[r.Type]
	if !ok {
		return fmt.Errorf("there is no request %.40q", r.Type)
	}
	return request(c, r)
}

func (c *client) pin(r *model.ClientFrame, pinned bool) error {
	found := func(ok bool) error {
		if !ok {
			return errors.New("not in the store")
		}
		return nil
	}
	return c.oneOf(r, func(id model.TraceID) error { return found(c.hub.store.PinTrace(id, pinned)) }, nil,
		func(id string) error { return found(c.hub.store.PinIssue(id, pinned)) })
}

// oneOf calls the function that belongs to the id of the request; nil where such ids make no sense.
func (c *client) oneOf(r *model.ClientFrame, trace func(model.TraceID) error, event func(model.EventID) error, issue func(string) error) error {
	switch {
	case trace != nil && !r.TraceID.IsZero():
		return trace(r.TraceID)
	case event != nil && !r.EventID.IsZero():
		return event(r.EventID)
	case issue != nil && r.IssueID != "":
		return issue(r.IssueID)
	case issue != nil:
		return errors.New("trace_id or issue_id is missing")
	}
	return errors.New("trace_id or event_id is missing")
}

// fault answers a request that failed.
func (c *client) fault(r *model.ClientFrame, text string) {
	id := r.TraceID.String() + r.EventID.String() + clip(r.IssueID) // one of them
	c.reply(&model.ServerFrame{Type: model.FrameError, Error: &model.FrameFault{Request: clip(r.Type), ID: id, Text: text}})
}

// reply puts an answer into the queue.
func (c *client) reply(f *model.ServerFrame) {
	f.Seq = c.hub.seq.Load()
	c.queue.push(c.hub.details.encode(f))
}

// clip keeps what we echo of a request short.
func clip[T ~string](s T) T {
	return s[:min(len(s), 40)]
}
