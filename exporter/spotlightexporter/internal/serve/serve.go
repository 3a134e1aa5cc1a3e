// Package serve is the HTTP surface of the exporter: the overlay's page and files, the JSON API and the way to the
// WebSocket. Handlers read a request and write an answer; what the answer says is decided by the packages query and live,
// so that WebSocket, API and agents are told the same. The listener, TLS and authentication are the component's.
//
// Every route is a row of the table in routes.go. Around all of them stands Guard, which lets nobody in whose Host or
// Origin is not allowed.
package serve

import (
	"context"
	"io/fs"
	"net/http"
	"time"

	"go.uber.org/zap"

	"github.com/otelcol-spotlight/otelcol-spotlight/exporter/spotlightexporter/internal/live"
	"github.com/otelcol-spotlight/otelcol-spotlight/exporter/spotlightexporter/internal/mcp"
	"github.com/otelcol-spotlight/otelcol-spotlight/exporter/spotlightexporter/internal/query"
	"github.com/otelcol-spotlight/otelcol-spotlight/exporter/spotlightexporter/internal/sources"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// Options are what the routes need. All but FrameAncestors and Logger are required.
type Options struct {
	Store   *live.Store
	Query   *query.Query
	Hub     http.Handler // serves GET /ws
	Overlay fs.FS        // the built overlay

	// Uploads takes what Sentry's tools upload. Required.
	Uploads *sources.Uploads

	// ResolveProfile puts the frames of a profile, which came at a time, back to their source.
	ResolveProfile func(payload []byte, received time.Time) ([]byte, error)

	// SendTest makes telemetry as an application would, sends it the way all telemetry goes, and says what to look for.
	SendTest func(ctx context.Context, kind string) (Sent, error)

	// FrameAncestors are origins, beside loopback ones, whose pages may show the overlay in a frame.
	FrameAncestors []string

	Logger *zap.Logger
}

// Sent says what a test sent.
type Sent struct {
	TraceID model.TraceID `json:"trace_id"`
	EventID model.EventID `json:"event_id,omitzero"`
}

// server is the handler of all routes. It is immutable.
type server struct {
	Options
	table  []route
	assets *assets
	agents http.Handler // of POST /mcp
	policy string       // Content-Security-Policy of the page, without connect-src
}

// New returns the handler of all routes. It must be served inside Guard.
func New(o Options) http.Handler {
	if o.Logger == nil {
		o.Logger = zap.NewNop()
	}
	s := &server{Options: o, table: routes, assets: newAssets(o.Overlay), agents: mcp.New(o.Query), policy: pagePolicy(o.FrameAncestors)}
	return s.mux()
}
