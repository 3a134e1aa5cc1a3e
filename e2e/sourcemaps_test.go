package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestSourceMaps runs every sourcemaps/*.test.mjs with a Collector of its own: real builds, Sentry's own upload tools, a
// dev server and a real browser. SPOTLIGHT_SHOTS names a folder for screenshots.
func TestSourceMaps(t *testing.T) {
	node, err := exec.LookPath("node")
	require.NoError(t, err, "install Node.js")
	dir, err := filepath.Abs("sourcemaps")
	require.NoError(t, err)
	for _, packages := range []string{filepath.Join(dir, "node_modules"), "browser/node_modules", "../sdk/debugid/node_modules"} {
		_, err = os.Stat(packages)
		require.NoError(t, err, "run make deps first")
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.test.mjs"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			work, err := filepath.EvalSymlinks(t.TempDir()) // as Node names files
			require.NoError(t, err)
			builds := filepath.Join(work, "builds")
			require.NoError(t, os.Mkdir(builds, 0o700))
			c := startCollector(t, "--set", "exporters::spotlight::source_maps::paths=["+builds+"]")
			cmd := exec.Command(node, "--test", "--test-reporter=spec", "--test-timeout=120000", file)
			cmd.Dir = dir
			cmd.Env = append(os.Environ(), "SPOTLIGHT_UI="+c.UI, "SPOTLIGHT_SENTRY="+c.Sentry, "SPOTLIGHT_OTLP="+c.OTLPHTTP, "SPOTLIGHT_WORK="+work)
			began := time.Now()
			out, err := cmd.CombinedOutput()
			t.Logf("%s\n%s", time.Since(began).Round(time.Millisecond), out)
			require.NoError(t, err)
		})
	}
}
