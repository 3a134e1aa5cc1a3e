package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/otelcol-spotlight/otelcol-spotlight/internal/testkit"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/sourcemap"
)

func lay(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		path := filepath.Join(dir, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(content), 0o640))
	}
	return dir
}

func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	require.NoError(t, filepath.Walk(dir, func(path string, info os.FileInfo, err error) error {
		if err == nil && info.Mode().IsRegular() {
			raw, err := os.ReadFile(path)
			require.NoError(t, err)
			below, _ := filepath.Rel(dir, path)
			out[filepath.ToSlash(below)] = string(raw)
		}
		return err
	}))
	return out
}

func do(t *testing.T, args ...string) (string, error) {
	t.Helper()
	var out bytes.Buffer
	err := run(args, &out)
	return out.String(), err
}

const aMap = `{"version":3,"sources":["a.ts"],"sourcesContent":["f()"],"names":[],"mappings":"AAAA"}`

// Every tree that sentry-cli was given: ours gives script and map one ID, and a second run changes nothing.
func TestInject_Vectors(t *testing.T) {
	paths, err := filepath.Glob(filepath.Join(testkit.DebugIDVectors(t), "inject", "*.json"))
	require.NoError(t, err)
	require.NotEmpty(t, paths)
	for _, path := range paths {
		raw, err := os.ReadFile(path)
		require.NoError(t, err)
		var file struct {
			Cases []struct {
				ID       string
				Exit     int
				KnownBug string `json:"known_bug"`
				Input    map[string]string
				DebugIDs map[string]string `json:"debug_ids"`
			}
		}
		require.NoError(t, json.Unmarshal(raw, &file))
		for _, c := range file.Cases {
			t.Run(c.ID, func(t *testing.T) {
				dir := lay(t, c.Input)
				out, err := do(t, "inject", dir)
				if err != nil {
					require.ErrorContains(t, err, "no scripts")
					require.Equal(t, c.Input, tree(t, dir))
					return
				}
				first := tree(t, dir)
				for name, id := range c.DebugIDs {
					got := sourcemap.ScriptDebugID([]byte(first[name]))
					if strings.Contains(out, "skipped   "+filepath.Join(dir, name)) {
						require.Equal(t, c.Input[name], first[name], "what is skipped stays as it was")
						continue
					}
					require.NotEmpty(t, got, name)
					if c.KnownBug == "" {
						require.Equal(t, id, got, name)
					}
				}
				_, err = do(t, "inject", dir)
				require.NoError(t, err)
				require.Equal(t, first, tree(t, dir), "a second run changes nothing")
			})
		}
	}
}

func TestInject_SharedMapIsRefused(t *testing.T) {
	files := map[string]string{"a.js": "f();\n//# sourceMappingURL=s.map\n", "b.js": "f();\n//# sourceMappingURL=s.map\n", "s.map": aMap}
	dir := lay(t, files)
	out, err := do(t, "inject", dir)
	require.NoError(t, err)
	require.Contains(t, out, "shares")
	require.Equal(t, files, tree(t, dir))
}

func TestInject_DryRunAndIgnore(t *testing.T) {
	files := map[string]string{"app.js": "f();\n", "app.js.map": aMap, "vendor/lib.js": "g();\n", "vendor/lib.js.map": aMap, "node_modules/x/x.js": "h();", ".hidden/y.js": "i();"}
	dir := lay(t, files)
	out, err := do(t, "inject", "--dry-run", "--ignore", "vendor", dir)
	require.NoError(t, err)
	require.Contains(t, out, "1 would be injected, 0 had an ID, 0 skipped")
	require.Equal(t, files, tree(t, dir))

	_, err = do(t, "inject", dir)
	require.NoError(t, err)
	info, err := os.Stat(filepath.Join(dir, "app.js"))
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o640), info.Mode().Perm(), "the file's mode stays")
	require.Equal(t, files["node_modules/x/x.js"], tree(t, dir)["node_modules/x/x.js"])
}

func TestCheck(t *testing.T) {
	dir := lay(t, map[string]string{
		"good.js": "f();\n", "good.js.map": aMap,
		"alone.js":   "f();\n",
		"lost.js":    "f();\n//# sourceMappingURL=lost.js.map\n",
		"broken.js":  "f();\n",
		"remote.js":  "f();\n//# sourceMappingURL=https://cdn.test/remote.js.map\n",
		"broken.map": `{"mappings":"!"}`,
	})
	out, err := do(t, "check", dir)
	require.ErrorIs(t, err, errFound)
	require.Contains(t, out, "good.js: neither script nor map has a debug ID; run debugid inject")
	_, err = do(t, "inject", dir)
	require.NoError(t, err)
	out, err = do(t, "check", dir)
	require.ErrorIs(t, err, errFound)
	require.Contains(t, out, "ok        "+filepath.Join(dir, "good.js"))
	require.Contains(t, out, "alone.js: it names no source map and none lies beside it")
	require.Contains(t, out, "lost.js: its map lost.js.map is not there")
	require.Contains(t, out, "broken.js: source map: mappings are malformed")
	require.Contains(t, out, "remote.js: its map https://cdn.test/remote.js.map is not on disk")
	require.Contains(t, out, "1 of 5 scripts would resolve")
	for _, name := range []string{"alone.js", "lost.js", "broken.js", "broken.map", "remote.js"} {
		require.NoError(t, os.Remove(filepath.Join(dir, name)))
	}
	_, err = do(t, "check", dir)
	require.NoError(t, err, "a build without problems ends with status 0")
}

// A build of Next.js with Turbopack: chunks with brackets in their names, glue with an empty map, manifests without one.
func TestNextJS(t *testing.T) {
	dir := lay(t, map[string]string{
		"server/chunks/[root-of-the-server]__1d16._.js":     "f();\n//# sourceMappingURL=%5Broot-of-the-server%5D__1d16._.js.map",
		"server/chunks/[root-of-the-server]__1d16._.js.map": aMap,
		"server/app/page.js":                                "R.c('x')\n//# sourceMappingURL=page.js.map",
		"server/app/page.js.map":                            `{"version":3,"sources":[],"sections":[]}`,
		"server/app/page_client-reference-manifest.js":      "globalThis.__RSC_MANIFEST={};",
		"static/1f/_buildManifest.js":                       "self.__BUILD_MANIFEST=function(){return {}}();",
	})
	_, err := do(t, "inject", dir)
	require.NoError(t, err)
	out, err := do(t, "check", dir)
	require.NoError(t, err, out)
	require.Contains(t, out, "ok        "+filepath.Join(dir, "server/chunks/[root-of-the-server]__1d16._.js"))
	require.Contains(t, out, "1 of 4 scripts would resolve, 3 need not")
}

func TestRun_Usage(t *testing.T) {
	for _, args := range [][]string{nil, {"inject"}, {"nope", "."}, {"check", "--nope", "."}} {
		_, err := do(t, args...)
		require.ErrorIs(t, err, errUsage, "%v", args)
	}
	_, err := do(t, "check", filepath.Join(t.TempDir(), "missing"))
	require.ErrorIs(t, err, os.ErrNotExist)
}
