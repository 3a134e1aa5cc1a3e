package sources

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestProfile(t *testing.T) {
	dir := t.TempDir()
	script := filepath.Join(dir, "dist/app.js")
	write(t, script, "f();\n//# debugId="+id+"\n")
	write(t, script+".map", aMap(id, 2))
	f := startFinder(t, func(c *Config) { c.Paths = []string{dir} })
	require.Eventually(t, func() bool { _, ok := f.builds.byID(id); return ok }, 5*time.Second, 10*time.Millisecond)
	profile := func(images string) string {
		return fmt.Sprintf(`{"version":"2","platform":"node","big":12345678901234567890,"debug_meta":{"images":[%s]},"profile":{"samples":[{"stack_id":0}],"stacks":[[0,1,2]],`+
			`"frames":[{"function":"f","abs_path":%q,"lineno":1,"colno":1,"x":1},{"function":"(idle)"},null]}}`, images, script)
	}
	got, err := f.Profile([]byte(profile(`{"type":"sourcemap","code_file":"`+script+`","debug_id":"`+id+`"}`)), time.Now())
	require.NoError(t, err)
	require.JSONEq(t, fmt.Sprintf(`{"version":"2","platform":"node","big":12345678901234567890,"debug_meta":{"images":[{"type":"sourcemap","code_file":%[1]q,"debug_id":%[2]q}]},`+
		`"profile":{"samples":[{"stack_id":0}],"stacks":[[0,1,2]],"frames":[{"function":"f","filename":"~/src/app.ts","abs_path":%[3]q,"lineno":2,"colno":1,"x":1,"resolved_with":"debug_id",`+
		`"generated":{"filename":%[1]q,"line":1,"column":1,"debug_id":%[2]q,"map":%[4]q}},{"function":"(idle)"},null]}}`, script, id, filepath.Join(dir, "src/app.ts"), script+".map"), string(got))
	require.Contains(t, string(got), "12345678901234567890", "numbers stay as they were written")

	got, err = f.Profile([]byte(profile(`{"type":"sourcemap","code_file":"`+script+`","debug_id":"11111111-2222-4333-8444-555555555555"}`)), time.Now())
	require.NoError(t, err)
	require.Contains(t, string(got), "no source map with debug ID 11111111")

	disk, err := filepath.Abs("testdata/real/webpack-production/disk")
	require.NoError(t, err)
	minified := startFinder(t, func(c *Config) { c.Roots = []string{disk} })
	got, err = minified.Profile(fmt.Appendf(nil, `{"platform":"node","profile":{"frames":[{"function":"o","abs_path":%q,"lineno":1,"colno":43}]}}`, filepath.Join(disk, "dist/main.js")), time.Now())
	require.NoError(t, err)
	require.Contains(t, string(got), `"function":"total"`)
	require.Contains(t, string(got), `"raw_function":"o"`)

	python := []byte(`{"platform":"python","profile":{"frames":[{"function":"main","abs_path":"/srv/main.py","lineno":3}]}}`)
	got, err = f.Profile(python, time.Now())
	require.NoError(t, err)
	require.Equal(t, python, got, "byte for byte, when there is nothing to resolve")
	for _, bad := range []string{``, `[]`, `{}`, `{"profile":[]}`, `{"profile":{"frames":{}}}`} {
		_, err = f.Profile([]byte(bad), time.Now())
		require.Error(t, err, bad)
	}
}
