package hub

import (
	"strings"
	"testing"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

func TestRequests_ThatChangeTheStore(t *testing.T) {
	w := newWorld(t, Options{})
	w.addSpan(1, 1, 0)
	w.addEvent(1)
	p, other := w.join(), w.join()

	p.send(model.ClientFrame{Type: model.RequestPin, TraceID: traceID(1)})
	for _, each := range []*peer{p, other} { // everyone sees it
		for pinned := false; !pinned; {
			for _, s := range each.until(model.FrameDelta).Delta.Traces {
				pinned = s.TraceID == traceID(1) && s.Pinned
			}
		}
	}
	p.send(model.ClientFrame{Type: model.RequestUnpin, TraceID: traceID(1)})
	p.send(model.ClientFrame{Type: model.RequestPin, IssueID: "0123456789abcdef"})
	for pinned := false; !pinned; {
		for _, i := range p.until(model.FrameDelta).Delta.Issues {
			pinned = i.Pinned
		}
	}
	p.send(model.ClientFrame{Type: model.RequestUnpin, IssueID: "0123456789abcdef"})

	p.send(model.ClientFrame{Type: model.RequestSession})
	for session := 1; session == 1; {
		if f := other.next(); f.Delta != nil && f.Delta.Session != nil {
			session = f.Delta.Session.Number
		} else if f.Snapshot != nil && f.Snapshot.Session != nil {
			session = f.Snapshot.Session.Number
		}
	}
	p.send(model.ClientFrame{Type: model.RequestClear})
	require.Eventually(t, func() bool { return len(w.store.Traces()) == 0 }, waitFor, tick)
	p.send(model.ClientFrame{Type: model.RequestUndo})
	require.Eventually(t, func() bool { return len(w.store.Traces()) == 1 }, waitFor, tick)
	p.send(model.ClientFrame{Type: model.RequestUndo})
	require.Contains(t, p.until(model.FrameError).Error.Text, "no clear to take back")
}

func TestRequests_Wrong(t *testing.T) {
	w := newWorld(t, Options{})
	p := w.join()
	for _, c := range []struct{ text, request, fault string }{
		{`{"type":"dance"}`, "dance", `there is no request "dance"`},
		{`{"type":"open"}`, "open", "trace_id or event_id is missing"},
		{`{"type":"pin"}`, "pin", "trace_id or issue_id is missing"},
		{`{"type":"pin","event_id":"` + eventID(1).String() + `"}`, "pin", "trace_id or issue_id is missing"},
		{`{"type":"pin","trace_id":"` + traceID(9).String() + `"}`, "pin", "not in the store"},
		{`{"type":"open","trace_id":"xyz"}`, "open", "cannot be read"},
		{`{"type":"undo"}`, "undo", "no clear to take back"},
		{`{`, "", "cannot be read"},
		{`[]`, "", "cannot be read"},
		{`{"type":"` + strings.Repeat("x", 5000) + `"}`, strings.Repeat("x", 40), "there is no request"},
	} {
		require.NoError(t, p.conn.WriteMessage(websocket.TextMessage, []byte(c.text)))
		f := p.want(model.FrameError)
		require.EqualValues(t, c.request, f.Error.Request)
		require.Contains(t, f.Error.Text, c.fault)
		require.Less(t, len(f.Error.Text), 300)
	}
	require.NoError(t, p.conn.WriteMessage(websocket.BinaryMessage, []byte{1}))
	require.Contains(t, p.want(model.FrameError).Error.Text, "JSON in text messages")
	p.send(model.ClientFrame{Type: model.RequestPing})
	p.want(model.FramePong) // still served
}

func TestRequests_TooManyMistakes(t *testing.T) {
	w := newWorld(t, Options{})
	p := w.join()
	for range maxMistakes + 1 {
		require.NoError(t, p.conn.WriteMessage(websocket.TextMessage, []byte("?")))
	}
	var err error
	for err == nil {
		_, _, err = p.conn.ReadMessage()
	}
	require.True(t, websocket.IsCloseError(err, websocket.ClosePolicyViolation), "%v", err)
}

func TestRequests_TooLarge(t *testing.T) {
	w := newWorld(t, Options{})
	p := w.join()
	require.NoError(t, p.conn.WriteMessage(websocket.TextMessage, make([]byte, maxRequest+1)))
	var err error
	for err == nil {
		_, _, err = p.conn.ReadMessage()
	}
	require.True(t, websocket.IsCloseError(err, websocket.CloseMessageTooBig), "%v", err)
}
