package frompdata

import (
	"hash/maphash"
	"strings"
	"unicode/utf8"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// record reads the attributes of a record and notes its facts in b.facts. What did not fit is counted in b.dropped.
func (b *builder) record(m pcommon.Map) model.Attributes {
	b.facts.reset()
	b.dropped = 0
	attrs := b.sorted(m, &b.facts)
	b.facts.attrs = attrs
	return attrs
}

// attributes reads attributes that carry no facts.
func (b *builder) attributes(m pcommon.Map) model.Attributes {
	b.dropped = 0
	return b.sorted(m, nil)
}

// sorted reads m in two passes: the first sorts the keys, the second puts each value into its place, so that the large
// attributes are written once and never moved.
func (b *builder) sorted(m pcommon.Map, f *facts) model.Attributes {
	n := m.Len()
	if n > scratch {
		return b.sortedMany(m, f)
	}
	if b.values < n {
		b.dropped += n
		b.warn |= warnCut
		return nil
	}
	b.values -= n
	size, i := 0, 0
	for key := range m.All() {
		k, hash := known.find(key)
		if k != nil {
			key = k.key
		} else {
			key = b.shared(key, hash)
		}
		b.keys[i], b.known[i] = key, k
		at := size
		for at > 0 && b.keys[b.order[at-1]] > key {
			at--
		}
		if at > 0 && b.keys[b.order[at-1]] == key { // of several values of one key the last one stays
			b.place[b.order[at-1]] = replaced
			b.order[at-1] = uint8(i) // #nosec G115 -- below scratch
		} else {
			copy(b.order[at+1:size+1], b.order[at:size])
			b.order[at] = uint8(i) // #nosec G115 -- below scratch
			size++
		}
		b.place[i] = 0
		i++
	}
	for at, i := range b.order[:size] {
		b.place[i] = uint8(at) // #nosec G115 -- below scratch
	}
	out := b.makeAttributes(size)
	i = 0
	for _, v := range m.All() {
		at := int(b.place[i])
		if at != replaced {
			out[at] = model.Attribute{Key: b.keys[i], Value: b.value(v)}
			if f != nil && b.known[i] != nil {
				f.note(b.known[i], at)
			}
		}
		i++
	}
	return out
}

const replaced = 0xff // of builder.place: a later value of the same key took the place

// sortedMany is sorted for records with absurdly many attributes.
func (b *builder) sortedMany(m pcommon.Map, f *facts) model.Attributes {
	n := min(m.Len(), maxAttributes, b.values)
	if n < m.Len() {
		b.dropped += m.Len() - n
		b.warn |= warnCut
	}
	b.values -= n
	out := make(model.Attributes, 0, n)
	for key, v := range m.All() {
		if len(out) == n {
			break
		}
		out = append(out, model.Attribute{Key: b.key(key), Value: b.value(v)})
	}
	out.Sort()
	if f != nil {
		for i := range out {
			if k, _ := known.find(out[i].Key); k != nil {
				f.note(k, i)
			}
		}
	}
	return out
}

// key returns a key as valid text that shares memory with equal ones.
func (b *builder) key(key string) string {
	k, hash := known.find(key)
	if k != nil {
		return k.key
	}
	return b.shared(key, hash)
}

// value converts a value of an attribute, a body, a list.
func (b *builder) value(v pcommon.Value) model.Value {
	switch v.Type() {
	case pcommon.ValueTypeStr:
		return model.String(b.text(v.Str()))
	case pcommon.ValueTypeInt:
		return model.Int(v.Int())
	case pcommon.ValueTypeDouble:
		return model.Double(v.Double())
	case pcommon.ValueTypeBool:
		return model.Bool(v.Bool())
	case pcommon.ValueTypeBytes:
		return model.Bytes(v.Bytes().AsRaw())
	case pcommon.ValueTypeSlice, pcommon.ValueTypeMap:
		elements := maxElements
		return b.nested(v, 1, &elements)
	}
	return model.Null()
}

// nested converts lists and maps down to maxDepth and up to the number of elements left.
func (b *builder) nested(v pcommon.Value, depth int, elements *int) model.Value {
	switch v.Type() {
	case pcommon.ValueTypeSlice:
		if depth > maxDepth {
			b.warn |= warnDeep
			return model.String(cutMark)
		}
		slice := v.Slice()
		n := b.fit(slice.Len(), elements)
		list := make([]model.Value, n)
		for i := range list {
			list[i] = b.nested(slice.At(i), depth+1, elements)
		}
		return model.List(list)
	case pcommon.ValueTypeMap:
		if depth > maxDepth {
			b.warn |= warnDeep
			return model.String(cutMark)
		}
		m := v.Map()
		n := b.fit(m.Len(), elements)
		attrs := make(model.Attributes, 0, n)
		for key, e := range m.All() {
			if len(attrs) == n {
				break
			}
			attrs = append(attrs, model.Attribute{Key: b.key(key), Value: b.nested(e, depth+1, elements)})
		}
		return model.Map(attrs.Sort())
	}
	return b.value(v)
}

const cutMark = "…" // stands for what was nested too deep

// fit returns how many of n elements there is room for.
func (b *builder) fit(n int, elements *int) int {
	if room := min(*elements, b.values); n > room {
		b.warn |= warnCut
		n = room
	}
	*elements -= n
	b.values -= n
	return n
}

// text returns s as valid text; short ones share memory with equal ones.
func (b *builder) text(s string) string {
	if len(s) == 0 || len(s) > maxInterned {
		return b.valid(s)
	}
	return b.shared(s, maphash.String(known.seed, s))
}

// shared returns a valid text equal to s, one seen before where there is one.
func (b *builder) shared(s string, hash uint64) string {
	slot := &b.seen[hash>>32%uint64(len(b.seen))]
	if *slot != s {
		if !utf8.ValidString(s) {
			return b.valid(s)
		}
		*slot = s
	}
	return *slot
}

// valid replaces bytes that are not UTF-8: protobuf forbids them in text, yet nothing on the way here checks.
func (b *builder) valid(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	b.warn |= warnUTF8
	return strings.ToValidUTF8(s, "\ufffd")
}
