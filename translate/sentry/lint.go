package sentry

import "bytes"

const (
	// maxDepth is how deep values may nest. fastjson refuses everything beyond 300 levels, and readers of attributes
	// recurse; SDKs cut at 3 to 10 levels by themselves.
	maxDepth = 200

	// maxValues bounds the memory of a parsed payload: fastjson needs about 100 bytes for each value. The largest honest
	// payload, a container of 1,000 spans, has about 150,000.
	maxValues = 1 << 20
)

// findings is what inspect sees of a text that should be JSON.
type findings struct {
	values    int  // commas and opening brackets: never less than the number of values, minus one
	deep      bool // nests deeper than maxDepth
	infinity  bool // has the token Infinity, which old Python SDKs write and fastjson does not know
	malformed bool // cannot be JSON
}

// What a byte outside strings means to inspect.
const (
	byteOther = iota
	byteQuote
	byteOpen
	byteClose
	byteComma
	byteWord // starts true, false, null, NaN, Infinity
)

var byteClass = func() (t [256]uint8) {
	t['"'] = byteQuote
	t['{'], t['['] = byteOpen, byteOpen
	t['}'], t[']'] = byteClose, byteClose
	t[','] = byteComma
	for _, c := range "tfnNIi" {
		t[c] = byteWord
	}
	return t
}()

// inspect looks over a text before fastjson gets it. fastjson quotes the rest of the text in an error and copies the
// error at every level, so that a malformed word deep inside a large payload would cost seconds; and it cannot say what
// it did not like. inspect finds such words, and what can be repaired, in one pass.
func inspect(text []byte) (f findings) {
	depth := 0
	for i := 0; i < len(text); {
		switch byteClass[text[i]] {
		case byteOther:
			i++
		case byteQuote:
			end := stringEnd(text, i+1)
			if end < 0 {
				f.malformed = true
				return f
			}
			i = end
		case byteOpen:
			f.values++
			if depth++; depth > maxDepth {
				f.deep = true
			}
			i++
		case byteClose:
			depth--
			i++
		case byteComma:
			f.values++
			i++
		case byteWord:
			n := wordLen(text[i:])
			if n == 0 {
				f.malformed = true
				return f
			}
			if n == len("Infinity") {
				f.infinity = true
			}
			i += n
		}
	}
	f.malformed = depth != 0
	return f
}

// stringEnd returns the index behind the quote that closes the string whose text starts at i, -1 if there is none.
func stringEnd(text []byte, i int) int {
	for start := i; ; {
		n := bytes.IndexByte(text[i:], '"')
		if n < 0 {
			return -1
		}
		i += n
		escapes := 0
		for i-1-escapes >= start && text[i-1-escapes] == '\\' {
			escapes++
		}
		i++
		if escapes%2 == 0 {
			return i
		}
	}
}

// wordLen returns the length of the word that text starts with, 0 when it is none that JSON or Python's dialect knows.
func wordLen(text []byte) int {
	for _, w := range [...]string{"true", "false", "null", "NaN", "nan", "Infinity", "inf", "Inf"} {
		if len(text) >= len(w) && string(text[:len(w)]) == w {
			return len(w)
		}
	}
	return 0
}

// repair appends text to dst in a form that fastjson takes: lists and objects below maxDepth become null, Infinity
// becomes inf. The text must not be malformed.
func repair(dst, text []byte) []byte {
	depth, copied := 0, 0
	for i := 0; i < len(text); {
		switch byteClass[text[i]] {
		case byteQuote:
			i = stringEnd(text, i+1)
		case byteOpen:
			if depth++; depth == maxDepth+1 {
				dst = append(append(dst, text[copied:i]...), "null"...)
			}
			i++
		case byteClose:
			i++
			if depth--; depth == maxDepth {
				copied = i
			}
		case byteWord:
			n := wordLen(text[i:])
			if n == len("Infinity") && depth <= maxDepth {
				dst = append(append(dst, text[copied:i]...), "inf"...)
				copied = i + n
			}
			i += n
		default:
			i++
		}
	}
	return append(dst, text[copied:]...)
}
