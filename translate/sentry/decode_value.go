package sentry

import (
	"github.com/valyala/fastjson"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// value reads any JSON value for the model. Numbers keep their text where a float64 would change it.
func (r *reader) value(v *fastjson.Value) model.Value {
	switch v.Type() {
	case fastjson.TypeString:
		return model.String(r.copy(v.GetStringBytes()))
	case fastjson.TypeNumber:
		return modelNumber(r.number(v))
	case fastjson.TypeTrue:
		return model.Bool(true)
	case fastjson.TypeFalse:
		return model.Bool(false)
	case fastjson.TypeArray:
		list := v.GetArray()
		out := make([]model.Value, len(list))
		for i, e := range list {
			out[i] = r.value(e)
		}
		return model.List(out)
	case fastjson.TypeObject:
		o := v.GetObject()
		out := make(model.Attributes, 0, o.Len())
		o.Visit(func(k []byte, e *fastjson.Value) {
			out = append(out, model.Attribute{Key: r.copy(k), Value: r.value(e)})
		})
		return model.Map(out.Sort())
	}
	return model.Null()
}
