package sources

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/zap"

	"github.com/otelcol-spotlight/otelcol-spotlight/internal/testkit"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/sourcemap"
)

const id = "bd849f25-e9bf-57d4-a85b-1a03576b4511"

func startFinder(t *testing.T, change func(*Config)) *Finder {
	t.Helper()
	cfg := DefaultConfig()
	change(&cfg)
	f := New(cfg, zap.NewNop(), time.Now)
	require.NoError(t, f.Start())
	t.Cleanup(f.Shutdown)
	return f
}

// aMap is a map that sends line 1 to a line of src/app.ts.
func aMap(debugID string, line int) string {
	mappings := "AA" + string("ACEGIKMOQS"[line-1]) + "A"
	return fmt.Sprintf(`{"version":3,"debugId":%q,"sources":["../src/app.ts"],"sourcesContent":["one\ntwo\nthree\nfour\n"],"names":[],"mappings":%q}`, debugID, mappings)
}

func write(t *testing.T, path, content string) {
	t.Helper()
	require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
	require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
}

func lineOf(t *testing.T, s *sourcemap.Script) int {
	t.Helper()
	token, ok := s.Map.Lookup(1, 1)
	require.True(t, ok)
	return token.Line
}

func TestFind_Nothing(t *testing.T) {
	f := startFinder(t, func(*Config) {})
	script, reason := f.For("", "", time.Time{})("/srv/app.js", id)
	require.Nil(t, script)
	require.Contains(t, reason, "sentry-cli sourcemaps upload, or name the folder of the build, "+filepath.FromSlash("/srv")+", in source_maps::paths")
	script, reason = f.For("", "", time.Time{})("/srv/app.js", "")
	require.Nil(t, script)
	require.Empty(t, reason, "a file outside every root is nobody's business")
}

func TestFind_BuildsAreWatched(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "dist/app.js"), "f();\n//# debugId="+id+"\n")
	write(t, filepath.Join(dir, "dist/app.js.map"), aMap(id, 2))
	f := startFinder(t, func(c *Config) { c.Paths = []string{dir} })
	find := f.For("", "", time.Time{})
	var script *sourcemap.Script
	require.Eventually(t, func() bool { script, _ = find("http://localhost:1/elsewhere/app.js", id); return script != nil }, 5*time.Second, 10*time.Millisecond)
	require.Equal(t, sourcemap.WithDebugID, script.With)
	require.Equal(t, 2, lineOf(t, script))

	version, changed := f.Version()
	write(t, filepath.Join(dir, "dist/app.js.map"), aMap(id, 3)+" ")
	select {
	case <-changed:
	case <-time.After(5 * time.Second):
		t.Fatal("the rebuild was not noticed")
	}
	now, _ := f.Version()
	require.Greater(t, now, version)
	script, _ = find("app.js", id)
	require.Equal(t, 3, lineOf(t, script), "the rebuilt map is used")

	const next = "11111111-2222-4333-8444-555555555555"
	write(t, filepath.Join(dir, "dist/app.js"), "g();\n//# debugId="+next+"\n")
	write(t, filepath.Join(dir, "dist/app.js.map"), aMap(next, 1))
	require.Eventually(t, func() bool { script, _ = find("app.js", next); return script != nil }, 5*time.Second, 10*time.Millisecond)
	script, _ = find("app.js", id)
	require.NotNil(t, script, "errors of the build before keep their lines")
}

func TestFind_BesideTheScript(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "dist/app.js"), "f();\n//# sourceMappingURL=maps/app.js.map\n")
	write(t, filepath.Join(dir, "dist/maps/app.js.map"), aMap("", 2))
	write(t, filepath.Join(dir, "dist/inline.js"), "f();\n//# sourceMappingURL=data:application/json;charset=utf-8;base64,"+base64.StdEncoding.EncodeToString([]byte(aMap("", 3)))+"\n")
	write(t, filepath.Join(dir, "src/plain.js"), "f();\n")
	write(t, filepath.Join(dir, "dist/broken.js"), "f();\n//# sourceMappingURL=broken.js.map\n")
	write(t, filepath.Join(dir, "dist/broken.js.map"), "{")
	write(t, filepath.Join(dir, "dist/lost.js"), "f();\n//# sourceMappingURL=lost.js.map\n")
	write(t, filepath.Join(dir, "dist/stale.js"), "f();\n//# debugId="+id+"\n//# sourceMappingURL=stale.js.map\n")
	write(t, filepath.Join(dir, "dist/stale.js.map"), aMap("11111111-2222-4333-8444-555555555555", 1))
	f := startFinder(t, func(c *Config) { c.Roots = []string{dir} })
	find := f.For("", "", time.Time{})

	script, reason := find("file://"+filepath.Join(dir, "dist/app.js"), "")
	require.Empty(t, reason)
	require.Equal(t, sourcemap.WithPath, script.With)
	require.Equal(t, 2, lineOf(t, script))
	script, _ = find(filepath.Join(dir, "dist/inline.js"), "")
	require.Equal(t, 3, lineOf(t, script))
	script, reason = find(filepath.Join(dir, "src/plain.js"), "")
	require.Nil(t, script)
	require.Empty(t, reason, "source that is no bundle needs no map")
	_, reason = find(filepath.Join(dir, "dist/broken.js"), "")
	require.Contains(t, reason, "not JSON")
	_, reason = find(filepath.Join(dir, "dist/lost.js"), "")
	require.Contains(t, reason, "lost.js.map cannot be read")
	_, reason = find(filepath.Join(dir, "dist/stale.js"), "")
	require.Contains(t, reason, "belongs to another build")
}

func TestRoots_AreNotLeft(t *testing.T) {
	dir, outside := t.TempDir(), t.TempDir()
	write(t, filepath.Join(outside, "secret.js"), "secret")
	write(t, filepath.Join(outside, "secret.js.map"), aMap("", 1))
	require.NoError(t, os.Symlink(filepath.Join(outside, "secret.js"), filepath.Join(dir, "link.js")))
	require.NoError(t, os.Symlink(outside, filepath.Join(dir, "folder")))
	write(t, filepath.Join(dir, "app.js"), "f();\n//# sourceMappingURL=../"+filepath.Base(outside)+"/secret.js.map\n")
	f := startFinder(t, func(c *Config) { c.Roots = []string{dir} })
	for _, path := range []string{
		filepath.Join(outside, "secret.js"), filepath.Join(dir, "link.js"), filepath.Join(dir, "folder/secret.js"),
		dir + "/../" + filepath.Base(outside) + "/secret.js", "/etc/passwd",
	} {
		_, ok := f.Lines(path, 1)
		require.False(t, ok, path)
		script, _ := f.For("", "", time.Time{})(path, "")
		require.Nil(t, script, path)
	}
	script, reason := f.For("", "", time.Time{})(filepath.Join(dir, "app.js"), "")
	require.Nil(t, script)
	require.Contains(t, reason, "outside the folders")
}

func TestLines(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "main.go"), "package main\n\nfunc main() {\n\tpanic(1)\n}\n")
	f := startFinder(t, func(c *Config) { c.Roots = []string{dir} })
	c, ok := f.Lines(filepath.Join(dir, "main.go"), 4)
	require.True(t, ok)
	require.Equal(t, "\tpanic(1)", c.Line)
	require.Equal(t, []string{"package main", "", "func main() {"}, c.Pre)
	_, ok = f.Lines(filepath.Join(dir, "main.go"), 99)
	require.False(t, ok)
}

func TestFind_DevServer(t *testing.T) {
	asked := map[string]int{}
	mux := http.NewServeMux()
	mux.HandleFunc("/src/App.tsx", func(w http.ResponseWriter, r *http.Request) {
		asked[r.URL.Path]++
		w.Header().Set("Content-Type", "text/javascript")
		_, _ = fmt.Fprint(w, "f();\n//# sourceMappingURL=data:application/json;base64,"+base64.StdEncoding.EncodeToString([]byte(aMap("", 2))))
	})
	mux.HandleFunc("/assets/app.js", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("SourceMap", "app.js.map")
		_, _ = fmt.Fprint(w, "f();\n")
	})
	mux.HandleFunc("/assets/app.js.map", func(w http.ResponseWriter, _ *http.Request) { _, _ = fmt.Fprint(w, aMap("", 3)) })
	mux.HandleFunc("/away.js", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://example.com/away.js", http.StatusFound)
	})
	mux.HandleFunc("/page.js", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = fmt.Fprint(w, "<!doctype html>")
	})
	mux.HandleFunc("/shutdown", func(_ http.ResponseWriter, r *http.Request) { asked[r.URL.Path]++ })
	server := httptest.NewServer(mux)
	defer server.Close()
	f := startFinder(t, func(*Config) {})
	find := f.For("", "", time.Time{})

	script, reason := find(server.URL+"/src/App.tsx?t=17", "")
	require.Empty(t, reason)
	require.Equal(t, sourcemap.WithDevServer, script.With)
	require.Equal(t, 2, lineOf(t, script))
	_, _ = find(server.URL+"/src/App.tsx?t=17", "")
	require.Equal(t, 1, asked["/src/App.tsx"], "what was fetched is kept")
	script, _ = find(server.URL+"/assets/app.js", "")
	require.Equal(t, 3, lineOf(t, script))
	for address, want := range map[string]string{
		server.URL + "/away.js":       "may not be asked",
		server.URL + "/page.js":       "with a page",
		server.URL + "/none.js":       "answered 404",
		server.URL + "/shutdown":      "does not look like a script",
		"http://example.com/app.js":   "may not be asked",
		"http://10.0.0.1/app.js":      "may not be asked",
		"http://u:p@localhost/app.js": "with a password",
	} {
		script, reason := find(address, "")
		require.Nil(t, script, address)
		require.Contains(t, reason, want, address)
	}
	require.Zero(t, asked["/shutdown"])

	off := startFinder(t, func(c *Config) { c.DevServers = false })
	_, reason = off.For("", "", time.Time{})(server.URL+"/src/App.tsx", "")
	require.Contains(t, reason, "may not be asked")
}

func uploadRecorded(t *testing.T, u *Uploads, name string) string {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(testkit.DebugIDVectors(t), "upload", name))
	require.NoError(t, err)
	sum := checksum(raw)
	var chunks []string
	for i := 0; i < len(raw); i += 1000 {
		part := raw[i:min(i+1000, len(raw))]
		chunks = append(chunks, checksum(part))
	}
	state, missing, _ := u.Assemble(sum, chunks, "", "")
	require.Equal(t, StateNotFound, state)
	require.Equal(t, chunks, missing)
	for i := 0; i < len(raw); i += 1000 {
		part := raw[i:min(i+1000, len(raw))]
		require.NoError(t, u.AddChunk(checksum(part), part))
	}
	state, missing, detail := u.Assemble(sum, chunks, "", "")
	require.Equal(t, StateOK, state, detail)
	require.Empty(t, missing)
	return sum
}

func TestUploads(t *testing.T) {
	for _, dir := range []string{"", t.TempDir()} {
		f := startFinder(t, func(c *Config) { c.UploadDir = dir })
		find := f.For("1.2.3", "7", time.Time{})
		_, reason := find("https://x.test/static/app.js", "4af7b368-6491-5e3b-bbfa-4ecd6065e782")
		require.NotEmpty(t, reason)
		version, _ := f.Version()

		sum := uploadRecorded(t, f.Uploads(), "bundle-sentry-cli-3.8.0.bin")
		uploadRecorded(t, f.Uploads(), "bundle-vite-plugin-11.9.0.bin")
		now, _ := f.Version()
		require.Greater(t, now, version, "events that were looked at may resolve now")
		script, reason := find("https://x.test/static/app.js", "4af7b368-6491-5e3b-bbfa-4ecd6065e782")
		require.Empty(t, reason)
		require.Equal(t, sourcemap.WithDebugID, script.With)
		script, reason = find("https://x.test/static/app.js", "")
		require.Empty(t, reason)
		require.Equal(t, sourcemap.WithRelease, script.With, "the last resort")
		_, reason = f.For("1.2.3", "8", time.Time{})("https://x.test/static/app.js?v=1", "")
		require.Equal(t, "release 1.2.3 was uploaded with dist 7, the event has dist 8; upload with that, or set it in the SDK", reason)
		_, reason = find("https://x.test/js/app.js", "")
		require.Equal(t, "release 1.2.3 was uploaded, but has no script ~/js/app.js with a source map (it has https://x.test/static/app.js); see --url-prefix of sentry-cli sourcemaps upload", reason)
		script, _ = f.For("", "", time.Time{})("/any/where.js", "5b9bf785-4437-4cd0-b631-5b71db3718e0")
		require.NotNil(t, script)

		state, _, _ := f.Uploads().Assemble(sum, nil, "", "")
		require.Equal(t, StateOK, state, "what is here need not be sent again")
		if dir != "" {
			again := startFinder(t, func(c *Config) { c.UploadDir = dir })
			script, _ = again.For("", "", time.Time{})("/any/where.js", "5b9bf785-4437-4cd0-b631-5b71db3718e0")
			require.NotNil(t, script, "uploads outlive a restart")
		}
	}
}

func TestUploads_Refuse(t *testing.T) {
	f := startFinder(t, func(c *Config) { c.UploadBytes = 10_000 })
	u := f.Uploads()
	require.ErrorContains(t, u.AddChunk(strings.Repeat("0", 40), []byte("x")), "has the SHA-1")
	require.ErrorContains(t, u.AddChunk("../../etc/passwd", []byte("x")), "has the SHA-1")
	require.ErrorContains(t, u.AddChunk(strings.Repeat("0", 40), make([]byte, ChunkSize+1)), "the limit is")
	state, _, detail := u.Assemble("../../etc/passwd", nil, "", "")
	require.Equal(t, StateError, state)
	require.Contains(t, detail, "not a SHA-1")
	data := []byte("no bundle")
	require.NoError(t, u.AddChunk(checksum(data), data))
	state, _, detail = u.Assemble(checksum(data), []string{checksum(data)}, "", "")
	require.Equal(t, StateError, state)
	require.Contains(t, detail, "SYSB")
	state, _, detail = u.Assemble(checksum([]byte("other")), []string{checksum(data)}, "", "")
	require.Equal(t, StateError, state)
	require.Contains(t, detail, "make a file with SHA-1")
	for i := range 100 {
		part := fmt.Appendf(make([]byte, 500), "%d", i)
		require.NoError(t, u.AddChunk(checksum(part), part))
		bytes, _, _ := u.Usage()
		require.LessOrEqual(t, bytes, int64(10_000), "chunks that are never assembled do not pile up")
	}
	_, _, dropped := u.Usage()
	require.NotZero(t, dropped)
}

func TestCache_Bounded(t *testing.T) {
	c := newCache(1<<20, time.Now)
	m, err := sourcemap.Parse([]byte(aMap("", 1)))
	require.NoError(t, err)
	for i := range 10_000 {
		c.get(fmt.Sprint("id:", i), time.Time{}, func(found) found { return found{script: &sourcemap.Script{Map: m}} })
		require.LessOrEqual(t, c.size(), int64(1<<20))
	}
}

func TestHashed(t *testing.T) {
	for name, want := range map[string]bool{
		"index-CkX2_a9f.js": true, "index-CkXyzAbc.js": true, "main.3f9a1c22.js": true, "2tlbduhphelq-.js": true, "page-87e5a16db855d2a1.js": true,
		"chunk-7XJ5QK2M.js": true, "index-B_-d3fGh.mjs": true,
		"main.js": false, "index.js": false, "app-checkout.js": false, "vendor.min.js": false, "my-Checkout.js": false, "es2015.js": false, "x.js": false, "": false,
	} {
		require.Equal(t, want, hashed(name), name)
	}
}

// OpenTelemetry names scripts by their URLs only. What else there is to go by: the debug ID in the script, as long as it is
// served; and a name that no other build has.
func TestFind_ByURL(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "dist/assets/index-CkX2_a9f.js"), "f();\n//# sourceMappingURL=index-CkX2_a9f.js.map\n")
	write(t, filepath.Join(dir, "dist/assets/index-CkX2_a9f.js.map"), aMap("", 2))
	write(t, filepath.Join(dir, "dist/main.js"), "f();\n//# sourceMappingURL=main.js.map\n")
	write(t, filepath.Join(dir, "dist/main.js.map"), aMap("", 2))
	write(t, filepath.Join(dir, "dist/served.js"), "f();\n//# debugId="+id+"\n")
	write(t, filepath.Join(dir, "dist/served.js.map"), aMap(id, 3))
	mux := http.NewServeMux()
	mux.HandleFunc("/static/app.js", func(w http.ResponseWriter, _ *http.Request) { _, _ = fmt.Fprintf(w, "f();\n//# debugId=%s\n", id) })
	server := httptest.NewServer(mux)
	defer server.Close()
	f := startFinder(t, func(c *Config) { c.Paths = []string{filepath.Join(dir, "dist")} })
	find := f.For("", "", time.Time{})
	require.Eventually(t, func() bool { _, ok := f.builds.byID(id); return ok }, 5*time.Second, 10*time.Millisecond)

	script, reason := find(server.URL+"/static/app.js", "")
	require.NotNil(t, script, reason)
	require.Equal(t, sourcemap.WithDebugID, script.With)
	require.Equal(t, 3, lineOf(t, script))

	for _, host := range []string{"https://shop.example", "http://127.0.0.1:1"} {
		script, reason = find(host+"/assets/index-CkX2_a9f.js", "")
		require.NotNil(t, script, reason)
		require.Equal(t, sourcemap.WithPath, script.With)
		require.Equal(t, 2, lineOf(t, script))
		script, _ = find(host+"/main.js", "")
		require.Nil(t, script, "every build has a main.js")
	}
}
