package sentry

import (
	"bytes"
	"math"
	"unicode/utf16"
	"unicode/utf8"
)

// This file is a JSON parser. Why not one of the many there are: SDKs send what is not quite JSON, and payloads are
// hostile at times. It takes NaN and Infinity (old Python SDKs), control characters in strings, lone surrogates and
// invalid UTF-8; it cuts what nests too deep instead of failing or recursing; it allocates by what was sent, says no at
// no cost, and keeps the text of every value at hand, byte for byte. A payload becomes a flat list of tokens without
// pointers, so that a pooled reader parses without allocating and the garbage collector has nothing to look at. It is
// also two to three times as fast as valyala/fastjson behind the checks that make that one safe (BenchmarkScan).

const (
	// maxDepth is how deep values may nest before they are cut: readers of attributes recurse. SDKs cut at 3 to 10 levels
	// by themselves.
	maxDepth = 200

	// maxTokens bounds the memory of a parsed payload, 16 bytes a token. The largest honest payload, a container of 1,000
	// spans, has about 200,000 keys and values.
	maxTokens = 1 << 21
)

type kind uint8

const (
	kindNone kind = iota // missing
	kindNull
	kindTrue
	kindFalse
	kindNumber
	kindString
	kindArray
	kindObject
)

// token is a key or a value. Behind an object follow its keys and values in turn, behind a list its elements.
type token struct {
	start, end uint32 // of its text, in bytes; for a string what is between the quotes
	next       uint32 // index of the token behind this one and all that is in it
	count      uint16 // members or elements, at most maxCount
	kind       kind
	escaped    bool // a string with backslashes
}

const maxCount = math.MaxUint16

// scan reads data into r.tokens; it returns false when data is not JSON, or too large.
func (r *reader) scan(data []byte) bool {
	r.data, r.tokens, r.open = data, r.tokens[:0], r.open[:0]
	r.deep, r.strange, r.tooMany = false, false, false
	if len(data) >= math.MaxUint32 {
		r.tooMany = true
		return false
	}
	i := skipBlanks(data, 0)
	for {
		// A value starts at i.
		if i >= len(data) {
			return false
		}
		if len(r.tokens) >= maxTokens {
			r.tooMany = true
			return false
		}
		switch c := data[i]; c {
		case '{', '[':
			if len(r.open) == maxDepth {
				end := skipContainer(data, i)
				if end < 0 {
					return false
				}
				r.deep = true
				r.leaf(kindNull, i, end)
				i = end
				break
			}
			n := token{start: uint32(i), kind: kindArray} // #nosec G115 -- len(data) fits
			closing := byte(']')
			if c == '{' {
				n.kind, closing = kindObject, '}'
			}
			r.open = append(r.open, uint32(len(r.tokens))) // #nosec G115 -- at most maxTokens
			r.tokens = append(r.tokens, n)
			i = skipBlanks(data, i+1)
			if i < len(data) && data[i] == closing {
				break // an empty one is closed below
			}
			if c == '{' {
				if i = r.scanKey(i); i < 0 {
					return false
				}
			}
			continue
		case '"':
			end := r.scanString(i)
			if end < 0 {
				return false
			}
			i = end
		default:
			k, end := scanWord(data, i)
			if k == kindNone {
				return false
			}
			if k == kindNumber && !isDigit(data[end-1]) && data[end-1] != '.' {
				r.strange = true
			}
			r.leaf(k, i, end)
			i = end
		}

		// A value ends before i: close what ends here, then find the next one.
		for {
			i = skipBlanks(data, i)
			if len(r.open) == 0 {
				return i == len(data)
			}
			if i >= len(data) {
				return false
			}
			container := &r.tokens[r.open[len(r.open)-1]]
			closing := byte(']')
			if container.kind == kindObject {
				closing = '}'
			}
			if data[i] == ',' {
				i = skipBlanks(data, i+1)
				if i >= len(data) {
					return false
				}
				if data[i] != closing { // a comma before the end is overlooked
					container.counted()
					if closing == '}' {
						if i = r.scanKey(i); i < 0 {
							return false
						}
					}
					break
				}
			}
			if data[i] != closing {
				return false
			}
			i++
			if container.next = uint32(len(r.tokens)); container.next > r.open[len(r.open)-1]+1 { // #nosec G115 -- at most maxTokens
				container.counted()
			}
			container.end = uint32(i) // #nosec G115 -- len(data) fits
			r.open = r.open[:len(r.open)-1]
		}
	}
}

// counted notes one more member or element.
func (n *token) counted() {
	if n.count < maxCount {
		n.count++
	}
}

func (r *reader) leaf(k kind, start, end int) {
	r.tokens = append(r.tokens, token{
		start: uint32(start), end: uint32(end), next: uint32(len(r.tokens) + 1), kind: k, // #nosec G115 -- len(data) fits
	})
}

// scanKey reads a key and its colon; it returns where the value starts, -1 when there is none.
func (r *reader) scanKey(i int) int {
	if i >= len(r.data) || r.data[i] != '"' {
		return -1
	}
	i = r.scanString(i)
	if i < 0 {
		return -1
	}
	i = skipBlanks(r.data, i)
	if i >= len(r.data) || r.data[i] != ':' {
		return -1
	}
	return skipBlanks(r.data, i+1)
}

// scanString reads the string whose quote is at i; it returns the index behind it, -1 when it does not end.
func (r *reader) scanString(i int) int {
	end, escaped := stringEnd(r.data, i+1)
	if end < 0 {
		return -1
	}
	r.leaf(kindString, i+1, end)
	r.tokens[len(r.tokens)-1].escaped = escaped
	return end + 1
}

// stringEnd returns the index of the quote that closes a string whose text starts at i, and whether the text has
// backslashes.
func stringEnd(data []byte, i int) (end int, escaped bool) {
	// Most strings are keys and ids: shorter than what makes the vectorised search worth its call.
	for stop := min(i+24, len(data)); i < stop; i++ {
		switch data[i] {
		case '"':
			return i, false
		case '\\':
			return escapedEnd(data, i), true
		}
	}
	n := bytes.IndexByte(data[i:], '"')
	if n < 0 {
		return -1, false
	}
	if slash := bytes.IndexByte(data[i:i+n], '\\'); slash >= 0 {
		return escapedEnd(data, i+slash), true
	}
	return i + n, false
}

// escapedEnd is stringEnd from the first backslash on.
func escapedEnd(data []byte, i int) int {
	for i < len(data) {
		switch data[i] {
		case '"':
			return i
		case '\\':
			i += 2
		default:
			i++
		}
	}
	return -1
}

// skipBlanks returns the index of the first byte from i on that is no white space.
func skipBlanks(data []byte, i int) int {
	for i < len(data) && (data[i] == ' ' || data[i] == '\n' || data[i] == '\r' || data[i] == '\t') {
		i++
	}
	return i
}

// scanWord reads a number or a word; kindNone when it is none that JSON or Python's dialect of it knows. Zeros in front
// of a number and nothing behind its point are overlooked.
func scanWord(data []byte, i int) (k kind, end int) {
	end = i
	if data[i] == '-' {
		end++
	}
	if digits := skipDigits(data, end); digits > end {
		end = digits
		if end < len(data) && data[end] == '.' {
			end = skipDigits(data, end+1)
		}
		if end < len(data) && data[end]|0x20 == 'e' {
			e := end + 1
			if e < len(data) && (data[e] == '+' || data[e] == '-') {
				e++
			}
			if end = skipDigits(data, e); end == e {
				return kindNone, i
			}
		}
		return kindNumber, end
	}
	for _, w := range words {
		if len(data)-end >= len(w.text) && string(data[end:end+len(w.text)]) == w.text {
			if end > i && w.kind != kindNumber { // -true
				return kindNone, i
			}
			return w.kind, end + len(w.text)
		}
	}
	return kindNone, i
}

func skipDigits(data []byte, i int) int {
	for i < len(data) && isDigit(data[i]) {
		i++
	}
	return i
}

var words = [...]struct {
	text string
	kind kind
}{
	{"true", kindTrue}, {"false", kindFalse}, {"null", kindNull}, {"NaN", kindNumber}, {"Infinity", kindNumber}, {"nan", kindNumber}, {"inf", kindNumber},
}

// skipContainer returns the index behind the list or object that starts at i, -1 when it does not end. What is in it is
// not looked at.
func skipContainer(data []byte, i int) int {
	depth := 0
	for i < len(data) {
		switch data[i] {
		case '"':
			end, _ := stringEnd(data, i+1)
			if end < 0 {
				return -1
			}
			i = end
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return i + 1
			}
		}
		i++
	}
	return -1
}

// unescape appends the text of a string with its escapes replaced. A surrogate without its other half becomes U+FFFD; an
// escape that JSON does not know stays as it is.
func unescape(dst, text []byte) []byte {
	for {
		n := bytes.IndexByte(text, '\\')
		if n < 0 || n+1 == len(text) {
			return append(dst, text...)
		}
		dst = append(dst, text[:n]...)
		c := text[n+1]
		text = text[n+2:]
		switch c {
		case '"', '\\', '/':
			dst = append(dst, c)
		case 'b':
			dst = append(dst, '\b')
		case 'f':
			dst = append(dst, '\f')
		case 'n':
			dst = append(dst, '\n')
		case 'r':
			dst = append(dst, '\r')
		case 't':
			dst = append(dst, '\t')
		case 'u':
			c, ok := hex4(text)
			if !ok {
				dst = append(dst, '\\', 'u')
				continue
			}
			text = text[4:]
			if utf16.IsSurrogate(c) {
				low := rune(-1)
				if len(text) >= 6 && text[0] == '\\' && text[1] == 'u' {
					low, _ = hex4(text[2:])
				}
				if c = utf16.DecodeRune(c, low); c != utf8.RuneError {
					text = text[6:]
				}
			}
			dst = utf8.AppendRune(dst, c)
		default:
			dst = append(dst, '\\', c)
		}
	}
}

// hex4 reads four hex digits.
func hex4(text []byte) (c rune, ok bool) {
	if len(text) < 4 {
		return -1, false
	}
	for _, d := range text[:4] {
		c <<= 4
		switch {
		case d >= '0' && d <= '9':
			c |= rune(d - '0')
		case d >= 'a' && d <= 'f':
			c |= rune(d - 'a' + 10)
		case d >= 'A' && d <= 'F':
			c |= rune(d - 'A' + 10)
		default:
			return -1, false
		}
	}
	return c, true
}
