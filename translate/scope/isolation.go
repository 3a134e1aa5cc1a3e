package scope

import (
	"slices"
	"strings"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// treeView is an isolation scope as an event sees it: its own one as it is, an outer one as it was when the inner one was
// forked from it (R9).
type treeView struct {
	tree    int32
	asOf    model.Time
	users   []candidate
	user    bool // the users its spans name are the request's
	session bool // likewise the sessions
}

// sees reports whether the view includes what a span says. Attributes have no time of their own; a span that started
// after the fork certainly said nothing before it.
func (v *treeView) sees(s *model.Span) bool { return s.StartTime <= v.asOf }

// candidate is a user that spans of a request name.
type candidate struct {
	id     string // or email, or name, where no span of the request names an id
	node   int32
	fields model.Attributes
}

// isolation adds the isolation scopes from the outermost to the event's own.
func (g *gatherer) isolation(ev *model.Event) {
	asOf := never
	for t := g.tree; t != none; t = g.trees[t].outer {
		g.views = append(g.views, g.view(t, asOf))
		asOf = min(asOf, g.nodes[g.trees[t].root].span.StartTime)
	}
	start := len(g.layers)
	for _, v := range slices.Backward(g.views) {
		g.addTree(&v, ev)
	}
	g.compact(start)
	for _, v := range slices.Backward(g.views) {
		t := &g.trees[v.tree]
		g.takeFrom(model.LayerIsolation, t.ring, min(g.until, v.asOf))
	}
	// Whose request this is cannot be said when its spans name several users, and no root inside of it names one.
	for i := range g.views {
		v := &g.views[i]
		if len(v.users) > 1 {
			g.users = v.users
			break
		}
		if len(v.users) == 1 {
			break
		}
	}
}

// view finds out whom the spans of a tree name (R12).
func (g *gatherer) view(tree int32, asOf model.Time) treeView {
	v := treeView{tree: tree, asOf: asOf}
	t := &g.trees[tree]
	var sessions []string
	named := false // a span names a user by id
	for _, i := range t.writers {
		n := &g.nodes[i]
		if i != t.root && !v.sees(n.span) {
			continue
		}
		if d := n.data; d.user != nil {
			named = named || userID(d.user) != ""
		}
		if s := n.data.session.Text(); s != "" && !slices.Contains(sessions, s) && len(sessions) < 2 {
			sessions = append(sessions, s)
		}
	}
	for _, i := range t.writers {
		n := &g.nodes[i]
		if n.data.user == nil || i != t.root && !v.sees(n.span) {
			continue
		}
		id := userID(n.data.user)
		if !named {
			id = firstText(n.data.user, []string{"email", "username", "name", "hash"})
		}
		known := func(c candidate) bool { return c.id == id }
		if id != "" && len(v.users) <= maxUserIDs && !slices.ContainsFunc(v.users, known) {
			v.users = append(v.users, candidate{id, i, n.data.user})
		}
	}
	v.user, v.session = len(v.users) == 1, len(sessions) == 1
	return v
}

// addTree adds the layers of one isolation scope: what a Sentry transaction says of its request (R19), below what its
// first span says, below what its spans write to it (R11) and the user they agree on (R12).
func (g *gatherer) addTree(v *treeView, ev *model.Event) {
	t := &g.trees[v.tree]
	told := t.transactions // in order of start
	if over := len(told) - maxTransactions; over > 0 {
		told = told[over:]
		g.truncated = g.truncated || ev.Source != model.SourceSentry // such an event has what they say by itself
	}
	for _, i := range told {
		if n := &g.nodes[i]; i == t.root || v.sees(n.span) {
			if l := g.transactionLayer(i); l != nil && l.Origin != transactionOrigin(ev.EventID) {
				g.layers = append(g.layers, l)
			}
		}
	}
	g.layers = append(g.layers, rootLayer(&g.nodes[t.root], g.rules))
	g.takeFlags(model.LayerIsolation, t.flags, min(g.until, v.asOf))
	for _, i := range t.writers {
		n := &g.nodes[i]
		root := i == t.root
		if !root && !v.sees(n.span) {
			continue
		}
		d := n.data
		g.truncated = g.truncated || d.truncated
		var user model.Attributes
		if root || n.root || v.user {
			user = d.user
		}
		session := !d.session.IsNull() && (root || n.root || v.session)
		if l := userLayer(model.LayerIsolation, d.origin, user, session, d.session); l != nil {
			g.layers = append(g.layers, l)
		}
		if n.root && d.plain != nil {
			g.layers = append(g.layers, d.plain)
		}
		if d.isolation != nil {
			g.layers = append(g.layers, d.isolation)
		}
	}
}

func transactionOrigin(id model.EventID) string { return "transaction:" + id.String() }

// defaultContexts are contexts that SDKs add by themselves and that describe the process, which its resource does too.
var defaultContexts = []string{
	"app", "browser", "cloud_resource", "culture", "device", "gpu", "memory_info", "os", "otel", "profile", "react", "replay",
	"runtime", "state", "trace", "unity",
}

// transactionLayer reads what a Sentry transaction says about its request, nil when it says nothing. Reading payloads is
// dear: the result is kept.
func (p *Prepared) transactionLayer(i int32) *Layer {
	if l, ok := p.decoded.Load(i); ok {
		return l.(*Layer)
	}
	l := p.readTransaction(&p.nodes[i])
	p.decoded.Store(i, l)
	return l
}

func (p *Prepared) readTransaction(n *node) *Layer {
	if p.decode == nil {
		return nil
	}
	for _, s := range append([]*model.Span{n.span}, n.also...) {
		if s.Payload == nil || s.Origin != model.OriginSentry {
			continue
		}
		ev, _ := p.decode(s.Payload)
		l := &Layer{Name: model.LayerIsolation, Origin: transactionOrigin(s.EventID), Tags: ev.Tags, Request: ev.Request}
		if len(ev.User) > 0 {
			l.User = User{State: UserSet, Fields: ev.User}
		}
		for _, c := range ev.Contexts {
			if !slices.Contains(defaultContexts, c.Key) {
				l.Contexts = append(l.Contexts, c)
			}
		}
		return l
	}
	return nil
}

// severalUsers explains the conflict of a request whose spans name several users.
const severalUsers = "spans of this request name different users: "

// flagUsers marks an event of a request that several users are named in (R12).
func (m *Merged) flagUsers(g *gatherer) {
	from := m.Provenance[ConflictUser]
	if from.Layer == "" {
		from.Layer, from.Origin = model.LayerIsolation, g.nodes[g.trees[g.tree].root].origin()
		if id, ok := m.Provenance[userPrefix+"id"]; ok {
			from.Layer, from.Origin = id.Layer, id.Origin
		}
	}
	names := make([]string, 0, maxUserIDs)
	for i, c := range g.users {
		if i == maxUserIDs {
			names = append(names, "and more")
			break
		}
		names = append(names, c.id)
		if len(from.Shadowed) < maxShadowed {
			l := Layer{Name: model.LayerCurrent, Origin: g.nodes[c.node].origin()}
			if g.nodes[c.node].root {
				l.Name = model.LayerIsolation
			}
			shadow(&from, &l, model.Map(c.fields), model.Value{})
		}
	}
	from.Conflict = severalUsers + strings.Join(names, ", ")
	m.Provenance[ConflictUser] = from
	if !slices.Contains(m.Conflicts, ConflictUser) {
		m.Conflicts = append(m.Conflicts, ConflictUser)
	}
}
