package model

import "fmt"

// What spans are said to be in one word. A span has four such words, and there are spans by the million: as one byte each
// they are nothing for the garbage collector to look at. In JSON they are words. The zero value of each is "", unknown.

// Origin says which family of SDK recorded something.
type Origin int8

// The origins.
const (
	OriginSentry Origin = iota + 1 // sentry
	OriginOTel                     // otel
)

// SpanKind is OpenTelemetry's span kind in lower case; Sentry spans get theirs from their op.
type SpanKind int8

// The span kinds of the OpenTelemetry specification (trace/api.md, SpanKind).
const (
	KindInternal SpanKind = iota + 1 // internal
	KindServer                       // server
	KindClient                       // client
	KindProducer                     // producer
	KindConsumer                     // consumer
)

// SpanStatus is how a span ended.
type SpanStatus int8

// The span statuses. "ok" and "unset" are both fine for display; "unset" means that nobody said anything.
const (
	StatusUnset SpanStatus = iota + 1 // unset
	StatusOK                          // ok
	StatusError                       // error
)

var (
	origins  = [...]string{"", "sentry", "otel"}
	kinds    = [...]string{"", "internal", "server", "client", "producer", "consumer"}
	statuses = [...]string{"", "unset", "ok", "error"}
)

// String returns the word, "" for the zero value.
func (o Origin) String() string { return word(origins[:], int8(o)) }

// String returns the word, "" for the zero value.
func (k SpanKind) String() string { return word(kinds[:], int8(k)) }

// String returns the word, "" for the zero value.
func (s SpanStatus) String() string { return word(statuses[:], int8(s)) }

// MarshalText implements encoding.TextMarshaler.
func (o Origin) MarshalText() ([]byte, error) { return []byte(o.String()), nil }

// MarshalText implements encoding.TextMarshaler.
func (k SpanKind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// MarshalText implements encoding.TextMarshaler.
func (s SpanStatus) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler; a word it does not know is an error.
func (o *Origin) UnmarshalText(text []byte) error { return readWord((*int8)(o), origins[:], text) }

// UnmarshalText implements encoding.TextUnmarshaler; a word it does not know is an error.
func (k *SpanKind) UnmarshalText(text []byte) error { return readWord((*int8)(k), kinds[:], text) }

// UnmarshalText implements encoding.TextUnmarshaler; a word it does not know is an error.
func (s *SpanStatus) UnmarshalText(text []byte) error {
	return readWord((*int8)(s), statuses[:], text)
}

func word(words []string, i int8) string {
	if i < 0 || int(i) >= len(words) {
		return ""
	}
	return words[i]
}

func readWord(dst *int8, words []string, text []byte) error {
	for i, w := range words {
		if w == string(text) {
			*dst = int8(i) // #nosec G115 -- a handful
			return nil
		}
	}
	return fmt.Errorf("%q is none of %q", text, words[1:])
}
