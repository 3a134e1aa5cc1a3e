package sources

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"html"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/sourcemap"
)

// Modules that run by eval (webpack's eval devtools) are named by no file and no URL: code and map of one stand in some
// bundle, and an event says little of which. It is looked for in the scripts that the other frames of the event name, in
// those that webpack-dev-server lists, in the folders of builds, and asked of Next.js, whose dev server answers for modules.
// The page itself is not fetched: it may be any program of the user's.

const (
	maxBundles     = 24 // that are looked through for the modules of one event
	maxBundleBytes = 64 << 20
	gatherTimeout  = 5 * time.Second // of all of them: somebody is waiting
)

// surroundings are what an event says of where its scripts came from, beside the file of a frame. They belong to one
// resolver, which is used by one goroutine.
type surroundings struct {
	finder *Finder
	event  *model.Event
	page   *url.URL // nil when the event names none

	gathered bool
	bundles  []bundleText // that hold modules
	looked   []string     // where bundles were looked for, for a person
	closed   string       // the folder of the first script that may not be read
	bytes    int
}

type bundleText struct {
	name string // URL or path
	text []byte
}

func (f *Finder) surroundingsOf(ev *model.Event) *surroundings {
	s := &surroundings{finder: f, event: ev}
	candidates := make([]string, 0, 1+len(pageAttributes))
	if ev.Request != nil {
		candidates = append(candidates, ev.Request.URL)
	}
	for _, key := range pageAttributes {
		candidates = append(candidates, ev.Attributes.Str(key))
	}
	for _, address := range candidates {
		if u, err := url.Parse(address); err == nil && u.Host != "" && (u.Scheme == "http" || u.Scheme == "https") && u.User == nil {
			u.Fragment, u.RawFragment = "", ""
			s.page = u
			break
		}
	}
	return s
}

// pageAttributes name the page of an OpenTelemetry error: semantic conventions, those before, browser instrumentations.
var pageAttributes = []string{"url.full", "http.url", "browser.page.url", "page.url", "location.href"}

// name tells surroundings apart: the server of the page, else the first script of the event that is no module itself.
func (s *surroundings) name() string {
	if s.page != nil {
		return s.page.Scheme + "://" + s.page.Host
	}
	name := ""
	s.eachFrame(func(f *model.Frame) {
		if file := fileOf(f); name == "" && !sourcemap.IsEvaluated(file) {
			name = file
		}
	})
	return name
}

// locate turns the name of a script that an SDK has rewritten into where it can be had: app:///_next/static/x.js is a file
// of the page's server, and on a server one of the folders that may be read (Sentry's Next.js SDK; rewriteFrames).
func (s *surroundings) locate(file string) string {
	path, ok := strings.CutPrefix(file, "app:///")
	if !ok {
		return file
	}
	if s.page != nil && !strings.HasPrefix(path, "_next/server/") {
		return s.page.Scheme + "://" + s.page.Host + "/" + path
	}
	if local := s.onDisk(file); local != "" {
		return local
	}
	return file
}

// onDisk is where a script that a server serves, or that an SDK has named app:///, lies below a folder that may be read; ""
// when it does not. A server may have ended since.
func (s *surroundings) onDisk(file string) string {
	path, ok := strings.CutPrefix(file, "app:///")
	if !ok {
		_, below, served := strings.Cut(file, "/_next/")
		if !served || !strings.HasPrefix(file, "http") {
			return ""
		}
		path = "_next/" + below
	}
	path, _, _ = strings.Cut(path, "?")
	if unescaped, err := url.PathUnescape(path); err == nil {
		path = unescaped
	}
	names := []string{path}
	if below, ok := strings.CutPrefix(path, "_next/"); ok { // Next.js serves its build folder so
		names = []string{below, ".next/dev/" + below, ".next/" + below}
	}
	for _, root := range s.finder.roots.dirs {
		for _, name := range names {
			if candidate := filepath.Join(root, filepath.FromSlash(name)); filepath.IsLocal(filepath.FromSlash(name)) && s.finder.roots.exists(candidate) {
				return candidate
			}
		}
	}
	return ""
}

// evaluated finds a module that runs by eval.
func (s *surroundings) evaluated(file string, known found) found {
	s.gather(file)
	for _, b := range s.bundles {
		if code, ok := sourcemap.EvaluatedModule(b.text, file); ok {
			return s.module(b.name, code, known)
		}
	}
	if got := s.fromNext(file, known); got.script != nil {
		return got
	}
	if !strings.HasPrefix(file, "webpack-internal:") {
		if s.closed != "" && len(s.looked) == 0 { // else it is a source that Node or a tool has named so
			return found{reason: plainEval + "; name the folder of the build, " + s.closed + ", in source_maps::paths to see the lines that ran"}
		}
		return found{}
	}
	looked, folder := "the event names no dev server and no script that may be read", theFolder
	if len(s.looked) > 0 {
		looked = "it is not in " + shortList(s.looked)
	}
	if s.closed != "" {
		folder += ", " + s.closed + ","
	}
	return found{reason: "webpack runs this module by eval, and the bundle that holds it and its map was not found: " + looked +
		"; name " + folder + " in source_maps::paths, or set devtool: 'source-map'"}
}

// module makes a script of the code of a module.
func (s *surroundings) module(bundle string, code []byte, known found) found {
	if inline, ok := sourcemap.InlineMap(sourcemap.SourceMappingURL(code)); ok {
		with := sourcemap.WithPath
		if strings.Contains(bundle, "://") {
			with = sourcemap.WithDevServer
		}
		return parsed(code, inline, with, "", "inside "+bundle, "", known)
	}
	return found{script: &sourcemap.Script{Text: string(code), Why: plainEval + "; these lines are what its loaders made of the file"}, stamp: checksum(code)}
}

const plainEval = "webpack's devtool 'eval' keeps no source maps: set devtool: 'eval-source-map' or 'source-map'"

// fromNext asks the dev server of Next.js, which has maps of modules for its own overlay.
func (s *surroundings) fromNext(file string, known found) found {
	if s.page == nil || !strings.HasPrefix(file, "webpack-internal:") {
		return found{}
	}
	address := (&url.URL{Scheme: s.page.Scheme, Host: s.page.Host, Path: nextSourceMap, RawQuery: url.Values{"filename": {file}}.Encode()}).String()
	got, err := s.finder.servers.get(s.finder.ctx, address, sourcemap.MaxMapBytes)
	if err != nil || !bytes.HasPrefix(bytes.TrimSpace(got.data), []byte("{")) {
		return found{}
	}
	return parsed(nil, got.data, sourcemap.WithDevServer, "", address, "", known)
}

const nextSourceMap = "/__nextjs_source-map" // of the dev server of Next.js 15.2 and later

// gather reads the bundles that may hold a module and its like, once.
func (s *surroundings) gather(module string) {
	if s.gathered {
		return
	}
	s.gathered = true
	ctx, cancel := context.WithTimeout(s.finder.ctx, gatherTimeout)
	defer cancel()
	var files []string
	s.eachFrame(func(f *model.Frame) {
		if file := fileOf(f); file != "" && !sourcemap.IsEvaluated(file) && !slices.Contains(files, file) && len(files) < maxBundles {
			files = append(files, file)
		}
	})
	for _, file := range files {
		s.read(ctx, s.locate(file))
	}
	for _, address := range s.listed(ctx) {
		s.read(ctx, address)
	}
	for _, path := range s.finder.builds.evaluating() {
		s.read(ctx, path)
	}
	if strings.HasPrefix(module, "webpack-internal:///(") { // Next.js names the layer of a module so
		for _, path := range s.finder.roots.newest(s.finder.ownRoots, nextServers, ".js", maxBundles) {
			s.read(ctx, path)
		}
	}
}

// nextServers are where Next.js 15 and 16 write what they run on the server in development, below the project.
var nextServers = []string{".next/server", ".next/dev/server"}

func (s *surroundings) eachFrame(visit func(*model.Frame)) {
	for i := range s.event.Exceptions {
		for k := range s.event.Exceptions[i].Frames {
			visit(&s.event.Exceptions[i].Frames[k])
		}
	}
	for i := range s.event.Threads {
		for k := range s.event.Threads[i].Frames {
			visit(&s.event.Threads[i].Frames[k])
		}
	}
}

// read takes a script into the bundles when it runs modules by eval.
func (s *surroundings) read(ctx context.Context, file string) {
	if len(s.looked) >= maxBundles || slices.Contains(s.looked, file) {
		return
	}
	var text []byte
	if strings.HasPrefix(file, "http://") || strings.HasPrefix(file, "https://") {
		got, err := s.finder.servers.get(ctx, file, maxScriptSize)
		if err != nil {
			return
		}
		text = got.data
	} else {
		path, ok := localPath(file)
		if !ok || nodePackage(path) {
			return
		}
		if !s.finder.roots.contains(path) {
			s.closed = cmp.Or(s.closed, filepath.Dir(path))
			return
		}
		var err error
		if text, err = s.finder.roots.read(path, maxScriptSize); err != nil {
			return
		}
	}
	s.looked = append(s.looked, file)
	if s.bytes += len(text); s.bytes > maxBundleBytes || !evaluatesModules(text) {
		return
	}
	s.bundles = append(s.bundles, bundleText{file, text})
}

// evaluatesModules reports whether a script is a bundle of webpack's eval devtools.
func evaluatesModules(script []byte) bool {
	return bytes.Contains(script, []byte(`eval(`)) && bytes.Contains(script, []byte(`sourceURL=webpack`))
}

// devServerList is a page of webpack-dev-server and of rspack's that links what it serves.
const devServerList = "/webpack-dev-server"

// listed are the scripts that the dev server of the page says it serves.
func (s *surroundings) listed(ctx context.Context) (out []string) {
	if s.page == nil {
		return nil
	}
	base := &url.URL{Scheme: s.page.Scheme, Host: s.page.Host, Path: devServerList}
	page, err := s.finder.servers.list(ctx, base)
	for rest := page; err == nil && len(out) < maxBundles; {
		_, after, ok := bytes.Cut(rest, []byte(`<a href="`))
		if !ok {
			break
		}
		var address []byte
		address, rest, _ = bytes.Cut(after, []byte(`"`))
		u, err := base.Parse(html.UnescapeString(string(address)))
		if err == nil && u.Scheme == base.Scheme && u.Host == base.Host && isBuildFile(u.Path) && !strings.HasSuffix(u.Path, ".map") {
			out = append(out, u.String())
		}
	}
	return out
}

// nodePackage reports whether a path is a file of an installed package: no bundle of the user's.
func nodePackage(path string) bool {
	return strings.Contains(filepath.ToSlash(path), "/node_modules/")
}

func shortList(names []string) string {
	const most = 3
	if len(names) <= most {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
}
