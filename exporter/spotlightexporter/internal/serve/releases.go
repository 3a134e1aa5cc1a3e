package serve

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"time"
)

// Releases are not kept: an upload names its release itself. What follows answers build scripts that make, finalise and
// deploy releases with sentry-cli 2 and 3, so that they run to their end.

// noteRelease answers with the release it was told of.
func (s *server) noteRelease(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Version  string   `json:"version"`
		Projects []string `json:"projects"`
		Released *string  `json:"dateReleased"`
	}
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 4<<20)).Decode(&in); err != nil && !errors.Is(err, io.EOF) { // a PUT may carry thousands of commits
		fail(w, http.StatusBadRequest, "the body is not a JSON object with a version")
		return
	}
	if in.Version == "" {
		in.Version = r.PathValue("version")
	}
	projects := make([]map[string]string, 0, len(in.Projects))
	for _, p := range in.Projects {
		projects = append(projects, map[string]string{"slug": p, "name": p})
	}
	status := http.StatusCreated
	if r.Method == http.MethodPut {
		status = http.StatusOK
	}
	answerJSON(w, status, map[string]any{
		"version": in.Version, "projects": projects, "dateCreated": time.Now().UTC().Format(time.RFC3339), "dateReleased": in.Released, "newGroups": 0,
	})
}

// noteDeploy answers with the deploy it was told of.
func (s *server) noteDeploy(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Environment  string  `json:"environment"`
		Name         *string `json:"name"`
		URL          *string `json:"url"`
		DateFinished *string `json:"dateFinished"`
	}
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 64<<10)).Decode(&in); err != nil || in.Environment == "" {
		fail(w, http.StatusBadRequest, "the body is not a JSON object with an environment")
		return
	}
	answerJSON(w, http.StatusCreated, map[string]any{"id": "1", "environment": in.Environment, "name": in.Name, "url": in.URL, "dateStarted": nil, "dateFinished": in.DateFinished})
}

// noList answers with a list of nothing.
func (s *server) noList(w http.ResponseWriter, _ *http.Request) {
	answerJSON(w, http.StatusOK, []any{})
}

// noRelease answers that there was no release before this one.
func (s *server) noRelease(w http.ResponseWriter, _ *http.Request) {
	answerJSON(w, http.StatusOK, map[string]any{})
}

// forgetRelease answers that a release is gone.
func (s *server) forgetRelease(w http.ResponseWriter, _ *http.Request) {
	w.WriteHeader(http.StatusNoContent)
}

// account answers who the token belongs to: nobody, and it may upload.
func (s *server) account(w http.ResponseWriter, _ *http.Request) {
	answerJSON(w, http.StatusOK, map[string]any{"version": "0", "auth": map[string]any{"scopes": []string{"org:ci", "project:releases"}}, "user": nil})
}
