package tracetree

import (
	"math"
	"strings"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

const (
	exceptionEvent = "exception" // name of an event that records one (semantic conventions, exceptions on spans)
	maxMarkName    = 80          // bytes
)

// eventMarks returns what the row of a span draws of its events. Of more than fit, exceptions stay first.
func eventMarks(s *model.Span) []model.EventMark {
	if len(s.Events) == 0 {
		return nil
	}
	marks := make([]model.EventMark, 0, min(len(s.Events), model.MaxEventMarks))
	for _, exceptions := range [...]bool{true, false} {
		for i := range s.Events {
			ev := &s.Events[i]
			if isException(ev) != exceptions || len(marks) == model.MaxEventMarks {
				continue
			}
			marks = append(marks, model.EventMark{AtNS: between(s.StartTime, ev.Time), Name: strings.Clone(model.Cut(ev.Name, maxMarkName)), Error: exceptions})
		}
	}
	return marks
}

func isException(ev *model.SpanEvent) bool {
	if ev.Name == exceptionEvent {
		return true
	}
	_, ok := ev.Attributes.Get("exception.type")
	return ok
}

// between returns the time from a to b in nanoseconds; a time that is nonsense does not overflow.
func between(a, b model.Time) int64 {
	if d := float64(b) - float64(a); math.Abs(d) > float64(maxOffset) {
		return 0
	}
	return int64(b - a)
}

// linkMarks returns what the row of a span draws of its links. A link without a span leads nowhere.
func linkMarks(s *model.Span) []model.LinkMark {
	var marks []model.LinkMark
	for i := range s.Links {
		if l := &s.Links[i]; !l.TraceID.IsZero() && !l.SpanID.IsZero() && len(marks) < model.MaxLinkMarks {
			marks = append(marks, model.LinkMark{TraceID: l.TraceID, SpanID: l.SpanID})
		}
	}
	return marks
}
