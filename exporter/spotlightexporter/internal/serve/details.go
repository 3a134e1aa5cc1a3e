package serve

import (
	"encoding/json"
	"net/http"
	"strconv"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/scope"
)

func (s *server) trace(w http.ResponseWriter, r *http.Request) {
	text := r.PathValue("trace_id")
	id, ok := s.Query.TraceID(text)
	if !ok {
		notFound(w, "trace", text)
		return
	}
	if s.unchanged(w, r) {
		return
	}
	t, ok := s.Query.Trace(id, isOn(r, "details", true))
	if !ok {
		notFound(w, "trace", text)
		return
	}
	s.answer(w, r, t)
}

func (s *server) span(w http.ResponseWriter, r *http.Request) {
	trace, ok := s.Query.TraceID(r.PathValue("trace_id"))
	if !ok {
		notFound(w, "trace", r.PathValue("trace_id"))
		return
	}
	id, ok := s.Query.SpanID(trace, r.PathValue("span_id"))
	if !ok {
		notFound(w, "span", r.PathValue("span_id"))
		return
	}
	span, ok := s.Query.Span(trace, id)
	if !ok {
		notFound(w, "span", r.PathValue("span_id"))
		return
	}
	s.answer(w, r, span)
}

func (s *server) issue(w http.ResponseWriter, r *http.Request) {
	if s.unchanged(w, r) {
		return
	}
	i, ok := s.Query.Issue(r.PathValue("issue_id"))
	if !ok {
		notFound(w, "issue", r.PathValue("issue_id"))
		return
	}
	s.answer(w, r, i)
}

// event has no ETag: an event also changes when a source map is found, which is no change of the store.
func (s *server) event(w http.ResponseWriter, r *http.Request) {
	text := r.PathValue("event_id")
	id, ok := s.Query.EventID(text)
	if !ok {
		notFound(w, "event", text)
		return
	}
	if isOn(r, "raw", false) {
		s.rawEvent(w, r, id)
		return
	}
	e, ok := s.Query.Event(id)
	if name := r.URL.Query().Get("policy"); name != "" && ok {
		policy, err := scope.ParsePolicy(name)
		if err != nil {
			fail(w, http.StatusBadRequest, err.Error())
			return
		}
		e, ok = s.Query.EventUnder(id, policy)
	}
	if !ok {
		notFound(w, "event", text)
		return
	}
	s.answer(w, r, e)
}

func (s *server) rawEvent(w http.ResponseWriter, r *http.Request, id model.EventID) {
	payload, ok := s.Query.RawEvent(id)
	if ok {
		raw(w, r, payload, payloadType(payload), id.String()+".json")
		return
	}
	if _, ok := s.Query.Event(id); ok {
		fail(w, http.StatusNotFound, "event "+id.String()+" came as an OpenTelemetry record and has no payload; ask without raw=1")
		return
	}
	notFound(w, "event", id.String())
}

// payloadType is the content type of a payload that is JSON unless it is broken.
func payloadType(payload []byte) string {
	if json.Valid(payload) {
		return "application/json"
	}
	return "application/octet-stream"
}

func (s *server) log(w http.ResponseWriter, r *http.Request) {
	id, ok := numberOf(w, r, "log")
	if !ok {
		return
	}
	l, ok := s.Query.Log(id)
	if !ok {
		notFound(w, "log", r.PathValue("id"))
		return
	}
	s.answer(w, r, l)
}

func (s *server) metric(w http.ResponseWriter, r *http.Request) {
	if s.unchanged(w, r) {
		return
	}
	m, ok := s.Query.Metric(r.PathValue("name"), r.URL.Query().Get("service"))
	if !ok {
		notFound(w, "metric", r.PathValue("name"))
		return
	}
	s.answer(w, r, m)
}

func (s *server) service(w http.ResponseWriter, r *http.Request) {
	v, ok := s.Query.Service(r.PathValue("id"))
	if !ok {
		notFound(w, "service", r.PathValue("id"))
		return
	}
	s.answer(w, r, v)
}

// numberOf reads the {id} of records that are numbered, or answers 404.
func numberOf(w http.ResponseWriter, r *http.Request, what string) (uint64, bool) {
	id, err := strconv.ParseUint(r.PathValue("id"), 10, 64)
	if err != nil {
		fail(w, http.StatusNotFound, "there is no "+what+" "+clip(r.PathValue("id"))+"; ids are numbers, as in the lists")
	}
	return id, err == nil
}
