package sourcemap

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/otelcol-spotlight/otelcol-spotlight/internal/testkit"
)

func recordedBundles(t testing.TB) map[string][]byte {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(testkit.DebugIDVectors(t), "upload", "bundle-*.bin"))
	require.NoError(t, err)
	require.NotEmpty(t, paths)
	all := map[string][]byte{}
	for _, path := range paths {
		raw, err := os.ReadFile(path)
		require.NoError(t, err)
		all[filepath.Base(path)] = raw
	}
	return all
}

func TestReadBundle_Recorded(t *testing.T) {
	for name, raw := range recordedBundles(t) {
		b, err := ReadBundle(raw)
		require.NoError(t, err, name)
		maps, scripts := map[string]bool{}, map[string]bool{}
		for _, a := range b.Artifacts {
			content, err := a.Read()
			require.NoError(t, err)
			switch a.Type {
			case TypeSourceMap:
				_, err := Parse(content)
				require.NoError(t, err, a.URL)
				maps[a.DebugID] = true
			case TypeMinified:
				require.Equal(t, ScriptDebugID(content), a.DebugID)
				if a.DebugID != "" {
					require.NotEmpty(t, a.SourceMap)
					scripts[a.DebugID] = true
				}
			}
		}
		require.NotEmpty(t, maps, name)
		require.Equal(t, maps, scripts, name)
	}
}

// bundleOf packs files into a bundle; a file's manifest entry is its URL and type.
func bundleOf(t testing.TB, manifest any, files map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	b.WriteString("SYSB")
	require.NoError(t, binary.Write(&b, binary.LittleEndian, uint32(2)))
	w := zip.NewWriter(&b)
	w.SetOffset(8)
	if manifest != nil {
		raw, err := json.Marshal(manifest)
		require.NoError(t, err)
		files["manifest.json"] = string(raw)
	}
	for name, content := range files {
		f, err := w.Create(name)
		require.NoError(t, err)
		_, err = f.Write([]byte(content))
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	return b.Bytes()
}

func TestReadBundle_Refuses(t *testing.T) {
	type files = map[string]map[string]string
	many := []byte("SYSB\x02\x00\x00\x00")
	many = append(many, bytes.Repeat([]byte("PK\x01\x02"), maxEntries+1)...)
	for _, c := range []struct {
		name string
		in   []byte
		want string
	}{
		{"empty", nil, "SYSB"},
		{"no archive", []byte("SYSB\x02\x00\x00\x00nothing"), "zip"},
		{"another version", []byte("SYSB\x09\x00\x00\x00"), "version 9"},
		{"a million files", many, "the limit is 50000"},
		{"no manifest", bundleOf(t, nil, map[string]string{"a.js": ""}), "no manifest.json"},
		{"a broken manifest", bundleOf(t, "text", map[string]string{}), "manifest.json"},
		{"a file that is not there", bundleOf(t, map[string]any{"files": files{"a.js": {"url": "~/a.js"}}}, map[string]string{}), "not in the archive"},
		{"a name that climbs", bundleOf(t, map[string]any{}, map[string]string{"../../etc/passwd": "x"}), "leads out"},
		{"an absolute name", bundleOf(t, map[string]any{}, map[string]string{"/etc/passwd": "x"}), "leads out"},
	} {
		_, err := ReadBundle(c.in)
		require.ErrorContains(t, err, c.want, c.name)
	}
}

func TestArtifact_ReadRefusesBombs(t *testing.T) {
	bomb := string(bytes.Repeat([]byte{'0'}, MaxMapBytes+1))
	raw := bundleOf(t, map[string]any{"files": map[string]any{"a.map": map[string]string{"url": "~/a.map", "type": TypeSourceMap}}}, map[string]string{"a.map": bomb})
	require.Less(t, len(raw), 1<<20)
	b, err := ReadBundle(raw)
	require.NoError(t, err)
	_, err = b.Artifacts[0].Read()
	require.ErrorContains(t, err, "larger than 64 MiB")
}

func TestReleaseURLs(t *testing.T) {
	require.Equal(t, []string{"http://localhost:3000/a/app.js?v=1", "http://localhost:3000/a/app.js", "~/a/app.js?v=1", "~/a/app.js"}, ReleaseURLs("http://localhost:3000/a/app.js?v=1#x"))
	require.Equal(t, []string{"/srv/app.js"}, ReleaseURLs("/srv/app.js"))
}

func TestMapURL(t *testing.T) {
	for _, c := range [][3]string{
		{"~/assets/app.js", "app.js.map", "~/assets/app.js.map"},
		{"~/assets/app.js", "../maps/app.js.map", "~/maps/app.js.map"},
		{"http://localhost/a/app.js", "/maps/app.js.map", "http://localhost/maps/app.js.map"},
	} {
		require.Equal(t, c[2], MapURL(c[0], c[1]))
	}
}

func FuzzReadBundle(f *testing.F) {
	for _, raw := range recordedBundles(f) {
		f.Add(raw)
	}
	f.Add([]byte(fmt.Sprintf("SYSB%c%c%c%cPK", 2, 0, 0, 0)))
	f.Fuzz(func(_ *testing.T, raw []byte) {
		b, err := ReadBundle(raw)
		if err != nil {
			return
		}
		for i := range b.Artifacts {
			_, _ = b.Artifacts[i].Read()
		}
	})
}
