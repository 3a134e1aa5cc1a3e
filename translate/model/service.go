package model

// Service is one running process that sends data: a card of the SDKs view.
type Service struct {
	ID          string         `json:"id"` // stable while the process runs
	Service     string         `json:"service"`
	Instance    string         `json:"instance,omitempty"` // service.instance.id
	Origin      Origin         `json:"origin"`
	SDK         SDK            `json:"sdk"`
	Version     string         `json:"version,omitempty"`
	Release     string         `json:"release,omitempty"`
	Environment string         `json:"environment,omitempty"`
	Host        string         `json:"host,omitempty"`
	PID         int64          `json:"pid,omitempty"`
	Command     string         `json:"command,omitempty"`
	Runtime     string         `json:"runtime,omitempty"`
	OS          string         `json:"os,omitempty"`
	FirstTime   Time           `json:"first_time"`
	LastTime    Time           `json:"last_time"`
	Counts      map[string]int `json:"counts"`  // received by item type: span, event, log, metric, session, ...
	Dropped     map[string]int `json:"dropped"` // by reason, as the SDK reported or the store did
	SampleRate  *float64       `json:"sample_rate,omitempty"`
	Propagation []string       `json:"propagation,omitempty"` // sentry-trace, traceparent: seen arriving
	Findings    []Finding      `json:"findings,omitempty"`
	Session     int            `json:"session"`
	Resource    *Resource      `json:"resource,omitempty"`
}

// Finding is something about a process that its developer would want to mend.
type Finding struct {
	Code string `json:"code"`
	Text string `json:"text"` // what was seen
	Fix  string `json:"fix"`  // what to do
}
