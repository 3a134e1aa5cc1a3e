package sourcemap

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/otelcol-spotlight/otelcol-spotlight/internal/testkit"
)

type injectCase struct {
	ID            string
	Exit          int
	Input, Output map[string]string
	DebugIDs      map[string]string `json:"debug_ids"`
	KnownBug      string            `json:"known_bug"`
}

func injectCases(t testing.TB) []injectCase {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(testkit.DebugIDVectors(t), "inject", "*.json"))
	require.NoError(t, err)
	var all []injectCase
	for _, path := range paths {
		raw, err := os.ReadFile(path)
		require.NoError(t, err)
		var file struct{ Cases []injectCase }
		require.NoError(t, json.Unmarshal(raw, &file), path)
		all = append(all, file.Cases...)
	}
	require.NotEmpty(t, all)
	return all
}

// pairOf returns the map a script of a case names, "" when it has none of its own.
func (c injectCase) pairOf(path string) string {
	url := SourceMappingURL([]byte(c.Input[path]))
	url, _, _ = strings.Cut(url, "?")
	if url == "" {
		url = filepath.Base(path) + ".map"
	}
	if m := filepath.Join(filepath.Dir(path), url); c.Input[m] != "" {
		return m
	}
	return ""
}

// The injected pair runs and answers every position as the original does, one line further down; comment and map carry
// the same ID, the IDs are those of sentry-cli, and a second run changes nothing.
func TestInject_Vectors(t *testing.T) {
	checked := 0
	var scripts []string // injected, for Node to compile
	for _, c := range injectCases(t) {
		if c.Exit != 0 {
			continue
		}
		for path, script := range c.Input {
			if ext := filepath.Ext(path); ext != ".js" && ext != ".mjs" && ext != ".cjs" {
				continue
			}
			t.Run(c.ID+"/"+path, func(t *testing.T) {
				mapPath := c.pairOf(path)
				var sourceMap []byte
				if mapPath != "" {
					sourceMap = []byte(c.Input[mapPath])
				}
				out, err := Inject([]byte(script), sourceMap)
				require.NoError(t, err)
				require.Equal(t, out.DebugID, ScriptDebugID(out.Script))
				if c.KnownBug == "" && (mapPath != "" || c.pairOf(path) == "") && strings.Count(path, "/") == 0 {
					if !strings.Contains(script, "sourceMappingURL=../") {
						require.Equal(t, c.DebugIDs[path], out.DebugID, "the ID that sentry-cli gives")
					}
				}
				sameLookups(t, []byte(script), sourceMap, out)
				again, err := Inject(out.Script, out.Map)
				require.NoError(t, err)
				require.False(t, again.Changed)
				require.Equal(t, string(out.Script), string(again.Script))
				require.Equal(t, string(out.Map), string(again.Map))
				if filepath.Ext(path) != ".mjs" && !strings.Contains(script, "import ") && !strings.Contains(script, "export ") {
					scripts = append(scripts, string(out.Script))
				}
				checked++
			})
		}
	}
	require.Greater(t, checked, 30)
	compileInNode(t, scripts)
}

// sameLookups compares every position that the original map knows.
func sameLookups(t *testing.T, script, sourceMap []byte, out Injected) {
	t.Helper()
	newMap := out.Map
	if sourceMap == nil {
		inline, ok := InlineMap(SourceMappingURL(script))
		if !ok {
			return
		}
		sourceMap = inline
		newMap, ok = InlineMap(SourceMappingURL(out.Script))
		require.True(t, ok)
	}
	before, err := Parse(sourceMap)
	require.NoError(t, err)
	after, err := Parse(newMap)
	require.NoError(t, err)
	require.Equal(t, out.DebugID, after.DebugID())
	down := 1
	if lastID(script, debugIDComment) != "" {
		down = 0
	}
	at, _ := insertion(script)
	for i := range before.lines {
		line := int(before.lines[i].line)
		first, end := before.line(i)
		for _, col := range before.cols[first:end] {
			moved := line + 1
			if line >= at {
				moved += down
			}
			want, wantOK := before.Lookup(line+1, int(col)+1)
			got, gotOK := after.Lookup(moved, int(col)+1)
			require.Equal(t, wantOK, gotOK)
			require.Equal(t, want, got)
		}
	}
}

// compileInNode fails when Node cannot compile one of the scripts; it is skipped where there is no Node.
func compileInNode(t *testing.T, scripts []string) {
	t.Helper()
	node, err := exec.LookPath("node")
	if err != nil {
		t.Log("there is no node: injected scripts were not compiled")
		return
	}
	raw, err := json.Marshal(scripts)
	require.NoError(t, err)
	path := filepath.Join(t.TempDir(), "scripts.json")
	require.NoError(t, os.WriteFile(path, raw, 0o600))
	cmd := exec.Command(node, "-e", `for (const s of JSON.parse(require("fs").readFileSync(process.argv[1]))) new (require("vm").Script)(s.replace(/^\ufeff/, ""))`, path)
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)
}

func TestInject_Places(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"code only", "f();", "SNIPPET\nf();\n//# debugId=ID\n"},
		{"hashbang", "#!/usr/bin/env node\nf();\n", "#!/usr/bin/env node\nSNIPPET\nf();\n//# debugId=ID\n"},
		{"directive on the line of the code", `"use strict";f();`, `"use strict";SNIPPET` + "\n" + `"use strict";f();` + "\n//# debugId=ID\n"},
		{"all directives", "'use client'\n\"use strict\"\nf();\n", "'use client'\n\"use strict\"\nSNIPPET\nf();\n//# debugId=ID\n"},
		{"a string that is no directive", "\"a\".length;f();\n", "SNIPPET\n\"a\".length;f();\n//# debugId=ID\n"},
		{"a string that goes on", "\"a\"\n.length;f();\n", "SNIPPET\n\"a\"\n.length;f();\n//# debugId=ID\n"},
		{"banner", "/*! licence */\n'use strict';\nf();\n", "/*! licence */\n'use strict';\nSNIPPET\nf();\n//# debugId=ID\n"},
		{"banner on the line of the code", "/*! licence\n */ f();\n", "SNIPPET\n/*! licence\n */ f();\n//# debugId=ID\n"},
		{"BOM", "\ufefff();\n", "\ufeffSNIPPET\nf();\n//# debugId=ID\n"},
		{"CRLF", "'use strict';\r\nf();\r\n", "'use strict';\r\nSNIPPET\r\nf();\r\n//# debugId=ID\r\n"},
		{"above sourceMappingURL", "f();\n//# sourceMappingURL=missing.map\n", "SNIPPET\nf();\n//# debugId=ID\n//# sourceMappingURL=missing.map\n"},
		{"empty", "", "SNIPPET\n//# debugId=ID\n"},
	} {
		out, err := Inject([]byte(c.in), nil)
		require.NoError(t, err, c.name)
		got := strings.ReplaceAll(string(out.Script), snippet(out.DebugID), "SNIPPET")
		require.Equal(t, c.want, strings.ReplaceAll(got, out.DebugID, "ID"), c.name)
	}
}

func TestInject_KeepsUnknownKeys(t *testing.T) {
	in := `{"version":3,"x_mine":{"a":[1, 2]},"sources":["a.ts"],"names":[],"mappings":"AAAA"}`
	out, err := Inject([]byte("f();\n//# sourceMappingURL=a.js.map\n"), []byte(in))
	require.NoError(t, err)
	require.Contains(t, string(out.Map), `"x_mine":{"a":[1, 2]}`)
	require.Contains(t, string(out.Map), `"mappings":";AAAA"`)
}

func FuzzInject(f *testing.F) {
	for _, c := range injectCases(f) {
		for path, script := range c.Input {
			if m := c.pairOf(path); m != "" {
				f.Add([]byte(script), []byte(c.Input[m]))
			}
		}
	}
	f.Fuzz(func(t *testing.T, script, sourceMap []byte) {
		if len(sourceMap) == 0 {
			sourceMap = nil
		}
		out, err := Inject(script, sourceMap)
		if err != nil {
			return
		}
		if got := ScriptDebugID(out.Script); got != out.DebugID {
			t.Fatalf("the script says %q, want %q", got, out.DebugID)
		}
		again, err := Inject(out.Script, out.Map)
		if err != nil || again.Changed {
			t.Fatalf("a second run is not quiet: %v, changed %v", err, again.Changed)
		}
	})
}
