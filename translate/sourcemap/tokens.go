package sourcemap

import (
	"unicode"
	"unicode/utf8"
)

// tokenKind is what the scanner tells apart. It reads only as much JavaScript as it takes to find functions.
type tokenKind uint8

const (
	tokIdent  tokenKind = iota // identifiers, keywords, private names
	tokPunct                   // one character of punctuation, "=>", "?." or "??"
	tokString                  // strings, numbers, regular expressions, template pieces
)

// token is a piece of a script, by byte offsets. pair is the index of the bracket that closes or opens this one, -1 for
// anything else and for brackets without a partner.
type token struct {
	start, end int32
	pair       int32
	kind       tokenKind
	char       byte // of tokPunct: its first byte; '>' stands for "=>", '.' for "?." as well, '~' for "??"
}

// maxScript bounds the scripts that are scanned for function names; larger ones keep the names of their stack traces.
const maxScript = 32 << 20

// tokenize cuts a script into tokens and pairs its brackets. It never fails: what is not JavaScript gives odd tokens.
func tokenize(script []byte) []token {
	s := scanner{text: script, tokens: make([]token, 0, len(script)/4)}
	s.run()
	return s.tokens
}

type scanner struct {
	text   []byte
	tokens []token
	open   []int32 // indices of brackets not closed yet; a template's ${ counts as one
}

func (s *scanner) run() {
	for i := 0; i < len(s.text); {
		c := s.text[i]
		switch {
		case c == ' ' || c == '\t' || c == '\n' || c == '\r':
			i++
		case c == '/' && i+1 < len(s.text) && s.text[i+1] == '/', c == '#' && i+1 < len(s.text) && s.text[i+1] == '!' && i == 0:
			i = s.lineEnd(i)
		case c == '/' && i+1 < len(s.text) && s.text[i+1] == '*':
			i = s.commentEnd(i + 2)
		case c == '/' && s.regexHere():
			i = s.add(tokString, 0, i, s.regexEnd(i+1))
		case c == '"' || c == '\'':
			i = s.add(tokString, 0, i, s.stringEnd(i+1, c))
		case c == '`':
			i = s.template(i, i+1)
		case c >= '0' && c <= '9':
			i = s.add(tokString, 0, i, s.wordEnd(i+1))
		case c == '#' || isIdentByte(c):
			i = s.add(tokIdent, 0, i, s.wordEnd(i+1))
		case c == '=' && i+1 < len(s.text) && s.text[i+1] == '>':
			i = s.add(tokPunct, '>', i, i+2)
		case c == '=' && i+1 < len(s.text) && s.text[i+1] == '=', c == '!' && i+1 < len(s.text) && s.text[i+1] == '=',
			c == '<' && i+1 < len(s.text) && s.text[i+1] == '=', c == '>' && i+1 < len(s.text) && s.text[i+1] == '=':
			i = s.add(tokPunct, '+', i, i+2) // a comparison: some operator
		case c == '?' && i+1 < len(s.text) && s.text[i+1] == '?':
			i = s.add(tokPunct, '~', i, i+2)
		case c == '?' && i+2 < len(s.text) && s.text[i+1] == '.' && (s.text[i+2] < '0' || s.text[i+2] > '9'):
			i = s.add(tokPunct, '.', i, i+2)
		case c == '(' || c == '[' || c == '{':
			s.open = append(s.open, int32(len(s.tokens)))
			i = s.add(tokPunct, c, i, i+1)
		case c == ')' || c == ']' || c == '}':
			i = s.closing(i)
		default:
			i = s.add(tokPunct, c, i, i+1)
		}
	}
}

func (s *scanner) add(kind tokenKind, char byte, start, end int) int {
	s.tokens = append(s.tokens, token{start: int32(start), end: int32(end), pair: -1, kind: kind, char: char})
	return end
}

// template reads a piece of a template from text[i:], up to its end or to a ${, which opens a bracket.
func (s *scanner) template(start, i int) int {
	for ; i < len(s.text); i++ {
		switch s.text[i] {
		case '\\':
			i++
		case '`':
			return s.add(tokString, 0, start, i+1)
		case '$':
			if i+1 < len(s.text) && s.text[i+1] == '{' {
				s.open = append(s.open, int32(len(s.tokens)))
				return s.add(tokPunct, '$', start, i+2)
			}
		}
	}
	return s.add(tokString, 0, start, len(s.text))
}

var closes = map[byte]byte{')': '(', ']': '[', '}': '{'}

// closing reads a closing bracket and pairs it. A bracket that does not fit the innermost open one is left alone.
func (s *scanner) closing(i int) int {
	c := s.text[i]
	n := len(s.open)
	if n == 0 {
		return s.add(tokPunct, c, i, i+1)
	}
	opener := s.open[n-1]
	open := s.tokens[opener].char
	if c == '}' && open == '$' {
		s.open = s.open[:n-1]
		s.tokens[opener].pair = int32(len(s.tokens))
		s.tokens = append(s.tokens, token{start: int32(i), end: int32(i) + 1, pair: opener, kind: tokPunct, char: '}'})
		return s.template(i+1, i+1)
	}
	if open != closes[c] {
		return s.add(tokPunct, c, i, i+1)
	}
	s.open = s.open[:n-1]
	s.tokens[opener].pair = int32(len(s.tokens))
	s.tokens = append(s.tokens, token{start: int32(i), end: int32(i) + 1, pair: opener, kind: tokPunct, char: c})
	return i + 1
}

// wordsBeforeRegex are the keywords after which a slash begins a regular expression.
var wordsBeforeRegex = map[string]bool{
	"return": true, "typeof": true, "case": true, "in": true, "of": true, "delete": true, "void": true, "throw": true, "new": true,
	"else": true, "do": true, "instanceof": true, "yield": true, "await": true, "extends": true,
}

// controlWords take a bracket that is no call: if (x) /re/.test(y).
var controlWords = map[string]bool{"if": true, "while": true, "for": true, "with": true, "switch": true, "catch": true}

// regexHere decides whether a slash begins a regular expression or divides, by the token before it.
func (s *scanner) regexHere() bool {
	n := len(s.tokens)
	if n == 0 {
		return true
	}
	last := s.tokens[n-1]
	switch last.kind {
	case tokString:
		return false
	case tokIdent:
		return wordsBeforeRegex[string(s.text[last.start:last.end])]
	}
	switch last.char {
	case ')':
		if last.pair > 0 {
			before := s.tokens[last.pair-1]
			return before.kind == tokIdent && controlWords[string(s.text[before.start:before.end])]
		}
		return false
	case ']':
		return false
	case '}':
		return true // after a block; after an object literal nobody divides
	}
	return true
}

func (s *scanner) regexEnd(i int) int {
	for class := false; i < len(s.text); i++ {
		switch s.text[i] {
		case '\\':
			i++
		case '[':
			class = true
		case ']':
			class = false
		case '\n':
			return i // it was none
		case '/':
			if !class {
				return s.wordEnd(i + 1)
			}
		}
	}
	return len(s.text)
}

func (s *scanner) stringEnd(i int, quote byte) int {
	for ; i < len(s.text); i++ {
		switch s.text[i] {
		case '\\':
			i++
		case quote:
			return i + 1
		case '\n':
			return i
		}
	}
	return len(s.text)
}

func (s *scanner) lineEnd(i int) int {
	for i < len(s.text) && s.text[i] != '\n' {
		i++
	}
	return i
}

func (s *scanner) commentEnd(i int) int {
	for ; i+1 < len(s.text); i++ {
		if s.text[i] == '*' && s.text[i+1] == '/' {
			return i + 2
		}
	}
	return len(s.text)
}

func (s *scanner) wordEnd(i int) int {
	for i < len(s.text) && (isIdentByte(s.text[i]) || s.text[i] >= '0' && s.text[i] <= '9') {
		if s.text[i] >= utf8.RuneSelf {
			r, size := utf8.DecodeRune(s.text[i:])
			if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) && r != '\u200c' && r != '\u200d' {
				return max(i, 1)
			}
			i += size
			continue
		}
		i++
	}
	return i
}

func isIdentByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c == '$' || c >= utf8.RuneSelf
}
