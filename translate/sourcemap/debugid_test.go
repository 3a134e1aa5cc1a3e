package sourcemap

import (
	"testing"

	"github.com/stretchr/testify/require"
)

const someID = "bd849f25-e9bf-57d4-a85b-1a03576b4511"

func TestNormalizeID(t *testing.T) {
	for _, in := range []string{someID, "BD849F25-E9BF-57D4-A85B-1A03576B4511", "bd849f25e9bf57d4a85b1a03576b4511", " " + someID + " "} {
		id, ok := NormalizeID(in)
		require.True(t, ok, in)
		require.Equal(t, someID, id)
	}
	for _, in := range []string{"", "bd849f25", someID + "0", "zd849f25-e9bf-57d4-a85b-1a03576b4511", "bd849f25e-9bf-57d4-a85b-1a03576b4511"} {
		_, ok := NormalizeID(in)
		require.False(t, ok, in)
	}
}

func TestScriptDebugID(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"a comment", "f();\n//# debugId=" + someID, someID},
		{"anywhere", "//# debugId=" + someID + "\nf();" + string(make([]byte, 100)), someID},
		{"spaces after the sign", "//# debugId=  " + someID + "  \n", someID},
		{"the last valid one", "//# debugId=11111111-2222-4333-8444-555555555555\n//# debugId=" + someID + "\n//# debugId=nonsense\n", someID},
		{"the old sign does not count", "//@ debugId=" + someID, ""},
		{"the plugins' marker", "e._sentryDebugIdIdentifier=`sentry-dbid-" + someID + "`", someID},
		{"none", "f();", ""},
	} {
		require.Equal(t, c.want, ScriptDebugID([]byte(c.in)), c.name)
	}
}

func TestMapDebugID(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{`{"version":3,"debugId":"` + someID + `","mappings":""}`, someID},
		{`{"version":3,"debug_id" : "BD849F25E9BF57D4A85B1A03576B4511"}`, someID},
		{`{"sourcesContent":["{\"debugId\":\"11111111-2222-4333-8444-555555555555\"}"],"debugId":"` + someID + `"}`, someID},
		{`{"sourcesContent":["{\"debugId\":\"11111111-2222-4333-8444-555555555555\"}"]}`, ""},
		{`{"debugId":7}`, ""},
		{`{"debugId"`, ""},
	} {
		require.Equal(t, c.want, MapDebugID([]byte(c.in)), c.in)
	}
	for _, v := range vectors(t) {
		for i, f := range v.Files {
			_, raw := v.read(t, i)
			m, err := Parse(raw)
			require.NoError(t, err)
			require.Equal(t, m.DebugID(), MapDebugID(raw), f.JS)
		}
	}
}

func TestSourceMappingURL(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"f();\n//# sourceMappingURL=app.js.map\n", "app.js.map"},
		{"//@ sourceMappingURL=old.map", "old.map"},
		{"/*# sourceMappingURL=x.css.map */", "x.css.map"},
		{"//# sourceMappingURL=a.map\n//# sourceMappingURL=b.map trailing", "b.map"},
		{`x="sourceMappingURL=no.map"`, ""},
		{"f();", ""},
	} {
		require.Equal(t, c.want, SourceMappingURL([]byte(c.in)), c.in)
	}
}
