package scope

import (
	"iter"
	"strings"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// A span attribute describes an operation; a scope describes everything that happens inside one. So ordinary attributes
// are not inherited. What is scope data has its own names:
//
//	sentry.scope.{global,isolation,current}.{tag,extra,attr,user}.K
//	sentry.scope.{global,isolation,current}.context.NAME.K   or the whole: .context.NAME with JSON text
//	sentry.scope.{global,isolation,current}.{level,fingerprint,transaction}
//	sentry.scope.{global,isolation,current}.user   false: there is nobody
//	sentry.scope.isolate       true: an isolation scope starts here; false: none does
//	sentry.scope.breadcrumbs   true: breadcrumbs from here on down stay here (RFC 0120, captureBreadcrumbsHere)
//	sentry.tag.K               a tag, for the span and everything below it
//	user.*, enduser.*          the user, see isolation.go
//	session.id                 the session, likewise
//
// and what Config.InheritAttributes names. An attribute cannot be taken back once it is on a span: a field of a user and
// a context that are empty text are as good as not there.
const (
	ScopePrefix    = "sentry.scope." // then global, isolation or current
	TagPrefix      = "sentry.tag."
	IsolateKey     = "sentry.scope.isolate"
	BreadcrumbsKey = "sentry.scope.breadcrumbs"
)

const (
	globalPrefix    = "sentry.scope.global."
	maxSpanData     = 8 << 10 // bytes of scope data of one span; more is cut, and the event says so
	maxFieldKeys    = 64      // keys of one field of one scope
	maxHiddenPerKey = 1 + maxShadowed
	maxScopeLayers  = 64 // layers of one scope that are looked at without compacting them
	maxUserLayers   = 16 // layers of one scope that may name a user, the nearest ones
	maxUserIDs      = 4  // different users of a request that are told apart
	maxTransactions = 16 // Sentry transactions that tell of one isolation scope, the newest: a page has many
	maxUpstreamHops = 16 // processes above one that values are promoted from
	maxFeatureFlags = 100
)

// spanData is what a span says about scopes.
type spanData struct {
	origin    string
	plain     *Layer // unqualified tags and inherited attributes: the current scope, on a root the isolation scope
	global    *Layer
	isolation *Layer
	current   *Layer
	user      model.Attributes // unqualified
	session   model.Value

	isolate     *bool
	breadcrumbs bool
	truncated   bool
}

// readSpanData reads the scope data of a span's attributes, nil when there is none. origin is called when there is some.
func readSpanData(attrs iter.Seq2[string, model.Value], origin func() string, r *rules) *spanData {
	var d *spanData
	size := 0
	for key, v := range attrs {
		kind := classify(key, r)
		if kind == notScopeData {
			continue
		}
		a := model.Attribute{Key: key, Value: v}
		if d == nil {
			d = &spanData{origin: origin()}
		}
		if size += len(a.Key) + a.Value.Size(); size > maxSpanData {
			d.truncated = true
			break
		}
		if kind&inheritedData != 0 {
			d.plain = layerFor(d.plain, "", d.origin)
			d.plain.Attributes = append(d.plain.Attributes, a)
		}
		switch kind &^ inheritedData {
		case tagData:
			d.plain = layerFor(d.plain, "", d.origin)
			d.plain.Tags = append(d.plain.Tags, model.Attribute{Key: a.Key[len(TagPrefix):], Value: tagValue(a.Value)})
		case userData:
			d.user = append(d.user, a)
		case sessionData:
			d.session = a.Value
		case scopeData:
			d.qualified(&a)
		}
	}
	if d == nil {
		return nil
	}
	d.user = userOf(d.user)
	for _, l := range []*Layer{d.global, d.isolation, d.current} {
		if l != nil {
			l.Contexts.Sort()
		}
	}
	return d
}

// dataKind is what an attribute is to scopes. inheritedData may be set beside another kind.
type dataKind uint8

const (
	notScopeData dataKind = 0
	tagData      dataKind = iota
	userData
	sessionData
	scopeData
	inheritedData dataKind = 1 << 7
)

func classify(key string, r *rules) dataKind {
	kind := notScopeData
	switch {
	case strings.HasPrefix(key, TagPrefix) && len(key) > len(TagPrefix):
		kind = tagData
	case strings.HasPrefix(key, ScopePrefix):
		return scopeData
	case userField(key) != "":
		kind = userData
	case key == "session.id":
		kind = sessionData
	}
	if r.inherited.match(key) {
		kind |= inheritedData
	}
	return kind
}

// userField returns the field of a user that an attribute is about, "" for any other attribute. The names are those of
// OpenTelemetry's user and (older) enduser attributes and of Sentry's user.
func userField(key string) string {
	if !strings.HasPrefix(key, "user.") && !strings.HasPrefix(key, "enduser.") {
		return ""
	}
	switch key {
	case "user.id", "enduser.id":
		return "id"
	case "user.email":
		return "email"
	case "user.name":
		return "username"
	case "user.full_name":
		return "name"
	case "user.hash":
		return "hash"
	case "user.roles":
		return "roles"
	case "enduser.role":
		return "role"
	case "enduser.scope":
		return "scope"
	}
	return ""
}

// userOf turns user attributes into the fields of a user. Of user.id and enduser.id the newer name wins.
func userOf(attrs model.Attributes) model.Attributes {
	if len(attrs) == 0 {
		return nil
	}
	out := make(model.Attributes, 0, len(attrs))
	for _, a := range attrs { // sorted: enduser comes before user, and of equal keys the last stays
		out = append(out, model.Attribute{Key: userField(a.Key), Value: a.Value})
	}
	return out.Sort()
}

// tagValue returns a tag's value: tags are text.
func tagValue(v model.Value) model.Value {
	if v.Kind() == model.KindString || v.IsNull() {
		return v
	}
	return model.String(v.Text())
}

func layerFor(l *Layer, name model.Layer, origin string) *Layer {
	if l == nil {
		l = &Layer{Name: name, Origin: origin}
	}
	return l
}

// qualified reads a sentry.scope.* attribute.
func (d *spanData) qualified(a *model.Attribute) {
	switch a.Key {
	case IsolateKey:
		if v, ok := truth(a.Value); ok {
			d.isolate = &v
		}
		return
	case BreadcrumbsKey:
		d.breadcrumbs, _ = truth(a.Value)
		return
	}
	name, field, _ := strings.Cut(a.Key[len(ScopePrefix):], ".")
	var l *Layer
	switch name {
	case "global":
		d.global = layerFor(d.global, model.LayerGlobal, d.origin)
		l = d.global
	case "isolation":
		d.isolation = layerFor(d.isolation, model.LayerIsolation, d.origin)
		l = d.isolation
	case "current":
		d.current = layerFor(d.current, model.LayerCurrent, d.origin)
		l = d.current
	default:
		return
	}
	l.set(field, a.Value)
}

// truth reads a boolean; attribute processors and old bridges make it text.
func truth(v model.Value) (value, ok bool) {
	if v.Kind() == model.KindBool {
		return v.Bool(), true
	}
	switch strings.ToLower(v.Str()) {
	case "true":
		return true, true
	case "false":
		return false, true
	}
	return false, false
}

// set sets what follows sentry.scope.NAME. in the name of an attribute. Attributes come sorted.
func (l *Layer) set(field string, v model.Value) {
	field, key, _ := strings.Cut(field, ".")
	switch field {
	case "level":
		l.Level = model.Level(v.Str())
	case "transaction":
		l.Transaction = v.Str()
	case "fingerprint":
		l.Fingerprint = texts(v)
	case "user":
		if somebody, ok := truth(v); ok && !somebody && key == "" { // comes before the fields
			l.User.State = UserNull
		}
	}
	if key == "" {
		return
	}
	at := model.Attribute{Key: key, Value: v}
	switch field {
	case "tag":
		at.Value = tagValue(v)
		l.Tags = append(l.Tags, at)
	case "extra":
		l.Extra = append(l.Extra, at)
	case "attr":
		l.Attributes = append(l.Attributes, at)
	case "user":
		if l.User.State != UserNull && !isEmptyText(v) {
			l.User.State = UserSet
			l.User.Fields = append(l.User.Fields, at)
		}
	case "context":
		l.setContext(key, v)
	}
}

// setContext sets a field of a context, or with a name alone the whole of it.
func (l *Layer) setContext(path string, v model.Value) {
	name, key, inside := strings.Cut(path, ".")
	if name == "" || inside && key == "" {
		return
	}
	switch {
	case inside:
		v = model.Map(model.Attributes{{Key: key, Value: v}})
	case v.Kind() == model.KindString:
		var whole model.Value
		if whole.UnmarshalJSON([]byte(v.Str())) != nil {
			return
		}
		v = whole
	}
	if v.Kind() != model.KindMap {
		return
	}
	for i, c := range l.Contexts {
		if c.Key == name {
			l.Contexts[i].Value = model.Map(mergeDepth(c.Value.Map(), v.Map(), 1))
			return
		}
	}
	l.Contexts = append(l.Contexts, model.Attribute{Key: name, Value: v})
}

func isEmptyText(v model.Value) bool { return v.Kind() == model.KindString && v.Str() == "" }

// texts reads a list of texts, or one text.
func texts(v model.Value) []string {
	if v.Kind() != model.KindList {
		if s := v.Text(); s != "" {
			return []string{s}
		}
		return nil
	}
	out := make([]string, 0, len(v.List()))
	for _, e := range v.List() {
		out = append(out, e.Text())
	}
	return out
}

// SetsGlobal reports whether a span sets data on the global scope of its process (sentry.scope.global.*).
func SetsGlobal(s *model.Span) bool {
	return s.Attributes.HasPrefix(globalPrefix)
}
