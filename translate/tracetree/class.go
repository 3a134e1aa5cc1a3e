package tracetree

import (
	"strings"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// class is the kind of work a span is, as far as equal calls are counted.
type class uint8

const (
	classOther class = iota
	classDB
	classHTTPClient
	classHTTPServer
	classCache
	classRPC
	classQueue
	classWait // for the network, a pool, the browser: nothing of its own to record
)

// classes are the ops of each class; the first row that fits counts.
var classes = [...]struct {
	prefix string
	class  class
}{
	{"db", classDB},
	{"http.client", classHTTPClient},
	{"http.server", classHTTPServer},
	{"cache", classCache},
	{"rpc", classRPC},
	{"grpc", classRPC},
	{"queue", classQueue},
	{"message", classQueue},
	{"resource", classWait},
	{"ui.long_animation_frame", classWait}, // measured by the browser: what ran in it is in the spans beside it
	{"ui.long-animation-frame", classWait},
	{"ui.long-task", classWait},
}

func classOf(s *model.Span) class {
	if s.Op == "" {
		return classOther
	}
	for i := range classes {
		if hasPart(s.Op, classes[i].prefix) {
			if classes[i].class == classDB && strings.Contains(s.Name, "connect") {
				return classWait // taking a connection from a pool is no query
			}
			return classes[i].class
		}
	}
	return classOther
}

// siblingKey returns what equal siblings have in common: op, service, and what they do with its varying parts left out.
func siblingKey(s *model.Span, c class) uint64 {
	h := uint64(fnvOffset)
	h = hashText(h, s.Op)
	h = hashText(h, s.Service)
	what := s.Name
	switch c {
	case classDB:
		what = firstAttribute(s, what, "db.query.text", "db.statement")
	case classHTTPClient:
		method, _, _ := strings.Cut(s.Name, " ")
		h = hashText(h, method)
		what = firstAttribute(s, what, "url.full", "http.url", "url.path")
	}
	h = hashVarying(h, what)
	if h == 0 {
		h = 1
	}
	return h
}

func firstAttribute(s *model.Span, otherwise string, keys ...string) string {
	for _, k := range keys {
		if v := s.Attributes.Str(k); v != "" {
			return v
		}
	}
	return otherwise
}

const (
	fnvOffset = 14695981039346656037
	fnvPrime  = 1099511628211
)

func hashByte(h uint64, c byte) uint64 { return (h ^ uint64(c)) * fnvPrime }

func hashText(h uint64, s string) uint64 {
	for i := range len(s) {
		h = hashByte(h, s[i])
	}
	return hashByte(h, 0)
}

// maxCompared is how much of a description is compared: statements that begin with 512 equal bytes are the same query.
const maxCompared = 512

// hashVarying hashes a description in which words with digits, quoted text and query strings stand for themselves only
// by their kind, so that the calls of a loop are equal: GET /products/1 and GET /products/2.
func hashVarying(h uint64, s string) uint64 {
	s = s[:min(len(s), maxCompared)]
	for i := 0; i < len(s); {
		c := s[i]
		switch {
		case isWordByte(c):
			start, digits := i, false
			for i < len(s) && isWordByte(s[i]) {
				digits = digits || s[i] >= '0' && s[i] <= '9'
				i++
			}
			if digits {
				h = hashByte(h, '#')
				break
			}
			for _, c := range []byte(s[start:i]) {
				h = hashByte(h, c)
			}
		case c == '\'':
			end := strings.IndexByte(s[i+1:], '\'')
			if end < 0 {
				h, i = hashByte(h, c), i+1
				break
			}
			h, i = hashByte(h, '#'), i+end+2
		case c == '?' && i > 0 && isWordByte(s[i-1]):
			return h // a query string
		default:
			h, i = hashByte(h, c), i+1
		}
	}
	return h
}

func isWordByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '-' || c >= 0x80
}
