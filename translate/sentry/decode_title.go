package sentry

import (
	"strconv"
	"strings"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

const (
	untitled = "(no message)"
	maxValue = 1024 // bytes of EventSummary.Value
)

// own copies a string out of the memory it shares with others of its payload: summaries outlive events.
func own(s string) string { return strings.Clone(s) }

// summary fills the row of an event: title, node, culprit, handled.
func (d *decoder) summary(ev *model.Event, f *fields) {
	message := ""
	if ev.Message != nil {
		message = ev.Message.Formatted
	}
	if len(ev.Exceptions) > 0 {
		ev.Handled = handled(ev.Exceptions)
	}
	switch ev.Type {
	case model.EventTransaction:
		ev.Title = title(ev.Transaction, untitled)
	case model.EventError:
		e := &ev.Exceptions[0]
		ev.Title = title(e.Type, e.Value, message, untitled)
		if e.Type != "" {
			ev.Value = clip(firstOf(e.Value, message), maxValue)
		}
	default:
		if len(ev.Exceptions) > 0 {
			message = firstOf(message, ev.Exceptions[0].Value)
		}
		ev.Title = title(message, f.culprit.text(), untitled)
	}
	ev.Culprit = culprit(ev.Exceptions)
	if ev.Culprit == "" {
		ev.Culprit = firstOf(f.culprit.text(), ev.Transaction)
	}
	if ev.Type == model.EventTransaction {
		ev.Culprit = ""
	}
	ev.Title, ev.Value, ev.Culprit = own(ev.Title), own(ev.Value), own(clip(ev.Culprit, maxTitle))
}

func firstOf(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}

// handled says whether an error was caught. One exception of a chain that was not is enough for the whole, as in Sentry:
// JavaScript SDKs write what they know of an error to its cause, and call the exceptions around it handled.
func handled(exceptions []model.Exception) (yes *bool) {
	for i := range exceptions {
		if m := exceptions[i].Mechanism; m != nil && m.Handled != nil && (yes == nil || !*m.Handled) {
			yes = m.Handled
		}
	}
	return yes
}

// culprit is the newest frame of the user's own code, path:line, or its function where the path is unknown; the newest of
// all where no frame is known to be the user's.
func culprit(exceptions []model.Exception) string {
	for i := range exceptions {
		for j := range exceptions[i].Frames {
			if f := &exceptions[i].Frames[j]; f.InApp != nil && *f.InApp {
				return place(f)
			}
		}
	}
	for i := range exceptions {
		for j := range exceptions[i].Frames {
			if f := &exceptions[i].Frames[j]; f.InApp == nil {
				return place(f)
			}
		}
	}
	return ""
}

func place(f *model.Frame) string {
	path := firstOf(f.Filename, f.AbsPath)
	if path == "" {
		return firstOf(f.Function, f.Module)
	}
	if f.Line > 0 {
		return path + ":" + strconv.Itoa(f.Line)
	}
	return path
}
