package scope

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"
	"unicode/utf16"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// clockGrain is how much later than the event a breadcrumb may seem: SDKs write times in milliseconds, some of them
// rounded up.
const clockGrain = model.Time(time.Millisecond)

// breadcrumbs merges breadcrumbs.
func (m *merger) breadcrumbs() {
	if m.policy.Breadcrumbs == BreadcrumbsUnited {
		m.uniteBreadcrumbs()
		return
	}
	bare := m.policy.BareTransactions && m.in.Type == model.EventTransaction
	total := len(m.event.Breadcrumbs)
	for _, l := range m.scopes {
		total += len(l.Breadcrumbs)
	}
	if total == 0 {
		return
	}
	out := make([]model.Breadcrumb, 0, total)
	for i := range m.event.Breadcrumbs {
		out = append(out, found(m.event, &m.event.Breadcrumbs[i]))
	}
	for _, l := range m.scopes {
		if bare || m.policy.UpdateCurrent && l.Name == model.LayerAdditional {
			continue
		}
		crumbs := l.Breadcrumbs
		if n := m.policy.ScopeBreadcrumbs; n > 0 && len(crumbs) > n {
			crumbs = crumbs[len(crumbs)-n:]
		}
		for i := range crumbs {
			crumb := found(l, &crumbs[i])
			if m.policy.BreadcrumbMessage > 0 {
				crumb.Message = cutUTF16(crumb.Message, m.policy.BreadcrumbMessage)
			}
			out = append(out, crumb)
		}
	}
	if m.policy.Breadcrumbs == BreadcrumbsSorted && !bare {
		slices.SortStableFunc(out, func(a, b model.Breadcrumb) int { return cmp.Compare(a.Time, b.Time) })
	}
	m.out.Breadcrumbs = out
}

// found returns a breadcrumb that says in which layer it was found, unless it says so already.
func found(l *Layer, crumb *model.Breadcrumb) model.Breadcrumb {
	out := *crumb
	if out.Layer == "" {
		out.Layer = l.Name
	}
	if out.Source == "" {
		out.Source = l.Origin
	}
	return out
}

// cutUTF16 cuts text to at most n UTF-16 units and "...", as JavaScript's truncate does.
func cutUTF16(text string, n int) string {
	if len(text) <= n { // never more units than bytes
		return text
	}
	units := utf16.Encode([]rune(text))
	if len(units) <= n {
		return text
	}
	return string(utf16.Decode(units[:n])) + "..."
}

// crumb is a breadcrumb on its way into a united list.
type crumb struct {
	*model.Breadcrumb
	layer *Layer
	rank  int        // of its layer, the event's is the highest
	seq   int        // in its layer
	at    model.Time // where it stands in the list
}

// sameCrumb is what two reports of one breadcrumb have in common.
type sameCrumb struct {
	milli             int64
	category, message string
}

func keyOf(c *model.Breadcrumb) sameCrumb {
	const milli = model.Time(time.Millisecond)
	return sameCrumb{int64((c.Time + milli/2) / milli), strings.ToLower(c.Category), c.Message}
}

// uniteBreadcrumbs is the rule of Spec: all breadcrumbs by time, each once, the newest MaxBreadcrumbs of them. Those of
// scopes that are later than the event had not happened yet. The event's own are never left out for their time: they
// came with it.
//
// To unite a united list again with the same layers must change nothing, although the oldest were cut: so of several
// reports of one breadcrumb the one of the highest layer is kept, but it stands where the latest of them does, and at the
// same time those of lower layers come first.
func (m *merger) uniteBreadcrumbs() {
	total := len(m.event.Breadcrumbs)
	for _, l := range m.scopes {
		total += len(l.Breadcrumbs)
	}
	if total == 0 {
		return
	}
	crumbs := make([]crumb, 0, total)
	seen := make(map[sameCrumb]int, total)
	for rank := 0; rank <= len(m.scopes); rank++ {
		l, deadline := m.event, model.Time(0)
		if rank < len(m.scopes) {
			l = m.scopes[rank]
			if m.in.Time != 0 {
				deadline = m.in.Time + clockGrain
			}
		}
		// Walking back, a breadcrumb without a time stands in front of the next one that has one.
		at := model.Time(math.MaxInt64)
		for seq := len(l.Breadcrumbs) - 1; seq >= 0; seq-- {
			c := crumb{Breadcrumb: &l.Breadcrumbs[seq], layer: l, rank: rank, seq: seq}
			if !c.Time.IsZero() {
				at = c.Time
			}
			if c.at = at; deadline != 0 && !c.Time.IsZero() && c.Time > deadline {
				continue
			}
			key := keyOf(c.Breadcrumb)
			if i, again := seen[key]; again {
				c.at = max(c.at, crumbs[i].at) // ranks rise, and of one layer the earliest comes last
				crumbs[i] = c
				continue
			}
			seen[key] = len(crumbs)
			crumbs = append(crumbs, c)
		}
	}
	slices.SortFunc(crumbs, func(a, b crumb) int {
		return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.rank, b.rank), cmp.Compare(a.seq, b.seq))
	})
	keep := m.in.MaxBreadcrumbs
	if keep <= 0 {
		keep = DefaultMaxBreadcrumbs
	}
	if len(crumbs) > keep {
		crumbs = crumbs[len(crumbs)-keep:]
	}
	out := make([]model.Breadcrumb, len(crumbs))
	for i, c := range crumbs {
		out[i] = found(c.layer, c.Breadcrumb)
	}
	m.out.Breadcrumbs = out
}
