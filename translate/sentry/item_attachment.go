package sentry

import (
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/conventions"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/envelope"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// describeAttachment describes a file. The file name is a label: nothing of this product uses it as a path.
//
// A trace attachment has JSON in front of its body, as long as the header's meta_length says; it becomes an attribute,
// and the rest the body.
func (c *call) describeAttachment(it *envelope.Item, _ node, lr plog.LogRecord) string {
	a := lr.Attributes()
	h := c.itemHeader(it)
	name, kind := h.filename, h.attachmentType
	if meta := attachmentMeta(it, h); meta != nil {
		setText(a.PutEmpty(conventions.AttachmentMeta), meta)
		v := c.r.parse(meta)
		if v.missing() {
			c.warn(model.WarnUnparsable)
		}
		if text := v.field("filename").text(); text != "" {
			name = text
		}
		put(a, conventions.ItemContentType, v.field("content_type").str())
		c.setTrace(lr, v.field("trace_id"), node{})
		c.itemTime(lr, v.field("timestamp"))
	}
	if !h.span.IsZero() {
		lr.SetSpanID(pcommon.SpanID(h.span))
	}
	if kind == "" {
		kind = "event.attachment" // the default of the protocol
	}
	put(a, conventions.AttachmentFilename, name)
	put(a, conventions.AttachmentType, kind)
	if name == "" {
		return kind
	}
	return name
}

func attachmentMeta(it *envelope.Item, h itemHeader) []byte {
	if h.metaLength <= 0 || h.metaLength > int64(len(it.Payload)) {
		return nil
	}
	return it.Payload[:h.metaLength]
}

// attachmentBody returns the file of an attachment without the JSON in front of it.
func attachmentBody(c *call, it *envelope.Item) []byte {
	return it.Payload[len(attachmentMeta(it, c.itemHeader(it))):]
}
