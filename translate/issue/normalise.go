package issue

import (
	"strings"
	"unicode/utf8"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// Part is a stretch of a message that differs between events of one group: its bytes from Start to End.
type Part struct {
	Start, End int
	Kind       string // what stands for it in the normalised text: <num>, <uuid>...
}

// maxMessage is how much of a message is looked at, in bytes; what is behind it is left out.
const maxMessage = 8 << 10

// The kinds of varying parts.
const (
	partNumber = "<num>"
	partHex    = "<hex>"
	partUUID   = "<uuid>"
	partID     = "<id>"
	partText   = "<str>"
	partPath   = "<path>"
	partURL    = "<url>"
	partEmail  = "<email>"
	partIP     = "<ip>"
	partDate   = "<date>"
)

// Normalise returns a message with its varying parts replaced by their kinds and its white space joined, and where in
// the message those parts are:
//
//	user 42 not found in "eu-west" after 1.5s     user <num> not found in <str> after <num>s
//
// It takes linear time and looks at the first 8 KiB.
func Normalise(message string) (text string, parts []Part) {
	n := normaliser{in: model.Cut(message, maxMessage)}
	n.out.Grow(len(n.in))
	for n.at < len(n.in) {
		n.next()
	}
	return strings.TrimSpace(n.out.String()), n.parts
}

// normaliser walks over a message once. Every step takes at least one byte, and looks ahead no further than what it
// takes or a constant.
type normaliser struct {
	in    string
	at    int
	out   strings.Builder
	parts []Part
	open  [len(quotes)]int // no quotation of a kind that starts before this byte ends in time
}

// take replaces the next size bytes.
func (n *normaliser) take(size int, kind string) {
	n.parts = append(n.parts, Part{n.at, n.at + size, kind})
	n.out.WriteString(kind)
	n.at += size
}

// keep passes the next size bytes on.
func (n *normaliser) keep(size int) {
	n.out.WriteString(n.in[n.at : n.at+size])
	n.at += size
}

func (n *normaliser) next() {
	c := n.in[n.at]
	switch {
	case isSpace(c):
		end := n.at
		for end < len(n.in) && isSpace(n.in[end]) {
			end++
		}
		n.out.WriteByte(' ')
		n.at = end
	case c == '"' || c == '\'' || c == '`' || strings.HasPrefix(n.in[n.at:], "“") || strings.HasPrefix(n.in[n.at:], "‘"):
		n.quotation()
	case c == '/' || c == '~' || c == '.' || c == '\\':
		n.path()
	case isLetter(c) || isDigit(c):
		n.word()
	case (c == '-' || c == '+') && n.at+1 < len(n.in) && isDigit(n.in[n.at+1]) && n.afterBreak():
		n.signed()
	case c == ':' && strings.HasPrefix(n.in[n.at:], "::") && n.ipv6(n.at):
	default:
		_, size := utf8.DecodeRuneInString(n.in[n.at:])
		n.keep(size)
	}
}

// afterBreak reports whether what comes next does not go on with a word.
func (n *normaliser) afterBreak() bool {
	return n.at == 0 || !isLetter(n.in[n.at-1]) && !isDigit(n.in[n.at-1])
}

const maxQuotation = 512 // bytes; longer ones are looked at piece by piece

// quotes are what quotations begin and end with.
var quotes = [...]struct{ open, close rune }{{'"', '"'}, {'\'', '\''}, {'`', '`'}, {'“', '”'}, {'‘', '’'}}

// quotation replaces a quoted text. An apostrophe within a word, and a quote that nothing closes, stay.
func (n *normaliser) quotation() {
	open, size := utf8.DecodeRuneInString(n.in[n.at:])
	kind := 0
	for quotes[kind].open != open {
		kind++
	}
	if n.at < n.open[kind] || open == '\'' && !n.afterBreak() {
		n.keep(size)
		return
	}
	closing := quotes[kind].close
	rest := n.in[n.at+size:]
	rest = rest[:min(len(rest), maxQuotation)]
	for i := 0; i < len(rest); {
		r, w := utf8.DecodeRuneInString(rest[i:])
		switch {
		case r == '\\' && i+w < len(rest):
			_, next := utf8.DecodeRuneInString(rest[i+w:])
			w += next
		case r == '\n':
			i = len(rest)
			continue
		case r == closing && (r != '\'' || i+w == len(rest) || !isLetter(rest[i+w])):
			n.take(size+i+w, partText)
			return
		}
		i += w
	}
	n.open[kind] = n.at + size + len(rest) // looked for in vain: do not look again for each quote in between
	n.keep(size)
}

// path replaces a path of a file or of a URL: two parts and more, or one below a drive, home or the present directory.
func (n *normaliser) path() {
	start, end := n.at, n.at
	if !n.afterBreak() {
		n.keep(1)
		return
	}
	separators := 0
	for end < len(n.in) {
		c := n.in[end]
		if c == '/' || c == '\\' {
			separators++
		} else if !isPathByte(c) {
			break
		}
		end++
	}
	end = start + len(strings.TrimRight(n.in[start:end], ".,:;)?"))
	switch c := n.in[start]; {
	case separators == 0 || end-start < 2:
		n.keep(1)
	case c == '/' && separators == 1 && end-start == 2, c == '.' && !dotted(n.in[start:end]):
		n.keep(1)
	default:
		n.take(end-start, partPath)
	}
}

// dotted reports whether a text begins with ./ or ../ of either kind.
func dotted(s string) bool {
	s = strings.TrimPrefix(s, ".")
	s = strings.TrimPrefix(s, ".")
	return s != "" && (s[0] == '/' || s[0] == '\\')
}

func isPathByte(c byte) bool {
	return isLetter(c) || isDigit(c) || strings.IndexByte("._-~%+@$#=:,()[]*?&", c) >= 0
}

// signed replaces a number with a sign.
func (n *normaliser) signed() {
	end := n.at + 1
	for end < len(n.in) && isNumberByte(n.in, end) {
		end++
	}
	n.take(end-n.at, partNumber)
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func isHexDigit(c byte) bool { return isDigit(c) || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F' }

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80 }

// isNumberByte reports whether the byte at i goes on with a number: a digit, or a point or comma between two.
func isNumberByte(s string, i int) bool {
	return isDigit(s[i]) || (s[i] == '.' || s[i] == ',') && i+1 < len(s) && isDigit(s[i+1]) && i > 0 && isDigit(s[i-1])
}
