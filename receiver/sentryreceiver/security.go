package sentryreceiver

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/envelope"
)

// maxReports bounds the reports of one list: browsers send a few at a time.
const maxReports = 1000

// security takes the reports that browsers make by themselves of Content-Security-Policy, Expect-CT and their like: an
// object with one, or a list of them (the Reporting API). Answered empty, as by Sentry.
func (s *server) security(c *call) answer {
	header := []byte(`{"type":"raw_security"`)
	for _, name := range [...]string{"sentry_release", "sentry_environment"} {
		if v := c.query().Get(name); v != "" {
			header = append(header, `,"`+name+`":`...)
			header = append(header, quoted(v)...)
		}
	}
	return s.reports(c, "raw_security", append(header, '}'))
}

// nel takes the list of Network Error Logging.
func (s *server) nel(c *call) answer {
	return s.reports(c, "nel", []byte(`{"type":"nel"}`))
}

// reports takes an object, or each object of a list, as an item of its own.
func (s *server) reports(c *call, itemType string, header []byte) answer {
	if err := s.whole(c, true); err != nil {
		return failed(err)
	}
	data := trimmed(c.body.data)
	list := []json.RawMessage{data}
	if !isObject(data) {
		list = nil
		if err := json.Unmarshal(data, &list); err != nil {
			return failed(notReports(c).because("%v", err))
		}
	}
	env := envelope.Envelope{Header: []byte(`{"event_id":"` + newEventID() + `"}`)}
	for _, report := range list {
		if !isObject(bytes.TrimSpace(report)) {
			continue
		}
		if len(env.Items) == maxReports {
			env.Left++
			continue
		}
		env.Items = append(env.Items, envelope.Item{Type: itemType, Header: header, Payload: report})
	}
	if len(env.Items) == 0 {
		return failed(notReports(c).because("no report in it"))
	}
	if _, err := s.take(c, &env); err != nil {
		return failed(err)
	}
	return answer{status: http.StatusOK}
}

// notReports is the refusal of a body that holds no reports: 415 if it does not even claim to be JSON.
func notReports(c *call) *refusal {
	if kind := c.Header.Get("Content-Type"); kind != "" && !strings.Contains(kind, "json") && !strings.Contains(kind, "report") {
		return refuse(http.StatusUnsupportedMediaType, reasonContentType, "reports are JSON: application/csp-report, application/reports+json or application/json")
	}
	return badRequest(reasonBadReport, "the body is no report: an object or a list of objects is taken")
}
