package live

import (
	"maps"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// Status returns what the store knows of a status: version, clients and endpoints are for others to fill in.
func (s *Store) Status() model.Status {
	s.mu.Lock()
	defer s.mu.Unlock()
	return model.Status{
		StoreID: s.id, Seq: s.seq, StartTime: model.TimeOf(s.start), UptimeNS: s.now().Sub(s.start).Nanoseconds(),
		Session: s.sessions[len(s.sessions)-1].Session, Sessions: s.sessionList(), Counts: s.countsNow(),
		Bytes: s.bytes, MaxBytes: s.limits.MaxBytes, MaxAgeNS: s.limits.MaxAge.Nanoseconds(),
		Received: maps.Clone(s.received), Dropped: maps.Clone(s.dropped), Evicted: maps.Clone(s.evicted),
	}
}

// Counts returns the numbers of the present session.
func (s *Store) Counts() model.Counts {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.countsNow()
}

func (s *Store) countsNow() model.Counts {
	c := s.counts
	c.Earlier = s.listedTraces - c.Traces + s.listedIssues - c.Issues
	return c
}

// Sessions returns the sessions, newest first.
func (s *Store) Sessions() []model.Session {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sessionList()
}

func (s *Store) sessionList() []model.Session {
	list := make([]model.Session, len(s.sessions))
	for i := range s.sessions {
		list[len(list)-1-i] = s.sessions[i].Session
	}
	return list
}

// Bytes returns the memory that everything stored needs.
func (s *Store) Bytes() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.bytes
}

// Dropped returns how many records were not stored, or left the store, since the start, by reason.
func (s *Store) Dropped() map[string]uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := maps.Clone(s.dropped)
	for reason, n := range s.evicted {
		all[reason] += n
	}
	return all
}

// Limits returns the bounds of the store.
func (s *Store) Limits() Limits { return s.limits }
