package main

import (
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/sourcemap"
)

type options struct {
	dryRun bool
	ignore []string
}

// script is a script of a build with the map it names.
type script struct {
	path    string
	text    []byte
	mapPath string // "" when the map is inside the script or there is none
	mapText []byte
	inline  bool
	problem string // why it has no usable map, "" when it has one
}

// scan reads all scripts below the folders and pairs them with their maps. Hidden folders and node_modules are left out.
func scan(dirs []string, opts options) ([]script, error) {
	maps := map[string]bool{}
	var paths []string
	for _, dir := range dirs {
		err := filepath.WalkDir(dir, func(p string, entry fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			below, _ := filepath.Rel(dir, p)
			if entry.IsDir() {
				if p != dir && (strings.HasPrefix(entry.Name(), ".") || entry.Name() == "node_modules") || matches(opts.ignore, below) {
					return filepath.SkipDir
				}
				return nil
			}
			if matches(opts.ignore, below) || !entry.Type().IsRegular() {
				return nil
			}
			switch filepath.Ext(p) {
			case ".map":
				maps[p] = true
			case ".js", ".mjs", ".cjs":
				paths = append(paths, p)
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	slices.Sort(paths)
	var out []script
	for _, p := range slices.Compact(paths) {
		text, err := os.ReadFile(p) // #nosec G304 -- the user named the folder
		if err != nil {
			return nil, err
		}
		s := script{path: p, text: text}
		s.findMap(maps)
		if s.mapPath != "" {
			if s.mapText, err = os.ReadFile(s.mapPath); err != nil { // #nosec G304
				return nil, err
			}
		}
		out = append(out, s)
	}
	refuseShared(out)
	return out, nil
}

// matches reports whether a path below the folder fits one of the globs, whole or by its last element.
func matches(globs []string, below string) bool {
	below = filepath.ToSlash(below)
	return slices.ContainsFunc(globs, func(glob string) bool {
		whole, _ := path.Match(glob, below)
		last, _ := path.Match(glob, path.Base(below))
		return whole || last || strings.HasPrefix(below, strings.TrimSuffix(glob, "/")+"/")
	})
}

// findMap finds the map of a script: the one its comment names, else one named like it, else one with the right name in a
// sibling folder.
func (s *script) findMap(maps map[string]bool) {
	reference := sourcemap.SourceMappingURL(s.text)
	if strings.HasPrefix(reference, "data:") {
		_, s.inline = sourcemap.InlineMap(reference)
		if !s.inline {
			s.problem = "its inline map is neither base64 nor percent-encoded text; build again"
		}
		return
	}
	if cut := strings.IndexAny(reference, "?#"); cut >= 0 {
		reference = reference[:cut]
	}
	dir, name := filepath.Split(s.path)
	remote := strings.Contains(reference, "://") || strings.HasPrefix(reference, "/")
	if reference != "" && !remote {
		unescaped, err := url.PathUnescape(reference) // Turbopack: %5Broot-of-the-server%5D__1d16._.js.map
		if err != nil {
			unescaped = reference
		}
		for _, name := range slices.Compact([]string{reference, unescaped}) {
			named := filepath.Join(dir, filepath.FromSlash(name))
			if maps[named] {
				s.mapPath = named
				return
			}
			if moved := sibling(named, maps); moved != "" {
				s.mapPath = moved
				return
			}
		}
		s.problem = fmt.Sprintf("its map %s is not there; build again with source maps, and keep them until this has run", reference)
		return
	}
	bare := strings.TrimSuffix(name, filepath.Ext(name))
	for _, guess := range []string{name + ".map", bare + ".map", strings.TrimSuffix(bare, ".min") + ".map"} {
		if maps[filepath.Join(dir, guess)] {
			s.mapPath = filepath.Join(dir, guess)
			return
		}
	}
	s.problem = "it names no source map and none lies beside it; build with source maps, or leave it out by --ignore"
	if remote {
		s.problem = fmt.Sprintf("its map %s is not on disk; have the build write maps beside scripts", reference)
	}
}

// sibling finds the one map whose path differs from the one named in a single folder: js/app.js.map in maps/app.js.map.
func sibling(named string, maps map[string]bool) string {
	want := strings.Split(filepath.ToSlash(named), "/")
	found := ""
	for candidate := range maps {
		have := strings.Split(filepath.ToSlash(candidate), "/")
		if len(have) != len(want) {
			continue
		}
		differ := 0
		for i := range have {
			if have[i] != want[i] {
				differ++
			}
		}
		if differ == 1 && have[len(have)-1] == want[len(want)-1] {
			if found != "" {
				return "" // not the only one
			}
			found = candidate
		}
	}
	return found
}

// refuseShared takes the map away from scripts that share one: a map can carry one debug ID and one shift.
func refuseShared(scripts []script) {
	users := map[string][]int{}
	for i, s := range scripts {
		if s.mapPath != "" {
			users[s.mapPath] = append(users[s.mapPath], i)
		}
	}
	for mapPath, all := range users {
		if len(all) < 2 {
			continue
		}
		for _, i := range all {
			scripts[i].problem = fmt.Sprintf("it shares %s with another script; give each script a map of its own", mapPath)
		}
	}
}

// write replaces a file's content and keeps its mode. The file is complete at every moment.
func write(path string, data []byte) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	tmp, err := os.CreateTemp(filepath.Dir(path), ".debugid-*")
	if err != nil {
		return err
	}
	_, err = tmp.Write(data)
	err = errors.Join(err, tmp.Chmod(info.Mode().Perm()), tmp.Close())
	if err == nil {
		err = os.Rename(tmp.Name(), path)
	}
	if err != nil {
		_ = os.Remove(tmp.Name())
	}
	return err
}
