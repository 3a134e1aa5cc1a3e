package model

// Issue is a group of events that are the same failure.
type Issue struct {
	IssueID    string    `json:"issue_id"`
	Type       EventType `json:"type"`
	Title      string    `json:"title"`
	Value      string    `json:"value,omitempty"` // of the newest event
	Culprit    string    `json:"culprit,omitempty"`
	Level      Level     `json:"level"` // highest of its events
	Unhandled  bool      `json:"unhandled,omitempty"`
	Count      int       `json:"count"`       // occurrences in the session asked for; of a single issue and on the WebSocket: the present one
	TotalCount int       `json:"total_count"` // in all sessions kept
	FirstTime  Time      `json:"first_time"`  // in that session; in all where it did not occur in it
	LastTime   Time      `json:"last_time"`   // likewise
	Services   []string  `json:"services"`
	Origins    []Origin  `json:"origins"`
	LastEvent  EventID   `json:"last_event"`
	LastTrace  TraceID   `json:"last_trace,omitzero"`
	Spark      []int     `json:"spark"` // likewise: occurrences in 20 buckets of 15 s, oldest first, ending at spark_time
	SparkTime  Time      `json:"spark_time,omitzero"`
	Session    int       `json:"session"` // of its newest event
	Pinned     bool      `json:"pinned,omitempty"`
	Hidden     bool      `json:"hidden,omitempty"` // hidden by the user for this session
	How        string    `json:"how"`              // fingerprint, frames, message: what the events have in common
}

// IssueDetails is an issue with its newest events.
type IssueDetails struct {
	Issue  `tstype:",extends,required"`
	Events []EventSummary `json:"events"` // newest first, at most 100
	Varies []Varying      `json:"varies,omitempty"`
}

// Varying is a part that differs between the events of an issue.
type Varying struct {
	Path   string   `json:"path"`   // value, tags.region, user.id, request.url
	Values []string `json:"values"` // at most 5, most frequent first
	More   int      `json:"more,omitempty"`
}
