package model

// Status is what the Collector says of itself.
type Status struct {
	Version   string            `json:"version"`
	StoreID   string            `json:"store_id"` // changes when the Collector restarts; sequence numbers belong to it
	Seq       uint64            `json:"seq"`
	StartTime Time              `json:"start_time"`
	UptimeNS  int64             `json:"uptime_ns"`
	Session   Session           `json:"session"`
	Sessions  []Session         `json:"sessions"`
	Counts    Counts            `json:"counts"`
	Bytes     int64             `json:"bytes"` // held by the store
	MaxBytes  int64             `json:"max_bytes"`
	MaxAgeNS  int64             `json:"max_age_ns"`
	Received  map[string]uint64 `json:"received"`  // since the start, by kind
	Dropped   map[string]uint64 `json:"dropped"`   // since the start, by reason
	Evicted   map[string]uint64 `json:"evicted"`   // since the start, by reason
	Clients   int               `json:"clients"`   // WebSocket clients
	Endpoints []Endpoint        `json:"endpoints"` // where SDKs can send to, as far as the Collector knows
}

// Counts are the numbers of the sidebar, for the present session.
type Counts struct {
	Issues      int `json:"issues"`
	Events      int `json:"events"`
	Traces      int `json:"traces"`
	Spans       int `json:"spans"`
	Logs        int `json:"logs"`
	Metrics     int `json:"metrics"`
	Services    int `json:"services"`
	Attachments int `json:"attachments"`
	Profiles    int `json:"profiles"`
	Replays     int `json:"replays"`
	Items       int `json:"items"`   // all of them, attachments, profiles and replays too
	Earlier     int `json:"earlier"` // issues and traces of earlier sessions, hidden
}

// Session is a stretch of work: since the Collector started, since "New session", or since a process restarted.
type Session struct {
	Number    int    `json:"number"`
	StartTime Time   `json:"start_time"`
	Reason    string `json:"reason"` // started, new, cleared, imported, restarted: <service>
	Traces    int    `json:"traces"`
	Issues    int    `json:"issues"`
}

// Endpoint is an address an SDK can be pointed at.
type Endpoint struct {
	Name     string        `json:"name"` // sentry, otlp_grpc, otlp_http
	URL      string        `json:"url"`
	State    EndpointState `json:"state,omitempty"`    // missing: it cannot be known
	LastTime Time          `json:"last_time,omitzero"` // when data last came in by it; missing: never, or it cannot be known
}

// EndpointState says whether an address takes connections.
type EndpointState string

const (
	EndpointListening   EndpointState = "listening"
	EndpointUnreachable EndpointState = "unreachable"
)
