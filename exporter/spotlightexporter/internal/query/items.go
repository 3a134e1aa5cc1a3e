package query

import (
	"strings"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// Items returns summaries of attachments, profiles, replays, sessions, check-ins and the like, newest first.
func (q *Query) Items(f Filter) model.Page[model.ItemSummary] {
	page := model.Page[model.ItemSummary]{Seq: q.store.Seq(), Items: []model.ItemSummary{}}
	ask := parse(f.Q, itemList, &page.Warnings)
	in := q.sessions(&f)
	limit := f.limit()
	for before := f.Before; ; {
		items, next := q.store.Items(before, scanPage)
		for _, it := range items {
			session := in.table.Of(it.ID)
			if it.ID <= f.Since || !in.has(session) || !matchItem(it, &f) || !ask.Empty() && !ask.Match(&itemRecord{item: it, session: session}) {
				continue
			}
			if len(page.Items) == limit {
				page.Truncated, page.Next = true, page.Items[limit-1].ID
				return page
			}
			page.Items = append(page.Items, itemRow(it, session))
		}
		if before = next; next == 0 {
			return page
		}
	}
}

func itemRow(it *model.Item, session int) model.ItemSummary {
	sum := it.ItemSummary
	sum.Session = session
	return sum
}

func matchItem(it *model.Item, f *Filter) bool {
	return (f.Service == "" || it.Service == f.Service) && (f.Trace.IsZero() || it.TraceID == f.Trace) && (f.Event.IsZero() || it.EventID == f.Event) &&
		(f.After == 0 || it.Time > f.After) && (f.Type == "" || it.Type == f.Type || strings.HasPrefix(it.Type, f.Type+"_"))
}

// Item returns an item; its payload is in Item.Payload, which the JSON leaves out.
func (q *Query) Item(id uint64) (*model.Item, bool) {
	it, ok := q.store.Item(id)
	if !ok {
		return nil, false
	}
	out := *it
	out.Session = q.store.SessionTable().Of(id)
	if out.Attributes == nil {
		out.Attributes = model.Attributes{}
	}
	return &out, true
}
