package sentryreceiver

import (
	"context"
	"errors"
	"net"
	"net/http"
	"sync"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componentstatus"
	"go.opentelemetry.io/collector/receiver"
	"go.opentelemetry.io/collector/receiver/receiverhelper"
	"go.uber.org/zap"

	"github.com/otelcol-spotlight/otelcol-spotlight/internal/hostcheck"
	"github.com/otelcol-spotlight/otelcol-spotlight/internal/loopback"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/envelope"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/sentry"
)

// server is the receiver: one per configuration, shared by its signals. The factory sets next before Start, and nothing
// changes after it; handlers run on the goroutines of net/http. Shutdown ends it, started or not.
type server struct {
	config     *Config
	set        receiver.Settings
	policy     *hostcheck.Policy
	bodies     *bodies
	translator *sentry.Translator
	telemetry  *telemetry
	obs        *receiverhelper.ObsReport
	framing    envelope.Limits
	next       next

	http      *http.Server
	listeners []net.Listener
	serving   sync.WaitGroup
}

func newServer(config *Config, set receiver.Settings) (*server, error) {
	policy, err := config.hostPolicy()
	if err != nil {
		return nil, err
	}
	obs, err := receiverhelper.NewObsReport(receiverhelper.ObsReportSettings{ReceiverID: set.ID, Transport: "http", ReceiverCreateSettings: set})
	if err != nil {
		return nil, err
	}
	t, err := newTelemetry(set)
	if err != nil {
		return nil, err
	}
	return &server{
		config:     config,
		set:        set,
		policy:     policy,
		bodies:     newBodies(&config.Limits),
		translator: sentry.NewTranslator(sentry.Options{}),
		telemetry:  t,
		obs:        obs,
		framing:    envelope.Limits{MaxItems: config.Limits.MaxItems},
	}, nil
}

// Start opens the port and serves. If it fails it leaves nothing open.
func (s *server) Start(ctx context.Context, host component.Host) error {
	for _, signal := range s.next.missing() {
		s.set.Logger.Warn("no pipeline takes this signal from the receiver; what SDKs send of it is dropped",
			zap.String("signal", signal), zap.String("holds", signalHolds[signal]))
	}
	var err error
	s.http, err = s.config.ServerConfig.ToServer(ctx, host.GetExtensions(), s.set.TelemetrySettings, http.HandlerFunc(s.route))
	if err != nil {
		return err
	}
	// Outside of everything that confighttp adds: a preflight carries no credentials, so it must not meet an authenticator.
	s.http.Handler = s.edge(s.http.Handler)
	if s.listeners, err = loopback.Listen(ctx, &s.config.ServerConfig, s.set.Logger); err != nil {
		return errors.Join(err, s.Shutdown(ctx))
	}
	for _, l := range s.listeners {
		s.serving.Go(func() {
			if err := s.http.Serve(l); err != nil && !errors.Is(err, http.ErrServerClosed) {
				componentstatus.ReportStatus(host, componentstatus.NewFatalErrorEvent(err))
			}
		})
	}
	s.set.Logger.Info("Sentry SDKs can send here", zap.Stringer("endpoint", s.listeners[0].Addr()))
	return nil
}

// Shutdown stops listening and waits for the requests that are being served, as long as ctx allows.
func (s *server) Shutdown(ctx context.Context) error {
	var err error
	if s.http != nil {
		if err = s.http.Shutdown(ctx); err != nil {
			err = errors.Join(err, s.http.Close())
		}
	}
	for _, l := range s.listeners {
		_ = l.Close() // those that Serve did not get to see; closing twice does no harm
	}
	s.serving.Wait()
	s.telemetry.builder.Shutdown()
	return err
}
