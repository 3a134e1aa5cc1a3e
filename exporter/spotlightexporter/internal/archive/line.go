package archive

import "github.com/otelcol-spotlight/otelcol-spotlight/translate/model"

// Format is the number of the format in the first line. A reader refuses others.
const Format = 1

// header is the first line.
type header struct {
	Format  int            `json:"spotlight"`
	Version string         `json:"version,omitempty"`
	Session *model.Session `json:"session,omitempty"` // missing: all of them
	Written model.Time     `json:"written"`
}

// line is every other line: one of the pointers is set.
type line struct {
	Resource *model.Resource `json:"resource,omitempty"`
	N        int             `json:"n,omitempty"` // of Resource, from 1 on

	Span   *model.Span   `json:"span,omitempty"`
	Event  *event        `json:"event,omitempty"`
	Log    *model.Log    `json:"log,omitempty"`
	Metric *model.Metric `json:"metric,omitempty"`
	Item   *model.Item   `json:"item,omitempty"`
	Pin    *mark         `json:"pin,omitempty"`
	Hide   *mark         `json:"hide,omitempty"`

	Of       int        `json:"of,omitempty"` // number of the record's resource; 0: it has none
	Payload  []byte     `json:"payload,omitempty"`
	Received model.Time `json:"received,omitzero"` // of a span
}

// mark names what the user pinned or hid: one of them is set.
type mark struct {
	TraceID model.TraceID `json:"trace_id,omitzero"`
	IssueID string        `json:"issue_id,omitempty"`
}

// event is model.EventRecord with names for the file. Payload is in the line.
type event struct {
	model.EventSummary
	Source     model.EventSource           `json:"source"`
	Resource   *model.Resource             `json:"-"`
	Scope      *model.InstrumentationScope `json:"scope,omitempty"`
	Attributes model.Attributes            `json:"attributes,omitempty"`
	Payload    []byte                      `json:"-"`
	Exceptions []model.Exception           `json:"exceptions,omitempty"`
	Message    string                      `json:"message,omitempty"`
	How        string                      `json:"how,omitempty"`
}
