package sentry

import (
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/conventions"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/envelope"
)

// describeFeedback describes what a user wrote: an event whose message is contexts.feedback.
func (c *call) describeFeedback(it *recordItem, lr plog.LogRecord) string {
	v := it.root
	var f fields
	f.read(v)
	a := lr.Attributes()
	c.own().facts.inherit(c.eventFacts(&f))
	a.PutStr(conventions.EventID, c.claimEventID(f.eventID).String())
	c.itemTime(lr, f.timestamp)
	trace := f.contexts.field("trace")
	c.setTrace(lr, trace.field("trace_id"), trace.field("span_id"))
	c.putEventAttributes(a, &f)

	feedback := f.contexts.field("feedback")
	put(a, conventions.AssociatedEventID, feedback.field("associated_event_id").str())
	put(a, conventions.URLFull, feedback.field("url").str())
	put(a, conventions.UserEmail, feedback.field("contact_email").str())
	put(a, conventions.UserName, feedback.field("name").str())
	if replay := feedback.field("replay_id").str(); replay != "" {
		a.PutStr(conventions.ReplayID, replay)
	}
	return feedback.field("message").text()
}

// feedbackEvent takes an event item that is a feedback.
func (c *call) feedbackEvent(it *envelope.Item) bool {
	as := *it
	as.Type = "feedback"
	c.itemRecord(&as, itemKind{describe: (*call).describeFeedback})
	return true
}

// describeUserReport describes the older form, which names the event it is about.
func (c *call) describeUserReport(it *recordItem, lr plog.LogRecord) string {
	v := it.root
	a := lr.Attributes()
	if id, state := eventID(v.field("event_id")); state == idOK {
		a.PutStr(conventions.EventID, id.String())
	}
	put(a, conventions.UserName, v.field("name").text())
	put(a, conventions.UserEmail, v.field("email").text())
	return v.field("comments").text()
}
