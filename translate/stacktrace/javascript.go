package stacktrace

import (
	"strconv"
	"strings"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// parseJavaScript reads the stacks of V8 (Node, Chromium, Deno), of Firefox and Safari, and what Node's util.inspect makes
// of an error, where causes and members are indented and frames that a cause has too are left out:
//
//	Error: order failed
//	    at order (/srv/shop/order.js:6:73)
//	    ... 3 lines matching cause stack trace ...
//	    at async main (file:///srv/shop/main.mjs:9:7) {
//	  code: 'E_ORDER',
//	  [cause]: TypeError: x is not a function
//	      at ...
//	  [errors]: [
//	    Error: a
//	        at ...,
//	    Error: b
//	        at ...
//	  ]
//	}
func parseJavaScript(lines []line) *node {
	p := jsParser{lines: lines}
	p.open(&node{}, -1, 0)
	for i := range lines {
		if len(p.stack) > maxChain { // nothing below is shown
			break
		}
		p.line(i)
	}
	root := p.stack[0].node
	for _, o := range p.stack {
		p.close(o)
	}
	fillElided(p.elided)
	return root
}

type jsParser struct {
	lines  []line
	stack  []*jsOpen // the error at hand last, what it is part of before it
	elided []elision
}

// jsOpen is an error whose lines are being read.
type jsOpen struct {
	node   *node
	indent int // of the line that names it
	header int // first line of type and message
	body   int // line after the message, unended while it goes on
	errors int // indent of the members of [errors], 0 outside that list
}

const unended = -1

// elision is a place where frames were left out because the cause has them.
type elision struct {
	node *node
	at   int // frames before it
	n    int
}

func (p *jsParser) open(n *node, indent, header int) {
	p.stack = append(p.stack, &jsOpen{node: n, indent: indent, header: header, body: unended})
}

// close ends the message of o.
func (p *jsParser) close(o *jsOpen) {
	if o.body == unended {
		o.body = len(p.lines)
	}
	if o.header < o.body && o.node.typ == "" && o.node.value == "" {
		o.node.typ, o.node.value = jsHeader(p.lines[o.header:o.body])
	}
}

// enclosing drops the errors that a line of this indent is not part of, and returns the one it is part of.
func (p *jsParser) enclosing(indent int) *jsOpen {
	for len(p.stack) > 1 && p.stack[len(p.stack)-1].indent >= indent {
		p.close(p.stack[len(p.stack)-1])
		p.stack = p.stack[:len(p.stack)-1]
	}
	return p.stack[len(p.stack)-1]
}

func (p *jsParser) line(i int) {
	l := p.lines[i]
	top := p.stack[len(p.stack)-1]
	end := func() {
		if top.body == unended {
			top.body = i
		}
	}
	switch {
	case l.body == "":
		return
	case strings.HasPrefix(l.body, "[cause]: "):
		end()
		parent := p.enclosing(l.indent)
		p.child(parent.node.add(&node{}, sourceCause), i, strings.TrimPrefix(l.body, "[cause]: "))
		return
	case hasPrefixFold(l.body, "caused by: ") && top.body != unended: // bunyan, VError, winston
		p.child(top.node.add(&node{}, sourceCause), i, l.body[len("caused by: "):])
		return
	case strings.HasPrefix(l.body, "[errors]: ["):
		end()
		parent := p.enclosing(l.indent)
		parent.errors = l.indent + 2
		parent.node.group = true
		return
	case strings.HasPrefix(l.body, "... ") && strings.HasSuffix(l.body, " lines matching cause stack trace ..."):
		end()
		number, _, _ := strings.Cut(l.body[len("... "):], " ")
		if n, ok := position(number); ok && len(p.elided) < maxChain {
			p.elided = append(p.elided, elision{top.node, len(top.node.frames), n})
		}
		return
	}
	if frame, ok := jsFrame(strings.TrimSuffix(strings.TrimSuffix(l.body, " {"), ",")); ok {
		end()
		top.node.frames = append(top.node.frames, frame)
		return
	}
	if isCaret(l.body) && top.body == unended && len(p.stack) == 1 { // Node's crash report: the source line stands above the error
		p.crash(top, i)
		return
	}
	for k := len(p.stack) - 1; k >= 0; k-- { // at most maxChain
		if o := p.stack[k]; o.errors == l.indent && l.indent > 0 && l.body != "]" && l.body != "}" && l.body != "}," {
			parent := p.enclosing(l.indent)
			p.child(parent.node.addMember(&node{}, sourceErrors), i, l.body)
			return
		}
	}
	if top.body == unended && strings.HasSuffix(l.body, "] {") && top.header == i { // [AggregateError: all failed] {
		top.node.typ, top.node.value = splitHeader(strings.TrimPrefix(strings.TrimSuffix(l.body, "] {"), "["))
		top.body = i + 1
	}
}

// crash reads what Node prints above the error that ended it: path:line, the source line, and at line i the marks below
// it. For a SyntaxError it is the only place that names the file.
func (p *jsParser) crash(o *jsOpen, i int) {
	header := p.lines[o.header:i]
	o.header = i + 1
	for o.header < len(p.lines)-1 && p.lines[o.header].body == "" {
		o.header++
	}
	if len(header) < 2 || o.header >= len(p.lines) || !strings.HasPrefix(p.lines[o.header].body, "SyntaxError") {
		return
	}
	path, row, _, ok := cutPosition(header[len(header)-2].body)
	if f, isPlace := jsPlace(model.Frame{}, path+":"+strconv.Itoa(row)+":"+strconv.Itoa(p.lines[i].indent+1)); ok && isPlace {
		source := header[len(header)-1].text
		f.ContextLine = &source
		o.node.frames = append(o.node.frames, f)
	}
}

// child opens the error that begins in line i with the text header.
func (p *jsParser) child(n *node, i int, header string) {
	p.open(n, p.lines[i].indent, i)
	o := p.stack[len(p.stack)-1]
	if strings.HasPrefix(header, "[") && strings.HasSuffix(header, "]") { // an error without a stack
		n.typ, n.value = splitHeader(header[1 : len(header)-1])
		o.body = i + 1
		return
	}
	if header != "" && strings.IndexByte(`'"{[`+"`", header[0]) >= 0 || len(p.lines) > i+1 && p.lines[i+1].indent < p.lines[i].indent { // thrown values
		header = strings.TrimSuffix(header, ",")
		if in, rest, ok := quoted(header, '\'', '\''); ok && rest == "" {
			header = in
		}
		n.typ, n.value = splitHeader(header)
		o.body = i + 1
	}
}

// jsHeader reads type and message; the lines of the message may be indented like the error, and the first may begin with
// the name of the property that holds it.
func jsHeader(lines []line) (typ, value string) {
	first := lines[0]
	for _, prefix := range [...]string{"[cause]: ", "Caused by: ", "caused by: ", "Uncaught ", "Unhandled rejection "} {
		first.body = strings.TrimPrefix(first.body, prefix)
	}
	rest := make([]line, 0, len(lines))
	rest = append(rest, line{text: first.body})
	for _, l := range lines[1:] {
		rest = append(rest, line{text: l.text[min(l.indent, first.indent):]})
	}
	text := strings.Trim(joined(rest), " \t\n")
	if first.body == "" && len(first.text) > maxLine {
		text = joined(lines)
	}
	name, message, found := strings.Cut(text, ":")
	if bare, _, ok := strings.Cut(name, " ["); ok && strings.HasSuffix(name, "]") { // TypeError [ERR_INVALID_ARG_TYPE]
		name = bare
	}
	if isTypeName(name) && (found || strings.HasSuffix(name, "Error") || strings.HasSuffix(name, "Exception")) {
		return name, strings.TrimLeft(message, " ")
	}
	return "", text
}

// jsFrame reads one frame of any engine.
func jsFrame(s string) (model.Frame, bool) {
	if rest, ok := strings.CutPrefix(s, "at "); ok {
		return v8Frame(rest)
	}
	if i := strings.IndexByte(s, '@'); i >= 0 {
		return geckoFrame(s[:i], s[i+1:])
	}
	return model.Frame{}, false
}

// v8Frame reads what follows "at ": "fn (location)" or a location alone.
func v8Frame(s string) (model.Frame, bool) {
	function, location, raw := "", s, ""
	if strings.HasSuffix(s, ")") {
		if i := strings.Index(s, " ("); i >= 0 {
			function, location = s[:i], s[i+2:len(s)-1]
		}
	}
	if rest, ok := strings.CutPrefix(function, "async "); ok {
		raw, function = function, rest
	} else if rest, ok := strings.CutPrefix(location, "async "); ok && function == "" {
		location = rest
	}
	f := model.Frame{Function: function, RawFunction: raw}
	if i := strings.LastIndex(function, " [as "); i > 0 && strings.HasSuffix(function, "]") {
		f.Function, f.RawFunction = function[:i], s[:strings.Index(s, " (")]
	}
	if function != "" && (location == "<anonymous>" || location == "native" || strings.HasPrefix(location, "index ")) {
		if location[0] != 'i' { // of Promise.all (index 0) the function is all there is
			f.Filename = location
		}
		f.InApp = new(false)
		return f, true
	}
	if strings.HasPrefix(location, "eval at ") { // the innermost place that is a file: eval at f (eval at g (a.js:1:2), <anonymous>:1:1), ...
		if open := strings.LastIndex(location, " ("); open >= 0 {
			if end := strings.IndexByte(location[open:], ')'); end > 0 {
				location = location[open+2 : open+end]
			}
		}
	}
	location = strings.TrimPrefix(location, "address at ") // Hermes
	return jsPlace(f, location)
}

// geckoFrame reads function@location of Firefox and Safari.
func geckoFrame(function, location string) (model.Frame, bool) {
	f := model.Frame{Function: strings.TrimRight(function, "/<")}
	if i := strings.LastIndexByte(f.Function, '*'); i >= 0 { // async*fn, setTimeout handler*fn
		f.Function = f.Function[i+1:]
	}
	if f.Function != function {
		f.RawFunction = function
	}
	if location == "[native code]" {
		f.Filename = location
		f.InApp = new(false)
		return f, true
	}
	if i := strings.Index(location, " line "); i >= 0 { // a.js line 12 > eval:1:1
		at, _, ok := strings.Cut(location[i+len(" line "):], " > ")
		if !ok {
			return model.Frame{}, false
		}
		location = location[:i] + ":" + at
	}
	if strings.ContainsAny(function, " :") && !strings.HasSuffix(function, " code") && f.RawFunction == "" { // an address in a sentence
		return model.Frame{}, false
	}
	return jsPlace(f, location)
}

// jsPlace completes f with a location that ends in a position.
func jsPlace(f model.Frame, location string) (model.Frame, bool) {
	path, row, column, ok := cutPosition(location)
	if !ok || path == "" || column == 0 && strings.HasSuffix(path, ".java") {
		if strings.HasPrefix(location, "wasm://") || strings.Contains(location, "wasm-function[") {
			f.AbsPath, f.Filename, f.InApp = location, location, new(true)
			return f, true
		}
		return f, false
	}
	if strings.ContainsAny(path, "\n\t") || f.Function == "" && f.RawFunction == "" && strings.Contains(path, " (") && !strings.Contains(path, "/") {
		return f, false
	}
	f.AbsPath, f.Filename = path, strings.TrimPrefix(path, "file://")
	if len(f.Filename) > 2 && f.Filename[0] == '/' && f.Filename[2] == ':' { // file:///C:/shop/a.js
		f.Filename = f.Filename[1:]
	}
	f.Line, f.Column = row, column
	f.Package = nodePackage(path)
	f.InApp = new(jsInApp(path, f.Package))
	return f, true
}

// nodePackage returns the package a path under node_modules belongs to: the innermost one.
func nodePackage(path string) string {
	const folder = "node_modules/"
	if strings.Contains(path, `\`) {
		path = strings.ReplaceAll(path, `\`, "/")
	}
	i := strings.LastIndex(path, folder)
	if i < 0 {
		return ""
	}
	path, _, _ = strings.Cut(path, "?")
	parts := strings.SplitN(path[min(i+len(folder), len(path)):], "/", 3)
	switch {
	case parts[0] == ".vite" && len(parts) == 3: // dependencies that Vite bundled: .vite/deps/react.js
		return strings.TrimSuffix(strings.TrimPrefix(parts[2], "deps/"), ".js")
	case strings.HasPrefix(parts[0], "@") && len(parts) > 1:
		return parts[0] + "/" + parts[1]
	}
	return parts[0]
}

// jsInApp: not packages, not the engine's own modules, not extensions of the browser.
func jsInApp(path, pkg string) bool {
	if pkg != "" || path == "<anonymous>" {
		return false
	}
	for _, prefix := range [...]string{
		"node:", "internal/", "deno:", "ext:", "bun:", "chrome-extension:", "moz-extension:", "safari-web-extension:", "webpack/",
		"webpack:///webpack/", "debugger eval code",
	} {
		if strings.HasPrefix(path, prefix) {
			return false
		}
	}
	return !strings.Contains(path, "/@vite/") && !strings.Contains(path, "/webpack/bootstrap")
}

// fillElided puts back the frames that a cause has too: those that follow, in the cause, the frame before the gap.
func fillElided(gaps []elision) {
	for i := len(gaps) - 1; i >= 0; i-- { // from the end, so that the positions before stay right
		g := gaps[i]
		if g.at == 0 || len(g.node.frames) > maxFrames {
			continue
		}
		before := g.node.frames[g.at-1]
		for _, child := range g.node.children {
			if child.source != sourceCause {
				continue
			}
			for k := range child.frames {
				if samePlace(child.frames[k], before) && k+1+g.n <= len(child.frames) {
					filled := make([]model.Frame, 0, len(g.node.frames)+g.n)
					filled = append(filled, g.node.frames[:g.at]...)
					filled = append(filled, child.frames[k+1:k+1+g.n]...)
					g.node.frames = append(filled, g.node.frames[g.at:]...)
					break
				}
			}
		}
	}
}

func samePlace(a, b model.Frame) bool {
	return a.Line == b.Line && a.Column == b.Column && a.Function == b.Function && a.AbsPath == b.AbsPath
}

// isCaret reports whether s is the line of ^ marks under a source line.
func isCaret(s string) bool {
	return s != "" && strings.Trim(s, "^~ ") == "" && strings.Contains(s, "^")
}

func hasPrefixFold(s, prefix string) bool {
	return len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}
