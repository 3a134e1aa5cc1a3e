package sentry

import (
	"bytes"
	"iter"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
	"unsafe"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// reader reads one payload at a time. Its values live until the next parse, and no longer than the payload's bytes;
// whatever stays is copied (str, text).
type reader struct {
	data    []byte // the payload
	tokens  []token
	open    []uint32 // containers that scan is in
	deep    bool     // the payload nests deeper than maxDepth
	strange bool     // it has NaN or Infinity
	utf8    bool     // it is valid UTF-8
	tooMany bool     // it has more than maxTokens
	shared  bool     // data is text that lives on and never changes, see parseShared

	texts   texts
	words   [wordSlots]string // see word
	scratch []byte            // unescaped strings
	out     []byte            // JSON and stack traces
	renamed []member
}

var readers = sync.Pool{New: func() any { return new(reader) }}

// The largest buffers that a reader keeps for its next payload: what 100 KB of JSON need, not what one large payload did.
const (
	keptTokens  = 1 << 15
	keptScratch = 1 << 18
)

func getReader() *reader { return readers.Get().(*reader) }

func (r *reader) release() {
	r.texts = texts{}
	clear(r.words[:])
	r.data, r.shared = nil, false
	if cap(r.tokens) > keptTokens {
		r.tokens = nil
	}
	if cap(r.scratch)+cap(r.out) > keptScratch {
		r.scratch, r.out = nil, nil
	}
	readers.Put(r)
}

var utf8BOM = []byte("\xef\xbb\xbf")

// parse reads a payload as JSON; the missing value when it is none. A byte order mark in front and blanks around it are
// taken.
func (r *reader) parse(payload []byte) node {
	r.utf8, r.shared = utf8.Valid(payload), false
	if !r.scan(bytes.TrimPrefix(payload, utf8BOM)) {
		return node{}
	}
	return node{r, 0}
}

// parseShared is parse for a payload that becomes an attribute as a whole: keys and words are parts of it then, not copies.
func (r *reader) parseShared(payload string) node {
	root := r.parse(unsafe.Slice(unsafe.StringData(payload), len(payload))) // #nosec G103 -- nobody writes to a payload
	r.shared = r.utf8
	return root
}

// warnings adds what was seen of the payload as a whole.
func (r *reader) warnings(w []string) []string {
	if r.deep {
		w = append(w, warnTooDeep)
	}
	if !r.utf8 {
		w = append(w, model.WarnInvalidUTF8)
	}
	return w
}

// node is one value of a payload. The zero value stands for a missing one, and may be asked anything.
type node struct {
	r *reader
	i uint32
}

func (v node) token() *token { return &v.r.tokens[v.i] }

func (v node) missing() bool { return v.r == nil }

func (v node) kind() kind {
	if v.r == nil {
		return kindNone
	}
	return v.token().kind
}

// isNull reports whether v is missing or null.
func (v node) isNull() bool { return v.kind() <= kindNull }

func (v node) isObject() bool { return v.kind() == kindObject }

func (v node) isTrue() bool { return v.kind() == kindTrue }

// len is the number of members or elements, at most maxCount; 0 for anything else.
func (v node) len() int {
	if v.kind() < kindArray {
		return 0
	}
	return int(v.token().count)
}

// visit calls f for every member of an object in the order they came; for anything else it does nothing. The key stays
// valid as long as the payload.
func (v node) visit(f func(k []byte, e node)) {
	if v.kind() != kindObject {
		return
	}
	tokens, end := v.r.tokens, v.token().next
	for i := v.i + 1; i < end; i = tokens[i+1].next {
		f(v.r.key(&tokens[i]), node{v.r, i + 1})
	}
}

// elements goes over the elements of a list; anything else has none.
func (v node) elements() iter.Seq[node] {
	return func(yield func(node) bool) {
		if v.kind() != kindArray {
			return
		}
		tokens, end := v.r.tokens, v.token().next
		for i := v.i + 1; i < end; i = tokens[i].next {
			if !yield(node{v.r, i}) {
				return
			}
		}
	}
}

// list returns the elements of a list.
func (v node) list() []node {
	if v.len() == 0 || v.kind() != kindArray {
		return nil
	}
	return slices.AppendSeq(make([]node, 0, v.len()), v.elements())
}

// first returns the first element of a list.
func (v node) first() node {
	for e := range v.elements() {
		return e
	}
	return node{}
}

// field returns the value of a key of an object; the last one counts when a key repeats.
func (v node) field(key string) (found node) {
	if v.kind() != kindObject {
		return node{}
	}
	tokens, end := v.r.tokens, v.token().next
	for i := v.i + 1; i < end; i = tokens[i+1].next {
		n := &tokens[i]
		if !n.escaped && int(n.end-n.start) != len(key) {
			continue
		}
		if string(v.r.key(n)) == key {
			found = node{v.r, i + 1}
		}
	}
	return found
}

// path follows keys through nested objects.
func (v node) path(keys ...string) node {
	for _, k := range keys {
		v = v.field(k)
	}
	return v
}

// bytes returns the text of a string, valid until the next call; nil for anything else.
func (v node) bytes() []byte {
	if v.kind() != kindString {
		return nil
	}
	t := v.token()
	text := v.r.data[t.start:t.end]
	if !t.escaped {
		return text
	}
	v.r.scratch = unescape(v.r.scratch[:0], text)
	return v.r.scratch
}

// raw returns the text of v as it was written.
func (v node) raw() []byte {
	n := v.token()
	if n.kind == kindString {
		return v.r.data[n.start-1 : n.end+1]
	}
	return v.r.data[n.start:n.end]
}

// number returns the text of a number, or of a string, which may hold one: SDKs quote them now and then. It is valid
// until the next call; nil for anything else.
func (v node) number() []byte {
	switch v.kind() {
	case kindNumber:
		return v.raw()
	case kindString:
		return bytes.TrimSpace(v.bytes())
	}
	return nil
}

// int returns a whole number, 0 and false for anything else.
func (v node) int() (int64, bool) { return parseInt(v.number()) }

// str returns the text of a string node, "" for anything else.
func (v node) str() string {
	if v.kind() != kindString {
		return ""
	}
	return v.r.copy(v.bytes())
}

// text returns any value as text: strings as they are, numbers as they were written, booleans in Python's spelling (as
// Sentry shows them), lists and objects as JSON, null and missing as "".
func (v node) text() string {
	switch v.kind() {
	case kindString:
		return v.r.copy(v.bytes())
	case kindNumber:
		return v.r.copy(v.raw())
	case kindTrue:
		return "True"
	case kindFalse:
		return "False"
	case kindArray, kindObject:
		v.r.out = v.appendJSON(v.r.out[:0])
		return v.r.copy(v.r.out)
	}
	return ""
}

// appendJSON appends v as it was written, unless that is no JSON: NaN and the infinities become text, and what nests too
// deep becomes null.
func (v node) appendJSON(dst []byte) []byte {
	if !v.r.deep && !v.r.strange {
		return append(dst, v.raw()...)
	}
	switch v.kind() {
	case kindNumber:
		if c := v.raw()[len(v.raw())-1]; !isDigit(c) && c != '.' {
			return append(append(append(dst, '"'), v.raw()...), '"')
		}
		return append(dst, v.raw()...)
	case kindNull:
		return append(dst, "null"...)
	case kindArray:
		dst = append(dst, '[')
		for e := range v.elements() {
			dst = append(e.appendJSON(dst), ',')
		}
		return append(bytes.TrimSuffix(dst, comma), ']')
	case kindObject:
		dst = append(dst, '{')
		v.visit(func(k []byte, e node) {
			dst = append(model.AppendJSONString(dst, string(k)), ':')
			dst = append(e.appendJSON(dst), ',')
		})
		return append(bytes.TrimSuffix(dst, comma), '}')
	}
	return append(dst, v.raw()...)
}

var comma = []byte{','}

// key returns the text of a key: a part of the payload, or a copy where it has escapes, which is rare.
func (r *reader) key(t *token) []byte {
	text := r.data[t.start:t.end]
	if t.escaped {
		return unescape(nil, text)
	}
	return text
}

// copy returns a copy of b in valid UTF-8.
func (r *reader) copy(b []byte) string {
	if !r.utf8 && !utf8.Valid(b) {
		return validText(string(b))
	}
	return r.texts.of(b)
}

// The spans of a transaction have the same names of attributes and many of the same short values, over and over.
const (
	wordSlots = 128
	maxWord   = 32 // bytes
)

// word is str for text that may well come again in the payload: equal ones share their memory.
func (v node) word() string {
	if v.kind() != kindString {
		return ""
	}
	if t := v.token(); v.r.shared && !t.escaped {
		return view(v.r.data[t.start:t.end])
	}
	return v.r.word(v.bytes())
}

// keyText returns a key of an object.
func (r *reader) keyText(k []byte) string {
	if r.shared {
		return view(k) // a part of the payload, or a copy that is nobody else's (see key)
	}
	return r.word(k)
}

// view is the text of b without a copy, for bytes that never change.
func view(b []byte) string {
	return unsafe.String(unsafe.SliceData(b), len(b)) // #nosec G103 -- see shared
}

func (r *reader) word(b []byte) string {
	if len(b) == 0 || len(b) > maxWord {
		return r.copy(b)
	}
	// Names that differ at all nearly always do in one of these.
	slot := &r.words[(uint(len(b))+uint(b[0])*5+uint(b[len(b)/2])*17+uint(b[len(b)-1])*31)%wordSlots]
	if *slot != string(b) {
		*slot = r.copy(b)
	}
	return *slot
}

// validText replaces every byte that is not UTF-8 by U+FFFD, as the model does.
func validText(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	return string([]rune(s))
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
