package sourcemap

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestFunctionAt_Vectors(t *testing.T) {
	right, all := 0, 0
	var wrong []string
	for _, v := range vectors(t) {
		maps, scopes := map[string]*Map{}, map[string]*Scopes{}
		for i, f := range v.Files {
			script, raw := v.read(t, i)
			m, err := Parse(raw)
			require.NoError(t, err)
			maps[f.CodeFile], scopes[f.CodeFile] = m, ScanScopes(script)
		}
		for _, e := range v.Events {
			for i, f := range e.Frames {
				want := e.Expect[i]
				if want == nil || maps[f.Filename] == nil {
					continue
				}
				all++
				name, ok := FunctionAt(maps[f.Filename], scopes[f.Filename], f.Lineno, f.Colno)
				if !ok {
					name = f.Function
				}
				if truth := want.FunctionTruth; truth == nil && name == "" || truth != nil && lastIdentifier(*truth) == lastIdentifier(name) {
					right++
				} else {
					truth := "(module)"
					if want.FunctionTruth != nil {
						truth = *want.FunctionTruth
					}
					wrong = append(wrong, v.Build+" "+e.Scenario+": "+f.Function+" -> "+name+", want "+truth)
				}
			}
		}
	}
	t.Logf("%d of %d function names right (%.1f %%); wrong:\n%s", right, all, 100*float64(right)/float64(all), strings.Join(wrong, "\n"))
	require.GreaterOrEqual(t, right*100, all*85)
}

// lastIdentifier is what the soft target compares: Cart of "new Cart", total of "Cart.total".
func lastIdentifier(name string) string {
	return name[strings.LastIndexAny(name, ". ")+1:]
}

// Sources are mostly TypeScript: types stand between parameters and body.
func TestScopes_Typed(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"export function total(lines: Line[]): number { HERE }", "total"},
		{"async function load<T>(url: string): Promise<{ data: T }> { HERE }", "load"},
		{"function pair(): { a: number } | { b: string } { HERE }", "pair"},
		{"function pair(): { a: number } { HERE }", "pair"},
		{"class Cart { total(): number { HERE } }", "Cart.total"},
		{"class Cart { total<T extends Map<A, B>>(of: T): number { HERE } }", "Cart.total"},
		{"const less = a < b; function f(): void { HERE }", "f"},
		{"class Cart { constructor(private readonly name: string) { HERE } }", "new Cart"},
		{"class Cart { total(): { sum: number } { HERE } }", "Cart.total"},
		{"const total = (lines: Line[]) => { HERE }", "total"},
		{"const x = { total(lines): number { HERE } }", "total"},
		{"if (a) { b ? (c) : { d: HERE } }", ""},
		{"function f(a = (b): string => { return b }): void { HERE }", "f"},
		{"switch (x) { case (1): { HERE } }", ""},
		{"switch (x) { case (1): { f() } { HERE } }", ""},
	} {
		scopes := scanScopes([]byte(c.text), true)
		i := scopes.at(position{0, int32(strings.Index(c.text, "HERE"))})
		got := ""
		if i >= 0 {
			got = scopes.scopes[i].fullName()
		}
		require.Equal(t, c.want, got, c.text)
	}
}
