package live

import (
	"unsafe"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// maxProcessLogs is how many log records without a span are findable by their process: breadcrumbs of the process's
// global scope (scopes.md I5 wants 100).
const maxProcessLogs = 200

func (s *Store) addLog(l *model.Log, in info, sv *service) {
	s.received["logs"]++
	if s.tooLarge(in.bytes) {
		return
	}
	if s.recentLogs.seen(in.hash, s.batch, in.numbered, s.time) {
		s.drop(droppedDuplicate, 1)
		return
	}
	if l.Time == 0 {
		l.Time = s.time
	}
	if l.TraceID.IsZero() {
		l.ID = s.next()
		loose := &looseLog{log: l}
		s.enter(&loose.unit, loose)
		s.grow(&loose.unit, in.bytes+int64(unsafe.Sizeof(*loose)))
	} else {
		t := s.active(l.TraceID)
		if t.bytes+in.bytes > s.limits.MaxBytesPerTrace {
			t.logsDropped++
			s.drop(droppedTrace, 1)
			return
		}
		l.ID = s.next()
		t.logs = append(t.logs, l)
		s.grow(&t.unit, in.bytes+2*pointer)
	}
	l.Session = s.present()
	s.bytes += s.logs.add(l.ID, l)
	s.counts.Logs++
	if l.SpanID.IsZero() {
		sv.addLog(l.ID)
	}
	sv.saw(s, kindLog)
	sv.alive(l.Time)
}

// dropLog removes a log record whose unit leaves.
func (s *Store) dropLog(l *model.Log) {
	s.bytes -= s.logs.remove(l.ID)
	s.logsGone = s.next()
	if l.ID > s.sessionStart() {
		s.counts.Logs--
	}
}

// Log returns a log record.
func (s *Store) Log(id uint64) (*model.Log, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	l := s.logs.get(id)
	if l == nil || s.logCleared(l) {
		return nil, false
	}
	return l, true
}

func (s *Store) logCleared(l *model.Log) bool {
	if l.ID > s.clearedUpTo() {
		return false
	}
	t := s.traces[l.TraceID]
	return t == nil || s.cleared(&t.unit)
}

// Logs returns up to n log records with ids below before (0: no bound), newest first. Fewer than n: there are no more.
// What came before a clear is not among them; the log records of a pinned trace stay findable through that.
func (s *Store) Logs(before uint64, n int) []*model.Log {
	s.mu.Lock()
	defer s.mu.Unlock()
	page, _ := s.logs.before(before, n)
	for i, l := range page {
		if l.ID <= s.clearedUpTo() {
			return page[:i]
		}
	}
	return page
}

// CountLogs returns how many log records have ids above since.
func (s *Store) CountLogs(since uint64) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.logs.countSince(max(since, s.clearedUpTo()))
}

// ProcessLogs returns the newest log records without a span of a process (see ServiceID), oldest first.
func (s *Store) ProcessLogs(service string) []*model.Log {
	s.mu.Lock()
	defer s.mu.Unlock()
	sv := s.services[service]
	if sv == nil {
		return nil
	}
	logs := make([]*model.Log, 0, len(sv.logs))
	for i := range sv.logs {
		if l := s.logs.get(sv.logs[(sv.nextLog+i)%len(sv.logs)]); l != nil && l.ID > s.clearedUpTo() {
			logs = append(logs, l)
		}
	}
	return logs
}
