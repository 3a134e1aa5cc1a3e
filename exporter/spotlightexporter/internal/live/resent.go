package live

import (
	"cmp"
	"hash/fnv"
	"slices"
	"strings"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// sameSpan reports whether two reports of one span say the same.
func sameSpan(a, b *model.Span) bool {
	return a.ParentSpanID == b.ParentSpanID && a.Name == b.Name && a.Op == b.Op && a.Kind == b.Kind && a.Status == b.Status &&
		a.StatusMessage == b.StatusMessage && a.Service == b.Service && a.Origin == b.Origin && a.StartTime == b.StartTime &&
		a.DurationNS == b.DurationNS && a.Open == b.Open && a.EventID == b.EventID && a.TraceState == b.TraceState &&
		a.Attributes == b.Attributes && slices.EqualFunc(a.Events, b.Events, sameSpanEvent) &&
		slices.EqualFunc(a.Links, b.Links, sameSpanLink)
}

func sameSpanEvent(a, b model.SpanEvent) bool {
	return a.Name == b.Name && a.Time == b.Time && a.Attributes.Equal(b.Attributes)
}

func sameSpanLink(a, b model.SpanLink) bool {
	return a.TraceID == b.TraceID && a.SpanID == b.SpanID && a.Attributes.Equal(b.Attributes)
}

// distinct reports whether two spans with one id are two spans: reports of one family of SDKs that have ended and have
// different names. The reports of two families name a span each in its own way; an open span may get its name later.
func distinct(a, b *model.Span) bool {
	return a.Origin == b.Origin && !a.Open && !b.Open && sentName(a) != sentName(b)
}

// sentName is the name of a span as it was sent.
func sentName(sp *model.Span) string {
	if sp.RawName != "" {
		return sp.RawName
	}
	return sp.Name
}

// renamed is a span under an id of its own, which follows from what it is.
func renamed(sp *model.Span) *model.Span {
	h := fnv.New64a()
	_, _ = h.Write(sp.SpanID[:])
	_, _ = h.Write([]byte(sp.Name))
	r := *sp
	h.Sum(r.SpanID[:0])
	r.Warnings = append(slices.Clip(slices.Clone(sp.Warnings)), model.WarnSpanIDTaken)
	return &r
}

// unite makes one span of two different reports of it. The more complete one stays, with the Sentry payload of the other
// when it has none; it carries a warning when both are complete and say different things. The result does not depend on
// which report came first.
func unite(a, b *model.Span) *model.Span {
	if compareReports(a, b) < 0 {
		a, b = b, a
	}
	warn := slices.Contains(a.Warnings, model.WarnResent)
	add := !warn && (slices.Contains(b.Warnings, model.WarnResent) || conflict(a, b))
	adopt := a.Payload == nil && b.Payload != nil
	if !add && !adopt {
		return a
	}
	u := *a
	if add {
		u.Warnings = append(slices.Clip(slices.Clone(a.Warnings)), model.WarnResent)
	}
	if adopt {
		u.Payload, u.EventID = b.Payload, b.EventID
	}
	return &u
}

// compareReports orders reports of one span by how complete they are; equal ones by anything that is not the order of
// their arrival.
func compareReports(a, b *model.Span) int {
	switch {
	case a.Open != b.Open:
		return before(!a.Open)
	case (a.Payload != nil) != (b.Payload != nil):
		return before(a.Payload != nil)
	case richness(a) != richness(b):
		return before(richness(a) > richness(b))
	case a.DurationNS != b.DurationNS:
		return before(a.DurationNS > b.DurationNS)
	case a.StartTime != b.StartTime:
		return before(a.StartTime < b.StartTime)
	case a.Name != b.Name:
		return strings.Compare(a.Name, b.Name)
	case a.Status != b.Status:
		return cmp.Compare(a.Status, b.Status)
	case a.Origin != b.Origin:
		return cmp.Compare(a.Origin, b.Origin)
	case a.Service != b.Service:
		return strings.Compare(a.Service, b.Service)
	case a.ParentSpanID != b.ParentSpanID:
		return slices.Compare(a.ParentSpanID[:], b.ParentSpanID[:])
	}
	return strings.Compare(string(a.Attributes.AppendJSON(nil)), string(b.Attributes.AppendJSON(nil)))
}

func before(yes bool) int {
	if yes {
		return 1
	}
	return -1
}

func richness(s *model.Span) int {
	n := s.Attributes.Len() + 2*len(s.Events) + 2*len(s.Links)
	if s.Status != model.StatusUnset {
		n++
	}
	if !s.ParentSpanID.IsZero() {
		n++
	}
	return n
}

// conflict reports whether b says something that a, the more complete one, contradicts. Saying less is no contradiction:
// a span is often sent when it starts and again when it has ended.
func conflict(a, b *model.Span) bool {
	if a.StartTime != b.StartTime || !b.ParentSpanID.IsZero() && a.ParentSpanID != b.ParentSpanID || a.Service != b.Service {
		return true
	}
	if b.Open {
		return false
	}
	if a.DurationNS != b.DurationNS || a.Name != b.Name || b.Status != model.StatusUnset && a.Status != b.Status ||
		b.Kind != model.KindInternal && a.Kind != b.Kind {
		return true
	}
	for key, said := range b.Attributes.All() {
		if v, ok := a.Attributes.Get(key); ok && !v.Equal(said) {
			return true
		}
	}
	return false
}
