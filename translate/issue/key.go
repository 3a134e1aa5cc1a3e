package issue

import (
	"strings"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

const (
	maxTypes  = 8    // exceptions of a chain whose types count
	maxFrames = 5    // calls of the user's own code that count: V8 keeps 10 frames where Sentry's SDKs ask for 50
	maxText   = 1024 // bytes of a message that count
)

// defaults adds what makes events one issue when their SDK does not say.
func (h *hasher) defaults(ev *model.Event) How {
	thrown := thrownOf(ev)
	if thrown == nil {
		h.add("message")
		h.add(normalised(templateOf(ev)))
		return ByMessage
	}
	synthetic := thrown.Mechanism != nil && thrown.Mechanism.Synthetic
	calls := ownCalls(ev.Exceptions)
	if synthetic || len(calls) == 0 {
		h.add("type")
		h.add(typeName(thrown))
		h.add(normalised(thrown.Value))
		return ByMessage
	}
	h.add("frames")
	for i := range ev.Exceptions[:min(len(ev.Exceptions), maxTypes)] {
		if e := &ev.Exceptions[i]; !strings.HasPrefix(e.Type, reactBoundary) {
			h.add(typeName(e))
		}
	}
	named := false
	for _, c := range calls {
		h.add(c.file)
		h.add(c.function)
		named = named || c.function != ""
	}
	if !named {
		h.add(normalised(thrown.Value))
	}
	return ByFrames
}

// reactBoundary begins the type of the cause that @sentry/react adds for the component stack of a render error.
const reactBoundary = "React ErrorBoundary"

// thrownOf returns the exception an event is about, nil when it is a message.
func thrownOf(ev *model.Event) *model.Exception {
	if len(ev.Exceptions) == 0 || ev.Type == model.EventMessage {
		return nil
	}
	e := &ev.Exceptions[0]
	if e.Type == "" && (e.Value == "" || ev.Message != nil) {
		return nil // a message with the stack of its call
	}
	return e
}

// templateOf returns the text of a message, with placeholders where its SDK kept them.
func templateOf(ev *model.Event) string {
	if m := ev.Message; m != nil {
		if m.Template != "" {
			return m.Template
		}
		if m.Formatted != "" {
			return m.Formatted
		}
	}
	if len(ev.Exceptions) > 0 && ev.Exceptions[0].Value != "" {
		return ev.Exceptions[0].Value
	}
	return ev.Title
}

func normalised(text string) string {
	text, _ = Normalise(model.Cut(text, maxText))
	return text
}

// typeName returns the name of an exception's type without what only some reporters put before or behind it:
//
//	builtins.ValueError, ValueError        ValueError
//	java.io.IOException, IOException       IOException      (Sentry has java.io in module)
//	*errors.errorString                    errorString
//	github.com/acme/shop.OrderError        OrderError       (OpenTelemetry Go; Sentry: shop.OrderError)
//	System.Collections.Generic.Foo`1[Bar]  Foo
func typeName(e *model.Exception) string {
	name := strings.TrimLeft(e.Type, "*&")
	if i := strings.IndexAny(name, "`[<("); i > 0 {
		name = name[:i]
	}
	if strings.ContainsAny(name, " \t\n") { // somebody's sentence, not a name
		return normalised(e.Type)
	}
	name = name[strings.LastIndexByte(name, '/')+1:]
	if i := strings.LastIndexByte(name, '.'); i >= 0 && i+1 < len(name) {
		name = name[i+1:]
	}
	return name
}

// call is what counts of a frame.
type call struct{ file, function string }

// ownCalls returns the newest calls of the user's own code in the first exception that has any.
func ownCalls(exceptions []model.Exception) []call {
	for i := range exceptions[:min(len(exceptions), maxTypes)] {
		frames := exceptions[i].RawFrames
		if len(frames) == 0 {
			frames = exceptions[i].Frames
		}
		var calls []call
		for k := range frames {
			f := &frames[k]
			if !own(f) {
				continue
			}
			c := call{file: fileName(f), function: functionName(f)}
			if c == (call{}) || len(calls) > 0 && c == calls[len(calls)-1] { // recursion, handlers in one file
				continue
			}
			if calls = append(calls, c); len(calls) == maxFrames {
				break
			}
		}
		if len(calls) > 0 {
			return calls
		}
	}
	return nil
}
