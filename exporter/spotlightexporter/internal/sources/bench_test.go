package sources

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/zap"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

const base64Digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

// vlq appends a number as source maps write it.
func vlq(dst []byte, v int) []byte {
	u := v << 1
	if v < 0 {
		u = -v<<1 | 1
	}
	for {
		digit := u & 31
		if u >>= 5; u > 0 {
			digit |= 32
		}
		dst = append(dst, base64Digits[digit])
		if u == 0 {
			return dst
		}
	}
}

// minified is a bundle on one line with a map: files sources of functions functions each, every function named in the map.
// columns are where the functions throw.
func minified(debugID string, files, functions int) (script, sourceMap string, columns []int) {
	var js strings.Builder
	var mappings []byte
	var names, sources, contents []string
	at := 0            // generated column of the last segment
	line, name := 0, 0 // of the last segment
	for file := range files {
		var source strings.Builder
		for fn := range functions {
			for range 8 {
				source.WriteString("// a comment of the length that comments have in code that people write\n")
			}
			fmt.Fprintf(&source, "export function original%d(order) {\n  throw new Error(order.id)\n}\n", fn)
			start := js.Len()
			fmt.Fprintf(&js, "function a%d(e){throw new Error(e.id)}", file*functions+fn)
			for i, column := range []int{start, start + len("function "), start + strings.Index(js.String()[start:], "throw")} {
				dLine, dSource := fn*11+8+i/2-line, 0
				if fn == 0 && i == 0 && file > 0 {
					dSource = 1
				}
				if len(mappings) > 0 {
					mappings = append(mappings, ',')
				}
				mappings = vlq(vlq(vlq(vlq(mappings, column-at), dSource), dLine), 0)
				if i == 1 {
					mappings = vlq(mappings, len(names)-name)
					name = len(names)
					names = append(names, fmt.Sprintf("original%d", fn))
				}
				at, line = column, fn*11+8+i/2
			}
			columns = append(columns, at+1)
		}
		sources = append(sources, fmt.Sprintf("../src/file%d.ts", file))
		contents = append(contents, source.String())
	}
	raw, err := json.Marshal(map[string]any{"version": 3, "debugId": debugID, "sources": sources, "sourcesContent": contents, "names": names, "mappings": string(mappings)})
	if err != nil {
		panic(err)
	}
	return js.String() + "\n//# debugId=" + debugID + "\n", string(raw), columns
}

func writeBuild(t testing.TB, dir, name, script, sourceMap string) string {
	t.Helper()
	require.NoError(t, os.MkdirAll(dir, 0o755))
	path := filepath.Join(dir, name)
	require.NoError(t, os.WriteFile(path, []byte(script), 0o600))
	require.NoError(t, os.WriteFile(path+".map", []byte(sourceMap), 0o600))
	return path
}

// An event of 50 frames all over a bundle of 1.4 MB, whose map is cached: what is done each time an event is looked at.
func BenchmarkResolve(b *testing.B) {
	dir := b.TempDir()
	script, sourceMap, columns := minified(id, 400, 100)
	path := writeBuild(b, dir, "app.js", script, sourceMap)
	cfg := DefaultConfig()
	cfg.Paths = []string{dir}
	f := New(cfg, zap.NewNop(), time.Now)
	require.NoError(b, f.Start())
	b.Cleanup(f.Shutdown)
	frames := make([]model.Frame, 50)
	for i := range frames {
		frames[i] = model.Frame{Filename: path, Function: "a", Line: 1, Column: columns[i*797%len(columns)]}
	}
	event := func() *model.Event {
		return &model.Event{
			EventSummary: model.EventSummary{Platform: "javascript", ReceivedTime: model.Time(time.Now().UnixNano())},
			Exceptions:   []model.Exception{{Frames: frames}},
			DebugImages:  []model.DebugImage{{Type: "sourcemap", CodeFile: path, DebugID: id}},
		}
	}
	require.Eventually(b, func() bool { _, ok := f.builds.byID(id); return ok }, 10*time.Second, time.Millisecond)
	ev := event()
	f.Resolve(ev)
	for i, frame := range ev.Exceptions[0].Frames {
		require.Equal(b, "  throw new Error(order.id)", *frame.ContextLine)
		require.Equal(b, fmt.Sprintf("original%d", i*797%len(columns)%100), frame.Function)
	}
	b.ReportAllocs()
	for b.Loop() {
		f.Resolve(event())
	}
}

// The first look at a folder of 2,000 files, 1,000 scripts of 20 KB and their maps of 110 KB.
func BenchmarkScan(b *testing.B) {
	dir := b.TempDir()
	for i := range 1000 {
		script, sourceMap, _ := minified(fmt.Sprintf("bd849f25-e9bf-47d4-a85b-%012x", i), 2, 75)
		script = strings.Repeat("/* a licence that was kept */\n", 400) + script
		writeBuild(b, filepath.Join(dir, fmt.Sprint(i%40)), fmt.Sprintf("chunk-%d.js", i), script, sourceMap)
	}
	b.ReportAllocs()
	for b.Loop() {
		scanned := newBuilds(zap.NewNop(), func([]string) {})
		scanned.scan(context.Background(), []string{dir}, nil, nil)
		require.Len(b, scanned.ids, 1000)
	}
}

// Events that name many maps do not make the Collector grow beyond source_maps::cache_bytes.
func TestResolve_MemoryUnderAFloodOfMaps(t *testing.T) {
	const maps, limit = 150, 8 << 20
	dir := t.TempDir()
	_, sourceMap, columns := minified(id, 40, 50) // some 1.5 MB each, when parsed
	var paths, ids []string
	for i := range maps {
		own := fmt.Sprintf("bd849f25-e9bf-47d4-a85b-%012x", i)
		path := writeBuild(t, dir, fmt.Sprintf("chunk-%d.js", i), "f()\n//# debugId="+own+"\n", strings.Replace(sourceMap, id, own, 1))
		paths, ids = append(paths, path), append(ids, own)
	}
	f := startFinder(t, func(c *Config) { c.Paths, c.CacheBytes = []string{dir}, limit })
	require.Eventually(t, func() bool { _, ok := f.builds.byID(ids[maps-1]); return ok }, 20*time.Second, 10*time.Millisecond)
	before := heap()
	for i, path := range paths {
		ev := model.Event{
			EventSummary: model.EventSummary{Platform: "javascript"},
			Exceptions:   []model.Exception{{Frames: []model.Frame{{Filename: path, Line: 1, Column: columns[7]}}}},
			DebugImages:  []model.DebugImage{{Type: "sourcemap", CodeFile: path, DebugID: ids[i]}},
		}
		f.Resolve(&ev)
		require.Equal(t, "debug_id", ev.Exceptions[0].Frames[0].ResolvedWith)
		require.LessOrEqual(t, f.cache.size(), int64(limit))
	}
	require.Greater(t, f.cache.size(), int64(limit/2), "the bound is used")
	require.Less(t, heap()-before, int64(limit*5/4), "what is counted is what is kept")
}

func heap() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
