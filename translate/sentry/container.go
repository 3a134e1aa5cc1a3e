package sentry

import "github.com/otelcol-spotlight/otelcol-spotlight/translate/envelope"

// container goes over the entries of a payload {"items":[...]} of logs, spans or metrics, each with the warnings of the
// whole. translate returns false, and has made nothing, when an entry is not what it should be; it is kept as a bad one
// then. container returns false when the payload is no container.
func (c *call) container(it *envelope.Item, root node, translate func(entry node) bool) bool {
	entries := root.field("items")
	if entries.kind() != kindArray {
		return false
	}
	shared := c.containerWarnings(it)
	for e := range entries.elements() {
		c.warnings = append(c.warnings[:0], shared...)
		if !e.isObject() || !translate(e) {
			c.units.reset()
			c.extra.reset()
			c.badEntry(it, e)
		}
	}
	c.warnings = c.warnings[:0]
	return true
}

// containerWarnings returns what is to be said on every record of a container.
func (c *call) containerWarnings(it *envelope.Item) []string {
	return c.r.warnings(append([]string(nil), it.Warnings...))
}
