package stacktrace

import (
	"strings"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// Bounds of one text. What is beyond them is not read, and stays visible in RawStack.
const (
	maxText   = 256 << 10 // bytes; a JVM's StackOverflowError prints some 100 KB
	maxLines  = 16 << 10  // of any length
	maxLine   = 4 << 10   // bytes of a line that may be a frame; longer lines are messages
	maxFrames = 1000      // of one exception: the newest; JVMs stop at 1,024
	maxChain  = 50        // exceptions of one text
)

// Parse reads the text of a stack trace into the exceptions it tells of: the thrown one first, its causes after it;
// frames newest call first.
//
// Language is telemetry.sdk.language or a Sentry platform ("nodejs", "python", ...); when it is empty or unknown the text
// decides. excType and excValue are exception.type and exception.message: they win over what the text says of the thrown
// exception. There is always at least one exception in the answer, and the first one's RawStack is the whole text.
func Parse(text, language, excType, excValue string) []model.Exception {
	out := read(text, language).list()
	out[0].RawStack = text
	if excType != "" {
		out[0].Type = excType
	}
	if excValue != "" {
		out[0].Value = excValue
	}
	return out
}

// read returns the tree of a text, an empty node when no parser knows it.
func read(text, language string) *node {
	if len(text) > maxText {
		text = text[:maxText]
	}
	if strings.Contains(text, "\x1b[") {
		text = withoutColours(text)
	}
	lines := split(text)
	named := find(language)
	if named != nil {
		if root := named.parse(lines); root != nil && root.countFrames() > 0 {
			return root
		}
	}
	var best *node
	most := 0
	for i := range languages {
		if &languages[i] == named {
			continue
		}
		if root := languages[i].parse(lines); root != nil {
			if n := root.countFrames(); n > most {
				best, most = root, n
			}
		}
	}
	if best == nil {
		return fallback(lines)
	}
	return best
}

// fallback reads a text without frames: the line that names the exception is all it may hold.
func fallback(lines []line) *node {
	n := &node{}
	for _, l := range lines {
		if l.text = strings.TrimSpace(l.text); l.text != "" {
			n.typ, n.value = splitHeader(l.text)
			break
		}
	}
	return n
}
