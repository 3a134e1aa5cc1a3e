package sentryreceiver

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/envelope"
)

// nilCheckIn stands for "the latest check-in that is still open", as Sentry has it.
const nilCheckIn = "00000000000000000000000000000000"

// cron takes a check-in by URL, as curl in a crontab sends it: GET or POST with a query, POST with JSON.
func (s *server) cron(c *call) answer {
	fields := map[string]json.RawMessage{}
	if c.Method == http.MethodPost {
		if err := s.read(c, true); err != nil {
			return failed(err)
		}
		if data := trimmed(c.body.data); isObject(data) {
			if err := json.Unmarshal(data, &fields); err != nil {
				return failed(badRequest(reasonBadCheckIn, "the body is no check-in").because("%v", err))
			}
		}
	}
	for name, values := range c.query() {
		if strings.HasPrefix(name, "sentry_") {
			continue // authentication
		}
		if _, err := strconv.ParseFloat(values[0], 64); err == nil && json.Valid([]byte(values[0])) {
			fields[name] = json.RawMessage(values[0])
		} else {
			fields[name] = quoted(values[0])
		}
	}
	var status string
	_ = json.Unmarshal(fields["status"], &status) // left empty by what is no text
	switch status {
	case "ok", "in_progress", "error":
	default:
		return failed(badRequest(reasonBadCheckIn, "a check-in needs a status").because("%.20q; in_progress, ok or error", status))
	}
	fields["monitor_slug"] = quoted(c.slug)
	if fields["check_in_id"] == nil {
		fields["check_in_id"] = quoted(nilCheckIn)
	}
	payload, err := json.Marshal(fields)
	if err != nil {
		return failed(badRequest(reasonBadCheckIn, "the body is no check-in").because("%v", err))
	}
	_, err = s.take(c, &envelope.Envelope{Header: []byte("{}"), Items: []envelope.Item{
		{Type: "check_in", Header: []byte(`{"type":"check_in"}`), Payload: payload},
	}})
	if err != nil {
		return failed(err)
	}
	return answer{status: http.StatusAccepted}
}
