package query

import (
	"github.com/otelcol-spotlight/otelcol-spotlight/exporter/spotlightexporter/internal/live"
	"github.com/otelcol-spotlight/otelcol-spotlight/exporter/spotlightexporter/internal/query/search"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// Filter selects and bounds the items of a list. The zero value selects the newest of the present session.
type Filter struct {
	Q       string     // query language, see the package search; terms that are wrong are explained in Page.Warnings
	Service string     // exact name
	Session int        // 0: the present one; AllSessions: all
	Since   uint64     // only what changed after this sequence number
	After   model.Time // only what is newer
	Before  uint64     // logs, items, events: only what has a smaller number (cursor, see Page.Next)
	Trace   model.TraceID
	Span    model.SpanID // with Trace
	Event   model.EventID
	Level   model.Level // at least this level
	Type    string      // items: Sentry's item type, or what such types begin with (replay); metrics: type
	PageURL string      // traces: that a browser page with this URL started
	Limit   int         // 0: DefaultLimit; at most MaxLimit
}

// AllSessions as Filter.Session selects all sessions that are kept.
const AllSessions = -1

// The bounds of a list.
const (
	DefaultLimit = 100
	MaxLimit     = 10_000
)

func (f *Filter) limit() int {
	if f.Limit <= 0 {
		return DefaultLimit
	}
	return min(f.Limit, MaxLimit)
}

// sessions says which session a list is of.
type sessions struct {
	table live.SessionTable
	want  int // 0 or less: all
}

func (q *Query) sessions(f *Filter) sessions {
	s := sessions{q.store.SessionTable(), f.Session}
	if f.Session == 0 && f.Trace.IsZero() && f.Event.IsZero() { // who asks for one trace wants it whenever it was
		s.want = s.table.Present()
	}
	return s
}

// has reports whether what was last active in a session is in the list.
func (s sessions) has(session int) bool { return s.want <= 0 || s.want == session }

// levelAtLeast reports whether a level is not below another one.
func levelAtLeast(l, least model.Level) bool {
	return least == "" || search.CompareLevels(l, least) >= 0
}
