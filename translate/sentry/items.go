package sentry

import (
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/conventions"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/envelope"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// itemKind says what becomes of an item type. To add one, add a row to itemKinds.
type itemKind struct {
	// translate makes spans, logs or metrics of a payload. It returns false, having made nothing, for a payload that is
	// not what the type promises; the item then becomes a record.
	translate func(c *call, it *envelope.Item) bool

	// Of an item that becomes a log record:
	binary   bool                                                    // the payload is not JSON
	ofEvent  bool                                                    // it belongs to the event of its envelope
	describe func(c *call, it *recordItem, lr plog.LogRecord) string // writes attributes, returns the title; may be nil
}

// recordItem is an item that becomes a log record.
type recordItem struct {
	*envelope.Item
	header itemHeader
	root   node // the payload read as JSON; missing when it is none
}

// itemKinds is every item type of Sentry's protocol. What is not here becomes a record too, with its bytes as body.
var itemKinds = map[string]itemKind{
	// What OpenTelemetry has a signal for.
	"event":        {translate: (*call).eventItem},
	"transaction":  {translate: (*call).transactionItem},
	"span":         {translate: (*call).spanItem},
	"otel_span":    {translate: (*call).otelSpanItem},
	"log":          {translate: (*call).logItem},
	"otel_log":     {translate: (*call).otelLogItem},
	"trace_metric": {translate: (*call).metricItem},
	"statsd":       {translate: (*call).statsdItem, binary: true},

	// What is Sentry's own: JSON.
	"check_in":         {describe: (*call).describeCheckIn},
	"client_report":    {describe: (*call).describeClientReport},
	"feedback":         {describe: (*call).describeFeedback},
	"form_data":        {ofEvent: true},
	"metric_buckets":   {},
	"metric_meta":      {},
	"nel":              {describe: (*call).describeNEL},
	"profile":          {describe: (*call).describeProfile, ofEvent: true},
	"profile_chunk":    {describe: (*call).describeProfileChunk},
	"profile_chunk_ui": {describe: (*call).describeProfileChunk},
	"raw_security":     {describe: (*call).describeSecurity},
	"replay_event":     {describe: (*call).describeReplay},
	"security":         {describe: (*call).describeSecurity},
	"session":          {describe: (*call).describeSession},
	"sessions":         {describe: (*call).describeSessions},
	"user_report":      {describe: (*call).describeUserReport, ofEvent: true},

	// Bytes.
	"attachment":       {describe: (*call).describeAttachment, binary: true, ofEvent: true},
	"replay_recording": {describe: (*call).describeRecording, binary: true, ofEvent: true},
	"replay_video":     {binary: true, ofEvent: true},
	"unreal_report":    {binary: true, ofEvent: true},
}

// item translates one item.
func (c *call) item(it *envelope.Item) {
	if it.Salvaged {
		c.res.Salvaged++
	}
	kind, known := itemKinds[it.Type]
	if !known {
		c.res.Items[UnknownType]++
		c.warn(model.WarnUnknownItemType)
		c.itemRecord(it, itemKind{binary: true, ofEvent: true})
		return
	}
	c.res.Items[it.Type]++
	if kind.translate != nil {
		if kind.translate(c, it) {
			return
		}
		c.unreadable()
		kind.ofEvent = true
	}
	c.itemRecord(it, kind)
}

// UnknownType is where Result.Items counts items of types that are not in Sentry's protocol: a sender must not be able to
// make up a name for every item.
const UnknownType = "unknown"

// itemRecord makes a log record of an item.
func (c *call) itemRecord(it *envelope.Item, kind itemKind) {
	item := recordItem{Item: it, header: readItemHeader(it)}
	if !kind.binary {
		if item.root = c.r.parse(it.Payload); item.root.missing() {
			c.unreadable()
		}
	}
	lr := c.record(it, it.Payload, kind.binary)
	lr.SetTimestamp(c.sent())
	a := lr.Attributes()
	put(a, conventions.ItemContentType, item.header.contentType)
	name := ""
	if kind.describe != nil {
		name = kind.describe(c, &item, lr)
	}
	put(a, conventions.ItemTitle, title(name, item.header.filename))
	if kind.ofEvent {
		c.waiting = append(c.waiting, lr)
	}
	if !item.root.missing() {
		c.warnings = c.r.warnings(c.warnings)
	}
	c.close(a)
}

// unreadable warns that the payload at hand could not be read, and why.
func (c *call) unreadable() {
	if c.r.tooMany {
		c.warn(warnTooManyValue)
		return
	}
	c.warn(model.WarnUnparsable)
}

// itemHeader is what an item's header says of its payload. The parser of payloads is in use when it is read, so it has
// its own.
type itemHeader struct {
	contentType, filename, attachmentType string
	release, environment                  string // of a security report: the endpoint takes them from the query
	metaLength                            int64
	span                                  model.SpanID
}

func readItemHeader(it *envelope.Item) (h itemHeader) {
	if plainHeader(it.Header) {
		return h
	}
	r := getReader()
	defer r.release()
	r.parse(it.Header).visit(func(k []byte, v node) {
		switch string(k) {
		case "content_type":
			h.contentType = v.str()
		case "filename":
			h.filename = v.text()
		case "attachment_type":
			h.attachmentType = v.str()
		case "sentry_release":
			h.release = v.text()
		case "sentry_environment":
			h.environment = v.text()
		case "meta_length":
			h.metaLength, _ = v.int()
		case "span_id":
			h.span, _ = spanID(v)
		}
	})
	return h
}

// badEntry keeps an entry of a container that is not what the container promises: a log record of its own with the
// entry's text.
func (c *call) badEntry(it *envelope.Item, v node) {
	c.warnings = c.warnings[:0]
	c.warn(warnBadEntry)
	entry := *it
	entry.Warnings = nil
	lr := c.record(&entry, v.appendJSON(nil), false)
	lr.SetTimestamp(c.sent())
	c.close(lr.Attributes())
}

func firstLine(s string) string {
	s = strings.TrimSpace(s)
	if i := strings.IndexAny(s, "\r\n"); i >= 0 {
		s = s[:i]
	}
	return s
}

// setUser writes the user attributes of an event or a session.
func (c *call) setUser(a pcommon.Map, user node) {
	user.visit(func(k []byte, v node) {
		switch string(k) {
		case "id":
			put(a, conventions.UserID, v.text())
		case "username":
			put(a, conventions.UserName, v.text())
		case "name":
			if _, there := a.Get(conventions.UserName); !there {
				put(a, conventions.UserName, v.text())
			}
		case "email":
			put(a, conventions.UserEmail, v.text())
		case "ip_address":
			put(a, conventions.UserIPAddress, c.address(v.text()))
		}
	})
}

// address replaces {{auto}}, which stands for the sender's address.
func (c *call) address(text string) string {
	if text == "{{auto}}" {
		return c.req.PeerAddr
	}
	return text
}
