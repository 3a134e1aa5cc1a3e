package frompdata

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/pdata/xpdata/entity"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// The tests of this file fill every field that pdata has, found by reflection over its public methods, and then change
// one field at a time: a change that makes no difference to the model is a field that is lost. A field that a later
// version of pdata adds is found without a change here.

func TestTraces_NoFieldIsLost(t *testing.T) {
	lost, fields := lostFields(t, "", func(f *filler) *model.Batch {
		td := ptrace.NewTraces()
		f.fill(reflect.ValueOf(td), "traces")
		return Traces(td, Options{})
	})
	require.Empty(t, lost)
	require.Greater(t, fields, 40)
}

func TestLogs_NoFieldIsLost(t *testing.T) {
	lost, fields := lostFields(t, "", func(f *filler) *model.Batch {
		ld := plog.NewLogs()
		f.fill(reflect.ValueOf(ld), "logs")
		return Logs(ld, Options{})
	})
	require.Empty(t, lost)
	require.Greater(t, fields, 25)
}

func TestMetrics_NoFieldIsLost(t *testing.T) {
	for _, metricType := range []string{"Gauge", "Sum", "Histogram", "ExponentialHistogram", "Summary"} {
		for _, number := range []string{"Int", "Double"} {
			t.Run(metricType+" of "+number, func(t *testing.T) {
				lost, fields := lostFields(t, number, func(f *filler) *model.Batch {
					f.metricType = metricType
					md := pmetric.NewMetrics()
					f.fill(reflect.ValueOf(md), "metrics")
					return Metrics(md, Options{})
				})
				require.Empty(t, lost)
				require.Greater(t, fields, 25)
			})
		}
	}
}

// lostFields returns the paths of the fields that make no difference, and how many fields there are.
func lostFields(t *testing.T, number string, convert func(*filler) *model.Batch) (lost []string, fields int) {
	t.Helper()
	dump := func(f *filler) string {
		text, err := json.Marshal(convert(f))
		require.NoError(t, err)
		return string(text)
	}
	base := &filler{changed: -1, number: number}
	want := dump(base)
	for i, path := range base.paths {
		if dump(&filler{changed: i, number: number}) == want {
			lost = append(lost, path)
		}
	}
	return lost, len(base.paths)
}

// filler fills pdata. Every field gets a value of its own; the field number changed gets another.
type filler struct {
	changed    int
	paths      []string // of the fields filled so far
	metricType string   // which of a metric's types to fill
	number     string   // Int or Double: which of the types of a number to fill
}

// next returns the number of a new field, and whether it is the changed one.
func (f *filler) next(path string) (n int, changed bool) {
	n = len(f.paths)
	f.paths = append(f.paths, path)
	return n, n == f.changed
}

func (f *filler) text(path string) string {
	n, changed := f.next(path)
	if changed {
		return fmt.Sprintf("changed %d", n)
	}
	return fmt.Sprintf("text %d", n)
}

func (f *filler) fill(v reflect.Value, path string) {
	switch x := v.Interface().(type) {
	case pcommon.Map:
		m := x
		m.PutStr(f.text(path+".key"), f.text(path+".string"))
		n, changed := f.next(path + ".other")
		list := m.PutEmptySlice(fmt.Sprintf("list %d", n))
		list.AppendEmpty().SetInt(int64(n))
		list.AppendEmpty().SetEmptyBytes().FromRaw([]byte{1, 2})
		list.AppendEmpty().SetEmptyMap().PutBool("flag", changed)
		return
	case pcommon.Value:
		x.SetStr(f.text(path))
		return
	case pcommon.TraceState:
		x.FromRaw(f.text(path))
		return
	case pcommon.Resource:
		f.fill(reflect.ValueOf(entity.ResourceEntityRefs(x)), path+".EntityRefs")
	}
	if fromRaw := v.MethodByName("FromRaw"); fromRaw.IsValid() && fromRaw.Type().In(0).Kind() == reflect.Slice {
		list := reflect.MakeSlice(fromRaw.Type().In(0), 2, 2)
		for i := range 2 {
			f.set(list.Index(i), fmt.Sprintf("%s[%d]", path, i), "")
		}
		fromRaw.Call([]reflect.Value{list})
		return
	}
	if appendEmpty := v.MethodByName("AppendEmpty"); appendEmpty.IsValid() {
		f.fill(appendEmpty.Call(nil)[0], path+"[]")
		return
	}
	oneOf := map[string]bool{}
	for i := range v.NumMethod() {
		if name, ok := strings.CutPrefix(v.Type().Method(i).Name, "SetEmpty"); ok {
			oneOf[name] = true
		}
	}
	for i := range v.NumMethod() {
		name, method := v.Type().Method(i).Name, v.Method(i)
		switch {
		case strings.HasPrefix(name, "SetEmpty"):
			if name == "SetEmpty"+f.metricType {
				f.fill(method.Call(nil)[0], path+"."+f.metricType)
			}
		case name == "SetIntValue" && f.number != "Int", name == "SetDoubleValue" && f.number != "Double":
		case strings.HasPrefix(name, "Set") && method.Type().NumIn() == 1:
			arg := reflect.New(method.Type().In(0)).Elem()
			f.set(arg, path+"."+name[3:], name)
			method.Call([]reflect.Value{arg})
		case method.Type().NumIn() == 0 && method.Type().NumOut() == 1 && isMessage(method.Type().Out(0)) && !oneOf[name]:
			f.fill(method.Call(nil)[0], path+"."+name)
		}
	}
}

func isMessage(t reflect.Type) bool {
	return t.Kind() == reflect.Struct && strings.Contains(t.PkgPath(), "/pdata")
}

// set gives a scalar its value.
func (f *filler) set(v reflect.Value, path, setter string) {
	n, changed := f.next(path)
	number := uint64(2*n + 3)
	if changed {
		number++
	}
	switch {
	case v.Type() == reflect.TypeFor[pcommon.Timestamp]():
		number = 1_732_190_400_000_000_000 + 1000*number
		if setter == "SetEndTimestamp" {
			number += 1e12
		}
		v.SetUint(number)
	case v.Kind() == reflect.Int32 && v.Type().PkgPath() != "": // an enum: 1 and 2 are known values of all of them
		v.SetInt(1)
		if changed {
			v.SetInt(2)
		}
	case v.Kind() == reflect.String:
		v.SetString(fmt.Sprintf("text %d", number))
	case v.Kind() == reflect.Bool:
		v.SetBool(!changed)
	case v.CanUint():
		v.SetUint(number)
	case v.CanInt():
		v.SetInt(int64(number))
	case v.CanFloat():
		v.SetFloat(float64(number) + 0.5)
	case v.Kind() == reflect.Array:
		for i := range v.Len() {
			v.Index(i).SetUint(number % 251)
		}
	default:
		panic("the test does not know how to fill " + path + " of " + v.Type().String())
	}
}
