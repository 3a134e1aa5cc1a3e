package sentryreceiver

import (
	"net/http"
	"net/netip"
	"net/url"
	"time"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/envelope"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/sentry"
)

// call is one request on its way through a handler.
type call struct {
	*http.Request
	route *route
	body  *body // once it is read

	project, slug, pathKey, eventID string // parts of the path

	parsedQuery url.Values
}

// query is the query, parsed once. What cannot be parsed of it is left out.
func (c *call) query() url.Values {
	if c.parsedQuery == nil {
		c.parsedQuery = c.URL.Query()
	}
	return c.parsedQuery
}

// read reads the body; see bodies.read.
func (s *server) read(c *call, sniff bool) error {
	b, err := s.bodies.read(c.Request, sniff)
	c.body = b
	s.telemetry.bytes(c.Context(), c.route.name, b)
	return err
}

// whole reads a body that is of no use unless it is whole.
func (s *server) whole(c *call, sniff bool) error {
	if err := s.read(c, sniff); err != nil {
		return err
	}
	if c.body.cut != nil {
		return badRequest(reasonCutOff, "the body ended early").because("%v", c.body.cut)
	}
	if len(c.body.data) == 0 {
		return badRequest(reasonEmpty, "the body is empty")
	}
	return nil
}

// free releases the body, if one was read.
func (b *body) free() {
	if b != nil {
		b.release()
	}
}

// origin says who sent env, for the package sentry.
func (s *server) origin(c *call, env *envelope.Envelope) sentry.Request {
	id := c.identify()
	req := sentry.Request{
		Endpoint:     c.route.name,
		Project:      c.project,
		PublicKey:    id.key,
		Client:       id.client,
		PeerAddr:     peer(c.RemoteAddr),
		Received:     time.Now(),
		ServiceNames: s.config.serviceName,
	}
	if req.Project == "" || req.PublicKey == "" {
		if dsn, ok := envelope.Text(env.Header, "dsn"); ok {
			key, project := dsnOf(dsn)
			req.PublicKey = first(req.PublicKey, key)
			req.Project = first(req.Project, project)
		}
	}
	return req
}

// peer is the address of the sender without port; "" on a Unix socket.
func peer(remote string) string {
	ap, err := netip.ParseAddrPort(remote)
	if err != nil {
		return ""
	}
	return ap.Addr().Unmap().String()
}
