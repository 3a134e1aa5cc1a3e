package scope

import (
	"slices"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// compact bounds the layers of one scope that stand from index start on: at most maxFieldKeys keys of each field, the
// nearest ones, and of each key no more values than its provenance can show (I5). Scopes of usual size stay as they are.
func (g *gatherer) compact(start int) {
	layers := g.layers[start:]
	if len(layers) <= maxScopeLayers && !crowded(layers) {
		return
	}
	fields := [...]func(*Layer) *model.Attributes{
		func(l *Layer) *model.Attributes { return &l.Tags },
		func(l *Layer) *model.Attributes { return &l.Extra },
		func(l *Layer) *model.Attributes { return &l.Contexts },
		func(l *Layer) *model.Attributes { return &l.Attributes },
	}
	var counts [len(fields)]map[string]int
	for i := range counts {
		counts[i] = make(map[string]int, maxFieldKeys)
	}
	var level, transaction, fingerprint, request int
	var users []User
	kept := make([]*Layer, 0, maxScopeLayers)
	for i := len(layers) - 1; i >= 0; i-- { // the nearest first
		l := *layers[i]
		for f, of := range fields {
			*of(&l) = g.bounded(*of(&l), counts[f])
		}
		if l.Level != "" {
			if level++; level > maxHiddenPerKey {
				l.Level = ""
			}
		}
		if l.Transaction != "" {
			if transaction++; transaction > maxHiddenPerKey {
				l.Transaction = ""
			}
		}
		if l.Fingerprint != nil {
			if fingerprint++; fingerprint > maxHiddenPerKey {
				l.Fingerprint = nil
			}
		}
		if l.Request != nil {
			if request++; request > maxHiddenPerKey {
				l.Request = nil
			}
		}
		if u := l.User; u.State != UserUnset { // whole, or a part of one person could stay and be taken for another's
			known := func(o User) bool { return o.State == u.State && o.Fields.Equal(u.Fields) }
			switch {
			case slices.ContainsFunc(users, known):
				l.User = User{}
			case len(users) >= maxUserLayers || len(u.Fields) > maxFieldKeys:
				l.User = User{}
				g.truncated = true
			default:
				users = append(users, u)
			}
		}
		if !empty(&l) {
			kept = append(kept, &l)
		}
	}
	g.layers = g.layers[:start]
	for i := len(kept) - 1; i >= 0; i-- {
		g.layers = append(g.layers, kept[i])
	}
}

// crowded reports whether layers together hold more keys of a field than a scope may.
func crowded(layers []*Layer) bool {
	var tags, extra, contexts, attributes, user int
	for _, l := range layers {
		tags += len(l.Tags)
		extra += len(l.Extra)
		contexts += len(l.Contexts)
		attributes += len(l.Attributes)
		user += len(l.User.Fields)
	}
	return max(tags, extra, contexts, attributes, user) > maxFieldKeys
}

// bounded returns the attributes that still fit, given how often each key was there in nearer layers.
func (g *gatherer) bounded(attrs model.Attributes, count map[string]int) model.Attributes {
	var out model.Attributes
	for i, a := range attrs {
		n, known := count[a.Key]
		fits := known && n < maxHiddenPerKey || !known && len(count) < maxFieldKeys
		if fits {
			count[a.Key] = n + 1
			if out != nil {
				out = append(out, a)
			}
			continue
		}
		if !known {
			g.truncated = true
		}
		if out == nil {
			out = make(model.Attributes, i, len(attrs)) // layers are shared: leave theirs as it is
			copy(out, attrs)
		}
	}
	if out == nil {
		return attrs
	}
	return out
}

// empty reports whether nothing is left of a layer.
func empty(l *Layer) bool {
	return len(l.Tags) == 0 && len(l.Extra) == 0 && len(l.Contexts) == 0 && len(l.Attributes) == 0 && len(l.User.Fields) == 0 &&
		l.User.State != UserNull && l.Level == "" && l.Transaction == "" && l.Fingerprint == nil && l.Request == nil &&
		len(l.Breadcrumbs) == 0 && l.Release == "" && l.Environment == "" && l.ServerName == ""
}
