package search

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// kind says how the values of a key are compared.
type kind uint8

const (
	word     kind = iota // equal, whatever the case; * is a wildcard
	phrase               // contains
	id                   // begins with
	number               // equal, or a comparison
	duration             // number in nanoseconds, typed with a unit; without, milliseconds
	level                // equal, or a comparison of severities
	either               // as number where both sides are numbers, else as word
)

// keys are all keys there are. A List names those its records have.
var keys = map[string]kind{
	"service": word, "op": word, "kind": word, "origin": word, "release": word, "env": word, "sdk": word, "logger": word, "type": word,
	"platform": word, "unit": word, "issue": id, "culprit": phrase,
	"name": phrase, "message": phrase, "title": phrase, "url": phrase, "value": phrase, "root": phrase, "warning": phrase,
	"trace": id, "span": id, "event": id, "id": id,
	"status": either, "session": number, "spans": number, "errors": number, "count": number, "size": number, "pid": number,
	"dur": duration, "level": level,
	"attr.": either, "tag.": either,
}

// aliases are other names people know a key by.
var aliases = map[string]string{
	"duration": "dur", "environment": "env", "severity": "level", "span.op": "op", "trace_id": "trace", "span_id": "span",
	"event_id": "event", "service.name": "service", "transaction": "root", "description": "name", "body": "message",
}

// Keys and flags of which people ask with has: for something is:.
const (
	keyIs  = "is"
	keyHas = "has"
)

// term is one condition.
type term struct {
	negated bool
	key     string // "": free text
	flag    string // of is:, and of has: where the list knows such a flag
	has     bool   // any value of key
	kind    kind
	op      string
	number  float64
	words   []pattern
}

func (q *Query) warn(format string, args ...any) {
	q.Warnings = append(q.Warnings, fmt.Sprintf(format, args...))
}

// read makes a term of a token; ok is false when it was left out.
func (q *Query) read(t token, list List) (out term, ok bool) {
	out = term{negated: t.negated, op: t.op}
	if t.key == "" {
		if t.values[0] == "" {
			return out, false
		}
		out.words = []pattern{compile(t.values[0], t.quoted, true)}
		return out, true
	}
	if len(t.values) == 0 || len(t.values) == 1 && t.values[0] == "" && !t.quoted {
		q.warn("%s: a value is missing after the colon", clip(t.text))
		return out, false
	}
	if len(t.values) > maxSet {
		q.warn("%s: a set has at most %d values; the rest is left out", clip(t.text), maxSet)
		t.values = t.values[:maxSet]
	}
	switch t.key {
	case keyIs:
		out.flag = strings.ToLower(t.values[0])
		if !slices.Contains(list.Flags, out.flag) {
			q.warn("is:%s is unknown in %s; there is is:%s", clip(out.flag), list.Name, strings.Join(list.Flags, ", is:"))
			return out, false
		}
		return out, true
	case keyHas:
		name := t.values[0]
		if lower := strings.ToLower(name); slices.Contains(list.Flags, lower) {
			out.flag = lower
			return out, true
		}
		t.key = name
		out.has = true
	}
	if alias, known := aliases[t.key]; known {
		t.key = alias
	}
	if out.kind, ok = kindOf(t.key); !ok || !list.knows(t.key) {
		q.warn("%s is no key of %s; there is %s", clip(t.key), list.Name, strings.Join(list.Keys, ", "))
		return out, false
	}
	out.key = t.key
	if out.has {
		return out, true
	}
	return out, q.readValue(&out, t)
}

func kindOf(key string) (kind, bool) {
	if k, ok := keys[key]; ok && !strings.HasSuffix(key, ".") {
		return k, true
	}
	for _, prefix := range [...]string{"attr.", "tag."} {
		if strings.HasPrefix(key, prefix) && len(key) > len(prefix) {
			return keys[prefix], true
		}
	}
	return 0, false
}

func (l List) knows(key string) bool {
	return slices.ContainsFunc(l.Keys, func(k string) bool { return k == key || strings.HasSuffix(k, ".") && strings.HasPrefix(key, k) })
}

// readValue reads what stands after the colon.
func (q *Query) readValue(out *term, t token) bool {
	compares := t.op != "" && t.op != "="
	switch {
	case out.kind == duration || out.kind == number || out.kind == either && compares:
		if len(t.values) > 1 {
			break
		}
		n, err := parseNumber(t.values[0], out.kind)
		if err != nil {
			q.warn("%s: %v", clip(t.text), err)
			return false
		}
		if out.op == "" {
			out.op = "="
		}
		out.number = n
		return true
	case out.kind == level && compares:
		n, known := levels[model.Level(strings.ToLower(t.values[0]))]
		if !known {
			q.warn("%s: want trace, debug, info, warning, error or fatal", clip(t.text))
			return false
		}
		out.number = n
		return true
	case compares:
		q.warn("%s: %s cannot be compared with %s; leave it out", clip(t.text), t.key, t.op)
		return false
	}
	out.op = ""
	for _, v := range t.values {
		out.words = append(out.words, compile(v, t.quoted, out.kind == phrase))
	}
	return true
}

func parseNumber(text string, k kind) (float64, error) {
	if k == duration {
		if n, err := strconv.ParseFloat(text, 64); err == nil {
			return n * 1e6, nil
		}
		d, err := time.ParseDuration(strings.ReplaceAll(text, "µ", "u"))
		if err != nil {
			return 0, fmt.Errorf("want a duration such as 100ms, 1.5s or 2m")
		}
		return float64(d), nil
	}
	n, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return 0, fmt.Errorf("want a number")
	}
	return n, nil
}

var levels = map[model.Level]float64{
	model.LevelTrace: 0, model.LevelDebug: 1, model.LevelInfo: 2, "log": 2, "warn": 3, model.LevelWarning: 3, model.LevelError: 4,
	model.LevelFatal: 5, "critical": 5,
}

// clip shortens what a human typed for a warning.
func clip(s string) string {
	const most = 60
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}
