package sentry

import (
	"strconv"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// parseInt reads a decimal integer that fits int64, and whole numbers written as 3.0.
func parseInt(text []byte) (int64, bool) {
	digits := text
	neg := len(digits) > 0 && digits[0] == '-'
	if neg {
		digits = digits[1:]
	}
	var n uint64
	i := 0
	for ; i < len(digits) && digits[i] >= '0' && digits[i] <= '9'; i++ {
		if i >= 18 { // 19 digits may not fit
			v, err := strconv.ParseInt(string(text), 10, 64)
			return v, err == nil
		}
		n = n*10 + uint64(digits[i]-'0')
	}
	if i == 0 {
		return 0, false
	}
	if rest := digits[i:]; len(rest) > 0 {
		if rest[0] != '.' {
			return 0, false
		}
		for _, c := range rest[1:] {
			if c != '0' {
				return 0, false
			}
		}
	}
	v := int64(n) // #nosec G115 -- at most 18 digits
	if neg {
		v = -v
	}
	return v, true
}

// isInteger reports whether a number is written without fraction and exponent.
func isInteger(text []byte) bool {
	for i, c := range text {
		if (c < '0' || c > '9') && (c != '-' || i > 0 || len(text) == 1) {
			return false
		}
	}
	return len(text) > 0
}

// parseFloat reads a number, NaN and the infinities among them.
func parseFloat(text []byte) (float64, bool) {
	if len(text) == 0 {
		return 0, false
	}
	f, err := strconv.ParseFloat(string(text), 64)
	return f, err == nil
}

// modelNumber keeps the text of a number where an int64 or float64 would change it.
func modelNumber(text []byte) model.Value {
	if isInteger(text) {
		if n, ok := parseInt(text); ok && (n != 0 || text[0] != '-') {
			return model.Int(n)
		}
		return model.ParseNumber(string(text))
	}
	switch string(text) {
	case "NaN", "nan", "inf", "Inf", "-inf", "-Inf", "+inf":
		f, _ := parseFloat(text)
		return model.Double(f)
	}
	return model.ParseNumber(string(text))
}
