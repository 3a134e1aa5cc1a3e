package sources

import (
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
		return f.find(file, debugID, release, dist, received)
	}
}

func (f *Finder) find(file, debugID, release, dist string, received time.Time) (*sourcemap.Script, string) {
	var reason string
	if debugID != "" {
		got := f.cache.get(idKey(debugID), time.Time{}, func(found) found { return f.byID(debugID) })
		if got.script != nil {
			return got.script, ""
		}
		reason = got.reason
		if path := strings.TrimPrefix(file, "file://"); filepath.IsAbs(path) {
			reason = strings.Replace(reason, theFolder, theFolder+", "+filepath.Dir(path)+",", 1)
		}
	}
	got := f.cache.get("file:"+file, received, func(known found) found { return f.byFile(file, known) })
	switch {
	case got.script == nil && reason == "":
		reason = got.reason
	case got.script == nil:
	case debugID == "" || got.script.DebugID == "" || got.script.DebugID == debugID:
		return got.script, ""
	default: // the right file of another build: its lines would be wrong
		reason += "; the script that is there now is of another build, with debug ID " + got.script.DebugID
	}
	if release != "" {
		got := f.cache.get("release:"+release+"\x00"+dist+"\x00"+file, time.Time{}, func(found) found { return f.byRelease(release, dist, file) })
		if got.script != nil {
			return got.script, ""
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
		return f.fromServer(file, known)
	}
	if strings.HasPrefix(file, "webpack-internal:") {
		return found{reason: "webpack runs this module by eval, where no map can be read; set devtool: 'source-map' or 'cheap-module-source-map'"}
	}
	path := strings.TrimPrefix(file, "file://")
	if !filepath.IsAbs(path) || !f.roots.contains(path) {
		return found{}
	}
	return f.fromDisk(path, "", "", sourcemap.WithPath, known)
}

// fromDisk reads a script and its map inside the roots; sourceMap is "" when the script says where it is.
func (f *Finder) fromDisk(path, sourceMap, id, with string, known found) found {
	script, err := f.roots.read(path, maxScriptSize)
	if err != nil && sourceMap == "" {
		return found{reason: fmt.Sprintf("the script %s cannot be read: %v", path, err)}
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
			return found{reason: "its map is on a server: " + reference}
		}
		if reference, _, _ = strings.Cut(reference, "?"); reference != "" {
			sourceMap = filepath.Join(filepath.Dir(path), filepath.FromSlash(reference))
		} else {
			sourceMap = path + ".map"
			if !f.roots.contains(sourceMap) {
				return found{}
			}
			if !f.roots.exists(sourceMap) {
				return found{} // plain source: there is no map and nothing says there is
			}
		}
	}
	raw, err := f.roots.read(sourceMap, sourcemap.MaxMapBytes)
	if err != nil {
		return found{reason: fmt.Sprintf("its map %s cannot be read: %v", sourceMap, err)}
	}
	return parsed(script, raw, with, id, sourceMap, filepath.ToSlash(sourceMap), known)
}

// fromServer fetches a script and its map from a dev server.
func (f *Finder) fromServer(address string, known found) found {
	script, err := f.servers.get(f.ctx, address, maxScriptSize)
	if err != nil {
		return found{reason: fmt.Sprintf("the script could not be fetched from %s: %v", address, err)}
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
		return found{} // a module that a dev server did not transform
	}
	target := sourcemap.MapURL(script.url, reference)
	raw, err := f.servers.get(f.ctx, target, sourcemap.MaxMapBytes)
	if err != nil {
		return found{reason: fmt.Sprintf("its map could not be fetched from %s: %v", target, err)}
	}
	return parsed(script.data, raw.data, sourcemap.WithDevServer, id, target, target, known)
}

// byRelease is the last resort: an upload whose release, dist and URL fit.
func (f *Finder) byRelease(release, dist, file string) found {
	for _, name := range sourcemap.ReleaseURLs(file) {
		if a, ok := f.uploads.byRelease(release, dist, name); ok {
			return a.parsed(sourcemap.WithRelease, "")
		}
	}
	return found{reason: "no artifact of release " + release + " has its URL"}
}

func (a artifact) parsed(with, id string) found {
	if a.err != nil {
		return found{reason: fmt.Sprintf("its map was uploaded, but cannot be read: %v", a.err)}
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
		return found{reason: fmt.Sprintf("its map (%s) cannot be read: %v", name, err)}
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
	path = strings.TrimPrefix(path, "file://")
	if !filepath.IsAbs(path) || !f.roots.contains(path) {
		return c, false
	}
	data, err := f.roots.read(path, maxSourceSize)
	if err != nil {
		return c, false
	}
	return sourcemap.ContextOf(string(data), line)
}

const maxSourceSize = 4 << 20 // of a source file read for context lines
