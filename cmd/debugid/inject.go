package main

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/sourcemap"
)

// inject gives every script below the folders, and its map, a debug ID. Scripts without a usable map are left as they
// are: an ID that no map has resolves nothing.
func inject(dirs []string, opts options, out io.Writer) error {
	scripts, err := scan(dirs, opts)
	if err != nil {
		return err
	}
	if len(scripts) == 0 {
		return fmt.Errorf("no scripts (.js, .mjs, .cjs) below %s", strings.Join(dirs, ", "))
	}
	injected, already, skipped := 0, 0, 0
	for _, s := range scripts {
		if s.problem != "" {
			skipped++
			fmt.Fprintf(out, "skipped   %s: %s\n", s.path, s.problem)
			continue
		}
		result, err := sourcemap.Inject(s.text, s.mapText)
		if err != nil {
			skipped++
			fmt.Fprintf(out, "skipped   %s: %v\n", s.path, err)
			continue
		}
		if !result.Changed {
			already++
			fmt.Fprintf(out, "unchanged %s  %s\n", s.path, result.DebugID)
			continue
		}
		injected++
		fmt.Fprintf(out, "injected  %s  %s\n", s.path, result.DebugID)
		if opts.dryRun {
			continue
		}
		if s.mapPath != "" && !bytes.Equal(s.mapText, result.Map) { // the map first: an ID in the script promises a map
			if err := write(s.mapPath, result.Map); err != nil {
				return err
			}
		}
		if !bytes.Equal(s.text, result.Script) {
			if err := write(s.path, result.Script); err != nil {
				return err
			}
		}
	}
	verb := "injected"
	if opts.dryRun {
		verb = "would be injected"
	}
	fmt.Fprintf(out, "%d %s, %d had an ID, %d skipped\n", injected, verb, already, skipped)
	return nil
}

// check reports scripts whose errors would not resolve by debug ID.
func check(dirs []string, opts options, out io.Writer) error {
	scripts, err := scan(dirs, opts)
	if err != nil {
		return err
	}
	if len(scripts) == 0 {
		return fmt.Errorf("no scripts (.js, .mjs, .cjs) below %s", strings.Join(dirs, ", "))
	}
	bad, empty := 0, 0
	for _, s := range scripts {
		problem, sources := s.wrong()
		switch {
		case problem != "":
			bad++
			fmt.Fprintf(out, "problem   %s: %s\n", s.path, problem)
		case !sources:
			empty++
			fmt.Fprintf(out, "empty     %s: nothing in it comes from a source\n", s.path)
		default:
			fmt.Fprintf(out, "ok        %s  %s\n", s.path, sourcemap.ScriptDebugID(s.text))
		}
	}
	fmt.Fprintf(out, "%d of %d scripts would resolve", len(scripts)-bad-empty, len(scripts))
	if empty > 0 {
		fmt.Fprintf(out, ", %d need not", empty)
	}
	fmt.Fprintln(out)
	if bad > 0 {
		return errFound
	}
	return nil
}

// wrong says why the errors of a script would not resolve, "" when they would, and whether anything of it has a source.
func (s *script) wrong() (problem string, sources bool) {
	if s.problem != "" {
		if s.mapPath == "" && !s.inline && isManifest(s.path) {
			return "", false
		}
		return s.problem, true
	}
	text := s.mapText
	if s.inline {
		text, _ = sourcemap.InlineMap(sourcemap.SourceMappingURL(s.text))
	}
	m, err := sourcemap.Parse(text)
	if err != nil {
		return err.Error() + "; build again", true
	}
	id := sourcemap.ScriptDebugID(s.text)
	switch {
	case m.Segments() == 0 && m.Sources() == 0: // the glue that a bundler writes around chunks
		return "", false
	case id == "" && m.DebugID() == "":
		return "neither script nor map has a debug ID; run debugid inject", true
	case id == "":
		return "the script has no debug ID, its map has " + m.DebugID() + "; run debugid inject", true
	case m.DebugID() == "":
		return "the map has no debug ID, the script has " + id + "; run debugid inject", true
	case id != m.DebugID():
		return fmt.Sprintf("the script has debug ID %s, its map %s: they are of different builds; build again into an empty folder", id, m.DebugID()), true
	case m.Segments() == 0:
		return "its map has no mappings; two tools may have written it, see that the last one reads the map of the first", true
	case !m.HasContent():
		return "its map holds no source text (sourcesContent), so that errors show no lines of code; have the bundler include it", true
	}
	return "", true
}

// isManifest reports whether a script is a list that a bundler writes for its own runtime: _buildManifest.js,
// middleware-build-manifest.js, page_client-reference-manifest.js of Next.js.
func isManifest(path string) bool {
	return strings.HasSuffix(strings.ToLower(path), "manifest.js")
}
