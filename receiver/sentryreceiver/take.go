package sentryreceiver

import (
	"net/http"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/envelope"
)

// take translates env and hands it to the pipelines. It returns the id of the event, "" if none is involved; the error
// is a refusal. env may point into the body of c, which must not be released before.
func (s *server) take(c *call, env *envelope.Envelope) (eventID string, err error) {
	ctx := c.Context()
	s.telemetry.refused(ctx, reasonTooManyItems, env.Left)
	tooLarge := s.config.Limits.refuseLargeItems(env)
	if tooLarge > 0 && len(env.Items) == 0 {
		return "", refuse(http.StatusRequestEntityTooLarge, reasonItemTooLarge, "no item is within its limit").because("%s", env.Warnings[len(env.Warnings)-1])
	}
	s.telemetry.refused(ctx, reasonItemTooLarge, tooLarge)
	if len(env.Items) == 0 {
		id, _ := envelope.Text(env.Header, "event_id")
		return hexID(id), nil
	}
	if c.body != nil {
		if err := c.body.beforeParsing(ctx, c.body.jsonCost()); err != nil {
			return "", err
		}
	}
	res := s.translator.Envelope(*env, s.origin(c, env))
	for itemType, n := range res.Items {
		s.telemetry.items(ctx, itemType, n)
	}
	for reason, n := range res.Refused {
		s.telemetry.refused(ctx, reason, n)
	}
	s.telemetry.salvaged(ctx, res.Salvaged)
	d := s.deliver(ctx, formatSentry)
	d.traces(res.Traces)
	d.logs(res.Logs)
	d.metrics(res.Metrics)
	return res.EventID, d.outcome()
}
