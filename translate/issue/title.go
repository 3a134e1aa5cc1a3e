package issue

import (
	"strconv"
	"strings"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

const (
	maxTitle = 512  // bytes
	maxValue = 1024 // bytes

	untitled = "(no message)"
)

// title returns what names an event, and what it says.
func title(ev *model.Event) (title, value string) {
	message := ""
	if ev.Message != nil {
		message = firstOf(ev.Message.Formatted, ev.Message.Template)
	}
	e := thrownOf(ev)
	if e == nil {
		if message == "" && len(ev.Exceptions) > 0 {
			message = ev.Exceptions[0].Value
		}
		text := strings.TrimSpace(firstOf(message, ev.Title))
		first, _, more := strings.Cut(text, "\n")
		title = model.Cut(firstOf(strings.TrimSpace(first), untitled), maxTitle)
		if more || len(title) < len(first) {
			value = model.Cut(text, maxValue)
		}
		return title, value
	}
	value = strings.TrimSpace(firstOf(e.Value, message))
	name := strings.TrimPrefix(e.Type, "builtins.")
	if name == "" {
		first, _, _ := strings.Cut(value, "\n")
		return model.Cut(firstOf(first, untitled), maxTitle), model.Cut(value, maxValue)
	}
	return model.Cut(name, maxTitle), model.Cut(value, maxValue)
}

// culprit returns the newest frame of the user's own code; where no frame is, what the SDK says the event happened in.
func culprit(ev *model.Event) string {
	for i := range ev.Exceptions {
		for k := range ev.Exceptions[i].Frames {
			if f := &ev.Exceptions[i].Frames[k]; own(f) {
				if place := placeOf(f); place != "" {
					return model.Cut(place, maxTitle)
				}
			}
		}
	}
	if ev.Transaction == "" && isAbsolute(ev.Culprit) {
		return model.Cut(strings.Join(lastParts(ev.Culprit), "/"), maxTitle)
	}
	return model.Cut(firstOf(ev.Transaction, ev.Culprit), maxTitle)
}

// placeOf returns path:line, or the function where the path is unknown.
func placeOf(f *model.Frame) string {
	path := shortPath(f)
	if path == "" {
		if f.Module != "" && f.Function != "" {
			return f.Module + "." + f.Function
		}
		return firstOf(f.Function, f.Module)
	}
	if f.Line > 0 {
		return path + ":" + strconv.Itoa(f.Line)
	}
	return path
}

// shortPath returns the path of a frame for a row: as the SDK gives it when that is relative, else its last parts. It is
// never absolute.
func shortPath(f *model.Frame) string {
	path := firstOf(f.Filename, f.AbsPath)
	if isAbsolute(path) {
		return strings.Join(lastParts(path), "/")
	}
	return strings.Join(pathParts(path), "/")
}

// isAbsolute reports whether a path says where on a machine or on the web something is.
func isAbsolute(path string) bool {
	return strings.Contains(path, "://") || strings.HasPrefix(path, "/") || strings.HasPrefix(path, `\`) ||
		strings.HasPrefix(path, "~") || len(path) > 2 && path[1] == ':' && (path[2] == '/' || path[2] == '\\')
}

func firstOf(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}
