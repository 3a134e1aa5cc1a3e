package query

import (
	"cmp"
	"slices"
	"strings"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// Bounds of what is said about the differences between the events of an issue.
const (
	maxVaryingPaths  = 40
	maxVaryingValues = 5   // of one path
	maxVaryingText   = 300 // bytes of a value
	maxVaryingBytes  = 4 << 20
)

// varying returns the parts that differ between events of one issue: those that are most alike first, since a tag with
// two values says more about forty errors than an id with forty. events are newest first.
func varying(events []*model.EventRecord) []model.Varying {
	if len(events) < 2 {
		return nil
	}
	parts := map[string]map[string]int{}
	size, read := 0, 0
	for _, rec := range events {
		if size += len(rec.Payload); size > maxVaryingBytes && read > 1 {
			break
		}
		read++
		ev := decodeRecord(rec)
		collect(&ev, func(path, value string) {
			if parts[path] == nil {
				if len(parts) > 10*maxVaryingPaths {
					return
				}
				parts[path] = map[string]int{}
			}
			parts[path][value]++
		})
	}
	var list []model.Varying
	for path, values := range parts {
		n := 0
		for _, c := range values {
			n += c
		}
		if n < read { // some events do not have it
			values["(none)"] = read - n
		}
		if len(values) < 2 {
			continue
		}
		v := model.Varying{Path: path}
		texts := make([]string, 0, len(values))
		for text := range values {
			texts = append(texts, text)
		}
		slices.SortFunc(texts, func(a, b string) int { return cmp.Or(cmp.Compare(values[b], values[a]), cmp.Compare(a, b)) })
		v.More = max(0, len(texts)-maxVaryingValues)
		v.Values = texts[:len(texts)-v.More]
		list = append(list, v)
	}
	slices.SortFunc(list, func(a, b model.Varying) int {
		return cmp.Or(cmp.Compare(rankOfPath(a.Path), rankOfPath(b.Path)), cmp.Compare(len(a.Values)+a.More, len(b.Values)+b.More), cmp.Compare(a.Path, b.Path))
	})
	return list[:min(len(list), maxVaryingPaths)]
}

// rankOfPath puts the message first: it is what the row shows.
func rankOfPath(path string) int {
	if path == "value" {
		return 0
	}
	return 1
}

// collect calls add with the parts of an event that may tell it from another one. Parts that always differ, such as
// times and ids of spans, are not among them.
func collect(ev *model.Event, add func(path, value string)) {
	put := func(path, value string) {
		if value != "" {
			add(path, cutText(value, maxVaryingText))
		}
	}
	put("value", ev.Value)
	put("level", string(ev.Level))
	put("service", ev.Service)
	put("release", ev.Release)
	put("environment", ev.Environment)
	put("server_name", ev.ServerName)
	put("transaction", ev.Transaction)
	put("logger", ev.Logger)
	for _, t := range ev.Tags {
		put("tags."+t.Key, t.Value.Text())
	}
	for _, u := range ev.User {
		put("user."+u.Key, u.Value.Text())
	}
	if r := ev.Request; r != nil {
		put("request.url", r.URL)
		put("request.method", r.Method)
	}
	for _, name := range [...]string{"browser", "os", "runtime", "device"} {
		v, _ := ev.Contexts.Get(name)
		put("contexts."+name, strings.TrimSpace(v.Map().Str("name")+" "+v.Map().Str("version")))
	}
	for _, e := range ev.Extra {
		put("extra."+e.Key, e.Value.Text())
	}
}

// cutText shortens text to at most n bytes, at a rune's edge.
func cutText(text string, n int) string {
	if len(text) <= n {
		return text
	}
	return model.Cut(text, n-len("…")) + "…"
}
