package stacktrace

import (
	"slices"
	"strings"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// parsePython reads tracebacks of Python 2 and 3: the thrown exception stands last, after what led to it, and each has its
// oldest call first. Exception groups draw a margin around their members:
//
//   - Exception Group Traceback (most recent call last):
//     |   File "/srv/shop/a.py", line 20, in run
//     | ExceptionGroup: all failed (2 sub-exceptions)
//     +-+---------------- 1 ----------------
//     | Traceback (most recent call last):
//     |   File "/srv/shop/a.py", line 3, in f
//     | ValueError: a
//     +---------------- 2 ----------------
//     | TypeError: b
//     +------------------------------------
func parsePython(lines []line) *node {
	p := pyParser{}
	p.levels = append(p.levels, &pyLevel{margin: 2})
	groups := false
	for _, l := range lines {
		groups = groups || strings.Contains(l.body, "Exception Group Traceback (")
	}
	for _, l := range lines {
		text := l.text
		if groups {
			text = p.margin(l)
		}
		p.line(text)
	}
	for len(p.levels) > 1 {
		p.leave()
	}
	return p.levels[0].root()
}

type pyParser struct {
	levels []*pyLevel // the member of a group at hand last, what encloses it before it
}

// pyLevel is what stands inside one margin: a chain of exceptions, the first cause first.
type pyLevel struct {
	margin  int     // column of its |
	nodes   []*node // in order of the text
	via     string  // what the sentence between two tracebacks says
	message []line  // of the last node, while it is being read
	frames  bool    // the last node is still in its frames
	context bool    // the line after a frame: the source
}

const (
	pyTraceback = "Traceback (most recent call last):"
	pyGroup     = "Exception Group Traceback (most recent call last):"
	pyDirect    = "The above exception was the direct cause of the following exception:"
	pyDuring    = "During handling of the above exception, another exception occurred:"
)

// margin takes the margin off a line and enters and leaves the members of groups as it says.
func (p *pyParser) margin(l line) string {
	rest := l.text[l.indent:]
	switch {
	case strings.HasPrefix(rest, "+ "):
		p.leaveTo(l.indent)
		return rest[2:]
	case strings.HasPrefix(rest, "+-+---"): // the first member
		p.leaveTo(l.indent)
		p.enter(l.indent + 2)
		return ""
	case strings.HasPrefix(rest, "+---"):
		p.leaveTo(l.indent - 2)
		if strings.Trim(rest, "+-") != "" { // the next member, by its number or three dots
			p.enter(l.indent)
		}
		return ""
	case strings.HasPrefix(rest, "|") && l.indent >= 2:
		p.leaveTo(l.indent)
		return strings.TrimPrefix(rest[1:], " ")
	}
	p.leaveTo(2)
	return l.text
}

// enter begins a member of the group that was just read.
func (p *pyParser) enter(margin int) {
	if len(p.levels) <= maxChain {
		p.levels = append(p.levels, &pyLevel{margin: margin, nodes: []*node{{}}, frames: true})
	}
}

func (p *pyParser) leaveTo(margin int) {
	for len(p.levels) > 1 && p.levels[len(p.levels)-1].margin > margin {
		p.leave()
	}
}

// leave ends the member at hand and hangs it on its group.
func (p *pyParser) leave() {
	member := p.levels[len(p.levels)-1].root()
	p.levels = p.levels[:len(p.levels)-1]
	group := p.levels[len(p.levels)-1].last()
	if group != nil && member != nil {
		p.levels[len(p.levels)-1].endMessage()
		group.group = true
		group.addMember(member, sourceExceptions)
	}
}

func (v *pyLevel) last() *node {
	if len(v.nodes) == 0 {
		return nil
	}
	return v.nodes[len(v.nodes)-1]
}

// begin starts the next exception of the chain. The first member of a level is there before its traceback.
func (v *pyLevel) begin() {
	v.endMessage()
	if last := v.last(); last == nil || last.typ != "" || last.value != "" || len(last.frames) > 0 {
		v.nodes = append(v.nodes, &node{})
		v.last().source = v.via
	}
	v.via = ""
	v.frames = true
}

// endMessage reads type and message of the last exception.
func (v *pyLevel) endMessage() {
	if len(v.message) == 0 {
		return
	}
	text := strings.TrimRight(joined(v.message), " \t\n")
	v.last().typ, v.last().value = splitHeader(text)
	v.message, v.frames = nil, false
}

// root ends the level and returns its chain as a tree.
func (v *pyLevel) root() *node {
	v.endMessage()
	if len(v.nodes) == 0 {
		return nil
	}
	for _, n := range v.nodes {
		slices.Reverse(n.frames)
	}
	for i := 1; i < len(v.nodes); i++ {
		source := v.nodes[i].source
		if source == "" {
			source = sourcePyContext
		}
		v.nodes[i].add(v.nodes[i-1], source)
	}
	return v.nodes[len(v.nodes)-1]
}

// line reads a line without its margin.
func (p *pyParser) line(text string) {
	v := p.levels[len(p.levels)-1]
	body := strings.TrimSpace(text)
	if len(body) > maxLine {
		body = ""
	}
	switch body {
	case pyTraceback, pyGroup:
		v.begin()
		return
	case pyDirect:
		v.endMessage()
		v.via = sourcePyCause
		return
	case pyDuring:
		v.endMessage()
		v.via = sourcePyContext
		return
	}
	indent := len(text) - len(strings.TrimLeft(text, " \t"))
	if frame, ok := pyFrame(body); ok && len(v.message) == 0 {
		if !v.frames {
			v.begin()
		}
		v.last().frames = append(v.last().frames, frame)
		v.context = true
		return
	}
	switch {
	case len(v.message) > 0:
		v.message = append(v.message, line{text: text})
	case !v.frames:
	case indent > 0:
		v.source(body, text)
	case body != "" || len(text) > maxLine:
		v.message = append(v.message, line{text: text})
		v.context = false
	}
}

// source reads a line below a frame: the source line, the marks under it, or that the frame above was repeated.
func (v *pyLevel) source(body, text string) {
	frames := v.last().frames
	if len(frames) == 0 || body == "" || strings.HasPrefix(body, "[Previous line repeated ") {
		return
	}
	f := &frames[len(frames)-1]
	if isCaret(body) {
		if f.Function == "" && f.ContextLine != nil && f.Column == 0 { // a SyntaxError: the mark is all it says of the column
			f.Column = max(0, strings.IndexByte(text, '^')-4+1)
		}
		return
	}
	if v.context {
		f.ContextLine = &body
		v.context = false
	}
}

// pyFrame reads: File "/srv/shop/a.py", line 10, in f
func pyFrame(s string) (model.Frame, bool) {
	rest, ok := strings.CutPrefix(s, `File "`)
	if !ok {
		return model.Frame{}, false
	}
	i := strings.LastIndex(rest, `", line `)
	if i < 0 {
		return model.Frame{}, false
	}
	path := rest[:i]
	number, function, _ := strings.Cut(rest[i+len(`", line `):], ", in ")
	row, ok := position(number)
	if !ok {
		return model.Frame{}, false
	}
	f := model.Frame{Function: function, Filename: path, Line: row, InApp: new(pyInApp(path))}
	if isAbsolute(path) {
		f.AbsPath = path
	}
	return f, true
}

// pyInApp: not installed packages, not the standard library.
func pyInApp(path string) bool {
	path = strings.ReplaceAll(path, `\`, "/")
	if strings.HasPrefix(path, "<frozen ") {
		return false
	}
	for _, part := range [...]string{"/site-packages/", "/dist-packages/", "/lib/python2.", "/lib/python3.", "/lib64/python3.", "/Lib/"} {
		if strings.Contains(path, part) {
			return false
		}
	}
	return true
}

// isAbsolute reports whether path is absolute, on Unix or Windows.
func isAbsolute(path string) bool {
	return strings.HasPrefix(path, "/") || strings.HasPrefix(path, `\\`) ||
		len(path) > 2 && path[1] == ':' && (path[2] == '\\' || path[2] == '/')
}
