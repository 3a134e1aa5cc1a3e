// Package spotlightprovider is a confmap provider for configurations that are built into the Collector, so that
// `--config spotlight:default` runs without any file. A --config that follows overrides parts of it.
//
// It holds configurations, nothing else: no file, no environment, no network is read.
package spotlightprovider

import (
	"context"
	_ "embed"
	"fmt"
	"strings"

	"go.opentelemetry.io/collector/confmap"
)

const scheme = "spotlight"

//go:embed default.yaml
var defaultYAML []byte

// NewFactory returns the factory of the provider, as the Collector builder expects it.
func NewFactory() confmap.ProviderFactory {
	return confmap.NewProviderFactory(func(confmap.ProviderSettings) confmap.Provider { return provider{} })
}

type provider struct{}

// Retrieve implements confmap.Provider. The only name there is is "default".
func (provider) Retrieve(_ context.Context, uri string, _ confmap.WatcherFunc) (*confmap.Retrieved, error) {
	name, ok := strings.CutPrefix(uri, scheme+":")
	if !ok {
		return nil, fmt.Errorf("%q is not a %s: address", uri, scheme)
	}
	if name != "default" {
		return nil, fmt.Errorf("there is no built-in configuration %q; use %s:default, or --config with the path of a file", name, scheme)
	}
	return confmap.NewRetrievedFromYAML(defaultYAML)
}

// Scheme implements confmap.Provider.
func (provider) Scheme() string { return scheme }

// Shutdown implements confmap.Provider.
func (provider) Shutdown(context.Context) error { return nil }
