package sources

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// roots gives read access to files inside a set of folders and nowhere else. Links that lead out of them are not
// followed (os.Root).
type roots struct {
	dirs []string // absolute, clean
	open []*os.Root
}

// openRoots opens the folders; those that do not exist are left out and named in the error.
func openRoots(dirs []string) (*roots, error) {
	r := &roots{}
	var errs []error
	for _, dir := range dirs {
		abs, err := filepath.Abs(dir)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		root, err := os.OpenRoot(abs)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		r.dirs = append(r.dirs, abs)
		r.open = append(r.open, root)
	}
	return r, errors.Join(errs...)
}

func (r *roots) close() {
	for _, root := range r.open {
		_ = root.Close()
	}
}

var errOutside = errors.New("it is outside the folders that may be read")

// read returns the content of an absolute path inside one of the roots, at most limit bytes.
func (r *roots) read(path string, limit int64) ([]byte, error) {
	path = filepath.Clean(path)
	err := errOutside
	for i, dir := range r.dirs {
		inside, ok := within(dir, path)
		if !ok {
			continue
		}
		var data []byte
		if data, err = readFile(r.open[i], inside, limit); err == nil {
			return data, nil
		}
	}
	return nil, err
}

// contains reports whether a path lies in one of the roots by its name.
func (r *roots) contains(path string) bool {
	for _, dir := range r.dirs {
		if _, ok := within(dir, filepath.Clean(path)); ok {
			return true
		}
	}
	return false
}

func within(dir, path string) (inside string, ok bool) {
	rest, ok := strings.CutPrefix(path, strings.TrimSuffix(dir, string(filepath.Separator))+string(filepath.Separator))
	return rest, ok && rest != ""
}

func readFile(root *os.Root, name string, limit int64) ([]byte, error) {
	f, err := root.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, errors.New("it is not a regular file")
	}
	if info.Size() > limit {
		return nil, fmt.Errorf("it is larger than %d MiB", limit>>20)
	}
	return io.ReadAll(io.LimitReader(f, limit))
}

// exists reports whether an absolute path inside one of the roots can be opened.
func (r *roots) exists(path string) bool {
	path = filepath.Clean(path)
	for i, dir := range r.dirs {
		if inside, ok := within(dir, path); ok {
			if f, err := r.open[i].Open(inside); err == nil {
				_ = f.Close()
				return true
			}
		}
	}
	return false
}

// newest returns the paths of files below folders of the first n roots that have an extension, the last written first, at
// most limit. Of folders with very many files it sees some.
func (r *roots) newest(n int, folders []string, extension string, limit int) []string {
	type file struct {
		path     string
		modified time.Time
	}
	var files []file
	for i := range r.dirs[:n] {
		for _, folder := range folders {
			left := maxWalked
			_ = fs.WalkDir(r.open[i].FS(), folder, func(name string, entry fs.DirEntry, err error) error {
				if left--; err != nil || left < 0 {
					return fs.SkipAll
				}
				if entry.Type().IsRegular() && strings.HasSuffix(name, extension) {
					if info, err := entry.Info(); err == nil {
						files = append(files, file{filepath.Join(r.dirs[i], filepath.FromSlash(name)), info.ModTime()})
					}
				}
				return nil
			})
		}
	}
	slices.SortFunc(files, func(a, b file) int { return cmp.Or(b.modified.Compare(a.modified), strings.Compare(a.path, b.path)) })
	out := make([]string, 0, min(limit, len(files)))
	for _, f := range files[:min(limit, len(files))] {
		out = append(out, f.path)
	}
	return out
}

const maxWalked = 4096 // entries of a folder
