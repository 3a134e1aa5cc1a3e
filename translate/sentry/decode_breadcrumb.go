package sentry

import (
	"github.com/valyala/fastjson"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// breadcrumbs reads breadcrumbs in the order they came, which is oldest first in every SDK.
func (d *decoder) breadcrumbs(v *fastjson.Value) []model.Breadcrumb {
	list := listOf(v)
	out := make([]model.Breadcrumb, 0, len(list))
	for _, e := range list {
		if object(e) != nil {
			out = append(out, d.breadcrumb(e))
		}
	}
	return out
}

func (d *decoder) breadcrumb(v *fastjson.Value) (b model.Breadcrumb) {
	r := d.r
	object(v).Visit(func(k []byte, e *fastjson.Value) {
		switch string(k) {
		case "timestamp":
			if ns, ok := r.time(e); ok {
				b.Time = model.Time(ns)
			} else if !isNull(e) {
				d.warning(warnCrumbTime)
			}
		case "type":
			b.Type = r.text(e)
		case "category":
			b.Category = r.text(e)
		case "level":
			b.Level, _ = r.levelOf(e)
		case "message":
			b.Message = r.text(e)
		case "event_id":
			b.EventID, _ = eventID(e)
		case "origin":
			b.Origin = r.text(e)
		case "data":
			if !isNull(e) {
				b.Data = append(b.Data, d.members(e)...)
			}
		default: // no SDK writes more; data is where it will be seen
			if !isNull(e) {
				b.Data = append(b.Data, model.Attribute{Key: r.copy(k), Value: r.value(e)})
			}
		}
	})
	b.Data.Sort()
	return b
}
