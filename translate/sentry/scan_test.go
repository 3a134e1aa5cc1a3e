package sentry

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

func TestScan(t *testing.T) {
	deep := strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000)
	for _, c := range []struct{ name, in, want string }{
		{"scalars", `[1,-2.50,"a",true,false,null]`, `[1,-2.50,"a",true,false,null]`},
		{"empty", `{"a":{},"b":[]}`, `{"a":{},"b":[]}`},
		{"blanks", " \r\n\t{ \"a\" : [ 1 , 2 ] } \n", `{"a":[1,2]}`},
		{"byte order mark", "\xef\xbb\xbf{\"a\":1}", `{"a":1}`},
		{"escapes", `["\"\\\/\b\f\n\r\t\u0041\ud83d\ude00"]`, `["\"\\/\u0008\u000c\n\r\tA😀"]`},
		{"a lone surrogate becomes U+FFFD", `["\ud800x","\udc00","\ud800\u0041"]`, `["�x","�","�A"]`},
		{"an unknown escape stays", `["\x","\u12"]`, `["\\x","\\u12"]`},
		{"a control character in a string", "[\"a\nb\x00\"]", `["a\nb\u0000"]`},
		{"Python's numbers", `[NaN,Infinity,-Infinity]`, `["NaN","Infinity","-Infinity"]`},
		{"the last of repeated keys", `{"a":1,"a":2}`, `{"a":2}`},
		{"an escaped key", `{"a\u0062":1}`, `{"ab":1}`},
		{"a comma before the end", `{"a":[1,],}`, `{"a":[1]}`},
		{"numbers keep their text", `[1.10,12345678901234567890,1e400,-0]`, `[1.10,12345678901234567890,1e400,-0]`},
		{"too deep", `{"a":` + deep + `,"b":1}`, `{"a":` + strings.Repeat("[", maxDepth-1) + "null" + strings.Repeat("]", maxDepth-1) + `,"b":1}`},
		{"a string alone", `"x"`, `"x"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := getReader()
			defer r.release()
			v := r.parse([]byte(c.in))
			require.False(t, v.missing())
			require.Equal(t, c.want, string(v.value().AppendJSON(nil)))
			require.Equal(t, c.name == "too deep", r.deep)
		})
	}
}

func TestScan_Refuses(t *testing.T) {
	for _, in := range []string{
		``, ` `, `{`, `[`, `}`, `]`, `{"a"`, `{"a":`, `{"a":1`, `{"a":1]`, `[1}`, `{1:2}`, `{a:1}`, `[1 2]`, `{"a" 1}`, `tru`, `nulll`, `-`, `+`, `.`, `--1`,
		`"a`, `"a\"`, `"\`, `{}x`, `{}{}`, `[,]`, `{,}`, `-true`, `1e`, `[`, `{"a":[}`, "\xff", `'a'`, `// x`, `{"a":1,"b"}`,
		strings.Repeat("[", 1_000_000), `{"a":` + strings.Repeat("[", 300),
	} {
		r := getReader()
		require.True(t, r.parse([]byte(in)).missing(), "%.40q", in)
		r.release()
	}
}

// TestScan_Cheap: what is wrong costs no more than what is right, wherever it is.
func TestScan_Cheap(t *testing.T) {
	bad := strings.Repeat("[", maxDepth) + "t" + strings.Repeat("x", 10<<20)
	many := "[" + strings.Repeat("[],", maxTokens) + "[]]"
	for _, in := range []string{bad, many, strings.Repeat(`{"a":`, 2<<20), `"` + strings.Repeat(`\"`, 5<<20)} {
		r := getReader()
		start := time.Now()
		require.True(t, r.parse([]byte(in)).missing())
		require.Less(t, time.Since(start), 20*time.Second) // a tenth of a second; fails only when it is not linear
		require.LessOrEqual(t, len(r.tokens), maxTokens)
		r.release()
	}
}

// TestScan_Raw: the text of every value is at hand as it was written.
func TestScan_Raw(t *testing.T) {
	r := getReader()
	defer r.release()
	v := r.parse([]byte(`{"n": 1.10 ,"s":"\u0041\ud800","o": { "x" : [ 1 ] },"l":[]}`))
	for key, want := range map[string]string{"n": `1.10`, "s": `"\u0041\ud800"`, "o": `{ "x" : [ 1 ] }`, "l": `[]`} {
		require.Equal(t, want, string(v.field(key).appendJSON(nil)))
	}
	require.Equal(t, 4, v.len())
	require.Equal(t, 1, v.field("o").len())
	require.Equal(t, 0, v.field("l").len())
	require.True(t, v.path("o", "x", "y").missing())
	require.Nil(t, v.field("n").list())
}

// TestScan_LikeEncodingJSON: of every JSON text we read what encoding/json reads.
func TestScan_LikeEncodingJSON(t *testing.T) {
	value := func(depth int) *rapid.Generator[any] { return anyJSON(depth) }
	rapid.Check(t, func(t *rapid.T) {
		text, err := json.Marshal(value(4).Draw(t, "value"))
		require.NoError(t, err)
		if rapid.Bool().Draw(t, "indent") {
			var b bytes.Buffer
			require.NoError(t, json.Indent(&b, text, " ", "\t"))
			text = b.Bytes()
		}
		sameAsEncodingJSON(t, text)
	})
}

func sameAsEncodingJSON(t require.TestingT, text []byte) {
	var want model.Value
	if json.Unmarshal(text, &want) != nil {
		return
	}
	r := getReader()
	defer r.release()
	v := r.parse(text)
	require.False(t, v.missing(), "%.200q", text)
	if r.deep {
		return
	}
	require.Equal(t, string(want.AppendJSON(nil)), string(v.value().AppendJSON(nil)))
}

func anyJSON(depth int) *rapid.Generator[any] {
	leaves := []*rapid.Generator[any]{
		rapid.Just[any](nil), rapid.Bool().AsAny(), rapid.Int64().AsAny(), rapid.Float64Range(-1e30, 1e30).AsAny(), rapid.String().AsAny(),
	}
	if depth > 0 {
		leaves = append(leaves,
			rapid.SliceOfN(rapid.Deferred(func() *rapid.Generator[any] { return anyJSON(depth - 1) }), 0, 5).AsAny(),
			rapid.MapOfN(rapid.String(), rapid.Deferred(func() *rapid.Generator[any] { return anyJSON(depth - 1) }), 0, 5).AsAny())
	}
	return rapid.OneOf(leaves...)
}

func FuzzScan(f *testing.F) {
	for _, s := range []string{`{"a":[1,-2.5e3,"x\n",true,null,{"b":{}}]}`, `[NaN,-Infinity]`, "\xef\xbb\xbf{}", `{"\ud800":"\udc00"}`, `[[[[`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		sameAsEncodingJSON(t, text)
		r := getReader()
		defer r.release()
		v := r.parse(text)
		if v.missing() {
			require.False(t, json.Valid(text))
			return
		}
		out := v.value().AppendJSON(nil)
		require.True(t, json.Valid(out), "%q", out)
	})
}

func BenchmarkScan(b *testing.B) {
	text := []byte(`{"breadcrumbs":[` + strings.Repeat(`{"category":"fetch","data":{"method":"GET","status_code":200,"url":"/api/order/1"},"level":"info",`+
		`"message":"order payment session invoice","timestamp":1795290000.25,"type":"default"},`, 100) + `{}]}`)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		r := getReader()
		if r.parse(text).missing() {
			b.Fatal("not read")
		}
		r.release()
	}
}
