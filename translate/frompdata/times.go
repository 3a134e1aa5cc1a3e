package frompdata

import (
	"math"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// earliest is the earliest time that is believed. What is before it comes from senders that wrote seconds, milli- or
// microseconds where OTLP wants nanoseconds, or from machines that never had a clock.
var earliest = uint64(time.Date(1971, 1, 1, 0, 0, 0, 0, time.UTC).UnixNano()) // #nosec G115 -- positive

// timeOf returns a time, or that of arrival with a warning when it is missing or impossible.
func (b *builder) timeOf(t pcommon.Timestamp) model.Time {
	if possible(t) {
		return model.Time(t) // #nosec G115 -- possible
	}
	b.warn |= warnTime
	return b.received()
}

// optionalTime returns a time, zero when it is missing or impossible.
func optionalTime(t pcommon.Timestamp) model.Time {
	if possible(t) {
		return model.Time(t) // #nosec G115 -- possible
	}
	return 0
}

func possible(t pcommon.Timestamp) bool { return uint64(t) >= earliest && t <= math.MaxInt64 }

// setTimes fills start, duration and open of a span.
func (b *builder) setTimes(s *model.Span, start, end pcommon.Timestamp) {
	s.StartTime = b.timeOf(start)
	switch {
	case end == 0:
		s.Open = true
	case end > math.MaxInt64:
		b.warn |= warnTime
	case end < start:
		b.warn |= warnEnd
	case start == 0: // a start that is missing says nothing of the duration
		if possible(end) {
			s.StartTime = model.Time(end) // #nosec G115 -- possible
		}
	case start <= math.MaxInt64:
		s.DurationNS = int64(end - start) // #nosec G115 -- both fit int64 and end >= start
	}
}
