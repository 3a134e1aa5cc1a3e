package sentry

import (
	"github.com/valyala/fastjson"
	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// manyKeys is the number of keys from which an object is filled through a Go map: pcommon.Map looks through all its keys
// on every Put, so that an object of 100,000 keys would take a minute.
const manyKeys = 128

// setValue sets dst to a JSON value. Integers beyond int64 become text, since a double would change them; null leaves
// dst empty.
func (r *reader) setValue(dst pcommon.Value, v *fastjson.Value) {
	switch v.Type() {
	case fastjson.TypeString:
		dst.SetStr(r.copy(v.GetStringBytes()))
	case fastjson.TypeNumber:
		r.setNumber(dst, v)
	case fastjson.TypeTrue:
		dst.SetBool(true)
	case fastjson.TypeFalse:
		dst.SetBool(false)
	case fastjson.TypeArray:
		list := v.GetArray()
		s := dst.SetEmptySlice()
		s.EnsureCapacity(len(list))
		for _, e := range list {
			r.setValue(s.AppendEmpty(), e)
		}
	case fastjson.TypeObject:
		r.fill(dst.SetEmptyMap(), v.GetObject())
	}
}

func (r *reader) setNumber(dst pcommon.Value, v *fastjson.Value) {
	text := r.number(v)
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
func (r *reader) fill(dst pcommon.Map, o *fastjson.Object) {
	if o.Len() > manyKeys {
		r.fillLarge(dst, o, r.setValue)
		return
	}
	dst.EnsureCapacity(o.Len())
	o.Visit(func(k []byte, e *fastjson.Value) { r.setValue(dst.PutEmpty(r.copy(k)), e) })
}

// fillLarge does it in linear time, in any order. What dst has stays, unless o has it too.
func (r *reader) fillLarge(dst pcommon.Map, o *fastjson.Object, set func(pcommon.Value, *fastjson.Value)) {
	members := make(map[string]*fastjson.Value, o.Len())
	o.Visit(func(k []byte, e *fastjson.Value) { members[r.copy(k)] = e })
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
func (r *reader) attributes(dst pcommon.Map, o *fastjson.Object, units *jsonObject) {
	if o.Len() > manyKeys {
		r.fillLarge(dst, o, r.setAttribute)
		o.Visit(func(k []byte, e *fastjson.Value) {
			if _, unit := typed(e); unit != nil && units != nil {
				units.add(k, unit)
			}
		})
		return
	}
	dst.EnsureCapacity(dst.Len() + o.Len() + 4)
	renamed := false
	o.Visit(func(k []byte, e *fastjson.Value) {
		if _, old := currentName(k); old {
			renamed = true
			return
		}
		value, unit := typed(e)
		if unit != nil && units != nil {
			units.add(k, unit)
		}
		r.setValue(dst.PutEmpty(r.copy(k)), value)
	})
	if !renamed {
		return
	}
	o.Visit(func(k []byte, e *fastjson.Value) {
		name, old := currentName(k)
		if !old {
			return
		}
		value, unit := typed(e)
		if unit != nil && units != nil {
			units.add([]byte(name), unit)
		}
		at, there := dst.GetOrPutEmpty(name)
		if !there {
			r.setValue(at, value)
			return
		}
		v := pcommon.NewValueEmpty()
		r.setValue(v, value)
		if !v.Equal(at) {
			v.CopyTo(dst.PutEmpty(r.copy(k)))
		}
	})
}

func (r *reader) setAttribute(dst pcommon.Value, e *fastjson.Value) {
	value, _ := typed(e)
	r.setValue(dst, value)
}

// typed takes the value and the unit out of a typed attribute; any other value is returned as it is.
func typed(e *fastjson.Value) (value, unit *fastjson.Value) {
	o := object(e)
	if o == nil || o.Len() > 3 {
		return e, nil
	}
	var kind *fastjson.Value
	strange := false
	o.Visit(func(k []byte, m *fastjson.Value) {
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
	if value == nil || kind == nil || strange || kind.Type() != fastjson.TypeString {
		return e, nil
	}
	if isNull(unit) {
		unit = nil
	}
	return value, unit
}

// jsonObject writes the text of a JSON object member by member. The zero value is the empty object.
type jsonObject struct{ text []byte }

func (j *jsonObject) add(key []byte, v *fastjson.Value) {
	if len(j.text) == 0 {
		j.text = append(j.text, '{')
	} else {
		j.text = append(j.text, ',')
	}
	j.text = append(model.AppendJSONString(j.text, string(key)), ':')
	j.text = appendJSON(j.text, v)
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
