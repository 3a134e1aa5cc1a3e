package live

import (
	"bytes"
	"cmp"
	"slices"
	"time"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// One failure is often reported by several means: as an OpenTelemetry span event, as a log record, and as a Sentry event.
// Reports of one trace and span, with one exception type and message, within reportWindow or with one exception.id, are
// one occurrence (scopes.md, R20). The richest is the occurrence, the others are listed with it as "also seen as".
//
// Two reports of one source are two occurrences: a loop that fails forty times fails forty times.
const (
	reportWindow  = model.Time(50 * time.Millisecond)
	maxReports    = 64 // of one key; beyond, a report is an occurrence of its own
	attrException = "exception.id"
)

// reportKey is what reports of one failure share.
type reportKey struct {
	trace        model.TraceID
	span         model.SpanID
	title, value string
}

func keyOf(e *event) (k reportKey, ok bool) {
	r := e.rec
	return reportKey{r.TraceID, r.SpanID, r.Title, r.Value}, !r.TraceID.IsZero() && !r.SpanID.IsZero()
}

// meetReports compares a new occurrence with the other reports of what may be the same failure.
func (s *Store) meetReports(e *event) {
	key, ok := keyOf(e)
	if !ok || len(s.reports[key]) >= maxReports {
		return
	}
	if len(s.reports[key]) == 0 {
		s.grow(e.holder(), mapEntry+64)
	}
	s.reports[key] = append(s.reports[key], e)
	s.resolve(s.reports[key])
}

// leaveReports takes an event out of the reports of its failure. The others stay as they are until another one comes.
func (s *Store) leaveReports(e *event) {
	key, ok := keyOf(e)
	if !ok {
		return
	}
	group := s.reports[key]
	i := slices.Index(group, e)
	if i < 0 {
		return
	}
	if group = slices.Delete(group, i, i+1); len(group) == 0 {
		delete(s.reports, key)
		return
	}
	s.reports[key] = group
}

// resolve decides which of a group of reports are occurrences, and which are other reports of those. It depends on the
// set of reports only, not on the order in which they came.
func (s *Store) resolve(group []*event) {
	if len(group) == 1 && group[0].primary == nil && len(group[0].also) == 0 {
		return
	}
	sorted := slices.SortedFunc(slices.Values(group), func(a, b *event) int {
		return cmp.Or(cmp.Compare(rank(a.rec.Source), rank(b.rec.Source)), cmp.Compare(a.rec.Time, b.rec.Time),
			bytes.Compare(a.rec.EventID[:], b.rec.EventID[:]))
	})
	also := make(map[*event][]*event, len(sorted))
	var occurrences []*event
	for _, e := range sorted {
		var of *event
		for _, o := range occurrences {
			if o.rec.Source != e.rec.Source && sameFailure(o, e) && !slices.ContainsFunc(also[o], func(x *event) bool { return x.rec.Source == e.rec.Source }) {
				of = o
				break
			}
		}
		if of == nil {
			occurrences = append(occurrences, e)
			continue
		}
		also[of] = append(also[of], e)
	}
	for _, o := range occurrences {
		for _, e := range also[o] {
			if e.primary == nil {
				s.cease(e)
				s.bury(grave{kind: graveEvent, born: e.id, id: e.rec.EventID})
			}
			e.primary, e.also = o, nil
			s.seenAs(e, []*event{o})
		}
	}
	for _, o := range occurrences {
		if o.primary != nil {
			o.primary = nil
			s.occur(o)
		}
		o.also = also[o]
		s.seenAs(o, o.also)
	}
}

func sameFailure(a, b *event) bool {
	if d := a.rec.Time - b.rec.Time; d <= reportWindow && d >= -reportWindow {
		return true
	}
	id := a.rec.Attributes.Str(attrException)
	return id != "" && id == b.rec.Attributes.Str(attrException)
}

// seenAs writes into a record as what else its failure was seen.
func (s *Store) seenAs(e *event, others []*event) {
	seen := make([]model.AlsoSeen, len(others))
	for i, o := range others {
		seen[i] = model.AlsoSeen{EventID: o.rec.EventID, Source: o.rec.Source}
	}
	if slices.Equal(seen, e.rec.AlsoSeenAs) {
		return
	}
	rec := *e.rec
	rec.AlsoSeenAs = seen
	e.rec = &rec
	s.grow(e.holder(), int64(24*len(seen)))
	s.changeEvent(e)
}
