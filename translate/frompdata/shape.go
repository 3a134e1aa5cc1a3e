package frompdata

import "go.opentelemetry.io/collector/pdata/pcommon"

// maxShape is the number of attributes up to which their order is remembered. Instrumentation sets some ten.
const maxShape = 32

// shape is a list of keys in the order one piece of instrumentation sends them, and where each goes when sorted.
// Spans of one instrumentation all have the same keys in the same order, so that comparing them with those of the span
// before saves looking up and sorting them: a third of the time of a span (BenchmarkTraces).
type shape struct {
	n     int // keys
	size  int // distinct keys
	keys  [maxShape]string
	known [maxShape]*knownKey // nil for keys without a fact
	place [maxShape]uint8     // position when sorted, or replaced
	order [maxShape]uint8     // of the first size keys when sorted: where each stands in keys
	told  [maxShape]uint8     // of the first facts keys: where those that carry a fact stand in keys
	facts int
}

const replaced = 0xff // of shape.place: a later value of the same key takes the place

// read puts the values of m where they belong; it returns false when m does not have the keys of sh in the order of sh.
// sure says that it does: sh may have learnt keys in another text, since not all are valid.
func (sh *shape) read(m pcommon.Map, l *loose, sure bool) bool {
	if sh.n != m.Len() {
		return false
	}
	i := 0
	for key, v := range m.All() {
		if sh.keys[i] != key && !sure {
			return false
		}
		if at := sh.place[i]; at != replaced {
			l.values[at] = v
		}
		i++
	}
	return true
}

// learn makes sh the shape of m, which has at most maxShape attributes.
func (sh *shape) learn(b *builder, m pcommon.Map) {
	order := &sh.order
	sh.n, sh.size = m.Len(), 0
	i := 0
	for key := range m.All() {
		k := known[key]
		if k != nil {
			key = k.key
		} else {
			key = b.text(key)
		}
		sh.keys[i], sh.known[i] = key, k
		at := sh.size
		for at > 0 && sh.keys[order[at-1]] > key {
			at--
		}
		if at > 0 && sh.keys[order[at-1]] == key { // of several values of one key the last one stays
			sh.place[order[at-1]] = replaced
		} else {
			copy(order[at+1:sh.size+1], order[at:sh.size])
			sh.size++
			at++
		}
		order[at-1] = uint8(i) // #nosec G115 -- below maxShape
		i++
	}
	for at, i := range order[:sh.size] {
		sh.place[i] = uint8(at) // #nosec G115 -- below maxShape
	}
	sh.facts = 0
	for i := range sh.n {
		if k := sh.known[i]; k != nil && k.fact != noFact && sh.place[i] != replaced {
			sh.told[sh.facts] = uint8(i) // #nosec G115 -- below maxShape
			sh.facts++
		}
	}
}
