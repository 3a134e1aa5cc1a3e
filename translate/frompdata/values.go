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

// sorted reads m in order of its keys. Where each attribute goes is known before its value is read, so that the large
// attributes are written once and never moved.
func (b *builder) sorted(m pcommon.Map, f *facts) model.Attributes {
	n := m.Len()
	if n > maxShape {
		return b.sortedMany(m, f)
	}
	if b.values < n {
		b.dropped += n
		b.warn |= warnCut
		return nil
	}
	var l loose
	b.read(m, &l)
	sh := l.shape
	out := b.makeAttributes(sh.size)
	for i, at := range sh.place[:n] {
		if at == replaced {
			continue
		}
		out[at] = model.Attribute{Key: sh.keys[i], Value: b.value(l.values[at])}
		if f != nil && sh.known[i] != nil {
			f.note(sh.known[i], int(at))
		}
	}
	return out
}

// read reads m, which has at most maxShape attributes for which there is room, into l.
func (b *builder) read(m pcommon.Map, l *loose) {
	n := m.Len()
	b.values -= n
	l.shape = &b.shapes[n%len(b.shapes)]
	if !l.shape.read(m, l, false) {
		l.shape.learn(b, m)
		l.shape.read(m, l, true)
	}
}

// loose is the attributes of a record as they came, in order of their keys.
type loose struct {
	shape  *shape // nil: they are in many
	values [maxShape]pcommon.Value
	many   model.Attributes
}

// spanRecord is record for a span, whose attributes go from m into b.packer without a list between: of those that carry a
// fact there is a copy in b.room for the time being.
func (b *builder) spanRecord(m pcommon.Map, l *loose) {
	n := m.Len()
	if n > maxShape || b.values < n {
		l.shape, l.many = nil, b.record(m)
		return
	}
	f := &b.facts
	f.reset()
	b.dropped = 0
	b.read(m, l)
	sh := l.shape
	told := b.room[:0]
	for _, i := range sh.told[:sh.facts] {
		k := sh.known[i]
		f.note(k, len(told))
		told = append(told, model.Attribute{Key: k.key, Value: b.passing(l.values[sh.place[i]])})
	}
	f.attrs = told
}

// passing is value for what is looked at and not kept.
func (b *builder) passing(v pcommon.Value) model.Value {
	if v.Type() == pcommon.ValueTypeStr {
		return model.String(b.valid(v.Str()))
	}
	return b.value(v)
}

// pack packs the attributes of a span, less what its record holds elsewhere (see without).
func (b *builder) pack(l *loose, sentry bool) {
	sh := l.shape
	if sh == nil {
		b.packer.Attributes(without(l.many, &b.facts, sentry))
		return
	}
	n := sh.size
	payload, warnings := sentry && b.facts.has(sentryPayload), sentry && b.facts.has(sentryWarnings)
	for _, left := range [2]bool{payload, warnings} {
		if left {
			n--
		}
	}
	b.packer.Begin(n)
	for at := range sh.size {
		i := sh.order[at]
		if k := sh.known[i]; k != nil && (payload && k.fact == sentryPayload || warnings && k.fact == sentryWarnings) {
			continue
		}
		key, v := sh.keys[i], l.values[at]
		switch v.Type() {
		case pcommon.ValueTypeStr:
			b.packer.String(key, b.valid(v.Str()))
		case pcommon.ValueTypeInt:
			b.packer.Int(key, v.Int())
		default:
			b.packer.Value(key, b.value(v))
		}
	}
	b.packer.End()
}

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
			if k := known[out[i].Key]; k != nil {
				f.note(k, i)
			}
		}
	}
	return out
}

// key returns a key as valid text that shares memory with equal ones.
func (b *builder) key(key string) string {
	if k := known[key]; k != nil {
		return k.key
	}
	return b.text(key)
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

// text returns s as valid text; a short one shares memory with an equal one seen before.
func (b *builder) text(s string) string {
	if len(s) == 0 || len(s) > maxInterned {
		return b.valid(s)
	}
	slot := &b.seen[maphash.String(seed, s)%uint64(len(b.seen))]
	if *slot != s {
		if !utf8.ValidString(s) {
			return b.valid(s)
		}
		*slot = s
	}
	return *slot
}

var seed = maphash.MakeSeed()

// valid replaces bytes that are not UTF-8: protobuf forbids them in text, yet nothing on the way here checks.
func (b *builder) valid(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	b.warn |= warnUTF8
	return strings.ToValidUTF8(s, "\ufffd")
}
