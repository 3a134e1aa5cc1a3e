package scope

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

	// SendDefaultPII shows sensitive headers and takes client.address as the user's address.
	SendDefaultPII bool `mapstructure:"send_default_pii" yaml:"send_default_pii"`

	// NestedServer says what a SERVER span with a local parent is: "inherit" (part of the request) or "fork" (its own).
	NestedServer string `mapstructure:"nested_server" yaml:"nested_server"`

	// TraceScope says what crosses process boundaries.
	TraceScope TraceScopeConfig `mapstructure:"trace_scope" yaml:"trace_scope"`
}

// TraceScopeConfig says what crosses process boundaries: by default nothing.
type TraceScopeConfig struct {
	// Promote lists paths (user.id, tags.tenant, attributes.app.*) that flow from the root of a trace to the processes it calls.
	Promote []string `mapstructure:"promote" yaml:"promote"`
}

// DefaultConfig returns the documented defaults.
func DefaultConfig() Config {
	return Config{
		TagAttributes:     []string{"http.route", "http.request.method", "messaging.system", "db.system.name", "error.type", "rpc.system"},
		InheritAttributes: []string{"tenant.id", "org.id", "session.*", "app.*feature*"},
		SpanBreadcrumbs:   true,
		MaxBreadcrumbs:    DefaultMaxBreadcrumbs,
		NestedServer:      "inherit",
	}
}

// Validate says what is wrong, in the names of the options.
func (c *Config) Validate() error { return nil }
