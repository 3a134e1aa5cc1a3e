package sentry

import (
	"bytes"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/valyala/fastjson"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// reader parses one payload at a time. Parsed values live until the next parse or until the reader is given back;
// whatever stays must be copied (str, text).
type reader struct {
	parser fastjson.Parser
	fixed  []byte // the text given to the parser, when it had to be repaired
	num    []byte // scratch for the text of numbers
	stack  []byte // scratch for stack traces
	texts  texts
	size   int // of the largest payload parsed, in values
	found  findings
	utf8   bool // the payload is valid UTF-8
}

var readers = sync.Pool{New: func() any { return new(reader) }}

// maxKept is how many values a reader may have parsed at once to be used again: 16 MiB of memory that would otherwise
// sit in the pool after one large payload.
const maxKept = 1 << 17

func getReader() *reader { return readers.Get().(*reader) }

func (r *reader) release() {
	r.texts = texts{}
	if r.size > maxKept {
		return
	}
	if cap(r.fixed) > 1<<20 {
		r.fixed = nil
	}
	readers.Put(r)
}

var utf8BOM = []byte("\xef\xbb\xbf")

// parse reads a payload as JSON; nil when it is none. A byte order mark in front and blanks around it are taken.
func (r *reader) parse(payload []byte) *fastjson.Value {
	r.utf8 = utf8.Valid(payload)
	text := bytes.TrimPrefix(payload, utf8BOM)
	r.found = inspect(text)
	r.size = max(r.size, r.found.values)
	if r.found.malformed || r.found.values > maxValues {
		return nil
	}
	if r.found.deep || r.found.infinity {
		r.fixed = repair(r.fixed[:0], text)
		text = r.fixed
	}
	v, err := r.parser.ParseBytes(text)
	if err != nil {
		return nil
	}
	return v
}

// warnings adds what was seen of the payload as a whole.
func (r *reader) warnings(w []string) []string {
	if r.found.deep {
		w = append(w, warnTooDeep)
	}
	if !r.utf8 {
		w = append(w, model.WarnInvalidUTF8)
	}
	return w
}

// object returns v as an object, nil when it is none.
func object(v *fastjson.Value) *fastjson.Object {
	if v == nil {
		return nil
	}
	o := v.GetObject()
	return o
}

// isNull reports whether a value is missing or null.
func isNull(v *fastjson.Value) bool { return v == nil || v.Type() == fastjson.TypeNull }

// field returns the value of a key of an object; the last one counts when a key repeats. It is for few keys of small
// objects: the fields of larger ones are read in one visit.
func field(v *fastjson.Value, key string) *fastjson.Value {
	var found *fastjson.Value
	object(v).Visit(func(k []byte, e *fastjson.Value) {
		if string(k) == key {
			found = e
		}
	})
	return found
}

// path follows keys through nested objects.
func path(v *fastjson.Value, keys ...string) *fastjson.Value {
	for _, k := range keys {
		v = field(v, k)
	}
	return v
}

// str returns the text of a string value, "" for anything else.
func (r *reader) str(v *fastjson.Value) string {
	if v == nil || v.Type() != fastjson.TypeString {
		return ""
	}
	return r.copy(v.GetStringBytes())
}

// text returns any value as text: strings as they are, numbers as they were written, booleans in Python's spelling (as
// Sentry shows them), lists and objects as JSON, null and missing as "".
func (r *reader) text(v *fastjson.Value) string {
	if v == nil {
		return ""
	}
	switch v.Type() {
	case fastjson.TypeString:
		return r.copy(v.GetStringBytes())
	case fastjson.TypeNull:
		return ""
	case fastjson.TypeTrue:
		return "True"
	case fastjson.TypeFalse:
		return "False"
	}
	return r.json(v)
}

// json returns a value as JSON text: lists and objects as they were written but for blanks.
func (r *reader) json(v *fastjson.Value) string {
	r.num = appendJSON(r.num[:0], v)
	return r.copy(r.num)
}

// appendJSON appends a value as JSON. fastjson writes strings that it has unescaped in Go's syntax, so a string is
// written here; those inside lists and objects have not been looked at and are written as they came.
func appendJSON(dst []byte, v *fastjson.Value) []byte {
	if v.Type() == fastjson.TypeString {
		return model.AppendJSONString(dst, string(v.GetStringBytes()))
	}
	return v.MarshalTo(dst)
}

// number returns the text of a number, valid until the next call; nil for anything else. Text that holds a number counts:
// SDKs quote them now and then.
func (r *reader) number(v *fastjson.Value) []byte {
	if v == nil {
		return nil
	}
	switch v.Type() {
	case fastjson.TypeNumber:
		r.num = v.MarshalTo(r.num[:0])
		return r.num
	case fastjson.TypeString:
		return bytes.TrimSpace(v.GetStringBytes())
	}
	return nil
}

// int returns a whole number, 0 and false for anything else.
func (r *reader) int(v *fastjson.Value) (int64, bool) { return parseInt(r.number(v)) }

// copy returns a copy of b in valid UTF-8.
func (r *reader) copy(b []byte) string {
	if !r.utf8 && !utf8.Valid(b) {
		b = bytes.ToValidUTF8(b, []byte("\ufffd"))
	}
	return r.texts.of(b)
}

// texts makes strings that share allocations: a container of spans has ten thousand of them.
type texts struct {
	chunk strings.Builder
	next  int
}

// The sizes of shared allocations, in bytes: small, for payloads of which little is taken; then larger, but never so
// large that one string that is kept would hold on to much.
const (
	firstChunk = 256
	lastChunk  = 4096
)

func (t *texts) of(b []byte) string {
	if len(b) == 0 {
		return ""
	}
	if t.chunk.Cap()-t.chunk.Len() < len(b) {
		if len(b) >= lastChunk/8 {
			return string(b)
		}
		t.next = min(max(2*t.next, firstChunk), lastChunk)
		t.chunk = strings.Builder{}
		t.chunk.Grow(max(t.next, len(b)))
	}
	n := t.chunk.Len()
	t.chunk.Write(b)
	return t.chunk.String()[n:]
}
