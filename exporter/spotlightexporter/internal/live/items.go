package live

import (
	"encoding/json"
	"slices"
	"unsafe"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// item is an attachment, profile, replay, session report or the like. It belongs to its event, else to its trace, else it
// is a unit of its own.
type item struct {
	unit
	rec    *model.Item
	bytes  int64
	holder *unit // &item.unit when it is on its own
}

const itemBytes = int64(unsafe.Sizeof(item{})) + mapEntry + 4*pointer

func (s *Store) addItem(rec *model.Item, in info, sv *service) {
	s.received["items"]++
	report, _ := in.extra.(*clientReport)
	if s.tooLarge(in.bytes) {
		return
	}
	if s.recentItems.seen(in.hash, s.batch, true, s.time) {
		s.drop(droppedDuplicate, 1)
		return
	}
	if rec.Time == 0 {
		rec.Time = s.time
	}
	it := &item{rec: rec, bytes: in.bytes + itemBytes}
	it.holder = &it.unit
	switch e, t := s.eventOf(rec.EventID), s.transactionOf(rec.EventID); {
	case e != nil && e.trace == nil:
		s.next()
		s.touch(&e.unit)
		it.holder = &e.unit
		e.items = append(e.items, it)
	case e != nil:
		it.holder = &s.active(e.rec.TraceID).unit
		e.trace.items = append(e.trace.items, it)
	case t != nil:
		t = s.active(t.id)
		it.holder = &t.unit
		t.items = append(t.items, it)
	case !rec.TraceID.IsZero():
		t := s.active(rec.TraceID)
		it.holder = &t.unit
		t.items = append(t.items, it)
	}
	if it.holder != &it.unit {
		if t, ok := it.holder.what.(*trace); ok && t.bytes+in.bytes > 2*s.limits.MaxBytesPerTrace {
			t.items = t.items[:len(t.items)-1]
			s.drop(droppedTrace, 1)
			return
		}
	}
	rec.ID, rec.Session = s.next(), s.present()
	if it.holder == &it.unit {
		s.enter(&it.unit, it)
	}
	s.grow(it.holder, it.bytes)
	s.bytes += s.items.add(rec.ID, it)
	s.countItem(rec, +1)
	if !rec.EventID.IsZero() {
		s.itemsOf[rec.EventID] = append(s.itemsOf[rec.EventID], it)
	}
	sv.sawItem(s, rec, report)
}

// adoptItems puts items that came before their event into the unit of that.
func (s *Store) adoptItems(id model.EventID, to *unit) {
	for _, it := range s.itemsOf[id] {
		if it.holder != &it.unit || s.cleared(&it.unit) {
			continue
		}
		it.remove()
		s.grow(&it.unit, -it.bytes)
		s.grow(to, it.bytes)
		it.holder = to
		switch what := to.what.(type) {
		case *trace:
			what.items = append(what.items, it)
		case *event:
			what.items = append(what.items, it)
		}
	}
}

// dropItem removes an item whose unit leaves.
func (s *Store) dropItem(it *item) {
	s.bytes -= s.items.remove(it.rec.ID)
	s.countItem(it.rec, -1)
	s.bury(grave{kind: graveItem, born: it.rec.ID, num: it.rec.ID})
	if id := it.rec.EventID; !id.IsZero() {
		if rest := slices.DeleteFunc(s.itemsOf[id], func(x *item) bool { return x == it }); len(rest) == 0 {
			delete(s.itemsOf, id)
		} else {
			s.itemsOf[id] = rest
		}
	}
}

func (s *Store) countItem(rec *model.Item, by int) {
	if rec.ID <= s.sessionStart() {
		return
	}
	s.counts.Items += by
	switch rec.Type {
	case "attachment":
		s.counts.Attachments += by
	case "profile", "profile_chunk", "profile_chunk_ui":
		s.counts.Profiles += by
	case "replay_event":
		if v, _ := rec.Attributes.Get(attrSegmentID); v.Int() == 0 { // further segments are of the same replay
			s.counts.Replays += by
		}
	}
}

// Item returns an item.
func (s *Store) Item(id uint64) (*model.Item, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	it := s.items.get(id)
	if it == nil || s.cleared(it.holder) {
		return nil, false
	}
	return it.rec, true
}

// Items returns up to n items with ids below before (0: no bound), newest first, and the number to go on from (0: there
// are no more).
func (s *Store) Items(before uint64, n int) (page []*model.Item, next uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	found, last := s.items.before(before, n)
	for _, it := range found {
		if !s.cleared(it.holder) {
			page = append(page, it.rec)
		}
	}
	if len(found) < n {
		last = 0
	}
	return page, last
}

// ItemsOf returns the items that belong to an event: attachments, user reports, profiles, in order of arrival.
func (s *Store) ItemsOf(id model.EventID) []*model.Item {
	s.mu.Lock()
	defer s.mu.Unlock()
	recs := make([]*model.Item, 0, len(s.itemsOf[id]))
	for _, it := range s.itemsOf[id] {
		recs = append(recs, it.rec)
	}
	return recs
}

// clientReport is what an SDK says it did not send (Sentry protocol, client reports).
type clientReport struct {
	Discarded   []discarded `json:"discarded_events"`
	RateLimited []discarded `json:"rate_limited_events"`
	Filtered    []discarded `json:"filtered_events"`
	Sampled     []discarded `json:"filtered_sampling_events"`
}

type discarded struct {
	Reason   string `json:"reason"`
	Category string `json:"category"`
	Quantity int    `json:"quantity"`
}

// maxReport bounds what is read of an item's payload here; SDKs send a few hundred bytes.
const maxReport = 64 << 10

// identify returns the hash that copies of an item share. Two updates of one session, of one moment, are one whatever
// else they say. A client report is read, because its numbers count for the process that sent it.
func (w *work) identify(it *model.Item) (hash uint64, extra any) {
	if len(it.Payload) <= maxReport {
		switch it.Type {
		case "session":
			var u struct {
				SID       string          `json:"sid"`
				Timestamp json.RawMessage `json:"timestamp"`
				Status    string          `json:"status"`
			}
			if json.Unmarshal(it.Payload, &u) == nil && u.SID != "" && len(u.Timestamp) > 0 {
				w.h.text("session")
				w.h.text(u.SID)
				w.h.bytes(u.Timestamp)
				w.h.text(u.Status)
				return w.h.sum(), nil
			}
		case "client_report":
			var r clientReport
			if json.Unmarshal(it.Payload, &r) == nil {
				extra = &r
			}
		}
	}
	return w.h.item(it), extra
}
