package sources

import (
	"bytes"
	"cmp"
	"context"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/fsnotify/fsnotify"
	"go.uber.org/zap"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/sourcemap"
)

const (
	maxBuildFiles = 100_000                // scripts and maps that are looked at
	maxWatched    = 8_192                  // folders that are watched
	quietBefore   = 150 * time.Millisecond // a build writes many files: wait until it pauses
)

// build is a script and its map on disk that share a debug ID.
type build struct {
	script, sourceMap string // absolute; the map is "" when only the script was seen
	modified          time.Time
}

// builds knows the debug IDs of scripts and maps in folders. run scans the folders and follows their changes; byID may be
// called from anywhere meanwhile.
type builds struct {
	logger     *zap.Logger
	invalidate func(ids []string)

	mu   sync.Mutex
	ids  map[string]build
	seen map[string]seenFile // by path
}

type seenFile struct {
	modified time.Time
	size     int64
	id       string
	// evaluates says that the script runs modules by eval, with their maps inside (webpack's eval devtools).
	evaluates bool
}

func newBuilds(logger *zap.Logger, invalidate func([]string)) *builds {
	return &builds{logger: logger, invalidate: invalidate, ids: map[string]build{}, seen: map[string]seenFile{}}
}

func (b *builds) byID(id string) (build, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	got, ok := b.ids[id]
	return got, ok
}

// run scans the folders, then again whenever something in them changes, until ctx ends.
func (b *builds) run(ctx context.Context, dirs []string) {
	watcher, err := fsnotify.NewWatcher()
	if err != nil {
		b.logger.Warn("folders of builds cannot be watched; they are scanned every ten seconds", zap.Error(err))
		b.poll(ctx, dirs)
		return
	}
	defer func() { _ = watcher.Close() }()
	watched := map[string]bool{}
	b.scan(ctx, dirs, watcher, watched)
	var due <-chan time.Time
	retry := time.NewTicker(10 * time.Second) // a folder may appear later
	defer retry.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case _, ok := <-watcher.Events:
			if !ok {
				return
			}
			due = time.After(quietBefore)
		case <-watcher.Errors: // events were lost
			due = time.After(quietBefore)
		case <-due:
			due = nil
			b.scan(ctx, dirs, watcher, watched)
		case <-retry.C:
			for _, dir := range dirs {
				if abs, err := filepath.Abs(dir); err == nil && !watched[abs] {
					due = time.After(0)
				}
			}
		}
	}
}

func (b *builds) poll(ctx context.Context, dirs []string) {
	tick := time.NewTicker(10 * time.Second)
	defer tick.Stop()
	for {
		b.scan(ctx, dirs, nil, nil)
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// scan walks the folders, reads what is new or changed, and replaces the index.
func (b *builds) scan(ctx context.Context, dirs []string, watcher *fsnotify.Watcher, watched map[string]bool) {
	b.mu.Lock()
	old := b.seen
	b.mu.Unlock()
	seen := make(map[string]seenFile, len(old))
	for _, dir := range dirs {
		abs, err := filepath.Abs(dir)
		if err != nil {
			continue
		}
		_ = filepath.WalkDir(abs, func(path string, entry fs.DirEntry, err error) error {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if err != nil {
				return nil //nolint:nilerr // a folder that vanished or may not be read is no reason to stop
			}
			if entry.IsDir() {
				if path != abs && (strings.HasPrefix(entry.Name(), ".") || entry.Name() == "node_modules") {
					return filepath.SkipDir
				}
				if watcher != nil && !watched[path] && len(watched) < maxWatched && watcher.Add(path) == nil {
					watched[path] = true
				}
				return nil
			}
			if !entry.Type().IsRegular() || !isBuildFile(path) || len(seen) >= maxBuildFiles {
				return nil
			}
			info, err := entry.Info()
			if err != nil {
				return nil //nolint:nilerr // it vanished
			}
			file := seenFile{modified: info.ModTime(), size: info.Size()}
			if known, ok := old[path]; ok && known.modified.Equal(file.modified) && known.size == file.size {
				file.id, file.evaluates = known.id, known.evaluates
			} else {
				file.id, file.evaluates = inspect(path, info.Size())
			}
			seen[path] = file
			return nil
		})
	}
	if ctx.Err() == nil {
		b.replace(seen)
	}
}

// replace takes what a scan saw and invalidates the IDs that are new or whose files differ from before.
func (b *builds) replace(seen map[string]seenFile) {
	ids := map[string]build{}
	for path, file := range seen {
		if file.id == "" {
			continue
		}
		got := ids[file.id]
		if strings.HasSuffix(path, ".map") {
			got.sourceMap = path
		} else {
			got.script = path
		}
		if file.modified.After(got.modified) {
			got.modified = file.modified
		}
		ids[file.id] = got
	}
	b.mu.Lock()
	var stale []string
	for id, got := range ids {
		if b.ids[id] != got {
			stale = append(stale, id)
		}
	}
	// An ID that is gone is not stale: what is cached of it stays right, for the errors of the build before.
	b.ids, b.seen = ids, seen
	b.mu.Unlock()
	if len(stale) > 0 {
		b.invalidate(stale)
	}
}

func isBuildFile(path string) bool {
	switch filepath.Ext(path) {
	case ".js", ".mjs", ".cjs", ".map":
		return true
	}
	return false
}

// inspect reads the debug ID of a script or map ("" when it has none or is too large), and whether a script runs modules
// by eval.
func inspect(path string, size int64) (id string, evaluates bool) {
	if strings.HasSuffix(path, ".map") {
		if size > sourcemap.MaxMapBytes {
			return "", false
		}
		data, err := os.ReadFile(path) // #nosec G304 -- inside a folder that the user named
		if err != nil || !bytes.Contains(data, []byte(`"debug`)) {
			return "", false
		}
		return sourcemap.MapDebugID(data), false
	}
	if size > maxScriptSize {
		return "", false
	}
	data, err := os.ReadFile(path) // #nosec G304 -- inside a folder that the user named
	if err != nil {
		return "", false
	}
	return sourcemap.ScriptDebugID(data), evaluatesModules(data)
}

const hashLength = 8 // of the hashes that Vite, Rollup and esbuild put into names; others write more

// hashed reports whether a name holds a hash of the content, as bundlers write it: index-CkX2_a9f.js, main.3f9a1c22.js,
// 2tlbduhphelq-.js.
func hashed(name string) bool {
	stem := strings.TrimSuffix(name, path.Ext(name))
	last := stem[strings.LastIndexAny(strings.TrimRight(stem, "-_"), "-.")+1:]
	if len(last) >= hashLength && strings.ContainsAny(last, "0123456789") {
		return true
	}
	if len(stem) <= hashLength || !strings.ContainsAny(stem[len(stem)-hashLength-1:len(stem)-hashLength], "-.") {
		return false
	}
	hash := stem[len(stem)-hashLength:]
	capitals := strings.ToLower(hash[1:]) != hash[1:] // not of a first letter only, as a word has it
	return strings.ContainsAny(hash, "0123456789") || capitals
}

// byName returns the one script of a folder of builds that a URL's path names, "" when there is none or more than one. A
// name says which build it is only where it has a hash of the content.
func (b *builds) byName(urlPath string) string {
	if !hashed(path.Base(urlPath)) {
		return ""
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	found := ""
	for file := range b.seen {
		if filepath.Base(file) != path.Base(urlPath) {
			continue
		}
		if found != "" {
			return ""
		}
		found = file
	}
	return found
}

// evaluating are the scripts that run modules by eval, newest first.
func (b *builds) evaluating() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	var out []string
	for path, file := range b.seen {
		if file.evaluates {
			out = append(out, path)
		}
	}
	slices.SortFunc(out, func(x, y string) int {
		return cmp.Or(b.seen[y].modified.Compare(b.seen[x].modified), strings.Compare(x, y))
	})
	return out[:min(len(out), maxBundles)]
}
