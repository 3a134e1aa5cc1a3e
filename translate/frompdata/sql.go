package frompdata

import (
	"strings"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// sqlVerbs are the statements that name a table, with the word the table follows ("" when it follows the verb).
var sqlVerbs = [...]struct{ verb, before string }{
	{"SELECT", "FROM"},
	{"DELETE", "FROM"},
	{"INSERT", "INTO"},
	{"REPLACE", "INTO"},
	{"MERGE", "INTO"},
	{"UPDATE", ""},
	{"TRUNCATE", "TABLE"},
	{"CREATE", "TABLE"},
	{"ALTER", "TABLE"},
	{"DROP", "TABLE"},
	{"CALL", ""},
	{"BEGIN", none},
	{"COMMIT", none},
	{"ROLLBACK", none},
}

const none = "-" // the statement names no table

const maxSummarised = 2 << 10 // bytes of a statement that are looked at for its table

// isSQLVerb reports whether word begins a statement, in any case.
func isSQLVerb(word string) bool {
	for i := range sqlVerbs {
		if strings.EqualFold(sqlVerbs[i].verb, word) {
			return true
		}
	}
	return false
}

// statementSummary returns verb and table of an SQL statement; of a command of a key-value store, which begins with its
// operation and goes on with its key, it returns operation and key.
func statementSummary(text, operation string) (verb, target string) {
	if verb, target = sqlSummary(text); verb != "" {
		return verb, target
	}
	word, rest := sqlWord(model.Cut(text, maxSummarised))
	if operation == "" || !strings.EqualFold(word, operation) {
		return "", ""
	}
	if target, _ = sqlWord(rest); target == "?" || len(target) > maxKey {
		target = ""
	}
	return word, target
}

const maxKey = 128 // bytes of a key that make a readable name

// sqlSummary returns verb and first table of an SQL statement, "" for what it does not find: it is no SQL parser, and a
// wrong table is worse than none, so anything but a plain name (a subquery, a function) counts as not found.
func sqlSummary(text string) (verb, table string) {
	if len(text) > maxSummarised {
		text = text[:maxSummarised]
	}
	word, rest := sqlWord(text)
	for i := range sqlVerbs {
		if !strings.EqualFold(sqlVerbs[i].verb, word) {
			continue
		}
		verb = sqlVerbs[i].verb
		before := sqlVerbs[i].before
		for before != "" {
			if word, rest = sqlWord(rest); word == "" {
				return verb, ""
			}
			if strings.EqualFold(word, before) {
				break
			}
		}
		for {
			word, rest = sqlWord(rest)
			switch {
			case strings.EqualFold(word, "IF"), strings.EqualFold(word, "NOT"), strings.EqualFold(word, "EXISTS"), strings.EqualFold(word, "ONLY"):
				continue
			}
			break
		}
		if word == "" || word[0] == '(' || strings.ContainsAny(word, "()'?$") {
			return verb, ""
		}
		return verb, strings.NewReplacer(`"`, "", "`", "", "[", "", "]", "").Replace(word)
	}
	return "", ""
}

// sqlWord returns the first word of s and what follows it; comments are skipped. An opening bracket begins a word.
func sqlWord(s string) (word, rest string) {
	for {
		s = strings.TrimLeft(s, " \t\r\n;,")
		switch {
		case strings.HasPrefix(s, "--"):
			_, s, _ = strings.Cut(s, "\n")
		case strings.HasPrefix(s, "/*"):
			_, s, _ = strings.Cut(s, "*/")
		default:
			end := strings.IndexAny(s, " \t\r\n;,")
			if end < 0 {
				end = len(s)
			}
			if i := strings.IndexByte(s[:end], '('); i > 0 {
				end = i
			}
			return s[:end], s[end:]
		}
	}
}
