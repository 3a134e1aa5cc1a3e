package envelope

import (
	"bytes"
	"fmt"
)

// parser holds the state of one Parse.
type parser struct {
	in  []byte
	at  int // everything before is done
	lim Limits
	env Envelope

	failures int  // attempts to read a header that failed, see readHeader
	resynced bool // the next item was found by searching
	junk     int  // bytes skipped between items
	junks    int  // number of such places

	// tail is where the payload of the last item starts if that item has no length: junk after it may belong to it.
	tail int
}

// envelopeHeader reads the first object and reports whether there was one.
func (p *parser) envelopeHeader() bool {
	p.tail = -1
	h, ok := p.readHeader(p.at)
	switch {
	case !ok:
		p.warn(warnBadEnvelopeHeader)
		p.resynced = true
		p.at = p.nextKnown(p.at)
		return false
	case Known(h.typ):
		p.warn(warnNoEnvelopeHeader)
		return false
	}
	p.env.Header = p.in[p.at:h.end:h.end]
	p.at = h.end
	if n := p.restOfLine(); n > 0 {
		p.warn(warnAfterEnvHeader, n)
		p.at += n
		p.endLine()
	}
	return true
}

// item reads the item at p.at, or skips to the next one.
func (p *parser) item() {
	start := p.at
	h, ok := p.readHeader(start)
	if !ok || h.typ == "" && h.length < 0 {
		p.skipJunk(start)
		return
	}
	it := Item{Type: h.typ, Header: p.in[start:h.end:h.end], Salvaged: p.resynced}
	p.resynced = false
	if h.typ == "" {
		it.Type, it.Salvaged = Unnamed, true
		it.warn(warnNoType)
	}
	p.at = h.end
	if n := p.restOfLine(); n > 0 {
		it.Salvaged = true
		if c := p.in[p.at]; c != '{' && c != '[' { // else the payload follows on the same line
			it.warn(warnAfterHeader, n)
			p.at += n
			p.endLine()
		}
	}
	p.payload(&it, h)
	if len(p.env.Items) == p.lim.MaxItems {
		p.env.Left++
		p.tail = -1
		return
	}
	p.env.Items = append(p.env.Items, it)
}

// payload sets the payload of it; p.at is at its first byte.
func (p *parser) payload(it *Item, h header) {
	start := p.at
	p.tail, p.env.Open = -1, false
	if h.length < 0 {
		if h.unusable != nil {
			it.Salvaged = true
			it.warn(warnLengthUnread, h.unusable)
		}
		p.take(it, p.lineEnd(start))
		p.tail = start
		p.env.Open = start == len(p.in) || p.at == len(p.in) && p.in[p.at-1] != '\n'
		return
	}
	left := len(p.in) - start
	if h.length <= left {
		p.at = start + h.length
		if p.restOfLine() == 0 {
			it.Payload = p.in[start : start+h.length : start+h.length]
			return
		}
		if h.length == 0 && p.isHeader(start) {
			it.Payload = p.in[start:start:start]
			return
		}
	}
	// The length is wrong. If what follows the first line is the end or an item, the payload is that line. Otherwise it goes
	// on to the next item of a known type.
	end := p.lineEnd(start)
	if next := p.afterBlankLines(end); next < len(p.in) && !p.isHeader(next) {
		end = p.nextKnown(start)
		if end > start && p.in[end-1] == '\n' {
			end--
		}
	}
	it.Salvaged = true
	p.at = start
	if h.length > left {
		it.warn(warnLengthTooLong, h.length, left, end-start)
	} else {
		it.warn(warnLengthWrong, h.length, end-start)
	}
	p.take(it, end)
	p.env.Open = p.at == len(p.in)
}

// take gives it the payload up to end and moves behind the line break there.
func (p *parser) take(it *Item, end int) {
	it.Payload = p.in[p.at:end:end]
	p.at = min(end+1, len(p.in))
}

// skipJunk moves from start, which is no item header, to the next item. What lies between belongs to the item before,
// if that has no length and its payload so far cannot be all: an attachment, or JSON that is not complete.
func (p *parser) skipJunk(start int) {
	p.at = p.nextKnown(start)
	p.resynced = true
	if p.tail >= 0 && len(p.env.Items) > 0 {
		last := &p.env.Items[len(p.env.Items)-1]
		if last.Type == "attachment" || !completeJSON(last.Payload) {
			end := p.at
			if p.in[end-1] == '\n' {
				end--
			}
			last.Payload = p.in[p.tail:end:end]
			last.Salvaged = true
			last.warn(warnLineBreaks, len(last.Payload))
			p.env.Open = p.at == len(p.in)
			p.tail, p.resynced = -1, false
			return
		}
	}
	p.tail = -1
	p.env.Open = false
	p.junk += p.at - start
	p.junks++
}

// completeJSON reports whether payload is one whole JSON value.
func completeJSON(payload []byte) bool {
	s := scanner{b: payload, maxDepth: 512}
	return s.value(0) && s.space() == 0
}

// nextKnown returns where the next line after at starts that is an item header of a known type, or the end.
func (p *parser) nextKnown(at int) int {
	for {
		at = p.lineEnd(at) + 1
		if at >= len(p.in) {
			return len(p.in)
		}
		if p.in[at] != '{' {
			continue
		}
		h, ok := p.scanHeader(at, true)
		if !ok || !Known(h.typ) || h.payload {
			continue
		}
		if h.length < 0 && p.fits(p.lineEnd(at)+1) {
			continue // text that looks like a header, before a real one: a log file with envelopes in it
		}
		return at
	}
}

// fits reports whether an item header of a known type starts at at, with a length that ends at a line break.
func (p *parser) fits(at int) bool {
	if at >= len(p.in) || p.in[at] != '{' {
		return false
	}
	h, ok := p.scanHeader(at, true)
	if !ok || !Known(h.typ) || h.length < 0 {
		return false
	}
	start := min(p.lineEnd(h.end)+1, len(p.in))
	left := len(p.in) - start
	return h.length == left || h.length < left && p.in[start+h.length] == '\n'
}

// isHeader reports whether an item header of any type starts at at, on one line.
func (p *parser) isHeader(at int) bool {
	if at >= len(p.in) || p.in[at] != '{' {
		return false
	}
	h, ok := p.scanHeader(at, true)
	return ok && h.typ != ""
}

// restOfLine skips blanks and the line break behind them, and returns 0; or it stops at something else, and returns how
// many bytes of it are on the line.
func (p *parser) restOfLine() int {
	i := p.at
	for i < len(p.in) && (p.in[i] == ' ' || p.in[i] == '\t' || p.in[i] == '\r') {
		i++
	}
	if i == len(p.in) || p.in[i] == '\n' {
		p.at = min(i+1, len(p.in))
		return 0
	}
	p.at = i
	return p.lineEnd(i) - i
}

func (p *parser) endLine() { p.at = min(p.at+1, len(p.in)) }

// lineEnd returns the index of the next line break, or the end.
func (p *parser) lineEnd(at int) int {
	if n := bytes.IndexByte(p.in[at:], '\n'); n >= 0 {
		return at + n
	}
	return len(p.in)
}

func (p *parser) skipBlankLines() { p.at = p.afterBlankLines(p.at) }

func (p *parser) afterBlankLines(at int) int {
	for at < len(p.in) && (p.in[at] == ' ' || p.in[at] == '\t' || p.in[at] == '\r' || p.in[at] == '\n') {
		at++
	}
	return at
}

func (p *parser) finish() {
	if p.env.Header == nil {
		p.env.Header = []byte("{}")
	}
	if p.junks > 0 {
		p.warn(warnJunk, p.junk, p.junks)
	}
	if p.env.Left > 0 {
		p.warn(warnTooMany, p.lim.MaxItems, p.env.Left)
	}
}

func (p *parser) warn(format string, args ...any) {
	p.env.Warnings = append(p.env.Warnings, fmt.Sprintf(format, args...))
}

func (it *Item) warn(format string, args ...any) {
	it.Warnings = append(it.Warnings, fmt.Sprintf(format, args...))
}
