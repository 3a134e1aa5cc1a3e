package sentry

import (
	"strconv"
	"strings"
)

// maxStackFrames bounds exception.stacktrace; all frames are in the payload.
const maxStackFrames = 100

// stackText writes a stack trace as text for backends that know exception.stacktrace only, as far as we can in the form
// of the language's own runtime (semantic conventions, exception.stacktrace). Nothing of this product reads it back.
func stackText(r *reader, typ, value string, stacktrace node, platform string) string {
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
	b := r.out[:0]
	if platform == "python" {
		b = append(b, "Traceback (most recent call last):\n"...)
		for _, f := range frames {
			b = appendPythonFrame(b, f)
		}
		b = append(b, head...)
	} else {
		b = append(b, head...)
		for i := len(frames) - 1; i >= 0; i-- {
			b = appendFrame(b, frames[i], platform)
		}
		if omitted > 0 {
			b = append(b, "\n    ... "...)
			b = strconv.AppendInt(b, int64(omitted), 10)
			b = append(b, " more"...)
		}
	}
	r.out = b
	if len(b) > maxStackText {
		b = b[:maxStackText]
	}
	return strings.ToValidUTF8(string(b), "")
}

// maxStackText bounds exception.stacktrace in bytes.
const maxStackText = 64 << 10

type frameFields struct{ function, module, filename, absPath, line, column, context node }

func readFrame(v node) (f frameFields) {
	v.visit(func(k []byte, e node) {
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

func isEmpty(v node) bool {
	return v.missing() || v.kind() != kindString || len(v.bytes()) == 0
}

func appendOr(b []byte, v node, otherwise string) []byte {
	if isEmpty(v) {
		return append(b, otherwise...)
	}
	return append(b, v.bytes()...)
}

// appendFrame writes "    at function (file:line:column)", or Java's "\tat module.function(file:line)".
func appendFrame(b []byte, v node, platform string) []byte {
	f := readFrame(v)
	if platform == "java" {
		b = append(b, "\n\tat "...)
		if !isEmpty(f.module) {
			b = append(append(b, f.module.bytes()...), '.')
		}
		b = append(appendOr(b, f.function, "<unknown>"), '(')
	} else {
		b = append(b, "\n    at "...)
		b = append(appendOr(b, f.function, "<anonymous>"), " ("...)
	}
	b = appendOr(b, f.filename, "<unknown>")
	if n, ok := f.line.int(); ok && n > 0 {
		b = strconv.AppendInt(append(b, ':'), n, 10)
		if n, ok := f.column.int(); ok && n > 0 && platform != "java" {
			b = strconv.AppendInt(append(b, ':'), n, 10)
		}
	}
	return append(b, ')')
}

func appendPythonFrame(b []byte, v node) []byte {
	f := readFrame(v)
	b = append(b, `  File "`...)
	b = appendOr(b, f.filename, "<unknown>")
	b = append(b, `", line `...)
	n, _ := f.line.int()
	b = strconv.AppendInt(b, n, 10)
	b = append(b, ", in "...)
	b = appendOr(b, f.function, "<module>")
	b = append(b, '\n')
	if !isEmpty(f.context) {
		b = append(b, "    "...)
		b = append(b, strings.TrimSpace(string(f.context.bytes()))...)
		b = append(b, '\n')
	}
	return b
}

// listAt returns the list under a key of an object.
func listAt(v node, key string) []node {
	return v.field(key).list()
}
