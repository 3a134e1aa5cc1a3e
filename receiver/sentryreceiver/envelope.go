package sentryreceiver

import (
	"fmt"
	"net/http"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/envelope"
)

// envelope takes an envelope: the endpoint of today's SDKs, and Spotlight's.
func (s *server) envelope(c *call) answer {
	env, err := s.readEnvelope(c)
	if err != nil {
		return failed(err)
	}
	id, err := s.take(c, &env)
	if err != nil {
		return failed(err)
	}
	return accepted(id)
}

// tunnel takes envelopes at any path. What is none gets a 404: most likely it was meant for another server.
func (s *server) tunnel(c *call) answer {
	env, err := s.readEnvelope(c)
	_, hasDSN := envelope.Text(env.Header, "dsn")
	if err == nil && len(env.Items) == 0 && !hasDSN {
		err = badRequest(reasonNotEnvelope, "no item and no dsn")
	}
	if r, ok := err.(*refusal); ok && r.status == http.StatusBadRequest { //nolint:errorlint // never wrapped
		return failed(refuse(http.StatusNotFound, reasonNoEndpoint, "no endpoint has this path, and the body is no envelope that came through a tunnel").because("%v", r))
	}
	if err != nil {
		return failed(err)
	}
	id, err := s.take(c, &env)
	if err != nil {
		return failed(err)
	}
	return accepted(id)
}

// readEnvelope reads and splits the body. Of a body that ended early it keeps the items that are whole.
func (s *server) readEnvelope(c *call) (envelope.Envelope, error) {
	if err := s.read(c, true); err != nil {
		return envelope.Envelope{}, err
	}
	env, err := s.split(c.body.data)
	cut := c.body.cut
	if cut == nil {
		return env, err
	}
	if env.Open && len(env.Items) > 0 {
		env.Items = env.Items[:len(env.Items)-1]
	}
	if err != nil || len(env.Items) == 0 {
		return envelope.Envelope{}, badRequest(reasonCutOff, "the body ended early, before the end of its first item").because("%v", cut)
	}
	env.Warnings = append(env.Warnings, fmt.Sprintf(warnCutOff, cut))
	last := &env.Items[len(env.Items)-1]
	last.Warnings = append(last.Warnings, fmt.Sprintf(warnCutOff, cut))
	s.telemetry.refused(c.Context(), reasonCutOff, 1)
	return env, nil
}

// split parses an envelope.
func (s *server) split(data []byte) (envelope.Envelope, error) {
	env, err := envelope.Parse(data, s.framing)
	switch {
	case err == nil:
		return env, nil
	case len(data) == 0:
		return env, badRequest(reasonEmpty, "the body is empty")
	}
	return env, badRequest(reasonNotEnvelope, "the body is no envelope").because("%v", err)
}
