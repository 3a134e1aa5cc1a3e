package stacktrace

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

var update = flag.Bool("update", false, "write the golden files instead of comparing with them")

// TestParse_Golden reads testdata/<language>/<case>.txt and compares with <case>.golden, once with the language given and
// once with it guessed.
func TestParse_Golden(t *testing.T) {
	files, err := filepath.Glob("testdata/*/*.txt")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		language := filepath.Base(filepath.Dir(file))
		t.Run(language+"/"+strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			golden := strings.TrimSuffix(file, ".txt") + ".golden"
			got := picture(Parse(string(text), language, "", ""))
			if *update {
				require.NoError(t, os.WriteFile(golden, []byte(got), 0o600))
			}
			want, err := os.ReadFile(golden)
			require.NoError(t, err, "run go test -update")
			require.Equal(t, string(want), got)
			if language != "other" {
				require.Equal(t, got, picture(Parse(string(text), "", "", "")), "guessed")
			}
			require.Equal(t, got, picture(Parse(strings.ReplaceAll(string(text), "\n", "\r\n"), language, "", "")), "with Windows line ends")
		})
	}
}

// picture draws exceptions one frame a line: a star for the user's own code, function, place, and what else is known.
func picture(exceptions []model.Exception) string {
	var sb strings.Builder
	for i, e := range exceptions {
		fmt.Fprintf(&sb, "#%d %q: %q", i, e.Type, e.Value)
		if m := e.Mechanism; m != nil {
			if m.ParentID != nil {
				fmt.Fprintf(&sb, " = %s of #%d", m.Source, *m.ParentID)
			}
			if m.IsGroup {
				sb.WriteString(" (group)")
			}
		}
		if e.Omitted != nil {
			fmt.Fprintf(&sb, " omitted %v", e.Omitted)
		}
		sb.WriteByte('\n')
		for k, f := range e.Frames {
			if k == 40 {
				fmt.Fprintf(&sb, "   and %d more\n", len(e.Frames)-k)
				break
			}
			own := '?'
			if f.InApp != nil {
				own = map[bool]rune{true: '*', false: ' '}[*f.InApp]
			}
			fmt.Fprintf(&sb, "  %c %s", own, f.Function)
			if f.Module != "" {
				fmt.Fprintf(&sb, " in %s", f.Module)
			}
			if f.Filename != "" {
				fmt.Fprintf(&sb, " at %s:%d:%d", f.Filename, f.Line, f.Column)
			}
			if f.AbsPath != "" && f.AbsPath != f.Filename {
				fmt.Fprintf(&sb, " abs %s", f.AbsPath)
			}
			if f.Package != "" {
				fmt.Fprintf(&sb, " package %s", f.Package)
			}
			if f.RawFunction != "" {
				fmt.Fprintf(&sb, " raw %s", f.RawFunction)
			}
			if f.ContextLine != nil {
				fmt.Fprintf(&sb, " | %s", *f.ContextLine)
			}
			sb.WriteByte('\n')
		}
	}
	return sb.String()
}
