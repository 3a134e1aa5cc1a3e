package scope

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// Config says what of the data that arrives belongs to scopes. It is the part of the exporter's configuration that is
// about scopes; DefaultConfig has the documented defaults.
type Config struct {
	// Tags, Contexts and Attributes are given to every event, below everything an application says.
	Tags       map[string]string         `mapstructure:"tags" yaml:"tags"`
	Contexts   map[string]map[string]any `mapstructure:"contexts" yaml:"contexts"`
	Attributes map[string]any            `mapstructure:"attributes" yaml:"attributes"`

	// TagAttributes are the attributes of an event's own span that become its tags.
	TagAttributes []string `mapstructure:"tag_attributes" yaml:"tag_attributes"`
	// InheritAttributes are the span attributes that hold for everything below the span; * stands for any text.
	InheritAttributes []string `mapstructure:"inherit_attributes" yaml:"inherit_attributes"`

	// SpanBreadcrumbs makes a breadcrumb of every client and producer span that has ended.
	SpanBreadcrumbs bool `mapstructure:"span_breadcrumbs" yaml:"span_breadcrumbs"`
	// ShareSDKBreadcrumbs lets other events of a request see the breadcrumbs that came with a Sentry event.
	ShareSDKBreadcrumbs bool `mapstructure:"share_sdk_breadcrumbs" yaml:"share_sdk_breadcrumbs"`
	// MaxBreadcrumbs is how many breadcrumbs an event keeps, the newest ones.
	MaxBreadcrumbs int `mapstructure:"max_breadcrumbs" yaml:"max_breadcrumbs"`

	// SendDefaultPII shows sensitive headers, and takes client.address as the user's address.
	SendDefaultPII bool `mapstructure:"send_default_pii" yaml:"send_default_pii"`

	// NestedServer says what a SERVER span with a parent in its own process is: inherit (part of the request, as where
	// frameworks nest their server spans) or fork (a request of its own).
	NestedServer string `mapstructure:"nested_server" yaml:"nested_server"`

	// TraceScope says what crosses process boundaries.
	TraceScope TraceScopeConfig `mapstructure:"trace_scope" yaml:"trace_scope"`
}

// TraceScopeConfig says what crosses process boundaries: by default nothing.
type TraceScopeConfig struct {
	// Promote lists paths (user.id, tags.tenant, attributes.app.*) that flow from the root of a trace to the processes
	// called from there, below everything those say themselves.
	Promote []string `mapstructure:"promote" yaml:"promote"`
}

// The values of Config.NestedServer.
const (
	NestedServerInherit = "inherit"
	NestedServerFork    = "fork"
)

// The bounds of Config.MaxBreadcrumbs. More than a thousand slows down every reader of every event.
const (
	minBreadcrumbs = 1
	maxBreadcrumbs = 1000
)

// DefaultConfig returns the documented defaults.
func DefaultConfig() Config {
	return Config{
		TagAttributes:     []string{"http.route", "http.request.method", "messaging.system", "db.system.name", "error.type", "rpc.system"},
		InheritAttributes: []string{"tenant.id", "org.id", "session.*", "app.*feature*"},
		SpanBreadcrumbs:   true,
		MaxBreadcrumbs:    DefaultMaxBreadcrumbs,
		NestedServer:      NestedServerInherit,
	}
}

// promotable are the fields a path of trace_scope::promote may name.
var promotable = []string{"tags.", "extra.", "user.", "attributes.", "contexts."}

// Problems says what is wrong in the words of the configuration, all of it at once: each starts with the name of an option.
// The name of the method is not Validate, or the Collector would call it too and name the section only once.
func (c *Config) Problems() []error {
	var errs []error
	for k := range c.Tags {
		if k == "" {
			errs = append(errs, errors.New("tags: a tag has no name; name it, or remove the line"))
		}
	}
	for name := range c.Contexts {
		if name == "" || name == traceContext {
			errs = append(errs, fmt.Errorf("contexts: %q cannot be set, it says where an event happened; choose another name", name))
		}
	}
	if c.MaxBreadcrumbs < minBreadcrumbs || c.MaxBreadcrumbs > maxBreadcrumbs {
		errs = append(errs, fmt.Errorf("max_breadcrumbs: %d is not between %d and %d; change it, or remove the line for the default (%d)",
			c.MaxBreadcrumbs, minBreadcrumbs, maxBreadcrumbs, DefaultMaxBreadcrumbs))
	}
	switch c.NestedServer {
	case NestedServerInherit, NestedServerFork:
	default:
		errs = append(errs, fmt.Errorf("nested_server: %q is unknown; use %s or %s", c.NestedServer, NestedServerInherit, NestedServerFork))
	}
	for i, name := range c.TagAttributes {
		if name == "" || strings.Contains(name, "*") {
			errs = append(errs, fmt.Errorf("tag_attributes[%d]: %q is not the name of an attribute; write it out, patterns are for inherit_attributes", i, name))
		}
	}
	for i, pattern := range c.InheritAttributes {
		if strings.Trim(pattern, "*") == "" {
			errs = append(errs, fmt.Errorf("inherit_attributes[%d]: %q matches everything or nothing; name an attribute, * may stand for a part of it", i, pattern))
		}
	}
	for i, path := range c.TraceScope.Promote {
		if field, _, _ := strings.Cut(path, "."); !promotes(path) {
			errs = append(errs, fmt.Errorf("trace_scope::promote[%d]: %q starts with %q; a path is tags.NAME, user.NAME, attributes.NAME, contexts.NAME or extra.NAME", i, path, field))
		}
	}
	return errs
}

func promotes(path string) bool {
	for _, field := range promotable {
		if len(path) > len(field) && strings.HasPrefix(path, field) {
			return true
		}
	}
	return false
}

// rules are a Config in the form the work is done with.
type rules struct {
	Config
	tagged    map[string]bool
	inherited patterns
	promoted  patterns
	base      *Layer // the layer config
}

func compileRules(c Config) *rules {
	if c.MaxBreadcrumbs <= 0 {
		c.MaxBreadcrumbs = DefaultMaxBreadcrumbs
	}
	r := &rules{Config: c, tagged: map[string]bool{}, inherited: compilePatterns(c.InheritAttributes), promoted: compilePatterns(c.TraceScope.Promote)}
	for _, name := range c.TagAttributes {
		r.tagged[name] = true
	}
	base := &Layer{Name: model.LayerConfig, Origin: "config"}
	for k, v := range c.Tags {
		base.Tags = append(base.Tags, model.Attribute{Key: k, Value: model.String(v)})
	}
	for name, fields := range c.Contexts {
		if name != traceContext {
			base.Contexts = append(base.Contexts, model.Attribute{Key: name, Value: valueOf(fields)})
		}
	}
	for k, v := range c.Attributes {
		base.Attributes = append(base.Attributes, model.Attribute{Key: k, Value: valueOf(v)})
	}
	base.Tags.Sort()
	base.Contexts.Sort()
	base.Attributes.Sort()
	r.base = base
	return r
}

// valueOf turns what a configuration file can hold into a value.
func valueOf(v any) model.Value {
	var out model.Value
	data, err := json.Marshal(v)
	if err != nil || out.UnmarshalJSON(data) != nil {
		return model.String(fmt.Sprint(v))
	}
	return out
}
