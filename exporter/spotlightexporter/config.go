package spotlightexporter

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/config/confighttp"

	"github.com/otelcol-spotlight/otelcol-spotlight/exporter/spotlightexporter/internal/sources"
	"github.com/otelcol-spotlight/otelcol-spotlight/internal/bytesize"
	"github.com/otelcol-spotlight/otelcol-spotlight/internal/hostcheck"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/scope"
)

// Config is what users write under exporters::spotlight.
type Config struct {
	// ServerConfig is the server of overlay, API and WebSocket: endpoint, tls, auth and so on. Its cors section is not
	// used: AllowedOrigins says who may read, for requests and WebSockets alike.
	ServerConfig confighttp.ServerConfig `mapstructure:",squash"`

	// AllowedOrigins are the origins of web pages, beside loopback ones, whose scripts may read and change what is here:
	// "https://app.test", "http://*.preview.test:*". See the package hostcheck for the patterns.
	AllowedOrigins []string `mapstructure:"allowed_origins"`

	// AllowedHosts are the names, beside loopback ones and the one in endpoint, by which the server may be called.
	AllowedHosts []string `mapstructure:"allowed_hosts"`

	// MaxBytes bounds the live store, by its own accounting. What is oldest leaves first.
	MaxBytes bytesize.Bytes `mapstructure:"max_bytes"`

	// MaxAge is how long after its last record a trace stays.
	MaxAge time.Duration `mapstructure:"max_age"`

	// MaxSpansPerTrace bounds one trace; later spans of it are dropped and counted, and the trace says so.
	MaxSpansPerTrace int `mapstructure:"max_spans_per_trace"`

	// Clients bounds what a WebSocket client may cost.
	Clients ClientsConfig `mapstructure:"clients"`

	// Ingest says where SDKs can send to. It opens nothing: the receivers do. It is what the overlay shows in its snippets
	// and what is printed on start.
	Ingest IngestConfig `mapstructure:"ingest"`

	// OwnEndpoints are addresses of this Collector, as host:port. Client spans that call one of them are an SDK tracing
	// its own delivery; they are dropped and counted, or they would feed themselves without end.
	OwnEndpoints []string `mapstructure:"own_endpoints"`

	// Scopes says what of the data belongs to scopes, and how events take from them.
	Scopes scope.Config `mapstructure:"scopes"`

	// SourceMaps says where source maps of bundled JavaScript are found.
	SourceMaps SourceMapsConfig `mapstructure:"source_maps"`

	// SourceRoots are folders whose files may be read: lines around a frame of any language, source maps beside a script.
	// Nothing outside of them and of source_maps::paths is ever read.
	SourceRoots []string `mapstructure:"source_roots"`

	// Announce prints the overlay's address and those of Ingest to standard error on start.
	Announce bool `mapstructure:"announce"`

	// prevent unkeyed literal initialization
	_ struct{}
}

// ClientsConfig bounds the WebSocket clients.
type ClientsConfig struct {
	// Max is how many may be connected at a time; more are answered 503.
	Max int `mapstructure:"max"`

	// QueueFrames and QueueBytes bound what waits for one slow client. When either is reached the queue is emptied, and the
	// client starts afresh with a snapshot.
	QueueFrames int            `mapstructure:"queue_frames"`
	QueueBytes  bytesize.Bytes `mapstructure:"queue_bytes"`

	_ struct{}
}

// IngestConfig holds the base URLs that SDKs can be pointed at; an empty one is not shown.
type IngestConfig struct {
	SentryURL   string `mapstructure:"sentry_url"`
	OTLPGRPCURL string `mapstructure:"otlp_grpc_url"`
	OTLPHTTPURL string `mapstructure:"otlp_http_url"`

	_ struct{}
}

// SourceMapsConfig says where source maps are found, beside files inside source_roots.
type SourceMapsConfig struct {
	// Paths are folders of builds: scanned for debug IDs, and watched.
	Paths []string `mapstructure:"paths"`

	// DevServers asks dev servers on loopback for the scripts and maps that stack traces name.
	DevServers bool `mapstructure:"dev_servers"`

	// AllowedHosts are other hosts, as host or host:port, that may be asked.
	AllowedHosts []string `mapstructure:"allowed_hosts"`

	// CacheBytes bounds the parsed maps that are kept.
	CacheBytes bytesize.Bytes `mapstructure:"cache_bytes"`

	// UploadDir keeps uploads across restarts; when it is empty they are kept in memory.
	UploadDir string `mapstructure:"upload_dir"`

	// UploadBytes bounds uploads; the oldest leave first.
	UploadBytes bytesize.Bytes `mapstructure:"upload_bytes"`

	_ struct{}
}

const (
	minCacheBytes  bytesize.Bytes = 8 << 20  // below this, the map of one larger bundle does not fit
	minUploadBytes bytesize.Bytes = 16 << 20 // below this, the upload of one larger build does not fit
	maxUploadBody                 = 48 << 20 // of one request: a few chunks and their headers

	minMaxBytes   bytesize.Bytes = 16 << 20 // below this, one large trace would push everything else out
	minQueueBytes bytesize.Bytes = 64 << 10 // below this, a moment of traffic fills the queue of a client that is not slow
)

func createDefaultConfig() component.Config {
	server := confighttp.NewDefaultServerConfig()
	server.NetAddr.Endpoint = "localhost:8970"
	server.MaxRequestBodySize = maxUploadBody
	maps := sources.DefaultConfig()
	return &Config{
		ServerConfig: server,
		// What container runtimes call the machine they run on. Names under .internal cannot be registered.
		AllowedHosts:     []string{"host.docker.internal", "host.containers.internal"},
		MaxBytes:         256 << 20,
		MaxAge:           time.Hour,
		MaxSpansPerTrace: 20_000,
		Clients: ClientsConfig{
			Max:         256,
			QueueFrames: 1024,
			QueueBytes:  8 << 20,
		},
		Ingest: IngestConfig{
			SentryURL:   "http://localhost:8969",
			OTLPGRPCURL: "http://localhost:4317",
			OTLPHTTPURL: "http://localhost:4318",
		},
		OwnEndpoints: []string{"localhost:8969", "localhost:4317", "localhost:4318"},
		Scopes:       scope.DefaultConfig(),
		SourceMaps: SourceMapsConfig{
			DevServers:  maps.DevServers,
			CacheBytes:  bytesize.Bytes(maps.CacheBytes),
			UploadBytes: bytesize.Bytes(maps.UploadBytes),
		},
		Announce: true,
	}
}

// Validate says what is wrong in the words of the configuration, all of it at once.
func (c *Config) Validate() error {
	var errs []error
	if c.ServerConfig.NetAddr.Endpoint == "" {
		errs = append(errs, errors.New("endpoint: is empty; set host:port, or remove the line for the default (localhost:8970)"))
	}
	if c.ServerConfig.CORS.HasValue() {
		errs = append(errs, errors.New("cors: is not used here; list the origins of your pages in allowed_origins, which holds for WebSockets too"))
	}
	if c.MaxBytes < minMaxBytes {
		errs = append(errs, fmt.Errorf("max_bytes: %s is below %s; raise it, or remove the line for the default (256MiB)", c.MaxBytes, minMaxBytes))
	}
	if c.MaxAge <= 0 {
		errs = append(errs, fmt.Errorf("max_age: %s is no time at all; raise it, or remove the line for the default (1h)", c.MaxAge))
	}
	if c.MaxSpansPerTrace <= 0 {
		errs = append(errs, fmt.Errorf("max_spans_per_trace: %d leaves no span; raise it, or remove the line for the default (20000)", c.MaxSpansPerTrace))
	}
	if c.Clients.Max <= 0 {
		errs = append(errs, fmt.Errorf("clients::max: %d lets nobody in; raise it, or remove the line for the default (256)", c.Clients.Max))
	}
	if c.Clients.QueueFrames <= 0 {
		errs = append(errs, fmt.Errorf("clients::queue_frames: %d leaves no frame; raise it, or remove the line for the default (1024)", c.Clients.QueueFrames))
	}
	if c.Clients.QueueBytes < minQueueBytes {
		errs = append(errs, fmt.Errorf("clients::queue_bytes: %s is below %s; raise it, or remove the line for the default (8MiB)", c.Clients.QueueBytes, minQueueBytes))
	}
	for _, u := range []struct{ key, url string }{
		{"ingest::sentry_url", c.Ingest.SentryURL},
		{"ingest::otlp_grpc_url", c.Ingest.OTLPGRPCURL},
		{"ingest::otlp_http_url", c.Ingest.OTLPHTTPURL},
	} {
		if err := checkBaseURL(u.url); err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", u.key, err))
		}
	}
	for _, err := range c.Scopes.Problems() {
		errs = append(errs, fmt.Errorf("scopes::%w", err))
	}
	if c.SourceMaps.CacheBytes < minCacheBytes {
		errs = append(errs, fmt.Errorf("source_maps::cache_bytes: %s is below %s; raise it, or remove the line for the default (128MiB)", c.SourceMaps.CacheBytes, minCacheBytes))
	}
	if c.SourceMaps.UploadBytes < minUploadBytes {
		errs = append(errs, fmt.Errorf("source_maps::upload_bytes: %s is below %s; raise it, or remove the line for the default (256MiB)", c.SourceMaps.UploadBytes, minUploadBytes))
	}
	for _, h := range c.SourceMaps.AllowedHosts {
		if h == "" || strings.ContainsAny(h, "/*") {
			errs = append(errs, fmt.Errorf("source_maps::allowed_hosts: %q is not a host; write it like assets.test or assets.test:8080", h))
		}
	}
	if _, err := c.hostPolicy(); err != nil {
		errs = append(errs, err) // already names the option
	}
	return errors.Join(errs...)
}

// sources is the part of the configuration that is about source maps and files.
func (c *Config) sources() sources.Config {
	return sources.Config{
		Paths:        c.SourceMaps.Paths,
		Roots:        c.SourceRoots,
		DevServers:   c.SourceMaps.DevServers,
		AllowedHosts: c.SourceMaps.AllowedHosts,
		CacheBytes:   int64(c.SourceMaps.CacheBytes),
		UploadDir:    c.SourceMaps.UploadDir,
		UploadBytes:  int64(c.SourceMaps.UploadBytes),
	}
}

// hostPolicy reads allowed_hosts, allowed_origins and endpoint.
func (c *Config) hostPolicy() (*hostcheck.Policy, error) {
	return hostcheck.New(hostcheck.Options{
		AllowedHosts:   c.AllowedHosts,
		AllowedOrigins: c.AllowedOrigins,
		Endpoint:       c.ServerConfig.NetAddr.Endpoint,
	})
}

// checkBaseURL accepts "" and http(s) URLs with a host. They are shown to people and put into snippets, so that anything
// else is a mistake.
func checkBaseURL(s string) error {
	if s == "" {
		return nil
	}
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return fmt.Errorf("%q is not an address; write it like http://localhost:8969, or leave it empty to show none", s)
	}
	return nil
}
