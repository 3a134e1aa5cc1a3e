package sentry

import (
	"strings"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// readMessage reads the message of an event: logentry, or the older message, which is a text, an object of the same form, or
// false. A message that came as a template with parameters only is put together here.
func (f *fields) readMessage() (m model.Message) {
	for _, v := range [...]node{f.logentry, f.message} {
		if m.Formatted != "" {
			break
		}
		if v.isNull() {
			continue
		}
		switch v.kind() {
		case kindString:
			m.Formatted = v.str()
		case kindObject:
			v.logentry(&m)
		}
	}
	return m
}

func (v node) logentry(m *model.Message) {
	var params node
	v.visit(func(k []byte, e node) {
		switch string(k) {
		case "formatted":
			m.Formatted = e.text()
		case "message":
			m.Template = e.text()
		case "params":
			params = e
		}
	})
	var named map[string]string
	switch {
	case params.missing():
	case params.kind() == kindArray:
		for p := range params.elements() {
			m.Params = append(m.Params, p.value())
		}
	case params.kind() == kindObject:
		named = make(map[string]string)
		params.visit(func(k []byte, e node) { named[string(k)] = e.text() })
		m.Params = append(m.Params, params.value())
	}
	if m.Formatted == "" {
		m.Formatted = render(m.Template, m.Params, named)
	}
	if m.Template == m.Formatted && len(m.Params) == 0 {
		m.Template = ""
	}
}

// maxRendered bounds a message put together from its template: a short template can name one long parameter often.
const maxRendered = 64 << 10

// render fills the placeholders %s, %d..., %(name)s, {}, {0} and {name}. What does not fit stays as it is.
func render(template string, params []model.Value, named map[string]string) string {
	if len(params) == 0 || !strings.ContainsAny(template, "%{") {
		return template
	}
	var b strings.Builder
	next := 0
	lookup := func(name string) (string, bool) {
		if name == "" {
			if next < len(params) && named == nil {
				next++
				return params[next-1].Text(), true
			}
			return "", false
		}
		if v, ok := named[name]; ok {
			return v, true
		}
		if n, ok := parseInt([]byte(name)); ok && named == nil && n >= 0 && n < int64(len(params)) {
			return params[n].Text(), true
		}
		return "", false
	}
	for i := 0; i < len(template) && b.Len() < maxRendered; {
		rest := template[i:]
		name, width := placeholder(rest)
		if width > 0 {
			if v, ok := lookup(name); ok {
				b.WriteString(v)
				i += width
				continue
			}
		}
		if strings.HasPrefix(rest, "%%") {
			i++
		}
		b.WriteByte(template[i])
		i++
	}
	return b.String()
}

// placeholder returns the name and the width of the placeholder that text starts with; width is 0 when there is none.
func placeholder(text string) (name string, width int) {
	switch {
	case strings.HasPrefix(text, "%("):
		if end := strings.IndexByte(text, ')'); end > 0 && end+1 < len(text) && isLetter(text[end+1]) {
			return text[2:end], end + 2
		}
	case strings.HasPrefix(text, "{"):
		if end := strings.IndexByte(text, '}'); end > 0 {
			name, _, _ = strings.Cut(text[1:end], ":")
			return name, end + 1
		}
	case strings.HasPrefix(text, "%"):
		i := 1
		for i < len(text) && (isDigit(text[i]) || text[i] == '.' || text[i] == '-' || text[i] == '+') {
			i++
		}
		if i < len(text) && isLetter(text[i]) {
			return "", i + 1
		}
	}
	return "", 0
}

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }
