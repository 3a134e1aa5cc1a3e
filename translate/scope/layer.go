package scope

import "github.com/otelcol-spotlight/otelcol-spotlight/translate/model"

// Layer is the data of one scope, or the part of it that came from one place: several layers may have the same Name, the
// later one of them is the nearer one. All attributes are sorted by key. A Layer is only read; layers may share memory.
type Layer struct {
	Name   model.Layer
	Origin string // where its values come from, see model.Provenance

	Tags       model.Attributes
	Extra      model.Attributes
	User       User
	Contexts   model.Attributes // by name; a null context is a value like any other
	Attributes model.Attributes

	Level       model.Level
	Transaction string
	Fingerprint []string // nil: not set; empty: set to nothing
	Release     string
	Environment string
	ServerName  string
	Request     *model.Request

	Breadcrumbs []model.Breadcrumb // oldest first
	Attachments []Attachment
	Processors  []string // names of event processors, in order of registration

	SDKMetadata model.Attributes // sdkProcessingMetadata of the JavaScript SDK
	Propagation Propagation

	// Instance says that this additional layer is a whole scope, not a plain object: only JS11 and Python2 care.
	Instance bool
}

// User is what a scope says about the user.
type User struct {
	State  UserState
	Fields model.Attributes
}

// UserState tells "nothing was said" from "there is nobody".
type UserState uint8

// The states of a user. UserNull is setUser(null): what it hides depends on the policy.
const (
	UserUnset UserState = iota
	UserSet
	UserNull
)

// Attachment names a file that goes with an event.
type Attachment struct {
	Filename string
	SHA1     string // hex; may be empty
}

// Propagation is a propagation context: the ids an SDK continues a trace with when no span is active.
type Propagation struct {
	TraceID      string
	SpanID       string // propagationSpanId
	ParentSpanID string
}

// Layers are what Merge merges.
type Layers struct {
	// Scopes stand from low to high. The event's own data is the last one, with the name model.LayerEvent.
	Scopes []*Layer
	// Type is the event's type: SDKs treat transactions differently.
	Type model.EventType
	// Time is when the event happened; breadcrumbs of scopes that are later are dropped (Spec). 0: unknown.
	Time model.Time
	// MaxBreadcrumbs is how many breadcrumbs are kept (Spec); 0 means DefaultMaxBreadcrumbs.
	MaxBreadcrumbs int
	// NoProvenance leaves Merged.Provenance nil.
	NoProvenance bool
}

// DefaultMaxBreadcrumbs is how many breadcrumbs an event keeps, as in Sentry's SDKs (maxBreadcrumbs).
const DefaultMaxBreadcrumbs = 100

// Merged is an event's data after the merge. It shares memory with the layers and must not be changed.
type Merged struct {
	Tags        model.Attributes
	Extra       model.Attributes
	User        model.Attributes // empty and not nil: a layer says that there is nobody
	Contexts    model.Attributes
	Attributes  model.Attributes
	Level       model.Level
	Transaction string
	Fingerprint []string
	Release     string
	Environment string
	ServerName  string
	Request     *model.Request
	Breadcrumbs []model.Breadcrumb
	Attachments []Attachment
	Processors  []string
	SDKMetadata model.Attributes
	Propagation Propagation

	// Provenance says of every leaf path (tags.K, extra.K, attributes.K, user.K, contexts.NAME, level, transaction,
	// fingerprint, request, release, environment, server_name) where it comes from. Breadcrumbs say it themselves.
	Provenance map[string]model.Provenance
	// Conflicts are the paths on which layers contradict each other in a way that needs a look: "user".
	Conflicts []string
}
