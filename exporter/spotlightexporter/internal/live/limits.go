package live

import "time"

// Defaults of Limits, see the exporter's README.
const (
	DefaultMaxBytes         = 256 << 20
	DefaultMaxAge           = time.Hour
	DefaultMaxSpansPerTrace = 20_000
)

// QuietAfter is how long after its last record an incomplete trace may still be running: SDKs send what they have
// collected every 5 s at the latest (OTEL_BSP_SCHEDULE_DELAY). It is no limit; readers and the change feed share it.
const QuietAfter = 5 * time.Second

// Limits bounds a Store. A zero field means its default.
type Limits struct {
	// MaxBytes bounds the memory of everything stored, Go's overhead included.
	MaxBytes int64
	// MaxAge is how long a record stays after the last activity of its trace. Pinned ones stay.
	MaxAge time.Duration
	// MaxSpansPerTrace is how many spans of one trace are kept; later ones are dropped, counted and marked.
	MaxSpansPerTrace int
	// MaxBytesPerTrace keeps one runaway trace from pushing out everything else. Default: a quarter of MaxBytes for
	// spans and logs; events and items, which are rarer and matter more, may use twice that.
	MaxBytesPerTrace int64
}

func (l Limits) withDefaults() Limits {
	if l.MaxBytes <= 0 {
		l.MaxBytes = DefaultMaxBytes
	}
	if l.MaxAge <= 0 {
		l.MaxAge = DefaultMaxAge
	}
	if l.MaxSpansPerTrace <= 0 {
		l.MaxSpansPerTrace = DefaultMaxSpansPerTrace
	}
	if l.MaxBytesPerTrace <= 0 {
		l.MaxBytesPerTrace = l.MaxBytes / 4
	}
	return l
}
