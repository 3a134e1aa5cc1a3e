package sentry

import (
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/conventions"
)

// describeProfile describes a profile of one transaction (sample format 1), whose id is another than the transaction's.
func (c *call) describeProfile(it *recordItem, lr plog.LogRecord) string {
	v := it.root
	a := lr.Attributes()
	c.profileFacts(v)
	put(a, conventions.ProfileID, v.field("event_id").str())
	c.itemTime(lr, v.field("timestamp"))
	transaction := v.field("transaction")
	if transaction.missing() { // Python 1.x
		if list := listOf(v.field("transactions")); len(list) > 0 {
			transaction = list[0]
		}
	}
	if id, state := eventID(transaction.field("id")); state == idOK {
		a.PutStr(conventions.EventID, id.String())
	}
	c.setTrace(lr, transaction.field("trace_id"), node{})
	return transaction.field("name").text()
}

// describeProfileChunk describes a part of a continuous profile (sample format 2). Spans name their profiler.
func (c *call) describeProfileChunk(it *recordItem, lr plog.LogRecord) string {
	v := it.root
	a := lr.Attributes()
	c.profileFacts(v)
	put(a, conventions.ProfilerID, v.field("profiler_id").str())
	put(a, conventions.ProfileChunkID, v.field("chunk_id").str())
	if samples := listAt(v.field("profile"), "samples"); len(samples) > 0 {
		c.itemTime(lr, samples[0].field("timestamp"))
	} else {
		c.itemTime(lr, v.field("timestamp"))
	}
	return "profile chunk"
}

func (c *call) profileFacts(v node) {
	f := facts{
		release: v.field("release").text(), environment: v.field("environment").text(), platform: v.field("platform").str(),
	}
	f.setSDK(v.field("client_sdk"))
	c.own().facts.inherit(&f)
}

func timestamp(ns int64) pcommon.Timestamp {
	return pcommon.Timestamp(ns) // #nosec G115 -- the package's times are never negative
}
