package sourcemap

import (
	"math"
	"slices"
	"strings"
)

// Token is what a map says of a generated position: a position in a source. Lines and columns count from 1 as they do in
// Sentry's frames; columns are in UTF-16 units.
type Token struct {
	Source  int // index for Map.SourceName and Map.Context
	Line    int
	Column  int
	Name    string // the identifier at that place in the source, "" when the map has none
	Ignored bool   // in the map's ignoreList: not the user's own code
}

// Lookup answers a position of generated code that counts from 1, as in a stack trace; a column of 0 means unknown and is
// read as 1. ok is false when the map says nothing of the position: the nearest segment at or before it on the same line
// has no source, or the line has none. A line before is never used (debugid rules, section 6.2).
func (m *Map) Lookup(line, column int) (token Token, ok bool) {
	i := m.at(line-1, max(column-1, 0))
	if i < 0 || m.segments[i].src < 0 {
		return Token{}, false
	}
	s := &m.segments[i]
	token = Token{Source: int(s.src), Line: int(s.line) + 1, Column: int(s.scol) + 1, Ignored: m.sources[s.src].ignored}
	if s.name >= 0 {
		token.Name = m.names[s.name]
	}
	return token, true
}

// at returns the index of the greatest segment at or before a position that counts from 0, on the same line; -1 when there
// is none. Of several segments at one column the first counts for that very column, the last for those after it.
func (m *Map) at(line, col int) int {
	// Both searches halve a range without a branch that a processor could guess wrong (BenchmarkLookup): the answer is
	// always within [at, at+n).
	if len(m.lines) == 0 || line < int(m.lines[0].line) {
		return -1
	}
	at := line - int(m.lines[0].line) // where it is when every line has segments
	if at >= len(m.lines) || int(m.lines[at].line) != line {
		at = 0
		for n := len(m.lines); n > 1; {
			half := n / 2
			if int(m.lines[at+half].line) <= line {
				at += half
			}
			n -= half
		}
		if int(m.lines[at].line) != line {
			return -1
		}
	}
	first, end := m.line(at)
	cols := m.cols[first:end]
	if col < int(cols[0]) {
		return -1
	}
	n := len(cols)
	if stretches := m.lines[at].stretches; stretches >= 0 {
		at, n = m.stretch(stretches, col)
	} else {
		at = 0
	}
	for n > 1 {
		half := n / 2
		if int(cols[at+half]) <= col {
			at += half
		}
		n -= half
	}
	if int(cols[at]) == col {
		for at > 0 && int(cols[at-1]) == col {
			at--
		}
	}
	return first + at
}

// A long line, which minifiers write, is searched through a table of stretches: columns of equal number, a power of two,
// and for each the segment that its first column belongs to. The answer for a column lies between that of its stretch and
// that of the next one. A line's table is, in Map.stretches: the logarithm of a stretch, the number of stretches, their
// segments, and the line's last segment.

const (
	longLine     = 64 // segments
	perStretch   = 8  // segments, on average
	stretchTable = 2  // where the segments begin in a table
)

// stretch returns the segments that a column of a line may belong to: n of them from first on.
func (m *Map) stretch(table int32, col int) (first, n int) {
	t := m.stretches[table:]
	k := min(col>>uint(t[0]&31), int(t[1])-1) + stretchTable
	return int(t[k]), int(t[k+1]-t[k]) + 1
}

// addStretches makes the tables of all long lines. The segments of a line are sorted by now.
func (m *Map) addStretches() {
	for i := range m.lines {
		m.lines[i].stretches = -1
		first, end := m.line(i)
		cols := m.cols[first:end]
		if len(cols) < longLine {
			continue
		}
		shift := int32(0)
		for int(cols[len(cols)-1])>>shift > len(cols)/perStretch {
			shift++
		}
		count := cols[len(cols)-1]>>shift + 1
		if len(m.stretches) > math.MaxInt32/2 {
			return
		}
		m.lines[i].stretches = int32(len(m.stretches))
		m.stretches = append(m.stretches, shift, count)
		at := int32(0)
		for k := range count {
			for int(at)+1 < len(cols) && int64(cols[at+1]) <= int64(k)<<shift {
				at++
			}
			m.stretches = append(m.stretches, at)
		}
		m.stretches = append(m.stretches, int32(len(cols)-1))
	}
	m.stretches = slices.Clip(m.stretches)
}

// Content returns the text of a source; ok is false when the map does not hold it.
func (m *Map) Content(source int) (text string, ok bool) {
	return m.sources[source].content, m.sources[source].hasContent
}

const markEvery = 64 // lines from one mark to the next

// lineStart returns where a line of a source's text begins; line counts from 0. ok is false when the text has no such
// line. A text is read through once, not for every frame: bundles of bundles have sources of megabytes.
func (m *Map) lineStart(src, line int) (at int, ok bool) {
	text, ok := m.Content(src)
	if !ok || line < 0 {
		return 0, false
	}
	marks := m.marks[src].Load()
	if marks == nil {
		marks = &[]int32{}
		for at, n := 0, 0; ; n++ {
			if n%markEvery == 0 {
				*marks = append(*marks, int32(at))
			}
			i := strings.IndexByte(text[at:], '\n')
			if i < 0 {
				break
			}
			at += i + 1
		}
		m.marks[src].Store(marks)
	}
	mark := line / markEvery
	if mark >= len(*marks) {
		return 0, false
	}
	at = int((*marks)[mark])
	for range line % markEvery {
		i := strings.IndexByte(text[at:], '\n')
		if i < 0 {
			return 0, false
		}
		at += i + 1
	}
	return at, true
}

// context returns the lines around a line of a source, which counts from 1.
func (m *Map) context(src, line int) (Context, bool) {
	first := max(1, line-contextLines)
	at, ok := m.lineStart(src, first-1)
	if !ok {
		return Context{}, false
	}
	return ContextOf(m.sources[src].content[at:], line-first+1)
}

const contextLines = 5 // before and after a frame's line (debugid rules, section 6.8)

// Context is the source around a line.
type Context struct {
	Pre  []string
	Line string
	Post []string
}

// ContextOf returns the lines around line, which counts from 1, of a text. ok is false when the text has no such line.
func ContextOf(text string, line int) (c Context, ok bool) {
	if line < 1 {
		return c, false
	}
	at := 0
	first := max(1, line-contextLines)
	for n := 1; n <= line+contextLines && at <= len(text); n++ {
		end := strings.IndexByte(text[at:], '\n')
		whole := end < 0
		if whole {
			end = len(text) - at
		}
		if whole && end == 0 && n > 1 && n != line {
			break // what follows the last newline is no line
		}
		if n >= first {
			l := strings.TrimSuffix(text[at:at+end], "\r")
			switch {
			case n < line:
				c.Pre = append(c.Pre, l)
			case n == line:
				c.Line, ok = l, true
			default:
				c.Post = append(c.Post, l)
			}
		}
		at += end + 1
	}
	return c, ok
}

// How long a line of context may be, in bytes, and what is kept of a longer one. Generated code is cut early, as
// symbolicator does; source is cut only where it is not written by hand.
const (
	longGenerated = 150
	longSource    = 1000
	snip          = "{snip}"
)

// Cut shortens lines of more than limit bytes: the frame's own line around column, which counts from 1 (0: unknown), the
// others at their end. It returns c.
func (c Context) Cut(limit, column int) Context {
	c.Line = cutLine(c.Line, limit, column)
	for _, lines := range [][]string{c.Pre, c.Post} {
		for i, l := range lines {
			lines[i] = cutLine(l, limit, 0)
		}
	}
	return c
}

func cutLine(line string, limit, column int) string {
	if len(line) <= limit {
		return line
	}
	keep := limit - limit/15
	start := 0
	if column > 0 { // three sevenths of what is kept stand before the column
		start = max(0, min(utf16Index(line, column-1)-keep*3/7, len(line)-keep))
	}
	end := min(len(line), start+keep)
	for start > 0 && isContinuation(line[start]) {
		start--
	}
	for end < len(line) && isContinuation(line[end]) {
		end++
	}
	out := line[start:end]
	if start > 0 {
		out = snip + " " + out
	}
	if end < len(line) {
		out += " " + snip
	}
	return out
}

func isContinuation(b byte) bool { return b&0xc0 == 0x80 }

// utf16Index returns the byte index of a column in UTF-16 units, len(line) when the line is shorter.
func utf16Index(line string, units int) int {
	for i, r := range line {
		if units <= 0 {
			return i
		}
		units--
		if r > 0xffff {
			units--
		}
	}
	return len(line)
}
