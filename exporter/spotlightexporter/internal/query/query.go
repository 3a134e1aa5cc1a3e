// Package query answers every question a reader of the store can ask: lists with filters, an assembled trace, a
// materialised event, and the lists and deltas of the WebSocket. The hub, the JSON API and MCP all ask here, so that
// they say the same.
//
// Answers are made from immutable snapshots when somebody asks, outside the store's lock, and are kept by version: what
// did not change is not computed again. What is handed out is shared and must not be changed. What is kept is bounded,
// in numbers of rows and spans (see cache sizes), beside the store's own bound.
//
// What is not here: encoding, requests and connections (serve, hub), and what a record means (the packages of translate).
package query

import (
	"time"

	"github.com/otelcol-spotlight/otelcol-spotlight/exporter/spotlightexporter/internal/live"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/scope"
)

// Options are what the answers need to know beside the store. The zero value is usable.
type Options struct {
	Version   string                  // of the Collector, for Status
	Endpoints func() []model.Endpoint // where SDKs can send to; nil: unknown
	Clients   func() int              // connected WebSocket clients; nil: 0
	Now       func() time.Time        // nil: time.Now

	Scope  *scope.Config // what of the data belongs to scopes; nil: scope.DefaultConfig
	Policy *scope.Policy // how scopes are merged; nil: scope.Spec

	// Resolve replaces the frames of bundled code in a fresh event by those of its source. nil: frames stay as they came.
	Resolve func(ev *model.Event)
	// ResolveRev is a number that is another one when Resolve would now do otherwise (a source map arrived); nil: it never
	// does.
	ResolveRev func() uint64
}

// Query answers questions about one store. All methods may be called from any goroutine.
type Query struct {
	store  *live.Store
	opts   Options
	traces traceCache
	events eventCache
	issues issueCache
	found  findingsCache
}

// New returns the answers to questions about store.
func New(store *live.Store, opts Options) *Query {
	if opts.Now == nil {
		opts.Now = time.Now
	}
	if opts.Scope == nil {
		c := scope.DefaultConfig()
		opts.Scope = &c
	}
	if opts.Policy == nil {
		opts.Policy = &scope.Spec
	}
	q := &Query{store: store, opts: opts}
	q.traces.init(store.Limits().MaxBytes)
	q.events.init()
	store.OnTick(q.forget)
	return q
}

func (q *Query) now() model.Time { return model.TimeOf(q.opts.Now()) }

// Version returns the version of the Collector.
func (q *Query) Version() string { return q.opts.Version }

// Status says how the Collector is.
func (q *Query) Status() model.Status {
	st := q.store.Status()
	st.Version = q.opts.Version
	st.Endpoints = []model.Endpoint{}
	if q.opts.Endpoints != nil {
		st.Endpoints = append(st.Endpoints, q.opts.Endpoints()...)
	}
	if q.opts.Clients != nil {
		st.Clients = q.opts.Clients()
	}
	return st
}

// Sessions returns the sessions, newest first.
func (q *Query) Sessions() model.Page[model.Session] {
	return model.Page[model.Session]{Seq: q.store.Seq(), Items: q.store.Sessions()}
}

// Seq returns the sequence number of the newest change, to ask for the changes since with Delta.
func (q *Query) Seq() uint64 { return q.store.Seq() }
