package sources

import (
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/stacktrace"
)

var update = flag.Bool("update", false, "rewrite golden files")

// realCase says what an error of testdata/real came with. ORIGIN stands for the address of the server that serves the
// case's folder "served"; the folder "disk", if any, may be read.
type realCase struct {
	Platform string            `json:"platform"`
	Page     string            `json:"page"`
	Images   map[string]string `json:"images"` // debug IDs by file
	NextMaps map[string]string `json:"next_maps"`
}

// TestResolve_Real resolves errors of real builds and dev servers: webpack 5.112 and rspack 2.3 with eval devtools,
// webpack-dev-server 6.1 (its list of assets), Next.js 16.4 with Turbopack and with webpack, in development and built.
// Captured are the stacks, as SDKs send them, and the files that the servers served.
func TestResolve_Real(t *testing.T) {
	cases, err := filepath.Glob("testdata/real/*/case.json")
	require.NoError(t, err)
	require.NotEmpty(t, cases)
	for _, path := range cases {
		dir := filepath.Dir(path)
		t.Run(filepath.Base(dir), func(t *testing.T) { resolveReal(t, dir) })
	}
}

func resolveReal(t *testing.T, dir string) {
	raw, err := os.ReadFile(filepath.Join(dir, "case.json"))
	require.NoError(t, err)
	var c realCase
	require.NoError(t, json.Unmarshal(raw, &c))
	files := http.FileServer(http.Dir(filepath.Join(dir, "served")))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == devServerList:
			w.Header().Set("Content-Type", "text/html")
		case r.URL.Path == nextSourceMap:
			r.URL.Path = c.NextMaps[r.URL.Query().Get("filename")]
		}
		files.ServeHTTP(w, r)
	}))
	defer server.Close()
	disk, err := filepath.Abs(filepath.Join(dir, "disk"))
	require.NoError(t, err)
	placed := strings.NewReplacer("ORIGIN", server.URL, "DISK", disk)
	stack, err := os.ReadFile(filepath.Join(dir, "stack.txt"))
	require.NoError(t, err)

	f := startFinder(t, func(cfg *Config) {
		if _, err := os.Stat(disk); err == nil {
			cfg.Roots = []string{disk}
		}
	})
	language := "nodejs"
	if c.Platform == "javascript" {
		language = "webjs"
	}
	ev := model.Event{
		EventSummary: model.EventSummary{Platform: c.Platform},
		Exceptions:   stacktrace.Parse(placed.Replace(string(stack)), language, "", ""),
		Request:      &model.Request{URL: placed.Replace(c.Page)},
	}
	for file, id := range c.Images {
		ev.DebugImages = append(ev.DebugImages, model.DebugImage{Type: "sourcemap", CodeFile: placed.Replace(file), DebugID: id})
	}
	f.Resolve(&ev)

	var out strings.Builder
	for _, x := range ev.Exceptions {
		fmt.Fprintf(&out, "%s: %s\n", x.Type, x.Value)
		for i := range x.Frames {
			writeFrame(&out, &x.Frames[i])
		}
	}
	got := strings.NewReplacer(server.URL, "ORIGIN", disk, "DISK").Replace(out.String())
	golden := filepath.Join(dir, "want.golden")
	if *update {
		require.NoError(t, os.WriteFile(golden, []byte(got), 0o600))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	require.Equal(t, string(want), got)
}

func writeFrame(out *strings.Builder, f *model.Frame) {
	fmt.Fprintf(out, "  %s %s:%d:%d", f.Function, f.Filename, f.Line, f.Column)
	if f.InApp != nil && *f.InApp {
		out.WriteString(" in app")
	}
	if f.ResolvedWith != "" {
		fmt.Fprintf(out, " [%s]", f.ResolvedWith)
	}
	if f.AbsPath != "" && f.AbsPath != f.Filename {
		fmt.Fprintf(out, " at %s", f.AbsPath)
	}
	out.WriteString("\n")
	if f.ContextLine != nil {
		fmt.Fprintf(out, "    > %s\n", strings.TrimSpace(*f.ContextLine))
	}
	if f.Unresolved != "" {
		fmt.Fprintf(out, "    ! %s\n", f.Unresolved)
	}
}
