package sentryreceiver

import (
	"net/http"
	"strings"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/envelope"
)

// attachments takes files for an event that was sent before: a multipart form, or one file as the body.
func (s *server) attachments(c *call) answer {
	id := hexID(c.eventID)
	if id == "" {
		return failed(badRequest(reasonBadForm, "the event id in the path is none").because("%.40q; 32 hex digits", c.eventID))
	}
	if err := s.whole(c, false); err != nil {
		return failed(err)
	}
	env := envelope.Envelope{Header: []byte(`{"event_id":"` + id + `"}`)}
	if strings.HasPrefix(c.Header.Get("Content-Type"), "multipart/") {
		parts, err := s.form(c)
		if err != nil {
			return failed(err)
		}
		for _, p := range parts {
			if p.isFile {
				env.Items = append(env.Items, attachment(p, ""))
			}
		}
		if len(env.Items) == 0 {
			return failed(badRequest(reasonBadForm, "the form has no file"))
		}
	} else {
		env.Items = append(env.Items, attachment(part{
			filename: first(c.query().Get("filename"), "attachment"), contentType: c.Header.Get("Content-Type"), data: c.body.data,
		}, ""))
	}
	if _, err := s.take(c, &env); err != nil {
		return failed(err)
	}
	return answer{status: http.StatusCreated}
}

// attachment makes an item of a file. kind is its attachment_type, "" for an ordinary one.
func attachment(p part, kind string) envelope.Item {
	header := []byte(`{"type":"attachment","filename":`)
	header = append(header, quoted(first(p.filename, p.name))...)
	if p.contentType != "" {
		header = append(header, `,"content_type":`...)
		header = append(header, quoted(p.contentType)...)
	}
	if kind != "" {
		header = append(header, `,"attachment_type":`...)
		header = append(header, quoted(kind)...)
	}
	return envelope.Item{Type: "attachment", Header: append(header, '}'), Payload: p.data}
}
