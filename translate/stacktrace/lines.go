package stacktrace

import (
	"strconv"
	"strings"
)

// line is a line of the text, without its end. Its texts share the memory of the whole.
type line struct {
	text   string // as it is
	body   string // without the white space around it; "" for a line too long to be a frame
	indent int    // bytes of white space in front
}

// split splits text into lines, ended by LF or CRLF.
func split(text string) []line {
	n := min(strings.Count(text, "\n")+1, maxLines)
	out := make([]line, 0, n)
	for len(out) < n {
		s, rest, more := strings.Cut(text, "\n")
		s = strings.TrimSuffix(s, "\r")
		body := strings.TrimLeft(s, " \t")
		l := line{text: s, indent: len(s) - len(body)}
		if len(body) <= maxLine {
			l.body = strings.TrimRight(body, " \t")
		}
		out = append(out, l)
		if !more {
			break
		}
		text = rest
	}
	return out
}

// joined returns the texts of lines as one text.
func joined(lines []line) string {
	if len(lines) == 1 {
		return lines[0].text
	}
	var sb strings.Builder
	for i, l := range lines {
		if i > 0 {
			sb.WriteByte('\n')
		}
		sb.WriteString(l.text)
	}
	return sb.String()
}

// withoutColours removes ANSI escape sequences (CSI), which terminals' error printers put in.
func withoutColours(text string) string {
	var sb strings.Builder
	sb.Grow(len(text))
	for {
		before, after, found := strings.Cut(text, "\x1b[")
		sb.WriteString(before)
		if !found {
			return sb.String()
		}
		i := 0
		for i < len(after) && i < 16 && (after[i] < '@' || after[i] > '~') {
			i++
		}
		text = after[min(i+1, len(after)):]
	}
}

// position reads a line or column number; ok is false for anything else.
func position(s string) (n int, ok bool) {
	if s == "" || len(s) > 9 {
		return 0, false
	}
	n, err := strconv.Atoi(s)
	return n, err == nil && n >= 0 && s[0] != '+'
}

// cutPosition splits path:line:column or path:line off the end of s. ok is false when there is not even a line.
func cutPosition(s string) (path string, line, column int, ok bool) {
	i := strings.LastIndexByte(s, ':')
	if i < 0 {
		return s, 0, 0, false
	}
	last, ok := position(s[i+1:])
	if !ok {
		return s, 0, 0, false
	}
	if j := strings.LastIndexByte(s[:i], ':'); j >= 0 {
		if first, ok := position(s[j+1 : i]); ok {
			return s[:j], first, last, true
		}
	}
	return s[:i], last, 0, true
}

// splitHeader splits "Type: message" where Type looks like the name of a class; else all is the message. A name alone is
// a type.
func splitHeader(s string) (typ, value string) {
	name, message, found := strings.Cut(s, ":")
	if isTypeName(name) && (!found || message == "" || message[0] == ' ' || message[0] == '\n') {
		return name, strings.TrimLeft(message, " ")
	}
	return "", s
}

// isTypeName reports whether s may be the name of a class of exceptions: words of letters, digits and _ $ joined by
// . :: \ and, for inner classes and generics, $ ` +.
func isTypeName(s string) bool {
	if s == "" || len(s) > 512 || s[0] >= '0' && s[0] <= '9' {
		return false
	}
	for i := range len(s) {
		c := s[i]
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '_', c == '$', c == '.', c == '\\', c == '`', c == '+', c >= 0x80:
		case c == '<' || c == '>' || c == '*': // <unnamed>, Foo<Bar>, *errors.errorString
		default:
			return false
		}
	}
	return true
}

// quoted returns the text between the first character of s, a quote, and the next such.
func quoted(s string, open, end byte) (in, rest string, ok bool) {
	if s == "" || s[0] != open {
		return "", s, false
	}
	i := strings.IndexByte(s[1:], end)
	if i < 0 {
		return "", s, false
	}
	return s[1 : 1+i], s[i+2:], true
}
