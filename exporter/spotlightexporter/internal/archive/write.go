package archive

import (
	"bufio"
	"encoding/json"
	"io"
	"slices"

	"github.com/otelcol-spotlight/otelcol-spotlight/exporter/spotlightexporter/internal/live"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// AllSessions stands for every session, in place of a number.
const AllSessions = -1

// pageSize is how many records are asked of the store at a time.
const pageSize = 512

// Options say what is written.
type Options struct {
	Version string // of the Collector
	Session int    // number, or AllSessions
	Now     model.Time
}

// Write writes a session of a store. What arrives meanwhile may or may not be in the file. A trace that was last active in
// the session is written whole, also what of it arrived before.
func Write(w io.Writer, store *live.Store, o Options) error {
	h := header{Format: Format, Version: o.Version, Written: o.Now}
	for _, s := range store.Sessions() {
		if s.Number == o.Session {
			h.Session = &s
		}
	}
	buf := bufio.NewWriterSize(w, 64<<10)
	enc := json.NewEncoder(buf)
	enc.SetEscapeHTML(false)
	wr := &writer{enc: enc, store: store, session: o.Session, table: store.SessionTable(), resources: map[*model.Resource]int{}, done: map[any]struct{}{}}
	wr.put(h)
	wr.traces()
	wr.loose()
	wr.metrics()
	wr.marks()
	if wr.err != nil {
		return wr.err
	}
	return buf.Flush()
}

type writer struct {
	enc       *json.Encoder
	store     *live.Store
	session   int
	table     live.SessionTable
	resources map[*model.Resource]int
	done      map[any]struct{} // ids of the events, logs and items that were written with their trace
	pinned    []model.TraceID  // traces in the file that are pinned
	err       error
}

func (w *writer) put(v any) {
	if w.err == nil {
		w.err = w.enc.Encode(v)
	}
}

func (w *writer) wanted(session int) bool { return w.session == AllSessions || w.session == session }

// of returns the number of a resource, which is written before it is named for the first time.
func (w *writer) of(r *model.Resource) int {
	if r == nil {
		return 0
	}
	n, ok := w.resources[r]
	if !ok {
		n = len(w.resources) + 1
		w.resources[r] = n
		w.put(line{Resource: r, N: n})
	}
	return n
}

func (w *writer) traces() {
	rows := w.store.Traces()
	slices.SortFunc(rows, func(a, b live.TraceRow) int { return int(a.Born) - int(b.Born) }) // #nosec G115 -- counts of records
	for _, row := range rows {
		if !w.wanted(row.Session) || w.err != nil {
			continue
		}
		t, ok := w.store.Trace(row.TraceID)
		if !ok {
			continue // it left meanwhile
		}
		for _, s := range t.Spans {
			w.span(s)
		}
		for _, ev := range slices.Concat(t.Events, t.Also) {
			w.event(ev)
		}
		for _, l := range t.Logs {
			w.log(l)
		}
		for _, it := range t.Items {
			w.item(it)
		}
		if row.Pinned {
			w.pinned = append(w.pinned, row.TraceID)
		}
	}
}

// loose writes what belongs to no trace, in order of arrival.
func (w *writer) loose() {
	var events []*model.EventRecord
	for before, more := uint64(0), true; more; more = before != 0 {
		var page []live.EventRow
		page, before = w.store.Events(before, pageSize)
		for _, row := range page {
			if w.wanted(row.Rec.Session) {
				events = append(events, row.Rec)
			}
		}
	}
	for _, ev := range slices.Backward(events) {
		w.event(ev)
	}
	var logs []*model.Log
	for before := uint64(0); ; {
		page := w.store.Logs(before, pageSize)
		for _, l := range page {
			if w.wanted(w.table.Of(l.ID)) {
				logs = append(logs, l)
			}
		}
		if len(page) < pageSize {
			break
		}
		before = page[len(page)-1].ID
	}
	for _, l := range slices.Backward(logs) {
		w.log(l)
	}
	var items []*model.Item
	for before, more := uint64(0), true; more; more = before != 0 {
		var page []*model.Item
		page, before = w.store.Items(before, pageSize)
		for _, it := range page {
			if w.wanted(w.table.Of(it.ID)) {
				items = append(items, it)
			}
		}
	}
	for _, it := range slices.Backward(items) {
		w.item(it)
	}
}

func (w *writer) metrics() {
	for _, row := range w.store.Metrics() {
		m, ok := w.store.Metric(row.MetricKey)
		if !ok {
			continue
		}
		for _, rec := range m.Exports {
			if w.wanted(rec.Session) {
				out := *rec
				out.Resource = nil
				w.put(line{Of: w.of(rec.Resource), Metric: &out})
			}
		}
	}
}

// marks writes what the user did to what is in the file.
func (w *writer) marks() {
	for _, id := range w.pinned {
		w.put(line{Pin: &mark{TraceID: id}})
	}
	session := max(0, w.session) // 0: all of them
	for _, row := range w.store.Issues(session) {
		snap, ok := w.store.Issue(row.IssueID)
		if !ok {
			continue
		}
		if _, there := snap.In(session); !there && session > 0 {
			continue // it is in the session's list because it is pinned; none of its events is in the file
		}
		if snap.Pinned {
			w.put(line{Pin: &mark{IssueID: row.IssueID}})
		}
		if snap.Hidden && session == 0 || session > 0 && snap.HiddenIn == session {
			w.put(line{Hide: &mark{IssueID: row.IssueID}})
		}
	}
}

func (w *writer) span(s *model.Span) {
	out := *s
	out.Resource = nil
	w.put(line{Of: w.of(s.Resource), Span: &out, Payload: s.Payload, Received: s.ReceivedTime})
}

// first reports whether a record is written for the first time.
func (w *writer) first(id any) bool {
	_, was := w.done[id]
	w.done[id] = struct{}{}
	return !was
}

func (w *writer) event(rec *model.EventRecord) {
	if !w.first(rec.EventID) {
		return
	}
	out := event(*rec)
	out.AlsoSeenAs = nil // found again by whoever reads the reports
	w.put(line{Of: w.of(rec.Resource), Event: &out, Payload: rec.Payload})
}

type logID uint64

func (w *writer) log(l *model.Log) {
	if !w.first(logID(l.ID)) {
		return
	}
	out := *l
	out.Resource = nil
	w.put(line{Of: w.of(l.Resource), Log: &out})
}

type itemID uint64

func (w *writer) item(it *model.Item) {
	if !w.first(itemID(it.ID)) {
		return
	}
	out := *it
	out.Resource = nil
	w.put(line{Of: w.of(it.Resource), Item: &out, Payload: it.Payload})
}
