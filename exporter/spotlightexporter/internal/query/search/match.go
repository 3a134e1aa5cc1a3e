package search

import (
	"strings"
	"unicode/utf8"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// pattern is a text to look for, in lower case; * in it stands for any text.
type pattern struct {
	parts  []string // between the stars
	inside bool     // anywhere in the text, else the text as a whole
}

func compile(text string, quoted, inside bool) pattern {
	text = strings.ToLower(text)
	if quoted || !strings.Contains(text, "*") {
		return pattern{parts: []string{text}, inside: inside}
	}
	return pattern{parts: strings.Split(text, "*"), inside: inside}
}

// match reports whether text, of any case, fits.
func (p pattern) match(text string) bool {
	if p.inside && len(p.parts) == 1 {
		return containsFold(text, p.parts[0])
	}
	text = strings.ToLower(text)
	if len(p.parts) == 1 {
		return text == p.parts[0]
	}
	first, last := p.parts[0], p.parts[len(p.parts)-1]
	if p.inside {
		first, last = "", ""
	} else if !strings.HasPrefix(text, first) {
		return false
	} else {
		text = text[len(first):]
	}
	middle := p.parts[1 : len(p.parts)-1]
	if p.inside {
		middle = p.parts
	}
	for _, part := range middle {
		i := strings.Index(text, part)
		if i < 0 {
			return false
		}
		text = text[i+len(part):]
	}
	return strings.HasSuffix(text, last)
}

// containsFold reports whether text contains lower, which is in lower case, without making a copy of ASCII text.
func containsFold(text, lower string) bool {
	if lower == "" {
		return true
	}
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return strings.Contains(strings.ToLower(text), lower)
		}
	}
	for i := 0; i+len(lower) <= len(text); i++ {
		j := 0
		for j < len(lower) && lowerByte(text[i+j]) == lower[j] {
			j++
		}
		if j == len(lower) {
			return true
		}
	}
	return false
}

func lowerByte(c byte) byte {
	if c >= 'A' && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

func (t *term) match(r Record) (found bool) {
	switch {
	case t.flag != "":
		return r.Is(t.flag)
	case t.key == "":
		r.Texts(func(text string) bool {
			found = t.words[0].match(text)
			return !found
		})
	default:
		r.Values(t.key, func(v model.Value) bool {
			found = t.value(v)
			return !found
		})
	}
	return found
}

// value reports whether one value fits.
func (t *term) value(v model.Value) bool {
	if t.has {
		return !v.IsNull() && (v.Kind() != model.KindString || v.Str() != "")
	}
	if t.op != "" {
		n, ok := t.numberOf(v)
		return ok && compare(n, t.op, t.number)
	}
	text := v.Text()
	for _, w := range t.words {
		switch {
		case t.kind == level:
			if a, ok := levels[model.Level(strings.ToLower(text))]; ok {
				if b, ok := levels[model.Level(w.parts[0])]; ok && a == b {
					return true
				}
			}
		case t.kind == id && len(w.parts) == 1:
			if strings.HasPrefix(strings.ToLower(text), strings.ReplaceAll(w.parts[0], "-", "")) {
				return true
			}
		}
		if w.match(text) {
			return true
		}
	}
	return false
}

func (t *term) numberOf(v model.Value) (float64, bool) {
	if t.kind == level {
		n, ok := levels[model.Level(strings.ToLower(v.Text()))]
		return n, ok
	}
	switch v.Kind() {
	case model.KindInt, model.KindDouble, model.KindNumber:
		return v.Double(), true
	case model.KindString: // numbers are sent as text too
		p := model.ParseNumber(v.Str())
		return p.Double(), p.Kind() != model.KindString
	}
	return 0, false
}

func compare(a float64, op string, b float64) bool {
	switch op {
	case ">":
		return a > b
	case ">=":
		return a >= b
	case "<":
		return a < b
	case "<=":
		return a <= b
	}
	return a == b
}

// CompareLevels orders severities; one that nobody knows is as info.
func CompareLevels(a, b model.Level) int {
	rank := func(l model.Level) float64 {
		if n, ok := levels[l]; ok {
			return n
		}
		return levels[model.LevelInfo]
	}
	switch x, y := rank(a), rank(b); {
	case x < y:
		return -1
	case x > y:
		return 1
	}
	return 0
}
