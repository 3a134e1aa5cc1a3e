package sentry

import (
	"fmt"
	"strings"

	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/conventions"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// Items by which an SDK reports on the health of a process and on its own work: sessions, check-ins, client reports.

func (c *call) describeSession(it *recordItem, lr plog.LogRecord) string {
	v := it.root
	a := lr.Attributes()
	put(a, conventions.SessionID, v.field("sid").text())
	put(a, conventions.UserID, v.field("did").text())
	status := v.field("status").str()
	put(a, conventions.SessionStatus, status)
	putBool(a, conventions.SessionInit, v.field("init"))
	c.putInt(a, conventions.SessionErrors, v.field("errors"))
	c.putNumber(a, conventions.SessionDuration, v.field("duration"))
	c.sessionAttrs(v.field("attrs"))
	c.itemTime(lr, v.field("timestamp"), v.field("started"))
	return status
}

func (c *call) describeSessions(it *recordItem, lr plog.LogRecord) string {
	v := it.root
	counts := map[string]int64{}
	var started node
	for _, bucket := range listOf(v.field("aggregates")) {
		bucket.visit(func(k []byte, n node) {
			if string(k) == "started" {
				started = n
			} else if i, ok := n.int(); ok && string(k) != "did" {
				counts[string(k)] += i
			}
		})
	}
	c.sessionAttrs(v.field("attrs"))
	c.itemTime(lr, started)
	var parts []string
	for _, name := range [...]string{"exited", "errored", "unhandled", "abnormal", "crashed"} {
		if counts[name] > 0 {
			lr.Attributes().PutInt(conventions.SessionCount+name, counts[name])
			parts = append(parts, fmt.Sprintf("%d %s", counts[name], name))
		}
	}
	return strings.Join(parts, ", ")
}

// sessionAttrs reads what the sessions of an envelope say of the process.
func (c *call) sessionAttrs(v node) {
	c.own().facts.inherit(&facts{
		release: v.field("release").text(), environment: v.field("environment").text(),
		userAgent: v.field("user_agent").text(),
	})
}

// itemTime sets the time of an item to the first of several values that is one. Items need no time: without one that of
// their envelope stands, and nothing is wrong.
func (c *call) itemTime(lr plog.LogRecord, times ...node) {
	bad := false
	for _, v := range times {
		if ns, ok := v.time(); ok {
			lr.SetTimestamp(timestamp(ns))
			return
		}
		bad = bad || !v.isNull()
	}
	if bad {
		c.warn(model.WarnBadTime)
	}
}

func (c *call) describeCheckIn(it *recordItem, lr plog.LogRecord) string {
	v := it.root
	a := lr.Attributes()
	slug, status := v.field("monitor_slug").text(), v.field("status").str()
	put(a, conventions.MonitorSlug, slug)
	put(a, conventions.CheckInStatus, status)
	put(a, conventions.CheckInID, v.field("check_in_id").str())
	c.putNumber(a, conventions.CheckInDuration, v.field("duration"))
	trace := v.path("contexts", "trace")
	c.setTrace(lr, trace.field("trace_id"), trace.field("span_id"))
	c.own().facts.inherit(&facts{release: v.field("release").text(), environment: v.field("environment").text()})
	if slug != "" && status != "" {
		return slug + ": " + status
	}
	return slug + status
}

// describeClientReport lists what the SDK dropped: it explains data that is missing.
func (c *call) describeClientReport(it *recordItem, lr plog.LogRecord) string {
	v := it.root
	list := lr.Attributes().PutEmptySlice(conventions.DiscardedEvents)
	var parts []string
	for _, key := range [...]string{"discarded_events", "rate_limited_events", "filtered_events", "filtered_sampling_events"} {
		for _, e := range listOf(v.field(key)) {
			reason, category := e.field("reason").text(), e.field("category").text()
			quantity, ok := e.field("quantity").int()
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
	c.itemTime(lr, v.field("timestamp"))
	return strings.Join(parts, ", ")
}
