package scope

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

func resourceOf(pairs ...string) *model.Resource {
	r := &model.Resource{}
	for i := 0; i < len(pairs); i += 2 {
		r.Attributes = append(r.Attributes, model.Attribute{Key: pairs[i], Value: model.String(pairs[i+1])})
	}
	r.Attributes.Sort()
	return r
}

func TestProcessKey(t *testing.T) {
	same := func(a, b *model.Resource) {
		t.Helper()
		require.Equal(t, processKey(a), processKey(b))
	}
	other := func(a, b *model.Resource) {
		t.Helper()
		require.NotEqual(t, processKey(a), processKey(b))
	}
	same(resourceOf("service.instance.id", "i", "a", "1"), resourceOf("service.instance.id", "i", "a", "2"))
	other(resourceOf("service.instance.id", "i"), resourceOf("service.instance.id", "j"))
	same(resourceOf("service.name", "s", "host.name", "h", "process.pid", "7", "x", "1"), resourceOf("service.name", "s", "host.name", "h", "process.pid", "7"))
	other(resourceOf("service.name", "s", "host.name", "h", "process.pid", "7"), resourceOf("service.name", "s", "host.name", "g", "process.pid", "7"))
	other(resourceOf("service.name", "s", "process.pid", "7", "process.creation.time", "1"), resourceOf("service.name", "s", "process.pid", "7", "process.creation.time", "2"))
	other(resourceOf("service.name", "ab"), resourceOf("service.name", "a"))
	sentry := func(more ...string) *model.Resource {
		return resourceOf(append([]string{"telemetry.sdk.name", "sentry.python", "service.name", "s"}, more...)...)
	}
	same(sentry(), sentry("browser.version", "1"))
	other(sentry(), sentry("host.name", "h"))
	other(sentry("service.version", "1"), sentry("service.version", "2"))
	other(nil, resourceOf())
}

func TestDiffer(t *testing.T) {
	require.False(t, differ(nil, resourceOf("service.name", "a")))
	require.False(t, differ(resourceOf("k8s.node.name", "n"), resourceOf("service.name", "a")))
	require.False(t, differ(resourceOf("service.name", "unknown_service:go"), resourceOf("service.name", "a")))
	require.True(t, differ(resourceOf("service.name", "b"), resourceOf("service.name", "a")))
	require.True(t, differ(resourceOf("service.instance.id", "1"), resourceOf("service.instance.id", "2")))
}
