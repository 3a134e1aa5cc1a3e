package sentry_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/otelcol-spotlight/otelcol-spotlight/internal/testkit"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/sentry"
)

// TestConventions_Documented: every name of package conventions is in the README.
func TestConventions_Documented(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	require.NoError(t, err)
	names := conventionNames(t)
	require.Greater(t, len(names), 60)
	for _, name := range names {
		if strings.HasPrefix(name, "service.") || strings.HasPrefix(name, "telemetry.") {
			continue // service.*, telemetry.sdk.*
		}
		require.Contains(t, string(readme), "`"+name, name)
	}
}

// TestConventions_Complete: every sentry.* attribute that is written for the corpus and was not sent as one by an SDK has
// its name from package conventions.
func TestConventions_Complete(t *testing.T) {
	known := map[string]bool{}
	for _, name := range conventionNames(t) {
		known[name] = true
	}
	everyEnvelope(t, func(t *testing.T, rec recorded, res sentry.Result) {
		var sent strings.Builder
		for _, it := range rec.env.Items {
			sent.Write(it.Payload)
		}
		check := func(key string) {
			if strings.HasPrefix(key, "sentry.session.") { // counters of sessions are named by their status
				return
			}
			if strings.HasPrefix(key, "sentry.") && !known[key] {
				require.Contains(t, sent.String(), strconv.Quote(key), "not in package conventions")
			}
		}
		for _, s := range spansOf(res) {
			for k := range s.Attributes().All() {
				check(k)
			}
		}
		for _, lr := range logsOf(res) {
			for k := range lr.Attributes().All() {
				check(k)
			}
		}
		for _, m := range resourcesOf(res) {
			for k := range m.All() {
				check(k)
			}
		}
	})
}

// conventionNames are the values of all string constants of package conventions.
func conventionNames(t *testing.T) (names []string) {
	t.Helper()
	dir := filepath.Join(testkit.Root(t), "translate", "conventions")
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	require.NoError(t, err)
	for _, path := range files {
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		require.NoError(t, err)
		ast.Inspect(file, func(n ast.Node) bool {
			if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
				name, err := strconv.Unquote(lit.Value)
				require.NoError(t, err)
				names = append(names, name)
			}
			return true
		})
	}
	return names
}
