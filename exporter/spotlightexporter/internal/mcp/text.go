package mcp

import (
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// maxAnswer bounds an answer, in bytes: what a model reads costs its user money, and there is a tool for every detail.
const maxAnswer = 24_000

// page is an answer that is being written.
type page struct{ strings.Builder }

func (p *page) section(title string) { fmt.Fprintf(p, "\n## %s\n\n", title) }

func (p *page) line(text string) { p.WriteString(text + "\n") }

// fenced writes lines as a block of code, in a fence longer than any in them, so that no text can end it.
func (p *page) fenced(lines []string) {
	fence := "```"
	text := plain(strings.Join(lines, "\n"))
	for strings.Contains(text, fence) {
		fence += "`"
	}
	p.WriteString(fence + "\n" + text + "\n" + fence + "\n")
}

// values writes attributes; those with secret names are masked.
func (p *page) values(title string, attrs model.Attributes) {
	if len(attrs) == 0 {
		return
	}
	p.section(title)
	for _, a := range attrs[:min(len(attrs), maxValues)] {
		fmt.Fprintf(p, "- %s: %s\n", oneLine(a.Key, 120), shown(a.Key, a.Value, 400))
	}
	if left := len(attrs) - maxValues; left > 0 {
		fmt.Fprintf(p, "- … %d more\n", left)
	}
}

func (p *page) text() string {
	if p.Len() <= maxAnswer {
		return p.String()
	}
	return model.Cut(p.String(), maxAnswer) + "\n… (cut)\n"
}

// secretWords are in the names of what must not leave for a model: the same that the overlay leaves out of what it copies.
const secretWords = `authorization|cookie|token|secret|password|passwd|api[-_]?key|session|csrf|xsrf|signature|x-amz-security`

var (
	secret = regexp.MustCompile(`(?i)` + secretWords)
	// secretPair is a name and its value in a query, a form, or a line of a log.
	secretPair = regexp.MustCompile(`(?i)([\w.%-]*(?:` + secretWords + `)[\w.%-]*=)[^&\s"']+`)
)

const masked = "[masked]"

// shown is a value on one line, at most n bytes; masked when its name, or that of a part of it, is secret.
func shown(name string, v model.Value, n int) string {
	if secret.MatchString(name) {
		return masked
	}
	return oneLine(maskedText(v), n)
}

// maskedText is a value as text, without what has a secret name within it.
func maskedText(v model.Value) string { return mask(v, 8).Text() }

func mask(v model.Value, depth int) model.Value {
	switch {
	case v.Kind() == model.KindString && depth > 0 && len(v.Str()) > 1 && strings.ContainsAny(v.Str()[:1], "{["):
		var within model.Value // JSON in a text, as bodies of requests are
		if within.UnmarshalJSON([]byte(v.Str())) != nil {
			return v
		}
		return model.String(mask(within, depth-1).Text())
	case v.Kind() == model.KindMap && depth > 0:
		out := make(model.Attributes, 0, len(v.Map()))
		for _, a := range v.Map() {
			if secret.MatchString(a.Key) {
				a.Value = model.String(masked)
			} else {
				a.Value = mask(a.Value, depth-1)
			}
			out = append(out, a)
		}
		return model.Map(out)
	case v.Kind() == model.KindList && depth > 0:
		out := make([]model.Value, len(v.List()))
		for i, e := range v.List() {
			out[i] = mask(e, depth-1)
		}
		return model.List(out)
	case v.Kind() == model.KindMap || v.Kind() == model.KindList:
		return model.String("…")
	}
	return v
}

// escapes are what terminals take for commands (ECMA-48 sections 5.4 and 8.3.89).
var escapes = regexp.MustCompile("\x1b\\[[0-?]*[ -/]*[@-~]|\x1b\\][^\x07\x1b]*(\x07|\x1b\\\\)?")

// plain is text without terminal escapes and invisible characters: what a user of the agent would see of it.
func plain(text string) string {
	return strings.Map(func(r rune) rune {
		if r != '\n' && r != '\t' && !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, escapes.ReplaceAllString(text, ""))
}

// oneLine is text on one line, at most n bytes of it, without the values of secret names in it.
func oneLine(text string, n int) string {
	cut := model.Cut(text, n)
	line := secretPair.ReplaceAllString(strings.Join(strings.Fields(plain(cut)), " "), "${1}"+masked)
	if len(cut) < len(text) {
		line += "…"
	}
	return line
}

// after is text on one line behind what announces it, nothing when it is empty.
func after(before, text string, n int) string {
	if text == "" {
		return ""
	}
	return before + oneLine(text, n)
}

// counted is a number of things.
func counted(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

func handled(h *bool) string {
	switch {
	case h == nil:
		return ""
	case *h:
		return ", handled"
	}
	return ", unhandled"
}

// moment is a time as agents can compare it.
func moment(t model.Time) string { return t.Std().Format("2006-01-02T15:04:05.000Z") }

// duration has three digits that matter: 12.3 ms.
func duration(ns int64) string {
	d := time.Duration(ns)
	switch abs := d.Abs(); {
	case abs < time.Microsecond:
		return fmt.Sprintf("%d ns", ns)
	case abs < time.Millisecond:
		return fmt.Sprintf("%.3g µs", d.Seconds()*1e6)
	case abs < time.Second:
		return fmt.Sprintf("%.3g ms", d.Seconds()*1e3)
	case abs < time.Minute:
		return fmt.Sprintf("%.3g s", d.Seconds())
	}
	return d.Round(time.Second).String()
}

// ago is how long before an error something was.
func ago(end, at model.Time) string {
	if at.IsZero() {
		return "at an unknown time"
	}
	return "-" + duration(max(0, int64(end-at)))
}
