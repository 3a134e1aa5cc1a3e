package stacktrace

import (
	"strings"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// parseRust reads the message of a panic, std::backtrace, and what anyhow and eyre print of a chain of errors:
//
//	thread 'main' panicked at src/main.rs:1:52:                Error: order failed
//	index out of bounds: the len is 3 but the index is 7
//	stack backtrace:                                           Caused by:
//	   0: rust_begin_unwind                                        0: charge failed
//	             at /rustc/5980/library/std/src/panicking.rs:689:5     1: connection refused
//	   1: main::load
//	             at ./src/main.rs:1:52                         Stack backtrace:
//	   2:     0x562de5382eea - main::main::h8da7fa642d137fc6      0: ...
func parseRust(lines []line) *node {
	root := &node{}
	cause := root
	const (
		inMessage = iota
		inCauses
		inFrames
	)
	state := inMessage
	var message []line
	panicked := false
	for _, l := range lines {
		number, rest, numbered := strings.Cut(l.body, ": ")
		if _, ok := position(number); !ok {
			numbered = false
		}
		at, isPlace := strings.CutPrefix(l.body, "at ")
		switch {
		case strings.HasPrefix(l.body, "thread ") && strings.Contains(l.body, " panicked at "):
			panicked = true
			message = rustPanic(l.body)
		case strings.EqualFold(l.body, "stack backtrace:"):
			state = inFrames
		case l.body == "Caused by:" && state == inMessage:
			state = inCauses
		case state == inCauses && l.body != "" && l.indent > 0:
			if numbered {
				l.body = rest
			}
			cause = cause.add(&node{value: l.body}, sourceCause)
		case numbered && state != inCauses && (l.indent > 0 || state == inFrames) && rustName(rest) != "":
			state = inFrames
			root.frames = append(root.frames, rustFrame(rustName(rest)))
		case isPlace && state == inFrames && len(root.frames) > 0:
			rustPlace(&root.frames[len(root.frames)-1], at)
		case state == inMessage:
			message = append(message, l)
		}
	}
	text := strings.TrimSpace(joined(message))
	switch {
	case panicked:
		root.typ, root.value = "panic", text
	default:
		root.value = strings.TrimPrefix(text, "Error: ")
	}
	return root
}

// rustPanic returns the message that stands in the first line of a panic: before Rust 1.73 it did.
func rustPanic(s string) []line {
	_, rest, _ := strings.Cut(s, " panicked at ")
	if message, _, ok := quoted(rest, '\'', '\''); ok {
		if i := strings.LastIndex(rest, "', "); i > 0 {
			message = rest[1:i]
		}
		return []line{{text: message}}
	}
	return nil
}

// rustName returns the name of the function in a numbered line, without address and hashes, "" when there is none.
func rustName(s string) string {
	s = strings.TrimLeft(s, " ")
	if strings.HasPrefix(s, "0x") {
		_, name, ok := strings.Cut(s, " - ")
		if !ok {
			return ""
		}
		s = name
	}
	if i := strings.LastIndex(s, "::h"); i > 0 && len(s)-i == len("::h")+16 {
		s = s[:i]
	}
	for { // crate hashes of the v0 mangling: std[e28293b1aa0f68bd]::io
		open := strings.IndexByte(s, '[')
		if open <= 0 || len(s) < open+18 || s[open+17] != ']' || strings.Trim(s[open+1:open+17], "0123456789abcdef") != "" {
			return s
		}
		s = s[:open] + s[open+18:]
	}
}

func rustFrame(name string) model.Frame {
	f := model.Frame{Function: name, InApp: new(rustInApp(name, ""))}
	if !strings.HasPrefix(name, "<") {
		if i := strings.Index(strings.ReplaceAll(name, "::{{closure}}", ""), "::"); i > 0 {
			f.Module = name[:i]
		}
	}
	return f
}

// rustPlace completes a frame with "at /srv/shop/src/main.rs:1:52".
func rustPlace(f *model.Frame, s string) {
	path, row, column, ok := cutPosition(s)
	if !ok {
		return
	}
	f.Filename, f.Line, f.Column = strings.TrimPrefix(strings.TrimPrefix(path, "./"), `.\`), row, column
	if isAbsolute(path) {
		f.AbsPath = path
	}
	f.InApp = new(rustInApp(f.Function, path))
}

// rustInApp: not the standard library, not crates from a registry, not what runs before main.
func rustInApp(name, path string) bool {
	path = strings.ReplaceAll(path, `\`, "/")
	if strings.HasPrefix(path, "/rustc/") || strings.Contains(path, "/.cargo/") || strings.Contains(path, "/rustlib/src/") {
		return false
	}
	if path == "" || strings.HasPrefix(path, "./csu/") {
		for _, prefix := range [...]string{"std::", "core::", "alloc::", "<", "__", "_start", "main", "start_thread", "clone", "rust_begin_unwind", "tokio::"} {
			if name == prefix || prefix != "main" && strings.HasPrefix(name, prefix) {
				return false
			}
		}
	}
	return true
}
