package spotlightexporter

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"sync"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componentstatus"
	"go.opentelemetry.io/collector/config/confighttp"
	"go.opentelemetry.io/collector/exporter"
	"go.uber.org/zap"

	"github.com/otelcol-spotlight/otelcol-spotlight/exporter/spotlightexporter/internal/hub"
	"github.com/otelcol-spotlight/otelcol-spotlight/exporter/spotlightexporter/internal/live"
	"github.com/otelcol-spotlight/otelcol-spotlight/exporter/spotlightexporter/internal/metadata"
	"github.com/otelcol-spotlight/otelcol-spotlight/exporter/spotlightexporter/internal/query"
	"github.com/otelcol-spotlight/otelcol-spotlight/exporter/spotlightexporter/internal/serve"
	"github.com/otelcol-spotlight/otelcol-spotlight/exporter/spotlightexporter/internal/sources"
	"github.com/otelcol-spotlight/otelcol-spotlight/internal/loopback"
	"github.com/otelcol-spotlight/otelcol-spotlight/overlay"
)

// spotlight is the exporter behind all signals of one configuration. Consume may be called from any goroutine between
// Start and Shutdown, and is harmless outside of that.
type spotlight struct {
	config   *Config
	settings exporter.Settings
	now      func() time.Time

	store     *live.Store
	sources   *sources.Finder
	ports     *ports
	query     *query.Query
	hub       *hub.Hub
	telemetry *metadata.TelemetryBuilder

	listeners []net.Listener // the first one is that of endpoint
	server    *http.Server
	done      chan struct{} // closed by Shutdown
	wg        sync.WaitGroup
	stop      sync.Once
	stopErr   error
}

func newSpotlight(config *Config, set exporter.Settings) (*spotlight, error) {
	policy, err := config.hostPolicy()
	if err != nil {
		return nil, err
	}
	s := &spotlight{config: config, settings: set, now: time.Now, done: make(chan struct{})}
	if s.telemetry, err = metadata.NewTelemetryBuilder(set.TelemetrySettings); err != nil {
		return nil, err
	}
	s.store = live.New(live.Limits{
		MaxBytes:         int64(config.MaxBytes),
		MaxAge:           config.MaxAge,
		MaxSpansPerTrace: config.MaxSpansPerTrace,
	}, s.now)
	s.sources = sources.New(config.sources(), set.Logger, s.now)
	s.ports = newPorts(config, s.now)
	s.query = query.New(s.store, query.Options{
		Version:   set.BuildInfo.Version,
		Endpoints: s.ports.endpoints,
		Clients:   func() int { return s.hub.Clients() },
		Now:       s.now,
		Scope:     &config.Scopes,
		Resolve:   s.sources.Resolve,
		ResolveRev: func() uint64 {
			version, _ := s.sources.Version()
			return version
		},
	})
	s.hub = hub.New(s.store, s.query, hub.Options{
		CheckOrigin: policy.OriginAllowed,
		MaxClients:  config.Clients.Max,
		QueueFrames: config.Clients.QueueFrames,
		QueueBytes:  int64(config.Clients.QueueBytes),
		Logger:      set.Logger,
	})
	return s, nil
}

// Start opens the server and begins to follow the store.
func (s *spotlight) Start(ctx context.Context, host component.Host) error {
	err := s.start(ctx, host)
	if err != nil {
		return errors.Join(err, s.Shutdown(ctx))
	}
	url := overlayURL(s.addr(), s.config.ServerConfig.NetAddr.Endpoint, s.config.ServerConfig.TLS.HasValue())
	s.settings.Logger.Info("overlay is ready", zap.String("url", url), zap.Stringer("address", s.addr()))
	if s.config.Announce {
		announce(os.Stderr, url, s.config.Ingest)
	}
	return nil
}

func (s *spotlight) start(ctx context.Context, host component.Host) error {
	if err := s.report(); err != nil {
		return fmt.Errorf("metrics: %w", err)
	}
	policy, err := s.config.hostPolicy()
	if err != nil {
		return err
	}
	handler := serve.New(serve.Options{
		Store:          s.store,
		Query:          s.query,
		Hub:            s.hub,
		Overlay:        overlay.Files(),
		Uploads:        s.sources.Uploads(),
		ResolveProfile: s.sources.Profile,
		SendTest:       s.sendTest,
		FrameAncestors: s.config.AllowedOrigins,
		Logger:         s.settings.Logger,
	})
	s.server, err = s.config.ServerConfig.ToServer(ctx, host.GetExtensions(), s.settings.TelemetrySettings, handler,
		confighttp.WithErrorHandler(serve.Fail))
	if err != nil {
		return err
	}
	s.server.Handler = serve.Guard(policy, s.server.Handler)
	s.listeners, err = loopback.Listen(ctx, &s.config.ServerConfig, s.settings.Logger)
	if err != nil {
		return fmt.Errorf("endpoint: %w; is another Collector running? Stop it, or set another endpoint", err)
	}
	if !isLoopback(s.addr()) && !s.config.ServerConfig.Auth.HasValue() {
		s.settings.Logger.Warn("everybody who can reach this address can read the telemetry; set auth, or listen on localhost",
			zap.Stringer("address", s.addr()))
	}
	if err := s.sources.Start(); err != nil {
		return err
	}
	s.hub.Start()
	s.wg.Go(s.tick)
	s.wg.Go(s.followSources)
	for _, l := range s.listeners {
		s.wg.Go(func() {
			if err := s.server.Serve(l); err != nil && !errors.Is(err, http.ErrServerClosed) {
				componentstatus.ReportStatus(host, componentstatus.NewFatalErrorEvent(fmt.Errorf("overlay's server: %w", err)))
			}
		})
	}
	return nil
}

// followSources is the goroutine that has opened events looked at again when a source map arrives or changes.
func (s *spotlight) followSources() {
	seen, _ := s.sources.Version()
	for {
		version, changed := s.sources.Version()
		if version != seen {
			seen = version
			s.hub.Refresh()
		}
		select {
		case <-s.done:
			return
		case <-changed:
		}
	}
}

// addr is the address of endpoint, with the port that was taken.
func (s *spotlight) addr() net.Addr { return s.listeners[0].Addr() }

// tick is the goroutine that lets old records go, and keeps the process in proportion.
func (s *spotlight) tick() {
	budget.join(int64(s.config.MaxBytes))
	defer budget.leave(int64(s.config.MaxBytes))
	budget.adjust(0) // at once: a burst may come before the first second is over
	every := time.NewTicker(time.Second)
	defer every.Stop()
	for {
		select {
		case <-every.C:
			s.store.Tick()
			budget.adjust(s.store.Bytes())
		case <-s.done:
			return
		}
	}
}

// shutdownTimeout is how long running requests may take to end. A download to a client that does not read would
// otherwise hold up the Collector.
const shutdownTimeout = 5 * time.Second

// Shutdown ends all connections and goroutines. It works after a Start that failed, and without Start; a second call does
// nothing.
func (s *spotlight) Shutdown(ctx context.Context) error {
	s.stop.Do(func() { s.stopErr = s.shutdown(ctx) })
	return s.stopErr
}

func (s *spotlight) shutdown(ctx context.Context) error {
	close(s.done)
	s.hub.Close() // before the server, which does not know of connections that became WebSockets
	var err error
	if s.server != nil {
		ctx, cancel := context.WithTimeout(ctx, shutdownTimeout)
		defer cancel()
		if err = s.server.Shutdown(ctx); err != nil {
			err = s.server.Close()
		}
	}
	for _, l := range s.listeners {
		_ = l.Close() // the server has closed it, unless it never served
	}
	s.wg.Wait()
	s.sources.Shutdown()
	s.telemetry.Shutdown()
	return err
}

// isLoopback reports whether only programs on this machine can reach addr.
func isLoopback(addr net.Addr) bool {
	switch a := addr.(type) {
	case *net.TCPAddr:
		return a.IP.IsLoopback()
	case *net.UnixAddr:
		return true
	}
	return false
}
