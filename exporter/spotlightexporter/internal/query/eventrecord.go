package query

import (
	"strings"

	"github.com/otelcol-spotlight/otelcol-spotlight/exporter/spotlightexporter/internal/live"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// eventRecord is an event. Its payload is read only when a term asks for what is nowhere else.
type eventRecord struct {
	q    *Query
	rec  *model.EventRecord
	read *model.Event
}

func (r *eventRecord) event() *model.Event {
	if r.read == nil {
		ev := decodeRecord(r.rec)
		r.read = &ev
	}
	return r.read
}

func (r *eventRecord) Texts(yield func(string) bool) {
	rec := r.rec
	for _, t := range [...]string{rec.Title, rec.Value, rec.Culprit, rec.Service, rec.Message, rec.EventID.String()} {
		if !yield(t) {
			return
		}
	}
}

func (r *eventRecord) Values(key string, yield func(model.Value) bool) {
	y := &yielder{yield: yield}
	rec := r.rec
	switch key {
	case "service":
		y.text(rec.Service)
	case "origin":
		y.text(rec.Origin.String())
	case "level":
		y.text(string(rec.Level))
	case "type":
		y.text(rec.Title)
		y.text(string(rec.Type))
	case "title":
		y.text(rec.Title)
	case "value", "message":
		y.text(rec.Value)
		y.text(rec.Message)
	case "culprit":
		y.text(rec.Culprit)
	case "issue":
		y.text(rec.IssueID)
	case "event":
		y.text(rec.EventID.String())
	case "trace":
		y.text(rec.TraceID.String())
	case "span":
		y.text(rec.SpanID.String())
	case "release":
		y.text(rec.Release)
	case "env":
		y.text(rec.Environment)
	case "session":
		y.num(int64(rec.Session))
	case "platform":
		y.text(rec.Platform)
	case "sdk":
		y.source(key, rec.Resource)
	case "url":
		if req := r.event().Request; req != nil {
			y.text(req.URL)
		}
	default:
		if tag, ok := strings.CutPrefix(key, "tag."); ok && rec.Payload != nil {
			y.value(r.event().Tags, tag)
		}
		y.attributes(key, rec.Attributes, rec.Resource)
	}
}

func (r *eventRecord) Is(flag string) bool {
	switch flag {
	case "unhandled":
		return r.rec.Handled != nil && !*r.rec.Handled
	case "handled":
		return r.rec.Handled != nil && *r.rec.Handled
	case "error":
		return r.rec.Type == model.EventError
	case "trace":
		return !r.rec.TraceID.IsZero()
	case "warning":
		return len(r.rec.Warnings) > 0
	}
	return false
}

// issueRecord is an issue with its newest events: a term about events holds when it holds for any of them.
type issueRecord struct {
	q    *Query
	snap *live.IssueSnapshot
	read map[*model.EventRecord]*eventRecord
}

func (r *issueRecord) events(each func(*eventRecord) bool) {
	if r.read == nil {
		r.read = map[*model.EventRecord]*eventRecord{}
	}
	for _, rec := range r.snap.Events {
		ev := r.read[rec]
		if ev == nil {
			ev = &eventRecord{q: r.q, rec: rec}
			r.read[rec] = ev
		}
		if !each(ev) {
			return
		}
	}
}

func (r *issueRecord) Texts(yield func(string) bool) {
	stop := false
	once := func(t string) bool {
		stop = stop || !yield(t)
		return !stop
	}
	for _, t := range [...]string{r.snap.Title, r.snap.Value, r.snap.Culprit, r.snap.IssueID} {
		if !once(t) {
			return
		}
	}
	r.events(func(ev *eventRecord) bool {
		ev.Texts(once)
		return !stop
	})
}

func (r *issueRecord) Values(key string, yield func(model.Value) bool) {
	y := &yielder{yield: yield}
	switch key {
	case "count":
		y.num(int64(r.snap.Count))
		return
	case "level":
		y.text(string(r.snap.Level))
		return
	case "issue":
		y.text(r.snap.IssueID)
		return
	case "session":
		y.num(int64(r.snap.Session))
		return
	case "service":
		for _, s := range r.snap.Services {
			y.text(s)
		}
		return
	case "title", "type":
		y.text(r.snap.Title)
		y.text(string(r.snap.Type))
		return
	}
	stop := false
	r.events(func(ev *eventRecord) bool {
		ev.Values(key, func(v model.Value) bool {
			stop = stop || !yield(v)
			return !stop
		})
		return !stop
	})
}

func (r *issueRecord) Is(flag string) bool {
	switch flag {
	case "unhandled":
		return r.snap.Unhandled
	case "handled":
		return !r.snap.Unhandled
	case "pinned":
		return r.snap.Pinned
	case "error":
		return r.snap.Type == model.EventError
	case "trace":
		return !r.snap.LastTrace.IsZero()
	}
	return false
}
