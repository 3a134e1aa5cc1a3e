package model

import (
	"encoding/hex"
	"errors"
	"time"
)

// TraceID is the 16-byte id of a trace. The zero value means "none" (W3C Trace Context section 3.2.2.3).
type TraceID [16]byte

// SpanID is the 8-byte id of a span. The zero value means "none" (W3C Trace Context section 3.2.2.4).
type SpanID [8]byte

// EventID is the 16-byte id of a Sentry event. Sentry writes it with or without dashes; we write 32 hex digits.
type EventID [16]byte

// IsZero reports whether the id is absent.
func (id TraceID) IsZero() bool { return id == TraceID{} }

// IsZero reports whether the id is absent.
func (id SpanID) IsZero() bool { return id == SpanID{} }

// IsZero reports whether the id is absent.
func (id EventID) IsZero() bool { return id == EventID{} }

// String returns 32 lower-case hex digits, or "" for no id.
func (id TraceID) String() string { return hexOrEmpty(id[:], id.IsZero()) }

// String returns 16 lower-case hex digits, or "" for no id.
func (id SpanID) String() string { return hexOrEmpty(id[:], id.IsZero()) }

// String returns 32 lower-case hex digits, or "" for no id.
func (id EventID) String() string { return hexOrEmpty(id[:], id.IsZero()) }

// MarshalText implements encoding.TextMarshaler.
func (id TraceID) MarshalText() ([]byte, error) { return []byte(id.String()), nil }

// MarshalText implements encoding.TextMarshaler.
func (id SpanID) MarshalText() ([]byte, error) { return []byte(id.String()), nil }

// MarshalText implements encoding.TextMarshaler.
func (id EventID) MarshalText() ([]byte, error) { return []byte(id.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler; it takes what ParseTraceID takes, and "" as no id.
func (id *TraceID) UnmarshalText(text []byte) error { return unmarshalID(id[:], text) }

// UnmarshalText implements encoding.TextUnmarshaler; it takes what ParseSpanID takes, and "" as no id.
func (id *SpanID) UnmarshalText(text []byte) error { return unmarshalID(id[:], text) }

// UnmarshalText implements encoding.TextUnmarshaler; it takes what ParseEventID takes, and "" as no id.
func (id *EventID) UnmarshalText(text []byte) error { return unmarshalID(id[:], text) }

// ParseTraceID reads 32 hex digits of either case; dashes, as in a UUID, are ignored.
// ok is false, and the id zero, when the text is not an id. All zeros is the zero id and ok.
func ParseTraceID(text string) (id TraceID, ok bool) {
	if ok = parseHex(id[:], text); !ok {
		id = TraceID{}
	}
	return id, ok
}

// ParseSpanID reads 16 hex digits of either case; dashes are ignored. See ParseTraceID.
func ParseSpanID(text string) (id SpanID, ok bool) {
	if ok = parseHex(id[:], text); !ok {
		id = SpanID{}
	}
	return id, ok
}

// ParseEventID reads 32 hex digits of either case; dashes, as in a UUID, are ignored. See ParseTraceID.
func ParseEventID(text string) (id EventID, ok bool) {
	if ok = parseHex(id[:], text); !ok {
		id = EventID{}
	}
	return id, ok
}

var errID = errors.New("not a hex id of the right length")

func hexOrEmpty(id []byte, empty bool) string {
	if empty {
		return ""
	}
	return hex.EncodeToString(id)
}

func unmarshalID(dst, text []byte) error {
	clear(dst)
	if len(text) == 0 {
		return nil
	}
	if !parseHex(dst, string(text)) {
		clear(dst)
		return errID
	}
	return nil
}

func parseHex(dst []byte, text string) bool {
	if len(text) == 2*len(dst) {
		good := true
		for i := range dst {
			high, low := hexValues[text[2*i]], hexValues[text[2*i+1]]
			dst[i] = high<<4 | low&15
			good = good && high|low < 16
		}
		if good {
			return true
		}
	}
	n := 0
	for i := range len(text) {
		c := text[i]
		var v byte
		switch {
		case c >= '0' && c <= '9':
			v = c - '0'
		case c >= 'a' && c <= 'f':
			v = c - 'a' + 10
		case c >= 'A' && c <= 'F':
			v = c - 'A' + 10
		case c == '-':
			continue
		default:
			return false
		}
		if n == 2*len(dst) {
			return false
		}
		if n%2 == 0 {
			dst[n/2] = v << 4
		} else {
			dst[n/2] |= v
		}
		n++
	}
	return n == 2*len(dst)
}

// hexValues has the value of every hex digit, and noHex for all other bytes.
var hexValues = func() (values [256]byte) {
	const noHex = 0xff
	for i := range values {
		values[i] = noHex
	}
	for i := range 10 {
		values['0'+i] = byte(i)
	}
	for i := range 6 {
		values['a'+i], values['A'+i] = byte(10+i), byte(10+i)
	}
	return values
}()

// Time is a point in time in nanoseconds since the Unix epoch, UTC. Zero means "unknown" and is left out of the JSON
// by fields tagged omitzero; otherwise it is written as RFC 3339 with nine fractional digits.
type Time int64

// TimeOf converts t; years outside 1678 to 2262 do not fit and give an undefined result.
func TimeOf(t time.Time) Time { return Time(t.UnixNano()) }

// IsZero reports whether the time is unknown.
func (t Time) IsZero() bool { return t == 0 }

// Std returns t as a time.Time in UTC.
func (t Time) Std() time.Time { return time.Unix(0, int64(t)).UTC() }

const timeLayout = "2006-01-02T15:04:05.000000000Z"

// MarshalText implements encoding.TextMarshaler.
func (t Time) MarshalText() ([]byte, error) {
	return t.Std().AppendFormat(make([]byte, 0, len(timeLayout)), timeLayout), nil
}

// UnmarshalText implements encoding.TextUnmarshaler: any RFC 3339 time.
func (t *Time) UnmarshalText(text []byte) error {
	std, err := time.Parse(time.RFC3339Nano, string(text))
	if err != nil {
		return err
	}
	*t = TimeOf(std)
	return nil
}
