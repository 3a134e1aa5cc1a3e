// Package testkit gives tests the recorded requests and vectors under testdata, wherever a test runs.
//
// Every folder can be replaced by one of the same form through an environment variable, so that the same tests can be
// pointed at more: SPOTLIGHT_CORPUS, SPOTLIGHT_CORPUS_BAD, SPOTLIGHT_SCOPE_VECTORS, SPOTLIGHT_DEBUGID_VECTORS.
// It is for tests only; nothing of the product imports it.
package testkit

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"sort"
	"strings"
	"testing"
)

// The folders of testdata and the variables that replace them.
var (
	corpusDir    = folder{"SPOTLIGHT_CORPUS", "corpus"}
	corpusBadDir = folder{"SPOTLIGHT_CORPUS_BAD", "corpus-bad"}
	scopesDir    = folder{"SPOTLIGHT_SCOPE_VECTORS", "vectors/scopes"}
	debugIDDir   = folder{"SPOTLIGHT_DEBUGID_VECTORS", "vectors/debugid"}
)

type folder struct{ env, path string }

func (f folder) dir(tb testing.TB) string {
	tb.Helper()
	dir := os.Getenv(f.env)
	if dir == "" {
		dir = filepath.Join(Root(tb), "testdata", filepath.FromSlash(f.path))
	}
	if _, err := os.Stat(dir); err != nil {
		tb.Fatalf("%s: %v", f.env, err)
	}
	return dir
}

// Root returns the root folder of the checkout: the one with the product's go.mod.
func Root(tb testing.TB) string {
	tb.Helper()
	_, file, _, ok := runtime.Caller(0)
	if !ok {
		tb.Fatal("the path of the testkit's source is unknown; build tests without -trimpath")
	}
	return filepath.Dir(filepath.Dir(filepath.Dir(file)))
}

// ScopeVectors returns the folder of the scope vectors (see its README).
func ScopeVectors(tb testing.TB) string { tb.Helper(); return scopesDir.dir(tb) }

// DebugIDVectors returns the folder of the debug-ID vectors (see its README).
func DebugIDVectors(tb testing.TB) string { tb.Helper(); return debugIDDir.dir(tb) }

// Request is one recorded request.
type Request struct {
	Name    string // scenario/number, for example go-nethttp/008
	Method  string
	Path    string
	Query   string // without the question mark
	Header  http.Header
	Body    []byte
	Chunked bool
	Title   string          // of hand-made requests
	Expect  json.RawMessage // of hand-made requests: what must come out, see the corpus README
}

// URL returns path and query as they go into a request line.
func (r Request) URL() string {
	if r.Query == "" {
		return r.Path
	}
	return r.Path + "?" + r.Query
}

// IsOTLP reports whether the request went to an OTLP receiver rather than to a Sentry one.
func (r Request) IsOTLP() bool { return strings.HasPrefix(r.Path, "/v1/") }

// Scenario is a folder of the corpus: requests in order of arrival.
type Scenario struct {
	Name     string
	Requests []Request
}

// Corpus returns all recorded scenarios in order of name.
func Corpus(tb testing.TB) []Scenario {
	tb.Helper()
	dir := corpusDir.dir(tb)
	entries, err := os.ReadDir(dir)
	if err != nil {
		tb.Fatal(err)
	}
	var out []Scenario
	for _, e := range entries {
		if e.IsDir() {
			out = append(out, ScenarioNamed(tb, e.Name()))
		}
	}
	if len(out) == 0 {
		tb.Fatalf("no scenario in %s", dir)
	}
	return out
}

// ScenarioNamed returns one scenario of the corpus.
func ScenarioNamed(tb testing.TB, name string) Scenario {
	tb.Helper()
	dir := corpusDir.dir(tb)
	metas, err := filepath.Glob(filepath.Join(dir, name, "*.meta.json"))
	if err != nil || len(metas) == 0 {
		tb.Fatalf("no requests in %s (%v)", filepath.Join(dir, name), err)
	}
	sort.Strings(metas)
	s := Scenario{Name: name}
	for _, path := range metas {
		var meta struct {
			Method, Path, Query, Title string
			Headers                    http.Header
			Chunked                    bool
			Expect                     json.RawMessage
		}
		readJSON(tb, path, &meta)
		base := strings.TrimSuffix(path, ".meta.json")
		body, err := os.ReadFile(base + ".body") // #nosec G304 -- a test fixture
		if err != nil && !os.IsNotExist(err) {
			tb.Fatal(err)
		}
		s.Requests = append(s.Requests, Request{
			Name: name + "/" + filepath.Base(base), Method: meta.Method, Path: meta.Path, Query: meta.Query,
			Header: sendable(meta.Headers), Body: body, Chunked: meta.Chunked, Title: meta.Title, Expect: meta.Expect,
		})
	}
	return s
}

// BadCase is one hostile request and what must become of it.
type BadCase struct {
	Request
	Status   string   // class of the answer: "2xx", "4xx", "4xx or 2xx"
	MustKeep []string // texts that must be found in what was stored
	MayLose  []string
	Note     string
}

// CorpusBad returns the hostile requests of the manifest.
func CorpusBad(tb testing.TB) []BadCase {
	tb.Helper()
	dir := corpusBadDir.dir(tb)
	var manifest struct {
		Cases []struct {
			File, Method, Path, Note string
			Headers                  map[string]string
			Tool                     struct {
				Status   string
				MustKeep []string `json:"must_keep"`
				MayLose  []string `json:"may_lose"`
			}
		}
	}
	readJSON(tb, filepath.Join(dir, "manifest.json"), &manifest)
	if len(manifest.Cases) == 0 {
		tb.Fatalf("no cases in %s", dir)
	}
	var out []BadCase
	for _, c := range manifest.Cases {
		body, err := os.ReadFile(filepath.Join(dir, c.File)) // #nosec G304 -- a test fixture
		if err != nil {
			tb.Fatal(err)
		}
		path, query, _ := strings.Cut(c.Path, "?")
		h := http.Header{}
		for k, v := range c.Headers {
			h.Set(k, v)
		}
		out = append(out, BadCase{
			Request: Request{Name: strings.TrimSuffix(c.File, ".bin"), Method: c.Method, Path: path, Query: query, Header: sendable(h), Body: body},
			Status:  c.Tool.Status, MustKeep: c.Tool.MustKeep, MayLose: c.Tool.MayLose, Note: c.Note,
		})
	}
	return out
}

// StatusFits reports whether an HTTP status is of the class that a bad case wants.
func (c BadCase) StatusFits(status int) bool {
	return strings.Contains(c.Status, "2xx") && status/100 == 2 || strings.Contains(c.Status, "4xx") && status/100 == 4
}

// sendable drops the headers that a client sets by itself.
func sendable(h http.Header) http.Header {
	out := h.Clone()
	if out == nil {
		out = http.Header{}
	}
	for _, k := range []string{"Connection", "Content-Length", "Transfer-Encoding", "Host", "Accept-Encoding"} {
		out.Del(k)
	}
	return out
}

func readJSON(tb testing.TB, path string, v any) {
	tb.Helper()
	data, err := os.ReadFile(path) // #nosec G304 -- a test fixture
	if err != nil {
		tb.Fatal(err)
	}
	if err := json.Unmarshal(data, v); err != nil {
		tb.Fatalf("%s: %v", path, err)
	}
}
