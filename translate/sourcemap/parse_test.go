package sourcemap

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"

	reference "github.com/go-sourcemap/sourcemap"
	"github.com/stretchr/testify/require"
)

func TestParse_Refuses(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"no JSON", "nope", "not JSON"},
		{"a list", "[]", "not a JSON object"},
		{"no mappings", `{"version":3}`, `no "mappings"`},
		{"a bad digit", `{"mappings":"A!"}`, "base64 VLQ"},
		{"an open number", `{"mappings":"g"}`, "base64 VLQ"},
		{"a number beyond 32 bits", `{"mappings":"gggggggggggggC"}`, "base64 VLQ"},
		{"two numbers", `{"mappings":"AA"}`, "segment of 2"},
		{"six numbers", `{"sources":["a"],"names":["b"],"mappings":"AAAAAA"}`, "more than five"},
		{"a source that is not there", `{"sources":[],"mappings":"AAAA"}`, "source 0 of 0"},
		{"a negative source", `{"sources":["a"],"mappings":"ADAA"}`, "source -1 of 1"},
		{"a name that is not there", `{"sources":["a"],"names":[],"mappings":"AAAAA"}`, "name 0 of 0"},
		{"a negative line", `{"sources":["a"],"mappings":"AADA"}`, "below zero"},
		{"a negative column", `{"sources":["a"],"mappings":"D"}`, "below zero"},
		{"sections out of order", `{"sections":[{"offset":{"line":2,"column":0},"map":{"mappings":""}},{"offset":{"line":1,"column":0},"map":{"mappings":""}}]}`, "section 1 starts before"},
		{"a section by url", `{"sections":[{"offset":{"line":0,"column":0},"url":"x"}]}`, "no \"map\""},
		{"a section below zero", `{"sections":[{"offset":{"line":-1,"column":0},"map":{"mappings":""}}]}`, "starts at line -1"},
		{"sections in sections in sections", strings.Repeat(`{"sections":[{"offset":{"line":0,"column":0},"map":`, 9) + `{"mappings":""}` + strings.Repeat(`}]}`, 9), "nested deeper"},
	} {
		_, err := Parse([]byte(c.in))
		require.ErrorContains(t, err, c.want, c.name)
	}
}

func TestParse_TooLarge(t *testing.T) {
	_, err := Parse(make([]byte, MaxMapBytes+1))
	require.ErrorContains(t, err, "the limit is 64 MiB")
}

func TestParse_Takes(t *testing.T) {
	m, err := Parse([]byte(")]}'\n{\"version\":3,\"debug_id\":\"BD849F25E9BF57D4A85B1A03576B4511\",\"sources\":[null,\"b.ts\"],\"sourcesContent\":[null,\"x\\ny\"],\"names\":[],\"mappings\":\"ACAA,C;;CAAC\"}"))
	require.NoError(t, err)
	require.Equal(t, "bd849f25-e9bf-57d4-a85b-1a03576b4511", m.DebugID())
	token, ok := m.Lookup(1, 1)
	require.True(t, ok)
	require.Equal(t, Token{Source: 1, Line: 1, Column: 1}, token)
	_, ok = m.Lookup(1, 2)
	require.False(t, ok, "a segment of one number says that nothing is there")
	_, ok = m.Lookup(2, 1)
	require.False(t, ok, "a line without segments does not borrow from the one before")
	_, ok = m.Lookup(0, 1)
	require.False(t, ok)
}

func TestParse_UnsortedSegments(t *testing.T) {
	m, err := Parse([]byte(`{"sources":["a.ts"],"mappings":"UAAA,LACA"}`)) // column 10, then column 5
	require.NoError(t, err)
	token, ok := m.Lookup(1, 6)
	require.True(t, ok)
	require.Equal(t, 2, token.Line)
}

// bigMap is a map of about 5.9 MB: 60 sources of 60 KB with content and 300,000 segments.
func bigMap(tb testing.TB) []byte {
	tb.Helper()
	rng := rand.New(rand.NewPCG(1, 2))
	var sources, contents, names []string
	line := "  const result = await orders.fetch(orderId, { retries: 3 }); // a line of source\n"
	for i := range 60 {
		sources = append(sources, fmt.Sprintf("../src/module%d/index.ts", i))
		contents = append(contents, strings.Repeat(line, 800))
	}
	for i := range 5000 {
		names = append(names, fmt.Sprintf("identifier%d", i))
	}
	var mappings []byte
	src, srcLine, srcCol, name := 0, 0, 0, 0
	for n := range 300_000 {
		if n%2000 == 0 && n > 0 {
			mappings = append(mappings, ';')
		} else if n > 0 {
			mappings = append(mappings, ',')
		}
		nextSrc, nextLine, nextCol := n*60/300_000, rng.IntN(800), rng.IntN(80)
		mappings = appendVLQ(mappings, int32(1+rng.IntN(9)))
		mappings = appendVLQ(mappings, int32(nextSrc-src))
		mappings = appendVLQ(mappings, int32(nextLine-srcLine))
		mappings = appendVLQ(mappings, int32(nextCol-srcCol))
		if n%4 == 0 {
			next := rng.IntN(len(names))
			mappings = appendVLQ(mappings, int32(next-name))
			name = next
		}
		src, srcLine, srcCol = nextSrc, nextLine, nextCol
	}
	raw, err := json.Marshal(map[string]any{"version": 3, "sources": sources, "sourcesContent": contents, "names": names, "mappings": string(mappings)})
	require.NoError(tb, err)
	return raw
}

func TestParse_Retained(t *testing.T) {
	raw := bigMap(t)
	require.InDelta(t, 5.9e6, len(raw), 0.6e6, "bytes of the map")
	var before, after runtime.MemStats
	collect()
	runtime.ReadMemStats(&before)
	m, err := Parse(raw)
	require.NoError(t, err)
	collect()
	runtime.ReadMemStats(&after)
	kept := int64(after.HeapAlloc) - int64(before.HeapAlloc)
	require.Less(t, kept, int64(12<<20))
	require.InEpsilon(t, kept, m.Size(), 0.25, "Size says what is kept")
	runtime.KeepAlive(m)
	runtime.KeepAlive(raw)
}

// collect runs the garbage collector until pools are empty too.
func collect() {
	for range 3 {
		runtime.GC()
	}
}

func BenchmarkParse(b *testing.B) {
	raw := bigMap(b)
	b.Run("ours", func(b *testing.B) {
		b.ReportAllocs()
		b.SetBytes(int64(len(raw)))
		for b.Loop() {
			if _, err := Parse(raw); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("go-sourcemap", func(b *testing.B) {
		b.ReportAllocs()
		b.SetBytes(int64(len(raw)))
		for b.Loop() {
			if _, err := reference.Parse("", raw); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkLookup(b *testing.B) {
	raw := bigMap(b)
	m, err := Parse(raw)
	require.NoError(b, err)
	other, err := reference.Parse("", raw)
	require.NoError(b, err)
	for _, c := range []struct {
		name   string
		lookup func(line, column int)
	}{
		{"ours", func(line, column int) { m.Lookup(line, column) }},
		{"go-sourcemap", func(line, column int) { other.Source(line, column) }},
	} {
		for _, places := range []int{50, 1 << 20} { // the frames of one error; all over the map, so that caches do not help
			b.Run(fmt.Sprintf("%s/positions=%d", c.name, places), func(b *testing.B) {
				b.ReportAllocs()
				i := 0
				for b.Loop() {
					i = (i + 1) % places
					c.lookup(i%150+1, i*7919%10_000)
				}
			})
		}
	}
}

func BenchmarkScanScopes(b *testing.B) {
	script := bytes.Repeat([]byte(`function a(e,t){return e.map(n=>n*t).filter(r=>/x[/]y/.test(r))}class q{get b(){return this.c?.d??1}e(){try{f()}catch(g){}}}`), 8000)
	b.ReportAllocs()
	b.SetBytes(int64(len(script)))
	for b.Loop() {
		ScanScopes(script)
	}
}

func FuzzParse(f *testing.F) {
	for _, v := range vectors(f) {
		for i := range v.Files {
			_, raw := v.read(f, i)
			f.Add(raw, 1, 10)
		}
	}
	f.Add([]byte(`{"sections":[{"offset":{"line":0,"column":3},"map":{"sources":["a"],"mappings":"AAAA,C;;CAAC"}}]}`), 1, 4)
	f.Fuzz(func(t *testing.T, raw []byte, line, column int) {
		m, err := Parse(raw)
		if err != nil {
			return
		}
		token, ok := m.Lookup(line, column)
		if ok && (token.Line < 1 || token.Column < 1 || token.Source < 0 || token.Source >= m.Sources()) {
			t.Fatalf("token %+v", token)
		}
		if m.Size() > 64*len(raw)+1024 {
			t.Fatalf("%d bytes kept for a map of %d", m.Size(), len(raw))
		}
	})
}

func FuzzVLQ(f *testing.F) {
	f.Add(int32(0))
	f.Add(int32(-1))
	f.Add(int32(1<<31 - 1))
	f.Add(int32(-1<<31 + 1))
	f.Fuzz(func(t *testing.T, v int32) {
		if v == -1<<31 {
			return // has no counterpart in VLQ: its magnitude takes 32 bits
		}
		got, next := decodeVLQ(appendVLQ(nil, v), 0)
		if got != v || next < 0 {
			t.Fatalf("%d became %d", v, got)
		}
	})
}

func FuzzScanScopes(f *testing.F) {
	for _, v := range vectors(f) {
		for i := range v.Files {
			script, _ := v.read(f, i)
			f.Add(script)
		}
	}
	f.Add([]byte("a=>b=>c=>{`${x=>`${y}`}`}"))
	f.Add([]byte("class A { m<T>(a: T): { b: T } { return function (): A | {} { return 1 } } }"))
	f.Fuzz(func(t *testing.T, script []byte) {
		for _, typed := range []bool{false, true} {
			s := scanScopes(script, typed)
			for i, sc := range s.scopes {
				if sc.end.before(sc.start) || int(sc.parent) >= i {
					t.Fatalf("scope %d: %+v", i, sc)
				}
			}
			s.at(position{0, 5})
		}
	})
}
