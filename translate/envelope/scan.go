package envelope

import (
	"bytes"
	"encoding/json"
	"strings"
)

// maxHeaderDepth bounds nesting in a header: the deepest an SDK sends is sdk.packages[].name, 3.
const maxHeaderDepth = 16

// scanner walks JSON without building anything. It checks structure (brackets, commas, colons, strings), and takes any
// word for a literal, so that NaN and Infinity of old SDKs pass.
type scanner struct {
	b        []byte
	i        int
	oneLine  bool // a line break is an error
	maxDepth int
}

// space skips white space and returns the byte it stops at, 0 at the end or at a forbidden line break.
func (s *scanner) space() byte {
	for ; s.i < len(s.b); s.i++ {
		switch c := s.b[s.i]; c {
		case ' ', '\t', '\r':
		case '\n':
			if s.oneLine {
				return 0
			}
		default:
			return c
		}
	}
	return 0
}

// value skips one value and reports whether there was one.
func (s *scanner) value(depth int) bool {
	switch s.space() {
	case 0:
		return false
	case '"':
		return s.text()
	case '{':
		if !s.open(depth) {
			return false
		}
		for {
			_, _, more, ok := s.member(depth)
			if !more {
				return ok
			}
		}
	case '[':
		if !s.open(depth) {
			return false
		}
		return s.elements(depth)
	}
	start := s.i
	for s.i < len(s.b) && isWord(s.b[s.i]) {
		s.i++
	}
	return s.i > start
}

func (s *scanner) open(depth int) bool {
	s.i++
	return depth < s.maxDepth
}

func (s *scanner) elements(depth int) bool {
	if s.space() == ']' {
		s.i++
		return true
	}
	for {
		if !s.value(depth + 1) {
			return false
		}
		switch s.space() {
		case ',':
			s.i++
		case ']':
			s.i++
			return true
		default:
			return false
		}
	}
}

// member reads the next member of an object whose opening brace, or the comma after the last member, is behind us. key is
// without quotes. more is false when there was none: ok then tells the end of the object from an error.
func (s *scanner) member(depth int) (key, value []byte, more, ok bool) {
	switch c := s.space(); {
	case c == '}':
		s.i++
		return nil, nil, false, true
	case c != '"':
		return nil, nil, false, false
	}
	start := s.i + 1
	if !s.text() {
		return nil, nil, false, false
	}
	key = s.b[start : s.i-1]
	if s.space() != ':' {
		return nil, nil, false, false
	}
	s.i++
	s.space()
	start = s.i
	if !s.value(depth + 1) {
		return nil, nil, false, false
	}
	value = s.b[start:s.i]
	switch s.space() {
	case ',':
		s.i++
		if c := s.space(); c != '"' {
			return nil, nil, false, false // {"a":1,} is an error
		}
	case '}':
	default:
		return nil, nil, false, false
	}
	return key, value, true, true
}

// text skips a string; s.i is at its opening quote. Raw line breaks in a string are an error in any mode.
func (s *scanner) text() bool {
	for s.i++; s.i < len(s.b); s.i++ {
		switch s.b[s.i] {
		case '"':
			s.i++
			return true
		case '\\':
			s.i++
		case '\n':
			return false
		}
	}
	return false
}

func isWord(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '-' || c == '+' || c == '.'
}

// Text returns the string member key of a JSON object, such as the dsn of an envelope header or the type of an event. The
// last one wins where a key is repeated. It allocates nothing but the result.
func Text(object []byte, key string) (string, bool) {
	s := scanner{b: object, maxDepth: 512}
	if s.space() != '{' {
		return "", false
	}
	s.i++
	var found []byte
	for {
		k, v, more, _ := s.member(0)
		if !more {
			break
		}
		if string(k) == key {
			found = v
		}
	}
	return unquote(found)
}

// unquote returns the text of a JSON string, always valid UTF-8.
func unquote(v []byte) (string, bool) {
	if len(v) < 2 || v[0] != '"' {
		return "", false
	}
	if bytes.IndexByte(v, '\\') < 0 {
		return strings.ToValidUTF8(string(v[1:len(v)-1]), "\uFFFD"), true
	}
	var text string
	if json.Unmarshal(v, &text) != nil {
		return "", false
	}
	return text, true
}
