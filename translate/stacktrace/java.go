package stacktrace

import (
	"strings"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// parseJava reads what Throwable.printStackTrace writes, for every language of the JVM:
//
//	Exception in thread "main" java.lang.IllegalArgumentException: order 7
//		at com.acme.Main.order(Main.java:9)
//		at java.base/java.lang.Thread.run(Thread.java:840)
//		Suppressed: java.io.IOException: close failed
//			at com.acme.Main$Res.close(Main.java:6)
//			... 2 more
//	Caused by: com.acme.PaymentException: charge failed
//		at com.acme.Main.charge(Main.java:8)
//		... 1 more
//
// "... n more" stands for the last n frames of the enclosing exception. Loggers that print the root cause first write
// "Wrapped by:" instead of "Caused by:".
func parseJava(lines []line) *node { return parseJVM(lines, jvmInApp) }

// parseJVM reads the same form with another idea of what the user's own code is: OpenTelemetry for PHP writes it too.
func parseJVM(lines []line, inApp func(class, module string) bool) *node {
	p := jvmParser{inApp: inApp}
	p.stack = []*jvmOpen{{node: &node{}}}
	for _, l := range lines {
		p.line(l)
	}
	for _, o := range p.stack {
		o.end()
	}
	for _, o := range p.closed {
		o.end()
	}
	return p.stack[0].node
}

type jvmParser struct {
	inApp  func(class, module string) bool
	stack  []*jvmOpen // the exception at hand last
	closed []*jvmOpen
	filled int // exceptions whose common frames were filled in
}

// jvmOpen is an exception whose lines are being read.
type jvmOpen struct {
	node   *node
	parent *jvmOpen
	indent int
	header []line
	body   bool // frames have begun
	named  bool
}

// end reads type and message.
func (o *jvmOpen) end() {
	if o.named || len(o.header) == 0 {
		return
	}
	o.named = true
	text := strings.TrimSpace(joined(o.header))
	if rest, ok := strings.CutPrefix(text, "Exception in thread "); ok {
		if _, after, ok := quoted(rest, '"', '"'); ok {
			text = strings.TrimSpace(after)
		}
	}
	o.node.typ, o.node.value = splitHeader(text)
}

func (p *jvmParser) line(l line) {
	top := p.stack[len(p.stack)-1]
	for _, word := range [...]string{"Caused by: ", "Suppressed: ", "Wrapped by: "} {
		if rest, ok := strings.CutPrefix(l.body, word); ok {
			if !strings.HasPrefix(rest, "[CIRCULAR REFERENCE") {
				p.open(word, l.indent, rest)
			}
			return
		}
	}
	if f, ok := jvmFrame(l.body, p.inApp); ok {
		top.body = true
		top.node.frames = append(top.node.frames, f)
		return
	}
	if n, ok := jvmMore(l.body); ok {
		top.body = true
		if p.filled < maxChain {
			p.filled++
			top.fill(n)
		}
		return
	}
	if !top.body && (l.body != "" || len(top.header) > 0 || l.text != "") {
		if len(top.header) == 0 && l.body != "" {
			l.text = l.text[l.indent:]
		}
		top.header = append(top.header, l)
	}
}

// open begins the exception that hangs on another by word.
func (p *jvmParser) open(word string, indent int, header string) {
	o := &jvmOpen{node: &node{}, indent: indent, header: []line{{text: header}}}
	if word == "Wrapped by: " { // the whole tree so far caused this one
		for _, s := range p.stack {
			s.end()
		}
		o.node.add(p.stack[0].node, sourceCause)
		p.closed = append(p.closed, p.stack...)
		p.stack = []*jvmOpen{o}
		return
	}
	// A suppressed exception is indented deeper than the one it belongs to, a cause as deep.
	keep := indent
	if word == "Suppressed: " {
		keep--
	}
	for len(p.stack) > 1 && p.stack[len(p.stack)-1].indent > keep {
		p.closed = append(p.closed, p.stack[len(p.stack)-1])
		p.stack = p.stack[:len(p.stack)-1]
	}
	o.parent = p.stack[len(p.stack)-1]
	if word == "Suppressed: " {
		o.parent.node.addMember(o.node, sourceSuppressed)
	} else {
		o.parent.node.add(o.node, sourceCause)
	}
	p.stack = append(p.stack, o)
}

// fill appends the last n frames of the enclosing exception.
func (o *jvmOpen) fill(n int) {
	if o.parent == nil || n == 0 || n > maxFrames {
		return
	}
	frames := o.parent.node.frames
	if n <= len(frames) {
		o.node.frames = append(o.node.frames, frames[len(frames)-n:]...)
	}
}

// jvmMore reads: ... 12 more, or: ... 12 common frames omitted (logback)
func jvmMore(s string) (int, bool) {
	rest, ok := strings.CutPrefix(s, "... ")
	if !ok {
		return 0, false
	}
	number, what, _ := strings.Cut(rest, " ")
	if what != "more" && what != "common frames omitted" {
		return 0, false
	}
	return position(number)
}

// jvmFrame reads: at app//com.acme@1.2/com.acme.Main.order(Main.java:9) ~[shop.jar:1.2]
func jvmFrame(s string, inApp func(class, module string) bool) (model.Frame, bool) {
	rest, ok := strings.CutPrefix(s, "at ")
	if !ok {
		return model.Frame{}, false
	}
	var f model.Frame
	if i := strings.LastIndexByte(rest, '['); i > 0 && strings.HasSuffix(rest, "]") { // logback's packaging data
		if jar, _, _ := strings.Cut(rest[i+1:len(rest)-1], ":"); jar != "na" {
			f.Package = jar
		}
		rest = strings.TrimRight(rest[:i], " ~")
	}
	open := strings.LastIndexByte(rest, '(')
	if open <= 0 || !strings.HasSuffix(rest, ")") || rest[open-1] == ' ' {
		return model.Frame{}, false
	}
	name, place := rest[:open], rest[open+1:len(rest)-1]
	switch place {
	case "Native Method", "Unknown Source", "<generated>", "":
	default:
		path, row, _, ok := cutPosition(place)
		if !ok && !strings.Contains(place, ".") || strings.ContainsAny(path, " /\\,") {
			return model.Frame{}, false
		}
		f.Filename, f.Line = path, row
	}
	module := ""
	if i := strings.LastIndexByte(name, '/'); i >= 0 {
		module, name = name[:i], name[i+1:]
	}
	f.Function = name
	if i := strings.LastIndexByte(name, '.'); i >= 0 {
		f.Module, f.Function = name[:i], name[i+1:]
	}
	if f.Function == "" || strings.ContainsAny(name, " ()") {
		return model.Frame{}, false
	}
	f.InApp = new(inApp(f.Module, module))
	return f, true
}

// jvmLibraries are packages of the platform, of its languages and of frameworks that most applications run on.
var jvmLibraries = [...]string{
	"java.", "javax.", "jakarta.", "jdk.", "sun.", "com.sun.", "android.", "androidx.", "dalvik.", "com.android.", "kotlin.", "kotlinx.",
	"scala.", "groovy.", "clojure.", "_COROUTINE.", "org.codehaus.groovy.", "org.springframework.", "org.apache.", "org.hibernate.", "org.eclipse.jetty.",
	"org.jboss.", "io.netty.", "io.undertow.", "io.vertx.", "io.micronaut.", "io.quarkus.", "io.opentelemetry.", "io.grpc.", "io.sentry.",
	"io.ktor.", "akka.", "reactor.", "okhttp3.", "retrofit2.", "com.zaxxer.hikari.", "com.fasterxml.", "com.google.common.",
	"org.junit.", "org.gradle.", "org.postgresql.", "com.mysql.", "ch.qos.logback.", "org.slf4j.",
}

// jvmInApp: not what the JDK brings (modules java.*, jdk.*), not libraries, not classes made at run time.
func jvmInApp(class, module string) bool {
	if strings.HasPrefix(module, "java.") || strings.HasPrefix(module, "jdk.") {
		return false
	}
	for _, prefix := range jvmLibraries {
		if strings.HasPrefix(class, prefix) {
			return false
		}
	}
	return !strings.Contains(class, "$$EnhancerBy") && !strings.Contains(class, "$$FastClassBy") && !strings.Contains(class, "$$SpringCGLIB$$")
}
