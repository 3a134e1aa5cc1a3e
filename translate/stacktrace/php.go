package stacktrace

import (
	"strings"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// parsePHP reads what a Throwable becomes as a string, and getTraceAsString alone. The previous exception stands first:
//
//	PHP Fatal error:  Uncaught InvalidArgumentException: bad sku in /srv/shop/Prices.php:10
//	Stack trace:
//	#0 /srv/shop/Order.php(20): Shop\Prices->get('A1')
//	#1 [internal function]: Shop\Order->run()
//	#2 {main}
//
//	Next RuntimeException: order failed in /srv/shop/Order.php:25
//	Stack trace:
//	#0 {main}
//	  thrown in /srv/shop/Order.php on line 25
//
// A line of the trace names the function that was called and the place it was called from; a frame of ours is a function
// and the place inside it, so each function takes the place of the line before. OpenTelemetry's SDK for PHP writes the
// form of Java instead.
func parsePHP(lines []line) *node {
	var p phpParser
	for _, l := range lines {
		p.line(l)
	}
	p.end()
	if root := chain(p.nodes, sourcePrevious); root != nil && root.countFrames() > 0 {
		return root
	}
	return parseJVM(lines, phpInApp)
}

type phpParser struct {
	nodes  []*node
	header []line
	place  model.Frame // where the function at hand was left
	trace  bool
}

func (p *phpParser) line(l line) {
	switch {
	case l.body == "Stack trace:":
		p.throw()
		return
	case strings.HasPrefix(l.body, "Next "):
		p.end()
		p.header = []line{{text: l.body[len("Next "):]}}
		return
	case p.trace && strings.HasPrefix(l.body, "thrown in "):
		p.end()
		return
	}
	number, rest, ok := strings.Cut(strings.TrimPrefix(l.body, "PHP "), " ")
	if number, hash := strings.CutPrefix(number, "#"); ok && hash {
		if _, ok := position(strings.TrimSuffix(number, ".")); ok && p.call(strings.TrimLeft(rest, " ")) {
			return
		}
	}
	if !p.trace && (l.body != "" || len(p.header) > 0) {
		p.header = append(p.header, l)
	}
}

// throw begins the frames of the exception whose header was just read.
func (p *phpParser) throw() {
	n := &node{}
	p.nodes = append(p.nodes, n)
	p.trace = true
	text := strings.TrimSpace(joined(p.header))
	p.header = nil
	for _, prefix := range [...]string{"PHP Fatal error:  ", "PHP Warning:  ", "Fatal error: ", "Warning: ", "Uncaught "} {
		text = strings.TrimPrefix(text, prefix)
	}
	p.place = model.Frame{}
	if message, place, ok := cutLast(text, " in "); ok {
		if path, row, column, ok := cutPosition(place); ok && column == 0 {
			p.place = phpPlace(path, row)
			text = message
		}
	}
	n.typ, n.value = splitHeader(text)
}

// call reads what follows the number of a line of the trace.
func (p *phpParser) call(s string) bool {
	var next model.Frame
	function := s
	switch {
	case s == "{main}":
	case strings.HasPrefix(s, "[internal function]: "):
		function = s[len("[internal function]: "):]
	default:
		open := strings.IndexByte(s, '(')
		for tries := 0; open >= 0 && tries < 16; tries++ { // the path may hold brackets
			number, rest, ok := strings.Cut(s[open+1:], "): ")
			if row, isRow := position(number); ok && isRow {
				next, function = phpPlace(s[:open], row), rest
				break
			}
			i := strings.IndexByte(s[open+1:], '(')
			if i < 0 {
				return false
			}
			open += 1 + i
		}
		if next.InApp == nil {
			return false
		}
	}
	if !p.trace {
		p.throw()
	}
	f := p.place
	f.Module, f.Function = splitPHPName(function)
	n := p.nodes[len(p.nodes)-1]
	if f.InApp == nil && len(n.frames) > 0 { // called by PHP itself
		f.InApp = new(false)
	}
	n.frames = append(n.frames, f)
	p.place = next
	return true
}

// end ends the trace at hand.
func (p *phpParser) end() {
	p.trace = false
	p.header = nil
}

func phpPlace(path string, row int) model.Frame {
	f := model.Frame{Filename: path, Line: row, InApp: new(phpInApp(path, ""))}
	if isAbsolute(path) {
		f.AbsPath = path
	}
	return f
}

// splitPHPName splits Shop\Prices->get('A1') and Shop\Prices::get() into class and method.
func splitPHPName(call string) (class, function string) {
	if call != "{main}" {
		// The name of an anonymous class holds its file: class@anonymous/srv/a.php:3$0->run()
		if i := strings.IndexByte(call, '('); i > 0 {
			call = call[:i]
		}
	}
	for _, sep := range [...]string{"->", "::"} {
		if class, function, ok := cutLast(call, sep); ok {
			return class, function
		}
	}
	return "", call
}

// phpInApp: not what Composer installed.
func phpInApp(path, _ string) bool {
	return !strings.Contains(path, "/vendor/") && !strings.Contains(path, `\vendor\`)
}
