package sentry

import (
	"github.com/valyala/fastjson"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/conventions"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/envelope"
)

// describeProfile describes a profile of one transaction (sample format 1), whose id is another than the transaction's.
func (c *call) describeProfile(_ *envelope.Item, v *fastjson.Value, lr plog.LogRecord) string {
	r, a := c.r, lr.Attributes()
	c.profileFacts(v)
	put(a, conventions.ProfileID, r.str(field(v, "event_id")))
	c.itemTime(lr, field(v, "timestamp"))
	transaction := field(v, "transaction")
	if transaction == nil { // Python 1.x
		if list := listOf(field(v, "transactions")); len(list) > 0 {
			transaction = list[0]
		}
	}
	if id, state := eventID(field(transaction, "id")); state == idOK {
		a.PutStr(conventions.EventID, id.String())
	}
	c.setTrace(lr, field(transaction, "trace_id"), nil)
	return r.text(field(transaction, "name"))
}

// describeProfileChunk describes a part of a continuous profile (sample format 2). Spans name their profiler.
func (c *call) describeProfileChunk(_ *envelope.Item, v *fastjson.Value, lr plog.LogRecord) string {
	r, a := c.r, lr.Attributes()
	c.profileFacts(v)
	put(a, conventions.ProfilerID, r.str(field(v, "profiler_id")))
	put(a, conventions.ProfileChunkID, r.str(field(v, "chunk_id")))
	if samples := listAt(field(v, "profile"), "samples"); len(samples) > 0 {
		c.itemTime(lr, field(samples[0], "timestamp"))
	} else {
		c.itemTime(lr, field(v, "timestamp"))
	}
	return "profile chunk"
}

func (c *call) profileFacts(v *fastjson.Value) {
	r := c.r
	f := facts{
		release: r.text(field(v, "release")), environment: r.text(field(v, "environment")), platform: r.str(field(v, "platform")),
	}
	f.setSDK(r, field(v, "client_sdk"))
	c.own().facts.inherit(&f)
}

func timestamp(ns int64) pcommon.Timestamp {
	return pcommon.Timestamp(ns) // #nosec G115 -- the package's times are never negative
}
