package live

import (
	"slices"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// maxGlobals bounds the spans of a process that are kept for the data they set on its global scope: that outlives traces.
const maxGlobals = 20

// globalPrefix is what the names of attributes that set data on the global scope begin with (scopes.md section 3.2).
const globalPrefix = "sentry.scope.global."

type globalSpan struct {
	span  *model.Span
	bytes int64
}

// setsGlobal reports whether a span sets data on the global scope of its process.
func setsGlobal(s *model.Span) bool {
	return s.Attributes.HasPrefix(globalPrefix)
}

// addGlobal remembers a span that sets data on the global scope.
func (s *Store) addGlobal(sv *service, sp *model.Span, bytes int64) {
	if s.services[sv.id] != sv || bytes > internBytes {
		return
	}
	if len(sv.globals) == maxGlobals {
		s.bytes -= sv.globals[0].bytes
		sv.globals = slices.Delete(sv.globals, 0, 1)
	}
	sv.globals = append(sv.globals, globalSpan{sp, bytes})
	s.bytes += bytes
	sv.stamp = s.seq
}

// ProcessSpans returns the newest spans by which a process set data on its global scope (sentry.scope.global.*), whether
// their traces are still in the store or not.
func (s *Store) ProcessSpans(service string) []*model.Span {
	s.mu.Lock()
	defer s.mu.Unlock()
	sv := s.services[service]
	if sv == nil {
		return nil
	}
	spans := make([]*model.Span, len(sv.globals))
	for i, g := range sv.globals {
		spans[i] = g.span
	}
	return spans
}

// ProcessStamp returns a number that is higher when any of these processes has said something new outside of a span
// (see ProcessLogs and ProcessSpans).
func (s *Store) ProcessStamp(services []string) (stamp uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, id := range services {
		if sv := s.services[id]; sv != nil {
			stamp = max(stamp, sv.stamp)
		}
	}
	return stamp
}

// addLog remembers the number of a log record without a span.
func (sv *service) addLog(id uint64) {
	sv.stamp = id
	if len(sv.logs) < maxProcessLogs {
		sv.logs = append(sv.logs, id)
		return
	}
	sv.logs[sv.nextLog] = id
	sv.nextLog = (sv.nextLog + 1) % maxProcessLogs
}
