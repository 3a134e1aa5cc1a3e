package model

// Resource is the process that sent something: an OpenTelemetry resource, or what a Sentry SDK said of itself.
// Equal resources share one value in the store.
type Resource struct {
	Attributes        Attributes  `json:"attributes" tstype:",required"`
	SchemaURL         string      `json:"schema_url,omitempty"`
	DroppedAttributes uint32      `json:"dropped_attributes,omitempty"`
	Entities          []EntityRef `json:"entities,omitempty"`
}

// EntityRef says which attributes of a resource identify and describe an entity, such as a host or a service
// (OpenTelemetry's EntityRef, in development).
type EntityRef struct {
	Type            string   `json:"type"`
	IDKeys          []string `json:"id_keys"`
	DescriptionKeys []string `json:"description_keys,omitempty"`
	SchemaURL       string   `json:"schema_url,omitempty"`
}

// InstrumentationScope is the library that recorded something (OpenTelemetry's instrumentation scope; not one of
// Sentry's scopes).
type InstrumentationScope struct {
	Name              string     `json:"name"`
	Version           string     `json:"version,omitempty"`
	Attributes        Attributes `json:"attributes,omitempty"`
	SchemaURL         string     `json:"schema_url,omitempty"`
	DroppedAttributes uint32     `json:"dropped_attributes,omitempty"`
}

// SDK names an SDK and its version, for example sentry.javascript.node 11.12.0 or opentelemetry go 1.44.0.
type SDK struct {
	Name     string `json:"name"`
	Version  string `json:"version,omitempty"`
	Language string `json:"language,omitempty"` // telemetry.sdk.language
}
