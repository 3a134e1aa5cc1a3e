package sentry

import (
	"net/url"
	"strings"

	"github.com/valyala/fastjson"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// request reads the HTTP request: query, headers and cookies may be text, maps or lists of pairs.
func (d *decoder) request(v *fastjson.Value) *model.Request {
	if object(v) == nil {
		return nil
	}
	r := d.r
	q := &model.Request{}
	q.Other = d.rest(v, func(k []byte, e *fastjson.Value) bool {
		if isNull(e) {
			return true
		}
		switch string(k) {
		case "method":
			q.Method = strings.ToUpper(r.text(e))
		case "url":
			q.URL = r.text(e)
		case "query_string":
			q.Query = d.pairs(e, splitQuery)
		case "headers":
			q.Headers = d.pairs(e, splitHeaders)
		case "cookies":
			q.Cookies = d.pairs(e, splitCookies)
		case "data":
			q.Data = new(r.value(e))
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
func (d *decoder) pairs(v *fastjson.Value, split func(string) []model.NameValue) []model.NameValue {
	if v.Type() == fastjson.TypeString {
		return split(d.r.str(v))
	}
	var out []model.NameValue
	eachTag(v, func(k []byte, e *fastjson.Value) {
		name := d.r.copy(k)
		if e.Type() == fastjson.TypeArray {
			for _, one := range e.GetArray() {
				out = append(out, model.NameValue{Name: name, Value: d.r.text(one)})
			}
			return
		}
		out = append(out, model.NameValue{Name: name, Value: d.r.text(e)})
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
		out = append(out, model.NameValue{Name: unescape(name), Value: unescape(value)})
	}
	return out
}

// unescape decodes percent-encoding; text that is not encoded properly stays as it is.
func unescape(s string) string {
	if t, err := url.QueryUnescape(s); err == nil {
		return strings.ToValidUTF8(t, "\ufffd")
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
