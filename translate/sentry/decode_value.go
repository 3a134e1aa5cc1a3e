package sentry

import (
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// value reads any JSON value for the model. Numbers keep their text where a float64 would change it.
func (v node) value() model.Value {
	switch v.kind() {
	case kindString:
		return model.String(v.r.copy(v.bytes()))
	case kindNumber:
		return modelNumber(v.number())
	case kindTrue:
		return model.Bool(true)
	case kindFalse:
		return model.Bool(false)
	case kindArray:
		out := make([]model.Value, 0, v.len())
		for e := range v.elements() {
			out = append(out, e.value())
		}
		return model.List(out)
	case kindObject:
		out := make(model.Attributes, 0, v.len())
		v.visit(func(k []byte, e node) {
			out = append(out, model.Attribute{Key: v.r.copy(k), Value: e.value()})
		})
		return model.Map(out.Sort())
	}
	return model.Null()
}
