package live

import (
	"github.com/stretchr/testify/require"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// overhead returns the bytes that belong to no unit.
func (s *Store) overhead() int64 {
	n := int64(len(s.logs.chunks))*s.logs.chunkBytes() + int64(len(s.items.chunks))*s.items.chunkBytes() +
		int64(len(s.occurrences.chunks))*s.occurrences.chunkBytes()
	for _, sv := range s.services {
		n += sv.bytes
		for _, g := range sv.globals {
			n += g.bytes
		}
	}
	for _, is := range s.issues {
		n += is.bytes
	}
	for _, m := range s.metrics {
		n += metricBytes
		for _, sr := range m.series {
			n += sr.bytes
		}
	}
	return n
}

// check recomputes everything the store keeps up to date by hand, from the units it holds.
func (s *Store) check(t require.TestingT) {
	s.mu.Lock()
	defer s.mu.Unlock()
	require.LessOrEqual(t, s.bytes, s.limits.MaxBytes, "the bound")

	var bytes, pinned int64
	want := model.Counts{}
	listed, events, logs, items, points := 0, 0, 0, 0, 0
	sessions := map[int]int{}
	start := s.sessionStart()
	countLog := func(l *model.Log) {
		logs++
		require.Same(t, l, s.logs.get(l.ID))
		if l.ID > start {
			want.Logs++
		}
	}
	countItem := func(it *item, holder *unit) {
		items++
		require.Same(t, holder, it.holder)
		require.Same(t, it, s.items.get(it.rec.ID))
		if it.rec.ID > start {
			want.Items++
			if it.rec.Type == "attachment" {
				want.Attachments++
			}
		}
	}
	countEvent := func(e *event) {
		events++
		require.Same(t, e, s.events[e.rec.EventID])
		require.Equal(t, s.sessionOf(e.id), e.rec.Session)
		if e.primary != nil {
			require.Nil(t, s.occurrences.get(e.id))
			require.Nil(t, e.issue)
			return
		}
		require.Same(t, e, s.occurrences.get(e.id))
		if e.rec.IssueID != "" {
			require.Same(t, s.issues[e.rec.IssueID], e.issue)
		}
		if e.id > start {
			want.Events++
		}
	}
	for _, l := range [...]*list[unit]{&s.live, &s.pinned} {
		n, last := 0, uint64(0)
		for u := l.front; u != nil; u = u.next {
			n++
			bytes += u.v.bytes
			if l == &s.pinned {
				pinned += u.v.bytes
			}
			require.Equal(t, l == &s.pinned, u.v.pins > 0)
			require.GreaterOrEqual(t, u.v.seq, last, "units are in order of their last activity")
			last = u.v.seq
			switch what := u.v.what.(type) {
			case *trace:
				require.Same(t, what, s.traces[what.id])
				require.Equal(t, s.sessionOf(what.seq), what.session)
				for _, e := range what.events {
					countEvent(e)
				}
				for _, l := range what.logs {
					countLog(l)
				}
				for _, it := range what.items {
					countItem(it, &what.unit)
				}
				if len(what.spans) > 0 && !s.cleared(&what.unit) {
					listed++
					sessions[what.session]++
					if what.session == s.present() {
						want.Traces++
						want.Spans += len(what.spans)
					}
				}
				require.LessOrEqual(t, len(what.spans), s.limits.MaxSpansPerTrace)
				require.LessOrEqual(t, what.seen, len(what.spans))
				for i := range what.spans {
					at, ok := what.find(what.span(i).SpanID)
					require.True(t, ok)
					require.Equal(t, i, at)
				}
			case *event:
				countEvent(what)
				for _, it := range what.items {
					countItem(it, &what.unit)
				}
			case *looseLog:
				countLog(what.log)
			case *item:
				countItem(what, &what.unit)
			case *export:
				points += len(what.series)
			}
		}
		require.Equal(t, n, l.n)
	}
	require.Equal(t, s.bytes, bytes+s.overhead(), "bytes")
	require.Equal(t, pinned, s.pinnedBytes)
	require.Equal(t, events, len(s.events))
	require.Equal(t, logs, s.logs.n)
	require.Equal(t, items, s.items.n)
	require.Equal(t, listed, s.listedTraces)
	inMetrics := 0
	for _, m := range s.metrics {
		require.Positive(t, m.exports.n)
		inMetrics += m.points
		inSeries := 0
		for _, sr := range m.series {
			inSeries += sr.points
		}
		require.Equal(t, m.points, inSeries)
		if m.exports.back.v.seq > start {
			want.Metrics++
		}
	}
	require.Equal(t, points, inMetrics)
	listedIssues := 0
	issueSessions := map[int]int{}
	for _, is := range s.issues {
		require.True(t, is.events.n > 0 || is.user, "an issue without events")
		n := 0
		for _, c := range is.perSession {
			n += c.n
			require.Positive(t, c.n)
		}
		require.GreaterOrEqual(t, n, is.events.n-cleared(s, is))
		stored := map[int]int{}
		for ev := is.events.front; ev != nil; ev = ev.next {
			stored[s.sessionOf(ev.v.id)]++
		}
		for _, c := range is.perSession {
			require.GreaterOrEqual(t, c.n, stored[c.session], "of a session")
			require.LessOrEqual(t, c.first, c.last)
		}
		if len(is.perSession) > 0 && s.listed(is) {
			listedIssues++
			for _, c := range is.perSession {
				issueSessions[c.session]++
			}
			if is.session == s.present() && is.hiddenIn != is.session {
				want.Issues++
			}
		}
	}
	require.Equal(t, listedIssues, s.listedIssues)
	for _, sv := range s.services {
		if sv.session == s.present() {
			want.Services++
		}
	}
	require.Equal(t, want, s.counts)
	for i := range s.sessions {
		require.Equal(t, sessions[s.sessions[i].Number], s.sessions[i].Traces)
		require.Equal(t, issueSessions[s.sessions[i].Number], s.sessions[i].Issues)
	}
}

// cleared returns 0: an issue counts what was cleared until a session of it is gone.
func cleared(*Store, *issue) int { return 0 }
