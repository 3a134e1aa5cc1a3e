package sentry

import (
	"net/url"
	"strings"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// request reads the HTTP request: query, headers and cookies may be text, maps or lists of pairs.
func (d *decoder) request(v node) *model.Request {
	if !v.isObject() {
		return nil
	}
	q := &model.Request{}
	q.Other = d.rest(v, func(k []byte, e node) bool {
		if e.isNull() {
			return true
		}
		switch string(k) {
		case "method":
			q.Method = strings.ToUpper(e.text())
		case "url":
			q.URL = e.text()
		case "query_string":
			q.Query = d.pairs(e, splitQuery)
		case "headers":
			q.Headers = d.pairs(e, splitHeaders)
		case "cookies":
			q.Cookies = d.pairs(e, splitCookies)
		case "data":
			q.Data = new(e.value())
		case "env":
			q.Env = d.members(e)
		default:
			return false
		}
		return true
	})
	return q
}

// pairs reads names and values in the order they came: a text in split's syntax, a map, or a list of pairs. A value that
// is a list stands for several.
func (d *decoder) pairs(v node, split func(string) []model.NameValue) []model.NameValue {
	if v.kind() == kindString {
		return split(v.str())
	}
	var out []model.NameValue
	eachTag(v, func(k []byte, e node) {
		name := d.r.copy(k)
		if e.kind() == kindArray {
			for one := range e.elements() {
				out = append(out, model.NameValue{Name: name, Value: one.text()})
			}
			return
		}
		out = append(out, model.NameValue{Name: name, Value: e.text()})
	})
	return out
}

func splitQuery(text string) (out []model.NameValue) {
	text = strings.TrimPrefix(text, "?")
	for part := range strings.SplitSeq(text, "&") {
		if part == "" {
			continue
		}
		name, value, _ := strings.Cut(part, "=")
		out = append(out, model.NameValue{Name: unquote(name), Value: unquote(value)})
	}
	return out
}

// unquote decodes percent-encoding; text that is not encoded properly stays as it is.
func unquote(s string) string {
	if t, err := url.QueryUnescape(s); err == nil {
		return validText(t)
	}
	return s
}

func splitCookies(text string) (out []model.NameValue) {
	for part := range strings.SplitSeq(text, ";") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		name, value, _ := strings.Cut(part, "=")
		out = append(out, model.NameValue{Name: name, Value: value})
	}
	return out
}

func splitHeaders(text string) (out []model.NameValue) {
	for line := range strings.SplitSeq(text, "\n") {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		name, value, _ := strings.Cut(line, ":")
		out = append(out, model.NameValue{Name: strings.TrimSpace(name), Value: strings.TrimSpace(value)})
	}
	return out
}
