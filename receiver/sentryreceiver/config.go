package sentryreceiver

import (
	"errors"
	"fmt"
	"net/url"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/config/confighttp"

	"github.com/otelcol-spotlight/otelcol-spotlight/internal/bytesize"
	"github.com/otelcol-spotlight/otelcol-spotlight/internal/hostcheck"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/envelope"
)

// Config is what users write under receivers::sentry.
type Config struct {
	// ServerConfig is the HTTP server: endpoint, tls, auth, middlewares and so on. Its cors and compression_algorithms are
	// not used: the receiver answers CORS itself (AllowedOrigins) and decodes more than confighttp can.
	ServerConfig confighttp.ServerConfig `mapstructure:",squash"`

	// OverlayURL is where the overlay is, for people who open this port in a browser: GET / redirects there.
	OverlayURL string `mapstructure:"overlay_url"`

	// AllowedOrigins are the origins of web pages whose SDKs may send here; "*", the default, is every origin, as with
	// Sentry itself: nothing can be read here. Loopback origins are always allowed. See the package hostcheck for the
	// patterns.
	AllowedOrigins []string `mapstructure:"allowed_origins"`

	// AllowedHosts are the names, beside loopback ones and the one in endpoint, by which the server may be called.
	AllowedHosts []string `mapstructure:"allowed_hosts"`

	// Projects says what is known of a project, by its id in the DSN or by its public key.
	Projects map[string]ProjectConfig `mapstructure:"projects"`

	// Limits bounds what a request may cost.
	Limits LimitsConfig `mapstructure:"limits"`

	// prevent unkeyed literal initialization
	_ struct{}
}

// ProjectConfig is what is known of a project.
type ProjectConfig struct {
	// ServiceName is service.name of what the project sends, unless the data itself names a service.
	ServiceName string `mapstructure:"service_name"`

	_ struct{}
}

// LimitsConfig bounds requests. Bytes on the wire are bounded by max_request_body_size.
type LimitsConfig struct {
	// MaxEnvelopeBytes bounds a body after decompression; a larger one is answered 413.
	MaxEnvelopeBytes bytesize.Bytes `mapstructure:"max_envelope_bytes"`

	// MaxInflightBytes bounds the memory of all bodies that are being read and, once more, of all that are being parsed. A
	// request that finds no room waits a while and is then answered 503.
	MaxInflightBytes bytesize.Bytes `mapstructure:"max_inflight_bytes"`

	// MaxItems bounds the items of one envelope; further ones are refused.
	MaxItems int `mapstructure:"max_items"`

	// MaxOTLPRecords bounds the spans, log records or data points of one OTLP request; a larger one is answered 413.
	MaxOTLPRecords int `mapstructure:"max_otlp_records"`

	// ItemBytes bounds the payload of one item, by item type; "default" is for the types that are not listed. A larger item
	// is refused, its siblings are kept.
	ItemBytes map[string]bytesize.Bytes `mapstructure:"item_bytes"`

	_ struct{}
}

func createDefaultConfig() component.Config {
	server := confighttp.NewDefaultServerConfig()
	server.NetAddr.Endpoint = "localhost:8969" // where every SDK's Spotlight mode sends to
	server.MaxRequestBodySize = 32 << 20
	server.ReadTimeout = time.Minute
	server.WriteTimeout = 90 * time.Second    // counts from the end of the header, so it has to outlast reading
	server.CompressionAlgorithms = []string{} // none: see encodings.go
	return &Config{
		ServerConfig:   server,
		AllowedOrigins: []string{"*"},
		// What container runtimes call the machine they run on. Names under .internal cannot be registered.
		AllowedHosts: []string{"host.docker.internal", "host.containers.internal"},
		Limits: LimitsConfig{
			MaxEnvelopeBytes: 32 << 20,
			MaxInflightBytes: 64 << 20,
			MaxItems:         50_000,
			MaxOTLPRecords:   50_000,
			ItemBytes:        defaultItemBytes(),
		},
	}
}

const (
	minEnvelopeBytes bytesize.Bytes = 64 << 10 // below this, ordinary error events would not fit
	minItemBytes     bytesize.Bytes = 1 << 10
)

// Validate says what is wrong in the words of the configuration, all of it at once.
func (c *Config) Validate() error {
	var errs []error
	if c.ServerConfig.NetAddr.Endpoint == "" {
		errs = append(errs, errors.New("endpoint: is empty; set host:port, or remove the line for the default (localhost:8969)"))
	}
	if c.ServerConfig.CORS.HasValue() {
		errs = append(errs, errors.New("cors: is not used here; pages of every origin may send, or list them in allowed_origins"))
	}
	if len(c.ServerConfig.CompressionAlgorithms) > 0 {
		errs = append(errs, errors.New("compression_algorithms: is not used here; gzip, deflate, br and zstd are always taken, remove the line"))
	}
	if err := checkOverlayURL(c.OverlayURL); err != nil {
		errs = append(errs, err)
	}
	for name, p := range c.Projects {
		if p.ServiceName == "" {
			errs = append(errs, fmt.Errorf("projects::%s::service_name: is empty; set the service's name, or remove the project", name))
		}
	}
	errs = append(errs, c.Limits.validate()...)
	if _, err := c.hostPolicy(); err != nil {
		errs = append(errs, err) // already names the option
	}
	return errors.Join(errs...)
}

func (l *LimitsConfig) validate() (errs []error) {
	if l.MaxEnvelopeBytes < minEnvelopeBytes {
		errs = append(errs, fmt.Errorf("limits::max_envelope_bytes: %s is below %s; raise it, or remove the line for the default (32MiB)", l.MaxEnvelopeBytes, minEnvelopeBytes))
	}
	if l.MaxInflightBytes < 2*l.MaxEnvelopeBytes {
		errs = append(errs, fmt.Errorf("limits::max_inflight_bytes: %s is less than twice max_envelope_bytes (%s), which one large request needs while its buffer grows; raise it", l.MaxInflightBytes, l.MaxEnvelopeBytes))
	}
	if l.MaxItems <= 0 {
		errs = append(errs, fmt.Errorf("limits::max_items: %d leaves no item; raise it, or remove the line for the default (50000)", l.MaxItems))
	}
	if l.MaxOTLPRecords <= 0 {
		errs = append(errs, fmt.Errorf("limits::max_otlp_records: %d leaves no record; raise it, or remove the line for the default (50000)", l.MaxOTLPRecords))
	}
	for itemType, bytes := range l.ItemBytes {
		switch {
		case itemType != defaultItem && !envelope.Known(itemType):
			errs = append(errs, fmt.Errorf("limits::item_bytes::%s: is no item type that Sentry has; use one of the README's table, or default", itemType))
		case bytes < minItemBytes:
			errs = append(errs, fmt.Errorf("limits::item_bytes::%s: %s is below %s; raise it, or remove the line for the default", itemType, bytes, minItemBytes))
		}
	}
	return errs
}

// hostPolicy reads allowed_hosts, allowed_origins and endpoint.
func (c *Config) hostPolicy() (*hostcheck.Policy, error) {
	return hostcheck.New(hostcheck.Options{
		AllowedHosts:   c.AllowedHosts,
		AllowedOrigins: c.AllowedOrigins,
		Endpoint:       c.ServerConfig.NetAddr.Endpoint,
	})
}

// serviceName is what the configuration has for a project id or public key.
func (c *Config) serviceName(project, publicKey string) string {
	if p, ok := c.Projects[project]; ok {
		return p.ServiceName
	}
	return c.Projects[publicKey].ServiceName
}

// checkOverlayURL accepts "" and http(s) URLs with a host: a browser is redirected there.
func checkOverlayURL(s string) error {
	if s == "" {
		return nil
	}
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return fmt.Errorf("overlay_url: %q is not an address; write it like http://localhost:8970, or remove the line", s)
	}
	return nil
}
