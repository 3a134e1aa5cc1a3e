package frompdata

import "github.com/otelcol-spotlight/otelcol-spotlight/translate/model"

// facts are the facts of one record: where in its attributes each one stands. The attributes stay as they were sent.
type facts struct {
	attrs model.Attributes
	at    [factCount]uint16 // position in attrs plus one; 0: nobody said
	rank  [factCount]uint8
}

// note records that the attribute at position pos carries the fact of k, unless a key to believe more said it already.
func (f *facts) note(k *knownKey, pos int) {
	if k.fact == noFact || f.at[k.fact] != 0 && f.rank[k.fact] < k.rank {
		return
	}
	f.at[k.fact], f.rank[k.fact] = uint16(pos+1), k.rank // #nosec G115 -- a record has at most maxAttributes
}

// reset makes f empty.
func (f *facts) reset() {
	f.attrs = nil
	f.at = [factCount]uint16{}
}

func (f *facts) has(x fact) bool { return f.at[x] != 0 }

// value returns the value of a fact, null when nobody said.
func (f *facts) value(x fact) model.Value {
	if f.at[x] == 0 {
		return model.Value{}
	}
	return f.attrs[f.at[x]-1].Value
}

// str returns the text of a fact that should be text, "" when it is missing or of another kind.
func (f *facts) str(x fact) string {
	if f.at[x] == 0 {
		return ""
	}
	return f.attrs[f.at[x]-1].Value.Str()
}

// text returns a fact for a human: numbers too.
func (f *facts) text(x fact) string {
	if f.at[x] == 0 {
		return ""
	}
	return f.attrs[f.at[x]-1].Value.Text()
}

// number returns a fact that should be a number; senders write it as text too. ok is false for anything else.
func (f *facts) number(x fact) (n int64, ok bool) {
	if f.at[x] == 0 {
		return 0, false
	}
	v := f.attrs[f.at[x]-1].Value
	switch v.Kind() {
	case model.KindInt, model.KindDouble:
		return v.Int(), true
	case model.KindString:
		p := model.ParseNumber(v.Str())
		return p.Int(), p.Kind() == model.KindInt
	}
	return 0, false
}

// isTrue reports whether a fact is true, or the text "true": attribute processors and old bridges make it text.
func (f *facts) isTrue(x fact) bool {
	v := f.value(x)
	return v.Bool() || v.Str() == "true" || v.Str() == "True"
}
