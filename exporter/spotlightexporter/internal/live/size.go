package live

import (
	"unsafe"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// What things cost in memory, in bytes, on a 64-bit machine. The sums are compared with the heap in TestBytesAreHonest.
const (
	valueSize     = int64(unsafe.Sizeof(model.Value{}))
	attributeSize = int64(unsafe.Sizeof(model.Attribute{}))
	treeSize      = 48 // of a list or map inside a value
	mapEntry      = 56 // of a map from an id to a pointer, at an average fill
	smallMapEntry = 24 // of a map from a span id to an index
	pointer       = 8
)

// class rounds n up to what Go's allocator hands out (runtime/sizeclasses.go, in steps that are close enough).
func class(n int64) int64 {
	switch {
	case n <= 0:
		return 0
	case n <= 128:
		return (n + 15) &^ 15
	case n <= 32<<10:
		step := int64(16)
		for limit := int64(256); n > limit; limit *= 2 {
			step *= 2
		}
		return (n + step - 1) &^ (step - 1)
	}
	return (n + 8191) &^ 8191
}

// meter measures records. It knows texts that it has met shortly before by their address, because equal texts of a batch
// and well-known attribute names share memory. It has one owner.
type meter struct {
	met [1024]string
}

// maxShared is the length of the longest text that is looked for in meter.met, which keeps what it has met alive.
const maxShared = 64

func (m *meter) text(s string) int64 {
	if len(s) == 0 {
		return 0
	}
	if len(s) > maxShared {
		return class(int64(len(s)))
	}
	p := unsafe.StringData(s) // #nosec G103 -- compared, never read
	at := &m.met[(uintptr(unsafe.Pointer(p))>>3^uintptr(unsafe.Pointer(p))>>11)%uintptr(len(m.met))]
	if unsafe.StringData(*at) == p && len(*at) >= len(s) {
		return 0
	}
	*at = s
	return int64(len(s)+7) &^ 7 // short texts without pointers share blocks of 16 bytes
}

func (m *meter) texts(list []string) int64 {
	n := class(int64(cap(list)) * 16)
	for _, s := range list {
		n += m.text(s)
	}
	return n
}

// value returns what v needs beyond its own struct.
func (m *meter) value(v model.Value) int64 {
	switch v.Kind() {
	case model.KindString:
		return m.text(v.Str())
	case model.KindBytes, model.KindNumber:
		return class(int64(v.Size()))
	case model.KindList:
		list := v.List()
		n := treeSize + class(int64(cap(list))*valueSize)
		for _, e := range list {
			n += m.value(e)
		}
		return n
	case model.KindMap:
		return treeSize + m.attributes(v.Map())
	}
	return 0
}

func (m *meter) attributes(a model.Attributes) int64 {
	n := int64(cap(a)) * attributeSize
	for i := range a {
		n += m.text(a[i].Key)
		if k := a[i].Value.Kind(); k >= model.KindNumber {
			n += m.value(a[i].Value)
		}
	}
	return n
}

func (m *meter) span(s *model.Span) int64 {
	n := class(int64(unsafe.Sizeof(*s))) + m.text(s.Name) + m.text(s.Op) + m.text(s.StatusMessage) + m.text(s.RawName) +
		m.text(s.TraceState) + int64(s.Attributes.Size()) + class(int64(cap(s.Payload)))
	if s.Warnings != nil {
		n += m.texts(s.Warnings)
	}
	n += class(int64(cap(s.Events)) * int64(unsafe.Sizeof(model.SpanEvent{})))
	for i := range s.Events {
		n += m.text(s.Events[i].Name) + m.attributes(s.Events[i].Attributes)
	}
	n += class(int64(cap(s.Links)) * int64(unsafe.Sizeof(model.SpanLink{})))
	for i := range s.Links {
		n += m.text(s.Links[i].TraceState) + m.attributes(s.Links[i].Attributes)
	}
	return n
}

// part measures a text that is often a part of another one, from its beginning on, and then needs nothing itself.
func (m *meter) part(s, of string) int64 {
	if len(s) <= len(of) && unsafe.StringData(s) == unsafe.StringData(of) { // #nosec G103 -- compared, never read
		return 0
	}
	return m.text(s)
}

func (m *meter) log(l *model.Log) int64 {
	return class(int64(unsafe.Sizeof(*l))) + m.part(l.Message, l.Body.Str()) + m.text(l.Logger) + m.text(l.SeverityText) + m.text(l.EventName) +
		m.value(l.Body) + m.attributes(l.Attributes) + m.texts(l.Warnings)
}

func (m *meter) item(i *model.Item) int64 {
	return class(int64(unsafe.Sizeof(*i))) + m.text(i.Title) + m.text(i.ContentType) + m.texts(i.Warnings) + m.attributes(i.Attributes) +
		class(int64(cap(i.Payload)))
}

func (m *meter) event(e *model.EventRecord) int64 {
	n := class(int64(unsafe.Sizeof(*e))) + m.text(e.IssueID) + m.text(e.Title) + m.text(e.Value) + m.text(e.Culprit) + m.text(e.Message) +
		m.text(e.Release) + m.texts(e.Warnings) + m.attributes(e.Attributes) + class(int64(cap(e.Payload)))
	n += class(int64(cap(e.Exceptions)) * int64(unsafe.Sizeof(model.Exception{})))
	for i := range e.Exceptions {
		n += m.exception(&e.Exceptions[i])
	}
	return n
}

func (m *meter) exception(x *model.Exception) int64 {
	n := m.text(x.Type) + m.text(x.Value) + m.text(x.Module) + m.text(x.RawStack) + class(int64(cap(x.Omitted))*8)
	if x.Mechanism != nil {
		n += class(int64(unsafe.Sizeof(*x.Mechanism))) + m.text(x.Mechanism.Description) + m.attributes(x.Mechanism.Data) + m.attributes(x.Mechanism.Meta)
	}
	for _, frames := range [2][]model.Frame{x.Frames, x.RawFrames} {
		n += class(int64(cap(frames)) * int64(unsafe.Sizeof(model.Frame{})))
		for i := range frames {
			f := &frames[i]
			n += m.text(f.Function) + m.text(f.RawFunction) + m.text(f.Module) + m.text(f.Package) + m.text(f.Filename) + m.text(f.AbsPath) +
				m.texts(f.PreContext) + m.texts(f.PostContext) + m.attributes(f.Vars) + m.attributes(f.Other)
			if f.ContextLine != nil {
				n += 16 + m.text(*f.ContextLine)
			}
		}
	}
	return n
}

func (m *meter) metric(k *model.Metric) int64 {
	n := class(int64(unsafe.Sizeof(*k))) + m.text(k.Name) + m.text(k.Description) + m.text(k.Unit) + m.attributes(k.Metadata) +
		class(int64(cap(k.Points))*int64(unsafe.Sizeof(model.MetricPoint{})))
	for i := range k.Points {
		n += m.point(&k.Points[i])
	}
	return n
}

// point measures a point without its attributes, which series share.
func (m *meter) point(p *model.MetricPoint) int64 {
	var n int64
	if p.Value != nil {
		n += class(valueSize) + m.value(*p.Value)
	}
	for _, f := range [3]*float64{p.Sum, p.Min, p.Max} {
		if f != nil {
			n += 8
		}
	}
	n += class(int64(cap(p.Bounds))*8) + class(int64(cap(p.Buckets))*8) + class(int64(cap(p.Quantiles))*16)
	for _, b := range [2]*model.ExpBuckets{p.Positive, p.Negative} {
		if b != nil {
			n += class(int64(unsafe.Sizeof(*b))) + class(int64(cap(b.Counts))*8)
		}
	}
	n += class(int64(cap(p.Exemplars)) * int64(unsafe.Sizeof(model.Exemplar{})))
	for i := range p.Exemplars {
		n += m.value(p.Exemplars[i].Value) + m.attributes(p.Exemplars[i].Attributes)
	}
	return n
}

func (m *meter) resource(r *model.Resource) int64 {
	n := class(int64(unsafe.Sizeof(*r))) + m.text(r.SchemaURL) + m.attributes(r.Attributes) + class(int64(cap(r.Entities))*int64(unsafe.Sizeof(model.EntityRef{})))
	for i := range r.Entities {
		e := &r.Entities[i]
		n += m.text(e.Type) + m.text(e.SchemaURL) + m.texts(e.IDKeys) + m.texts(e.DescriptionKeys)
	}
	return n
}

func (m *meter) scope(c *model.InstrumentationScope) int64 {
	return class(int64(unsafe.Sizeof(*c))) + m.text(c.Name) + m.text(c.Version) + m.text(c.SchemaURL) + m.attributes(c.Attributes)
}
