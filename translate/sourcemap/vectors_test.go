package sourcemap

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/otelcol-spotlight/otelcol-spotlight/internal/testkit"
)

// vector is one file of the resolve vectors: a build, errors thrown in it, and what real engines say of their frames.
type vector struct {
	dir   string
	Build string
	Files []struct {
		CodeFile string `json:"code_file"`
		JS, Map  string
		DebugID  string `json:"debug_id"`
	}
	Events []struct {
		Scenario, Type string
		DebugMeta      struct {
			Images []struct {
				CodeFile string `json:"code_file"`
				DebugID  string `json:"debug_id"`
			}
		} `json:"debug_meta"`
		Frames []struct {
			Filename, Module, Function string
			Lineno, Colno              int
			InApp                      bool `json:"in_app"`
		}
		Expect []*expected
	}
	Lookups []struct {
		JS            string
		Lineno, Colno int
		Expect        *expected
	}
}

type expected struct {
	Source, Name  string
	SourceRooted  string `json:"source_rooted"`
	Lineno, Colno int
	Ignored       bool
	FunctionTruth *string  `json:"function_truth"`
	PreContext    []string `json:"pre_context"`
	ContextLine   *string  `json:"context_line"`
	PostContext   []string `json:"post_context"`
}

func vectors(t testing.TB) []vector {
	t.Helper()
	dir := testkit.DebugIDVectors(t)
	paths, err := filepath.Glob(filepath.Join(dir, "resolve", "*.json"))
	require.NoError(t, err)
	require.NotEmpty(t, paths)
	var all []vector
	for _, path := range paths {
		raw, err := os.ReadFile(path)
		require.NoError(t, err)
		v := vector{dir: dir}
		require.NoError(t, json.Unmarshal(raw, &v), path)
		all = append(all, v)
	}
	return all
}

// read returns script and map number i of a build.
func (v vector) read(t testing.TB, i int) (script, sourceMap []byte) {
	t.Helper()
	script, err := os.ReadFile(filepath.Join(v.dir, v.Files[i].JS))
	require.NoError(t, err)
	if v.Files[i].Map == "inline" {
		sourceMap, ok := InlineMap(SourceMappingURL(script))
		require.True(t, ok)
		return script, sourceMap
	}
	sourceMap, err = os.ReadFile(filepath.Join(v.dir, v.Files[i].Map))
	require.NoError(t, err)
	return script, sourceMap
}

func TestLookup_Vectors(t *testing.T) {
	checked := 0
	for _, v := range vectors(t) {
		maps := map[string]*Map{}
		for i, f := range v.Files {
			_, raw := v.read(t, i)
			m, err := Parse(raw)
			require.NoError(t, err, f.JS)
			maps[f.CodeFile], maps[f.JS] = m, m
			maps[filepath.ToSlash(f.JS[len("files/"):])] = m
		}
		for _, e := range v.Events {
			for i, f := range e.Frames {
				m := maps[f.Filename]
				if m == nil {
					require.Nil(t, e.Expect[i])
					continue
				}
				wantToken(t, m, f.Lineno, f.Colno, e.Expect[i], v.Build, e.Scenario)
				checked++
			}
		}
		for _, l := range v.Lookups {
			m := maps[l.JS]
			require.NotNil(t, m, l.JS)
			if got, ok := m.Lookup(l.Lineno, l.Colno); ok && l.Expect != nil {
				l.Expect.Ignored = got.Ignored // the vectors say so of frames only
			}
			wantToken(t, m, l.Lineno, l.Colno, l.Expect, v.Build, l.JS)
			checked++
		}
	}
	require.Greater(t, checked, 1000)
}

func wantToken(t *testing.T, m *Map, line, column int, want *expected, where ...string) {
	t.Helper()
	got, ok := m.Lookup(line, column)
	if want == nil {
		require.False(t, ok, "%v %d:%d resolved to %+v", where, line, column, got)
		return
	}
	require.True(t, ok, "%v %d:%d", where, line, column)
	require.Equal(t, *want, expected{
		Source: sourceAs(m.sources[got.Source], want.Source), SourceRooted: want.SourceRooted, Lineno: got.Line, Colno: got.Column, Name: got.Name, Ignored: got.Ignored,
		FunctionTruth: want.FunctionTruth, PreContext: want.PreContext, ContextLine: want.ContextLine, PostContext: want.PostContext,
	}, "%v %d:%d", where, line, column)
	if want.SourceRooted != "" {
		require.Equal(t, want.SourceRooted, m.SourceName(got.Source))
	}
	if want.ContextLine != nil {
		content, ok := m.Content(got.Source)
		require.True(t, ok)
		c, ok := ContextOf(content, got.Line)
		require.True(t, ok)
		require.Equal(t, *want.ContextLine, c.Line, where)
		require.Equal(t, want.PreContext, orEmpty(c.Pre), where)
		require.Equal(t, want.PostContext, orEmpty(c.Post), where)
	}
}

func orEmpty(s []string) []string {
	if s == nil {
		return []string{}
	}
	return s
}

// sourceAs returns the name of a source as the vectors spell it: as in the map, or with its root before it.
func sourceAs(s source, want string) string {
	if s.rooted == want {
		return s.rooted
	}
	return s.name
}
