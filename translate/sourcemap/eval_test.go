package sourcemap

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// stringified is a text as JSON.stringify writes it, which escapes less than Go does.
func stringified(t testing.TB, text string) string {
	t.Helper()
	var out strings.Builder
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	require.NoError(t, e.Encode(text))
	return strings.TrimSuffix(out.String(), "\n")
}

func TestEvaluatedModule(t *testing.T) {
	const file = "webpack-internal:///./src/cart.ts"
	code := "const a = eval(\"1\"), b = f.ts(\"x\")\n//# sourceURL=" + file + "\n"
	for _, bundle := range []string{
		`eval("other//# sourceURL=webpack-internal:///./src/cart.tsx\n");eval(` + stringified(t, code) + `);`,
		`eval(__webpack_require__.ts(` + stringified(t, code) + `));// sourceURL=` + file,
	} {
		got, ok := EvaluatedModule([]byte(bundle), file)
		require.True(t, ok, bundle)
		require.Equal(t, code, string(got))
		_, ok = EvaluatedModule([]byte(bundle), "webpack-internal:///./src/car")
		require.False(t, ok, "another module's name begins so")
	}
	for _, bundle := range []string{
		"", "sourceURL=" + file, `"sourceURL=` + file + `"`, `eval("sourceURL=` + file + `\n`, `f("sourceURL=` + file + `\n")`, `eval("\x//# sourceURL=` + file + `\n")`,
	} {
		_, ok := EvaluatedModule([]byte(bundle), file)
		require.False(t, ok, bundle)
	}
	require.True(t, IsEvaluated(file))
	require.True(t, IsEvaluated("webpack://shop/./src/cart.ts?600f"))
	require.False(t, IsEvaluated("webpack://shop/./src/cart.ts"))
	require.False(t, IsEvaluated("http://localhost/src/cart.ts?t=1"))
}

// What a bundle was made of comes out of it; what is no bundle does no harm.
func FuzzEvaluatedModule(f *testing.F) {
	f.Add(`eval("{f();//# sourceURL=[module]\n//# sourceMappingURL=data:application/json;base64,e30=\n//# sourceURL=webpack-internal:///./src/cart.ts\n\n}");`, "webpack-internal:///./src/cart.ts")
	f.Add("throw x", "webpack://shop/./a.js?1")
	f.Fuzz(func(t *testing.T, text, file string) {
		if code, ok := EvaluatedModule([]byte(text), file); ok && !strings.Contains(text, "sourceURL="+file) {
			t.Fatalf("%q is not in %q", code, text)
		}
		if strings.ContainsAny(file, "\\\"\n\u2028\u2029") || file == "" || strings.Contains(text, "sourceURL=") || stringified(t, file) != `"`+file+`"` {
			return
		}
		code := strings.ToValidUTF8(text, "?") + "\n//# sourceURL=" + file + "\n"
		got, ok := EvaluatedModule([]byte("x;eval("+stringified(t, code)+");\n"), file)
		if !ok || string(got) != code {
			t.Fatalf("%q gives %q", code, got)
		}
	})
}
