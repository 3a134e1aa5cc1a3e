package scope

import (
	"slices"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// Merge merges layers as the policy says. It takes time and memory in proportion to what the layers hold.
func Merge(policy Policy, layers Layers) Merged {
	m := newMerger(&policy, &layers)
	out := &m.out

	m.fields(&out.Tags, policy.Tags, "tags.", func(l *Layer) model.Attributes { return l.Tags })
	m.fields(&out.Extra, policy.Extra, "extra.", func(l *Layer) model.Attributes { return l.Extra })
	m.contexts()
	if policy.EventAttributes {
		m.fields(&out.Attributes, EventWins, "attributes.", layerAttributes)
	} else {
		m.fields(&out.Attributes, EventOnly, "attributes.", layerAttributes)
	}
	m.user()

	out.Level = model.Level(m.single(policy.Level, "level", func(l *Layer) string { return string(l.Level) }))
	if out.Level == "" {
		out.Level = policy.DefaultLevel
	}
	m.transaction()
	out.Release = m.single(EventWins, "release", func(l *Layer) string { return l.Release })
	out.Environment = m.single(EventWins, "environment", func(l *Layer) string { return l.Environment })
	out.ServerName = m.single(EventWins, "server_name", func(l *Layer) string { return l.ServerName })
	m.request()
	m.fingerprint()

	m.breadcrumbs()
	m.attachments()
	m.processors()
	m.sdkMetadata()
	return *out
}

// MergeAttributes returns the attributes of a log, a metric or a span: those of the scopes under its own, which are the
// last layer, and the user's (Policy.LogUser) where it lacks them.
func MergeAttributes(policy Policy, layers Layers) model.Attributes {
	layers.NoProvenance = true
	m := newMerger(&policy, &layers)
	own := m.event.Attributes
	m.fields(&m.out.Attributes, EventWins, "", layerAttributes)
	m.user()
	attrs := m.out.Attributes
	if len(m.out.User) == 0 {
		return attrs
	}
	added := false
	for _, f := range policy.LogUser {
		v, ok := m.out.User.Get(f.Field)
		if _, has := own.Get(f.Attribute); !ok || has || v.IsNull() {
			continue
		}
		attrs = append(attrs, model.Attribute{Key: f.Attribute, Value: v})
		added = true
	}
	if added {
		attrs.Sort() // of several values of one key the last stays: the user's beats a scope's attribute of that name
	}
	return attrs
}

func layerAttributes(l *Layer) model.Attributes { return l.Attributes }

// merger is the state of one merge.
type merger struct {
	policy *Policy
	in     *Layers
	event  *Layer
	scopes []*Layer // low to high, without the event and what the policy leaves out
	// The same high to low, for each precedence.
	eventFirst, scopesFirst []*Layer
	// replaced says that an additional scope replaces the user and the fingerprint of the current one.
	replacedUser, replacedFingerprint bool

	out   Merged
	stack [3 * 16]*Layer // memory of the three lists for the usual number of layers
}

var noEvent = &Layer{Name: model.LayerEvent}

func newMerger(policy *Policy, layers *Layers) *merger {
	m := &merger{policy: policy, in: layers, event: noEvent}
	n := len(layers.Scopes)
	mem := m.stack[:]
	if 3*(n+1) > len(mem) {
		mem = make([]*Layer, 3*(n+1))
	}
	m.scopes = mem[0:0:n]
	for i, l := range layers.Scopes {
		switch {
		case l.Name == model.LayerEvent && i == n-1:
			m.event = l
		case policy.OneScope && !isCurrent(l):
		default:
			m.scopes = append(m.scopes, l)
		}
	}
	m.eventFirst = append(mem[n:n:2*n+1], m.event)
	m.scopesFirst = mem[2*n+1 : 2*n+1 : 3*n+2]
	for _, l := range slices.Backward(m.scopes) {
		m.eventFirst = append(m.eventFirst, l)
		m.scopesFirst = append(m.scopesFirst, l)
	}
	m.scopesFirst = append(m.scopesFirst, m.event)
	if policy.UpdateCurrent {
		for _, l := range m.scopes {
			if l.Name == model.LayerAdditional {
				m.replacedUser = m.replacedUser || replacesUser(l)
				m.replacedFingerprint = m.replacedFingerprint || len(l.Fingerprint) > 0
			}
		}
	}
	if !layers.NoProvenance {
		fields := 0
		for _, l := range layers.Scopes {
			fields += len(l.Tags) + len(l.Extra) + len(l.User.Fields) + len(l.Contexts) + len(l.Attributes)
		}
		m.out.Provenance = make(map[string]model.Provenance, min(fields, 256)+8)
	}
	return m
}

// isCurrent reports whether a layer is part of the current scope: the event's own span is its innermost end.
func isCurrent(l *Layer) bool { return l.Name == model.LayerCurrent || l.Name == model.LayerSpan }

// order returns the layers from the one that wins to the one that loses.
func (m *merger) order(p Precedence) []*Layer {
	switch p {
	case EventWins:
		return m.eventFirst
	case ScopesWin:
		return m.scopesFirst
	case EventOnly:
		return m.eventFirst[:1]
	}
	return nil
}

// fields merges sorted lists of attributes key by key into dst.
func (m *merger) fields(dst *model.Attributes, p Precedence, prefix string, of func(*Layer) model.Attributes) {
	var stack [16]list
	lists := stack[:0]
	total := 0
	for _, l := range m.order(p) {
		if attrs := of(l); len(attrs) > 0 {
			lists = append(lists, list{l, attrs})
			total += len(attrs)
		}
	}
	*dst = m.mergeLists(lists, total, prefix)
}

// list is what a layer holds of one field, and while merging the rest of it.
type list struct {
	layer *Layer
	attrs model.Attributes
}

// mergeLists merges lists, the winner in front. Keys of a layer that says "nobody" hide and are not taken.
func (m *merger) mergeLists(lists []list, total int, prefix string) model.Attributes {
	if total == 0 {
		return nil
	}
	if len(lists) == 1 && m.out.Provenance == nil && lists[0].layer.User.State != UserNull {
		return slices.Clip(lists[0].attrs)
	}
	out := make(model.Attributes, 0, total)
	for {
		first := -1
		for i := range lists {
			if len(lists[i].attrs) > 0 && (first < 0 || lists[i].attrs[0].Key < lists[first].attrs[0].Key) {
				first = i
			}
		}
		if first < 0 {
			return out
		}
		won := &lists[first]
		key, value := won.attrs[0].Key, won.attrs[0].Value
		var from model.Provenance
		if m.out.Provenance != nil {
			from = model.Provenance{Layer: won.layer.Name, Origin: won.layer.Origin}
		}
		won.attrs = won.attrs[1:]
		for i := first + 1; i < len(lists); i++ {
			other := &lists[i]
			if len(other.attrs) == 0 || other.attrs[0].Key != key {
				continue
			}
			if m.out.Provenance != nil {
				shadow(&from, other.layer, other.attrs[0].Value, value)
			}
			other.attrs = other.attrs[1:]
		}
		if prefix == userPrefix && won.layer.User.State == UserNull {
			continue
		}
		out = append(out, model.Attribute{Key: key, Value: value})
		if m.out.Provenance != nil {
			m.out.Provenance[prefix+key] = from
		}
	}
}

// single merges a text of which there is one.
func (m *merger) single(p Precedence, path string, of func(*Layer) string) string {
	return m.singleOf(m.order(p), path, of)
}

func (m *merger) singleOf(order []*Layer, path string, of func(*Layer) string) string {
	won := ""
	var from model.Provenance
	for _, l := range order {
		text := of(l)
		if text == "" {
			continue
		}
		if won == "" {
			won = text
			from = model.Provenance{Layer: l.Name, Origin: l.Origin}
			if m.out.Provenance == nil {
				break
			}
			continue
		}
		shadow(&from, l, model.String(text), model.String(won))
	}
	if won != "" && m.out.Provenance != nil {
		m.out.Provenance[path] = from
	}
	return won
}

// transaction merges the transaction name. A transaction has its own: scopes never name it.
func (m *merger) transaction() {
	order := m.order(m.policy.Transaction)
	if m.in.Type == model.EventTransaction && !m.policy.NameTransactions {
		order = m.order(EventOnly)
	}
	m.out.Transaction = m.singleOf(order, "transaction", func(l *Layer) string {
		if m.policy.UpdateCurrent && l.Name == model.LayerAdditional {
			return ""
		}
		return l.Transaction
	})
}

// request takes the request of the highest layer that has one, whole.
func (m *merger) request() {
	var from model.Provenance
	for _, l := range m.eventFirst {
		if l.Request == nil {
			continue
		}
		if m.out.Request == nil {
			m.out.Request = l.Request
			from = model.Provenance{Layer: l.Name, Origin: l.Origin}
			continue
		}
		if m.out.Provenance != nil {
			shadow(&from, l, model.String(requestLine(l.Request)), model.String(requestLine(m.out.Request)))
		}
	}
	if m.out.Request != nil && m.out.Provenance != nil {
		m.out.Provenance["request"] = from
	}
}

// requestLine names a request for a list of shadowed values.
func requestLine(r *model.Request) string {
	if r.Method == "" {
		return r.URL
	}
	return r.Method + " " + r.URL
}

// fingerprint merges fingerprints.
func (m *merger) fingerprint() {
	rule := m.policy.Fingerprint
	if rule == FingerprintAppend {
		m.appendFingerprints()
		return
	}
	var from model.Provenance
	for _, l := range m.eventFirst {
		if len(l.Fingerprint) == 0 && (rule == FingerprintFilled || l.Fingerprint == nil) {
			continue
		}
		if from.Layer == "" {
			m.out.Fingerprint = l.Fingerprint
			from = model.Provenance{Layer: l.Name, Origin: l.Origin}
			continue
		}
		if m.out.Provenance != nil {
			shadow(&from, l, textList(l.Fingerprint), textList(m.out.Fingerprint))
		}
	}
	if len(m.out.Fingerprint) > 0 && m.out.Provenance != nil {
		m.out.Provenance["fingerprint"] = from
	}
}

// appendFingerprints puts the scopes' fingerprints behind the event's (applyFingerprintToEvent of @sentry/core). Layers
// of one name are one scope, whose last setter replaced the earlier ones.
func (m *merger) appendFingerprints() {
	var from model.Provenance
	add := func(l *Layer) {
		if len(l.Fingerprint) == 0 {
			return
		}
		m.out.Fingerprint = append(m.out.Fingerprint, l.Fingerprint...)
		from = model.Provenance{Layer: l.Name, Origin: l.Origin}
	}
	add(m.event)
	for i, l := range m.scopes {
		if m.replacedFingerprint && isCurrent(l) {
			continue
		}
		later := slices.ContainsFunc(m.scopes[i+1:], func(o *Layer) bool { return o.Name == l.Name && len(o.Fingerprint) > 0 })
		if !later {
			add(l)
		}
	}
	if len(m.out.Fingerprint) > 0 && m.out.Provenance != nil {
		m.out.Provenance["fingerprint"] = from
	}
}

func textList(texts []string) model.Value {
	list := make([]model.Value, len(texts))
	for i, t := range texts {
		list[i] = model.String(t)
	}
	return model.List(list)
}

// attachments puts the event's attachments in front of those of the scopes.
func (m *merger) attachments() {
	out := slices.Clip(m.event.Attachments)
	for _, l := range m.scopes {
		if len(l.Attachments) == 0 || m.policy.BareTransactions && m.in.Type == model.EventTransaction ||
			m.policy.UpdateCurrent && l.Name == model.LayerAdditional {
			continue
		}
		for _, a := range l.Attachments {
			if !m.policy.UniqueAttachments || !slices.Contains(out, a) {
				out = append(out, a)
			}
		}
	}
	m.out.Attachments = out
}

// processors lists event processors in the order in which they run.
func (m *merger) processors() {
	for _, l := range m.scopes {
		if l.Name != model.LayerAdditional || m.policy.AdditionalProcessors {
			m.out.Processors = append(m.out.Processors, l.Processors...)
		}
	}
}

// sdkMetadata merges to depth two: objects of one key are united, what is in them is not.
func (m *merger) sdkMetadata() {
	if m.policy.SDKMetadata == Dropped {
		return
	}
	var out model.Attributes
	for _, l := range m.scopes {
		if len(l.SDKMetadata) > 0 && !(m.policy.UpdateCurrent && l.Name == model.LayerAdditional) {
			out = mergeDepth(out, l.SDKMetadata, 2)
		}
	}
	switch {
	case len(m.event.SDKMetadata) == 0:
	case m.policy.SDKMetadata == ScopesWin:
		out = mergeDepth(m.event.SDKMetadata, out, 1)
	default:
		out = mergeDepth(out, m.event.SDKMetadata, 2)
	}
	m.out.SDKMetadata = out
}

// mergeDepth puts the keys of over above those of under; objects are united down to depth (merge of @sentry/core).
func mergeDepth(under, over model.Attributes, depth int) model.Attributes {
	if len(over) == 0 {
		return under
	}
	out := make(model.Attributes, 0, len(under)+len(over))
	for len(under) > 0 || len(over) > 0 {
		switch {
		case len(over) == 0 || len(under) > 0 && under[0].Key < over[0].Key:
			out = append(out, under[0])
			under = under[1:]
		case len(under) == 0 || over[0].Key < under[0].Key:
			out = append(out, over[0])
			over = over[1:]
		default:
			at := over[0]
			if depth > 1 && at.Value.Kind() == model.KindMap && under[0].Value.Kind() == model.KindMap {
				at.Value = model.Map(mergeDepth(under[0].Value.Map(), at.Value.Map(), depth-1))
			}
			out = append(out, at)
			under, over = under[1:], over[1:]
		}
	}
	return out
}
