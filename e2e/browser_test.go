package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/otelcol-spotlight/otelcol-spotlight/internal/testkit"
)

// TestBrowser runs every browser/*.test.mjs with a Collector of its own, fed with the scenarios its row names, in a real
// Chromium; the tests of strangers' pages in Firefox too, when there is one. SPOTLIGHT_SHOTS names a folder for screenshots.
func TestBrowser(t *testing.T) {
	node, err := exec.LookPath("node")
	require.NoError(t, err, "install Node.js")
	dir, err := filepath.Abs("browser")
	require.NoError(t, err)
	_, err = os.Stat(filepath.Join(dir, "node_modules"))
	require.NoError(t, err, "run make deps first")
	files, err := filepath.Glob(filepath.Join(dir, "*.test.mjs"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	run := func(t *testing.T, file string, env ...string) {
		t.Helper()
		c := startCollector(t)
		for _, scenario := range scenariosOf[filepath.Base(file)] {
			requests := testkit.ScenarioNamed(t, scenario).Requests
			if filepath.Base(file) == "clocks.test.mjs" {
				for i := range requests {
					requests[i] = skewed(t, requests[i])
				}
			}
			c.sendAll(t, requests)
		}
		cmd := exec.Command(node, "--test", "--test-reporter=spec", "--test-timeout=600000", file)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "SPOTLIGHT_UI="+c.UI, "SPOTLIGHT_SENTRY="+c.Sentry, "SPOTLIGHT_OTLP="+c.OTLPHTTP)
		cmd.Env = append(cmd.Env, env...)
		began := time.Now()
		out, err := cmd.CombinedOutput()
		t.Logf("%s\n%s", time.Since(began).Round(time.Millisecond), out)
		require.NoError(t, err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) { run(t, file) })
	}
	t.Run("hostile.test.mjs in Firefox", func(t *testing.T) {
		if !haveFirefox() {
			t.Skip("no Firefox: install Debian's firefox-esr, or set FIREFOX to the path of one")
		}
		run(t, filepath.Join(dir, "hostile.test.mjs"), "SPOTLIGHT_BROWSER=firefox")
	})
}

// haveFirefox looks where browser/firefox.mjs does.
func haveFirefox() bool {
	for _, path := range []string{os.Getenv("FIREFOX"), "/usr/bin/firefox-esr", "/usr/bin/firefox"} {
		if _, err := os.Stat(path); path != "" && err == nil {
			return true
		}
	}
	return false
}

// scenariosOf lists what a browser test finds in the Collector when it begins; a file without a row finds it empty.
var scenariosOf = map[string][]string{
	"overlay.test.mjs": {"distributed-demo", "node-express-errors", "node-express-tracing-stream", "node-logs-metrics", "go-nethttp"},
	"a11y.test.mjs": {
		"distributed-demo", "distributed-demo-click", "node-express-errors", "node-express-tracing-stream", "node-logs-metrics", "go-nethttp", "browser-errors",
		"browser-replay", "node-profiling-continuous-trace", "node-checkins-sessions-feedback", "otel-node-json", "synthetic-items",
	},
	"keyboard.test.mjs": {"distributed-demo", "node-express-errors", "node-logs-metrics"},
	"hostile.test.mjs":  {"distributed-demo"},
	"embedded.test.mjs": {"distributed-demo"},
	"unload.test.mjs":   {"distributed-demo"},
	"clocks.test.mjs":   {"distributed-demo"}, // with wrongClocks
}
