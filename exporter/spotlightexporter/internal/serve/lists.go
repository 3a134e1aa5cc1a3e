package serve

import (
	"net/http"

	"github.com/otelcol-spotlight/otelcol-spotlight/exporter/spotlightexporter/internal/query"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

func (s *server) status(w http.ResponseWriter, r *http.Request) { s.answer(w, r, s.Query.Status()) }

func (s *server) sessions(w http.ResponseWriter, r *http.Request) {
	if s.unchanged(w, r) {
		return
	}
	s.answer(w, r, s.Query.Sessions())
}

func (s *server) traces(w http.ResponseWriter, r *http.Request) { list(s, w, r, s.Query.Traces) }

func (s *server) issues(w http.ResponseWriter, r *http.Request) { list(s, w, r, s.Query.Issues) }

func (s *server) events(w http.ResponseWriter, r *http.Request) { list(s, w, r, s.Query.Events) }

func (s *server) logs(w http.ResponseWriter, r *http.Request) { list(s, w, r, s.Query.Logs) }

func (s *server) metrics(w http.ResponseWriter, r *http.Request) { list(s, w, r, s.Query.Metrics) }

func (s *server) services(w http.ResponseWriter, r *http.Request) { list(s, w, r, s.Query.Services) }

func (s *server) items(w http.ResponseWriter, r *http.Request) { list(s, w, r, s.Query.Items) }

// list answers with one of the lists.
func list[T any](s *server, w http.ResponseWriter, r *http.Request, ask func(query.Filter) model.Page[T]) {
	f, err := s.filterOf(r)
	if err != nil {
		fail(w, http.StatusBadRequest, err.Error())
		return
	}
	if s.unchanged(w, r) {
		return
	}
	s.answer(w, r, ask(f))
}
