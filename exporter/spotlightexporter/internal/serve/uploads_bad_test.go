package serve

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/zap"

	"github.com/otelcol-spotlight/otelcol-spotlight/exporter/spotlightexporter/internal/live"
	"github.com/otelcol-spotlight/otelcol-spotlight/exporter/spotlightexporter/internal/query"
	"github.com/otelcol-spotlight/otelcol-spotlight/exporter/spotlightexporter/internal/sources"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

const badID = "bd849f25-e9bf-57d4-a85b-1a03576b4511"

// uploadWorld is the routes over a Finder that takes uploads of limit bytes.
func uploadWorld(t *testing.T, limit int64) (*world, *sources.Finder) {
	t.Helper()
	cfg := sources.DefaultConfig()
	cfg.UploadBytes = limit
	f := sources.New(cfg, zap.NewNop(), time.Now)
	require.NoError(t, f.Start())
	t.Cleanup(f.Shutdown)
	w := &world{t: t, store: live.New(live.Limits{}, time.Now)}
	w.handler = New(Options{Store: w.store, Query: query.New(w.store, query.Options{}), Overlay: overlayFiles, Uploads: f.Uploads()})
	return w, f
}

// entry is a file of a bundle; those without a type are not in the manifest.
type entry struct{ name, kind, content string }

func bundle(t *testing.T, entries ...entry) []byte {
	t.Helper()
	files := map[string]any{}
	var b bytes.Buffer
	b.WriteString("SYSB\x02\x00\x00\x00")
	zw := zip.NewWriter(&b)
	zw.SetOffset(8)
	for _, e := range entries {
		if e.kind != "" {
			files[e.name] = map[string]any{"url": "~/" + e.name, "type": e.kind, "headers": map[string]string{"debug-id": badID}}
		}
		f, err := zw.Create(e.name)
		require.NoError(t, err)
		_, err = f.Write([]byte(e.content))
		require.NoError(t, err)
	}
	f, err := zw.Create("manifest.json")
	require.NoError(t, err)
	require.NoError(t, json.NewEncoder(f).Encode(map[string]any{"files": files}))
	require.NoError(t, zw.Close())
	return b.Bytes()
}

// upload sends a bundle as sentry-cli does, in chunks.
func (w *world) upload(t *testing.T, data []byte) assembled {
	t.Helper()
	var sums []string
	for at := 0; at < len(data); at += sources.ChunkSize {
		chunk := data[at:min(len(data), at+sources.ChunkSize)]
		contentType, body := form(t, "file_gzip", sum(chunk), gzipped(t, chunk))
		require.Equal(t, http.StatusOK, w.post(chunkPath, contentType, body).Code)
		sums = append(sums, sum(chunk))
	}
	return w.assemble(t, sum(data), sums...)
}

// What bundles hold may be anything. A bundle that is none is refused with the reason; a map that is none is the reason
// that the frames it was meant for are not resolved.
func TestUpload_BadBundles(t *testing.T) {
	nested := `{"version":3,"sections":[{"offset":{"line":0,"column":0},"map":`
	for _, c := range []struct {
		name, refused, unresolved string
		data                      []byte
	}{
		{name: "a name that climbs", refused: "leads out of the archive", data: bundle(t, entry{"../../etc/cron.d/x", "source_map", "{}"})},
		{name: "an absolute name", refused: "leads out of the archive", data: bundle(t, entry{"/etc/cron.d/x", "", ""})},
		{name: "a million files", refused: "the limit is 50000", data: append([]byte("SYSB\x02\x00\x00\x00"), bytes.Repeat([]byte("PK\x01\x02"), 1_000_000)...)},
		{name: "cut off", refused: "artifact bundle", data: bundle(t, entry{"a.map", "source_map", "{}"})[:100]},
		{name: "no map", unresolved: "a.map", data: bundle(t, entry{"a.map", "source_map", "<!doctype html>"})},
		{name: "malformed VLQ", unresolved: "a.map", data: bundle(t, entry{"a.map", "source_map", `{"version":3,"sources":["a"],"names":[],"mappings":"AA!A"}`})},
		{name: "an endless number", unresolved: "a.map", data: bundle(t, entry{"a.map", "source_map", `{"version":3,"sources":["a"],"names":[],"mappings":"` + strings.Repeat("g", 1000) + `"}`})},
		{name: "indices out of range", unresolved: "a.map", data: bundle(t, entry{"a.map", "source_map", `{"version":3,"sources":["a"],"names":[],"mappings":"AEAA"}`})},
		{name: "nested sections", unresolved: "a.map", data: bundle(t, entry{"a.map", "source_map", strings.Repeat(nested, 200) + `{}` + strings.Repeat("}]}", 200)})},
		{name: "60 MB of lines", unresolved: "says nothing of this position", data: bundle(t, entry{"a.map", "source_map", `{"version":3,"sources":["a"],"names":[],"mappings":"` + strings.Repeat(";", 60<<20) + `AAAA"}`})},
		{name: "a map of 65 MB", unresolved: "larger than 64 MiB", data: bundle(t, entry{"a.map", "source_map", `{"version":3,"mappings":"` + strings.Repeat("A", 65<<20) + `"}`})},
	} {
		t.Run(c.name, func(t *testing.T) {
			w, f := uploadWorld(t, 64<<20)
			got := w.upload(t, c.data)
			if c.refused != "" {
				require.Equal(t, "error", got.State)
				require.Contains(t, got.Detail, c.refused)
				return
			}
			require.Equal(t, "ok", got.State, got.Detail)
			ev := model.Event{
				EventSummary: model.EventSummary{Platform: "javascript"},
				Exceptions:   []model.Exception{{Frames: []model.Frame{{Filename: "app.js", Line: 1, Column: 1}}}},
				DebugImages:  []model.DebugImage{{Type: "sourcemap", CodeFile: "app.js", DebugID: badID}},
			}
			f.Resolve(&ev)
			frame := ev.Exceptions[0].Frames[0]
			require.Contains(t, frame.Unresolved, c.unresolved)
			require.Equal(t, [2]int{1, 1}, [2]int{frame.Line, frame.Column}, "the frame stays as it came")
		})
	}
}

// Chunks that nobody assembles leave again, the oldest first.
func TestUpload_ChunksThatAreNeverAssembled(t *testing.T) {
	const limit = 24 << 20
	w, f := uploadWorld(t, limit)
	var first string
	for i := range 12 {
		chunk := append(bytes.Repeat([]byte{byte(i)}, sources.ChunkSize-8), fmt.Sprintf("%08d", i)...)
		if i == 0 {
			first = sum(chunk)
		}
		contentType, body := form(t, "file_gzip", sum(chunk), gzipped(t, chunk))
		require.Equal(t, http.StatusOK, w.post(chunkPath, contentType, body).Code)
		used, _, _ := f.Uploads().Usage()
		require.LessOrEqual(t, used, int64(limit))
	}
	_, _, dropped := f.Uploads().Usage()
	require.EqualValues(t, 9, dropped)
	require.Equal(t, assembled{State: "not_found", MissingChunks: []string{first}}, w.assemble(t, sum([]byte("x")), first))
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	require.Less(t, m.HeapAlloc, uint64(4*limit))
}
