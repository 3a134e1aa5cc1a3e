package envelope

import (
	"bytes"
	"errors"
)

// Envelope is a split envelope.
type Envelope struct {
	Header []byte // JSON object, "{}" if there is none
	Items  []Item // in order of appearance

	// Open says that the last item ran to the end of the input with nothing to say that it is whole: no length and no line
	// break. That is how most SDKs write; but if the input was cut off, this item is the one that was cut.
	Open bool

	// Left counts the items that were left out because of Limits.MaxItems.
	Left int

	Warnings []string // of the envelope as a whole, see warnings.go
}

// Item is one item. Header and Payload are sub-slices of the input, clipped so that appending to one copies it.
type Item struct {
	Type    string // valid UTF-8; Unnamed when the header has no type
	Header  []byte // JSON object
	Payload []byte

	Salvaged bool     // framing had to be repaired to find this item or the end of its payload
	Warnings []string // what was repaired, see warnings.go
}

// Unnamed is the Type of an item whose header has a length but no type.
const Unnamed = "unknown"

// Limits bounds what Parse returns. The zero value means the defaults.
type Limits struct {
	MaxItems  int // default 50,000: an SDK sends a handful, containers hold the rest
	MaxHeader int // bytes of one header, default 64 KiB: SDKs send under 2 KiB, long baggage is the exception
}

const (
	defaultMaxItems  = 50_000
	defaultMaxHeader = 64 << 10
)

// Errors of Parse. Everything else is a warning.
var (
	ErrEmpty       = errors.New("the body is empty")
	ErrNotEnvelope = errors.New("the body has neither an envelope header nor an item header: each is a JSON object on a line of its own, items with a \"type\"")
)

// Parse splits body. It fails only when there is nothing usable at all: neither an envelope header nor an item. An
// envelope header alone is an envelope without items.
func Parse(body []byte, lim Limits) (Envelope, error) {
	if lim.MaxItems <= 0 {
		lim.MaxItems = defaultMaxItems
	}
	if lim.MaxHeader <= 0 {
		lim.MaxHeader = defaultMaxHeader
	}
	p := parser{in: body, lim: lim}
	p.at = len(body) - len(bytes.TrimPrefix(body, []byte("\xef\xbb\xbf")))
	p.skipBlankLines()
	if p.at == len(body) {
		return Envelope{}, ErrEmpty
	}
	found := p.envelopeHeader()
	for p.at < len(p.in) {
		p.item()
		p.skipBlankLines()
	}
	if !found && len(p.env.Items) == 0 {
		return Envelope{}, ErrNotEnvelope
	}
	p.finish()
	return p.env, nil
}
