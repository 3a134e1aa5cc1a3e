package archive

import (
	"bytes"
	"errors"
	"io"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/otelcol-spotlight/otelcol-spotlight/exporter/spotlightexporter/internal/live"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var (
	noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	at   = model.TimeOf(noon)
)

func newStore() *live.Store { return live.New(live.Limits{}, func() time.Time { return noon }) }

// everything is one record of every kind, with what is easily lost: bytes that are no text, scopes, events, links.
func everything() *model.Batch {
	res := &model.Resource{Attributes: model.Attributes{{Key: "process.pid", Value: model.Int(7)}, {Key: "service.name", Value: model.String("api")}}}
	trace, root, event := model.TraceID{1}, model.SpanID{2}, model.EventID{3}
	handled := false
	span := &model.Span{TraceID: trace, Payload: []byte("{\"raw\":1.10}\n\x00\xff"), ReceivedTime: at + 5}
	span.SpanID, span.Name, span.Service, span.Origin, span.StartTime, span.DurationNS = root, "GET /", "api", model.OriginSentry, at, 1000
	span.EventID = model.EventID{9}
	span.Resource, span.Scope = res, &model.InstrumentationScope{Name: "http", Version: "1"}
	span.Attributes = model.Pack(model.Attributes{{Key: "b", Value: model.Bytes([]byte{0, 255})}, {Key: "n", Value: model.Number("1.10")}})
	span.Events = []model.SpanEvent{{Name: "retry", Time: at + 3, Attributes: model.Attributes{{Key: "k", Value: model.Bool(true)}}}}
	span.Links = []model.SpanLink{{TraceID: model.TraceID{8}, SpanID: model.SpanID{8}}}
	ev := &model.EventRecord{Source: model.SourceSentry, Resource: res, Payload: []byte("{\"x\":\"\xff\"}"), How: "frames"}
	ev.EventID, ev.IssueID, ev.TraceID, ev.SpanID, ev.Type, ev.Level, ev.Title, ev.Service, ev.Time, ev.Handled = event, "g", trace, root, model.EventError, model.LevelError, "Boom", "api", at, &handled
	loose := &model.EventRecord{Source: model.SourceLog, Exceptions: []model.Exception{{Type: "E", Frames: []model.Frame{{Function: "f", Line: 3}}}}, Message: "m"}
	loose.EventID, loose.IssueID, loose.Title, loose.Service, loose.Time = model.EventID{4}, "h", "E", "api", at
	log := &model.Log{Body: model.Map(model.Attributes{{Key: "deep", Value: model.List([]model.Value{model.Null(), model.Double(0.5)})}}), SeverityNumber: 9, Resource: res}
	log.Message, log.Level, log.Service, log.TraceID, log.Time = "hello", model.LevelInfo, "api", trace, at
	alone := &model.Log{Body: model.String("start")}
	alone.Message, alone.Level, alone.Service, alone.Time = "start", model.LevelWarning, "web", at
	file := &model.Item{Resource: res, Payload: []byte{0, 1, 255, '\n'}}
	file.Type, file.EventID, file.Service, file.Title, file.Size, file.Time = "attachment", event, "api", "core.dmp", 4, at
	session := &model.Item{Payload: []byte(`{"sid":"s"}`)}
	session.Type, session.Service, session.Size, session.Time = "session", "api", 11, at
	value := model.Double(2.5)
	metric := &model.Metric{Name: "up", Type: model.MetricTypeGauge, Service: "api", Resource: res, Points: []model.MetricPoint{{Time: at, Value: &value}}}
	return &model.Batch{
		Spans: []*model.Span{span}, Events: []*model.EventRecord{ev, loose}, Logs: []*model.Log{log, alone}, Items: []*model.Item{file, session},
		Metrics: []*model.Metric{metric},
	}
}

func written(t *testing.T, s *live.Store, session int) string {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, Write(&b, s, Options{Version: "1.2.3", Session: session, Now: at}))
	return b.String()
}

func read(t *testing.T, s *live.Store, text string) Result {
	t.Helper()
	res, err := Read(strings.NewReader(text), To(s))
	require.NoError(t, err)
	return res
}

func TestArchive_ReadingWhatWasWrittenLosesNothing(t *testing.T) {
	from, to := newStore(), newStore()
	from.Add(everything())
	file := written(t, from, AllSessions)
	require.Equal(t, Result{Spans: 1, Events: 2, Logs: 2, Metrics: 1, Items: 2}, read(t, to, file))
	require.Equal(t, unnumbered(file), unnumbered(written(t, to, AllSessions)), "written again it is the same file")

	span, ok := to.Trace(model.TraceID{1})
	require.True(t, ok)
	require.Equal(t, everything().Spans[0].Payload, span.Spans[0].Payload, "byte for byte")
	require.Equal(t, at+5, span.Spans[0].ReceivedTime)
	ev, ok := to.Event(model.EventID{3})
	require.True(t, ok)
	require.Equal(t, everything().Events[0].Payload, ev.Payload)
	items := to.ItemsOf(model.EventID{3})
	require.Len(t, items, 1)
	require.Equal(t, []byte{0, 1, 255, '\n'}, items[0].Payload)
}

// unnumbered leaves out what every store numbers anew.
func unnumbered(text string) string {
	return regexp.MustCompile(`"(id|session)":[0-9]+,?`).ReplaceAllString(text, "")
}

func TestArchive_OnlyOneSession(t *testing.T) {
	s := newStore()
	s.Add(everything())
	s.NewSession()
	later := &model.Log{Body: model.String("later")}
	later.Message, later.Service, later.Time = "later", "api", at
	s.Add(&model.Batch{Logs: []*model.Log{later}})

	first, second := written(t, s, 1), written(t, s, 2)
	require.NotContains(t, first, "later")
	require.Contains(t, first, "Boom")
	require.Contains(t, second, "later")
	require.NotContains(t, second, "Boom")
	require.Contains(t, strings.SplitN(first, "\n", 2)[0], `"session":{"number":1`)
}

func TestArchive_PinsAndHiddenGroupsComeAlong(t *testing.T) {
	from, to := newStore(), newStore()
	from.Add(everything())
	require.True(t, from.PinTrace(model.TraceID{1}, true))
	require.True(t, from.PinIssue("g", true))
	require.True(t, from.HideIssue("h", true))

	require.Equal(t, 3, read(t, to, written(t, from, AllSessions)).Marks)
	require.True(t, to.Traces()[0].Pinned)
	g, ok := to.Issue("g")
	require.True(t, ok)
	require.True(t, g.Pinned)
	require.False(t, g.Hidden)
	h, ok := to.Issue("h")
	require.True(t, ok)
	require.False(t, h.Pinned)
	require.True(t, h.Hidden)
}

// What is pinned is in the lists of every later session, and what was hidden is back there: the file of a session has
// what the user did in it to what is in the file.
func TestArchive_MarksOfOneSession(t *testing.T) {
	s := newStore()
	s.Add(everything())
	require.True(t, s.PinIssue("g", true))
	require.True(t, s.HideIssue("h", true))
	s.NewSession()

	first, second := written(t, s, 1), written(t, s, 2)
	require.Contains(t, first, `{"pin":{"issue_id":"g"}}`)
	require.Contains(t, first, `{"hide":{"issue_id":"h"}}`)
	require.NotContains(t, second, "issue_id")
	require.NotContains(t, written(t, s, AllSessions), `"hide"`)
}

// A mark of what the file does not hold, as after its records left the store, is no fault.
func TestArchive_MarksOfNothing(t *testing.T) {
	res := read(t, newStore(), `{"spotlight":1}`+"\n"+`{"pin":{"issue_id":"x"}}`+"\n"+`{"pin":{"trace_id":"01000000000000000000000000000000"}}`+"\n"+`{"hide":{"issue_id":"x"}}`)
	require.Equal(t, Result{Marks: 3}, res)
}

func TestArchive_ASecondTimeEverythingIsThereAlready(t *testing.T) {
	s := newStore()
	s.Add(everything())
	file := written(t, s, AllSessions)
	before := s.Counts()
	read(t, s, file)
	require.Equal(t, before.Events, len(eventsOf(s)))
	require.Equal(t, 2, len(s.Logs(0, 100)), "equal records are stored once")
	require.Equal(t, "imported", s.Sessions()[0].Reason)
}

func eventsOf(s *live.Store) []live.EventRow {
	page, _ := s.Events(0, 100)
	return page
}

// The processes of a file are no successors of those that run: nothing but the import itself starts a session.
func TestArchive_IsNoRestart(t *testing.T) {
	now := noon
	s := live.New(live.Limits{}, func() time.Time { return now })
	mine := everything()
	mine.Spans[0].Kind = model.KindServer
	s.Add(mine)
	now = now.Add(time.Minute)

	other := newStore()
	b := everything()
	for _, sp := range b.Spans {
		sp.TraceID[0] = 0x77
		sp.Resource.Attributes = sp.Resource.Attributes.With("process.pid", model.Int(8))
	}
	other.Add(b)
	read(t, s, written(t, other, AllSessions))
	now = now.Add(time.Minute)
	s.Tick()
	require.Len(t, s.Sessions(), 2)
	require.Equal(t, "imported", s.Sessions()[0].Reason)
}

func TestRead_Wrong(t *testing.T) {
	const head = `{"spotlight":1}` + "\n"
	for text, want := range map[string]string{
		"":                                   "this is no session file",
		"hello":                              "this is no session file",
		`{"event_id":"x"}`:                   "this is no session file",
		`{"spotlight":2,"version":"9.0"}`:    "format 2 of Collector 9.0, this one reads format 1",
		head + "{":                           "line 2: not a record",
		head + "\n\n" + `{"span":{}}`:        "line 4: a span without trace_id",
		head + `{"event":{}}`:                "line 2: an event without event_id",
		head + `{"metric":{}}`:               "line 2: a metric without a name",
		head + `{"of":3,"log":{"body":"x"}}`: "line 2: process 3 was not named before",
		head + `{"pin":{}}`:                  "line 2: a pin without trace_id or issue_id",
		head + `{"hide":{"trace_id":"01"}}`:  "line 2: not a record",
		head + `{"hide":{}}`:                 "line 2: a hidden group without issue_id",
		head + `{"span":{"trace_id":"zz"}}`:  "line 2: not a record",
	} {
		s := newStore()
		_, err := Read(strings.NewReader(text), To(s))
		require.ErrorContains(t, err, want, text)
	}
}

func TestRead_KeepsWhatCameBeforeTheFault(t *testing.T) {
	s := newStore()
	res, err := Read(strings.NewReader(`{"spotlight":1}`+"\n"+`{"log":{"message":"a","body":"a"}}`+"\n"+`{"new_kind":{}}`+"\nnonsense\n"), To(s))
	require.ErrorContains(t, err, "line 4")
	require.Equal(t, Result{Logs: 1, Unknown: 1}, res)
	require.Equal(t, "unknown_service", s.Logs(0, 10)[0].Service)
}

func TestRead_LongLine(t *testing.T) {
	s := newStore()
	log := `{"log":{"message":"a","body":"` + strings.Repeat("x", 300<<10) + `"}}`
	res, err := Read(strings.NewReader(`{"spotlight":1}`+"\n"+log), To(s))
	require.NoError(t, err)
	require.Equal(t, 1, res.Logs)
	require.Len(t, s.Logs(0, 10)[0].Body.Str(), 300<<10)

	endless := io.MultiReader(strings.NewReader(`{"spotlight":1}`+"\n"), endlessly('x'))
	_, err = Read(endless, To(s))
	require.ErrorContains(t, err, "line 2: longer than")
}

type endlessly byte

func (c endlessly) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(c)
	}
	return len(p), nil
}

func TestWrite_StopsWithItsReader(t *testing.T) {
	s := newStore()
	s.Add(everything())
	require.ErrorIs(t, Write(broken{}, s, Options{Session: AllSessions}), errBroken)
}

var errBroken = errors.New("gone")

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errBroken }

func FuzzRead(f *testing.F) {
	s := newStore()
	s.Add(everything())
	var b bytes.Buffer
	require.NoError(f, Write(&b, s, Options{Session: AllSessions}))
	f.Add(b.String())
	f.Add(`{"spotlight":1}` + "\n" + `{"span":{"trace_id":"0102030405060708090a0b0c0d0e0f10","span_id":"0102030405060708","duration_ns":-1}}`)
	f.Fuzz(func(t *testing.T, text string) {
		to := newStore()
		res, err := Read(strings.NewReader(text), To(to))
		if err != nil {
			return
		}
		again := newStore()
		var out bytes.Buffer
		require.NoError(t, Write(&out, to, Options{Session: AllSessions}))
		second, err := Read(&out, To(again))
		require.NoError(t, err)
		require.LessOrEqual(t, second.Records(), res.Records())
	})
}
