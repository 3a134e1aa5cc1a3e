package frompdata

import (
	"strconv"
	"strings"

	"github.com/valyala/fastjson"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// titlePaths say where the payload of an item says what it is, for the row of a list: paths of JSON keys (or indexes);
// the texts found are joined with a space. Items of other types are titled with their file name or type.
var titlePaths = [...]struct {
	itemType string
	paths    [][]string
}{
	{"check_in", [][]string{{"monitor_slug"}, {"status"}}},
	{"session", [][]string{{"status"}, {"attrs", "release"}}},
	{"sessions", [][]string{{"attrs", "release"}}},
	{"feedback", [][]string{{"contexts", "feedback", "message"}}},
	{"user_report", [][]string{{"comments"}}},
	{"client_report", [][]string{{"discarded_events", "0", "quantity"}, {"discarded_events", "0", "category"}, {"discarded_events", "0", "reason"}}},
	{"profile", [][]string{{"transaction", "name"}}},
	{"profile_chunk", [][]string{{"platform"}, {"profiler_id"}}},
	{"replay_event", [][]string{{"urls", "0"}}},
	{"raw_security", [][]string{{"csp-report", "violated-directive"}, {"csp-report", "blocked-uri"}}},
	{"nel", [][]string{{"body", "type"}, {"url"}}},
}

const maxTitled = 256 << 10 // bytes of a payload that is read for its title

// itemHeader is what the header of an item says for its row.
type itemHeader struct{ filename, contentType string }

// header reads the JSON text of an item header; what cannot be read is left out.
func (b *builder) header(text string) (h itemHeader) {
	if text == "" {
		return h
	}
	v, err := b.json.Parse(text)
	if err != nil {
		return h
	}
	h.filename = b.valid(string(v.GetStringBytes("filename")))
	h.contentType = b.valid(string(v.GetStringBytes("content_type")))
	return h
}

// itemTitle returns the title of an item, never "".
func (b *builder) itemTitle(itemType string, h itemHeader, payload []byte) string {
	if h.filename != "" {
		return h.filename
	}
	for i := range titlePaths {
		if titlePaths[i].itemType != itemType || len(payload) > maxTitled {
			continue
		}
		v, err := b.json.ParseBytes(payload)
		if err != nil {
			break
		}
		var parts []string
		for _, path := range titlePaths[i].paths {
			if text := jsonText(v.Get(path...)); text != "" {
				parts = append(parts, text)
			}
		}
		if len(parts) > 0 {
			return strings.Join(parts, " ")
		}
	}
	return itemType
}

// jsonText returns a scalar for a human, "" for anything else.
func jsonText(v *fastjson.Value) string {
	if v == nil {
		return ""
	}
	switch v.Type() {
	case fastjson.TypeString:
		return string(v.GetStringBytes())
	case fastjson.TypeNumber:
		return model.ParseNumber(string(v.MarshalTo(nil))).Text()
	case fastjson.TypeTrue, fastjson.TypeFalse:
		return strconv.FormatBool(v.GetBool())
	}
	return ""
}
