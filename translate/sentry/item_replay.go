package sentry

import (
	"bytes"

	"github.com/valyala/fastjson"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/conventions"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/envelope"
)

// describeReplay describes a segment of a replay. Its recording is another item of the same envelope.
func (c *call) describeReplay(_ *envelope.Item, v *fastjson.Value, lr plog.LogRecord) string {
	var f fields
	if root := object(v); root != nil {
		f.read(root)
	}
	r, a := c.r, lr.Attributes()
	c.own().facts.inherit(c.eventFacts(&f))
	a.PutStr(conventions.EventID, c.claimEventID(f.eventID).String())
	c.itemTime(lr, f.timestamp)
	c.putEventAttributes(a, &f)
	if id := r.str(field(v, "replay_id")); id != "" {
		a.PutStr(conventions.ReplayID, id)
		first(&c.event.replay, id)
	}
	c.putInt(a, conventions.ReplaySegmentID, field(v, "segment_id"))
	put(a, conventions.ReplayType, r.str(field(v, "replay_type")))
	c.putList(a, conventions.TraceIDs, field(v, "trace_ids"))
	c.putList(a, conventions.ErrorIDs, field(v, "error_ids"))
	if ids := listOf(field(v, "trace_ids")); len(ids) > 0 {
		c.setTrace(lr, ids[0], nil)
	}
	if urls := listOf(field(v, "urls")); len(urls) > 0 {
		return r.text(urls[0])
	}
	return r.str(field(v, "replay_id"))
}

// describeRecording reads the line in front of a recording: {"segment_id":0}. What follows is JSON, plain or zlib.
func (c *call) describeRecording(it *envelope.Item, _ *fastjson.Value, lr plog.LogRecord) string {
	line, _, ok := bytes.Cut(it.Payload, []byte{'\n'})
	if ok && len(line) < 4096 {
		c.putInt(lr.Attributes(), conventions.ReplaySegmentID, field(c.r.parse(line), "segment_id"))
	}
	return "replay recording"
}

// putList writes a list of texts.
func (c *call) putList(a pcommon.Map, key string, v *fastjson.Value) {
	list := listOf(v)
	if len(list) == 0 {
		return
	}
	s := a.PutEmptySlice(key)
	s.EnsureCapacity(len(list))
	for _, e := range list {
		s.AppendEmpty().SetStr(c.r.text(e))
	}
}
