package model

// LogSummary is one row of the list of logs.
type LogSummary struct {
	ID       uint64   `json:"id"` // number in the store, in order of arrival
	Time     Time     `json:"time"`
	Level    Level    `json:"level"`
	Message  string   `json:"message"` // the body as text, at most 4 KiB
	Logger   string   `json:"logger,omitempty"`
	Service  string   `json:"service"`
	Origin   Origin   `json:"origin"`
	TraceID  TraceID  `json:"trace_id,omitzero"`
	SpanID   SpanID   `json:"span_id,omitzero"`
	EventID  EventID  `json:"event_id,omitzero"` // the error event this record also is
	Session  int      `json:"session"`
	Fields   string   `json:"fields,omitempty"` // its own attributes as text, "order=7 retry=true", at most 200 bytes; made for rows
	Warnings []string `json:"warnings,omitempty"`
}

// Log is a log record.
type Log struct {
	LogSummary        `tstype:",extends,required"`
	ObservedTime      Time                  `json:"observed_time,omitzero"`
	SeverityNumber    int32                 `json:"severity_number,omitempty"`
	SeverityText      string                `json:"severity_text,omitempty"`
	EventName         string                `json:"event_name,omitempty"`
	Body              Value                 `json:"body" tstype:"AttributeValue"`
	Attributes        Attributes            `json:"attributes" tstype:",required"`
	Flags             uint32                `json:"flags,omitempty"`
	DroppedAttributes uint32                `json:"dropped_attributes,omitempty"`
	Resource          *Resource             `json:"resource,omitempty"`
	Scope             *InstrumentationScope `json:"scope,omitempty"`
}
