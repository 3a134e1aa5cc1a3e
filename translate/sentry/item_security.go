package sentry

import (
	"strings"

	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/conventions"
)

// describeSecurity describes a report that a browser made by itself: {"csp-report":{...}} and its older relatives, or a
// list of the Reporting API, [{"type":"csp-violation","body":{...}}].
func (c *call) describeSecurity(it *recordItem, lr plog.LogRecord) string {
	v := it.root
	c.own().facts.inherit(&facts{release: it.header.release, environment: it.header.environment})
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

// describeNEL describes a report of the browser's network error logging.
func (c *call) describeNEL(it *recordItem, lr plog.LogRecord) string {
	v := it.root
	report := v
	if v.kind() == kindArray {
		report = v.first()
	}
	url := report.field("url").str()
	put(lr.Attributes(), conventions.URLFull, url)
	put(lr.Attributes(), conventions.HTTPMethod, report.path("body", "method").str())
	return strings.TrimSpace(report.path("body", "type").str() + " " + url)
}
