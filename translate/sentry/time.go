package sentry

import (
	"math"
	"strconv"
	"time"
)

// maxSeconds is the last second whose nanoseconds fit int64: 2262-04-11. Relay takes years up to 9999.
const maxSeconds = math.MaxInt64/1_000_000_000 - 1

// time reads a timestamp in nanoseconds since the epoch. SDKs write a number of seconds with a fraction (JavaScript,
// Rust), RFC 3339 text with nanoseconds (Go) or microseconds (Python), or text without a zone, which means UTC (old
// SDKs). Numbers of milliseconds, microseconds and nanoseconds are told by their size. ok is false when there is no
// time, or none of the years 1970 to 2262.
func (v node) time() (ns int64, ok bool) {
	if v.missing() {
		return 0, false
	}
	switch v.kind() {
	case kindNumber:
		return parseUnix(v.number())
	case kindString:
		text := v.bytes()
		if len(text) > 4 && text[4] == '-' {
			return parseDateTime(text)
		}
		return parseUnix(v.number())
	}
	return 0, false
}

// parseUnix reads a decimal number of seconds. The text is read digit by digit: a float64 of today's seconds has steps
// of 240 ns.
func parseUnix(text []byte) (ns int64, ok bool) {
	var whole, frac uint64
	i := 0
	for ; i < len(text) && isDigit(text[i]); i++ {
		if i >= 19 {
			return 0, false
		}
		whole = whole*10 + uint64(text[i]-'0')
	}
	if i == 0 {
		return 0, false
	}
	fracDigits := 0
	if i < len(text) && text[i] == '.' {
		for i++; i < len(text) && isDigit(text[i]); i++ {
			if fracDigits < 9 {
				frac = frac*10 + uint64(text[i]-'0')
				fracDigits++
			}
		}
	}
	if i < len(text) { // an exponent: no SDK writes one, but JSON allows it
		f, err := strconv.ParseFloat(string(text), 64)
		if err != nil || f < 0 || f > maxSeconds {
			return 0, false
		}
		whole, frac, fracDigits = uint64(f), 0, 0
	}
	unit := uint64(1) // digits of whole that are below one second, as a power of ten
	switch {
	case whole > 1e17:
		unit = 1e9
	case whole > 1e14:
		unit = 1e6
	case whole > 1e11:
		unit = 1e3
	}
	for ; fracDigits < 9; fracDigits++ {
		frac *= 10
	}
	seconds, rest := whole/unit, whole%unit
	if seconds > maxSeconds {
		return 0, false
	}
	ns = int64(seconds)*1e9 + int64(rest*(1e9/unit)) + int64(frac/unit) // #nosec G115 -- bounded above
	return ns, ns > 0
}

// parseDateTime reads 2026-11-21T19:00:00[.123456789][Z|+01:00|+0100], with a blank for the T too.
func parseDateTime(text []byte) (ns int64, ok bool) {
	const layout = "2006-01-02T15:04:05"
	if len(text) == len("2006-01-02") {
		text = append(append(make([]byte, 0, len(layout)), text...), "T00:00:00"...)
	}
	if len(text) < len(layout) {
		return 0, false
	}
	for i, c := range []byte(layout) {
		switch {
		case c == 'T':
			if text[i] != 'T' && text[i] != 't' && text[i] != ' ' {
				return 0, false
			}
		case isDigit(c):
			if !isDigit(text[i]) {
				return 0, false
			}
		case text[i] != c:
			return 0, false
		}
	}
	two := func(i int) int { return int(text[i]-'0')*10 + int(text[i+1]-'0') }
	year, month, day := two(0)*100+two(2), two(5), two(8)
	hour, minute, second := two(11), two(14), two(17)
	if month < 1 || month > 12 || day < 1 || hour > 23 || minute > 59 || second > 60 {
		return 0, false
	}
	rest := text[len(layout):]
	var frac int64
	if len(rest) > 0 && (rest[0] == '.' || rest[0] == ',') {
		digits := 0
		for rest = rest[1:]; len(rest) > 0 && isDigit(rest[0]); rest = rest[1:] {
			if digits < 9 {
				frac = frac*10 + int64(rest[0]-'0')
				digits++
			}
		}
		for ; digits < 9; digits++ {
			frac *= 10
		}
	}
	offset, ok := zoneOffset(rest)
	if !ok {
		return 0, false
	}
	t := time.Date(year, time.Month(month), day, hour, minute, second, 0, time.UTC)
	if t.Day() != day && second < 60 {
		return 0, false // 30 February
	}
	seconds := t.Unix() - offset
	if seconds < 0 || seconds > maxSeconds {
		return 0, false
	}
	ns = seconds*1e9 + frac
	return ns, ns > 0
}

// zoneOffset reads Z, +01:00, +0100 or +01 as seconds east of UTC; no zone is UTC.
func zoneOffset(zone []byte) (seconds int64, ok bool) {
	if len(zone) == 0 || len(zone) == 1 && (zone[0] == 'Z' || zone[0] == 'z') {
		return 0, true
	}
	sign := int64(1)
	switch zone[0] {
	case '-':
		sign = -1
	case '+':
	default:
		return 0, false
	}
	var digits [4]int64
	n := 0
	for _, c := range zone[1:] {
		if c == ':' && n == 2 {
			continue
		}
		if !isDigit(c) || n == len(digits) {
			return 0, false
		}
		digits[n] = int64(c - '0')
		n++
	}
	if n != 2 && n != 4 {
		return 0, false
	}
	return sign * ((digits[0]*10+digits[1])*3600 + (digits[2]*10+digits[3])*60), true
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }
