package sentry

import (
	"bytes"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/conventions"
)

// describeReplay describes a segment of a replay. Its recording is another item of the same envelope.
func (c *call) describeReplay(it *recordItem, lr plog.LogRecord) string {
	v := it.root
	var f fields
	f.read(v)
	a := lr.Attributes()
	c.own().facts.inherit(c.eventFacts(&f))
	a.PutStr(conventions.EventID, c.claimEventID(f.eventID).String())
	c.itemTime(lr, f.timestamp)
	c.putEventAttributes(a, &f)
	if id := v.field("replay_id").str(); id != "" {
		a.PutStr(conventions.ReplayID, id)
		first(&c.event.replay, id)
	}
	c.putInt(a, conventions.ReplaySegmentID, v.field("segment_id"))
	put(a, conventions.ReplayType, v.field("replay_type").str())
	c.putList(a, conventions.TraceIDs, v.field("trace_ids"))
	c.putList(a, conventions.ErrorIDs, v.field("error_ids"))
	if ids := listOf(v.field("trace_ids")); len(ids) > 0 {
		c.setTrace(lr, ids[0], node{})
	}
	if urls := listOf(v.field("urls")); len(urls) > 0 {
		return urls[0].text()
	}
	return v.field("replay_id").str()
}

// describeRecording reads the line in front of a recording: {"segment_id":0}. What follows is JSON, plain or zlib.
func (c *call) describeRecording(it *recordItem, lr plog.LogRecord) string {
	line, _, ok := bytes.Cut(it.Payload, []byte{'\n'})
	if ok && len(line) < 4096 {
		c.putInt(lr.Attributes(), conventions.ReplaySegmentID, c.r.parse(line).field("segment_id"))
	}
	return "replay recording"
}

// putList writes a list of texts.
func (c *call) putList(a pcommon.Map, key string, v node) {
	list := listOf(v)
	if len(list) == 0 {
		return
	}
	s := a.PutEmptySlice(key)
	s.EnsureCapacity(len(list))
	for _, e := range list {
		s.AppendEmpty().SetStr(e.text())
	}
}
