package search

import (
	"strings"
	"unicode"
)

// token is one word of a query: what stands between spaces that are not in quotes or brackets.
type token struct {
	negated bool
	key     string // "" for free text
	op      string // "", =, >, >=, <, <=
	values  []string
	quoted  bool   // the only value was in quotes: it is no wildcard and no comparison
	text    string // as it was typed
}

// split cuts a query into tokens.
func split(text string) (tokens []token) {
	for rest := []rune(text); ; {
		for len(rest) > 0 && unicode.IsSpace(rest[0]) {
			rest = rest[1:]
		}
		if len(rest) == 0 {
			return tokens
		}
		n := wordLen(rest)
		tokens = append(tokens, lex(string(rest[:n])))
		rest = rest[n:]
	}
}

// wordLen returns the length of the first word: up to a space outside quotes and brackets. A quote that is not closed
// ends with the query.
func wordLen(r []rune) int {
	quote, bracket := false, false
	for i, c := range r {
		switch {
		case c == '"':
			quote = !quote
		case quote:
		case c == '[' && i > 0 && r[i-1] == ':':
			bracket = true
		case c == ']':
			bracket = false
		case unicode.IsSpace(c) && !bracket:
			return i
		}
	}
	return len(r)
}

func lex(word string) token {
	t := token{text: word}
	if len(word) > 1 && (word[0] == '-' || word[0] == '!') {
		t.negated, word = true, word[1:]
	}
	if key, value, ok := strings.Cut(word, ":"); ok && isKey(key) && !strings.HasPrefix(value, "//") {
		t.key, word = strings.ToLower(key), value
		if name, of, ok := strings.Cut(key, "."); ok { // attribute names keep their case
			t.key = strings.ToLower(name) + "." + of
		}
		for _, op := range [...]string{">=", "<=", ">", "<", "="} {
			if strings.HasPrefix(word, op) {
				t.op, word = op, word[len(op):]
				break
			}
		}
	}
	if t.key != "" && strings.HasPrefix(word, "[") {
		for _, v := range splitSet(strings.TrimSuffix(word[1:], "]")) {
			if v, _ = unquote(strings.TrimSpace(v)); v != "" {
				t.values = append(t.values, v)
			}
		}
		return t
	}
	word, t.quoted = unquote(word)
	t.values = []string{word}
	return t
}

// splitSet cuts the inside of brackets at commas outside quotes.
func splitSet(s string) (parts []string) {
	quote, from := false, 0
	for i, c := range s {
		switch {
		case c == '"':
			quote = !quote
		case c == ',' && !quote:
			parts = append(parts, s[from:i])
			from = i + 1
		}
	}
	return append(parts, s[from:])
}

func unquote(s string) (string, bool) {
	if !strings.HasPrefix(s, `"`) {
		return s, false
	}
	return strings.ReplaceAll(strings.TrimSuffix(s[1:], `"`), `"`, ""), true
}

// isKey reports whether the text before a colon can be a key. Windows paths and times (C:\x, 12:30) are text.
func isKey(s string) bool {
	if len(s) < 2 || !unicode.IsLetter(rune(s[0])) {
		return false
	}
	for _, c := range s {
		if !unicode.IsLetter(c) && !unicode.IsDigit(c) && !strings.ContainsRune("._-/@", c) {
			return false
		}
	}
	return true
}
