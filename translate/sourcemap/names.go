package sourcemap

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// FunctionAt returns the name of the function in the source that holds a generated position, which counts from 1: the
// name of the innermost function of the script that stands in the source at all, looked up through the map. ok is false
// when that cannot be told; name is "" with ok when the position is not in any function, and "<anonymous>" for one
// without a name (debugid rules, section 6.9).
func FunctionAt(m *Map, scopes *Scopes, line, column int) (name string, ok bool) {
	if m == nil || scopes == nil || len(scopes.scopes) == 0 {
		return "", false
	}
	at := m.at(line-1, max(column-1, 0))
	if at < 0 || m.segments[at].src < 0 {
		return "", false
	}
	origin := &m.segments[at]
	for i := scopes.at(position{int32(line - 1), int32(max(column-1, 0))}); i >= 0; i = scopes.scopes[i].parent {
		s := &scopes.scopes[i]
		if s.named {
			if name := m.wordAt(s.name, s.text, origin.src); name != "" {
				return m.qualified(s, name, origin.src), true
			}
		}
		start := m.exact(s.start)
		if start == nil && !s.named {
			start = m.exact(position{s.start.line, s.start.col + 1}) // (param) => ...: some tools map the parameter only
		}
		if start == nil || start.src != origin.src {
			continue // a wrapper of the bundler's: nothing in the source begins here
		}
		if s.named && !s.keyword {
			rest, _ := m.textAt(start)
			if name := declaredWord(rest); name != "" && s.text == name { // get total(): the map knows the "get" only
				return m.qualified(s, name, origin.src), true
			}
		}
		if name := m.nameOfExpression(start, s.keyword); name != "" {
			return name, true
		}
		if last := m.lastAt(s.start); last != nil && last != start && last.src == origin.src { // a function that a minifier put where it was called
			if name := m.nameOfExpression(last, s.keyword); name != "" {
				return name, true
			}
		}
		if s.named && !s.keyword {
			continue // the generated name has no counterpart here: something a compiler made up
		}
		if inlined := m.declaredAround(origin); inlined != nil && inlined.named && !inlined.holds(start) {
			return inlined.fullName(), true
		}
		return "<anonymous>", true
	}
	if inlined := m.declaredAround(origin); inlined != nil {
		return inlined.fullName(), true
	}
	return "", true
}

// maxScanned bounds the sources that are scanned for the function around a place: longer ones are bundles themselves.
const maxScanned = 256 << 10

// scanned are the functions of a source.
type scanned struct {
	src    int32
	scopes *Scopes
}

// declaredAround returns the function of the source itself around a place, nil when there is none or it cannot be told:
// minifiers put the body of a function where it is called, and then no function of the script is it.
func (m *Map) declaredAround(s *segment) *scope {
	text, ok := m.Content(int(s.src))
	if !ok || len(text) > maxScanned {
		return nil
	}
	last := m.scanned.Load()
	if last == nil || last.src != s.src {
		last = &scanned{s.src, scanScopes([]byte(text), true)}
		m.scanned.Store(last)
	}
	i := last.scopes.at(position{s.line, s.scol})
	if i < 0 {
		return nil
	}
	return &last.scopes.scopes[i]
}

// holds reports whether a place of the source is in a function of it.
func (s *scope) holds(at *segment) bool {
	p := position{at.line, at.scol}
	return !p.before(s.start) && p.before(s.end)
}

// fullName is the name of a function of a source.
func (s *scope) fullName() string {
	switch {
	case !s.named:
		return "<anonymous>"
	case s.inClass && s.ctor:
		return "new " + s.classText
	case s.inClass && s.classText != "":
		return s.classText + "." + s.text
	}
	return s.text
}

// lastAt returns the last of the segments that begin at a generated position, nil when none does.
func (m *Map) lastAt(p position) *segment {
	i := m.at(int(p.line), int(p.col))
	if i < 0 || m.cols[i] != p.col {
		return nil
	}
	for i+1 < len(m.cols) && m.cols[i+1] == p.col {
		i++
	}
	return &m.segments[i]
}

// qualified puts the class before the name of a method.
func (m *Map) qualified(s *scope, name string, src int32) string {
	if !s.inClass {
		return name
	}
	class := m.wordAt(s.class, s.classText, src)
	if class == "" && len(s.classText) > 2 { // longer than minifiers make names
		class = s.classText
	}
	switch {
	case s.ctor && class != "":
		return "new " + class
	case class != "" && class != name:
		return class + "." + name
	}
	return name
}

// exact returns the segment that begins at a generated position, nil when none does.
func (m *Map) exact(p position) *segment {
	i := m.at(int(p.line), int(p.col))
	if i < 0 || m.cols[i] != p.col || m.segments[i].src < 0 {
		return nil
	}
	return &m.segments[i]
}

// wordAt returns the identifier that a generated one had in source src.
func (m *Map) wordAt(p position, generated string, src int32) string {
	s := m.exact(p)
	if s == nil || s.src != src {
		return ""
	}
	rest, _ := m.textAt(s)
	written := declaredWord(rest)
	if s.name >= 0 {
		name := m.names[s.name]
		if name == "_"+written {
			return written // esbuild's second name of a class that refers to itself
		}
		return name
	}
	if written == "" && !m.sources[s.src].hasContent {
		return generated // maps name what was renamed; this was not
	}
	return written
}

// textAt returns the source from a segment's position to the end of its line, and what stands before it on that line.
func (m *Map) textAt(s *segment) (rest, before string) {
	at, ok := m.lineStart(int(s.src), int(s.line))
	if !ok {
		return "", ""
	}
	text := m.sources[s.src].content[at:]
	if i := strings.IndexByte(text, '\n'); i >= 0 {
		text = text[:i]
	}
	i := utf16Index(text, int(s.scol))
	return text[i:], text[:i]
}

// keywords may stand before the name of a function, and are none themselves.
var keywords = map[string]bool{
	"export": true, "default": true, "async": true, "function": true, "static": true, "get": true, "set": true, "const": true, "let": true,
	"var": true, "class": true, "public": true, "private": true, "protected": true, "readonly": true, "override": true, "abstract": true,
	"declare": true, "return": true, "new": true, "await": true, "yield": true, "typeof": true, "this": true, "if": true, "for": true, "while": true,
}

// declaredWord reads the name at the start of a declaration: fail(x), function fail, async get total().
func declaredWord(text string) string {
	for {
		text = strings.TrimLeft(text, " \t*")
		text = strings.Trim(text[:min(1, len(text))], `'"[`) + text[min(1, len(text)):]
		n := wordLength(text)
		if n == 0 {
			return ""
		}
		word := text[:n]
		rest := strings.TrimLeft(text[n:], " \t")
		if !keywords[word] || (word == "get" || word == "set" || word == "static" || word == "async") && strings.HasPrefix(rest, "(") {
			return word
		}
		text = text[n:]
	}
}

// nameOfExpression names a function expression by what the source says: function visit(key), or const cell = (x) => y.
func (m *Map) nameOfExpression(s *segment, keyword bool) string {
	rest, before := m.textAt(s)
	if keyword || strings.HasPrefix(rest, "function") || strings.HasPrefix(rest, "async function") {
		if after, ok := strings.CutPrefix(strings.TrimPrefix(rest, "async "), "function"); ok {
			after = strings.TrimLeft(after, " \t*")
			if n := wordLength(after); n > 0 {
				return after[:n]
			}
		} else if word := declaredWord(rest); word != "" && strings.HasPrefix(rest, "export") {
			return word
		}
	}
	before = strings.TrimRight(before, " \t")
	before = strings.TrimRight(strings.TrimSuffix(before, "async"), " \t(")
	if n := len(before); n == 0 || before[n-1] != '=' && before[n-1] != ':' {
		return ""
	}
	before = strings.TrimRight(before[:len(before)-1], " \t")
	if i := strings.LastIndex(before, ":"); i > 0 && !strings.ContainsAny(before[i:], "{},?") { // const cell: Fn = ...
		if declared := lastWord(strings.TrimRight(before[:i], " \t")); declared != "" {
			return declared
		}
	}
	return lastWord(before)
}

func lastWord(text string) string {
	end := len(text)
	start := end
	for start > 0 {
		r, size := utf8.DecodeLastRuneInString(text[:start])
		if !isWordRune(r) {
			break
		}
		start -= size
	}
	word := text[start:end]
	if keywords[word] || word == "" || word[0] >= '0' && word[0] <= '9' {
		return ""
	}
	return word
}

func wordLength(text string) int {
	for i, r := range text {
		if !isWordRune(r) && (r != '#' || i > 0) {
			return i
		}
	}
	return len(text)
}

func isWordRune(r rune) bool {
	return r == '_' || r == '$' || unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r)
}
