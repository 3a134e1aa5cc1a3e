package sourcemap

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"math"
	"net/url"
	"slices"
	"sort"
	"strings"
	"sync/atomic"

	"github.com/valyala/fastjson"
)

// Limits of one map. What is larger is refused with an error that says so.
const (
	MaxMapBytes = 64 << 20 // of JSON text; the largest maps of real builds are about half of it
	MaxSegments = 32 << 20 // 20 bytes each in memory
	maxLines    = 64 << 20 // generated lines: no more than a map can have characters
	maxSections = 1 << 16  // of an indexed map
	maxDepth    = 4        // sections in sections, which the format forbids; we flatten a few for the sake of old tools
)

// Map is a parsed source map, flat, in a form that answers positions in logarithmic time. It is safe for concurrent use.
type Map struct {
	cols      []int32   // generated column of every segment: apart, because a search reads nothing else
	segments  []segment // the rest of it
	lines     []run     // the generated lines that have segments, in order
	stretches []int32   // tables that shorten the search in long lines
	sources   []source
	names     []string
	debugID   string
	root      atomic.Pointer[rootOf]    // the last answer of rootFor
	asked     atomic.Pointer[asked]     // the last answer of hasSource
	scanned   atomic.Pointer[scanned]   // the source whose functions were asked for last
	marks     []atomic.Pointer[[]int32] // by source: where every markEvery-th line of its text begins, once somebody asked
}

// run is the segments of one generated line: from first up to the first of the next run. stretches is where its table is
// in Map.stretches, -1 when it has none.
type run struct{ line, first, stretches int32 }

// segment is one mapping. src is -1 for a segment of one number, name -1 when it has none.
type segment struct{ src, line, scol, name int32 }

type source struct {
	name       string // as in the map; "" for null
	rooted     string // with sourceRoot before it
	content    string
	hasContent bool
	ignored    bool
}

// DebugID returns the map's own debug ID in canonical form, "" when it has none.
func (m *Map) DebugID() string { return m.debugID }

// Segments returns the number of mappings.
func (m *Map) Segments() int { return len(m.segments) }

// Sources returns the number of sources.
func (m *Map) Sources() int { return len(m.sources) }

// SourceName returns the name of source i with the map's sourceRoot before it.
func (m *Map) SourceName(i int) string { return m.sources[i].rooted }

// HasContent reports whether the text of any source is in the map.
func (m *Map) HasContent() bool {
	return slices.ContainsFunc(m.sources, func(s source) bool { return s.hasContent })
}

// Size returns the memory m keeps, in bytes.
func (m *Map) Size() int {
	n := len(m.segments)*20 + len(m.lines)*12 + len(m.stretches)*4
	for _, s := range m.sources {
		n += 80 + len(s.name) + len(s.content) + len(s.content)/markEvery // few lines are shorter than four bytes
		if s.rooted != s.name {
			n += len(s.rooted)
		}
	}
	for _, name := range m.names {
		n += 16 + len(name)
	}
	return n
}

// Parse reads a source map: flat or indexed, with or without the )]}' line that some servers put before JSON. The error
// says what is wrong with it and where.
func Parse(data []byte) (*Map, error) {
	if len(data) > MaxMapBytes {
		return nil, fmt.Errorf("source map of %d MiB: the limit is %d MiB", len(data)>>20, MaxMapBytes>>20)
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if bytes.HasPrefix(data, []byte(")]}")) {
		_, data, _ = bytes.Cut(data, []byte("\n"))
	}
	var parser fastjson.Parser
	root, err := parser.ParseBytes(data)
	if err != nil {
		return nil, fmt.Errorf("source map is not JSON: %.200s", err.Error())
	}
	if root.Type() != fastjson.TypeObject {
		return nil, fmt.Errorf("source map is %s, not a JSON object", root.Type())
	}
	b := builder{sourceIDs: map[sourceKey]int32{}, nameIDs: map[string]int32{}}
	if err := b.add(root, 0, 0, endOfFile, 0); err != nil {
		return nil, err
	}
	m := b.finish()
	m.debugID, _ = NormalizeID(text(root, "debugId"))
	if m.debugID == "" {
		m.debugID, _ = NormalizeID(text(root, "debug_id"))
	}
	return m, nil
}

// InlineMap returns the bytes of a map in a data: URL, as tools put it into sourceMappingURL; ok is false when the URL is
// none. Both base64 and percent-encoded text are read, whatever charset is named.
func InlineMap(dataURL string) (data []byte, ok bool) {
	rest, isData := strings.CutPrefix(dataURL, "data:")
	meta, payload, found := strings.Cut(rest, ",")
	if !isData || !found {
		return nil, false
	}
	if strings.HasSuffix(strings.ToLower(strings.TrimSpace(meta)), ";base64") {
		raw, err := base64.StdEncoding.DecodeString(payload)
		if err != nil {
			raw, err = base64.RawStdEncoding.DecodeString(strings.TrimRight(payload, "="))
		}
		return raw, err == nil
	}
	decoded, err := url.PathUnescape(payload)
	return []byte(decoded), err == nil
}

// position is a place in generated code, counted from 0.
type position struct{ line, col int32 }

func (p position) before(q position) bool {
	return p.line < q.line || p.line == q.line && p.col < q.col
}

var endOfFile = position{math.MaxInt32, math.MaxInt32}

type sourceKey struct{ name, rooted, content string }

// builder collects the segments of a map, or of the sections of an indexed one. Segments arrive by line.
type builder struct {
	cols      []int32
	segments  []segment
	lines     []run
	unsorted  bool
	sources   []source
	sourceIDs map[sourceKey]int32
	names     []string
	nameIDs   map[string]int32
	sections  int
}

// add reads one map whose place in the generated file begins at line and col; what it says of places from end on is
// another section's and left out.
func (b *builder) add(v *fastjson.Value, line, col int32, end position, depth int) error {
	if sections := v.Get("sections"); sections != nil {
		return b.addSections(sections, line, col, end, depth)
	}
	mappings := v.Get("mappings")
	if mappings == nil || mappings.Type() != fastjson.TypeString {
		return errors.New(`source map has no "mappings" text`)
	}
	sources, err := b.addSources(v)
	if err != nil {
		return err
	}
	names := b.addNames(v)
	return b.addMappings(mappings.GetStringBytes(), sources, names, position{line, col}, end)
}

func (b *builder) addSections(v *fastjson.Value, line, col int32, end position, depth int) error {
	if depth >= maxDepth {
		return fmt.Errorf("source map: sections nested deeper than %d", maxDepth)
	}
	sections, err := v.Array()
	if err != nil {
		return errors.New(`source map: "sections" is not a list`)
	}
	if b.sections += len(sections); b.sections > maxSections {
		return fmt.Errorf("source map: more than %d sections", maxSections)
	}
	starts := make([]position, len(sections))
	for i, s := range sections {
		l, c := s.GetInt("offset", "line"), s.GetInt("offset", "column")
		if l < 0 || c < 0 || l > maxLines || c > math.MaxInt32/2 {
			return fmt.Errorf("source map: section %d starts at line %d, column %d", i, l, c)
		}
		starts[i] = position{line + int32(l), int32(c)}
		if l == 0 {
			starts[i].col += col
		}
		if i > 0 && starts[i].before(starts[i-1]) {
			return fmt.Errorf("source map: section %d starts before section %d", i, i-1)
		}
	}
	for i, s := range sections {
		inner := s.Get("map")
		if inner == nil || inner.Type() != fastjson.TypeObject {
			return fmt.Errorf(`source map: section %d has no "map" (maps by url are not supported)`, i)
		}
		until := end
		if i+1 < len(starts) && starts[i+1].before(until) {
			until = starts[i+1]
		}
		if err := b.add(inner, starts[i].line, starts[i].col, until, depth+1); err != nil {
			return fmt.Errorf("section %d: %w", i, err)
		}
	}
	return nil
}

// addSources reads sources, sourcesContent, sourceRoot and the ignore list and returns the number of each in b.
func (b *builder) addSources(v *fastjson.Value) ([]int32, error) {
	list := v.GetArray("sources")
	if len(list) > MaxSegments {
		return nil, errors.New("source map: too many sources")
	}
	contents := v.GetArray("sourcesContent")
	root := text(v, "sourceRoot")
	ignored := ignoreList(v)
	ids := make([]int32, len(list))
	for i, s := range list {
		name := string(s.GetStringBytes()) // null and other odd things are ""
		src := source{name: name, rooted: rooted(root, name), ignored: ignored[i]}
		if i < len(contents) && contents[i].Type() == fastjson.TypeString {
			src.content, src.hasContent = string(contents[i].GetStringBytes()), true
		}
		key := sourceKey{src.name, src.rooted, src.content}
		id, known := b.sourceIDs[key]
		if !known || b.sources[id].ignored != src.ignored {
			id = int32(len(b.sources))
			b.sources = append(b.sources, src)
			b.sourceIDs[key] = id
		}
		ids[i] = id
	}
	return ids, nil
}

// ignoreList returns the indices of sources that are not the user's own code (ECMA-426 ignoreList; its older spelling).
func ignoreList(v *fastjson.Value) map[int]bool {
	list := v.GetArray("ignoreList")
	if list == nil {
		list = v.GetArray("x_google_ignoreList")
	}
	set := make(map[int]bool, len(list))
	for _, i := range list {
		set[i.GetInt()] = true
	}
	return set
}

// rooted puts sourceRoot before a source, unless the source stands for itself (debugid rules, section 6.5). Where that
// makes a URL, its dots are resolved.
func rooted(root, name string) string {
	if root == "" || strings.HasPrefix(name, "/") || strings.HasPrefix(name, "http:") || strings.HasPrefix(name, "https:") {
		return name
	}
	return cleanURL(strings.TrimSuffix(root, "/") + "/" + name)
}

func (b *builder) addNames(v *fastjson.Value) []int32 {
	list := v.GetArray("names")
	ids := make([]int32, len(list))
	for i, n := range list {
		raw := n.GetStringBytes()
		id, known := b.nameIDs[string(raw)]
		if !known {
			id = int32(len(b.names))
			name := string(raw)
			b.names = append(b.names, name)
			b.nameIDs[name] = id
		}
		ids[i] = id
	}
	return ids
}

func (b *builder) addMappings(text []byte, sources, names []int32, start, end position) error {
	if b.segments == nil {
		n := bytes.Count(text, []byte{','}) + bytes.Count(text, []byte{';'}) + 1
		b.cols, b.segments = make([]int32, 0, n), make([]segment, 0, n)
	}
	var src, srcLine, srcCol, name int32
	line, col, firstCol := start.line, start.col, start.col
	lineStarted := false
	for i := 0; i < len(text); {
		switch text[i] {
		case ';':
			i++
			line++
			if line > maxLines {
				return fmt.Errorf("source map: more than %d generated lines", maxLines)
			}
			col, firstCol, lineStarted = 0, 0, false
			continue
		case ',':
			i++
			continue
		}
		at := i
		var fields [5]int32
		n := 0
		for i < len(text) && text[i] != ',' && text[i] != ';' {
			if n == 5 {
				return malformed(at, "a segment of more than five numbers")
			}
			if fields[n], i = decodeVLQ(text, i); i < 0 {
				return malformed(at, "not a base64 VLQ number of 32 bits")
			}
			n++
		}
		seg := segment{src: -1, name: -1}
		var ok [5]bool
		col, ok[0] = addInt32(col, fields[0])
		ok[1], ok[2], ok[3], ok[4] = true, true, true, true
		switch n {
		case 1:
		case 4, 5:
			src, ok[1] = addInt32(src, fields[1])
			srcLine, ok[2] = addInt32(srcLine, fields[2])
			srcCol, ok[3] = addInt32(srcCol, fields[3])
			if !ok[1] || int(src) >= len(sources) {
				return malformed(at, fmt.Sprintf("source %d of %d", src, len(sources)))
			}
			seg.src, seg.line, seg.scol = sources[src], srcLine, srcCol
			if n == 5 {
				name, ok[4] = addInt32(name, fields[4])
				if !ok[4] || int(name) >= len(names) {
					return malformed(at, fmt.Sprintf("name %d of %d", name, len(names)))
				}
				seg.name = names[name]
			}
		default:
			return malformed(at, fmt.Sprintf("a segment of %d numbers", n))
		}
		if !ok[0] || !ok[2] || !ok[3] || col < firstCol {
			return malformed(at, "a line or column below zero")
		}
		if !(position{line, col}).before(end) {
			continue // the next section's
		}
		if len(b.segments) == MaxSegments {
			return fmt.Errorf("source map: more than %d segments", MaxSegments)
		}
		if !lineStarted {
			if n := len(b.lines); n == 0 || b.lines[n-1].line != line { // else: a section goes on with the line of the one before
				b.lines = append(b.lines, run{line: line, first: int32(len(b.segments)), stretches: -1})
			}
			lineStarted = true
		} else if b.cols[len(b.cols)-1] > col {
			b.unsorted = true
		}
		b.cols = append(b.cols, col)
		b.segments = append(b.segments, seg)
	}
	return nil
}

func malformed(at int, what string) error {
	return fmt.Errorf("source map: mappings are malformed at character %d: %s", at, what)
}

// addInt32 adds a delta; ok is false when the sum is negative or does not fit.
func addInt32(a, delta int32) (sum int32, ok bool) {
	s := int64(a) + int64(delta)
	return int32(s), s >= 0 && s <= math.MaxInt32
}

// finish makes the map of what was collected. Lines arrive in order.
func (b *builder) finish() *Map {
	m := &Map{cols: b.cols, segments: b.segments, lines: slices.Clip(b.lines), sources: b.sources, names: b.names}
	m.marks = make([]atomic.Pointer[[]int32], len(m.sources))
	if cap(b.segments)-len(b.segments) > len(b.segments)/4 {
		m.cols, m.segments = slices.Clone(b.cols), slices.Clone(b.segments)
	}
	if b.unsorted {
		for i := range m.lines {
			if first, end := m.line(i); !slices.IsSorted(m.cols[first:end]) {
				sort.Stable(byColumn{m.cols[first:end], m.segments[first:end]})
			}
		}
	}
	m.addStretches()
	return m
}

// byColumn sorts the segments of a line.
type byColumn struct {
	cols     []int32
	segments []segment
}

func (s byColumn) Len() int           { return len(s.cols) }
func (s byColumn) Less(i, j int) bool { return s.cols[i] < s.cols[j] }
func (s byColumn) Swap(i, j int) {
	s.cols[i], s.cols[j] = s.cols[j], s.cols[i]
	s.segments[i], s.segments[j] = s.segments[j], s.segments[i]
}

// line returns where the segments of run i begin and end.
func (m *Map) line(i int) (first, end int) {
	end = len(m.segments)
	if i+1 < len(m.lines) {
		end = int(m.lines[i+1].first)
	}
	return int(m.lines[i].first), end
}

func text(v *fastjson.Value, key string) string { return string(v.GetStringBytes(key)) }
