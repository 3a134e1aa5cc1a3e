package model

// ItemSummary is one row of the lists of what is neither span, log, metric nor event: attachments, profiles, replays,
// sessions, check-ins, feedback, client reports, security reports, and item types nobody has heard of yet.
type ItemSummary struct {
	ID          uint64   `json:"id"`   // number in the store, in order of arrival
	Type        string   `json:"type"` // Sentry's item type: attachment, profile_chunk, session, check_in, ...
	Time        Time     `json:"time"`
	Service     string   `json:"service"`
	Origin      Origin   `json:"origin"`
	TraceID     TraceID  `json:"trace_id,omitzero"`
	SpanID      SpanID   `json:"span_id,omitzero"`
	EventID     EventID  `json:"event_id,omitzero"`
	Title       string   `json:"title"` // file name, monitor slug, feedback message, session status...
	ContentType string   `json:"content_type,omitempty"`
	Size        int      `json:"size"` // bytes of the payload
	Session     int      `json:"session"`
	Warnings    []string `json:"warnings,omitempty"`
}

// Item is such an item with its metadata. The payload is served on its own, byte for byte.
type Item struct {
	ItemSummary `tstype:",extends,required"`
	Attributes  Attributes            `json:"attributes" tstype:",required"`
	Resource    *Resource             `json:"resource,omitempty"`
	Scope       *InstrumentationScope `json:"scope,omitempty"`
	Payload     []byte                `json:"-"`
}
