package scope

import (
	"fmt"
	"strings"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// Policy says how layers are merged. Each field is one of the points on which RFC 0122 leaves a choice or on which SDKs
// differ from it; what they do was found by running them (the vectors in testdata).
type Policy struct {
	Name string

	// OneScope leaves out every layer but current and event: sentry-go has no others.
	OneScope bool

	// Tags, Extra and Contexts are merged by key; a context is taken whole, never key by key.
	Tags, Extra, Contexts Precedence
	// ScopeTrace lets scopes give contexts.trace. Without it the trace context is the event's, or is built.
	ScopeTrace bool
	// Level, Transaction and SDKMetadata are single values, the last one merged to depth two.
	Level, Transaction, SDKMetadata Precedence
	// DefaultLevel is the level when nobody says one.
	DefaultLevel model.Level

	User        UserRule
	Fingerprint FingerprintRule
	Breadcrumbs BreadcrumbRule

	// ScopeBreadcrumbs is how many breadcrumbs a scope keeps, the last ones added; 0: all.
	ScopeBreadcrumbs int
	// BreadcrumbMessage cuts messages of breadcrumbs on scopes, in UTF-16 units; 0: never.
	BreadcrumbMessage int

	// UpdateCurrent: an additional scope (captureContext) is not a layer of its own. It updates a copy of the current
	// scope: its user and fingerprint replace, and its breadcrumbs, attachments, processors and transaction are dropped.
	UpdateCurrent bool
	// AdditionalProcessors runs the event processors of an additional scope.
	AdditionalProcessors bool
	// UniqueAttachments takes a file once, by name and hash.
	UniqueAttachments bool
	// BareTransactions gives a transaction no breadcrumbs and attachments of scopes.
	BareTransactions bool
	// NameTransactions lets scopes name a transaction that has no name of its own.
	NameTransactions bool
	// EventAttributes puts the attributes of scopes on events. SDKs put them on logs, metrics and spans only.
	EventAttributes bool
	// LogUser maps fields of the user to the attributes that a log gets when it lacks them.
	LogUser []LogUserField
}

// LogUserField says under which attribute a field of the user goes on a log.
type LogUserField struct{ Field, Attribute string }

// Precedence says who wins when an event and a scope set the same thing. Among scopes the higher layer wins.
type Precedence uint8

// The precedences.
const (
	EventWins Precedence = iota // RFC 0122: "event data takes precedence"
	ScopesWin
	EventOnly // scopes do not set it
	Dropped   // neither does
)

// UserRule says how users are merged.
type UserRule uint8

// The user rules.
const (
	// UserByIdentity merges key by key, but only while layers speak of the same person: going down from the event, a layer
	// whose id differs from the id already taken is left out whole, and so is everything below "nobody".
	UserByIdentity UserRule = iota
	// UserByKey merges key by key. "Nobody" hides id, email, username and ip_address of lower layers.
	UserByKey
	// UserWhole takes the user of the highest layer that has one, even an empty one. "Nobody" says nothing.
	UserWhole
	// UserWholeFilled takes the user of the highest layer that has a field of one.
	UserWholeFilled
)

// FingerprintRule says how fingerprints are merged.
type FingerprintRule uint8

// The fingerprint rules.
const (
	FingerprintFilled FingerprintRule = iota // of the highest layer with a part in it
	FingerprintSet                           // of the highest layer that set one, even an empty one
	FingerprintAppend                        // the event's, then those of all scopes
)

// BreadcrumbRule says how breadcrumbs are merged.
type BreadcrumbRule uint8

// The breadcrumb rules.
const (
	// BreadcrumbsUnited sorts all by time, takes each once, leaves out those of scopes that are later than the event and
	// keeps the newest.
	BreadcrumbsUnited BreadcrumbRule = iota
	BreadcrumbsConcat                // the event's, then those of the scopes
	BreadcrumbsSorted                // the same, then sorted by time
)

// Spec is the policy of this project: RFC 0122 with its gaps filled so that merging a merged event again changes
// nothing. A Collector needs that, because SDKs have merged before it.
var Spec = Policy{
	Name:                 "spec",
	AdditionalProcessors: true,
	UniqueAttachments:    true,
	EventAttributes:      true,
	LogUser:              []LogUserField{{"id", "user.id"}, {"email", "user.email"}, {"username", "user.name"}, {"name", "user.full_name"}, {"hash", "user.hash"}, {"roles", "user.roles"}},
}

// JS11 does what @sentry/core 11 does (scope.ts, applyScopeDataToEvent.ts).
var JS11 = Policy{
	Name:              "js11",
	ScopeTrace:        true,
	Level:             ScopesWin,
	Transaction:       ScopesWin,
	SDKMetadata:       ScopesWin,
	User:              UserByKey,
	Fingerprint:       FingerprintAppend,
	Breadcrumbs:       BreadcrumbsConcat,
	ScopeBreadcrumbs:  100,
	BreadcrumbMessage: 2048,
	UpdateCurrent:     true,
	LogUser:           []LogUserField{{"id", "user.id"}, {"email", "user.email"}, {"username", "user.name"}},
}

// Python2 does what sentry-python 2 does (scope.py, apply_to_event).
var Python2 = Policy{
	Name:             "python2",
	Tags:             ScopesWin,
	Extra:            ScopesWin,
	Contexts:         ScopesWin,
	Level:            ScopesWin,
	SDKMetadata:      Dropped,
	User:             UserWhole,
	Fingerprint:      FingerprintSet,
	Breadcrumbs:      BreadcrumbsSorted,
	ScopeBreadcrumbs: 100,
	BareTransactions: true,
	NameTransactions: true,
	LogUser:          []LogUserField{{"id", "user.id"}, {"email", "user.email"}, {"username", "user.name"}, {"ip_address", "user.ip_address"}},
}

// Go0 does what sentry-go 0.50 does (scope.go, ApplyToEvent).
var Go0 = Policy{
	Name:             "go0",
	OneScope:         true,
	Tags:             ScopesWin,
	Extra:            Dropped,
	Level:            ScopesWin,
	DefaultLevel:     model.LevelInfo,
	Transaction:      EventOnly,
	SDKMetadata:      Dropped,
	User:             UserWholeFilled,
	Breadcrumbs:      BreadcrumbsConcat,
	ScopeBreadcrumbs: 100,
	LogUser:          []LogUserField{{"id", "user.id"}, {"email", "user.email"}, {"username", "user.name"}},
}

// ParsePolicy returns the policy of a name: spec, js11, python2, go0; "" is spec.
func ParsePolicy(name string) (Policy, error) {
	switch strings.ToLower(name) {
	case "", Spec.Name:
		return Spec, nil
	case JS11.Name:
		return JS11, nil
	case Python2.Name:
		return Python2, nil
	case Go0.Name:
		return Go0, nil
	}
	return Policy{}, fmt.Errorf("policy %q is unknown; use spec, js11, python2 or go0", name)
}
