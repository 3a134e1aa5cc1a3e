package stacktrace

import (
	"slices"
	"strings"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// parseRuby reads Exception#full_message in both orders, and a plain backtrace:
//
//	/srv/shop/a.rb:10:in 'Shop#charge': charge failed (PaymentError)      Traceback (most recent call last):
//		from /srv/shop/a.rb:5:in 'Shop#order'                             	1: from /srv/shop/a.rb:5:in `order'
//	/srv/shop/a.rb:8:in 'Integer': invalid value (ArgumentError)          /srv/shop/a.rb:10:in `charge': charge failed (PaymentError)
//		from /srv/shop/a.rb:8:in 'Shop#charge'
//
// The cause stands below (in the reversed order above, a cause comes first).
func parseRuby(lines []line) *node {
	var p rubyParser
	for _, l := range lines {
		p.line(l)
	}
	p.end()
	if len(p.nodes) == 0 {
		return nil
	}
	if p.reversed {
		return chain(p.nodes, sourceCause)
	}
	slices.Reverse(p.nodes)
	return chain(p.nodes, sourceCause)
}

type rubyParser struct {
	nodes    []*node
	reversed bool
	above    []model.Frame // frames of a reversed trace, which stand above their exception, oldest first
	message  []line
}

func (p *rubyParser) last() *node {
	if len(p.nodes) == 0 {
		p.nodes = append(p.nodes, &node{})
	}
	return p.nodes[len(p.nodes)-1]
}

func (p *rubyParser) line(l line) {
	if l.body == "Traceback (most recent call last):" {
		p.end()
		p.reversed = true
		return
	}
	if rest, ok := strings.CutPrefix(l.body, "from "); ok {
		if f, _, ok := rubyFrame(rest); ok {
			p.end()
			p.last().frames = append(p.last().frames, f)
			return
		}
	}
	if number, rest, ok := strings.Cut(l.body, ": from "); ok && p.reversed {
		if _, ok := position(number); ok {
			if f, _, ok := rubyFrame(rest); ok {
				p.end()
				p.above = append(p.above, f)
				return
			}
		}
	}
	if f, message, ok := rubyFrame(l.body); ok {
		p.end()
		if message == "" && !p.reversed { // a plain backtrace
			p.last().frames = append(p.last().frames, f)
			return
		}
		n := p.last()
		if len(n.frames) > 0 || n.typ != "" || n.value != "" {
			n = &node{}
			p.nodes = append(p.nodes, n)
		}
		slices.Reverse(p.above)
		n.frames = append(append(n.frames, f), p.above...)
		p.above = nil
		p.message = []line{{text: message}}
		return
	}
	if len(p.message) > 0 {
		p.message = append(p.message, l)
		return
	}
	if len(p.nodes) == 0 && l.body != "" && !p.reversed { // "Type: message" above a plain backtrace
		p.last().typ, p.last().value = splitHeader(l.body)
	}
}

// end reads the message at hand: its first line ends in the type.
func (p *rubyParser) end() {
	if len(p.message) == 0 {
		return
	}
	n := p.last()
	first := p.message[0].text
	if open := strings.LastIndex(first, " ("); open >= 0 && strings.HasSuffix(first, ")") && isRubyType(first[open+2:len(first)-1]) {
		n.typ = first[open+2 : len(first)-1]
		p.message[0].text = first[:open]
	}
	n.value = strings.TrimSpace(joined(p.message))
	p.message = nil
}

func isRubyType(s string) bool { return isTypeName(strings.ReplaceAll(s, "::", ".")) }

// rubyFrame reads "/srv/shop/a.rb:10:in 'Shop#charge'" and what follows behind a colon. Ruby before 3.4 opens the quote
// with a backtick.
func rubyFrame(s string) (f model.Frame, message string, ok bool) {
	place, rest, found := strings.Cut(s, ":in ")
	if found && (strings.HasPrefix(rest, "`") || strings.HasPrefix(rest, "'")) {
		end := strings.Index(rest[1:], "'")
		if end < 0 {
			return f, "", false
		}
		f.Function = rest[1 : 1+end]
		message, _ = strings.CutPrefix(rest[end+2:], ": ")
	} else if !found {
		// Top-level frames of very old Rubies, and of syntax errors: a.rb:10: message
		if i := strings.Index(s, ": "); i > 0 {
			place, message = s[:i], s[i+2:]
		}
	} else {
		return f, "", false
	}
	path, row, column, ok := cutPosition(place)
	if !ok || column != 0 || path == "" || strings.ContainsAny(path, " \t(") && !isAbsolute(path) || !found && !strings.HasSuffix(path, ".rb") {
		return f, "", false
	}
	f.Filename, f.Line = path, row
	if isAbsolute(path) {
		f.AbsPath = path
	}
	f.InApp = new(rubyInApp(path))
	return f, message, true
}

// rubyInApp: not gems, not the standard library, not the interpreter's own code.
func rubyInApp(path string) bool {
	return !strings.Contains(path, "/gems/") && !strings.Contains(path, "/lib/ruby/") && !strings.HasPrefix(path, "<internal:") &&
		!strings.Contains(path, "/vendor/bundle/") && !strings.Contains(path, "/rubies/")
}
