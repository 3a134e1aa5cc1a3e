package sources

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

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
