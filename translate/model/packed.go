package model

import (
	"encoding/binary"
	"iter"
	"strings"
)

// Packed is the attributes of a span in one string: sorted by key, each key once, like Attributes. The live store keeps
// spans by the million; as one piece of memory without pointers, their attributes need less than half of what a list of
// pairs does, and the garbage collector has nothing to look at. Reading one copies no text: keys and texts are parts of
// the string. The zero value has no attributes.
//
// The form is the store's own and is nowhere written: the number of attributes, then for each the kind, the key and the
// value. Numbers of bytes and elements are unsigned varints. Equal attributes have equal forms.
type Packed struct{ form string }

// Pack sorts a, which holds each key once, and returns it packed.
func Pack(a Attributes) Packed {
	if len(a) == 0 {
		return Packed{}
	}
	return Packed{string(appendMembers(nil, a.Sort()))}
}

// Packer packs texts and attributes of records that live and die together into one piece of memory. It holds on to
// nothing of what they were parts of before. The zero value is ready.
type Packer struct {
	forms []byte
	ends  []int
}

// Text adds a text.
func (p *Packer) Text(s string) {
	p.forms = append(p.forms, s...)
	p.ends = append(p.ends, len(p.forms))
}

// Attributes adds attributes, which must be sorted.
func (p *Packer) Attributes(a Attributes) {
	if len(a) > 0 {
		p.forms = appendMembers(p.forms, a)
	}
	p.ends = append(p.ends, len(p.forms))
}

// Begin begins attributes of which n follow, sorted by key, each key once; End ends them.
func (p *Packer) Begin(n int) {
	if n > 0 {
		p.forms = binary.AppendUvarint(p.forms, uint64(n)) // #nosec G115 -- positive
	}
}

// String adds a text to the attributes that were begun.
func (p *Packer) String(key, s string) {
	p.forms = appendPackedText(appendPackedText(append(p.forms, byte(KindString)), key), s)
}

// Int adds a whole number to the attributes that were begun.
func (p *Packer) Int(key string, n int64) {
	p.forms = appendPackedText(append(p.forms, byte(KindInt)), key)
	p.forms = binary.LittleEndian.AppendUint64(p.forms, uint64(n)) // #nosec G115 -- its bits
}

// Value adds any value to the attributes that were begun.
func (p *Packer) Value(key string, v Value) {
	p.forms = appendPackedValue(appendPackedText(append(p.forms, byte(v.kind)), key), v)
}

// End ends attributes.
func (p *Packer) End() { p.ends = append(p.ends, len(p.forms)) }

// Packs is what a Packer has packed, to be taken out in the order it was put in.
type Packs struct {
	forms string
	ends  []int
	start int
}

// Take returns what was added, and starts anew: it is to be taken out before anything else is added.
func (p *Packer) Take() Packs {
	all := Packs{forms: string(p.forms), ends: p.ends}
	p.forms, p.ends = p.forms[:0], p.ends[:0]
	return all
}

// Text takes the next text out.
func (p *Packs) Text() string {
	start, end := p.start, p.ends[0]
	p.start, p.ends = end, p.ends[1:]
	return p.forms[start:end]
}

// Attributes takes the next attributes out.
func (p *Packs) Attributes() Packed { return Packed{p.Text()} }

// Reusable returns p for another use, with its memory unless that is much.
func (p Packer) Reusable() Packer {
	if cap(p.forms) > maxPackerRoom {
		return Packer{}
	}
	return p
}

const maxPackerRoom = 64 << 10 // bytes: what a run of spans with large statements needs

func appendMembers(dst []byte, a Attributes) []byte {
	dst = binary.AppendUvarint(dst, uint64(len(a)))
	for i := range a {
		dst = append(dst, byte(a[i].Value.kind))
		dst = appendPackedText(dst, a[i].Key)
		dst = appendPackedValue(dst, a[i].Value)
	}
	return dst
}

func appendPackedText(dst []byte, s string) []byte {
	if len(s) < 0x80 { // by far the most
		return append(append(dst, byte(len(s))), s...)
	}
	return append(binary.AppendUvarint(dst, uint64(len(s))), s...)
}

// appendPackedValue appends what follows the kind.
func appendPackedValue(dst []byte, v Value) []byte {
	switch v.kind {
	case KindBool:
		return append(dst, byte(v.num))
	case KindInt, KindDouble:
		return binary.LittleEndian.AppendUint64(dst, v.num)
	case KindString, KindBytes, KindNumber:
		return appendPackedText(dst, v.str)
	case KindList:
		dst = binary.AppendUvarint(dst, uint64(len(v.tree.list)))
		for _, e := range v.tree.list {
			dst = appendPackedValue(append(dst, byte(e.kind)), e)
		}
	case KindMap:
		return appendMembers(dst, v.tree.attr)
	}
	return dst
}

// unpacker reads a packed form from the front. It trusts the form: only Pack makes one.
type unpacker struct{ rest string }

func (u *unpacker) number() int {
	if n := u.rest[0]; n < 0x80 {
		u.rest = u.rest[1:]
		return int(n)
	}
	var n, shift uint64
	for i := range len(u.rest) {
		c := u.rest[i]
		n |= uint64(c&0x7f) << shift
		if shift += 7; c < 0x80 {
			u.rest = u.rest[i+1:]
			break
		}
	}
	return int(n) // #nosec G115 -- a length that was an int
}

func (u *unpacker) kind() ValueKind {
	k := u.rest[0]
	u.rest = u.rest[1:]
	return ValueKind(k)
}

func (u *unpacker) text() string {
	n := u.number()
	s := u.rest[:n]
	u.rest = u.rest[n:]
	return s
}

func (u *unpacker) fixed() (n uint64) {
	for i := range 8 {
		n |= uint64(u.rest[i]) << (8 * i)
	}
	u.rest = u.rest[8:]
	return n
}

// skip goes behind a value.
func (u *unpacker) skip(k ValueKind) {
	switch k {
	case KindBool:
		u.rest = u.rest[1:]
	case KindInt, KindDouble:
		u.rest = u.rest[8:]
	case KindString, KindBytes, KindNumber:
		n := u.number()
		u.rest = u.rest[n:]
	case KindList, KindMap:
		u.value(k) // rare
	}
}

// value reads what follows the kind.
func (u *unpacker) value(k ValueKind) Value {
	switch k {
	case KindBool:
		v := Bool(u.rest[0] != 0)
		u.rest = u.rest[1:]
		return v
	case KindInt, KindDouble:
		return Value{kind: k, num: u.fixed()}
	case KindString, KindBytes, KindNumber:
		return Value{kind: k, str: u.text()}
	case KindList:
		list := make([]Value, u.number())
		for i := range list {
			list[i] = u.value(u.kind())
		}
		return List(list)
	case KindMap:
		return Map(u.members())
	}
	return Value{}
}

func (u *unpacker) members() Attributes {
	out := make(Attributes, u.number())
	for i := range out {
		k := u.kind()
		out[i].Key = u.text()
		out[i].Value = u.value(k)
	}
	return out
}

// Len is the number of attributes.
func (p Packed) Len() int {
	if p.form == "" {
		return 0
	}
	u := unpacker{p.form}
	return u.number()
}

// Get returns the value of key; ok is false when there is none. It looks at one attribute after the other.
func (p Packed) Get(key string) (v Value, ok bool) {
	if p.form == "" {
		return Value{}, false
	}
	u := unpacker{p.form}
	for range u.number() {
		k := u.kind()
		if u.text() == key {
			return u.value(k), true
		}
		u.skip(k)
	}
	return Value{}, false
}

// Str returns the text of key, "" when it is missing or not a string.
func (p Packed) Str(key string) string {
	v, _ := p.Get(key)
	return v.Str()
}

// Form returns the text that p is, to be kept as a part of a longer one; PackedForm makes it what it was.
func (p Packed) Form() string { return p.form }

// PackedForm returns the attributes whose form a text is. It must be one that Form returned.
func PackedForm(form string) Packed { return Packed{form} }

// Size is the memory that p needs beyond its own struct, in bytes.
func (p Packed) Size() int { return len(p.form) }

// All goes over the attributes in the order of their keys.
func (p Packed) All() iter.Seq2[string, Value] {
	return func(yield func(string, Value) bool) {
		if p.form == "" {
			return
		}
		u := unpacker{p.form}
		for range u.number() {
			k := u.kind()
			if key := u.text(); !yield(key, u.value(k)) {
				return
			}
		}
	}
}

// HasPrefix reports whether the key of an attribute begins with prefix.
func (p Packed) HasPrefix(prefix string) bool {
	if p.form == "" {
		return false
	}
	u := unpacker{p.form}
	for range u.number() {
		k := u.kind()
		if key := u.text(); key >= prefix { // the first that can have it
			return strings.HasPrefix(key, prefix)
		}
		u.skip(k)
	}
	return false
}

// Unpack returns the attributes as a list, nil when there are none. Texts share the memory of p.
func (p Packed) Unpack() Attributes {
	if p.form == "" {
		return nil
	}
	u := unpacker{p.form}
	return u.members()
}

// AppendJSON appends p as a JSON object.
func (p Packed) AppendJSON(dst []byte) []byte {
	dst = append(dst, '{')
	start := len(dst)
	for k, v := range p.All() {
		if len(dst) > start {
			dst = append(dst, ',')
		}
		dst = append(AppendJSONString(dst, k), ':')
		dst = v.AppendJSON(dst)
	}
	return append(dst, '}')
}

// MarshalJSON implements json.Marshaler.
func (p Packed) MarshalJSON() ([]byte, error) { return p.AppendJSON(nil), nil }

// UnmarshalJSON implements json.Unmarshaler.
func (p *Packed) UnmarshalJSON(data []byte) error {
	var a Attributes
	if err := a.UnmarshalJSON(data); err != nil {
		return err
	}
	*p = Pack(a)
	return nil
}
