package sentry

import (
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// breadcrumbs reads breadcrumbs in the order they came, which is oldest first in every SDK.
func (d *decoder) breadcrumbs(v node) []model.Breadcrumb {
	list := listOf(v)
	out := make([]model.Breadcrumb, 0, len(list))
	for _, e := range list {
		if e.isObject() {
			out = append(out, d.breadcrumb(e))
		}
	}
	return out
}

func (d *decoder) breadcrumb(v node) (b model.Breadcrumb) {
	r := d.r
	v.visit(func(k []byte, e node) {
		switch string(k) {
		case "timestamp":
			if ns, ok := e.time(); ok {
				b.Time = model.Time(ns)
			} else if !e.isNull() {
				d.warning(warnCrumbTime)
			}
		case "type":
			b.Type = e.text()
		case "category":
			b.Category = e.text()
		case "level":
			b.Level, _ = e.level()
		case "message":
			b.Message = e.text()
		case "event_id":
			b.EventID, _ = eventID(e)
		case "origin":
			b.Origin = e.text()
		case "data":
			if !e.isNull() {
				b.Data = append(d.members(e), b.Data...)
			}
		default: // no SDK writes more; data is where it will be seen
			if !e.isNull() {
				b.Data = append(b.Data, model.Attribute{Key: r.copy(k), Value: e.value()})
			}
		}
	})
	b.Data.Sort()
	return b
}
