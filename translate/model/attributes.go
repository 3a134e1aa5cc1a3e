package model

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// ValueKind says what a Value holds.
type ValueKind uint8

// The kinds of a Value. KindNumber is a number whose text a float64 or int64 would change (1.10, a big integer).
const (
	KindNull ValueKind = iota
	KindBool
	KindInt
	KindDouble
	KindNumber
	KindString
	KindBytes
	KindList
	KindMap
)

// Value is one attribute value: what OpenTelemetry's AnyValue and JSON can hold. The zero value is null.
//
// In JSON, bytes are written as {"$bytes":"<base64>"}, NaN and the infinities as the strings "NaN", "Infinity" and
// "-Infinity", and integers beyond ±2^53 as strings, because a browser would round them.
type Value struct {
	str  string     // KindString, KindBytes, KindNumber
	num  uint64     // KindBool (0 or 1), KindInt (two's complement), KindDouble (IEEE 754 bits)
	tree *valueTree // KindList, KindMap
	kind ValueKind
}

// valueTree keeps the rare kinds out of Value, which is stored by the million.
type valueTree struct {
	list []Value
	attr Attributes
}

// Null returns the null value.
func Null() Value { return Value{} }

// Bool returns a boolean value.
func Bool(v bool) Value {
	if v {
		return Value{kind: KindBool, num: 1}
	}
	return Value{kind: KindBool}
}

// Int returns an integer value.
func Int(v int64) Value { return Value{kind: KindInt, num: uint64(v)} }

// Double returns a floating-point value.
func Double(v float64) Value { return Value{kind: KindDouble, num: math.Float64bits(v)} }

// Number returns a JSON number by its text, which must be a valid JSON number; it is written back as it is.
func Number(text string) Value { return Value{kind: KindNumber, str: text} }

// String returns a text value.
func String(v string) Value { return Value{kind: KindString, str: v} }

// Bytes returns a binary value; it copies v.
func Bytes(v []byte) Value { return Value{kind: KindBytes, str: string(v)} }

// List returns a list value; it keeps v.
func List(v []Value) Value { return Value{kind: KindList, tree: &valueTree{list: v}} }

// Map returns an object value; it keeps v, which must be sorted (see Attributes.Sort).
func Map(v Attributes) Value { return Value{kind: KindMap, tree: &valueTree{attr: v}} }

// Kind returns what v holds.
func (v Value) Kind() ValueKind { return v.kind }

// IsNull reports whether v is null.
func (v Value) IsNull() bool { return v.kind == KindNull }

// Bool returns the boolean, false for any other kind.
func (v Value) Bool() bool { return v.kind == KindBool && v.num != 0 }

// Int returns the integer; doubles and numbers are truncated; 0 for any other kind.
func (v Value) Int() int64 {
	switch v.kind {
	case KindInt:
		return int64(v.num)
	case KindDouble, KindNumber:
		return int64(v.Double())
	}
	return 0
}

// Double returns the number as a float64, 0 for any other kind.
func (v Value) Double() float64 {
	switch v.kind {
	case KindInt:
		return float64(int64(v.num))
	case KindDouble:
		return math.Float64frombits(v.num)
	case KindNumber:
		f, _ := strconv.ParseFloat(v.str, 64)
		return f
	}
	return 0
}

// Str returns the text of a string value, "" for any other kind.
func (v Value) Str() string {
	if v.kind == KindString {
		return v.str
	}
	return ""
}

// Bytes returns a copy of the bytes of a binary value, nil for any other kind.
func (v Value) Bytes() []byte {
	if v.kind == KindBytes {
		return []byte(v.str)
	}
	return nil
}

// List returns the elements of a list value, nil for any other kind. The caller must not change them.
func (v Value) List() []Value {
	if v.kind == KindList {
		return v.tree.list
	}
	return nil
}

// Map returns the members of an object value, nil for any other kind. The caller must not change them.
func (v Value) Map() Attributes {
	if v.kind == KindMap {
		return v.tree.attr
	}
	return nil
}

// Text returns v for a human or for a tag: strings as they are, scalars in their JSON form, lists and objects as JSON,
// null as "".
func (v Value) Text() string {
	switch v.kind {
	case KindNull:
		return ""
	case KindString:
		return v.str
	case KindInt:
		return strconv.FormatInt(int64(v.num), 10)
	case KindDouble:
		return strconv.FormatFloat(v.Double(), 'g', -1, 64)
	case KindNumber:
		return v.str
	}
	return string(v.AppendJSON(nil))
}

// Size returns the memory v needs beyond its own struct, in bytes.
func (v Value) Size() int {
	n := len(v.str)
	if v.tree != nil {
		for _, e := range v.tree.list {
			n += valueSize + e.Size()
		}
		n += v.tree.attr.Size()
	}
	return n
}

const valueSize = 48 // unsafe.Sizeof(Value{}) on 64-bit machines, rounded up

// Equal reports whether the two values are the same, of the same kind.
func (v Value) Equal(o Value) bool {
	if v.kind != o.kind || v.num != o.num || v.str != o.str {
		return false
	}
	return slices.EqualFunc(v.List(), o.List(), Value.Equal) && v.Map().Equal(o.Map())
}

const maxSafeInteger = 1<<53 - 1 // largest integer a browser reads exactly

// AppendJSON appends v as JSON. The text is always valid UTF-8.
func (v Value) AppendJSON(dst []byte) []byte {
	switch v.kind {
	case KindBool:
		return strconv.AppendBool(dst, v.num != 0)
	case KindInt:
		i := int64(v.num)
		if i > maxSafeInteger || i < -maxSafeInteger {
			dst = append(dst, '"')
			dst = strconv.AppendInt(dst, i, 10)
			return append(dst, '"')
		}
		return strconv.AppendInt(dst, i, 10)
	case KindDouble:
		return appendDouble(dst, v.Double())
	case KindNumber:
		return append(dst, v.str...)
	case KindString:
		return AppendJSONString(dst, v.str)
	case KindBytes:
		dst = append(dst, `{"$bytes":"`...)
		dst = base64.StdEncoding.AppendEncode(dst, []byte(v.str))
		return append(dst, `"}`...)
	case KindList:
		dst = append(dst, '[')
		for i, e := range v.tree.list {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = e.AppendJSON(dst)
		}
		return append(dst, ']')
	case KindMap:
		return v.tree.attr.AppendJSON(dst)
	}
	return append(dst, "null"...)
}

// MarshalJSON implements json.Marshaler.
func (v Value) MarshalJSON() ([]byte, error) { return v.AppendJSON(nil), nil }

// UnmarshalJSON implements json.Unmarshaler. Integers that fit become KindInt, other numbers KindDouble where that
// writes the same text back, else KindNumber.
func (v *Value) UnmarshalJSON(data []byte) error {
	dec := json.NewDecoder(strings.NewReader(string(data)))
	dec.UseNumber()
	var any any
	if err := dec.Decode(&any); err != nil {
		return err
	}
	*v = fromAny(any)
	return nil
}

func fromAny(a any) Value {
	switch a := a.(type) {
	case bool:
		return Bool(a)
	case string:
		return String(a)
	case json.Number:
		return ParseNumber(a.String())
	case []any:
		list := make([]Value, len(a))
		for i, e := range a {
			list[i] = fromAny(e)
		}
		return List(list)
	case map[string]any:
		if len(a) == 1 {
			if text, ok := a["$bytes"].(string); ok {
				if raw, err := base64.StdEncoding.DecodeString(text); err == nil {
					return Bytes(raw)
				}
			}
		}
		attrs := make(Attributes, 0, len(a))
		for k, e := range a {
			attrs = append(attrs, Attribute{Key: k, Value: fromAny(e)})
		}
		attrs.Sort()
		return Map(attrs)
	}
	return Null()
}

// ParseNumber returns the value of a JSON number by its text: an integer where it fits int64, a double where the double
// writes the same text back, else the text itself (KindNumber). Text that is no JSON number becomes a string.
func ParseNumber(text string) Value {
	if i, err := strconv.ParseInt(text, 10, 64); err == nil && text != "-0" {
		return Int(i)
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil && !errors.Is(err, strconv.ErrRange) || !json.Valid([]byte(text)) {
		return String(text)
	}
	if err == nil && string(appendDouble(nil, f)) == text {
		return Double(f)
	}
	return Number(text)
}

// Attribute is one key with its value.
type Attribute struct {
	Key   string
	Value Value
}

// Attributes is a list of key-value pairs, sorted by key, each key once. In JSON it is an object with sorted keys.
type Attributes []Attribute

// Sort sorts a by key; of several values of one key the last one added stays. It returns the sorted slice, which
// shares a's memory.
func (a *Attributes) Sort() Attributes {
	s := *a
	byKey := func(x, y Attribute) int { return strings.Compare(x.Key, y.Key) }
	if !slices.IsSortedFunc(s, byKey) {
		slices.SortStableFunc(s, byKey)
	}
	out := s[:0]
	for i, at := range s {
		if i+1 < len(s) && s[i+1].Key == at.Key {
			continue
		}
		out = append(out, at)
	}
	*a = out
	return out
}

// Get returns the value of key in sorted attributes; ok is false when there is none.
func (a Attributes) Get(key string) (v Value, ok bool) {
	i, found := slices.BinarySearchFunc(a, key, func(at Attribute, k string) int { return strings.Compare(at.Key, k) })
	if !found {
		return Value{}, false
	}
	return a[i].Value, true
}

// Str returns the text of key, "" when it is missing or not a string.
func (a Attributes) Str(key string) string {
	v, _ := a.Get(key)
	return v.Str()
}

// With returns a copy of sorted attributes in which key has the value v.
func (a Attributes) With(key string, v Value) Attributes {
	i, found := slices.BinarySearchFunc(a, key, func(at Attribute, k string) int { return strings.Compare(at.Key, k) })
	out := make(Attributes, 0, len(a)+1)
	out = append(out, a[:i]...)
	out = append(out, Attribute{key, v})
	if found {
		i++
	}
	return append(out, a[i:]...)
}

// All goes over the attributes in the order of their keys.
func (a Attributes) All() iter.Seq2[string, Value] {
	return func(yield func(string, Value) bool) {
		for i := range a {
			if !yield(a[i].Key, a[i].Value) {
				return
			}
		}
	}
}

// Equal reports whether both hold the same keys with the same values.
func (a Attributes) Equal(b Attributes) bool {
	return slices.EqualFunc(a, b, func(x, y Attribute) bool { return x.Key == y.Key && x.Value.Equal(y.Value) })
}

// Size returns the memory of the pairs in bytes, an estimate that counts every string as owned.
func (a Attributes) Size() int {
	n := 0
	for _, at := range a {
		n += 16 + valueSize + len(at.Key) + at.Value.Size()
	}
	return n
}

// AppendJSON appends a as a JSON object.
func (a Attributes) AppendJSON(dst []byte) []byte {
	dst = append(dst, '{')
	for i, at := range a {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = AppendJSONString(dst, at.Key)
		dst = append(dst, ':')
		dst = at.Value.AppendJSON(dst)
	}
	return append(dst, '}')
}

// MarshalJSON implements json.Marshaler.
func (a Attributes) MarshalJSON() ([]byte, error) { return a.AppendJSON(nil), nil }

// UnmarshalJSON implements json.Unmarshaler.
func (a *Attributes) UnmarshalJSON(data []byte) error {
	var v Value
	if err := v.UnmarshalJSON(data); err != nil {
		return err
	}
	if v.Kind() != KindMap && !v.IsNull() {
		return fmt.Errorf("attributes: want a JSON object, got %.20s", data)
	}
	*a = v.Map()
	return nil
}

const hexDigits = "0123456789abcdef"

// AppendJSONString appends s as a JSON string. Invalid UTF-8 becomes U+FFFD; U+2028, U+2029 and < stay as they are,
// because the wire is read by JSON parsers only.
func AppendJSONString(dst []byte, s string) []byte {
	dst = append(dst, '"')
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			if c >= 0x20 && c != '"' && c != '\\' {
				i++
				continue
			}
			dst = append(dst, s[start:i]...)
			switch c {
			case '"', '\\':
				dst = append(dst, '\\', c)
			case '\n':
				dst = append(dst, '\\', 'n')
			case '\r':
				dst = append(dst, '\\', 'r')
			case '\t':
				dst = append(dst, '\\', 't')
			default:
				dst = append(dst, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
			}
			i++
			start = i
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && size == 1 {
			dst = append(dst, s[start:i]...)
			dst = append(dst, "\ufffd"...)
			i++
			start = i
			continue
		}
		i += size
	}
	dst = append(dst, s[start:]...)
	return append(dst, '"')
}

// appendDouble writes what JSON.stringify writes (ECMA-262 Number::toString), and names for what JSON lacks.
func appendDouble(dst []byte, f float64) []byte {
	switch {
	case math.IsNaN(f):
		return append(dst, `"NaN"`...)
	case math.IsInf(f, 1):
		return append(dst, `"Infinity"`...)
	case math.IsInf(f, -1):
		return append(dst, `"-Infinity"`...)
	}
	format := byte('f')
	if abs := math.Abs(f); abs != 0 && (abs < 1e-6 || abs >= 1e21) {
		format = 'e'
	}
	dst = strconv.AppendFloat(dst, f, format, -1, 64)
	if n := len(dst); format == 'e' && n >= 4 && dst[n-4] == 'e' && dst[n-3] == '-' && dst[n-2] == '0' {
		dst[n-2] = dst[n-1] // e-09 is written e-9
		dst = dst[:n-1]
	}
	return dst
}
