package sources

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/zap"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/sourcemap"
)

func TestResolve_Bundle(t *testing.T) {
	dir := t.TempDir()
	script := filepath.Join(dir, "dist/app.js")
	write(t, script, "f();\n//# sourceMappingURL=app.js.map\n")
	write(t, script+".map", aMap("", 2))
	f := startFinder(t, func(c *Config) { c.Roots = []string{dir} })
	frames := []model.Frame{{Filename: script, Function: "f", Line: 1, Column: 1}, {Filename: "node:internal/main", Line: 3}}
	shared := []model.Exception{{Type: "Error", Frames: frames}}
	ev := model.Event{EventSummary: model.EventSummary{Platform: "node"}, Exceptions: shared}
	f.Resolve(&ev)

	require.Equal(t, frames, ev.Exceptions[0].RawFrames)
	got := ev.Exceptions[0].Frames
	require.Equal(t, sourcemap.WithPath, got[0].ResolvedWith)
	require.Equal(t, "~/src/app.ts", got[0].Filename)
	require.Equal(t, 2, got[0].Line)
	require.Equal(t, "two", *got[0].ContextLine)
	require.Equal(t, 1, got[0].Generated.Line)
	require.Equal(t, frames[1], got[1], "Node's own frames stay")
	require.Nil(t, shared[0].RawFrames, "what others share is not changed")
	require.Empty(t, frames[0].ResolvedWith)
}

func TestResolve_LinesOfOtherLanguages(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "main.py")
	write(t, path, "import os\n\nraise KeyError('x')\n")
	f := startFinder(t, func(c *Config) { c.Roots = []string{dir} })
	ev := model.Event{EventSummary: model.EventSummary{Platform: "python"}, Exceptions: []model.Exception{{Frames: []model.Frame{
		{Filename: "main.py", AbsPath: path, Line: 3}, {Filename: "elsewhere.py", AbsPath: "/etc/passwd", Line: 1},
	}}}}
	f.Resolve(&ev)
	require.Equal(t, "raise KeyError('x')", *ev.Exceptions[0].Frames[0].ContextLine)
	require.Nil(t, ev.Exceptions[0].Frames[1].ContextLine)
	require.Nil(t, ev.Exceptions[0].RawFrames, "no source map was involved")
}

func TestResolve_SaysWhyNot(t *testing.T) {
	f := startFinder(t, func(*Config) {})
	ev := model.Event{EventSummary: model.EventSummary{Platform: "javascript"}, Exceptions: []model.Exception{{Frames: []model.Frame{
		{Filename: "https://shop.test/app.js", Line: 1, Column: 9},
	}}}, DebugImages: []model.DebugImage{{Type: "sourcemap", CodeFile: "https://shop.test/app.js", DebugID: id}}}
	f.Resolve(&ev)
	frame := ev.Exceptions[0].Frames[0]
	require.Contains(t, frame.Unresolved, "no source map with debug ID "+id)
	require.Equal(t, 1, frame.Line)
}

func TestResolve_StackOverflow(t *testing.T) {
	f := startFinder(t, func(*Config) {})
	frames := make([]model.Frame, 20_000)
	for i := range frames {
		frames[i] = model.Frame{Filename: "https://shop.test/app.js", Line: 1, Column: 9}
	}
	ev := model.Event{EventSummary: model.EventSummary{Platform: "javascript"}, Exceptions: []model.Exception{{Frames: frames}}}
	f.Resolve(&ev)
	require.Len(t, ev.Exceptions[0].Frames, len(frames))
	require.Empty(t, ev.Exceptions[0].Frames[maxResolved].Unresolved)
}

// A script without a debug ID is another one after a rebuild: events before it keep its lines, events after it get its
// lines, and nobody is told the lines of another version.
func TestResolve_VersionsOfAFile(t *testing.T) {
	dir := t.TempDir()
	script := filepath.Join(dir, "dist/app.js")
	build := func(line int) {
		write(t, script, fmt.Sprintf("f();/*%d*/\n//# sourceMappingURL=app.js.map\n", line))
		write(t, script+".map", aMap("", line))
	}
	clock := time.Unix(1000, 0)
	cfg := DefaultConfig()
	cfg.Roots = []string{dir}
	f := New(cfg, zap.NewNop(), func() time.Time { return clock })
	require.NoError(t, f.Start())
	t.Cleanup(f.Shutdown)
	look := func(received int64) model.Frame {
		ev := model.Event{
			EventSummary: model.EventSummary{Platform: "node", ReceivedTime: model.Time(received * int64(time.Second))},
			Exceptions:   []model.Exception{{Frames: []model.Frame{{Filename: script, Line: 1, Column: 1}}}},
		}
		f.Resolve(&ev)
		return ev.Exceptions[0].Frames[0]
	}
	build(1)
	require.Equal(t, 1, look(999).Line)
	build(2)
	require.Equal(t, 1, look(998).Line, "no need to look again: the event is older than the last look")
	clock = time.Unix(1100, 0)
	require.Equal(t, 2, look(1050).Line, "looked at again")
	require.Equal(t, 1, look(999).Line, "an event of before the rebuild")
	build(3)
	clock = time.Unix(1200, 0)
	require.Equal(t, 3, look(1150).Line)
	require.Equal(t, 2, look(1050).Line)
	require.Contains(t, look(999).Unresolved, "has changed since", "two rebuilds ago")
	require.NoError(t, os.Remove(script))
	clock = time.Unix(1300, 0)
	require.Equal(t, 3, look(1250).Line, "a build that is being written is no reason to forget the last")
}

// A dev server knows URLs only; an editor needs the file.
func TestResolve_FilesOfDevServers(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "src/App.tsx"), "one\ntwo\n")
	write(t, filepath.Join(dir, "src/Other.tsx"), "something\nelse\n")
	mux := http.NewServeMux()
	for _, name := range []string{"App.tsx", "Other.tsx"} {
		sourceMap := `{"version":3,"sources":["` + name + `"],"sourcesContent":["one\ntwo\n"],"names":[],"mappings":"AACA"}`
		mux.HandleFunc("/src/"+name, func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprintf(w, "f();\n//# sourceMappingURL=data:application/json;base64,%s", base64.StdEncoding.EncodeToString([]byte(sourceMap)))
		})
	}
	server := httptest.NewServer(mux)
	defer server.Close()
	f := startFinder(t, func(c *Config) { c.Roots = []string{dir} })
	ev := model.Event{EventSummary: model.EventSummary{Platform: "javascript"}, Exceptions: []model.Exception{{Frames: []model.Frame{
		{Filename: server.URL + "/src/App.tsx?t=17/1", Line: 1, Column: 1}, {Filename: server.URL + "/src/Other.tsx", Line: 1, Column: 1},
	}}}}
	f.Resolve(&ev)
	app, other := ev.Exceptions[0].Frames[0], ev.Exceptions[0].Frames[1]
	require.Equal(t, "~/src/App.tsx", app.Filename)
	require.Equal(t, filepath.Join(dir, "src/App.tsx"), app.AbsPath)
	require.Equal(t, "~/src/Other.tsx", other.Filename)
	require.Equal(t, server.URL+"/src/Other.tsx", other.AbsPath, "a file with other lines is another file")
}

func TestResolve_Threads(t *testing.T) {
	dir := t.TempDir()
	script := filepath.Join(dir, "dist/app.js")
	write(t, script, "f();\n//# sourceMappingURL=app.js.map\n")
	write(t, script+".map", aMap("", 2))
	f := startFinder(t, func(c *Config) { c.Roots = []string{dir} })
	frame := model.Frame{Filename: script, Line: 1, Column: 1}
	ev := model.Event{
		EventSummary: model.EventSummary{Platform: "node"},
		Exceptions:   []model.Exception{{Frames: []model.Frame{frame}}, {Frames: []model.Frame{frame}}},
		Threads:      []model.Thread{{Frames: []model.Frame{frame}}, {}, {Frames: []model.Frame{frame}}},
	}
	shared := ev
	f.Resolve(&ev)
	for _, frames := range [][]model.Frame{ev.Exceptions[0].Frames, ev.Exceptions[1].Frames, ev.Threads[0].Frames, ev.Threads[2].Frames} {
		require.Equal(t, "~/src/app.ts", frames[0].Filename)
	}
	require.Equal(t, []model.Frame{frame}, ev.Threads[0].RawFrames, "the frames of a thread as they came")
	require.Nil(t, ev.Threads[1].RawFrames)
	require.Equal(t, script, shared.Exceptions[1].Frames[0].Filename)
	require.Equal(t, script, shared.Threads[2].Frames[0].Filename)
}

func TestResolve_EvaluatedModules(t *testing.T) {
	f := startFinder(t, func(*Config) {})
	ev := model.Event{EventSummary: model.EventSummary{Platform: "javascript"}, Exceptions: []model.Exception{{Frames: []model.Frame{
		{Filename: "webpack-internal:///(app-pages-browser)/./src/app/page.tsx", Line: 13, Column: 11},
	}}}}
	f.Resolve(&ev)
	require.Contains(t, ev.Exceptions[0].Frames[0].Unresolved, "devtool: 'source-map'")
}

// A dev server is asked for modules at the addresses that are known to be harmless, and only where it may be.
func TestResolve_EvaluatedModulesAskLittle(t *testing.T) {
	var mu sync.Mutex
	var asked []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		asked = append(asked, r.URL.Path)
		if r.URL.Path == devServerList {
			w.Header().Set("Content-Type", "text/html")
			_, _ = fmt.Fprint(w, `<a href="main.js"></a><a href="/logout"></a><a href="http://10.0.0.1/x.js"></a><a href="//10.0.0.1/y.js"></a><a href="main.js.map"></a>`)
		}
	}))
	defer server.Close()
	for _, allowed := range []bool{true, false} {
		f := startFinder(t, func(c *Config) { c.DevServers = allowed })
		ev := model.Event{EventSummary: model.EventSummary{Platform: "javascript"}, Request: &model.Request{URL: server.URL + "/shop/delete?all=1"}, Exceptions: []model.Exception{{Frames: []model.Frame{
			{Filename: "webpack-internal:///./src/cart.ts", Line: 13, Column: 11},
		}}}}
		f.Resolve(&ev)
		require.NotEmpty(t, ev.Exceptions[0].Frames[0].Unresolved)
	}
	require.Equal(t, []string{devServerList, "/main.js", nextSourceMap}, asked, "once, and nothing where dev servers may not be asked")
}

// An event knows the debug ID of its build. The file of that name may be of a later one.
func TestResolve_NotByTheFileOfAnotherBuild(t *testing.T) {
	dir := t.TempDir()
	script := filepath.Join(dir, "dist/app.js")
	write(t, script, "f();\n//# debugId="+id+"\n//# sourceMappingURL=app.js.map\n")
	write(t, script+".map", aMap(id, 2))
	f := startFinder(t, func(c *Config) { c.Roots = []string{dir} })
	look := func(debugID string) model.Frame {
		ev := model.Event{
			EventSummary: model.EventSummary{Platform: "node"},
			Exceptions:   []model.Exception{{Frames: []model.Frame{{Filename: script, Line: 1, Column: 1}}}},
			DebugImages:  []model.DebugImage{{Type: "sourcemap", CodeFile: script, DebugID: debugID}},
		}
		f.Resolve(&ev)
		return ev.Exceptions[0].Frames[0]
	}
	require.Equal(t, sourcemap.WithPath, look(id).ResolvedWith, "the same build")
	other := look("11111111-2222-4333-8444-555555555555")
	require.Empty(t, other.ResolvedWith)
	require.Contains(t, other.Unresolved, "of another build, with debug ID "+id)
}
