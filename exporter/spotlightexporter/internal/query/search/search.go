// Package search is the query language of all lists: free text and key:value terms, all of which a record must match.
//
//	timeout -service:web            text, and not of this service
//	service:[api,web] dur:>100ms    one of several values; a comparison
//	name:"GET /a b" op:db.*         quotes; * stands for any text
//	has:error is:orphan             something is there; something is true
//	attr.http.route:/x tag.region:eu
//
// It reads a query and asks records, which the callers wrap; it knows no list and no store. A query never fails: a term
// that cannot be understood is left out and explained, the others apply.
package search

import (
	"strings"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// Query is a query that was read. The zero value matches everything. It is never changed and may be shared.
type Query struct {
	// Warnings explain the terms that were left out.
	Warnings []string

	terms []term
}

// Record is what a query is asked of.
type Record interface {
	// Texts calls yield with the texts in which free text is looked for, until it returns false.
	Texts(yield func(string) bool)
	// Values calls yield with the values the record has under a key of its List, until it returns false.
	Values(key string, yield func(model.Value) bool)
	// Is reports whether a flag of its List is true.
	Is(flag string) bool
}

// List says what the records of a list can be asked for.
type List struct {
	Name  string   // for warnings: "traces"
	Keys  []string // of Keys; attr. and tag. stand for all of those
	Flags []string // what is: knows
}

// Bounds of a query: a human types some hundred bytes.
const (
	maxQuery = 4 << 10
	maxTerms = 64
	maxSet   = 64 // values of one set
)

// Empty reports whether q matches everything.
func (q Query) Empty() bool { return len(q.terms) == 0 }

// Uses reports whether q asks for a flag or a key, so that a caller knows what it has to compute.
func (q Query) Uses(name string) bool {
	for _, t := range q.terms {
		if t.key == name || t.flag == name {
			return true
		}
	}
	return false
}

// Match reports whether r matches all terms.
func (q Query) Match(r Record) bool {
	for i := range q.terms {
		if q.terms[i].match(r) == q.terms[i].negated {
			return false
		}
	}
	return true
}

// Parse reads a query for a list.
func Parse(text string, list List) Query {
	var q Query
	if len(text) > maxQuery {
		text = strings.ToValidUTF8(text[:maxQuery], "")
		q.warn("the query is longer than %d bytes; the rest is left out", maxQuery)
	}
	for _, raw := range split(text) {
		if len(q.terms) == maxTerms {
			q.warn("there are more than %d terms; the rest is left out", maxTerms)
			break
		}
		if t, ok := q.read(raw, list); ok {
			q.terms = append(q.terms, t)
		}
	}
	return q
}
