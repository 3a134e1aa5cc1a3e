package sentry

import (
	"fmt"
	"strings"

	"github.com/valyala/fastjson"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/conventions"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/envelope"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// Items by which an SDK reports on the health of a process and on its own work: sessions, check-ins, client reports.

func (c *call) describeSession(_ *envelope.Item, v *fastjson.Value, lr plog.LogRecord) string {
	r, a := c.r, lr.Attributes()
	put(a, conventions.SessionID, r.text(field(v, "sid")))
	put(a, conventions.UserID, r.text(field(v, "did")))
	status := r.str(field(v, "status"))
	put(a, conventions.SessionStatus, status)
	putBool(a, conventions.SessionInit, field(v, "init"))
	c.putInt(a, conventions.SessionErrors, field(v, "errors"))
	c.putNumber(a, conventions.SessionDuration, field(v, "duration"))
	c.sessionAttrs(field(v, "attrs"))
	c.itemTime(lr, field(v, "timestamp"), field(v, "started"))
	return status
}

func (c *call) describeSessions(_ *envelope.Item, v *fastjson.Value, lr plog.LogRecord) string {
	counts := map[string]int64{}
	var started *fastjson.Value
	for _, bucket := range listOf(field(v, "aggregates")) {
		object(bucket).Visit(func(k []byte, n *fastjson.Value) {
			if string(k) == "started" {
				started = n
			} else if i, ok := c.r.int(n); ok && string(k) != "did" {
				counts[string(k)] += i
			}
		})
	}
	c.sessionAttrs(field(v, "attrs"))
	c.itemTime(lr, started)
	var parts []string
	for _, name := range [...]string{"exited", "errored", "unhandled", "abnormal", "crashed"} {
		if counts[name] > 0 {
			lr.Attributes().PutInt("sentry.session."+name, counts[name])
			parts = append(parts, fmt.Sprintf("%d %s", counts[name], name))
		}
	}
	return strings.Join(parts, ", ")
}

// sessionAttrs reads what the sessions of an envelope say of the process.
func (c *call) sessionAttrs(v *fastjson.Value) {
	r := c.r
	c.own().facts.inherit(&facts{
		release: r.text(field(v, "release")), environment: r.text(field(v, "environment")),
		userAgent: r.text(field(v, "user_agent")),
	})
}

// itemTime sets the time of an item to the first of several values that is one. Items need no time: without one the time
// of arrival stands, and nothing is wrong.
func (c *call) itemTime(lr plog.LogRecord, times ...*fastjson.Value) {
	bad := false
	for _, v := range times {
		if ns, ok := c.r.time(v); ok {
			lr.SetTimestamp(timestamp(ns))
			return
		}
		bad = bad || !isNull(v)
	}
	if bad {
		c.warn(model.WarnBadTime)
	}
}

func (c *call) describeCheckIn(_ *envelope.Item, v *fastjson.Value, lr plog.LogRecord) string {
	r, a := c.r, lr.Attributes()
	slug, status := r.text(field(v, "monitor_slug")), r.str(field(v, "status"))
	put(a, conventions.MonitorSlug, slug)
	put(a, conventions.CheckInStatus, status)
	put(a, conventions.CheckInID, r.str(field(v, "check_in_id")))
	c.putNumber(a, conventions.CheckInDuration, field(v, "duration"))
	trace := path(v, "contexts", "trace")
	c.setTrace(lr, field(trace, "trace_id"), field(trace, "span_id"))
	c.own().facts.inherit(&facts{release: r.text(field(v, "release")), environment: r.text(field(v, "environment"))})
	if slug != "" && status != "" {
		return slug + ": " + status
	}
	return slug + status
}

// describeClientReport lists what the SDK dropped: it explains data that is missing.
func (c *call) describeClientReport(_ *envelope.Item, v *fastjson.Value, lr plog.LogRecord) string {
	r := c.r
	list := lr.Attributes().PutEmptySlice(conventions.DiscardedEvents)
	var parts []string
	for _, key := range [...]string{"discarded_events", "rate_limited_events", "filtered_events", "filtered_sampling_events"} {
		for _, e := range listOf(field(v, key)) {
			reason, category := r.text(field(e, "reason")), r.text(field(e, "category"))
			quantity, ok := r.int(field(e, "quantity"))
			if !ok {
				continue
			}
			m := list.AppendEmpty().SetEmptyMap()
			m.PutStr("reason", reason)
			m.PutStr("category", category)
			m.PutInt("quantity", quantity)
			if len(parts) < 5 {
				parts = append(parts, fmt.Sprintf("%d %s (%s)", quantity, category, reason))
			}
		}
	}
	c.itemTime(lr, field(v, "timestamp"))
	return strings.Join(parts, ", ")
}
