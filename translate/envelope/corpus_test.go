package envelope

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/otelcol-spotlight/otelcol-spotlight/internal/testkit"
)

// TestParse_Corpus splits every recorded envelope: all are what real SDKs sent, so nothing may need a repair, and the
// items are those of the golden file (run with UPDATE_GOLDEN=1 to write it, and read the difference).
func TestParse_Corpus(t *testing.T) {
	var lines []string
	for _, s := range testkit.Corpus(t) {
		for _, r := range s.Requests {
			if !strings.HasSuffix(strings.TrimSuffix(r.Path, "/"), "/envelope") && r.Path != "/stream" || len(r.Body) == 0 {
				continue
			}
			body := r.Body
			switch r.Header.Get("Content-Encoding") {
			case "", "identity":
			case "gzip":
				z, err := gzip.NewReader(bytes.NewReader(r.Body))
				require.NoError(t, err)
				body, err = io.ReadAll(z)
				require.NoError(t, err)
			default:
				continue // decoding is the receiver's work
			}
			e, err := Parse(body, Limits{})
			require.NoError(t, err, r.Name)
			require.Empty(t, e.Warnings, r.Name)
			types := map[string]int{}
			for _, it := range e.Items {
				require.False(t, it.Salvaged, "%s: %s %v", r.Name, it.Type, it.Warnings)
				require.True(t, Known(it.Type), "%s: %s", r.Name, it.Type)
				if it.Type != "attachment" && it.Type != "statsd" && it.Type != "replay_recording" {
					require.True(t, completeJSON(it.Payload), "%s: %s", r.Name, it.Type)
				}
				types[it.Type] += 1
			}
			line := r.Name
			for _, typ := range sortedKeys(types) {
				line += fmt.Sprintf(" %s×%d", typ, types[typ])
			}
			lines = append(lines, line)
		}
	}
	require.NotEmpty(t, lines)
	got := strings.Join(lines, "\n") + "\n"
	golden := filepath.Join("testdata", "corpus.golden.txt")
	if os.Getenv("UPDATE_GOLDEN") != "" {
		require.NoError(t, os.MkdirAll("testdata", 0o750))
		require.NoError(t, os.WriteFile(golden, []byte(got), 0o600))
	}
	if os.Getenv("SPOTLIGHT_CORPUS") != "" {
		return // another corpus has other items
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	require.Equal(t, string(want), got)
}

func sortedKeys(m map[string]int) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}

// TestParse_CorpusBad checks that the marks that must survive a hostile envelope are in an item of it.
func TestParse_CorpusBad(t *testing.T) {
	seen := 0
	for _, c := range testkit.CorpusBad(t) {
		if c.Header.Get("Content-Encoding") != "" || !strings.HasSuffix(c.Path, "/envelope/") || c.Method != "POST" {
			continue
		}
		seen++
		t.Run(c.Name, func(t *testing.T) {
			e, err := Parse(c.Body, Limits{})
			if err != nil {
				require.Contains(t, c.Status, "4xx", err)
				return
			}
			for _, mark := range append(c.MustKeep, resyncGains[c.Name]...) {
				found := false
				for _, it := range e.Items {
					found = found || bytes.Contains(it.Payload, []byte(mark)) || bytes.Contains(it.Header, []byte(mark))
				}
				require.True(t, found, "%s is lost: %s", mark, picture(e))
			}
		})
	}
	require.Positive(t, seen)
}

// resyncGains are marks that the manifest allows to lose, and that we keep.
var resyncGains = map[string][]string{
	"length-too-long":               {"tail-j"},
	"length-too-short":              {"resync-l", "keep-l3"},
	"item-header-not-json":          {"keep-v2"},
	"attachment-newlines-no-length": {"line two"},
	"header-not-json":               {"keep-a"},
	"event-deep-nesting":            {"keep-bm"},
}

// hostile inputs are built of a repeated piece; the time to split them must grow with their size and no faster.
var hostile = map[string]string{
	"tiny items":              "{\"type\":\"z\"}\n\n",
	"open braces":             "{\n",
	"nested headers":          "{\"a\":[\n{\"type\":\"event\"}\n,1,\n",
	"open objects on lines":   "{\"a\":{\"a\":\n",
	"lengths past the end":    "{\"type\":\"event\",\"length\":99999999}\nx\n",
	"lengths too short":       "{\"type\":\"event\",\"length\":1}\nxyz\nabc\n",
	"blank lines":             " \n\t\r\n",
	"one long line":           "{\"type\":\"",
	"objects without type":    "{\"a\":1}\n",
	"payloads with breaks":    "{\"type\":\"attachment\"}\na\nb\nc\n",
	"zero lengths":            "{\"type\":\"attachment\",\"length\":0}\n",
	"headers on many lines":   "{\n\"type\":\n\"z\"\n}\n{}\n",
	"backslashes":             "{\"type\":\"\\\\\\\\",
	"salvaged lines of items": "{\"type\":\"z\",\"length\":1}\n{\"type\":\"z\"\n",
}

// TestParse_LinearTime splits 16 times as much of each: a square would take 256 times as long. The best of some runs is
// compared, and by a wide margin, because the machine may be busy.
func TestParse_LinearTime(t *testing.T) {
	for name, piece := range hostile {
		t.Run(name, func(t *testing.T) {
			measure := func(size, runs int) time.Duration {
				body := []byte("{}\n" + strings.Repeat(piece, size/len(piece)))
				best := time.Hour
				for range runs {
					start := time.Now()
					_, _ = Parse(body, Limits{MaxItems: 1000})
					best = min(best, time.Since(start))
				}
				return best
			}
			var small, large time.Duration
			for range 5 { // a busy machine may need more than one look
				small, large = measure(16<<10, 20), measure(256<<10, 3)
				if large < 16*5*small {
					return
				}
			}
			t.Fatalf("16 KiB took %v, 256 KiB %v", small, large)
		})
	}
}

func BenchmarkParse(b *testing.B) {
	event := `{"event_id":"9ec79c33ec9942ab8353589fcb2e04dc","message":"` + strings.Repeat("x", 21_000) + `"}`
	for _, c := range []struct{ name, body string }{
		{"event=21KB,no length", "{\"event_id\":\"9ec79c33ec9942ab8353589fcb2e04dc\",\"sdk\":{\"name\":\"sentry.javascript.node\",\"version\":\"11.12.0\"}}\n{\"type\":\"event\"}\n" + event},
		{"event=21KB,length", fmt.Sprintf("{\"dsn\":\"http://k@localhost/1\"}\n{\"type\":\"event\",\"length\":%d}\n%s\n", len(event), event)},
		{"items=20000", "{}\n" + strings.Repeat("{\"type\":\"z\"}\n\n", 20_000)},
		{"broken=4MB", "{}\n" + strings.Repeat(hostile["nested headers"], 140_000)},
	} {
		b.Run(c.name, func(b *testing.B) {
			body := []byte(c.body)
			b.SetBytes(int64(len(body)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Parse(body, Limits{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
