package live

import (
	"hash/maphash"
	"strings"
	"sync"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// Bounds of what is remembered in order to share it. What falls out is only not shared any more.
const (
	internEntries = 4096
	internText    = 64       // bytes of a text that is worth sharing
	internBytes   = 64 << 10 // bytes of a resource or scope that is worth sharing
	internTotal   = 2 << 20  // bytes of all resources, or scopes, of one generation
)

// interner makes equal resources, scopes and short texts of different batches share memory. It has a lock of its own, so
// that nothing is hashed under the store's.
type interner struct {
	mu        sync.Mutex
	seed      maphash.Seed
	resources generations[uint64, *source]
	scopes    generations[uint64, *scope]
	texts     generations[string, string]
}

// source is a resource with what was made of it.
type source struct {
	res   *model.Resource
	bytes int64
	hash  uint64

	service string // of the record for which id was computed: nearly always the only one
	origin  model.Origin
	id      string
}

type scope struct {
	scope *model.InstrumentationScope
	bytes int64
}

// generations is a bounded map that forgets what was not asked for lately: when the newer half is full, the older one is
// dropped.
type generations[K comparable, V any] struct {
	now, old map[K]V
	bytes    int64 // of now
}

func (g *generations[K, V]) get(k K) (v V, ok bool) {
	if v, ok = g.now[k]; ok {
		return v, true
	}
	v, ok = g.old[k]
	return v, ok
}

func (g *generations[K, V]) put(k K, v V, bytes int64) {
	if g.now == nil || len(g.now) >= internEntries/2 || g.bytes+bytes > internTotal {
		g.old, g.now, g.bytes = g.now, make(map[K]V), 0
	}
	if _, there := g.now[k]; !there {
		g.now[k] = v
		g.bytes += bytes
	}
}

// text returns a text equal to t that others share, and that is not a part of a larger one.
func (in *interner) text(t string) string {
	if len(t) == 0 || len(t) > internText {
		return t
	}
	known, ok := in.texts.now[t]
	if ok {
		return known
	}
	if known, ok = in.texts.old[t]; !ok {
		known = strings.Clone(t)
	}
	in.texts.put(known, known, int64(len(known)))
	return known
}

// source returns the source of r, and whether it is new, so that its bytes are still to be counted.
func (in *interner) source(r *model.Resource, h *hasher, m *meter) (src *source, fresh bool) {
	hash := h.resource(r)
	if src, ok := in.resources.get(hash); ok {
		in.resources.put(hash, src, src.bytes)
		return src, false
	}
	src = &source{res: r, bytes: m.resource(r), hash: hash}
	if src.bytes <= internBytes {
		in.resources.put(hash, src, src.bytes)
	}
	return src, true
}

func (in *interner) scope(c *model.InstrumentationScope, h *hasher, m *meter) (sc *scope, fresh bool) {
	hash := h.scope(c)
	if sc, ok := in.scopes.get(hash); ok {
		in.scopes.put(hash, sc, sc.bytes)
		return sc, false
	}
	sc = &scope{scope: c, bytes: m.scope(c)}
	if sc.bytes <= internBytes {
		in.scopes.put(hash, sc, sc.bytes)
	}
	return sc, true
}

// serviceID returns the id of the process that sent a record, see ServiceID.
func (src *source) serviceID(service string, origin model.Origin) string {
	if src.id == "" || src.service != service || src.origin != origin {
		src.service, src.origin, src.id = service, origin, ServiceID(src.res, service, origin)
	}
	return src.id
}
