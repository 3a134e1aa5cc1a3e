package spotlightexporter

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/confmap/confmaptest"

	"github.com/otelcol-spotlight/otelcol-spotlight/exporter/spotlightexporter/internal/metadata"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/scope"
)

// load reads one entry of testdata/config.yaml onto the defaults.
func load(t *testing.T, name string) (*Config, error) {
	t.Helper()
	all, err := confmaptest.LoadConf(filepath.Join("testdata", "config.yaml"))
	require.NoError(t, err)
	sub, err := all.Sub(component.NewIDWithName(metadata.Type, name).String())
	require.NoError(t, err)
	cfg := createDefaultConfig().(*Config)
	if err := sub.Unmarshal(cfg); err != nil {
		return nil, err
	}
	return cfg, confmap.Validate(cfg)
}

func TestConfig_Default(t *testing.T) {
	cfg, err := load(t, "")
	require.NoError(t, err)
	require.Equal(t, createDefaultConfig(), cfg)
	require.Equal(t, "localhost:8970", cfg.ServerConfig.NetAddr.Endpoint)
}

func TestConfig_EveryOption(t *testing.T) {
	cfg, err := load(t, "all")
	require.NoError(t, err)
	want := createDefaultConfig().(*Config)
	want.ServerConfig.NetAddr.Endpoint = "0.0.0.0:9000"
	want.AllowedOrigins = []string{"https://app.test", "http://*.preview.test:*"}
	want.AllowedHosts = []string{"devbox.lan"}
	want.MaxBytes = 512 << 20
	want.MaxAge = 90 * time.Minute
	want.MaxSpansPerTrace = 50_000
	want.Clients = ClientsConfig{Max: 10, QueueFrames: 100, QueueBytes: 2 << 20}
	want.Ingest = IngestConfig{SentryURL: "http://devbox.lan:8969", OTLPHTTPURL: "https://devbox.lan:4318"}
	want.OwnEndpoints = []string{"devbox.lan:8969"}
	want.Scopes = scope.Config{
		Tags:       map[string]string{"machine": "laptop"},
		Contexts:   map[string]map[string]any{"team": {"name": "payments", "size": 4}},
		Attributes: map[string]any{"floor": 2}, TagAttributes: []string{"http.route"}, InheritAttributes: []string{"tenant.*"},
		ShareSDKBreadcrumbs: true, MaxBreadcrumbs: 50, SendDefaultPII: true,
		NestedServer: scope.NestedServerFork, TraceScope: scope.TraceScopeConfig{Promote: []string{"user.id", "tags.*"}},
	}
	want.Announce = false
	require.Equal(t, want, cfg)
}

func TestConfig_BytesAsNumber(t *testing.T) {
	cfg, err := load(t, "bytes_as_number")
	require.NoError(t, err)
	require.EqualValues(t, 100_000_000, cfg.MaxBytes)
}

func TestConfig_Wrong(t *testing.T) {
	for _, c := range []struct {
		name string
		want []string
	}{
		{"typo", []string{"max_byte"}},
		{"typo_nested", []string{"maximum"}},
		{"size", []string{"max_bytes", `"lots" is not a size; write bytes such as 268435456, or 256MiB`}},
		{"small", []string{
			"max_bytes: 1MiB is below 16MiB; raise it", "max_age: 0s is no time at all", "max_spans_per_trace: 0 leaves no span",
			"clients::max: 0 lets nobody in", "clients::queue_frames: -1 leaves no frame", "clients::queue_bytes: 10B is below 64KiB",
		}},
		{"no_endpoint", []string{"endpoint: is empty"}},
		{"cors", []string{"cors: is not used here; list the origins of your pages in allowed_origins"}},
		{"origin", []string{`allowed_origins: "app.test" is not an origin`}},
		{"host", []string{`allowed_hosts: "http://devbox.lan" is not a host`}},
		{"ingest", []string{`ingest::sentry_url: "localhost:8969" is not an address`}},
		{"typo_scopes", []string{"scopes", "max_breadcrumb"}},
		{"typo_trace_scope", []string{"scopes.trace_scope", "promoted"}},
		{"scopes_kind", []string{"scopes.max_breadcrumbs"}},
		{"scopes", []string{ // all of it at once
			"scopes::tags: a tag has no name", `scopes::contexts: "trace" cannot be set`, `scopes::tag_attributes[0]: "http.*" is not the name of an attribute`,
			`scopes::inherit_attributes[0]: "*" matches everything or nothing`, "scopes::max_breadcrumbs: 5000 is not between 1 and 1000",
			`scopes::nested_server: "sibling" is unknown; use inherit or fork`, `scopes::trace_scope::promote[0]: "breadcrumbs.x" starts with "breadcrumbs"`,
		}},
	} {
		_, err := load(t, c.name)
		require.Error(t, err, c.name)
		for _, text := range c.want {
			require.ErrorContains(t, err, text, c.name)
		}
	}
}
