package model_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

var anyText = rapid.OneOf(rapid.String(), rapid.StringN(0, 300, -1), rapid.SampledFrom([]string{"", "sentry.scope.global.tag.a", "\x00", "\xff"}))

// anyValue draws a value of any kind.
func anyValue(t *rapid.T, depth int) model.Value {
	kinds := 9
	if depth == 0 {
		kinds = 7
	}
	switch rapid.IntRange(0, kinds-1).Draw(t, "kind") {
	case 0:
		return model.Null()
	case 1:
		return model.Bool(rapid.Bool().Draw(t, "bool"))
	case 2:
		return model.Int(rapid.Int64().Draw(t, "int"))
	case 3:
		return model.Double(rapid.SampledFrom([]float64{0, -1.5, math.Inf(1), math.MaxFloat64, 0.1}).Draw(t, "double"))
	case 4:
		return model.Number("1.10")
	case 5:
		return model.Bytes([]byte(anyText.Draw(t, "bytes")))
	case 6:
		return model.String(anyText.Draw(t, "text"))
	case 7:
		list := make([]model.Value, rapid.IntRange(0, 3).Draw(t, "elements"))
		for i := range list {
			list[i] = anyValue(t, depth-1)
		}
		return model.List(list)
	}
	return model.Map(anyAttributes(t, depth-1))
}

func anyAttributes(t *rapid.T, depth int) model.Attributes {
	keys := rapid.MapOfN(anyText, rapid.Just(true), 0, 6).Draw(t, "keys")
	a := make(model.Attributes, 0, len(keys))
	for _, k := range slices.Sorted(maps.Keys(keys)) {
		a = append(a, model.Attribute{Key: k, Value: anyValue(t, depth)})
	}
	return a
}

// TestPacked: what is packed comes out again, by every way to read it.
func TestPacked(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := anyAttributes(t, 3), anyAttributes(t, 1)
		p := model.Pack(a)
		require.True(t, a.Equal(p.Unpack()))
		require.Equal(t, len(a), p.Len())
		require.Equal(t, a.Equal(b), p == model.Pack(b))
		require.Equal(t, string(a.AppendJSON(nil)), string(p.AppendJSON(nil)))
		var all model.Attributes
		for k, v := range p.All() {
			all = append(all, model.Attribute{Key: k, Value: v})
		}
		require.True(t, a.Equal(all))
		for _, at := range append(a, b...) {
			want, there := a.Get(at.Key)
			got, ok := p.Get(at.Key)
			require.Equal(t, there, ok)
			require.True(t, want.Equal(got))
			require.Equal(t, want.Str(), p.Str(at.Key))
			begins := slices.ContainsFunc(a, func(have model.Attribute) bool { return strings.HasPrefix(have.Key, at.Key) })
			require.Equal(t, begins, p.HasPrefix(at.Key))
		}
	})
}

func TestPacked_HasPrefix(t *testing.T) {
	p := model.Pack(model.Attributes{{Key: "b", Value: model.String("sentry.scope.")}, {Key: "a.b", Value: model.List([]model.Value{model.Int(1)})}, {Key: "z.y", Value: model.Null()}})
	require.False(t, p.HasPrefix("sentry.scope."), "in a value only")
	require.True(t, p.HasPrefix("a."))
	require.True(t, p.HasPrefix("z."))
	require.False(t, p.HasPrefix("y"))
	require.True(t, p.HasPrefix(""))
	require.False(t, model.Packed{}.HasPrefix("a"))
}

func TestPacked_JSON(t *testing.T) {
	none, err := json.Marshal(model.Packed{})
	require.NoError(t, err)
	require.JSONEq(t, `{}`, string(none))
	var p model.Packed
	require.NoError(t, json.Unmarshal([]byte(`{"b":[1,{"x":null}],"a":1.10}`), &p))
	require.Equal(t, `{"a":1.10,"b":[1,{"x":null}]}`, string(p.AppendJSON(nil)))
	require.Error(t, json.Unmarshal([]byte(`[]`), &p))
}

// TestPacker: records of a run get what is theirs, and nothing of it is changed by the next run.
func TestPacker(t *testing.T) {
	var p model.Packer
	want := func(i int) model.Attributes {
		if i%3 == 0 {
			return nil
		}
		return model.Attributes{{Key: "k", Value: model.String(strings.Repeat("x", i))}}
	}
	var runs [][]model.Packed
	for run := range 3 {
		for i := range 10 {
			p.Text(fmt.Sprint("name ", run, i))
			p.Attributes(want(run + i))
		}
		packs := p.Take()
		var got []model.Packed
		for i := range 10 {
			require.Equal(t, fmt.Sprint("name ", run, i), packs.Text())
			got = append(got, packs.Attributes())
		}
		runs = append(runs, got)
		p = p.Reusable()
	}
	for run, got := range runs {
		for i := range got {
			require.Equal(t, model.Pack(want(run+i)), got[i])
		}
	}
}

func BenchmarkPacked_Get(b *testing.B) {
	var a model.Attributes
	for i := range 12 {
		a = append(a, model.Attribute{Key: fmt.Sprintf("attribute.number.%02d", i), Value: model.String("a value of an attribute")})
	}
	p := model.Pack(a)
	b.ReportAllocs()
	for b.Loop() {
		if _, ok := p.Get("attribute.number.09"); !ok {
			b.Fatal("lost")
		}
	}
}
