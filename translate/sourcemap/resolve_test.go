package sourcemap

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// Real errors of real builds come back as their source: every frame that the engines resolve is resolved, to the same
// place, and no other.
func TestResolveFrames_Vectors(t *testing.T) {
	for _, v := range vectors(t) {
		scripts := map[string]*Script{}
		for i, f := range v.Files {
			raw, sourceMap := v.read(t, i)
			m, err := Parse(sourceMap)
			require.NoError(t, err)
			scripts[f.DebugID] = &Script{Map: m, Scopes: ScanScopes(raw), DebugID: f.DebugID, With: WithDebugID, MapName: filepath.Base(f.Map)}
		}
		for _, e := range v.Events {
			var images []model.DebugImage
			for _, image := range e.DebugMeta.Images {
				images = append(images, model.DebugImage{Type: "sourcemap", CodeFile: image.CodeFile, DebugID: image.DebugID})
			}
			var frames []model.Frame
			for _, f := range e.Frames {
				frames = append(frames, model.Frame{Filename: f.Filename, Function: f.Function, Line: f.Lineno, Column: f.Colno, InApp: &f.InApp})
			}
			got, changed := ResolveFrames(frames, images, func(_, id string) (*Script, string) {
				if script := scripts[id]; script != nil {
					return script, ""
				}
				return nil, "no artifact has this debug ID"
			})
			require.True(t, changed, "%s %s", v.Build, e.Scenario)
			for i, want := range e.Expect {
				frame := got[i]
				if len(e.DebugMeta.Images) == 0 || debugIDOf(frames[i].Filename, images) == "" {
					continue
				}
				if want == nil {
					require.Empty(t, frame.ResolvedWith)
					require.NotEmpty(t, frame.Unresolved)
					require.Equal(t, frames[i].Line, frame.Line, "a frame that cannot be resolved keeps what it has")
					continue
				}
				require.Equal(t, WithDebugID, frame.ResolvedWith)
				require.Equal(t, [2]int{want.Lineno, want.Colno}, [2]int{frame.Line, frame.Column})
				require.Equal(t, frames[i].Line, frame.Generated.Line)
				require.False(t, strings.HasPrefix(frame.Filename, "/"), "%s: %s is absolute", v.Build, frame.Filename)
				if strings.Contains(want.Source, "node_modules") {
					require.True(t, strings.HasPrefix(frame.Filename, "pkg:"), frame.Filename)
					require.False(t, *frame.InApp)
				}
				if want.ContextLine != nil {
					require.Equal(t, *want.ContextLine, *frame.ContextLine)
				}
			}
		}
	}
}

func TestDisplayPath(t *testing.T) {
	for _, c := range []struct{ base, source, root, want string }{
		{"/srv/shop/dist/main.js", "../src/cart.ts", "/srv/shop/", "~/src/cart.ts"},
		{"/srv/shop/dist/main.js", "../node_modules/tiny-lib/index.js", "/srv/shop/", "pkg:tiny-lib/index.js"},
		{"/srv/shop/dist/main.js", "../node_modules/.pnpm/@a+b@1.0.0/node_modules/@a/b/x.js", "/srv/shop/", "pkg:@a/b/x.js"},
		{"http://localhost:5173/assets/app-3f9a.js", "../../src/App.tsx", "", "~/src/App.tsx"},
		{"http://localhost:5173/src/App.tsx", "App.tsx", "", "~/src/App.tsx"},
		{"http://localhost:5173/src/App.vue", "App.vue?vue&type=script", "", "~/src/App.vue"},
		{"http://localhost:8080/main.js", "webpack:///./src/App.vue?a1b2", "", "~/src/App.vue"},
		{"http://localhost:8080/main.js", "webpack:///./src/index.js", "", "~/src/index.js"},
		{"http://localhost:8080/main.js", "webpack://shop/./src/index.js", "", "~/src/index.js"},
		{"http://localhost:8080/main.js", "webpack://shop/webpack/bootstrap", "", "webpack/bootstrap"},
		{"http://localhost:8080/main.js", "webpack:///~/react/index.js", "", "pkg:react/index.js"},
		{"http://localhost:3000/_next/x.js", "turbopack:///[project]/app/page.tsx", "", "~/app/page.tsx"},
		{"http://localhost:3000/_next/static/chunks/src_app_1a2b._.js", "file:///home/me/shop/src/app/page.tsx", "/home/me/shop/", "~/src/app/page.tsx"},
		{"http://localhost:3000/_next/static/chunks/app/page.js", "webpack://_N_E/./src/app/page.tsx", "", "~/src/app/page.tsx"},
		{"http://localhost:3000/_next/static/chunks/app/page.js", "webpack-internal:///./src/app/page.tsx", "", "~/src/app/page.tsx"},
		{"http://localhost:3000/_next/static/chunks/main.js", "webpack://_N_E/./node_modules/next/dist/client/next.js", "", "pkg:next/dist/client/next.js"},
		{"http://localhost:5173/@fs/home/me/mono/ui/src/Button.tsx", "Button.tsx", "", "/home/me/mono/ui/src/Button.tsx"},
		{"http://localhost:5173/@fs/C:/mono/ui/src/Button.tsx", "Button.tsx", "C:/mono/", "~/ui/src/Button.tsx"},
		{`C:\shop\dist\main.js`, `..\src\cart.ts`, "C:/shop/", "~/src/cart.ts"},
	} {
		require.Equal(t, c.want, displayPath(absolutePath(c.base, c.source), c.root), "%s from %s", c.source, c.base)
	}
}

func TestProjectRoot(t *testing.T) {
	for _, c := range []struct {
		base    string
		sources []string
		want    string
	}{
		{"/srv/shop/dist/main.js", []string{"../src/a.ts", "../node_modules/x/i.js"}, "/srv/shop/"},
		{"http://localhost:5173/src/deep/App.tsx", []string{"App.tsx"}, "http://localhost:5173/"},
		{"http://localhost:8080/static/app.js", []string{"../src/a.ts", "../src/b.ts"}, "http://localhost:8080/"},
		{"http://localhost:8080/app/static/app.js", []string{"../src/a.ts"}, "http://localhost:8080/app/"},
		{"http://localhost:3000/_next/x.js", []string{"file:///home/me/shop/src/a.ts", "file:///home/me/shop/node_modules/next/i.js"}, "/home/me/shop/"},
		{"http://localhost:5173/@fs/home/me/ui/Button.tsx", []string{"Button.tsx"}, "/home/me/ui/"},
		{"http://localhost:8080/main.js", []string{"webpack://shop/./src/index.js"}, "http://localhost:8080/"},
		{"app.js", []string{"src/a.ts"}, ""},
	} {
		quoted, err := json.Marshal(c.sources)
		require.NoError(t, err)
		m, err := Parse([]byte(`{"version":3,"names":[],"mappings":"","sources":` + string(quoted) + `}`))
		require.NoError(t, err)
		require.Equal(t, c.want, projectRoot(m, c.base), "%s %s", c.base, c.sources)
	}
}

// Lines found through marks are the lines that a walk finds.
func TestMap_Context(t *testing.T) {
	for _, text := range []string{"", "\n", "a", "a\n", "a\nb", strings.Repeat("x\r\n", 200), strings.Repeat("line\n", markEvery) + "last", strings.Repeat("\n", 3*markEvery)} {
		quoted, err := json.Marshal([]string{text})
		require.NoError(t, err)
		m, err := Parse([]byte(`{"version":3,"names":[],"mappings":"","sources":["a.ts"],"sourcesContent":` + string(quoted) + `}`))
		require.NoError(t, err)
		for line := -1; line < strings.Count(text, "\n")+4; line++ {
			want, ok := ContextOf(text, line)
			got, found := m.context(0, line)
			require.Equal(t, ok, found, "line %d of %.20q", line, text)
			if ok {
				require.Equal(t, want, got, "line %d of %.20q", line, text)
			}
		}
	}
}
