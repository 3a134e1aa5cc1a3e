package sentryreceiver

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"go.uber.org/zap"
)

// answer is what goes back to the SDK. Sentry's SDKs look at the status only; the rest is for people.
type answer struct {
	status      int
	contentType string
	body        []byte
	location    string   // of a redirect
	allow       string   // of a 405
	refusal     *refusal // what was refused, if anything was
}

const (
	jsonType = "application/json"
	textType = "text/plain; charset=utf-8"
)

// accepted is the answer to an envelope or an event: {"id":"..."} if an event was in it.
func accepted(eventID string) answer {
	body := make([]byte, 0, 48)
	if eventID == "" {
		body = append(body, '{', '}')
	} else {
		body = append(body, `{"id":"`...)
		body = append(body, eventID...) // 32 hex digits
		body = append(body, `"}`...)
	}
	return answer{status: http.StatusOK, contentType: jsonType, body: body}
}

func text(status int, s string) answer {
	return answer{status: status, contentType: textType, body: []byte(s)}
}

// failed is the answer for an error. Errors that are no refusal cannot happen; if one does, it is a refusal nobody has
// named yet, and the fault of the data all the same.
func failed(err error) answer {
	var r *refusal
	if !errors.As(err, &r) {
		r = badRequest(reasonNotEnvelope, err.Error())
	}
	problem := struct {
		Detail string   `json:"detail"`
		Causes []string `json:"causes,omitempty"`
	}{Detail: r.detail}
	if r.cause != "" {
		problem.Causes = []string{r.cause}
	}
	body, _ := json.Marshal(problem) // strings: cannot fail
	return answer{status: r.status, contentType: jsonType, body: body, refusal: r}
}

// answer writes ans.
func (s *server) answer(w http.ResponseWriter, r *http.Request, ans answer) {
	h := w.Header()
	if ans.refusal != nil {
		s.telemetry.refused(r.Context(), ans.refusal.reason, 1,
			zap.String("method", r.Method), zap.String("path", clip(r.URL.Path, 200)), zap.Int("status", ans.status), zap.Error(ans.refusal))
		h.Set("X-Sentry-Error", headerText(ans.refusal.Error()))
	}
	if ans.location != "" {
		h.Set("Location", ans.location)
	}
	if ans.allow != "" {
		h.Set("Allow", ans.allow)
	}
	if ans.contentType != "" {
		h.Set("Content-Type", ans.contentType)
	}
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin") // the pixel of GET /store/ is an image of another origin
	w.WriteHeader(ans.status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(ans.body) // a client that hung up is no concern of ours
	}
}

// headerText makes s fit for a header: printable ASCII, not long.
func headerText(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return '?'
		}
		return r
	}, clip(s, 512))
}

func clip(s string, most int) string {
	if len(s) > most {
		return s[:most] + "..."
	}
	return s
}
