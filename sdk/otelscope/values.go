package otelscope

import (
	"encoding/json"
	"fmt"
	"strings"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/log"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// maxValue is how many bytes of a value are kept: as much as a Collector takes of one span's scope data.
const maxValue = 8 << 10

// valueOf turns what an application hands over into a value: as JSON would write it, else as text.
func valueOf(v any) model.Value {
	switch v := v.(type) {
	case nil:
		return model.Null()
	case string:
		return model.String(cut(v))
	case bool:
		return model.Bool(v)
	case int:
		return model.Int(int64(v))
	case int64:
		return model.Int(v)
	case float64:
		return model.Double(v)
	case error:
		return model.String(cut(v.Error()))
	case fmt.Stringer:
		return model.String(cut(v.String()))
	}
	data, err := json.Marshal(v)
	if err != nil {
		return model.String(cut(fmt.Sprint(v)))
	}
	var out model.Value
	if len(data) > maxValue || out.UnmarshalJSON(data) != nil {
		return model.String(cut(string(data)))
	}
	return out
}

// cut shortens text to maxValue bytes.
func cut(s string) string {
	if len(s) <= maxValue {
		return s
	}
	return strings.ToValidUTF8(s[:maxValue], "") + "..."
}

// keyValue turns a value into an attribute: objects and mixed lists, which attributes cannot hold, as JSON text.
func keyValue(key string, v model.Value) attribute.KeyValue {
	switch v.Kind() {
	case model.KindBool:
		return attribute.Bool(key, v.Bool())
	case model.KindInt:
		return attribute.Int64(key, v.Int())
	case model.KindDouble:
		return attribute.Float64(key, v.Double())
	case model.KindString:
		return attribute.String(key, v.Str())
	case model.KindList:
		if list, ok := allText(v.List()); ok {
			return attribute.StringSlice(key, list)
		}
	}
	return attribute.String(key, string(v.AppendJSON(nil)))
}

func allText(list []model.Value) ([]string, bool) {
	out := make([]string, len(list))
	for i, e := range list {
		if e.Kind() != model.KindString {
			return nil, false
		}
		out[i] = e.Str()
	}
	return out, true
}

// logValue turns a value into one of a log record.
func logValue(v model.Value) log.Value {
	switch v.Kind() {
	case model.KindNull:
		return log.Value{}
	case model.KindBool:
		return log.BoolValue(v.Bool())
	case model.KindInt:
		return log.Int64Value(v.Int())
	case model.KindDouble, model.KindNumber:
		return log.Float64Value(v.Double())
	case model.KindBytes:
		return log.BytesValue(v.Bytes())
	case model.KindList:
		list := make([]log.Value, len(v.List()))
		for i, e := range v.List() {
			list[i] = logValue(e)
		}
		return log.SliceValue(list...)
	case model.KindMap:
		fields := make([]log.KeyValue, len(v.Map()))
		for i, a := range v.Map() {
			fields[i] = log.KeyValue{Key: a.Key, Value: logValue(a.Value)}
		}
		return log.MapValue(fields...)
	}
	return log.StringValue(v.Str())
}
