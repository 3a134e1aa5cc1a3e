package otelscope

import (
	"slices"
	"sync"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/scope"
)

// Level is a severity in Sentry's words.
type Level = model.Level

// The levels, low to high.
const (
	LevelDebug   = model.LevelDebug
	LevelInfo    = model.LevelInfo
	LevelWarning = model.LevelWarning
	LevelError   = model.LevelError
	LevelFatal   = model.LevelFatal
)

// maxKeys bounds the tags, extras, contexts and attributes of a scope, each: as many as a span has room for by default.
const maxKeys = 128

// Scope holds what belongs to everything that happens in it. The zero value is an empty scope.
type Scope struct {
	mu sync.Mutex
	// data is replaced piece by piece and never changed in place: forks share its pieces.
	data      scope.Layer
	client    Client
	capturing bool // breadcrumbs from here on down are kept here
	spans     []binding
}

// Clone returns a copy that later changes of either do not reach. Spans, and keeping breadcrumbs (CaptureBreadcrumbsHere),
// stay with the original.
func (s *Scope) Clone() *Scope {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := &Scope{data: s.data, client: s.client}
	c.data.Breadcrumbs = slices.Clip(c.data.Breadcrumbs) // the original may go on appending to its own
	return c
}

// Clear removes everything but the client. What was written to a span stays there.
func (s *Scope) Clear() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.data = scope.Layer{}
	s.capturing = false
}

// SetClient sets the client that gets what is captured in this scope and its forks. See ClientFor.
func (s *Scope) SetClient(c Client) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.client = c
}

// SetTag sets a tag: a short text to search and filter by.
func (s *Scope) SetTag(key, value string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if put(&s.data.Tags, key, model.String(value)) {
		s.writeLocked(func(w *writer) { w.text("tag."+key, value) })
	}
}

// SetExtra sets a value of any kind that is shown and not searched.
func (s *Scope) SetExtra(key string, value any) {
	v := valueOf(value)
	s.mu.Lock()
	defer s.mu.Unlock()
	if put(&s.data.Extra, key, v) {
		s.writeLocked(func(w *writer) { w.value("extra."+key, v) })
	}
}

// SetAttributes sets attributes that log records in this scope get, and that events show.
func (s *Scope) SetAttributes(attrs ...attribute.KeyValue) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, kv := range attrs {
		if put(&s.data.Attributes, string(kv.Key), valueOf(kv.Value.AsInterface())) {
			s.writeLocked(func(w *writer) { w.attribute("attr."+string(kv.Key), kv.Value) })
		}
	}
}

// SetContext sets a named group of fields, whole; nil removes it from this scope.
func (s *Scope) SetContext(name string, fields map[string]any) {
	v := valueOf(fields)
	s.mu.Lock()
	defer s.mu.Unlock()
	if fields == nil {
		s.data.Contexts = slices.DeleteFunc(slices.Clone(s.data.Contexts), func(a model.Attribute) bool { return a.Key == name })
		s.writeLocked(func(w *writer) { w.text("context."+name, "") })
		return
	}
	if put(&s.data.Contexts, name, v) {
		s.writeLocked(func(w *writer) { w.value("context."+name, v) })
	}
}

// SetUser sets who the user is; nil says that there is nobody, whoever an outer scope names.
func (s *Scope) SetUser(u *User) {
	user := scope.User{State: scope.UserNull}
	if u != nil {
		user = scope.User{State: scope.UserSet, Fields: u.fields()}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	before := s.data.User
	s.data.User = user
	s.writeLocked(func(w *writer) { w.user(before, user) })
}

// SetLevel sets the level of what is captured in this scope.
func (s *Scope) SetLevel(level Level) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.data.Level = level
	s.writeLocked(func(w *writer) { w.text("level", string(level)) })
}

// SetFingerprint sets what groups errors of this scope into one issue; none means Sentry's own grouping.
func (s *Scope) SetFingerprint(parts ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.data.Fingerprint = slices.Clone(parts)
	s.writeLocked(func(w *writer) { w.texts("fingerprint", parts) })
}

// SetTransaction names what is being done, such as "GET /cart".
func (s *Scope) SetTransaction(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.data.Transaction = name
	s.writeLocked(func(w *writer) { w.text("transaction", name) })
}

// put sets a key in a copy of sorted attributes. It returns false when there is no key or no room.
func put(attrs *model.Attributes, key string, v model.Value) bool {
	if key == "" {
		return false
	}
	if _, has := attrs.Get(key); !has && len(*attrs) >= maxKeys {
		return false
	}
	*attrs = attrs.With(key, v)
	return true
}

// layer returns the data as a layer of a merge.
func (s *Scope) layer(name model.Layer) *scope.Layer {
	s.mu.Lock()
	defer s.mu.Unlock()
	l := s.data
	l.Name, l.Origin = name, string(name)
	l.Breadcrumbs = slices.Clip(l.Breadcrumbs)
	return &l
}

// User says who uses the application. Empty fields are not known.
type User struct {
	ID, Email, Username, Name, IPAddress string
	Data                                 map[string]any // anything else
}

func (u *User) fields() model.Attributes {
	out := model.Attributes{}
	for k, v := range u.Data {
		if k != "" && len(out) < maxKeys {
			out = append(out, model.Attribute{Key: k, Value: valueOf(v)})
		}
	}
	for _, f := range [...]struct{ key, value string }{
		{"email", u.Email}, {"id", u.ID}, {"ip_address", u.IPAddress}, {"name", u.Name}, {"username", u.Username},
	} {
		if f.value != "" {
			out = append(out, model.Attribute{Key: f.key, Value: model.String(f.value)})
		}
	}
	return out.Sort()
}

// binding is a recording span that runs in a scope.
type binding struct {
	span   trace.Span
	id     trace.SpanID
	parent trace.SpanID // zero, or a span that is bound to the same scope or was
	prefix string       // sentry.scope.NAME.
}
