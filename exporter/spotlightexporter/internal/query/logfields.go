package query

import (
	"strings"
	"unicode/utf8"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

const (
	maxFields     = 200 // bytes of LogSummary.Fields: what fits beside a message
	maxFieldValue = 60  // bytes of one value in it
)

// context are prefixes of attributes that say where a log comes from, and not what it is about: they are the same on every
// line of a process, or shown elsewhere in its row.
var context = []string{
	"sentry.", "telemetry.", "process.", "host.", "os.", "service.", "server.", "code.", "thread.", "log.", "exception.", "otel.", "event.", "user_agent.", "user.",
	"k8s.", "container.", "cloud.",
}

// secret are parts of names whose values are not printed beside a message (overlay/src/lib/curl.ts has the same).
var secret = []string{
	"authorization", "cookie", "token", "secret", "password", "passwd", "api_key", "api-key", "apikey", "session", "csrf", "xsrf", "signature",
}

// fieldsOf returns the attributes that somebody gave a log record, as one line of text.
func fieldsOf(attrs model.Attributes) string {
	var b strings.Builder
	for _, a := range attrs {
		// A number for a key is the index of a list, or of the letters of a text that was taken for one.
		if hasPrefix(a.Key, context) || strings.Trim(a.Key, "0123456789") == "" || containsAny(strings.ToLower(a.Key), secret) {
			continue
		}
		value := a.Value.Text()
		if len(value) > maxFieldValue {
			cut := maxFieldValue
			for cut > 0 && !utf8.RuneStart(value[cut]) {
				cut--
			}
			value = value[:cut] + "…"
		}
		if a.Value.Kind() == model.KindString && (value == "" || strings.ContainsAny(value, " \t\n\r\"=")) {
			value = string(model.AppendJSONString(nil, value))
		}
		if b.Len()+len(a.Key)+len(value)+2 > maxFields {
			b.WriteString(" …")
			break
		}
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(a.Key)
		b.WriteByte('=')
		b.WriteString(value)
	}
	return b.String()
}

func hasPrefix(s string, prefixes []string) bool {
	for _, p := range prefixes {
		if strings.HasPrefix(s, p) {
			return true
		}
	}
	return false
}

func containsAny(s string, parts []string) bool {
	for _, p := range parts {
		if strings.Contains(s, p) {
			return true
		}
	}
	return false
}
