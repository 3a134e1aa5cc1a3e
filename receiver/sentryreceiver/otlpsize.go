package sentryreceiver

import (
	"errors"

	"google.golang.org/protobuf/encoding/protowire"
)

// An empty span is two bytes on the wire and some hundred in memory, so a request is measured before it is decoded:
// records (spans, log records, data points), messages of any kind, and nesting, which the decoder follows by recursion
// without a bound.

const (
	// objectsPerRecord times max_otlp_records is how many messages a request may have; an attribute is two of them.
	objectsPerRecord = 20

	// maxNesting bounds values in values, in messages.
	maxNesting = 64
)

var (
	errTooMany = errors.New("too many records")
	errTooDeep = errors.New("nested too deep")
)

// message is the shape of a protobuf message as far as other messages are in it: field number -> shape. Numbers are
// those of opentelemetry-proto v1.
type message struct {
	fields map[protowire.Number]*message
	record bool
}

var (
	otlpTraceRequest, otlpLogsRequest, otlpMetricsRequest = otlpShapes()
)

func otlpShapes() (traces, logs, metrics *message) {
	is := func(fields map[protowire.Number]*message) *message { return &message{fields: fields} }
	record := func(fields map[protowire.Number]*message) *message {
		return &message{fields: fields, record: true}
	}
	anyValue, keyValue := &message{}, &message{}
	keyValue.fields = map[protowire.Number]*message{2: anyValue}
	anyValue.fields = map[protowire.Number]*message{
		5: is(map[protowire.Number]*message{1: anyValue}), // array_value
		6: is(map[protowire.Number]*message{1: keyValue}), // kvlist_value
	}
	entity := is(nil)
	resource := is(map[protowire.Number]*message{1: keyValue, 3: entity})
	scope := is(map[protowire.Number]*message{3: keyValue})
	exemplar := is(map[protowire.Number]*message{7: keyValue})

	request := func(r *message) *message { // Export...ServiceRequest -> Resource... -> Scope... -> r
		scoped := is(map[protowire.Number]*message{1: scope, 2: r})
		return is(map[protowire.Number]*message{1: is(map[protowire.Number]*message{1: resource, 2: scoped})})
	}
	point := func(p *message) *message { return is(map[protowire.Number]*message{1: p}) }

	traces = request(record(map[protowire.Number]*message{
		9:  keyValue,
		11: is(map[protowire.Number]*message{3: keyValue}), // events
		13: is(map[protowire.Number]*message{4: keyValue}), // links
		15: is(nil),                                        // status
	}))
	logs = request(record(map[protowire.Number]*message{5: anyValue, 6: keyValue}))
	metrics = request(is(map[protowire.Number]*message{
		5:  point(record(map[protowire.Number]*message{7: keyValue, 5: exemplar})),                          // gauge
		7:  point(record(map[protowire.Number]*message{7: keyValue, 5: exemplar})),                          // sum
		9:  point(record(map[protowire.Number]*message{9: keyValue, 8: exemplar})),                          // histogram
		10: point(record(map[protowire.Number]*message{1: keyValue, 8: is(nil), 9: is(nil), 11: exemplar})), // exponential histogram
		11: point(record(map[protowire.Number]*message{7: keyValue, 6: is(nil)})),                           // summary
		12: keyValue,
	}))
	return traces, logs, metrics
}

// measure counts down what a request may still have.
type measure struct {
	records, messages int
}

// walk goes through a message of the given shape. It fails on too many, too deep, and on what is no protobuf.
func (m *measure) walk(data []byte, shape *message, depth int) error {
	if depth > maxNesting {
		return errTooDeep
	}
	for len(data) > 0 {
		number, kind, n := protowire.ConsumeTag(data)
		if n < 0 {
			return protowire.ParseError(n)
		}
		data = data[n:]
		inner := shape.fields[number]
		if kind != protowire.BytesType || inner == nil {
			if n = protowire.ConsumeFieldValue(number, kind, data); n < 0 {
				return protowire.ParseError(n)
			}
			data = data[n:]
			continue
		}
		value, n := protowire.ConsumeBytes(data)
		if n < 0 {
			return protowire.ParseError(n)
		}
		data = data[n:]
		m.messages--
		if inner.record {
			m.records--
		}
		if m.messages < 0 || m.records < 0 {
			return errTooMany
		}
		if err := m.walk(value, inner, depth+1); err != nil {
			return err
		}
	}
	return nil
}
