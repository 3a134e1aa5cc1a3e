package stacktrace

import (
	"strings"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// parseDotnet reads what Exception.ToString returns: the inner exception stands between the message and the frames of the
// one that wraps it.
//
//	System.InvalidOperationException: order failed
//	 ---> Acme.PaymentException: charge failed
//	   at Acme.Shop.Charge(String sku) in /src/Shop.cs:line 12
//	   --- End of inner exception stack trace ---
//	   at Acme.Shop.Order() in /src/Shop.cs:line 20
//	--- End of stack trace from previous location ---
//	   at Acme.Program.Main() in /src/Program.cs:line 5
//	 ---> (Inner Exception #1) System.Exception: b
//	   at ...<---
func parseDotnet(lines []line) *node {
	root := &dotnetOpen{node: &node{}}
	p := dotnetParser{stack: []*dotnetOpen{root}}
	for _, l := range lines {
		p.line(l)
	}
	for len(p.stack) > 0 {
		p.pop()
	}
	return root.node
}

type dotnetParser struct {
	stack []*dotnetOpen // the exception at hand last, those that wrap it before it
}

type dotnetOpen struct {
	node   *node
	header []line
	body   bool // the message has ended
}

func (p *dotnetParser) pop() {
	top := p.stack[len(p.stack)-1]
	top.end()
	p.stack = p.stack[:len(p.stack)-1]
}

// end reads type and message.
func (o *dotnetOpen) end() {
	o.body = true
	if len(o.header) == 0 {
		return
	}
	text := strings.TrimSpace(joined(o.header))
	o.header = nil
	text = strings.TrimPrefix(text, "Unhandled exception. ")
	if rest, ok := strings.CutPrefix(text, "("); ok && strings.HasPrefix(rest, "Inner Exception #") {
		_, text, _ = strings.Cut(text, ") ")
	}
	o.node.typ, o.node.value = splitHeader(text)
	if code, message, ok := strings.Cut(text, "): "); ok && o.node.typ == "" { // System.Net.Sockets.SocketException (111): refused
		if name, number, ok := strings.Cut(code, " ("); ok && isTypeName(name) && strings.Trim(number, "-0123456789xABCDEF") == "" {
			o.node.typ, o.node.value = name, message
		}
	}
}

func (p *dotnetParser) line(l line) {
	top := p.stack[len(p.stack)-1]
	switch {
	case strings.HasPrefix(l.body, "--- End of inner exception stack trace ---"):
		if len(p.stack) > 1 {
			p.pop()
		}
		return
	case strings.HasPrefix(l.body, "--- End of stack trace from previous location"), l.body == "--- End of managed stack trace ---":
		top.end()
		return
	case strings.HasPrefix(l.body, "---> "):
		p.push(l.body)
		return
	}
	body, closes := strings.CutSuffix(l.body, "<---")
	if f, ok := dotnetFrame(body); ok {
		top.end()
		top.node.frames = append(top.node.frames, f)
	} else if !top.body {
		p.header(l)
	}
	if closes && len(p.stack) > 1 {
		p.pop()
	}
}

// header adds a line to the message at hand. Older runtimes write the whole chain into the first line.
func (p *dotnetParser) header(l line) {
	top := p.stack[len(p.stack)-1]
	if len(top.header) == 0 {
		if l.body == "" && len(l.text) <= maxLine {
			return
		}
		if l.body != "" {
			l.text = l.body
		}
	}
	first, rest, more := strings.Cut(l.text, " ---> ")
	top.header = append(top.header, line{text: first})
	if more {
		p.push("---> " + rest)
	}
}

// push begins the inner exception that text names after its arrow.
func (p *dotnetParser) push(text string) {
	if len(p.stack) > maxChain {
		return
	}
	text = strings.TrimPrefix(text, "---> ")
	for len(p.stack) > 1 && p.stack[len(p.stack)-1].body && strings.HasPrefix(text, "(Inner Exception #") {
		p.pop()
	}
	parent := p.stack[len(p.stack)-1]
	parent.end()
	o := &dotnetOpen{node: &node{}}
	if len(parent.node.children) > 0 {
		parent.node.group = true
		parent.node.addMember(o.node, sourceInnerMany)
	} else {
		parent.node.add(o.node, sourceInner)
	}
	p.stack = append(p.stack, o)
	text, closes := strings.CutSuffix(text, "<---")
	p.header(line{text: text, body: strings.TrimSpace(text)})
	if closes && len(p.stack) > 1 {
		p.pop()
	}
}

// dotnetFrame reads: at Acme.Shop.<OrderAsync>d__3.MoveNext() in C:\src\Shop.cs:line 20
func dotnetFrame(s string) (model.Frame, bool) {
	rest, ok := strings.CutPrefix(s, "at ")
	if !ok {
		return model.Frame{}, false
	}
	var f model.Frame
	call := rest
	if i := strings.LastIndex(rest, " in "); i > 0 && strings.Contains(rest[:i], "(") {
		place := rest[i+len(" in "):]
		path, number, ok := cutLast(place, ":line ")
		if !ok {
			path, number, _ = cutLast(place, ":") // Mono: in /src/Shop.cs:20
		}
		if row, ok := position(number); ok {
			call = rest[:i]
			if !strings.HasPrefix(path, "<") { // <filename unknown>, <hash>
				f.Filename, f.AbsPath, f.Line = baseName(path), path, row
			}
		}
	}
	if i := strings.LastIndex(call, " [0x"); i > 0 { // Mono: offset in the code
		call = strings.TrimRight(call[:i], " ")
	}
	open := strings.IndexByte(call, '(')
	if open <= 0 || !strings.HasSuffix(call, ")") {
		return model.Frame{}, false
	}
	name := strings.TrimRight(call[:open], " ")
	if strings.ContainsAny(name, " /@") || strings.Contains(call[open:], ":") || !strings.Contains(name, ".") && !strings.HasPrefix(name, "lambda_method") {
		return model.Frame{}, false
	}
	f.Module, f.Function = splitDotnetName(name)
	f.RawFunction = call
	f.InApp = new(dotnetInApp(f.Module))
	return f, true
}

// splitDotnetName splits Acme.Shop.Order, and takes the names of methods out of what the compiler makes of async methods
// (<OrderAsync>d__3.MoveNext) and local functions (<Order>g__Inner|0_0).
func splitDotnetName(name string) (class, method string) {
	if i := strings.Index(name, ".<"); i > 0 && strings.HasSuffix(name, ".MoveNext") {
		if inner, _, ok := quoted(name[i+1:], '<', '>'); ok && inner != "" {
			return name[:i], inner
		}
	}
	if i := strings.LastIndex(name, "..c"); i > 0 { // Acme.Shop..ctor, ..cctor
		return name[:i], name[i+1:]
	}
	i := strings.LastIndexByte(name, '.')
	for i > 0 && strings.Count(name[i:], ">") != strings.Count(name[i:], "<") { // a dot inside <...>
		i = strings.LastIndexByte(name[:i], '.')
	}
	if i <= 0 {
		return "", name
	}
	return name[:i], name[i+1:]
}

// dotnetInApp: not the runtime and its frameworks.
func dotnetInApp(class string) bool {
	if class == "" { // lambda_method5(Closure, Object): made at run time
		return false
	}
	for _, prefix := range [...]string{
		"System.", "Microsoft.", "Mono.", "FSharp.", "Windows.", "OpenTelemetry.", "Newtonsoft.", "Npgsql.", "MySql.", "MySqlConnector.", "StackExchange.",
		"Serilog.", "Grpc.", "Dapper.", "Polly.", "MediatR.", "Castle.", "Autofac.", "Xunit.", "NUnit.", "Sentry.",
	} {
		if strings.HasPrefix(class, prefix) {
			return false
		}
	}
	return true
}

// cutLast splits s around the last sep.
func cutLast(s, sep string) (before, after string, ok bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}

// baseName returns the last part of a path with either kind of slashes.
func baseName(path string) string {
	return path[strings.LastIndexAny(path, `/\`)+1:]
}
