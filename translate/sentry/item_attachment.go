package sentry

import (
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/conventions"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// describeAttachment describes a file. The file name is a label: nothing of this product uses it as a path.
//
// A trace attachment has JSON in front of its body, as long as the header's meta_length says; it becomes an attribute,
// and the rest the body.
func (c *call) describeAttachment(it *recordItem, lr plog.LogRecord) string {
	a := lr.Attributes()
	h := &it.header
	name, kind := h.filename, h.attachmentType
	if h.metaLength > 0 && h.metaLength <= int64(len(it.Payload)) {
		meta := it.Payload[:h.metaLength]
		lr.Body().SetEmptyBytes().FromRaw(it.Payload[h.metaLength:])
		setText(a.PutEmpty(conventions.AttachmentMeta), meta)
		v := c.r.parse(meta)
		if v.missing() {
			c.warn(model.WarnUnparsable)
		}
		name = firstOf(v.field("filename").text(), name)
		put(a, conventions.ItemContentType, v.field("content_type").str())
		c.setTrace(lr, v.field("trace_id"), node{})
		c.itemTime(lr, v.field("timestamp"))
	}
	if !h.span.IsZero() {
		lr.SetSpanID(pcommon.SpanID(h.span))
	}
	kind = firstOf(kind, "event.attachment") // the default of the protocol
	put(a, conventions.AttachmentFilename, name)
	put(a, conventions.AttachmentType, kind)
	return firstOf(name, kind)
}
