package serve

import (
	"errors"
	"net/http"
	"strconv"

	"go.uber.org/zap"

	"github.com/otelcol-spotlight/otelcol-spotlight/exporter/spotlightexporter/internal/archive"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// exportSession answers with a session as a download. It is written while it is read from the store: nothing of the size
// of a session is held in memory.
func (s *server) exportSession(w http.ResponseWriter, r *http.Request) {
	present := s.Store.SessionTable().Present()
	number, name := present, strconv.Itoa(present)
	switch text := r.URL.Query().Get("session"); text {
	case "", "current":
	case "all":
		number, name = archive.AllSessions, text
	default:
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || !s.hasSession(n) {
			fail(w, http.StatusNotFound, "there is no session "+clip(text)+"; GET /api/v1/sessions lists them, current and all will do too")
			return
		}
		number, name = n, text
	}
	status := s.Query.Status()
	h := w.Header()
	h.Set("Content-Type", "application/x-ndjson")
	h.Set("Content-Disposition", disposition("spotlight-session-"+name+"-"+status.StartTime.Std().UTC().Format("2006-01-02")+".ndjson"))
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("Cache-Control", "no-store")
	if r.Method == http.MethodHead {
		return
	}
	now := model.TimeOf(status.StartTime.Std()) + model.Time(status.UptimeNS)
	if err := archive.Write(w, s.Store, archive.Options{Version: status.Version, Session: number, Now: now}); err != nil {
		// The client went, as a rule. The answer has begun: it ends short of its last line, without a word.
		s.Logger.Debug("session export ended early", zap.Error(err))
	}
}

func (s *server) hasSession(number int) bool {
	for _, x := range s.Store.Sessions() {
		if x.Number == number {
			return true
		}
	}
	return false
}

// importSession takes a file of exportSession in. Records that are here already are dropped as duplicates, like any that
// arrive twice.
func (s *server) importSession(w http.ResponseWriter, r *http.Request) {
	into := archive.To(s.Store)
	if isOn(r, "continue", false) {
		into.Begin = func() {}
	}
	result, err := archive.Read(r.Body, into)
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		fail(w, http.StatusRequestEntityTooLarge, "the file is larger than "+strconv.FormatInt(tooLarge.Limit>>20, 10)+
			" MiB; the overlay's settings send it in parts, and so may you: begin each with its first line and the lines of its processes, and add continue=1 after the first")
	case err != nil:
		text := err.Error()
		if n := result.Records(); n > 0 {
			text += "; what came before it was taken in (records: " + strconv.Itoa(n) + ")"
		}
		fail(w, http.StatusBadRequest, text)
	default:
		s.answer(w, r, struct {
			archive.Result
			Session int    `json:"session"`
			Seq     uint64 `json:"seq"`
		}{result, s.Store.SessionTable().Present(), s.Query.Seq()})
	}
}
