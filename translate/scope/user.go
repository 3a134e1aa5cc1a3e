package scope

import (
	"slices"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

const userPrefix = "user."

// ConflictUser is the path of a conflict about who the user is.
const ConflictUser = "user"

// otherUser explains the conflict on the path "user".
const otherUser = "the scopes name different users; nothing was taken from the ones that are hidden"

// nobody is what setUser(null) stores in the JavaScript SDK: four keys without a value, which hide those of lower layers.
var nobody = model.Attributes{{Key: "email"}, {Key: "id"}, {Key: "ip_address"}, {Key: "username"}}

// user merges users.
func (m *merger) user() {
	switch m.policy.User {
	case UserByKey:
		m.userByKey()
	case UserWhole, UserWholeFilled:
		m.userWhole()
	default:
		m.userByIdentity()
	}
}

// userByKey merges key by key over scopes. Layers of one name are one scope, in which the last setUser replaced the
// earlier ones.
func (m *merger) userByKey() {
	var stack [16]list
	lists := stack[:0]
	total := 0
	last := model.Layer("")
	for _, l := range m.eventFirst {
		name := l.Name
		if isCurrent(l) {
			name = model.LayerCurrent
		}
		if l.User.State == UserUnset || name == last || m.replacedUser && name == model.LayerCurrent ||
			m.policy.UpdateCurrent && name == model.LayerAdditional && !replacesUser(l) {
			continue
		}
		last = name
		attrs := l.User.Fields
		if l.User.State == UserNull {
			attrs = nobody
		}
		lists = append(lists, list{l, attrs})
		total += len(attrs)
	}
	m.out.User = m.mergeLists(lists, total, userPrefix)
	if m.out.User == nil && m.event.User.State == UserSet {
		m.out.User = model.Attributes{} // set to nothing is not the same as not set
	}
}

// replacesUser reports whether the user of an additional scope replaces the one of the current scope: it must have a key
// (Scope.update of @sentry/core). Setting nobody on a whole scope leaves four keys without a value; a plain object
// cannot.
func replacesUser(l *Layer) bool {
	return l.User.State == UserSet && len(l.User.Fields) > 0 || l.User.State == UserNull && l.Instance
}

// userWhole takes the user of one layer.
func (m *merger) userWhole() {
	var won *Layer
	var from model.Provenance
	for _, l := range m.eventFirst {
		if l.User.State != UserSet || m.policy.User == UserWholeFilled && len(l.User.Fields) == 0 {
			continue
		}
		if won == nil {
			won = l
			continue
		}
		if m.out.Provenance != nil {
			shadow(&from, l, model.Map(l.User.Fields), model.Value{})
		}
	}
	if won == nil {
		return
	}
	m.out.User = m.mergeLists([]list{{won, won.User.Fields}}, len(won.User.Fields), userPrefix)
	if m.out.User == nil {
		m.out.User = model.Attributes{} // set to nothing is not the same as not set
	}
	if len(from.Shadowed) > 0 {
		m.out.Provenance[ConflictUser] = model.Provenance{Layer: won.Name, Origin: won.Origin, Shadowed: from.Shadowed}
	}
}

// userByIdentity merges key by key, but never two people: JavaScript's merge of {id: 1, email: one} and {id: 2} gives
// {id: 2, email: one}, a person who does not exist.
func (m *merger) userByIdentity() {
	var stack [16]list
	lists := stack[:0]
	var hidden []*Layer
	var owner *Layer // who gave the id
	total := 0
	id := ""
	nobodyThere := false
walk:
	for _, l := range m.eventFirst {
		switch l.User.State {
		case UserUnset:
			continue
		case UserNull:
			nobodyThere = true
			break walk // whoever was there before
		}
		theirs := userID(l.User.Fields)
		if theirs != "" && id != "" && theirs != id {
			hidden = append(hidden, l)
			continue
		}
		if theirs != "" && id == "" {
			id, owner = theirs, l
		}
		lists = append(lists, list{l, l.User.Fields})
		total += len(l.User.Fields)
	}
	m.out.User = m.mergeLists(lists, total, userPrefix)
	if m.out.User == nil && nobodyThere {
		m.out.User = model.Attributes{}
	}
	if len(hidden) == 0 {
		return
	}
	m.conflict(ConflictUser)
	if m.out.Provenance == nil {
		return
	}
	from := model.Provenance{Layer: owner.Name, Origin: owner.Origin, Conflict: otherUser}
	ofID := m.out.Provenance[userPrefix+"id"]
	ofID.Conflict = otherUser
	for _, l := range hidden {
		shadow(&from, l, model.Map(l.User.Fields), model.Value{})
		theirs, _ := l.User.Fields.Get("id")
		shadow(&ofID, l, theirs, model.Value{})
	}
	m.out.Provenance[ConflictUser] = from
	m.out.Provenance[userPrefix+"id"] = ofID
}

// userID returns the id of a user as text, "" when there is none: SDKs send it as a number or as text.
func userID(fields model.Attributes) string {
	v, _ := fields.Get("id")
	return v.Text()
}

func (m *merger) conflict(path string) {
	if !slices.Contains(m.out.Conflicts, path) {
		m.out.Conflicts = append(m.out.Conflicts, path)
	}
}
