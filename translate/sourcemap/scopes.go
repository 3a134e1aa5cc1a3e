package sourcemap

import (
	"slices"
	"sort"
)

// Scopes are the functions of a script: where each begins and ends and where its name stands, so that the name can be
// looked up in a map. They are found by a small scanner, not by a parser: strings, templates, comments, regular
// expressions and brackets are understood, grammar is guessed. It is immutable.
type Scopes struct {
	scopes []scope // by start
}

// scope is one function of a script. Positions count from 0, columns in UTF-16 units.
type scope struct {
	start, end position
	name       position // valid when named
	text       string   // of the name in the script
	class      position // of the class it is a method of, valid when inClass
	classText  string
	parent     int32 // index of the function around it, -1
	named      bool
	inClass    bool
	keyword    bool // starts with function or async function
	ctor       bool
}

// Size returns the memory s keeps, in bytes.
func (s *Scopes) Size() int {
	n := len(s.scopes) * 88
	for i := range s.scopes {
		n += len(s.scopes[i].text) + len(s.scopes[i].classText)
	}
	return n
}

// ScanScopes finds the functions of a script. Scripts of more than 32 MiB are not scanned: they have no scopes.
func ScanScopes(script []byte) *Scopes {
	if len(script) > maxScript {
		return &Scopes{}
	}
	return scanScopes(script, false)
}

func scanScopes(text []byte, typed bool) *Scopes {
	f := finder{text: text, tokens: tokenize(text), typed: typed, classes: map[int32]int32{}}
	f.find()
	return f.scopes()
}

// found is a function by the indices of its tokens.
type found struct{ start, end, name, class int32 }

type finder struct {
	text    []byte
	tokens  []token
	all     []found
	typed   bool            // TypeScript: types may stand between parameters and body
	classes map[int32]int32 // body brace of a class -> token of its name, -1
}

// arrow is an arrow function without braces whose end is still to come.
type arrow struct {
	at    int // index in all
	depth int
	asked int // "?" since it began that have no ":" yet
}

func (f *finder) find() {
	var arrows []arrow
	var braces []int32 // enclosing "{" tokens
	depth := 0
	closeArrows := func(i int) {
		for n := len(arrows); n > 0 && arrows[n-1].depth >= depth; n = len(arrows) {
			f.all[arrows[n-1].at].end = int32(i)
			arrows = arrows[:n-1]
		}
	}
	for i := range f.tokens {
		t := &f.tokens[i]
		if t.kind == tokIdent {
			switch f.word(i) {
			case "function":
				f.function(i)
			case "class":
				f.class(i)
			}
			continue
		}
		if t.kind != tokPunct {
			continue
		}
		switch t.char {
		case '(', '[', '{', '$':
			if t.char == '{' {
				f.method(i, braces)
			}
			if t.pair >= 0 {
				depth++
				if t.char == '{' {
					braces = append(braces, int32(i))
				}
			}
		case ')', ']', '}':
			if t.pair >= 0 {
				closeArrows(i)
				depth--
				if f.tokens[t.pair].char == '{' && len(braces) > 0 {
					braces = braces[:len(braces)-1]
				}
			}
		case ',', ';':
			closeArrows(i)
		case '?':
			if n := len(arrows); n > 0 && arrows[n-1].depth == depth {
				arrows[n-1].asked++
			}
		case ':':
			for n := len(arrows); n > 0 && arrows[n-1].depth == depth; n = len(arrows) {
				if arrows[n-1].asked > 0 {
					arrows[n-1].asked--
					break
				}
				f.all[arrows[n-1].at].end = int32(i)
				arrows = arrows[:n-1]
			}
		case '>':
			if t.end-t.start == 2 && f.arrow(i) {
				arrows = append(arrows, arrow{at: len(f.all) - 1, depth: depth})
			}
		}
	}
	depth = 0
	closeArrows(len(f.tokens))
}

func (f *finder) word(i int) string {
	if i < 0 || i >= len(f.tokens) || f.tokens[i].kind != tokIdent {
		return ""
	}
	return string(f.text[f.tokens[i].start:f.tokens[i].end])
}

func (f *finder) punct(i int, c byte) bool {
	return i >= 0 && i < len(f.tokens) && f.tokens[i].kind == tokPunct && f.tokens[i].char == c
}

func (f *finder) ident(i int) bool {
	return i >= 0 && i < len(f.tokens) && f.tokens[i].kind == tokIdent
}

// function reads: function name(params) { body }
func (f *finder) function(i int) {
	start := i
	if f.word(i-1) == "async" {
		start--
	}
	j := i + 1
	if f.punct(j, '*') {
		j++
	}
	name := int32(-1)
	if f.ident(j) {
		name = int32(j)
		j++
	}
	j = f.pastGenerics(j, 1)
	if !f.punct(j, '(') || f.tokens[j].pair < 0 {
		return
	}
	body := f.afterType(int(f.tokens[j].pair) + 1)
	if !f.punct(body, '{') || f.tokens[body].pair < 0 {
		return
	}
	if name < 0 {
		name = f.inferred(start)
	}
	f.all = append(f.all, found{int32(start), f.tokens[body].pair, name, -1})
}

// maxType bounds the tokens of a type between parameters and body.
const maxType = 48

// pastGenerics returns the token behind (step 1) or before (step -1) the type parameters that begin or end at token i.
func (f *finder) pastGenerics(i, step int) int {
	opening, closing := byte('<'), byte('>')
	if step < 0 {
		opening, closing = closing, opening
	}
	if !f.typed || !f.angle(i, opening) {
		return i
	}
	depth := 0
	for n := 0; n < maxType && i >= 0 && i < len(f.tokens); n++ {
		switch {
		case f.angle(i, opening):
			depth++
		case f.angle(i, closing):
			depth--
		}
		i += step
		if depth == 0 {
			return i
		}
	}
	return -1
}

// angle reports whether token i is this angle bracket, and not an arrow.
func (f *finder) angle(i int, c byte) bool {
	return f.punct(i, c) && f.tokens[i].end-f.tokens[i].start == 1
}

// afterType returns the token behind the type of what a function returns, where one begins at token i.
func (f *finder) afterType(i int) int {
	if !f.typed || !f.punct(i, ':') {
		return i
	}
	for n := 0; n < maxType && i < len(f.tokens); n++ {
		i++
		switch {
		case f.punct(i, ';'), f.punct(i, ')'), f.punct(i, '}'):
			return i
		case f.punct(i, '{') && !f.punct(i-1, ':') && !f.punct(i-1, '|') && !f.punct(i-1, '&') && !f.punct(i-1, '<') && !f.punct(i-1, ','):
			return i // the body: before an object in a type stands one of these
		case (f.punct(i, '{') || f.punct(i, '(') || f.punct(i, '[')) && f.tokens[i].pair >= 0:
			i = int(f.tokens[i].pair)
		}
	}
	return i
}

// arrow reads: (params) => body, or param => body; it reports whether the body is an expression, whose end is not known
// yet.
func (f *finder) arrow(i int) (open bool) {
	start := i - 1
	switch {
	case f.punct(start, ')') && f.tokens[start].pair >= 0:
		start = int(f.tokens[start].pair)
	case f.ident(start):
	default:
		return false
	}
	if f.word(start-1) == "async" {
		start--
	}
	fn := found{int32(start), -1, f.inferred(start), -1}
	if f.punct(i+1, '{') && f.tokens[i+1].pair >= 0 {
		fn.end = f.tokens[i+1].pair
	}
	f.all = append(f.all, fn)
	return fn.end < 0
}

// class notes the body of: class Name extends Base { body }
func (f *finder) class(i int) {
	if f.punct(i-1, '.') {
		return
	}
	name := int32(-1)
	j := i + 1
	if f.ident(j) && f.word(j) != "extends" {
		name = int32(j)
		j++
	} else {
		name = f.inferred(i)
	}
	for steps := 0; j < len(f.tokens) && steps < 64; steps++ { // a header is short
		switch {
		case f.punct(j, '{'):
			f.classes[int32(j)] = name
			return
		case (f.punct(j, '(') || f.punct(j, '[')) && f.tokens[j].pair >= 0:
			j = int(f.tokens[j].pair)
		case f.punct(j, ';'), f.punct(j, ')'), f.punct(j, '}'):
			return
		}
		j++
	}
}

// method reads the body brace of: name(params) { body } in a class or an object literal.
func (f *finder) method(i int, braces []int32) {
	end := i - 1 // the bracket that closes the parameters
	if f.typed && !f.punct(end, ')') {
		for n := 0; n < maxType && end > 0 && !(f.punct(end, ')') && f.punct(end+1, ':')); n++ {
			switch {
			case f.punct(end, '}') && f.tokens[end].pair > 0: // of an object in the type
				end = int(f.tokens[end].pair)
			case f.punct(end, ';'), f.punct(end, '}'), f.punct(end, '{'), f.punct(end, '>') && !f.angle(end, '>'):
				return
			}
			end--
		}
	}
	if !f.punct(end, ')') || f.tokens[end].pair <= 0 || f.tokens[i].pair < 0 {
		return
	}
	name := f.pastGenerics(int(f.tokens[end].pair)-1, -1)
	if name < 0 {
		return
	}
	t := f.tokens[name]
	start := name
	switch {
	case t.kind == tokIdent:
		if w := f.word(name); controlWords[w] || w == "function" || w == "super" || w == "while" || w == "case" {
			return
		}
	case t.kind == tokString:
	case f.punct(name, ']') && t.pair >= 0:
		start = int(t.pair)
	default:
		return
	}
	before := start - 1
	if f.punct(before, '*') {
		before--
	}
	if f.word(before) == "function" || f.punct(before, '.') {
		return
	}
	for w := f.word(start - 1); w == "get" || w == "set" || w == "async" || w == "static"; w = f.word(start - 1) {
		start--
	}
	if f.punct(start-1, '*') {
		start--
	}
	fn := found{int32(start), f.tokens[i].pair, int32(name), -1}
	if f.punct(name, ']') {
		fn.name = -1
	}
	if n := len(braces); n > 0 {
		if class, ok := f.classes[braces[n-1]]; ok {
			fn.class = class
		}
	}
	f.all = append(f.all, fn)
}

// inferred returns the token that names a function or class expression beginning at token i, as JavaScript itself does:
// name = function, name: function. It is -1 when nothing does.
func (f *finder) inferred(i int) int32 {
	if f.punct(i-1, '(') && f.punct(i-2, '=') {
		i-- // name = (function () {})
	}
	name := i - 2
	switch {
	case f.punct(i-1, '=') && f.ident(name):
	case f.punct(i-1, ':') && (f.ident(name) || name >= 0 && f.tokens[name].kind == tokString) && (f.punct(name-1, '{') || f.punct(name-1, ',')):
	default:
		return -1
	}
	if keywords[f.word(name)] {
		return -1
	}
	return int32(name)
}

// scopes turns token indices into positions.
func (f *finder) scopes() *Scopes {
	offsets := make([]int32, 0, 4*len(f.all))
	for _, fn := range f.all {
		offsets = append(offsets, f.tokens[fn.start].start, f.endOffset(fn.end))
		if fn.name >= 0 {
			offsets = append(offsets, f.tokens[fn.name].start)
		}
		if fn.class >= 0 {
			offsets = append(offsets, f.tokens[fn.class].start)
		}
	}
	at := positionsOf(f.text, offsets)
	out := make([]scope, 0, len(f.all))
	for _, fn := range f.all {
		s := scope{start: at(f.tokens[fn.start].start), end: at(f.endOffset(fn.end)), parent: -1, named: fn.name >= 0, inClass: fn.class >= 0}
		if s.named {
			s.name = at(f.tokens[fn.name].start)
			s.text = f.word(int(fn.name))
			s.ctor = s.text == "constructor"
		}
		if s.inClass {
			s.class = at(f.tokens[fn.class].start)
			s.classText = f.word(int(fn.class))
		}
		w := f.word(int(fn.start))
		s.keyword = w == "function" || w == "async" && f.word(int(fn.start)+1) == "function"
		out = append(out, s)
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].start.before(out[j].start) })
	var around []int32
	for i := range out {
		for n := len(around); n > 0 && !out[i].start.before(out[around[n-1]].end); n = len(around) {
			around = around[:n-1]
		}
		if n := len(around); n > 0 {
			out[i].parent = around[n-1]
		}
		around = append(around, int32(i))
	}
	return &Scopes{scopes: out}
}

func (f *finder) endOffset(tokenIndex int32) int32 {
	if int(tokenIndex) >= len(f.tokens) || tokenIndex < 0 {
		return int32(len(f.text))
	}
	if f.punct(int(tokenIndex), '}') {
		return f.tokens[tokenIndex].end
	}
	return f.tokens[tokenIndex].start
}

// positionsOf returns a function from byte offsets to positions, for the offsets given.
func positionsOf(text []byte, offsets []int32) func(int32) position {
	slices.Sort(offsets)
	offsets = slices.Compact(offsets)
	positions := make([]position, len(offsets))
	var line, col int32
	next := 0
	for i := 0; i <= len(text) && next < len(offsets); i++ {
		for next < len(offsets) && int(offsets[next]) == i {
			positions[next] = position{line, col}
			next++
		}
		if i == len(text) {
			break
		}
		switch c := text[i]; {
		case c == '\n':
			line, col = line+1, 0
		case c >= 0xf0: // first byte of a character beyond the basic plane: two UTF-16 units
			col += 2
		case !isContinuation(c):
			col++
		}
	}
	return func(offset int32) position {
		i, _ := slices.BinarySearch(offsets, offset)
		return positions[i]
	}
}

// at returns the index of the innermost function around a position, -1 when it is in none.
func (s *Scopes) at(p position) int32 {
	i := int32(sort.Search(len(s.scopes), func(i int) bool { return p.before(s.scopes[i].start) })) - 1
	for i >= 0 && !p.before(s.scopes[i].end) {
		i = s.scopes[i].parent
	}
	return i
}
