package sentry

import (
	"bytes"
	"encoding/binary"
	"math"
	"math/bits"
	"unicode/utf16"
	"unicode/utf8"
)

// This file is a JSON parser. Why not one of the many there are: SDKs send what is not quite JSON, and payloads are
// hostile at times. It takes NaN and Infinity (old Python SDKs), control characters in strings, lone surrogates and
// invalid UTF-8; it cuts what nests too deep instead of failing or recursing; it allocates by what was sent, says no at
// no cost, and keeps the text of every value at hand, byte for byte. A payload becomes a flat list of tokens without
// pointers, so that a pooled reader parses without allocating and the garbage collector has nothing to look at.
//
// valyala/fastjson is as fast by itself, at about 1 GB/s. But it quotes the rest of the text in an error and copies the
// error at every level, so that one wrong letter deep inside a megabyte costs seconds; it refuses what is deeper than 300
// levels as a whole, and Infinity. The pass over the text that would have to go before it takes half its time again.

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
func (r *reader) scan(data []byte) (ok bool) {
	r.data, r.deep, r.strange = data, false, false
	r.tooMany = len(data) >= math.MaxUint32
	if r.tooMany {
		r.tokens = r.tokens[:0]
		return false
	}
	r.tokens, r.open, ok = r.scanInto(r.tokens[:0], r.open[:0])
	return ok
}

// scanInto does it. The slices are local here, because every key and value is appended to one; open holds the indexes of
// the containers around i. Tokens are filled in where they lie: one that is put together first and then copied costs twice
// the time, since the processor waits for the parts before it can read the whole.
func (r *reader) scanInto(tokens []token, open []uint32) ([]token, []uint32, bool) {
	data := r.data
	key := false // a key starts at i, else a value
	i := skipBlanks(data, 0)
	for {
		if i >= len(data) {
			return tokens, open, false
		}
		if len(tokens) >= maxTokens {
			r.tooMany = true
			return tokens, open, false
		}
		next := uint32(len(tokens) + 1) // #nosec G115 -- at most maxTokens
		switch c := data[i]; {
		case c == '"':
			end, escaped := stringEnd(data, i+1)
			if end < 0 {
				return tokens, open, false
			}
			tokens = append(tokens, token{})
			t := &tokens[next-1]
			t.start, t.end, t.next, t.kind, t.escaped = uint32(i+1), uint32(end), next, kindString, escaped // #nosec G115 -- len(data) fits
			i = end + 1
			if key {
				i = skipBlanks(data, i)
				if i >= len(data) || data[i] != ':' {
					return tokens, open, false
				}
				i = skipBlanks(data, i+1)
				key = false
				continue
			}
		case key:
			return tokens, open, false
		case c == '{' || c == '[':
			if len(open) == maxDepth {
				end := skipContainer(data, i)
				if end < 0 {
					return tokens, open, false
				}
				r.deep = true
				tokens = append(tokens, token{})
				t := &tokens[next-1]
				t.start, t.end, t.next, t.kind = uint32(i), uint32(end), next, kindNull // #nosec G115 -- len(data) fits
				i = end
				break
			}
			tokens = append(tokens, token{})
			container := &tokens[next-1]
			container.start, container.kind = uint32(i), kindArray // #nosec G115 -- len(data) fits
			if c == '{' {
				container.kind = kindObject
			}
			open = append(open, next-1)
			i = skipBlanks(data, i+1)
			if i < len(data) && data[i] == closing(container.kind) {
				break // an empty one is closed below
			}
			key = c == '{'
			continue
		default:
			k, end := scanWord(data, i)
			if k == kindNone {
				return tokens, open, false
			}
			if k == kindNumber && !isDigit(data[end-1]) && data[end-1] != '.' {
				r.strange = true
			}
			tokens = append(tokens, token{})
			t := &tokens[next-1]
			t.start, t.end, t.next, t.kind = uint32(i), uint32(end), next, k // #nosec G115 -- len(data) fits
			i = end
		}

		// A value ends before i: close what ends here, then find the next one.
		for {
			i = skipBlanks(data, i)
			if len(open) == 0 {
				return tokens, open, i == len(data)
			}
			if i >= len(data) {
				return tokens, open, false
			}
			index := open[len(open)-1]
			container := &tokens[index]
			end := closing(container.kind)
			if data[i] == ',' {
				i = skipBlanks(data, i+1)
				if i >= len(data) {
					return tokens, open, false
				}
				if data[i] != end { // a comma before the end is overlooked
					container.counted()
					key = end == '}'
					break
				}
			}
			if data[i] != end {
				return tokens, open, false
			}
			i++
			container.end = uint32(i)            // #nosec G115 -- len(data) fits
			container.next = uint32(len(tokens)) // #nosec G115 -- at most maxTokens
			if container.next > index+1 {
				container.counted()
			}
			open = open[:len(open)-1]
		}
	}
}

// closing is the byte that closes a container.
func closing(k kind) byte {
	if k == kindObject {
		return '}'
	}
	return ']'
}

// counted notes one more member or element.
func (t *token) counted() {
	if t.count < maxCount {
		t.count++
	}
}

// stringEnd returns the index of the quote that closes a string whose text starts at i, and whether the text has
// backslashes. It looks at eight bytes at a time: nearly all of a payload is strings, most of them shorter than what makes
// a call of bytes.IndexByte worth it.
func stringEnd(data []byte, i int) (end int, escaped bool) {
	for ; i+8 <= len(data); i += 8 {
		word := binary.LittleEndian.Uint64(data[i:])
		if found := (equalBytes(word, '"') | equalBytes(word, '\\')) & 0x8080808080808080; found != 0 {
			i += bits.TrailingZeros64(found) / 8
			break
		}
	}
	for ; i < len(data); i++ {
		switch data[i] {
		case '"':
			return i, false
		case '\\':
			return escapedEnd(data, i), true
		}
	}
	return -1, false
}

// equalBytes has the highest bit of every byte of word set that is c. Behind the first such byte, counted from the
// lowest, others may be set too (Anderson, Bit Twiddling Hacks, "Determine if a word has a zero byte").
func equalBytes(word uint64, c byte) uint64 {
	const ones = 0x0101010101010101
	x := word ^ ones*uint64(c)
	return (x - ones) &^ x
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
