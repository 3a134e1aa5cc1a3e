package sentry

import (
	"github.com/valyala/fastjson"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/conventions"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/envelope"
)

// describeFeedback describes what a user wrote: an event whose message is contexts.feedback.
func (c *call) describeFeedback(_ *envelope.Item, v *fastjson.Value, lr plog.LogRecord) string {
	var f fields
	if root := object(v); root != nil {
		f.read(root)
	}
	r, a := c.r, lr.Attributes()
	c.own().facts.inherit(c.eventFacts(&f))
	a.PutStr(conventions.EventID, c.claimEventID(f.eventID).String())
	c.itemTime(lr, f.timestamp)
	trace := field(f.contexts, "trace")
	c.setTrace(lr, field(trace, "trace_id"), field(trace, "span_id"))
	c.putEventAttributes(a, &f)

	feedback := field(f.contexts, "feedback")
	put(a, conventions.AssociatedEventID, r.str(field(feedback, "associated_event_id")))
	put(a, conventions.URLFull, r.str(field(feedback, "url")))
	put(a, conventions.UserEmail, r.str(field(feedback, "contact_email")))
	put(a, conventions.UserName, r.str(field(feedback, "name")))
	if replay := r.str(field(feedback, "replay_id")); replay != "" {
		a.PutStr(conventions.ReplayID, replay)
	}
	return r.text(field(feedback, "message"))
}

// feedbackEvent takes an event item that is a feedback.
func (c *call) feedbackEvent(it *envelope.Item) bool {
	as := *it
	as.Type = "feedback"
	c.itemRecord(&as, itemKind{describe: (*call).describeFeedback})
	return true
}

// describeUserReport describes the older form, which names the event it is about.
func (c *call) describeUserReport(_ *envelope.Item, v *fastjson.Value, lr plog.LogRecord) string {
	r, a := c.r, lr.Attributes()
	if id, state := eventID(field(v, "event_id")); state == idOK {
		a.PutStr(conventions.EventID, id.String())
	}
	put(a, conventions.UserName, r.text(field(v, "name")))
	put(a, conventions.UserEmail, r.text(field(v, "email")))
	return r.text(field(v, "comments"))
}
