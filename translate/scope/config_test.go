package scope

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

func TestConfig_DefaultsAreValid(t *testing.T) {
	cfg := DefaultConfig()
	require.Empty(t, cfg.Problems())
	require.Equal(t, 100, cfg.MaxBreadcrumbs)
	require.True(t, cfg.SpanBreadcrumbs)
	require.False(t, cfg.SendDefaultPII)
	require.False(t, cfg.ShareSDKBreadcrumbs)
	require.Empty(t, cfg.TraceScope.Promote)
}

func TestConfig_ProblemsSpeakOfOptions(t *testing.T) {
	for _, c := range []struct {
		change func(*Config)
		want   string
	}{
		{func(c *Config) { c.MaxBreadcrumbs = 0 }, "max_breadcrumbs: 0 is not between 1 and 1000"},
		{func(c *Config) { c.MaxBreadcrumbs = 5000 }, "max_breadcrumbs: 5000"},
		{func(c *Config) { c.NestedServer = "split" }, `nested_server: "split" is unknown; use inherit or fork`},
		{func(c *Config) { c.TagAttributes = []string{"http.*"} }, "tag_attributes[0]"},
		{func(c *Config) { c.InheritAttributes = []string{"ok", "*"} }, "inherit_attributes[1]"},
		{func(c *Config) { c.InheritAttributes = []string{""} }, "inherit_attributes[0]"},
		{func(c *Config) { c.TraceScope.Promote = []string{"user.id", "breadcrumbs.*"} }, "trace_scope::promote[1]"},
		{func(c *Config) { c.TraceScope.Promote = []string{"tags."} }, "trace_scope::promote[0]"},
		{func(c *Config) { c.Contexts = map[string]map[string]any{"trace": {}} }, `contexts: "trace" cannot be set`},
		{func(c *Config) { c.Tags = map[string]string{"": "x"} }, "tags: a tag has no name"},
	} {
		cfg := DefaultConfig()
		c.change(&cfg)
		problems := cfg.Problems()
		require.Len(t, problems, 1)
		require.True(t, strings.HasPrefix(problems[0].Error(), c.want), problems[0])
	}
	cfg := DefaultConfig()
	cfg.MaxBreadcrumbs, cfg.NestedServer = -1, "x"
	require.Len(t, cfg.Problems(), 2, "all of it at once")
}

func TestConfig_ValuesOfAFile(t *testing.T) {
	r := compileRules(Config{
		Contexts:   map[string]map[string]any{"a": {"n": 1, "list": []any{"x", true}, "map": map[string]any{"k": 1.5}}, "trace": {"trace_id": "no"}},
		Attributes: map[string]any{"f": func() {}},
	})
	require.Equal(t, DefaultMaxBreadcrumbs, r.MaxBreadcrumbs)
	require.Equal(t, `{"a":{"list":["x",true],"map":{"k":1.5},"n":1}}`, string(r.base.Contexts.AppendJSON(nil)))
	require.Equal(t, model.KindString, r.base.Attributes[0].Value.Kind()) // what JSON cannot say is text
}

func TestParsePolicy(t *testing.T) {
	for name, want := range map[string]string{"": "spec", "spec": "spec", "js11": "js11", "JS11": "js11", "python2": "python2", "go0": "go0"} {
		got, err := ParsePolicy(name)
		require.NoError(t, err)
		require.Equal(t, want, got.Name)
	}
	_, err := ParsePolicy("ruby5")
	require.EqualError(t, err, `policy "ruby5" is unknown; use spec, js11, python2 or go0`)
}

func TestPatterns(t *testing.T) {
	for _, c := range []struct {
		pattern, name string
		want          bool
	}{
		{"tenant.id", "tenant.id", true},
		{"tenant.id", "tenant.ids", false},
		{"session.*", "session.", true},
		{"session.*", "session", false},
		{"app.*feature*", "app.new.feature.on", true},
		{"app.*feature*", "app.feature", true},
		{"app.*feature*", "app.featur", false},
		{"*x", "xyx", true},
		{"*x", "xy", false},
		{"a*b*c", "aXbXbXc", true},
		{"a*b*c", "aXcXb", false},
		{"a*", "", false},
	} {
		p := compilePatterns([]string{c.pattern})
		require.Equal(t, c.want, p.match(c.name), "%s on %s", c.pattern, c.name)
	}
}
