package serve

import (
	"net/http"

	"go.uber.org/zap"
)

// done answers a request that changed something; the change itself comes over the WebSocket.
func (s *server) done(w http.ResponseWriter, r *http.Request) {
	s.answer(w, r, map[string]uint64{"seq": s.Query.Seq()})
}

func (s *server) clear(w http.ResponseWriter, r *http.Request) {
	s.Store.Clear()
	s.done(w, r)
}

func (s *server) undo(w http.ResponseWriter, r *http.Request) {
	if !s.Store.Undo() {
		fail(w, http.StatusConflict, "there is no clear to take back, or it is too long ago")
		return
	}
	s.done(w, r)
}

func (s *server) newSession(w http.ResponseWriter, r *http.Request) {
	s.Store.NewSession()
	s.done(w, r)
}

func (s *server) pinTrace(w http.ResponseWriter, r *http.Request)   { s.setTracePinned(w, r, true) }
func (s *server) unpinTrace(w http.ResponseWriter, r *http.Request) { s.setTracePinned(w, r, false) }

func (s *server) setTracePinned(w http.ResponseWriter, r *http.Request, pinned bool) {
	id, ok := s.Query.TraceID(r.PathValue("trace_id"))
	if !ok || !s.Store.PinTrace(id, pinned) {
		notFound(w, "trace", r.PathValue("trace_id"))
		return
	}
	s.done(w, r)
}

func (s *server) pinIssue(w http.ResponseWriter, r *http.Request) {
	s.onIssue(w, r, func(id string) bool { return s.Store.PinIssue(id, true) })
}

func (s *server) unpinIssue(w http.ResponseWriter, r *http.Request) {
	s.onIssue(w, r, func(id string) bool { return s.Store.PinIssue(id, false) })
}

func (s *server) hideIssue(w http.ResponseWriter, r *http.Request) {
	s.onIssue(w, r, func(id string) bool { return s.Store.HideIssue(id, true) })
}

func (s *server) showIssue(w http.ResponseWriter, r *http.Request) {
	s.onIssue(w, r, func(id string) bool { return s.Store.HideIssue(id, false) })
}

func (s *server) onIssue(w http.ResponseWriter, r *http.Request, change func(id string) bool) {
	if !change(r.PathValue("issue_id")) {
		notFound(w, "issue", r.PathValue("issue_id"))
		return
	}
	s.done(w, r)
}

func (s *server) test(w http.ResponseWriter, r *http.Request) {
	kind := r.URL.Query().Get("kind")
	if kind != "" && kind != "trace" && kind != "error" {
		fail(w, http.StatusBadRequest, "kind="+clip(kind)+": want trace or error")
		return
	}
	sent, err := s.SendTest(r.Context(), kind)
	if err != nil {
		s.Logger.Error("test trace could not be sent", zap.Error(err))
		fail(w, http.StatusInternalServerError, "the test trace could not be sent; see the Collector's log")
		return
	}
	s.answer(w, r, sent)
}
