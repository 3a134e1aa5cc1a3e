package sentry

import (
	"strings"

	"github.com/valyala/fastjson"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/conventions"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/envelope"
)

// describeSecurity describes a report that a browser made by itself: {"csp-report":{...}} and its older relatives, or a
// list of the Reporting API, [{"type":"csp-violation","body":{...}}].
func (c *call) describeSecurity(it *envelope.Item, v *fastjson.Value, lr plog.LogRecord) string {
	r := c.r
	c.securityHeader(it)
	kind, report := "", v
	if v != nil && v.Type() == fastjson.TypeArray && len(v.GetArray()) > 0 {
		report = v.GetArray()[0]
	}
	if body := field(report, "body"); body != nil {
		kind, report = r.str(field(report, "type")), body
	} else {
		for _, name := range [...]string{"csp-report", "expect-ct-report", "expect-staple-report", "known-pins"} {
			if inner := field(report, name); inner != nil {
				kind = name
				if object(inner) != nil {
					report = inner
				}
			}
		}
	}
	text := func(keys ...string) string {
		for _, k := range keys {
			if s := r.text(field(report, k)); s != "" {
				return s
			}
		}
		return ""
	}
	put(lr.Attributes(), conventions.URLFull, text("document-uri", "documentURL", "hostname"))
	directive := text("effective-directive", "effectiveDirective", "violated-directive")
	blocked := text("blocked-uri", "blockedURL")
	switch {
	case directive != "" && blocked != "":
		return directive + " blocked " + blocked
	case directive != "":
		return directive
	}
	return strings.TrimSpace(kind + " " + text("hostname"))
}

// securityHeader reads sentry_release and sentry_environment, which the endpoint takes from the query.
func (c *call) securityHeader(it *envelope.Item) {
	if plainHeader(it.Header) {
		return
	}
	r := getReader()
	defer r.release()
	v := r.parse(it.Header)
	c.own().facts.inherit(&facts{release: r.text(field(v, "sentry_release")), environment: r.text(field(v, "sentry_environment"))})
}

// describeNEL describes a report of the browser's network error logging.
func (c *call) describeNEL(_ *envelope.Item, v *fastjson.Value, lr plog.LogRecord) string {
	r := c.r
	report := v
	if v != nil && v.Type() == fastjson.TypeArray && len(v.GetArray()) > 0 {
		report = v.GetArray()[0]
	}
	url := r.str(field(report, "url"))
	put(lr.Attributes(), conventions.URLFull, url)
	put(lr.Attributes(), conventions.HTTPMethod, r.str(path(report, "body", "method")))
	return strings.TrimSpace(r.str(path(report, "body", "type")) + " " + url)
}
