package search

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// record is a record in a test: texts, and key=value pairs.
type record struct {
	texts  []string
	values map[string][]model.Value
	flags  string
}

func (r record) Texts(yield func(string) bool) {
	for _, t := range r.texts {
		if !yield(t) {
			return
		}
	}
}

func (r record) Values(key string, yield func(model.Value) bool) {
	for _, v := range r.values[key] {
		if !yield(v) {
			return
		}
	}
}

func (r record) Is(flag string) bool { return strings.Contains(" "+r.flags+" ", " "+flag+" ") }

var (
	list   = List{Name: "spans", Keys: []string{"service", "name", "op", "status", "dur", "level", "trace", "session", "attr.", "tag."}, Flags: []string{"error", "n+1", "orphan"}}
	sample = record{
		texts: []string{"POST /api/Checkout", "payments", "Zahlung für Müller"},
		values: map[string][]model.Value{
			"service": {model.String("gateway"), model.String("payments")}, "name": {model.String("POST /api/Checkout")}, "op": {model.String("db.sql.query")},
			"status": {model.String("error"), model.Int(503)}, "dur": {model.Int(150e6)}, "level": {model.String("warning")},
			"trace": {model.String("9f86d081884c7d65")}, "session": {model.Int(7)}, "attr.http.route": {model.String("/api/{id}")},
			"attr.retry": {model.Int(3)}, "attr.big": {model.String("1200")}, "tag.region": {model.String("eu")},
		},
		flags: "error n+1",
	}
)

func TestMatch(t *testing.T) {
	yes := []string{
		"", "  ", "checkout", "CHECKOUT post", `"post /api"`, "müller", "MÜLLER", "post*checkout", "-missing", "!missing",
		"service:payments", "service:PAYMENTS", "service:pay*", "service:[web, gateway]", `service:["gateway"]`, "-service:web", "service:*",
		"op:db*", "op:*query", "op:db.*.query", "name:api", `name:"POST /api"`, "name:post*out",
		"status:error", "status:503", "status:>=500", "status:<600", "-status:<500", "dur:>100ms", "dur:>100", "dur:<=0.15s", "dur:<1m", "dur:150ms",
		"level:warning", "level:warn", "level:>=info", "-level:>warning", "trace:9f86", "trace:9F86D081", "session:7", "session:>6",
		"attr.http.route:/api/{id}", "attr.http.route:/api*", "attr.retry:3", "attr.retry:>=3", "attr.big:>1000", "tag.region:[eu,us]", "has:tag.region", "-has:tag.zone",
		"is:error", "is:n+1", "-is:orphan", "has:error", "has:op",
	}
	no := []string{
		"missing", "checkout missing", "-checkout", "service:web", "service:pay", "service:[a,b]", "-service:payments", "-service:pay*", "op:db", "op:*sql",
		"name:nothing", "status:ok", "status:>503", "dur:<100ms", "dur:>1s", "level:error", "level:>=error", "trace:86", "session:6", "attr.retry:>3", "attr.none:1",
		"attr.http.route:>1", "tag.region:us", "has:attr.none", "is:orphan", "-has:error", "http://nowhere",
	}
	for want, queries := range map[bool][]string{true: yes, false: no} {
		for _, text := range queries {
			q := Parse(text, list)
			require.Empty(t, q.Warnings, text)
			require.Equal(t, want, q.Match(sample), text)
		}
	}
}

func TestParse_WrongTermsAreExplainedAndLeftOut(t *testing.T) {
	tests := map[string]string{
		"sevice:web":       "sevice is no key of spans",
		"release:1":        "release is no key of spans",
		"service:":         "a value is missing",
		"service:[]":       "a value is missing",
		"dur:>soon":        "want a duration",
		"status:>=many":    "want a number",
		"session:x":        "want a number",
		"level:>loud":      "want trace, debug",
		"name:>5":          "cannot be compared",
		"is:broken":        "is:broken is unknown in spans",
		"has:nothing.here": "is no key of spans",
		"attr.:x":          "is no key of spans",
	}
	for text, want := range tests {
		q := Parse(text+" checkout", list)
		require.Len(t, q.Warnings, 1, text)
		require.Contains(t, q.Warnings[0], want)
		require.True(t, q.Match(sample), "the rest applies")
		require.False(t, Parse(text+" missing", list).Match(sample))
		require.False(t, q.Empty())
	}
}

func TestParse_TextThatLooksLikeATerm(t *testing.T) {
	for _, text := range []string{"http://localhost:8080/x", `C:\app`, "12:30", ":", "-", `"`, `"service:web"`, "a:", "[", "]"} {
		q := Parse(text, list)
		require.LessOrEqual(t, len(q.Warnings), 0, text)
	}
	require.True(t, Parse(`"localhost:80`, list).Match(record{texts: []string{"at LOCALHOST:8080"}}), "a quote that is not closed ends with the query")
}

func TestParse_Bounds(t *testing.T) {
	q := Parse(strings.Repeat("a ", 1000), list)
	require.Len(t, q.terms, maxTerms)
	require.Len(t, q.Warnings, 1)
	q = Parse(strings.Repeat("ü", 10_000), list)
	require.Len(t, q.Warnings, 1)
	set := make([]string, 100)
	for i := range set {
		set[i] = fmt.Sprint(i)
	}
	q = Parse("service:["+strings.Join(set, ",")+"]", list)
	require.Len(t, q.terms[0].words, maxSet)
	require.Len(t, q.Warnings, 1)
}

func TestUses(t *testing.T) {
	q := Parse("is:n+1 service:web -has:error", list)
	require.True(t, q.Uses("n+1"))
	require.True(t, q.Uses("service"))
	require.True(t, q.Uses("error"))
	require.False(t, q.Uses("orphan"))
	require.True(t, Query{}.Match(sample))
}

func TestCompareLevels(t *testing.T) {
	require.Negative(t, CompareLevels(model.LevelDebug, model.LevelError))
	require.Positive(t, CompareLevels(model.LevelFatal, model.LevelError))
	require.Zero(t, CompareLevels("whatever", model.LevelInfo))
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"a b", `-service:[web,"x y"] dur:>1ms`, `has:error is:n+1 attr.a.b:*x*`, `"`, "[", ":::", "service:[", "-\"", "a:>=", "\x00\xff", "op:****"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		q := Parse(text, list)
		q.Match(sample)
		q.Match(record{})
		if len(q.terms) > maxTerms {
			t.Fatal("too many terms")
		}
	})
}

func BenchmarkMatch(b *testing.B) {
	q := Parse(`timeout -service:web status:>=500 attr.http.route:/api/*`, list)
	b.ReportAllocs()
	for b.Loop() {
		q.Match(sample)
	}
}
