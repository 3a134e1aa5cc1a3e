package tracetree

import "strings"

// browserOps are the ops of Sentry's browser SDKs (browserTracingIntegration, web vitals) that are timings of the
// browser and not spans of anybody's code. A mark is no stretch of activity: it covers no time of its parent.
var browserOps = [...]struct {
	prefix string // up to a dot, or the whole op
	mark   bool
}{
	{"browser.paint", true},
	{"browser", false}, // browser.request, browser.response, browser.dns, browser.load_event; "browser" before v8
	{"paint", true},
	{"mark", true},
	{"ui.webvital", true},
	{"ui.interaction", true}, // the click an INP was measured at
}

// pseudoOf reports whether an op is a timing of the browser, and whether it is a mark.
func pseudoOf(op string) (pseudo, mark bool) {
	if op == "" {
		return false, false
	}
	switch op[0] {
	case 'b', 'p', 'm', 'u':
	default:
		return false, false
	}
	for i := range browserOps {
		if hasPart(op, browserOps[i].prefix) {
			return true, browserOps[i].mark
		}
	}
	return false, false
}

// hasPart reports whether op is prefix, or goes on behind it with a dot.
func hasPart(op, prefix string) bool {
	return strings.HasPrefix(op, prefix) && (len(op) == len(prefix) || op[len(prefix)] == '.')
}
