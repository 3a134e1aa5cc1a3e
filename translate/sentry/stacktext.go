package sentry

import (
	"strconv"
	"strings"

	"github.com/valyala/fastjson"
)

// maxStackFrames bounds exception.stacktrace; all frames are in the payload.
const maxStackFrames = 100

// stackText writes a stack trace as text for backends that know exception.stacktrace only, as far as we can in the form
// of the language's own runtime (semantic conventions, exception.stacktrace). Nothing of this product reads it back.
func (r *reader) stackText(typ, value string, stacktrace *fastjson.Value, platform string) string {
	frames := listAt(stacktrace, "frames")
	if len(frames) == 0 {
		return ""
	}
	omitted := 0
	if len(frames) > maxStackFrames {
		omitted = len(frames) - maxStackFrames
		frames = frames[omitted:] // the newest are last
	}
	head := typ
	if value != "" {
		if head != "" {
			head += ": "
		}
		head += value
	}
	b := r.stack[:0]
	if platform == "python" {
		b = append(b, "Traceback (most recent call last):\n"...)
		for _, f := range frames {
			b = r.appendPythonFrame(b, f)
		}
		b = append(b, head...)
	} else {
		b = append(b, head...)
		for i := len(frames) - 1; i >= 0; i-- {
			b = r.appendFrame(b, frames[i], platform)
		}
		if omitted > 0 {
			b = append(b, "\n    ... "...)
			b = strconv.AppendInt(b, int64(omitted), 10)
			b = append(b, " more"...)
		}
	}
	r.stack = b
	if len(b) > maxStackText {
		b = b[:maxStackText]
	}
	return strings.ToValidUTF8(string(b), "")
}

// maxStackText bounds exception.stacktrace in bytes.
const maxStackText = 64 << 10

type frameFields struct{ function, module, filename, absPath, line, column, context *fastjson.Value }

func readFrame(v *fastjson.Value) (f frameFields) {
	object(v).Visit(func(k []byte, e *fastjson.Value) {
		switch string(k) {
		case "function":
			f.function = e
		case "module":
			f.module = e
		case "filename":
			f.filename = e
		case "abs_path":
			f.absPath = e
		case "lineno":
			f.line = e
		case "colno":
			f.column = e
		case "context_line":
			f.context = e
		}
	})
	if isEmpty(f.filename) {
		f.filename = f.absPath
	}
	return f
}

func isEmpty(v *fastjson.Value) bool {
	return v == nil || v.Type() != fastjson.TypeString || len(v.GetStringBytes()) == 0
}

func appendOr(b []byte, v *fastjson.Value, otherwise string) []byte {
	if isEmpty(v) {
		return append(b, otherwise...)
	}
	return append(b, v.GetStringBytes()...)
}

// appendFrame writes "    at function (file:line:column)", or Java's "\tat module.function(file:line)".
func (r *reader) appendFrame(b []byte, v *fastjson.Value, platform string) []byte {
	f := readFrame(v)
	if platform == "java" {
		b = append(b, "\n\tat "...)
		if !isEmpty(f.module) {
			b = append(append(b, f.module.GetStringBytes()...), '.')
		}
		b = append(appendOr(b, f.function, "<unknown>"), '(')
	} else {
		b = append(b, "\n    at "...)
		b = append(appendOr(b, f.function, "<anonymous>"), " ("...)
	}
	b = appendOr(b, f.filename, "<unknown>")
	if n, ok := r.int(f.line); ok && n > 0 {
		b = strconv.AppendInt(append(b, ':'), n, 10)
		if n, ok := r.int(f.column); ok && n > 0 && platform != "java" {
			b = strconv.AppendInt(append(b, ':'), n, 10)
		}
	}
	return append(b, ')')
}

func (r *reader) appendPythonFrame(b []byte, v *fastjson.Value) []byte {
	f := readFrame(v)
	b = append(b, `  File "`...)
	b = appendOr(b, f.filename, "<unknown>")
	b = append(b, `", line `...)
	n, _ := r.int(f.line)
	b = strconv.AppendInt(b, n, 10)
	b = append(b, ", in "...)
	b = appendOr(b, f.function, "<module>")
	b = append(b, '\n')
	if !isEmpty(f.context) {
		b = append(b, "    "...)
		b = append(b, strings.TrimSpace(string(f.context.GetStringBytes()))...)
		b = append(b, '\n')
	}
	return b
}

// listAt returns the list under a key of an object.
func listAt(v *fastjson.Value, key string) []*fastjson.Value {
	list := field(v, key)
	if list == nil || list.Type() != fastjson.TypeArray {
		return nil
	}
	return list.GetArray()
}
