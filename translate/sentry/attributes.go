package sentry

import (
	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// manyKeys is the number of keys from which an object is filled through a Go map: pcommon.Map looks through all its keys
// on every Put, so that an object of 100,000 keys would take a minute.
const manyKeys = 128

// setValue sets dst to a JSON value. Integers beyond int64 become text, since a double would change them; null leaves
// dst empty.
func (r *reader) setValue(dst pcommon.Value, v node) {
	switch v.kind() {
	case kindString:
		dst.SetStr(v.word())
	case kindNumber:
		r.setNumber(dst, v)
	case kindTrue:
		dst.SetBool(true)
	case kindFalse:
		dst.SetBool(false)
	case kindArray:
		s := dst.SetEmptySlice()
		s.EnsureCapacity(v.len())
		for e := range v.elements() {
			r.setValue(s.AppendEmpty(), e)
		}
	case kindObject:
		r.fill(dst.SetEmptyMap(), v)
	}
}

func (r *reader) setNumber(dst pcommon.Value, v node) {
	text := v.number()
	if isInteger(text) {
		if n, ok := parseInt(text); ok {
			dst.SetInt(n)
		} else {
			dst.SetStr(r.copy(text))
		}
		return
	}
	if f, ok := parseFloat(text); ok {
		dst.SetDouble(f)
	} else {
		dst.SetStr(r.copy(text))
	}
}

// fill puts the members of o into dst, which must be empty; of a repeated key the last one counts.
func (r *reader) fill(dst pcommon.Map, o node) {
	if o.len() > manyKeys {
		r.fillLarge(dst, o, r.setValue)
		return
	}
	dst.EnsureCapacity(o.len())
	o.visit(func(k []byte, e node) { r.putValue(dst, r.keyText(k), e) })
}

// fillLarge does it in linear time, in any order. What dst has stays, unless o has it too.
func (r *reader) fillLarge(dst pcommon.Map, o node, set func(pcommon.Value, node)) {
	members := make(map[string]node, o.len())
	o.visit(func(k []byte, e node) { members[r.copy(k)] = e })
	raw := dst.AsRaw()
	for k := range members {
		raw[k] = nil
	}
	_ = dst.FromRaw(raw) // cannot fail: AsRaw gives what FromRaw takes
	dst.Range(func(k string, v pcommon.Value) bool {
		if e, ok := members[k]; ok {
			set(v, e)
		}
		return true
	})
}

// attributes puts the attributes of a span, log, metric or link into dst: plain values, or typed ones
// ({"type":"integer","value":1,"unit":"byte"}), whose type is only a hint: the value counts. Deprecated names become the
// present ones unless the present one is there too. Units go to units, which may be nil.
func (r *reader) attributes(dst pcommon.Map, o node, units *jsonObject) {
	if o.len() > manyKeys {
		r.fillLarge(dst, o, r.setAttribute)
		o.visit(func(k []byte, e node) {
			if _, unit := typed(e); !unit.missing() && units != nil {
				units.add(k, unit)
			}
		})
		return
	}
	dst.EnsureCapacity(dst.Len() + o.len())
	renamed := r.renamed[:0]
	o.visit(func(k []byte, e node) {
		name, old := currentName(k)
		value, unit := typed(e)
		if !unit.missing() && units != nil {
			if old {
				units.add([]byte(name), unit)
			} else {
				units.add(k, unit)
			}
		}
		if old {
			renamed = append(renamed, member{name, k, value})
			return
		}
		r.putValue(dst, r.keyText(k), value)
	})
	for _, m := range renamed {
		at, there := dst.GetOrPutEmpty(m.name)
		if !there {
			r.setValue(at, m.value)
			continue
		}
		v := pcommon.NewValueEmpty()
		r.setValue(v, m.value)
		if !v.Equal(at) {
			v.CopyTo(dst.PutEmpty(r.keyText(m.old)))
		}
	}
	r.renamed = renamed
}

// member is an attribute under a deprecated name.
type member struct {
	name  string
	old   []byte
	value node
}

// putValue puts a JSON value into a map.
func (r *reader) putValue(dst pcommon.Map, key string, v node) {
	switch v.kind() {
	case kindString:
		dst.PutStr(key, v.word())
	case kindTrue:
		dst.PutBool(key, true)
	case kindFalse:
		dst.PutBool(key, false)
	default:
		r.setValue(dst.PutEmpty(key), v)
	}
}

func (r *reader) setAttribute(dst pcommon.Value, e node) {
	value, _ := typed(e)
	r.setValue(dst, value)
}

// typed takes the value and the unit out of a typed attribute; any other value is returned as it is.
func typed(e node) (value, unit node) {
	if !e.isObject() || e.len() > 3 {
		return e, node{}
	}
	var kind node
	strange := false
	e.visit(func(k []byte, m node) {
		switch string(k) {
		case "value":
			value = m
		case "type":
			kind = m
		case "unit":
			unit = m
		default:
			strange = true
		}
	})
	if value.missing() || strange || kind.kind() != kindString {
		return e, node{}
	}
	if unit.isNull() {
		unit = node{}
	}
	return value, unit
}

// jsonObject writes the text of a JSON object member by member. The zero value is the empty object.
type jsonObject struct{ text []byte }

func (j *jsonObject) add(key []byte, v node) {
	j.text = v.appendJSON(j.begin(string(key)))
}

// begin returns the text up to the value of a key.
func (j *jsonObject) begin(key string) []byte {
	next := byte(',')
	if j.empty() {
		next = '{'
	}
	return append(model.AppendJSONString(append(j.text, next), key), ':')
}

func (j *jsonObject) addText(key, value string) {
	j.text = append(j.begin(key), model.AppendJSONString(nil, value)...)
}

// reset throws the text away.
func (j *jsonObject) reset() { j.text = j.text[:0] }

func (j *jsonObject) empty() bool { return len(j.text) == 0 }

// take returns the text and starts anew.
func (j *jsonObject) take(r *reader) string {
	s := r.copy(append(j.text, '}'))
	j.text = j.text[:0]
	return s
}
