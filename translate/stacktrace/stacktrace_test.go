package stacktrace

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

func TestParse_AttributesWinOverText(t *testing.T) {
	text := "ValueError: from the text\n    at f (/srv/shop/a.js:1:2)\n"
	got := Parse(text, "nodejs", "E_VALUE", "from the attribute")
	require.Len(t, got, 1)
	require.Equal(t, "E_VALUE", got[0].Type)
	require.Equal(t, "from the attribute", got[0].Value)
	require.Equal(t, text, got[0].RawStack)
	require.Len(t, got[0].Frames, 1)
}

func TestParse_TextFillsWhatAttributesLeaveOut(t *testing.T) {
	got := Parse("ValueError: boom", "python", "", "")
	require.Len(t, got, 1)
	require.Equal(t, "ValueError", got[0].Type)
	require.Equal(t, "boom", got[0].Value)
	require.NotNil(t, got[0].Frames)
}

func TestParse_Nothing(t *testing.T) {
	got := Parse("", "", "", "")
	require.Equal(t, []model.Exception{{Frames: []model.Frame{}}}, got)
}

func TestParse_WrongLanguageIsOverruled(t *testing.T) {
	python := "Traceback (most recent call last):\n  File \"/srv/a.py\", line 1, in f\nValueError: x"
	for _, language := range []string{"java", "go", "nodejs", "cobol", ""} {
		got := Parse(python, language, "", "")
		require.Len(t, got[0].Frames, 1, language)
		require.Equal(t, "f", got[0].Frames[0].Function)
	}
}

func TestParse_Aliases(t *testing.T) {
	for alias, want := range map[string]string{"nodejs": "javascript", "webjs": "javascript", "csharp": "dotnet", "kotlin": "java", "golang": "go"} {
		require.NotNil(t, find(alias), alias)
		require.Equal(t, want, find(alias).name)
	}
	require.Nil(t, find("cobol"))
}

func TestParse_FramesAreBoundedNewestFirst(t *testing.T) {
	java := "x.Y: z\n" + strings.Repeat("\tat a.B.c(B.java:1)\n", 1500) + "\tat a.B.last(B.java:2)\n"
	got := Parse(java, "java", "", "")
	require.Len(t, got[0].Frames, maxFrames)
	require.Equal(t, []int{maxFrames, 1501}, got[0].Omitted)

	python := pyTraceback + "\n  File \"a.py\", line 1, in oldest\n" + strings.Repeat("  File \"a.py\", line 2, in f\n", 1500) + "  File \"a.py\", line 3, in newest\nX: y\n"
	got = Parse(python, "python", "", "")
	require.Len(t, got[0].Frames, maxFrames)
	require.Equal(t, "newest", got[0].Frames[0].Function)
}

func TestParse_ChainsAreBounded(t *testing.T) {
	for language, text := range map[string]string{
		"java":       "a.B: c\n\tat a.B.c(B.java:1)\n" + strings.Repeat("Caused by: a.B: c\n\tat a.B.c(B.java:1)\n\t... 1 more\n", 5000),
		"python":     strings.Repeat(pyTraceback+"\n  File \"a.py\", line 1, in f\nX: y\n\n"+pyDirect+"\n\n", 5000),
		"nodejs":     "Error: a\n    at f (/a.js:1:1)\n" + strings.Repeat("Caused by: Error: a\n    at f (/a.js:1:1)\n", 5000),
		"dotnet":     "A.B: c\n" + strings.Repeat(" ---> A.B: c\n   at A.B.C() in /a.cs:line 1\n", 5000),
		"ruby":       strings.Repeat("a.rb:1:in `f': x (Y)\n\tfrom a.rb:1:in `g'\n", 5000),
		"php":        strings.Repeat("Next A: b in /a.php:1\nStack trace:\n#0 {main}\n\n", 5000),
		"go":         strings.Repeat("x\nmain.f\n\t/a.go:1\n", 5000),
		"rust":       "Error: a\n\nCaused by:\n" + strings.Repeat("    0: x\n", 5000) + "\nStack backtrace:\n   0: a::b\n             at a.rs:1:1\n",
		"suppressed": "a.B: c\n\tat a.B.c(B.java:1)\n" + strings.Repeat("\tSuppressed: a.B: c\n\t\tat a.B.c(B.java:1)\n", 5000),
	} {
		got := Parse(text, strings.Replace(language, "suppressed", "java", 1), "", "")
		require.Len(t, got, maxChain, language)
		frames := 0
		for _, e := range got {
			frames += len(e.Frames)
		}
		require.Positive(t, frames, language)
	}
}

// A text may be cut anywhere: limits on attributes cut it at the end, log shippers in the middle.
func TestParse_CutAnywhere(t *testing.T) {
	files, err := filepath.Glob("testdata/*/*.txt")
	require.NoError(t, err)
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		language := filepath.Base(filepath.Dir(file))
		step := 1 + len(text)/100
		for i := 0; i < len(text); i += step {
			check(t, string(text[:i]), language)
			check(t, string(text[i:]), language)
		}
	}
}

// check asserts what holds for every text.
func check(t *testing.T, text, language string) {
	t.Helper()
	got := Parse(text, language, "", "")
	require.NotEmpty(t, got)
	require.LessOrEqual(t, len(got), maxChain)
	require.Equal(t, text, got[0].RawStack)
	for i, e := range got {
		require.NotNil(t, e.Frames)
		require.LessOrEqual(t, len(e.Frames), maxFrames)
		if len(got) > 1 {
			require.Equal(t, i, *e.Mechanism.ExceptionID)
		}
		if i > 0 {
			require.Less(t, *e.Mechanism.ParentID, i, "parents stand first")
		}
		for _, f := range e.Frames {
			require.GreaterOrEqual(t, f.Line, 0)
			require.GreaterOrEqual(t, f.Column, 0)
			if utf8.ValidString(text) {
				require.True(t, utf8.ValidString(f.Function+f.Filename+f.Module), "%q", f)
			}
		}
	}
}

func FuzzParse(f *testing.F) {
	files, err := filepath.Glob("testdata/*/*.txt")
	require.NoError(f, err)
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(f, err)
		for i := range languages {
			if languages[i].name == filepath.Base(filepath.Dir(file)) {
				f.Add(string(text), uint8(i))
			}
		}
		f.Add(string(text), uint8(255))
	}
	f.Fuzz(func(t *testing.T, text string, language uint8) {
		name := ""
		if int(language) < len(languages) {
			name = languages[language].name
		}
		check(t, text, name)
	})
}
