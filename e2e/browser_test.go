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
// Chromium. SPOTLIGHT_SHOTS names a folder for screenshots.
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
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			c := startCollector(t)
			for _, scenario := range scenariosOf[filepath.Base(file)] {
				c.sendAll(t, testkit.ScenarioNamed(t, scenario).Requests)
			}
			cmd := exec.Command(node, "--test", "--test-reporter=spec", "--test-timeout=180000", file)
			cmd.Dir = dir
			cmd.Env = append(os.Environ(), "SPOTLIGHT_UI="+c.UI, "SPOTLIGHT_SENTRY="+c.Sentry, "SPOTLIGHT_OTLP="+c.OTLPHTTP)
			began := time.Now()
			out, err := cmd.CombinedOutput()
			t.Logf("%s\n%s", time.Since(began).Round(time.Millisecond), out)
			require.NoError(t, err)
		})
	}
}

// scenariosOf lists what a browser test finds in the Collector when it begins; a file without a row finds it empty.
var scenariosOf = map[string][]string{
	"overlay.test.mjs":  {"distributed-demo", "node-express-errors", "node-express-tracing-stream", "node-logs-metrics", "go-nethttp"},
	"hostile.test.mjs":  {"distributed-demo"},
	"embedded.test.mjs": {"distributed-demo"},
}
