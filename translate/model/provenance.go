package model

// Layer is a layer of the scope merge (RFC 0122), from low to high.
type Layer string

// The layers, low to high. LayerSpan marks data of the event's own span that is shown beside scope data.
const (
	LayerUpstream   Layer = "upstream"
	LayerConfig     Layer = "config"
	LayerResource   Layer = "resource"
	LayerGlobal     Layer = "global"
	LayerIsolation  Layer = "isolation"
	LayerCurrent    Layer = "current"
	LayerAdditional Layer = "additional"
	LayerEvent      Layer = "event"
	LayerSpan       Layer = "span"
)

// Provenance says which layer gave a value and what it hid. Events carry one for each leaf path, such as tags.region.
type Provenance struct {
	Layer    Layer      `json:"layer"`
	Origin   string     `json:"origin"`             // config, resource, span:<id>, transaction:<event id>, sdk
	Shadowed []Shadowed `json:"shadowed,omitempty"` // at most 3, nearest first
	Conflict string     `json:"conflict,omitempty"`
	Probable string     `json:"probable,omitempty"` // a lower layer that held the same value before the SDK merged it
}

// Shadowed is a value that a higher layer hid.
type Shadowed struct {
	Layer  Layer  `json:"layer"`
	Origin string `json:"origin"`
	Value  Value  `json:"value" tstype:"AttributeValue"`
}
