package hub

import (
	"encoding/binary"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/otelcol-spotlight/otelcol-spotlight/exporter/spotlightexporter/internal/live"
	"github.com/otelcol-spotlight/otelcol-spotlight/exporter/spotlightexporter/internal/query"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// world is a hub over a real store behind a real server.
type world struct {
	tb    testing.TB
	store *live.Store
	query *query.Query
	hub   *Hub
	url   string
}

func newWorld(tb testing.TB, o Options) *world {
	tb.Helper()
	w := newIdleWorld(tb, o)
	w.hub.Start()
	return w
}

// newIdleWorld is newWorld without the goroutines that follow the store.
func newIdleWorld(tb testing.TB, o Options) *world { return newSmallWorld(tb, o, live.Limits{}) }

// newSmallWorld is newIdleWorld with a store of another size.
func newSmallWorld(tb testing.TB, o Options, limits live.Limits) *world {
	tb.Helper()
	w := &world{tb: tb, store: live.New(limits, time.Now)}
	w.query = query.New(w.store, query.Options{Clients: func() int { return w.hub.Clients() }})
	w.hub = New(w.store, w.query, o)
	server := httptest.NewServer(w.hub)
	w.url = "ws" + strings.TrimPrefix(server.URL, "http")
	tb.Cleanup(func() {
		w.hub.Close()
		server.Close()
	})
	return w
}

// The ids of test data are numbers.

func traceID(n uint64) (id model.TraceID) {
	binary.BigEndian.PutUint64(id[8:], n)
	id[0] = 1
	return id
}

func spanID(n uint64) (id model.SpanID) {
	binary.BigEndian.PutUint64(id[:], n)
	return id
}

func eventID(n uint64) (id model.EventID) {
	binary.BigEndian.PutUint64(id[8:], n)
	id[0] = 2
	return id
}

// addEvent stores error number n, of trace n.
func (w *world) addEvent(n uint64) {
	w.store.Add(&model.Batch{Events: []*model.EventRecord{newEvent(n)}})
}

func newEvent(n uint64) *model.EventRecord {
	return &model.EventRecord{
		EventSummary: model.EventSummary{
			EventID: eventID(n), IssueID: "0123456789abcdef", Type: model.EventError, TraceID: traceID(n), SpanID: spanID(1),
			Level: model.LevelError, Title: "Boom", Value: "it did", Service: "shop", Origin: model.OriginSentry,
			Time: model.TimeOf(time.Now()), ReceivedTime: model.TimeOf(time.Now()),
		},
		Source:  model.SourceSentry,
		Payload: []byte(`{"event_id":"` + eventID(n).String() + `","exception":{"values":[{"type":"Boom","value":"it did"}]}}`),
	}
}

// addSpan stores a span; parent 0 is none.
func (w *world) addSpan(trace, span, parent uint64) {
	var p model.SpanID
	if parent != 0 {
		p = spanID(parent)
	}
	w.store.Add(&model.Batch{Spans: []*model.Span{newSpan(trace, span, p)}})
}

func newSpan(trace, span uint64, parent model.SpanID) *model.Span {
	return &model.Span{
		TraceID: traceID(trace),
		SpanSummary: model.SpanSummary{
			SpanID: spanID(span), ParentSpanID: parent, Name: "SELECT * FROM inventory WHERE sku = $1", Op: "db.query", Kind: model.KindClient,
			Status: model.StatusOK, Service: "shop", Origin: model.OriginOTel,
			StartTime: model.Time(1_700_000_000_000_000_000 + int64(span)*1_000_000), DurationNS: 900_000,
		},
	}
}

// peer is a real WebSocket client.
type peer struct {
	tb   testing.TB
	conn *websocket.Conn
	seq  uint64 // largest seen
	size int    // bytes of the last frame
}

func (w *world) dial(query string) *peer {
	w.tb.Helper()
	dialer := websocket.Dialer{Subprotocols: []string{model.Subprotocol}}
	conn, _, err := dialer.Dial(w.url+"/ws"+query, nil)
	require.NoError(w.tb, err)
	require.Equal(w.tb, model.Subprotocol, conn.Subprotocol())
	w.tb.Cleanup(func() { _ = conn.Close() })
	return &peer{tb: w.tb, conn: conn}
}

// join dials and reads hello and snapshot.
func (w *world) join() *peer {
	w.tb.Helper()
	p := w.dial("")
	p.want(model.FrameHello)
	p.send(model.ClientFrame{Type: model.RequestSubscribe})
	p.want(model.FrameSnapshot)
	return p
}

func (p *peer) send(f model.ClientFrame) {
	p.tb.Helper()
	require.NoError(p.tb, p.conn.WriteJSON(f))
}

// next reads one frame.
func (p *peer) next() model.ServerFrame {
	p.tb.Helper()
	_ = p.conn.SetReadDeadline(time.Now().Add(10 * time.Second))
	_, text, err := p.conn.ReadMessage()
	require.NoError(p.tb, err)
	var f model.ServerFrame
	require.NoError(p.tb, json.Unmarshal(text, &f), "%s", text)
	p.seq, p.size = max(p.seq, f.Seq), len(text)
	return f
}

// want reads one frame, of this type.
func (p *peer) want(kind model.FrameType) model.ServerFrame {
	p.tb.Helper()
	f := p.next()
	require.Equal(p.tb, kind, f.Type, "%+v", f)
	return f
}

// until reads frames until one of this type comes.
func (p *peer) until(kind model.FrameType) model.ServerFrame {
	p.tb.Helper()
	for {
		if f := p.next(); f.Type == kind {
			return f
		}
	}
}

// untilEvent reads frames until event n was in one, and returns all event ids on the way.
func (p *peer) untilEvent(n uint64) (seen []model.EventID) {
	p.tb.Helper()
	for {
		f := p.next()
		for _, lists := range []*model.Lists{f.Snapshot, f.Delta} {
			if lists == nil {
				continue
			}
			done := false
			for _, e := range lists.Events {
				seen = append(seen, e.EventID)
				done = done || e.EventID == eventID(n)
			}
			if done {
				return seen
			}
		}
	}
}

func TestHub_HelloSnapshotDelta(t *testing.T) {
	w := newWorld(t, Options{})
	w.addEvent(1)
	p := w.dial("")
	hello := p.want(model.FrameHello)
	require.Equal(t, w.store.ID(), hello.Status.StoreID)
	require.Equal(t, 1, hello.Status.Clients)
	p.send(model.ClientFrame{Type: model.RequestSubscribe})
	snapshot := p.want(model.FrameSnapshot)
	require.Len(t, snapshot.Snapshot.Events, 1)
	require.Equal(t, w.store.Seq(), snapshot.Seq)
	w.addEvent(2)
	p.untilEvent(2)
}

func TestHub_WhoSaysNothingIsSubscribedAnyway(t *testing.T) {
	w := newWorld(t, Options{Grace: time.Millisecond})
	p := w.dial("")
	p.want(model.FrameHello)
	p.want(model.FrameSnapshot)
	w.addEvent(1)
	p.untilEvent(1)
}

func TestHub_EveryClientGetsEveryEvent(t *testing.T) {
	const clients, events = 8, 200
	w := newWorld(t, Options{})
	peers := make([]*peer, clients)
	for i := range peers {
		peers[i] = w.join()
	}
	go func() {
		for n := uint64(1); n <= events; n++ {
			w.addEvent(n)
		}
	}()
	for _, p := range peers {
		got := map[model.EventID]bool{}
		for len(got) < events {
			for _, id := range p.untilAnyEvent() {
				got[id] = true
			}
		}
	}
}

// Every event id that arrives is in a frame once: also those of transactions, in new traces and in known ones.
func TestHub_Transactions(t *testing.T) {
	w := newWorld(t, Options{})
	p := w.join()
	add := func(trace, n uint64) {
		span := newSpan(trace, n, model.SpanID{})
		span.EventID, span.Payload = eventID(n), []byte(`{"type":"transaction"}`)
		w.store.Add(&model.Batch{Spans: []*model.Span{span}})
	}
	go func() {
		for n := uint64(1); n <= 200; n++ {
			add(n%7, n)
			time.Sleep(100 * time.Microsecond)
		}
	}()
	got := map[model.EventID]int{}
	for len(got) < 200 {
		for _, id := range p.until(model.FrameDelta).Delta.Transactions {
			got[id]++
		}
	}
	for id, n := range got {
		require.Equal(t, 1, n, "%s", id)
	}
}

// untilAnyEvent returns the events of the next frame that has some.
func (p *peer) untilAnyEvent() (seen []model.EventID) {
	p.tb.Helper()
	for len(seen) == 0 {
		if f := p.next(); f.Delta != nil {
			for _, e := range f.Delta.Events {
				seen = append(seen, e.EventID)
			}
		}
	}
	return seen
}

func TestHub_Resume(t *testing.T) {
	for _, how := range []string{"by request", "by URL"} {
		t.Run(how, func(t *testing.T) {
			w := newWorld(t, Options{})
			w.addEvent(1)
			p := w.join()
			w.addEvent(2)
			p.untilEvent(2)
			since := p.seq
			require.NoError(t, p.conn.Close())
			w.addEvent(3)
			w.addEvent(4)

			if how == "by URL" {
				p = w.dial("?since=" + jsonNumber(since) + "&store_id=" + w.store.ID())
				p.want(model.FrameHello)
			} else {
				p = w.dial("")
				p.want(model.FrameHello)
				p.send(model.ClientFrame{Type: model.RequestSubscribe, Since: since, StoreID: w.store.ID()})
			}
			f := p.want(model.FrameDelta)
			var got []model.EventID
			for _, e := range f.Delta.Events {
				got = append(got, e.EventID)
			}
			require.ElementsMatch(t, []model.EventID{eventID(3), eventID(4)}, got)
			w.addEvent(5)
			require.NotContains(t, p.untilEvent(5), eventID(2))
		})
	}
}

func jsonNumber(n uint64) string {
	text, _ := json.Marshal(n)
	return string(text)
}

func TestHub_ResumeWithNothingNew(t *testing.T) {
	w := newWorld(t, Options{})
	w.addEvent(1)
	p := w.dial("")
	p.want(model.FrameHello)
	p.send(model.ClientFrame{Type: model.RequestSubscribe, Since: w.store.Seq(), StoreID: w.store.ID()})
	require.Empty(t, p.want(model.FrameDelta).Delta.Events)
}

func TestHub_ResumeOfAnotherStore(t *testing.T) {
	w := newWorld(t, Options{})
	w.addEvent(1)
	p := w.dial("")
	p.want(model.FrameHello)
	p.send(model.ClientFrame{Type: model.RequestSubscribe, Since: 1, StoreID: "of another run"})
	require.Equal(t, "restarted", p.want(model.FrameResync).Reason)
	require.Len(t, p.want(model.FrameSnapshot).Snapshot.Events, 1)
	require.EqualValues(t, 1, w.hub.Stats().Resyncs["restarted"])
}

func TestHub_ResumeOfTheFuture(t *testing.T) {
	w := newWorld(t, Options{})
	p := w.dial("")
	p.want(model.FrameHello)
	p.send(model.ClientFrame{Type: model.RequestSubscribe, Since: 1 << 40, StoreID: w.store.ID()})
	f := p.want(model.FrameResync)
	require.Equal(t, "expired", f.Reason)
	require.Zero(t, f.Missed)
	p.want(model.FrameSnapshot)
}

func TestHub_ResumeTooLate(t *testing.T) {
	w := newSmallWorld(t, Options{}, live.Limits{MaxBytes: 1 << 20})
	w.addEvent(1)
	since := w.store.Seq()
	n := uint64(1)
	for { // until the store has forgotten
		if _, ok := w.store.Changes(since); !ok {
			break
		}
		b := &model.Batch{}
		for range 1000 {
			n++
			b.Events = append(b.Events, newEvent(n))
		}
		w.store.Add(b)
		require.Less(t, n, uint64(1_000_000), "the store remembers everything")
	}
	p := w.dial("")
	p.want(model.FrameHello)
	p.send(model.ClientFrame{Type: model.RequestSubscribe, Since: since, StoreID: w.store.ID()})
	f := p.want(model.FrameResync)
	require.Equal(t, "expired", f.Reason)
	require.Equal(t, w.store.Seq()-since, f.Missed)
	p.want(model.FrameSnapshot)
}

func TestHub_Ping(t *testing.T) {
	w := newWorld(t, Options{})
	p := w.join()
	p.send(model.ClientFrame{Type: model.RequestPing})
	p.want(model.FramePong)
}

func TestHub_DeadClientIsGivenUp(t *testing.T) {
	w := newWorld(t, Options{Heartbeat: 10 * time.Millisecond})
	p := w.join()
	require.Equal(t, 1, w.hub.Clients())
	p.conn.SetPingHandler(func(string) error { return nil }) // does not answer
	go func() {
		for {
			if _, _, err := p.conn.ReadMessage(); err != nil {
				return
			}
		}
	}()
	require.Eventually(t, func() bool { return w.hub.Clients() == 0 }, 5*time.Second, time.Millisecond)
}

func TestHub_LivingClientIsKept(t *testing.T) {
	w := newWorld(t, Options{Heartbeat: 400 * time.Millisecond})
	p := w.join()
	go func() { // meanwhile p, which reads, answers pings
		time.Sleep(1600 * time.Millisecond) // more than a dead client would be kept
		w.addEvent(1)
	}()
	p.untilEvent(1)
	require.Equal(t, 1, w.hub.Clients())
}

func TestHub_Refuses(t *testing.T) {
	w := newWorld(t, Options{
		MaxClients:  1,
		CheckOrigin: func(r *http.Request) bool { return r.Header.Get("Origin") != "https://attacker.test" },
	})
	refused := func(status int, text string, header http.Header, protocols ...string) {
		t.Helper()
		dialer := websocket.Dialer{Subprotocols: protocols}
		_, response, err := dialer.Dial(w.url, header)
		require.ErrorIs(t, err, websocket.ErrBadHandshake)
		require.Equal(t, status, response.StatusCode)
		var body map[string]string
		require.NoError(t, json.NewDecoder(response.Body).Decode(&body))
		require.Contains(t, body["error"], text)
	}
	refused(http.StatusBadRequest, "spotlight.v1+json", nil, "graphql-ws")
	refused(http.StatusForbidden, "", http.Header{"Origin": {"https://attacker.test"}}, model.Subprotocol)

	response, err := http.Get("http" + strings.TrimPrefix(w.url, "ws"))
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	require.Equal(t, http.StatusUpgradeRequired, response.StatusCode)

	p := w.join()
	refused(http.StatusServiceUnavailable, "clients::max is 1", nil, model.Subprotocol)
	require.NoError(t, p.conn.Close())
	require.Eventually(t, func() bool { return w.hub.Clients() == 0 }, 5*time.Second, time.Millisecond)
	w.join() // there is room again
}

func TestHub_CloseSaysGoodbye(t *testing.T) {
	w := newWorld(t, Options{})
	peers := []*peer{w.join(), w.join(), w.dial("")}
	start := time.Now()
	w.hub.Close()
	require.Less(t, time.Since(start), closeGrace)
	for _, p := range peers {
		var err error
		for err == nil {
			_, _, err = p.conn.ReadMessage()
		}
		require.True(t, websocket.IsCloseError(err, websocket.CloseGoingAway), "%v", err)
	}
	w.hub.Close() // again does nothing

	_, response, err := websocket.DefaultDialer.Dial(w.url, nil)
	require.ErrorIs(t, err, websocket.ErrBadHandshake)
	require.Equal(t, http.StatusServiceUnavailable, response.StatusCode)
}

func TestHub_CloseWithoutStart(*testing.T) {
	store := live.New(live.Limits{}, time.Now)
	New(store, query.New(store, query.Options{}), Options{}).Close()
}
