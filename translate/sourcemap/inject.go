package sourcemap

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
)

// Injected is a script and its map with a debug ID in both.
type Injected struct {
	Script  []byte
	Map     []byte // nil when there is no map outside the script
	DebugID string
	// Changed is false when both had the ID already and nothing was written.
	Changed bool
}

// Inject gives a script and its map the same debug ID (RFC 0081): a snippet that tells SDKs the ID while the script runs,
// a //# debugId= comment, and a debugId in the map, whose mappings are shifted by the line that the snippet takes.
//
// A script that has a valid comment keeps its ID, and the map gets it; else a map's own ID is adopted; else the ID is
// derived from the content of both, so that the same build gets the same IDs. sourceMap is nil when the script has none;
// a map inside the script (a data: URL) is found here and written back in place. Injecting twice changes nothing.
//
// The snippet goes on a line of its own: in front of the first line that holds code, behind a hashbang, comments and
// directives. Directives on that line are repeated before the snippet, because they count only at the top. So every
// generated position moves down by exactly one line from there on and no column changes.
func Inject(script, sourceMap []byte) (Injected, error) {
	inline, isInline := []byte(nil), false
	if sourceMap == nil {
		inline, isInline = InlineMap(SourceMappingURL(script))
	}
	in := sourceMap
	if isInline {
		in = inline
	}
	id := lastID(script, debugIDComment)
	if id != "" {
		return withScriptID(script, sourceMap, id)
	}
	line, prologue := insertion(script)
	if in != nil {
		m, err := Parse(in)
		if err != nil {
			return Injected{}, err
		}
		id = m.DebugID()
	}
	if id == "" {
		id = DeriveID(script, in)
	}
	out := Injected{DebugID: id, Changed: true}
	if in != nil {
		shifted, err := rewriteMap(in, id, line)
		if err != nil {
			return Injected{}, err
		}
		if isInline {
			script = replaceInline(script, shifted)
		} else {
			out.Map = shifted
		}
	}
	out.Script = withComment(withSnippet(script, line, prologue, id), id)
	return out, nil
}

// withScriptID leaves a script that has an ID alone and writes the ID into its map where it is missing.
func withScriptID(script, sourceMap []byte, id string) (Injected, error) {
	out := Injected{Script: script, Map: sourceMap, DebugID: id}
	if sourceMap == nil {
		return out, nil
	}
	m, err := Parse(sourceMap)
	if err != nil {
		return Injected{}, err
	}
	if m.DebugID() == id {
		return out, nil
	}
	if out.Map, err = rewriteMap(sourceMap, id, -1); err != nil {
		return Injected{}, err
	}
	out.Changed = true
	return out, nil
}

// snippet registers the ID under the stack of the script it stands in, as Sentry's SDKs read it (_sentryDebugIds), and
// carries the marker that survives minifiers.
func snippet(id string) string {
	return `!function(){try{var e="undefined"!=typeof window?window:"undefined"!=typeof global?global:"undefined"!=typeof globalThis?globalThis:` +
		`"undefined"!=typeof self?self:{},n=(new e.Error).stack;n&&(e._sentryDebugIds=e._sentryDebugIds||{},e._sentryDebugIds[n]="` + id +
		`",e._sentryDebugIdIdentifier="` + debugIDMarker + id + `")}catch(e){}}();`
}

// insertion finds the line before which the snippet goes, counted from 0, and the directives that stand on it.
func insertion(script []byte) (line int, prologue []byte) {
	i := 0
	if bytes.HasPrefix(script, []byte("\ufeff")) {
		i = 3
	}
	if bytes.HasPrefix(script[i:], []byte("#!")) {
		i = lineAfter(script, i)
	}
	codeLine := i // start of the line that holds the first code
	first := -1   // start of the first directive on that line
	for i < len(script) {
		switch c := script[i]; {
		case c == '\n':
			i++
			codeLine, first = i, -1
		case c == ' ' || c == '\t' || c == '\r' || c == ';':
			i++
		case bytes.HasPrefix(script[i:], []byte("//")):
			end := lineAfter(script, i)
			if trailing := script[i:end]; bytes.Contains(trailing, []byte("sourceMappingURL=")) || end == len(script) {
				return countLines(script[:codeLine]), nil // the end of a script without code
			}
			i = end
			codeLine, first = i, -1
		case bytes.HasPrefix(script[i:], []byte("/*")):
			end := bytes.Index(script[i+2:], []byte("*/"))
			if end < 0 {
				return countLines(script[:codeLine]), nil
			}
			comment := script[i : i+2+end+2]
			if n := bytes.LastIndexByte(comment, '\n'); n >= 0 {
				codeLine, first = i+n+1, -1
				if rest := bytes.TrimLeft(script[i+len(comment):], " \t"); len(rest) > 0 && rest[0] != '\n' && rest[0] != '\r' {
					// code on the line where the comment ends: the line cannot be split off, so the snippet goes above the comment
					return countLines(script[:i]), nil
				}
			}
			i += len(comment)
		case c == '"' || c == '\'':
			end := directiveEnd(script, i)
			if end < 0 {
				return countLines(script[:codeLine]), directivesOf(script, first, i)
			}
			if first < 0 {
				first = i
			}
			i = end
		default:
			return countLines(script[:codeLine]), directivesOf(script, first, i)
		}
	}
	return countLines(script[:codeLine]), nil
}

// directiveEnd returns where a directive that starts at i ends, or -1 when the string there is part of an expression.
func directiveEnd(script []byte, i int) int {
	s := scanner{text: script}
	end := s.stringEnd(i+1, script[i])
	rest := bytes.TrimLeft(script[end:], " \t")
	switch {
	case len(rest) == 0, rest[0] == ';', rest[0] == '\n', rest[0] == '\r', rest[0] == '}':
	case bytes.HasPrefix(rest, []byte("//")):
	default:
		return -1
	}
	if len(rest) > 0 && (rest[0] == '\n' || rest[0] == '\r') { // without a semicolon the next line may go on: "a"\n.b()
		next := bytes.TrimLeft(rest, " \t\r\n")
		if len(next) > 0 && bytes.IndexByte([]byte(".,+-*/%=<>&|^?:([`"), next[0]) >= 0 && !bytes.HasPrefix(next, []byte("//")) && !bytes.HasPrefix(next, []byte("/*")) {
			return -1
		}
	}
	return end
}

// directivesOf returns the directives between first and end, closed by a semicolon.
func directivesOf(script []byte, first, end int) []byte {
	if first < 0 {
		return nil
	}
	text := bytes.TrimRight(script[first:end], " \t\r\n")
	if !bytes.HasSuffix(text, []byte(";")) {
		text = append(bytes.Clone(text), ';')
	}
	return text
}

func lineAfter(text []byte, i int) int {
	if n := bytes.IndexByte(text[i:], '\n'); n >= 0 {
		return i + n + 1
	}
	return len(text)
}

func countLines(text []byte) int { return bytes.Count(text, []byte{'\n'}) }

// lineStart returns the byte offset of a line, counted from 0; behind a BOM for the first.
func lineStart(text []byte, line int) int {
	i := 0
	for range line {
		i = lineAfter(text, i)
	}
	if i == 0 && bytes.HasPrefix(text, []byte("\ufeff")) {
		return 3
	}
	return i
}

func newlineOf(text []byte) string {
	if i := bytes.IndexByte(text, '\n'); i > 0 && text[i-1] == '\r' {
		return "\r\n"
	}
	return "\n"
}

func withSnippet(script []byte, line int, prologue []byte, id string) []byte {
	at := lineStart(script, line)
	newline := newlineOf(script)
	var b bytes.Buffer
	b.Grow(len(script) + 512)
	b.Write(script[:at])
	if at > 3 && script[at-1] != '\n' { // a last line without its newline
		b.WriteString(newline)
	}
	b.Write(prologue)
	b.WriteString(snippet(id))
	b.WriteString(newline)
	b.Write(script[at:])
	return b.Bytes()
}

// withComment adds the comment where the debug-ID proposal wants it: on the line above a final sourceMappingURL, else as
// the last line.
func withComment(script []byte, id string) []byte {
	newline := newlineOf(script)
	comment := debugIDComment + id + newline
	tail := bytes.TrimRight(script, " \t\r\n")
	start := bytes.LastIndexByte(tail, '\n') + 1
	if last := tail[start:]; bytes.HasPrefix(last, []byte("//# sourceMappingURL=")) || bytes.HasPrefix(last, []byte("//@ sourceMappingURL=")) {
		return concat(script[:start], []byte(comment), script[start:])
	}
	if len(script) > 0 && script[len(script)-1] != '\n' {
		return concat(script, []byte(newline+comment))
	}
	return concat(script, []byte(comment))
}

func concat(parts ...[]byte) []byte { return bytes.Join(parts, nil) }

// replaceInline puts a map back into the data: URL of a script's last sourceMappingURL comment.
func replaceInline(script, sourceMap []byte) []byte {
	old := []byte(SourceMappingURL(script))
	i := bytes.LastIndex(script, old)
	meta, _, _ := strings.Cut(string(old), ",")
	if !strings.HasSuffix(meta, ";base64") {
		meta += ";base64"
	}
	return concat(script[:i], []byte(meta+","+base64.StdEncoding.EncodeToString(sourceMap)), script[i+len(old):])
}

// rewriteMap sets debugId and moves everything from a generated line on down by one; line -1 moves nothing. All else,
// unknown keys too, stays as it was written.
func rewriteMap(sourceMap []byte, id string, line int) ([]byte, error) {
	prefix := []byte(nil)
	rest := bytes.TrimPrefix(sourceMap, []byte("\ufeff"))
	if bytes.HasPrefix(rest, []byte(")]}")) {
		i := lineAfter(rest, 0)
		prefix, rest = rest[:i], rest[i:]
	}
	fields, err := readObject(rest)
	if err != nil {
		return nil, err
	}
	if line >= 0 {
		if err := shift(fields, line); err != nil {
			return nil, err
		}
	}
	quoted := []byte(`"` + id + `"`)
	set := false
	for i := range fields {
		if fields[i].key == "debugId" || fields[i].key == "debug_id" {
			fields[i].value = quoted
			set = set || fields[i].key == "debugId"
		}
	}
	if !set {
		fields = append(fields, field{key: "debugId", value: quoted})
	}
	return append(bytes.Clone(prefix), writeObject(fields)...), nil
}

var errMappings = errors.New(`source map: "mappings" is not plain text`)

// shift moves the mappings of a flat map, or of the sections of an indexed one, from line on down by one.
func shift(fields []field, line int) error {
	for i := range fields {
		switch fields[i].key {
		case "mappings":
			moved, err := shiftMappings(fields[i].value, line)
			if err != nil {
				return err
			}
			fields[i].value = moved
		case "sections":
			moved, err := shiftSections(fields[i].value, line)
			if err != nil {
				return err
			}
			fields[i].value = moved
		}
	}
	return nil
}

// shiftMappings inserts an empty line: every line starts its columns anew and all other numbers carry over, so that one
// more ";" is all it takes.
func shiftMappings(quoted []byte, line int) ([]byte, error) {
	if len(quoted) < 2 || quoted[0] != '"' || bytes.IndexByte(quoted, '\\') >= 0 {
		return nil, errMappings
	}
	at := 1
	for range line {
		i := bytes.IndexByte(quoted[at:], ';')
		if i < 0 {
			return quoted, nil // nothing is mapped there
		}
		at += i + 1
	}
	return concat(quoted[:at], []byte{';'}, quoted[at:]), nil
}

func shiftSections(raw []byte, line int) ([]byte, error) {
	sections, err := readArray(raw)
	if err != nil {
		return nil, err
	}
	for i, section := range sections {
		fields, err := readObject(section)
		if err != nil {
			return nil, fmt.Errorf("section %d: %w", i, err)
		}
		start, err := sectionLine(fields)
		if err != nil {
			return nil, fmt.Errorf("section %d: %w", i, err)
		}
		for j := range fields {
			switch {
			case fields[j].key == "offset" && start >= line:
				fields[j].value = movedOffset(fields[j].value, start+1)
			case fields[j].key == "map" && start < line:
				inner, err := readObject(fields[j].value)
				if err != nil {
					return nil, fmt.Errorf("section %d: %w", i, err)
				}
				if err := shift(inner, line-start); err != nil {
					return nil, fmt.Errorf("section %d: %w", i, err)
				}
				fields[j].value = writeObject(inner)
			}
		}
		sections[i] = writeObject(fields)
	}
	return writeArray(sections), nil
}
