package hub

import (
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
	"go.uber.org/zap"

	"github.com/otelcol-spotlight/otelcol-spotlight/exporter/spotlightexporter/internal/live"
	"github.com/otelcol-spotlight/otelcol-spotlight/exporter/spotlightexporter/internal/query"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// Options bound what clients may cost. A zero field means its default.
type Options struct {
	// CheckOrigin decides whether the page that wants a WebSocket may have one. Required: without it only pages of our
	// own origin are let in.
	CheckOrigin func(*http.Request) bool

	MaxClients  int   // default 256
	QueueFrames int   // frames that may wait for a client, default 1024
	QueueBytes  int64 // bytes that may wait for a client when another frame comes, default 8 MiB

	Heartbeat time.Duration // how often a client is pinged; it is given up after two and a half of them, default 15 s
	Grace     time.Duration // how long to wait for a subscribe before a client is subscribed anyway, default 200 ms
	Debounce  time.Duration // least time between two looks at whether an opened event changed, default 200 ms

	Logger *zap.Logger // default none
}

func (o Options) withDefaults() Options {
	setDefault(&o.MaxClients, 256)
	setDefault(&o.QueueFrames, 1024)
	setDefault(&o.QueueBytes, 8<<20)
	setDefault(&o.Heartbeat, 15*time.Second)
	setDefault(&o.Grace, 200*time.Millisecond)
	setDefault(&o.Debounce, 200*time.Millisecond)
	if o.Logger == nil {
		o.Logger = zap.NewNop()
	}
	return o
}

func setDefault[T int | int64 | time.Duration](v *T, def T) {
	if *v <= 0 {
		*v = def
	}
}

// writeTimeout is how long one frame may take to leave. Long, because a page that is stopped in a debugger does not read,
// and its connection is worth keeping for a while; the heartbeat gives it up in the end.
const writeTimeout = 30 * time.Second

// closeGrace is how long Close waits for the good-byes before it cuts the connections.
const closeGrace = time.Second

// Hub is the set of connected clients and what keeps them up to date. Start it once; ServeHTTP takes clients between
// Start and Close. Close ends every goroutine and connection, and returns when they have ended. All methods may be called
// from any goroutine.
type Hub struct {
	store    *live.Store
	query    *query.Query
	options  Options
	upgrader websocket.Upgrader
	details  *details
	snapshot snapshotCache

	done chan struct{} // closed by Close, once
	wg   sync.WaitGroup

	seq   atomic.Uint64 // every delta up to it has been put into the queues
	stats counters

	mu      sync.Mutex
	started bool
	closed  bool
	seats   int // clients, and those that are being upgraded
	clients map[*client]struct{}
}

// New returns a hub over store and query, which must belong together.
func New(store *live.Store, q *query.Query, options Options) *Hub {
	h := &Hub{
		store:   store,
		query:   q,
		options: options.withDefaults(),
		done:    make(chan struct{}),
		clients: map[*client]struct{}{},
	}
	h.details = newDetails(h)
	h.upgrader = websocket.Upgrader{
		HandshakeTimeout: 10 * time.Second,
		Subprotocols:     []string{model.Subprotocol},
		CheckOrigin:      options.CheckOrigin,
		// No permessage-deflate: on loopback it costs more time than it saves. BenchmarkDelta/compressed against
		// BenchmarkDelta/plain: see the README of the exporter.
		Error: func(w http.ResponseWriter, _ *http.Request, status int, reason error) {
			refuse(w, status, reason.Error())
		},
	}
	return h
}

// Start begins to follow the store.
func (h *Hub) Start() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed || h.started {
		return
	}
	h.started = true
	// Subscribed here and not in the goroutines: what changes after Start must be in a frame.
	lists, details := h.store.Subscribe(), h.store.Subscribe()
	h.seq.Store(h.query.Seq())
	h.wg.Go(func() { h.runLists(lists) })
	h.wg.Go(func() { h.details.run(details) })
}

// Close says good-bye to all clients and ends. It must come before http.Server.Shutdown, which does not know of
// connections that became WebSockets. It may be called more than once, and without Start.
func (h *Hub) Close() {
	h.mu.Lock()
	if !h.closed {
		h.closed = true
		close(h.done)
	}
	h.mu.Unlock()
	cut := time.AfterFunc(closeGrace, h.cutAll)
	defer cut.Stop()
	h.wg.Wait()
}

// cutAll ends connections whose writer hangs in a write to a client that does not read.
func (h *Hub) cutAll() {
	for _, c := range h.everyone() {
		_ = c.conn.NetConn().Close() // its reader and writer fail and say so
	}
}

// everyone returns the clients of this moment.
func (h *Hub) everyone() []*client {
	h.mu.Lock()
	defer h.mu.Unlock()
	all := make([]*client, 0, len(h.clients))
	for c := range h.clients {
		all = append(all, c)
	}
	return all
}

// sit takes a seat for somebody who wants to become a client. After it, rise must be called.
func (h *Hub) sit() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed || h.seats >= h.options.MaxClients {
		return false
	}
	h.seats++
	h.wg.Add(1)
	return true
}

func (h *Hub) rise() {
	h.mu.Lock()
	h.seats--
	h.mu.Unlock()
	h.wg.Done()
}

// join makes c a client, from now on in everyone. After it, leave must be called.
func (h *Hub) join(c *client) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.clients[c] = struct{}{}
}

func (h *Hub) leave(c *client) {
	h.details.leave(c)
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.clients, c)
}

// Refresh has opened events looked at again, because something beside the store changed that they are made from.
func (h *Hub) Refresh() { h.details.signal() }

// Clients is the number of connected clients.
func (h *Hub) Clients() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.clients)
}
