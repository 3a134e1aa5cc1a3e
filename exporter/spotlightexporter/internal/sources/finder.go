package sources

import (
	"bytes"
	"context"
	"fmt"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"go.uber.org/zap"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/sourcemap"
)

// Finder finds the source map of a script of a stack trace, and source lines of files. All methods are safe for
// concurrent use between Start and Shutdown.
type Finder struct {
	cfg     Config
	logger  *zap.Logger
	cache   *cache
	uploads *Uploads
	servers *devServers
	roots   *roots
	builds  *builds
	// ownRoots are how many of the roots, the first, come from Config.Roots.
	ownRoots int

	ctx    context.Context
	cancel context.CancelFunc
	wg     sync.WaitGroup

	mu      sync.Mutex
	version uint64
	changed chan struct{}
}

// New returns a Finder; Start opens its folders.
func New(cfg Config, logger *zap.Logger, now func() time.Time) *Finder {
	f := &Finder{
		cfg: cfg, logger: logger, cache: newCache(cfg.CacheBytes, now), servers: newDevServers(cfg.DevServers, cfg.AllowedHosts),
		roots: &roots{}, changed: make(chan struct{}),
	}
	f.ctx, f.cancel = context.WithCancel(context.Background())
	f.uploads = newUploads(cfg.UploadDir, cfg.UploadBytes, now, f.invalidate)
	f.builds = newBuilds(logger, f.invalidate)
	return f
}

// Start opens the folders that may be read, loads uploads of earlier runs and begins to scan and watch Paths. A folder
// that is missing is logged and left out: builds appear later than Collectors start.
func (f *Finder) Start() error {
	opened, err := openRoots(append(slices.Clone(f.cfg.Roots), f.cfg.Paths...))
	for _, dir := range f.cfg.Roots {
		if abs, err := filepath.Abs(dir); err == nil && slices.Contains(opened.dirs, abs) {
			f.ownRoots++
		}
	}
	if err != nil {
		f.logger.Warn("a folder of source files cannot be read", zap.Error(err))
	}
	f.roots = opened
	if err := f.uploads.load(); err != nil {
		return fmt.Errorf("source_maps::upload_dir: %w", err)
	}
	if len(f.cfg.Paths) > 0 {
		f.wg.Go(func() { f.builds.run(f.ctx, f.cfg.Paths) })
	}
	return nil
}

// Shutdown ends what Start began. It may be called more than once, and without Start.
func (f *Finder) Shutdown() {
	f.cancel()
	f.wg.Wait()
	f.servers.close()
	f.roots.close()
}

// Uploads is where Sentry's tools upload to.
func (f *Finder) Uploads() *Uploads { return f.uploads }

// Version grows whenever something that was looked for in vain may be found now, or something found may differ: after an
// upload or a rebuild. changed is closed at the next growth.
func (f *Finder) Version() (version uint64, changed <-chan struct{}) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.version, f.changed
}

// invalidate forgets what is known of debug IDs and wakes those who wait for changes.
func (f *Finder) invalidate(ids []string) {
	keys := make([]string, len(ids))
	for i, id := range ids {
		keys[i] = idKey(id)
	}
	f.cache.forget(keys...)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.version++
	close(f.changed)
	f.changed = make(chan struct{})
}

func idKey(id string) string { return "id:" + id }

// For returns a finder of scripts for the events of one release (release and dist may be empty) that were received at a
// time (zero: any). It looks in the order of the debug-ID rules, section 5: by debug ID in uploads and builds; at the file
// on disk or the dev server; by release and URL. Only debug IDs name a version of a script: what is found otherwise is
// looked at again when it was last looked at before the event.
func (f *Finder) For(release, dist string, received time.Time) sourcemap.Find {
	return func(file, debugID string) (*sourcemap.Script, string) {
		return f.find(file, file, debugID, release, dist, received)
	}
}

// find looks for the script that a stack trace names file; place is where that can be had.
func (f *Finder) find(file, place, debugID, release, dist string, received time.Time) (*sourcemap.Script, string) {
	var reason string
	if debugID != "" {
		got := f.cache.get(idKey(debugID), time.Time{}, func(found) found { return f.byID(debugID) })
		if got.script != nil {
			return got.script, ""
		}
		reason = got.reason
		if path, ok := localPath(place); ok {
			reason = strings.Replace(reason, theFolder, theFolder+", "+filepath.Dir(path)+",", 1)
		}
	}
	got := f.cache.get("file:"+place, received, func(known found) found { return f.byFile(place, known) })
	if id := got.id; debugID == "" && id != "" && (got.script == nil || got.script.Map == nil) { // OpenTelemetry says no IDs, but the script does
		if named := f.cache.get(idKey(id), time.Time{}, func(found) found { return f.byID(id) }); named.script != nil {
			return named.script, ""
		}
	}
	switch {
	case got.script == nil && reason == "":
		reason = got.reason
	case got.script == nil:
	case got.script.Map == nil && debugID != "": // the map is elsewhere
	case got.script.Map == nil && release != "" && got.script.Why != "":
		reason = got.script.Why
	case debugID == "" || got.script.DebugID == "" || got.script.DebugID == debugID:
		return got.script, ""
	default: // the right file of another build: its lines would be wrong
		reason += "; the script that is there now is of another build, with debug ID " + got.script.DebugID + "; reload the page, or restart the program"
	}
	if release != "" {
		got := f.cache.get("release:"+release+"\x00"+dist+"\x00"+file, time.Time{}, func(found) found { return f.byRelease(release, dist, file) })
		if got.script != nil {
			return got.script, ""
		}
		if got.reason != "" && debugID == "" {
			reason = got.reason
		}
	}
	return nil, reason
}

// byID looks a debug ID up in uploads, then in the builds on disk.
func (f *Finder) byID(id string) found {
	if a, ok := f.uploads.byID(id); ok {
		return a.parsed(sourcemap.WithDebugID, id)
	}
	if b, ok := f.builds.byID(id); ok {
		return f.fromDisk(b.script, b.sourceMap, id, sourcemap.WithDebugID, found{})
	}
	return found{reason: fmt.Sprintf("no source map with debug ID %s is known; upload it with sentry-cli sourcemaps upload, or name "+theFolder+" in source_maps::paths", id)}
}

const theFolder = "the folder of the build" // in the reason of byID; find puts the path behind it

// byFile looks for the map of a script by the file or URL that the stack trace names. Files that are not bundled have no
// map and need none: they get no reason.
func (f *Finder) byFile(file string, known found) found {
	if u, err := url.Parse(file); err == nil && u.Host != "" && (u.Scheme == "http" || u.Scheme == "https") {
		got := f.fromServer(file, known)
		if got.script == nil || got.script.Map == nil {
			if path := f.builds.byName(u.Path); path != "" {
				if local := f.fromDisk(path, "", "", sourcemap.WithPath, known); local.script != nil && local.script.Map != nil {
					return local
				}
			}
		}
		return got
	}
	path, ok := localPath(file)
	if !ok {
		return found{}
	}
	if !f.roots.contains(path) {
		if folder := outputFolder(path); folder != "" {
			return found{reason: "the script may not be read: name " + folder + " in source_maps::paths, so that its source map can be, too"}
		}
		return found{}
	}
	return f.fromDisk(path, "", "", sourcemap.WithPath, known)
}

// localPath is the absolute path of a file of a stack trace: a path, or a file URL as Node names modules by.
func localPath(file string) (path string, ok bool) {
	if rest, isURL := strings.CutPrefix(file, "file://"); isURL {
		rest, _, _ = strings.Cut(rest, "?") // modules that are imported again are given a query
		if unescaped, err := url.PathUnescape(rest); err == nil {
			rest = unescaped
		}
		if len(rest) > 2 && rest[0] == '/' && rest[2] == ':' { // file:///C:/shop/a.js
			rest = rest[1:]
		}
		file = filepath.FromSlash(rest)
	}
	return file, filepath.IsAbs(file)
}

// outputFolder is the folder of a path that by its name holds what a bundler or compiler has written, "" when none does.
func outputFolder(path string) string {
	parts := strings.Split(filepath.ToSlash(path), "/")
	for i := len(parts) - 2; i > 0; i-- {
		switch parts[i] {
		case "node_modules":
			return ""
		case "dist", "build", "out", ".next", ".output", ".nuxt", ".svelte-kit":
			return filepath.FromSlash(strings.Join(parts[:i+1], "/"))
		}
	}
	return ""
}

// fromDisk reads a script and its map inside the roots; sourceMap is "" when the script says where it is.
func (f *Finder) fromDisk(path, sourceMap, id, with string, known found) found {
	script, err := f.roots.read(path, maxScriptSize)
	if err != nil && sourceMap == "" {
		return found{reason: fmt.Sprintf("the script %s cannot be read: %v; if it has moved, run it from where it is now", path, err)}
	}
	if id == "" {
		id = sourcemap.ScriptDebugID(script)
	}
	if sourceMap == "" {
		reference := sourcemap.SourceMappingURL(script)
		if inline, ok := sourcemap.InlineMap(reference); ok {
			return parsed(script, inline, with, id, "inside "+path, path, known)
		}
		if strings.Contains(reference, "://") {
			return found{id: id, reason: "its map is on a server, " + reference + ", and only dev servers are asked; have the build write it beside the script"}
		}
		if reference, _, _ = strings.Cut(reference, "?"); reference != "" {
			if unescaped, err := url.PathUnescape(reference); err == nil {
				reference = unescaped
			}
			sourceMap = filepath.Join(filepath.Dir(path), filepath.FromSlash(reference))
			if !f.roots.exists(sourceMap) && !sourcemap.EndsWithMappingURL(script) {
				return withoutMap(path, script, id, known) // the comment of a package that was bundled
			}
		} else {
			sourceMap = path + ".map"
			if !f.roots.exists(sourceMap) {
				return withoutMap(path, script, id, known)
			}
		}
	}
	raw, err := f.roots.read(sourceMap, sourcemap.MaxMapBytes)
	if err != nil {
		return found{id: id, reason: fmt.Sprintf("its map %s cannot be read: %v; build again, with source maps", sourceMap, err)}
	}
	return parsed(script, raw, with, id, sourceMap, filepath.ToSlash(sourceMap), known)
}

// fromServer fetches a script and its map from a dev server.
func (f *Finder) fromServer(address string, known found) found {
	script, err := f.servers.get(f.ctx, address, maxScriptSize)
	if err != nil {
		return found{reason: fmt.Sprintf("the script could not be fetched from %s: %v; or name "+theFolder+" in source_maps::paths", address, err)}
	}
	reference := script.sourceMap
	if reference == "" {
		reference = sourcemap.SourceMappingURL(script.data)
	}
	id := sourcemap.ScriptDebugID(script.data)
	if inline, ok := sourcemap.InlineMap(reference); ok {
		return parsed(script.data, inline, sourcemap.WithDevServer, id, "inside "+address, script.url, known)
	}
	if reference == "" {
		return unmapped(address, script.data, known)
	}
	target := sourcemap.MapURL(script.url, reference)
	raw, err := f.servers.get(f.ctx, target, sourcemap.MaxMapBytes)
	if err != nil {
		if !sourcemap.EndsWithMappingURL(script.data) { // the comment of a package that was bundled
			return unmapped(address, script.data, known)
		}
		return found{id: id, reason: fmt.Sprintf("its map could not be fetched from %s: %v; serve source maps, or name the folder of the build in source_maps::paths", target, err)}
	}
	return parsed(script.data, raw.data, sourcemap.WithDevServer, id, target, target, known)
}

// unmapped is a script that has no source map: a source that a dev server did not transform, which needs none, or a bundle.
func unmapped(address string, text []byte, known found) found {
	stamp := checksum(text)
	if known.script != nil && known.stamp == stamp {
		return known
	}
	s := &sourcemap.Script{Text: string(text), DebugID: sourcemap.ScriptDebugID(text)}
	if evaluatesModules(text) {
		s.Glue = true
	} else if isBundle(text) {
		s.Why = "the bundle " + address + " has no source map; have the bundler write one (webpack: devtool: 'source-map', Vite: build.sourcemap: true)"
	}
	return found{script: s, stamp: stamp, id: s.DebugID}
}

// withoutMap is a script on disk that has no source map. Where it is no bundle, it is source, and needs none.
func withoutMap(path string, text []byte, id string, known found) found {
	if nodePackage(path) || !isBundle(text) {
		return found{id: id}
	}
	return unmapped(path, text, known)
}

// isBundle reports whether a script was written by a bundler or a minifier: their names stand in it, or its lines are long.
func isBundle(text []byte) bool {
	for _, mark := range []string{"__webpack_require__", "__webpack_modules__", "TURBOPACK", "__vite__mapDeps"} {
		if bytes.Contains(text, []byte(mark)) {
			return true
		}
	}
	return len(text)/(bytes.Count(text, []byte("\n"))+1) > 300
}

// byRelease is the last resort: an upload whose release, dist and URL fit.
func (f *Finder) byRelease(release, dist, file string) found {
	for _, name := range sourcemap.ReleaseURLs(file) {
		if a, ok := f.uploads.byRelease(release, dist, name); ok {
			return a.parsed(sourcemap.WithRelease, "")
		}
	}
	return found{reason: f.uploads.near(release, dist, sourcemap.ReleaseURLs(file))}
}

func (a artifact) parsed(with, id string) found {
	if a.err != nil {
		return found{reason: fmt.Sprintf("its map was uploaded, but cannot be read: %v; upload it again", a.err)}
	}
	return parsed(a.script, a.sourceMap, with, id, a.name, "", found{})
}

// parsed makes a script of the bytes of a script and its map; base is what the map's sources are relative to, "" for the
// path of the stack trace. What is known stays when it was made of the same bytes.
func parsed(script, sourceMap []byte, with, id, name, base string, known found) found {
	stamp := checksum(script) + checksum(sourceMap)
	if known.script != nil && known.stamp == stamp {
		return known
	}
	m, err := sourcemap.Parse(sourceMap)
	if err != nil {
		return found{reason: fmt.Sprintf("its map (%s) cannot be read: %v; build again", name, err)}
	}
	if own := m.DebugID(); with == sourcemap.WithPath && id != "" && own != "" && own != id {
		return found{reason: fmt.Sprintf("its map (%s) belongs to another build: it has debug ID %s, the script %s; rebuild", name, own, id)}
	}
	s := &sourcemap.Script{Map: m, DebugID: id, With: with, MapName: name, BaseURL: base}
	if len(script) > 0 {
		s.Scopes = sourcemap.ScanScopes(script)
	}
	return found{script: s, stamp: stamp}
}

// Lines returns the source around a line of a file inside the roots, for languages that need no map; ok is false when the
// file may not be read or has no such line.
func (f *Finder) Lines(path string, line int) (c sourcemap.Context, ok bool) {
	path, isPath := localPath(path)
	if !isPath || !f.roots.contains(path) {
		return c, false
	}
	data, err := f.roots.read(path, maxSourceSize)
	if err != nil {
		return c, false
	}
	return sourcemap.ContextOf(string(data), line)
}

const maxSourceSize = 4 << 20 // of a source file read for context lines
