package sentryreceiver

import (
	"bytes"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/envelope"
)

// minidumpMagic is what a minidump starts with.
var minidumpMagic = []byte("MDMP")

// attachmentTypes are the kinds of attachment that the field or file name of a crash report's part gives away. Crashpad
// keeps event and breadcrumbs in files that sentry-native writes as msgpack.
var attachmentTypes = map[string]string{
	"upload_file_minidump": "event.minidump",
	"__sentry-event":       "event.payload",
	"__sentry-breadcrumb1": "event.breadcrumbs",
	"__sentry-breadcrumb2": "event.breadcrumbs",
}

// minidump takes the crash report of Breakpad and Crashpad: a form with the dump, an event as JSON or in fields, and more
// files; or the bare dump. Both are answered with the event's id as text.
func (s *server) minidump(c *call) answer {
	if err := s.whole(c, true); err != nil {
		return failed(err)
	}
	if !strings.HasPrefix(c.Header.Get("Content-Type"), "multipart/") {
		if !bytes.HasPrefix(c.body.data, minidumpMagic) {
			return failed(badRequest(reasonBadForm, "the body is no minidump: it must start with MDMP, or be a form with upload_file_minidump"))
		}
		return s.takeCrash(c, nil, []part{{name: "upload_file_minidump", filename: "minidump.dmp", isFile: true, data: c.body.data}})
	}
	parts, err := s.form(c)
	if err != nil {
		return failed(err)
	}
	if !slices.ContainsFunc(parts, func(p part) bool { return p.name == "upload_file_minidump" }) {
		return failed(badRequest(reasonBadForm, "the form has no minidump: the field upload_file_minidump is missing"))
	}
	fields := slices.DeleteFunc(slices.Clone(parts), func(p part) bool { return p.isFile || p.name == "upload_file_minidump" })
	files := slices.DeleteFunc(parts, func(p part) bool { return !p.isFile && p.name != "upload_file_minidump" })
	return s.takeCrash(c, fields, files)
}

// takeCrash takes a crash as an event, the fields as they came, and the files as its attachments.
func (s *server) takeCrash(c *call, fields, files []part) answer {
	event := crashEvent(fields)
	id := hexID(textOf(event["event_id"]))
	if id == "" {
		id = newEventID()
		event["event_id"] = id
	}
	payload, err := json.Marshal(event)
	if err != nil {
		return failed(badRequest(reasonBadForm, "the fields of the form make no event").because("%v", err))
	}
	env := envelope.Envelope{Header: []byte(`{"event_id":"` + id + `"}`)}
	env.Items = append(env.Items, envelope.Item{Type: "event", Header: []byte(`{"type":"event"}`), Payload: payload})
	if len(fields) > 0 {
		env.Items = append(env.Items, formData(fields))
	}
	for _, f := range files {
		env.Items = append(env.Items, attachment(f, first(attachmentTypes[f.name], attachmentTypes[f.filename])))
	}
	if _, err := s.take(c, &env); err != nil {
		return failed(err)
	}
	return text(http.StatusOK, dashedID(id))
}

// formData keeps the fields as they came: [["name","value"],...].
func formData(fields []part) envelope.Item {
	pairs := make([][2]string, 0, len(fields))
	for _, f := range fields {
		pairs = append(pairs, [2]string{f.name, strings.ToValidUTF8(string(f.data), "\uFFFD")})
	}
	payload, _ := json.Marshal(pairs) // strings: cannot fail
	return envelope.Item{Type: "form_data", Header: []byte(`{"type":"form_data"}`), Payload: payload}
}

// crashEvent builds the event of a crash from the fields of its form: sentry (JSON), sentry__1, sentry__2... (the same in
// pieces, as some uploaders limit fields), sentry[a][b] (single values); any other field is extra data.
func crashEvent(fields []part) map[string]any {
	event := map[string]any{
		"platform": "native", "level": "fatal",
		"exception": map[string]any{"values": []any{map[string]any{
			"type": "Minidump", "value": "Native crash; the minidump is attached",
			"mechanism": map[string]any{"type": "minidump", "handled": false, "synthetic": true},
		}}},
	}
	merge := func(data []byte) {
		var given map[string]any
		d := json.NewDecoder(bytes.NewReader(data))
		d.UseNumber() // as they were written
		if d.Decode(&given) == nil {
			for k, v := range given {
				event[k] = v
			}
		}
	}
	pieces := map[int][]byte{}
	for _, f := range fields {
		if f.name == "sentry" {
			merge(f.data)
		} else if digits, ok := strings.CutPrefix(f.name, "sentry__"); ok {
			if n, err := strconv.Atoi(digits); err == nil {
				pieces[n] = f.data
			}
		}
	}
	if len(pieces) > 0 {
		numbers := make([]int, 0, len(pieces))
		for n := range pieces {
			numbers = append(numbers, n)
		}
		slices.Sort(numbers)
		var whole []byte
		for _, n := range numbers {
			whole = append(whole, pieces[n]...)
		}
		merge(whole)
	}
	for _, f := range fields {
		switch {
		case f.name == "sentry" || strings.HasPrefix(f.name, "sentry__"):
		case strings.HasPrefix(f.name, "sentry["):
			set(event, keysOf(f.name[len("sentry"):]), string(f.data))
		default:
			set(event, []string{"extra", f.name}, string(f.data))
		}
	}
	return event
}

// maxKeys bounds the nesting of sentry[a][b][c]...
const maxKeys = 16

// keysOf reads "[a][b]".
func keysOf(s string) (keys []string) {
	for len(keys) < maxKeys {
		rest, ok := strings.CutPrefix(s, "[")
		if !ok {
			break
		}
		key, after, ok := strings.Cut(rest, "]")
		if !ok {
			break
		}
		keys = append(keys, key)
		s = after
	}
	return keys
}

// set puts a value into nested objects. What is there and no object is left as it is.
func set(object map[string]any, keys []string, value string) {
	for i, key := range keys {
		if i == len(keys)-1 {
			object[key] = value
			return
		}
		inner, ok := object[key].(map[string]any)
		if !ok {
			if object[key] != nil {
				return
			}
			inner = map[string]any{}
			object[key] = inner
		}
		object = inner
	}
}

func textOf(v any) string {
	s, _ := v.(string)
	return s
}

// unreal takes the crash report of Unreal Engine 4 and later, a compressed archive of its own; it is kept as it came.
func (s *server) unreal(c *call) answer {
	if err := s.whole(c, false); err != nil {
		return failed(err)
	}
	id := newEventID()
	_, err := s.take(c, &envelope.Envelope{
		Header: []byte(`{"event_id":"` + id + `"}`),
		Items:  []envelope.Item{{Type: "unreal_report", Header: []byte(`{"type":"unreal_report"}`), Payload: c.body.data}},
	})
	if err != nil {
		return failed(err)
	}
	return text(http.StatusOK, dashedID(id))
}
