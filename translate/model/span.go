package model

// SpanSummary is what every list, row and bar needs of a span. It is sent for every span of an opened trace.
type SpanSummary struct {
	SpanID        SpanID     `json:"span_id"`
	ParentSpanID  SpanID     `json:"parent_span_id,omitzero"`
	Name          string     `json:"name"`
	Op            string     `json:"op,omitempty"` // Sentry's op, or the one derived from semantic conventions
	Kind          SpanKind   `json:"kind"`
	Status        SpanStatus `json:"status"`
	StatusMessage string     `json:"status_message,omitempty"`
	Service       string     `json:"service"` // never empty
	Origin        Origin     `json:"origin"`
	StartTime     Time       `json:"start_time"`
	DurationNS    int64      `json:"duration_ns"`        // 0 while the span is open
	Open          bool       `json:"open,omitempty"`     // started, not ended yet
	Segment       bool       `json:"segment,omitempty"`  // the first span of its service in this trace (Sentry: is_segment)
	EventID       EventID    `json:"event_id,omitzero"`  // the Sentry transaction this span is the root of
	Warnings      []string   `json:"warnings,omitempty"` // see warnings.go
}

// SpanDetails is the rest of a span: what the details panel shows of the one that is selected.
type SpanDetails struct {
	Attributes        Packed                `json:"attributes" tstype:"Attributes,required"`
	Events            []SpanEvent           `json:"events,omitempty"`
	Links             []SpanLink            `json:"links,omitempty"`
	RawName           string                `json:"raw_name,omitempty"`   // the name as it was sent, when Name is a more readable one
	RawStatus         SpanStatus            `json:"raw_status,omitempty"` // the status as it was sent, when Status was derived
	TraceState        string                `json:"trace_state,omitempty"`
	Flags             uint32                `json:"flags,omitempty"` // OTLP Span.flags: trace flags, 0x100 has-is-remote, 0x200 is-remote
	DroppedAttributes uint32                `json:"dropped_attributes,omitempty"`
	DroppedEvents     uint32                `json:"dropped_events,omitempty"`
	DroppedLinks      uint32                `json:"dropped_links,omitempty"`
	Resource          *Resource             `json:"resource,omitempty"`
	Scope             *InstrumentationScope `json:"scope,omitempty"`
}

// Span is a span as it was received.
type Span struct {
	TraceID     TraceID `json:"trace_id"`
	SpanSummary `tstype:",extends,required"`
	SpanDetails `tstype:",extends,required"`

	// Payload is the text of the Sentry transaction this span is the root of, byte for byte; nil for any other span.
	Payload []byte `json:"-"`
	// ReceivedTime is when the Collector got it, by the Collector's clock; 0 when unknown. Beside sentry.sent_at it says
	// how wrong the clock of the sender is.
	ReceivedTime Time `json:"-"`
}

// EndTime returns when the span ended, its start while it is open.
func (s *SpanSummary) EndTime() Time { return s.StartTime + Time(s.DurationNS) }

// SpanEvent is an OpenTelemetry span event.
type SpanEvent struct {
	Name              string     `json:"name"`
	Time              Time       `json:"time"`
	Attributes        Attributes `json:"attributes" tstype:",required"`
	DroppedAttributes uint32     `json:"dropped_attributes,omitempty"`
}

// SpanLink points from a span to another, often in another trace.
type SpanLink struct {
	TraceID           TraceID    `json:"trace_id"`
	SpanID            SpanID     `json:"span_id"`
	TraceState        string     `json:"trace_state,omitempty"`
	Flags             uint32     `json:"flags,omitempty"`
	Attributes        Attributes `json:"attributes" tstype:",required"`
	DroppedAttributes uint32     `json:"dropped_attributes,omitempty"`
}
