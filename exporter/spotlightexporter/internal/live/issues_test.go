package live

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

const ms = model.Time(time.Millisecond)

// report is a report of a failure in span 1 of trace 1: its source, and its time in milliseconds.
func report(id int, source model.EventSource, at model.Time, opts ...func(*model.EventRecord)) *model.EventRecord {
	e := failure(id, 1, "i", opts...)
	if e.SpanID.IsZero() {
		e.SpanID = spanID(1)
	}
	e.Source, e.Time = source, 1e18+at*ms
	if source != model.SourceSentry {
		e.Payload = nil
	}
	return e
}

func TestReports(t *testing.T) {
	S, L, E := model.SourceSentry, model.SourceLog, model.SourceSpanEvent
	elsewhere := func(e *model.EventRecord) { e.SpanID = spanID(9) }
	other := func(e *model.EventRecord) { e.Value = "other" }
	same := func(e *model.EventRecord) { e.Attributes = attrs(attrException, "x1") }
	tests := []struct {
		name    string
		reports []*model.EventRecord
		want    string // occurrences, and in brackets as what else each was seen
	}{
		{"three reports of one failure", []*model.EventRecord{report(1, S, 0), report(2, L, 10), report(3, E, 20)}, "1[2 3]"},
		{"the richest of two", []*model.EventRecord{report(2, L, 10), report(3, E, 0)}, "2[3]"},
		{"forty failures of one loop are forty", []*model.EventRecord{report(1, S, 0), report(2, S, 0), report(3, S, 1)}, "1[] 2[] 3[]"},
		{"a loop that reports twice", []*model.EventRecord{report(1, S, 0), report(2, S, 5), report(3, L, 1), report(4, L, 6)}, "1[3] 2[4]"},
		{"too far apart", []*model.EventRecord{report(1, S, 0), report(2, L, 51)}, "1[] 2[]"},
		{"far apart with one id", []*model.EventRecord{report(1, L, 0, same), report(2, E, 900, same)}, "1[2]"},
		{"another span", []*model.EventRecord{report(1, S, 0), report(2, L, 1, elsewhere)}, "1[] 2[]"},
		{"another message", []*model.EventRecord{report(1, S, 0), report(2, L, 1, other)}, "1[] 2[]"},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			for seed := range uint64(20) {
				s := New(Limits{}, newClock().now)
				order := rand.New(rand.NewPCG(seed, 1)).Perm(len(tc.reports))
				for _, i := range order {
					r := *tc.reports[i]
					s.Add(events(&r))
				}
				s.check(t)
				tr, _ := s.Trace(traceID(1))
				require.Len(t, tr.Also, len(tc.reports)-len(tr.Events))
				found := map[int]string{}
				page, _ := s.Events(0, 100)
				for _, row := range page {
					var also []string
					for _, a := range row.Rec.AlsoSeenAs {
						also = append(also, fmt.Sprint(a.EventID[15]))
						e, ok := s.Event(a.EventID)
						require.True(t, ok, "the other reports stay findable")
						require.Equal(t, row.Rec.EventID, e.AlsoSeenAs[0].EventID)
					}
					found[int(row.Rec.EventID[15])] = "[" + strings.Join(also, " ") + "]"
				}
				var got []string
				for id := range 10 {
					if also, ok := found[id]; ok {
						got = append(got, fmt.Sprint(id)+also)
					}
				}
				require.Equal(t, tc.want, strings.Join(got, " "), "order %v", order)
				is, ok := s.Issue("i")
				require.True(t, ok)
				require.Equal(t, len(got), is.Count)
				require.Equal(t, len(got), s.Status().Counts.Events)
			}
		})
	}
}

func TestReports_ManyOfOneKey(t *testing.T) {
	s := New(Limits{}, newClock().now)
	for i := range 1000 {
		s.Add(events(report(i+1, model.SourceSentry, model.Time(i))))
	}
	require.Equal(t, 1000, s.Status().Counts.Events)
	s.check(t)
}

func TestIssue_OrderOfArrivalDoesNotMatter(t *testing.T) {
	var recs []*model.EventRecord
	yes, no := true, false
	for i := range 30 {
		e := failure(i+1, i%4, fmt.Sprint("issue ", i%3))
		e.Time = 1e18 + model.Time(i*7%30)*5*1000*ms
		e.Service = []string{"web", "api", "db"}[i%3]
		e.Level = []model.Level{model.LevelWarning, model.LevelError, model.LevelFatal, model.LevelInfo}[i%4]
		e.Value = fmt.Sprint("value ", i)
		e.Handled = []*bool{nil, &yes, &no}[i/10]
		e.SpanID = spanID(i % 2)
		e.Source = []model.EventSource{model.SourceSentry, model.SourceLog}[i%2]
		recs = append(recs, e)
	}
	recs = append(recs, report(31, model.SourceLog, 500), report(32, model.SourceSentry, 510), report(33, model.SourceSpanEvent, 490))
	var want string
	for seed := range uint64(100) {
		c := newClock()
		c.t = time.Unix(0, 2e18)
		s := New(Limits{}, c.now)
		for _, i := range rand.New(rand.NewPCG(seed, 2)).Perm(len(recs)) {
			r := *recs[i]
			s.Add(events(&r))
		}
		got := ""
		for _, id := range []string{"issue 0", "issue 1", "issue 2", "i"} {
			is, ok := s.Issue(id)
			require.True(t, ok)
			got += fmt.Sprintf("%+v\n", is.Issue)
		}
		if want == "" {
			want = got
		}
		require.Equal(t, want, got)
		s.check(t)
	}
}

func TestIssue_Sparkline(t *testing.T) {
	c := newClock()
	s := New(Limits{}, c.now)
	at := func(id int, ago time.Duration) {
		e := failure(id, 0, "i")
		e.Time = model.TimeOf(c.t.Add(-ago))
		s.Add(events(e))
	}
	at(1, 0)
	at(2, time.Second)
	at(3, 20*time.Second)
	at(4, 4*time.Minute)
	at(5, time.Hour)  // not in it
	at(6, -time.Hour) // a clock that is ahead counts as now
	is, _ := s.Issue("i")
	require.Len(t, is.Spark, 20)
	require.Equal(t, 6, is.Count)
	sum := 0
	for _, n := range is.Spark {
		sum += n
	}
	require.Equal(t, 5, sum)
	require.Equal(t, c.at(), is.LastTime)
	require.Equal(t, model.TimeOf(c.t.Add(-time.Hour)), is.FirstTime)
	require.Zero(t, int64(is.SparkTime)%(15e9))
	require.Greater(t, is.SparkTime, is.LastTime)
	c.pass(30 * time.Second)
	at(7, 0)
	is, _ = s.Issue("i")
	require.Equal(t, []int{1, 1, 2, 0, 1}, is.Spark[15:], "20 s and 1 s before, and at, the full minute")
}

// TestIssue_Sessions: how often, and when, an issue occurred is told of each session by itself.
func TestIssue_Sessions(t *testing.T) {
	c := newClock()
	s := New(Limits{}, c.now)
	n := 0
	fail := func(issue string) (at model.Time) {
		n++
		e := failure(n, n, issue)
		e.Time = c.at()
		s.Add(events(e))
		c.pass(20 * time.Second)
		return e.Time
	}
	spark := func(is model.Issue) (marks int) {
		for _, n := range is.Spark {
			marks += n
		}
		return marks
	}
	one, two := fail("a"), fail("a")
	fail("b")
	s.NewSession()
	three := fail("a")
	s.NewSession()
	fail("c")

	is, ok := s.Issue("a")
	require.True(t, ok)
	require.Equal(t, 0, is.Count, "not in the present session")
	require.Equal(t, 3, is.TotalCount)
	first, ok := is.In(1)
	require.True(t, ok)
	require.Equal(t, []int{2, 3, 2}, []int{first.Count, first.TotalCount, spark(first)})
	require.Equal(t, []model.Time{one, two}, []model.Time{first.FirstTime, first.LastTime})
	second, ok := is.In(2)
	require.True(t, ok)
	require.Equal(t, []int{1, 3, 1}, []int{second.Count, second.TotalCount, spark(second)})
	require.Equal(t, []model.Time{three, three}, []model.Time{second.FirstTime, second.LastTime})
	all := is.InAll()
	require.Equal(t, []int{3, 3, 3}, []int{all.Count, all.TotalCount, spark(all)})
	require.Equal(t, []model.Time{one, three}, []model.Time{all.FirstTime, all.LastTime})
	_, ok = is.In(3)
	require.False(t, ok)

	ids := func(session int) (list []string) {
		for _, row := range s.Issues(session) {
			list = append(list, row.IssueID)
		}
		return list
	}
	require.Equal(t, []string{"c"}, ids(3))
	require.Equal(t, []string{"a"}, ids(2))
	require.Equal(t, []string{"a", "b"}, ids(1))
	require.Equal(t, []string{"c", "a", "b"}, ids(0))
	require.True(t, s.PinIssue("b", true))
	require.Equal(t, []string{"b", "c"}, ids(3), "pinned")
	var counts []int
	for _, x := range s.Sessions() {
		counts = append(counts, x.Issues)
	}
	require.Equal(t, []int{1, 1, 2}, counts)
	s.check(t)

	for range 2 * maxSessions { // the oldest sessions become one
		s.NewSession()
	}
	is, _ = s.Issue("a")
	first, ok = is.In(1)
	require.True(t, ok)
	require.Equal(t, []int{3, 3, 3}, []int{first.Count, first.TotalCount, spark(first)})
	require.Equal(t, []model.Time{one, three}, []model.Time{first.FirstTime, first.LastTime})
	s.check(t)
}

func TestIssue_HideAndCounts(t *testing.T) {
	s := New(Limits{}, newClock().now)
	s.Add(events(failure(1, 0, "a"), failure(2, 0, "b")))
	require.True(t, s.HideIssue("a", true))
	require.False(t, s.HideIssue("z", true))
	require.Equal(t, 1, s.Counts().Issues)
	is, _ := s.Issue("a")
	require.True(t, is.Hidden)
	s.NewSession()
	is, _ = s.Issue("a")
	require.False(t, is.Hidden, "hidden for one session")
	require.Equal(t, 0, is.Count)
	require.Equal(t, 1, is.TotalCount)
	s.Add(events(failure(3, 0, "a")))
	is, _ = s.Issue("a")
	require.Equal(t, []int{1, 2}, []int{is.Count, is.TotalCount})
	require.Equal(t, model.Counts{Issues: 1, Events: 1, Services: 1, Earlier: 1}, s.Counts())
	s.check(t)
}
