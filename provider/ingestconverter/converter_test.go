package ingestconverter

import (
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/confmap"
)

func TestConvert(t *testing.T) {
	for name, c := range map[string]struct {
		in   string
		want map[string]any // exporters::spotlight::ingest
	}{
		"the ports of the receivers": {
			"{receivers: {sentry: {endpoint: 'localhost:9001'}, otlp: {protocols: {http: {endpoint: '127.0.0.1:9002'}, grpc: {endpoint: '0.0.0.0:9003'}}}}, exporters: {spotlight: {endpoint: 'localhost:1'}}}",
			map[string]any{"sentry_url": "http://localhost:9001", "otlp_http_url": "http://127.0.0.1:9002", "otlp_grpc_url": "http://localhost:9003"},
		},
		"their defaults": {
			"{receivers: {sentry: , otlp: {protocols: {http: , grpc: }}}, exporters: {spotlight: }}",
			map[string]any{"sentry_url": "http://localhost:8969", "otlp_http_url": "http://localhost:4318", "otlp_grpc_url": "http://localhost:4317"},
		},
		"none for what is not there": {
			"{receivers: {sentry: , otlp: {protocols: {http: }}}, exporters: {spotlight: }}",
			map[string]any{"sentry_url": "http://localhost:8969", "otlp_http_url": "http://localhost:4318", "otlp_grpc_url": ""},
		},
		"what is said stays": {
			"{receivers: {sentry: {endpoint: 'localhost:9001'}}, exporters: {spotlight: {ingest: {sentry_url: 'http://spot.test', otlp_http_url: ''}}}}",
			map[string]any{"sentry_url": "http://spot.test", "otlp_http_url": "", "otlp_grpc_url": ""},
		},
		"names, TLS, IPv6, sockets, ports of the system": {
			"{receivers: {otlp/b: {protocols: {grpc: {endpoint: '[::]:9003'}}}, otlp/a: {protocols: {grpc: {endpoint: /run/otel.sock, transport: unix}, http: {endpoint: '[::1]:9002', tls: {cert_file: x}}}}, sentry: {endpoint: 'localhost:0'}}, exporters: {spotlight: {}}}",
			map[string]any{"sentry_url": "", "otlp_http_url": "https://[::1]:9002", "otlp_grpc_url": "http://localhost:9003"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			conf := convert(t, c.in)
			require.Equal(t, c.want, conf.Get("exporters::spotlight::ingest"))
		})
	}
}

func TestConvert_LeavesAlone(t *testing.T) {
	for _, in := range []string{
		"{exporters: {spotlight: {endpoint: 'localhost:1'}}}", // part of a configuration
		"{receivers: {otlp: }, exporters: {debug: }}",
		"{receivers: 3, exporters: [spotlight]}",
	} {
		before, err := confmap.NewRetrievedFromYAML([]byte(in))
		require.NoError(t, err)
		want, err := before.AsConf()
		require.NoError(t, err)
		require.Equal(t, want.ToStringMap(), convert(t, in).ToStringMap(), in)
	}
}

func TestConvert_SeveralExporters(t *testing.T) {
	conf := convert(t, "{receivers: {sentry: {endpoint: 'localhost:9001'}}, exporters: {spotlight/a: , spotlight/b: {endpoint: 'localhost:2'}, debug: }}")
	require.Equal(t, "http://localhost:9001", conf.Get("exporters::spotlight/a::ingest::sentry_url"))
	require.Equal(t, "http://localhost:9001", conf.Get("exporters::spotlight/b::ingest::sentry_url"))
	require.Equal(t, "localhost:2", conf.Get("exporters::spotlight/b::endpoint"))
	require.Nil(t, conf.Get("exporters::debug"))
}

func TestConvert_OwnEndpoints(t *testing.T) {
	const receivers = "{receivers: {sentry: {endpoint: 'localhost:9001'}, otlp: {protocols: {http: {endpoint: '0.0.0.0:9002'}}}}, exporters: {spotlight: {"
	require.Equal(t, []any{"localhost:9001", "localhost:9002"}, convert(t, receivers+"}}}").Get("exporters::spotlight::own_endpoints"))
	require.Equal(t, []any{"spot.test:1"}, convert(t, receivers+"own_endpoints: ['spot.test:1']}}}").Get("exporters::spotlight::own_endpoints"), "what is said stays")
	require.Equal(t, []any{}, convert(t, receivers+"own_endpoints: []}}}").Get("exporters::spotlight::own_endpoints"))
}

func convert(t *testing.T, text string) *confmap.Conf {
	t.Helper()
	retrieved, err := confmap.NewRetrievedFromYAML([]byte(text))
	require.NoError(t, err)
	conf, err := retrieved.AsConf()
	require.NoError(t, err)
	require.NoError(t, NewFactory().Create(confmap.ConverterSettings{}).Convert(t.Context(), conf))
	return conf
}
