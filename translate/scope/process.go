package scope

import (
	"slices"
	"strconv"
	"strings"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// A process is one running SDK: it owns a global scope, and nothing but ids crosses its boundary.

// processKey names the process of a resource: by the instance id, which is there for it; else by the place where it
// runs; else by all that is known of it.
func processKey(r *model.Resource) string {
	if r == nil {
		return ""
	}
	a := r.Attributes
	if id := text(a, "service.instance.id"); id != "" {
		return "instance\x00" + id
	}
	if sentryMade(r) {
		return join("sentry", text(a, "host.name"), text(a, "service.name"), text(a, "service.version"), environmentOf(a),
			text(a, "telemetry.sdk.name"), text(a, "telemetry.sdk.language"), text(a, "process.pid"), text(a, "sentry.public_key"))
	}
	if pid := text(a, "process.pid"); pid != "" {
		host := ""
		for _, key := range []string{"host.id", "host.name", "container.id", "k8s.pod.uid"} {
			if host = text(a, key); host != "" {
				break
			}
		}
		return join("pid", text(a, "service.namespace"), text(a, "service.name"), host, pid, text(a, "process.creation.time"))
	}
	return "resource\x00" + string(a.AppendJSON(nil))
}

// text returns an attribute as text, "" when there is none.
func text(a model.Attributes, key string) string {
	v, _ := a.Get(key)
	return v.Text()
}

// join joins parts so that no two lists of parts give the same text.
func join(parts ...string) string {
	var b strings.Builder
	for _, p := range parts {
		b.WriteString(strconv.Itoa(len(p)))
		b.WriteByte(0)
		b.WriteString(p)
	}
	return b.String()
}

// sentryMade reports whether a resource was made of what a Sentry SDK said of itself.
func sentryMade(r *model.Resource) bool {
	if strings.HasPrefix(r.Attributes.Str("telemetry.sdk.name"), "sentry.") {
		return true
	}
	for _, key := range []string{"sentry.public_key", "sentry.project", "sentry.client"} {
		if _, ok := r.Attributes.Get(key); ok {
			return true
		}
	}
	return false
}

// browserPage reports whether a resource is a page in a browser. There, nothing tells one asynchronous task from
// another: global and isolation scope are one (RFC 0122, environments without contexts).
func browserPage(r *model.Resource) bool {
	if r == nil {
		return false
	}
	if r.Attributes.Str("telemetry.sdk.language") == "webjs" {
		return true
	}
	for _, a := range r.Attributes {
		if strings.HasPrefix(a.Key, "browser.") {
			return true
		}
	}
	return false
}

// differ reports whether two resources say that they are different processes, in spite of a span they share: a log that
// carries the span id of its remote parent, say.
func differ(a, b *model.Resource) bool {
	if a == nil || b == nil || a == b {
		return false
	}
	for _, key := range []string{"service.name", "service.instance.id"} {
		x, y := text(a.Attributes, key), text(b.Attributes, key)
		if x != "" && y != "" && x != y && !strings.HasPrefix(x, "unknown_service") && !strings.HasPrefix(y, "unknown_service") {
			return true
		}
	}
	return false
}

// link says that two processes have a span in common.
type link struct{ a, b int32 }

// identity is what tells processes apart: names they give themselves.
type identity struct {
	service, key string
	several      bool
}

func identityOf(r *model.Resource) (id identity) {
	if r == nil {
		return id
	}
	if name := text(r.Attributes, "service.name"); !sentryMade(r) && !strings.HasPrefix(name, "unknown_service") { // else it was guessed
		id.service = name
	}
	if key := processKey(r); strings.HasPrefix(key, "instance") || strings.HasPrefix(key, "pid") {
		id.key = key
	}
	return id
}

// add adds what else is known of a process, and notes when it contradicts.
func (id *identity) add(more identity) {
	id.several = id.several || more.several || id.service != "" && more.service != "" && id.service != more.service ||
		id.key != "" && more.key != "" && id.key != more.key
	id.service, id.key = smaller(id.service, more.service), smaller(id.key, more.key)
}

// smaller returns the smaller of two texts that are there: which one it is does not matter, that it is always the same does.
func smaller(a, b string) string {
	if a == "" || b != "" && b < a {
		return b
	}
	return a
}

// unite makes one of the processes that have spans in common. Two reports of one span are proof: the first report's
// process is the second's. Logs and events that lie in a span are a hint, and it takes a resource that can be told from
// others: that of a log collector has spans in common with many processes, and must not make one of them, or what belongs
// to one would show on the events of another.
func (b *builder) unite(proofs, hints []link) {
	for _, l := range proofs {
		b.unions.unite(l.a, l.b)
	}
	if len(hints) == 0 {
		return
	}
	identities := make([]identity, len(b.unions))
	for r, id := range b.byResource {
		identities[b.unions.find(id)].add(identityOf(r))
	}
	for i := range identities {
		identities[i].several = false // one process may call itself by several names
	}
	groups := slices.Clone(b.unions)
	for _, l := range hints {
		groups.unite(l.a, l.b)
	}
	whole := make([]identity, len(groups))
	for i := range identities {
		whole[groups.find(int32(i))].add(identities[i]) // #nosec G115 -- fewer than records
	}
	for i := range b.unions {
		if of := groups.find(int32(i)); !whole[of].several { // #nosec G115 -- as above
			b.unions.unite(int32(i), of) // #nosec G115 -- as above
		}
	}
}

// unions finds the processes that are one: two reports of one span come from one process.
type unions []int32

func (u *unions) add() int32 {
	id := int32(len(*u)) // #nosec G115 -- fewer than records
	*u = append(*u, id)
	return id
}

func (u unions) find(i int32) int32 {
	for u[i] != i {
		u[i] = u[u[i]]
		i = u[i]
	}
	return i
}

func (u unions) unite(a, b int32) {
	a, b = u.find(a), u.find(b)
	u[max(a, b)] = min(a, b)
}
