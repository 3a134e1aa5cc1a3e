package live

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

func TestSessions(t *testing.T) {
	c := newClock()
	s := New(Limits{}, c.now)
	add := func(n int) {
		b := spans(span(n, 1))
		b.Events = []*model.EventRecord{failure(n, n, fmt.Sprint("i", n))}
		b.Logs = []*model.Log{line(n, fmt.Sprint(n))}
		s.Add(b)
	}
	add(1)
	s.NewSession()
	add(2)
	st := s.Status()
	require.Equal(t, 2, st.Session.Number)
	require.Equal(t, model.Counts{Issues: 1, Events: 1, Traces: 1, Spans: 1, Logs: 1, Services: 2, Earlier: 2}, st.Counts)
	require.Equal(t, []model.Session{
		{Number: 2, StartTime: c.at(), Reason: "new", Traces: 1, Issues: 1}, {Number: 1, StartTime: c.at(), Reason: "started", Traces: 1, Issues: 1},
	}, st.Sessions)
	require.Len(t, s.Traces(), 2, "earlier ones are kept")

	s.Add(spans(span(1, 2))) // an old trace goes on: it is now of this session
	tr, _ := s.Trace(traceID(1))
	require.Equal(t, 2, tr.Session)
	require.Equal(t, 2, s.Counts().Traces)
	require.Equal(t, 3, s.Counts().Spans)
	e, _ := s.Event(eventID(1))
	require.Equal(t, 1, e.Session, "what happened in the earlier one stays there")
	s.check(t)
}

func TestClear(t *testing.T) {
	c := newClock()
	s := New(Limits{}, c.now)
	fill := func() {
		for n := 1; n <= 3; n++ {
			b := spans(span(n, 1))
			b.Events = []*model.EventRecord{failure(n, n, fmt.Sprint("i", n)), failure(10+n, 0, "loose")}
			b.Logs = []*model.Log{line(n, fmt.Sprint(n)), line(0, fmt.Sprint(n))}
			b.Items = []*model.Item{thing("attachment", n, fmt.Sprint(n))}
			b.Metrics = []*model.Metric{gauge("m", n, 1)}
			s.Add(b)
		}
	}
	size := func() string {
		evs, _ := s.Events(0, 99)
		its, _ := s.Items(0, 99)
		return fmt.Sprint(len(s.Traces()), len(s.Issues(0)), len(evs), len(s.Logs(0, 99)), len(its), len(s.Metrics()))
	}
	fill()
	require.Equal(t, "3 4 6 6 3 1", size())
	s.PinTrace(traceID(2), true)
	before := s.Counts()
	s.Clear()
	require.Equal(t, "1 0 1 0 1 0", size(), "what is pinned stays")
	require.Equal(t, model.Counts{Earlier: 1}, s.Counts())
	require.NotEmpty(t, s.Services(), "processes are still there")
	_, ok := s.Trace(traceID(1))
	require.False(t, ok)
	tr, ok := s.Trace(traceID(2))
	require.True(t, ok)
	require.Len(t, tr.Logs, 1)
	_, ok = s.Log(tr.Logs[0].ID)
	require.True(t, ok)
	s.check(t)

	c.pass(UndoTime / 2)
	require.True(t, s.Undo())
	require.Equal(t, "3 4 6 6 3 1", size())
	require.Equal(t, before, s.Counts())
	require.Equal(t, 1, s.Status().Session.Number)
	require.False(t, s.Undo())
	s.check(t)

	s.Clear()
	s.Add(spans(span(7, 1)))
	bytes := s.Bytes()
	c.pass(UndoTime + time.Second)
	require.False(t, s.Undo(), "too late")
	s.Tick()
	require.Equal(t, "2 0 1 0 1 0", size())
	require.Less(t, s.Bytes(), bytes)
	require.EqualValues(t, 2*4+3+3+3, s.Status().Evicted[evictedCleared])
	s.check(t)
	s.PinTrace(traceID(2), false)
	require.Equal(t, []int{7}, traceIDs(s))
}

func TestClear_UndoKeepsWhatCameMeanwhile(t *testing.T) {
	c := newClock()
	s := New(Limits{}, c.now)
	s.Add(events(failure(1, 0, "i")))
	s.Clear()
	s.Add(events(failure(2, 0, "i")))
	is, _ := s.Issue("i")
	require.Equal(t, []int{1, 1}, []int{is.Count, is.TotalCount})
	require.True(t, s.Undo())
	is, _ = s.Issue("i")
	require.Equal(t, []int{2, 2}, []int{is.Count, is.TotalCount})
	require.Len(t, s.Status().Sessions, 1)
	s.check(t)
}

func TestSessions_AreBounded(t *testing.T) {
	s := New(Limits{}, newClock().now)
	for i := range 3 * maxSessions {
		s.Add(events(failure(i+1, 0, "i")))
		s.NewSession()
	}
	require.Len(t, s.Status().Sessions, maxSessions)
	s.check(t)
}

// act is a step of a scenario of processes: after some seconds, a process sends something that it recorded as long ago.
type act struct {
	after   time.Duration
	pid     string
	service string
	ago     time.Duration
}

func TestRestart(t *testing.T) {
	sec := time.Second
	tests := []struct {
		name string
		acts []act
		want []string // reasons of the sessions, newest first
	}{
		{"a process that is silent and a new one", []act{{0, "1", "api", 0}, {30 * sec, "2", "api", 0}, {sec, "", "", 0}}, []string{"restarted: api", "started"}},
		{"a restart within a second, the old one's last data come late",
			[]act{{0, "1", "api", 0}, {30 * sec, "1", "api", 0}, {sec, "2", "api", 0}, {sec, "1", "api", 3 * sec}, {10 * sec, "2", "api", 0}}, []string{"restarted: api", "started"}},
		{"not before it is certain", []act{{0, "1", "api", 0}, {30 * sec, "1", "api", 0}, {sec, "2", "api", 0}, {2 * sec, "2", "api", 0}}, []string{"started"}},
		{"two replicas", []act{{0, "1", "api", 0}, {sec, "2", "api", 0}, {2 * sec, "1", "api", 0}, {3 * sec, "2", "api", 0}, {30 * sec, "1", "api", 0}, {sec, "", "", 0}}, []string{"started"}},
		{"a replica that was idle while another one came: one session at most, and then never again",
			[]act{{0, "1", "api", 0}, {20 * sec, "2", "api", 0}, {sec, "1", "api", 0}, {60 * sec, "3", "api", 0}, {60 * sec, "4", "api", 0}, {10 * sec, "", "", 0}}, []string{"restarted: api", "started"}},
		{"both replicas restart", []act{{0, "1", "api", 0}, {0, "2", "api", 0}, {5 * sec, "1", "api", 0}, {5 * sec, "2", "api", 0}, {30 * sec, "3", "api", 0}, {0, "4", "api", 0}, {10 * sec, "3", "api", 0}, {0, "4", "api", 0}, {10 * sec, "", "", 0}},
			[]string{"restarted: api", "started"}},
		{"another service", []act{{0, "1", "api", 0}, {30 * sec, "2", "web", 0}, {30 * sec, "", "", 0}}, []string{"started"}},
		{"a job that runs again and again", []act{{0, "1", "job", 0}, {5 * sec, "2", "job", 0}, {5 * sec, "3", "job", 0}, {5 * sec, "4", "job", 0}, {5 * sec, "5", "job", 0}, {30 * sec, "", "", 0}}, []string{"started"}},
		{"a page that is loaded again", []act{{0, "1", "page", 0}, {30 * sec, "2", "page", 0}, {30 * sec, "", "", 0}}, []string{"started"}},
		{"a service that crashes in a loop", []act{{0, "1", "api", 0}, {10 * sec, "2", "api", 0}, {10 * sec, "3", "api", 0}, {10 * sec, "4", "api", 0}, {10 * sec, "5", "api", 0}, {10 * sec, "6", "api", 0}, {10 * sec, "", "", 0}},
			[]string{"restarted: api", "restarted: api", "restarted: api", "started"}},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			c := newClock()
			s := New(Limits{}, c.now)
			for i, a := range tc.acts {
				c.pass(a.after)
				if a.pid == "" {
					s.Tick()
					continue
				}
				sp := span(i+1, 1)
				sp.Service, sp.Resource = a.service, process(a.service, a.pid)
				if a.service == "page" {
					sp.Resource = resource("service.name", "page", "service.instance.id", a.pid, "browser.platform", "Linux")
				}
				if a.service != "job" {
					sp.Kind = model.KindServer
				}
				sp.StartTime = model.TimeOf(c.t.Add(-a.ago)) - 1000
				s.Add(spans(sp))
				s.check(t)
			}
			var got []string
			for _, x := range s.Status().Sessions {
				got = append(got, x.Reason)
			}
			require.Equal(t, tc.want, got)
		})
	}
}

func TestRestart_TheSessionBeginsWhereTheNewProcessAppeared(t *testing.T) {
	c := newClock()
	s := New(Limits{}, c.now)
	send := func(n int, pid string) {
		sp := span(n, 1)
		sp.Kind, sp.StartTime, sp.Resource = model.KindServer, c.at()-1000, process("api", pid)
		b := spans(sp)
		e := failure(n, n, "i")
		e.Resource = sp.Resource
		b.Events = []*model.EventRecord{e}
		b.Logs = []*model.Log{line(0, fmt.Sprint(n))}
		s.Add(b)
	}
	send(1, "1")
	c.pass(20 * time.Second)
	send(2, "1")
	c.pass(time.Second)
	send(3, "2")
	seq := s.Seq()
	require.Equal(t, 1, s.Status().Session.Number, "not certain yet")
	c.pass(7 * time.Second)
	s.Tick()
	st := s.Status()
	require.Equal(t, 2, st.Session.Number)
	require.Equal(t, model.TimeOf(c.t.Add(-7*time.Second)), st.Session.StartTime)
	require.Equal(t, model.Counts{Issues: 1, Events: 1, Traces: 1, Spans: 1, Logs: 1, Services: 3, Earlier: 2}, st.Counts)
	tr, _ := s.Trace(traceID(3))
	require.Equal(t, 2, tr.Session)
	e, _ := s.Event(eventID(3))
	require.Equal(t, 2, e.Session)
	is, _ := s.Issue("i")
	require.Equal(t, []int{1, 3}, []int{is.Count, is.TotalCount})
	logs := s.Logs(0, 9)
	require.Equal(t, []int{2, 1}, []int{s.SessionTable().Of(logs[0].ID), s.SessionTable().Of(logs[1].ID)})
	changes, ok := s.Changes(seq)
	require.True(t, ok)
	require.True(t, changes.Reset)
	s.check(t)
}

// TestRestart_Together: an application of several services that is started anew begins one session.
func TestRestart_Together(t *testing.T) {
	c := newClock()
	s := New(Limits{}, c.now)
	n := 0
	send := func(service string, started time.Time) {
		n++
		sp := span(n, 1)
		sp.Service, sp.Origin, sp.Kind, sp.StartTime, sp.DurationNS = service, model.OriginSentry, model.KindServer, c.at()-1000, 10
		sp.Resource = resource("service.name", service, "service.instance.id", service, "process.creation.time", started.Format(time.RFC3339Nano))
		s.Add(spans(sp))
	}
	first := c.t
	c.pass(time.Minute)
	send("web", first)
	send("api", first)
	send("db", first)
	c.pass(20 * time.Second)
	again := c.t
	c.pass(time.Second)
	send("web", again)
	c.pass(3 * time.Second)
	send("api", again)
	send("api", again)
	list := s.Sessions()
	require.Len(t, list, 2)
	require.Equal(t, "restarted: web, api", list[0].Reason)
	require.Equal(t, 3, list[0].Traces)
	c.pass(time.Minute)
	send("db", c.t.Add(-time.Second))
	require.Equal(t, "restarted: db", s.Sessions()[0].Reason, "by itself, later")
	s.check(t)
}

// TestRestart_Forks: workers of one server say different start times under one identity, at the same time.
func TestRestart_Forks(t *testing.T) {
	c := newClock()
	s := New(Limits{}, c.now)
	n := 0
	send := func(started time.Time) {
		n++
		sp := span(n, 1)
		sp.Origin, sp.Kind, sp.StartTime, sp.DurationNS = model.OriginSentry, model.KindServer, c.at()-1000, 10
		sp.Resource = resource("service.name", "api", "service.instance.id", "same", "process.creation.time", started.Format(time.RFC3339Nano))
		s.Add(spans(sp))
		c.pass(time.Second)
	}
	master := c.t
	c.pass(time.Minute)
	send(master)
	respawned := c.t
	c.pass(10 * time.Second)
	send(master)
	send(respawned)
	send(master)
	require.Equal(t, 1, s.Status().Session.Number)
	c.pass(time.Minute)
	again := c.t.Add(-time.Second)
	send(again)
	require.Equal(t, 1, s.Status().Session.Number, "a worker was replaced; the others go on")
	s.check(t)
}

func TestRestart_ByStartTime(t *testing.T) {
	c := newClock()
	s := New(Limits{}, c.now)
	send := func(n int, started time.Time) {
		sp := span(n, 1)
		sp.Origin, sp.Kind, sp.StartTime = model.OriginSentry, model.KindServer, c.at()-1000
		sp.Resource = resource("service.name", "api", "service.instance.id", "same", "process.creation.time", started.Format(time.RFC3339Nano))
		s.Add(spans(sp))
	}
	first := c.t.Add(-time.Minute)
	send(1, first)
	c.pass(time.Second)
	send(2, first.Add(100*time.Millisecond))
	require.Equal(t, 1, s.Status().Session.Number)
	c.pass(5 * time.Second)
	send(3, c.t.Add(-time.Second))
	require.Equal(t, 2, s.Status().Session.Number)
	require.Len(t, s.Services(), 1)
	require.Equal(t, 1, s.Counts().Traces)
	s.check(t)

	s = New(Limits{}, c.now) // what was recorded earlier, and is sent now
	first = c.t.Add(-time.Hour)
	send(4, first)
	send(5, c.t.Add(-time.Minute))
	require.Equal(t, 1, s.Status().Session.Number)
	s.check(t)
}
