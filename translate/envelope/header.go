package envelope

import (
	"bytes"
	"math"
	"strconv"
	"strings"
)

// header is what framing needs to know of an item header.
type header struct {
	end      int    // index after the closing brace
	typ      string // "" if absent or not a string
	length   int    // -1 if absent, null or unusable; math.MaxInt if it does not fit an int
	unusable []byte // the length as written, when it is neither a count nor null
	payload  bool   // has members of an event: transactions have a "type" in their payload, too
}

// readHeader reads the JSON object at p.in[at]. A header over several lines is tried only a few times once such tries
// have failed: each costs up to MaxHeader bytes, and then every line may start one.
func (p *parser) readHeader(at int) (header, bool) {
	const maxFailures = 8
	h, ok := p.scanHeader(at, p.failures >= maxFailures)
	if !ok {
		p.failures++
	}
	return h, ok
}

// scanHeader reads the JSON object at p.in[at]; the last one wins of repeated keys.
func (p *parser) scanHeader(at int, oneLine bool) (header, bool) {
	h := header{length: -1}
	s := scanner{b: p.in[:min(len(p.in), at+p.lim.MaxHeader)], i: at, oneLine: oneLine, maxDepth: maxHeaderDepth}
	if s.space() != '{' {
		return h, false
	}
	s.i++
	for {
		key, value, more, ok := s.member(0)
		if !more {
			h.end = s.i
			return h, ok
		}
		switch string(key) {
		case "type":
			h.typ = typeName(value)
		case "length":
			h.length, h.unusable = byteCount(value)
		case "event_id", "timestamp":
			h.payload = true
		}
	}
}

// typeName returns the text of a type, without allocating for the types that Sentry has.
func typeName(v []byte) string {
	if len(v) >= 2 && v[0] == '"' {
		if known, ok := knownTypes[string(v[1:len(v)-1])]; ok {
			return known
		}
	}
	name, _ := unquote(v)
	return name
}

// byteCount reads a length: a number, or a number as text (seen in the wild), of whole bytes.
func byteCount(v []byte) (length int, unusable []byte) {
	if string(v) == "null" {
		return -1, nil
	}
	digits := strings.TrimSpace(string(bytes.Trim(v, `"`)))
	if n, err := strconv.ParseUint(digits, 10, 64); err == nil {
		return int(min(n, math.MaxInt)), nil
	}
	f, err := strconv.ParseFloat(digits, 64) // 12.0, 1e3, or more digits than an integer holds
	switch {
	case f != math.Trunc(f) || f < 0:
		return -1, v
	case f >= math.MaxInt64:
		return math.MaxInt, nil
	case err != nil:
		return -1, v
	}
	return int(f), nil
}
