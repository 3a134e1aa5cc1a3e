package sentryreceiver

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/confmap/confmaptest"

	"github.com/otelcol-spotlight/otelcol-spotlight/internal/bytesize"
)

func load(t *testing.T, file string) (*Config, error) {
	t.Helper()
	conf, err := confmaptest.LoadConf(filepath.Join("testdata", "config", file))
	require.NoError(t, err)
	cfg := createDefaultConfig().(*Config)
	if err := conf.Unmarshal(cfg); err != nil {
		return nil, err
	}
	return cfg, confmap.Validate(cfg)
}

func TestConfig_DefaultIsValid(t *testing.T) {
	cfg := createDefaultConfig().(*Config)
	require.NoError(t, confmap.Validate(cfg))
	require.Equal(t, "localhost:8969", cfg.ServerConfig.NetAddr.Endpoint)
	require.Equal(t, []string{"*"}, cfg.AllowedOrigins)
	for itemType, limit := range cfg.Limits.ItemBytes {
		require.LessOrEqual(t, limit, cfg.Limits.MaxEnvelopeBytes, itemType)
	}
}

func TestConfig_Empty(t *testing.T) {
	cfg, err := load(t, "empty.yaml")
	require.NoError(t, err)
	require.Equal(t, createDefaultConfig(), cfg)
}

func TestConfig_Full(t *testing.T) {
	cfg, err := load(t, "full.yaml")
	require.NoError(t, err)

	want := createDefaultConfig().(*Config)
	want.ServerConfig.NetAddr.Endpoint = "0.0.0.0:9000"
	want.ServerConfig.MaxRequestBodySize = 1 << 20
	want.ServerConfig.ReadTimeout = 10 * time.Second
	want.ServerConfig.IncludeMetadata = true
	want.OverlayURL = "http://localhost:8970"
	want.AllowedOrigins = []string{"https://shop.test", "http://*.preview.test:*"}
	want.AllowedHosts = []string{"spotlight"}
	want.Projects = map[string]ProjectConfig{"1": {ServiceName: "web"}, "abcdef": {ServiceName: "api"}}
	want.Limits.MaxEnvelopeBytes = 1 << 20
	want.Limits.MaxInflightBytes = 1e9
	want.Limits.MaxItems = 100
	want.Limits.MaxOTLPRecords = 1000
	want.Limits.ItemBytes["event"] = 2 << 20 // the others keep their defaults
	want.Limits.ItemBytes["default"] = 65536
	require.Equal(t, want, cfg)
	require.Equal(t, bytesize.Bytes(16<<20), cfg.Limits.ItemBytes["span"])
}

func TestConfig_Mistakes(t *testing.T) {
	for _, c := range []struct{ file, want string }{
		{"typo.yaml", "has invalid keys: endpiont"},
		{"typo_limits.yaml", "has invalid keys: max_envelope_byte"},
		{"typo_project.yaml", "has invalid keys: service"},
		{"no_endpoint.yaml", "endpoint: is empty"},
		{"cors.yaml", "cors: is not used here"},
		{"compression.yaml", "compression_algorithms: is not used here"},
		{"overlay_url.yaml", `overlay_url: "localhost:8970" is not an address`},
		{"project_empty.yaml", "projects::1::service_name: is empty"},
		{"bad_origin.yaml", `allowed_origins: "shop.test" is not an origin`},
		{"bad_host.yaml", `allowed_hosts: "http://spotlight" is not a host`},
		{"bad_size.yaml", `"lots" is not a size`},
		{"small_envelope.yaml", "limits::max_envelope_bytes: 1KiB is below 64KiB"},
		{"small_inflight.yaml", "limits::max_inflight_bytes: 60MiB is less than twice max_envelope_bytes (32MiB)"},
		{"no_items.yaml", "limits::max_items: 0 leaves no item"},
		{"no_records.yaml", "limits::max_otlp_records: -1 leaves no record"},
		{"item_unknown.yaml", "limits::item_bytes::evnet: is no item type"},
		{"item_small.yaml", "limits::item_bytes::event: 1B is below 1KiB"},
	} {
		t.Run(c.file, func(t *testing.T) {
			_, err := load(t, c.file)
			require.ErrorContains(t, err, c.want)
		})
	}
}

func TestConfig_AllMistakesAtOnce(t *testing.T) {
	cfg := createDefaultConfig().(*Config)
	cfg.ServerConfig.NetAddr.Endpoint = ""
	cfg.Limits.MaxItems = 0
	cfg.AllowedHosts = []string{""}
	err := cfg.Validate()
	require.ErrorContains(t, err, "endpoint")
	require.ErrorContains(t, err, "max_items")
	require.ErrorContains(t, err, "allowed_hosts")
}

func TestConfig_ServiceName(t *testing.T) {
	cfg := &Config{Projects: map[string]ProjectConfig{"1": {ServiceName: "web"}, "abc": {ServiceName: "api"}}}
	require.Equal(t, "web", cfg.serviceName("1", "abc"))
	require.Equal(t, "api", cfg.serviceName("2", "abc"))
	require.Empty(t, cfg.serviceName("2", "def"))
	require.Empty(t, (&Config{}).serviceName("", ""))
}
