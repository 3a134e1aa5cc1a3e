package spotlightprovider

import (
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/confmap/confmaptest"
)

func TestRetrieve_Default(t *testing.T) {
	p := NewFactory().Create(confmaptest.NewNopProviderSettings())
	require.NoError(t, confmaptest.ValidateProviderScheme(p))

	got, err := p.Retrieve(t.Context(), "spotlight:default", nil)
	require.NoError(t, err)
	conf, err := got.AsConf()
	require.NoError(t, err)
	require.Equal(t, "localhost:8969", conf.Get("receivers::sentry::endpoint"))
	require.Equal(t, "localhost:8970", conf.Get("exporters::spotlight::endpoint"))
	require.NoError(t, p.Shutdown(t.Context()))
}

func TestRetrieve_Overridden(t *testing.T) {
	p := NewFactory().Create(confmaptest.NewNopProviderSettings())
	got, err := p.Retrieve(t.Context(), "spotlight:default", nil)
	require.NoError(t, err)
	conf, err := got.AsConf()
	require.NoError(t, err)
	require.NoError(t, conf.Merge(confmap.NewFromStringMap(map[string]any{
		"exporters": map[string]any{"spotlight": map[string]any{"endpoint": "localhost:9000"}},
	})))
	require.Equal(t, "localhost:9000", conf.Get("exporters::spotlight::endpoint"))
	require.Equal(t, "localhost:8969", conf.Get("receivers::sentry::endpoint"), "the rest stays")
}

func TestRetrieve_Unknown(t *testing.T) {
	p := NewFactory().Create(confmaptest.NewNopProviderSettings())
	for _, uri := range []string{"spotlight:nope", "spotlight:", "file:default"} {
		_, err := p.Retrieve(t.Context(), uri, nil)
		require.Error(t, err, uri)
	}
}
