package sentry

import (
	"strings"

	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/conventions"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/envelope"
)

// describeSecurity describes a report that a browser made by itself: {"csp-report":{...}} and its older relatives, or a
// list of the Reporting API, [{"type":"csp-violation","body":{...}}].
func (c *call) describeSecurity(it *envelope.Item, v node, lr plog.LogRecord) string {
	c.securityHeader(it)
	kind, report := "", v
	if v.kind() == kindArray {
		report = v.first()
	}
	if body := report.field("body"); !body.missing() {
		kind, report = report.field("type").str(), body
	} else {
		for _, name := range [...]string{"csp-report", "expect-ct-report", "expect-staple-report", "known-pins"} {
			if inner := report.field(name); !inner.missing() {
				kind = name
				if inner.isObject() {
					report = inner
				}
			}
		}
	}
	text := func(keys ...string) string {
		for _, k := range keys {
			if s := report.field(k).text(); s != "" {
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
	c.own().facts.inherit(&facts{release: v.field("sentry_release").text(), environment: v.field("sentry_environment").text()})
}

// describeNEL describes a report of the browser's network error logging.
func (c *call) describeNEL(_ *envelope.Item, v node, lr plog.LogRecord) string {
	report := v
	if v.kind() == kindArray {
		report = v.first()
	}
	url := report.field("url").str()
	put(lr.Attributes(), conventions.URLFull, url)
	put(lr.Attributes(), conventions.HTTPMethod, report.path("body", "method").str())
	return strings.TrimSpace(report.path("body", "type").str() + " " + url)
}
