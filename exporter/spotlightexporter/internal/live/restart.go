package live

import (
	"slices"
	"strings"
	"time"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// A session starts when a watched process restarts: a process appears that is a successor of one seen before, of the same
// service and SDK, which is silent from then on. The rule is careful, because a session that starts for no reason hides
// what its developer is looking at:
//
//   - all earlier processes of that service must be silent. When all have been for restartQuiet, the session starts at
//     once, else after restartGrace: SDKs send what they have collected every 5 s (OTEL_BSP_SCHEDULE_DELAY), so a replica
//     that is alive is heard of until then. The session then begins where the new process appeared;
//   - a service of which a process spoke again after it was taken for dead runs in replicas: it starts no session any more;
//   - an earlier process must have lived for restartLife or served a request, so that the many short runs of a job or a
//     command line tool start none; and a service that restarts all the time starts at most maxRestarts a minute;
//   - pages in a browser start none: they come and go with every load.
//
// What a Sentry SDK sends has the same identity after a restart. There the start time of the process tells, which Node's
// SDK, .NET's and those of phones send (app_start_time); Python's, Go's, Ruby's and PHP's say nothing that would.
const (
	restartQuiet = model.Time(3 * time.Second)
	restartGrace = model.Time(6 * time.Second)
	restartLife  = model.Time(10 * time.Second)
	// restartTogether is how long what is restarted together takes: the services of one application, the replicas of one
	// service, and the several SDKs of one process, which do not speak at the same time. That is one new session.
	restartTogether = model.Time(10 * time.Second)
	maxRestartNames = 5 // services that such a session names
	maxRestarts     = 3
)

// family is the processes of one service and SDK.
type family struct {
	key      string
	members  []*service // in order of appearance, at most maxMembers
	replicas bool
	restarts []model.Time // of the last minute
}

const maxMembers = 64

// startGrain is how exactly a process says when it started: SDKs subtract its uptime from the time of an event.
const startGrain = model.Time(2 * time.Second)

// restarted takes note that a process is another one than before, which sends under the same identity. One that started
// before the Collector did was not watched as it restarted: what it sent was kept somewhere, and is sent again.
func (s *Store) restarted(sv *service, started model.Time) {
	if s.archived || started < model.TimeOf(s.start) || sv.facts.Browser || sv.family == nil || !sv.lived() || started < sv.lastRecord {
		return
	}
	s.restart(sv, s.seq, s.time)
	sv.is.FirstTime = s.time
}

// restart starts a session because of a process, unless its service restarts all the time.
func (s *Store) restart(sv *service, seq uint64, at model.Time) {
	f := sv.family
	f.restarts = slices.DeleteFunc(f.restarts, func(was model.Time) bool { return was < at-model.Time(time.Minute) })
	if f.replicas || len(f.restarts) >= maxRestarts || s.sessionStart() >= seq {
		return
	}
	if now := &s.sessions[len(s.sessions)-1]; strings.HasPrefix(now.Reason, reasonRestarted) && at-now.StartTime < restartTogether {
		names := strings.Split(now.Reason[len(reasonRestarted):], ", ")
		if !slices.Contains(names, sv.is.Service) && len(names) < maxRestartNames { // else its other SDK, or the next replica
			now.Reason += ", " + sv.is.Service
			s.sessionSeq = s.next()
		}
		return
	}
	f.restarts = append(f.restarts, at)
	s.startSession(seq, at, reasonRestarted+sv.is.Service)
}

// suspect is a process that may be the successor of others.
type suspect struct {
	new *service
	old []*service
	seq uint64 // number up to which records belong to the session before
	at  model.Time
	due model.Time
}

// arrived takes note of a new process.
func (s *Store) arrived(sv *service) {
	if s.archived || sv.facts.Browser {
		return
	}
	key := strings.Join([]string{sv.is.Service, sv.is.Origin.String(), sdkFamily(sv.is.SDK.Name)}, "\x00")
	f := s.families[key]
	if f == nil {
		f = &family{key: key}
		s.families[key] = f
	}
	sv.family = f
	old := slices.Clone(f.members)
	if f.members = append(f.members, sv); len(f.members) > maxMembers {
		f.members = slices.Delete(f.members, 0, 1)
	}
	if len(old) == 0 || f.replicas || len(s.suspects) >= maxMembers || !slices.ContainsFunc(old, (*service).lived) {
		return
	}
	sp := &suspect{new: sv, old: old, seq: sv.born, at: s.time, due: s.time + restartGrace}
	if !slices.ContainsFunc(old, func(o *service) bool { return o.is.LastTime > s.time-restartQuiet }) {
		sp.due = s.time
	}
	s.suspects = append(s.suspects, sp)
}

// lived reports whether a process is worth watching for its restart.
func (sv *service) lived() bool {
	return sv.is.LastTime-sv.is.FirstTime >= restartLife || sv.facts.RootServers+sv.facts.RemoteParents > 0
}

// alive takes note of the time, on the process's clock, of a record. Records from before its successor appeared may be
// what it sent while it ended, and prove nothing; one from after that is of a replica: a forked worker, which its SDK
// gives the same identity.
func (sv *service) alive(at model.Time) {
	if sv.speaking != 0 && sv.speaking+startGrain < sv.started && at > sv.started && sv.family != nil {
		sv.family.replicas = true
	}
	if at > sv.lastRecord {
		sv.lastRecord = at
		if sv.deadAt > 0 && at > sv.deadAt && sv.family != nil {
			sv.family.replicas = true
			sv.deadAt = 0
		}
	}
}

// left takes note that a process is forgotten.
func (s *Store) left(sv *service) {
	f := sv.family
	if f == nil {
		return
	}
	if f.members = slices.DeleteFunc(f.members, func(m *service) bool { return m == sv }); len(f.members) == 0 {
		delete(s.families, f.key)
	}
}

// judge decides on the suspects whose time has come.
func (s *Store) judge() {
	if len(s.suspects) == 0 {
		return
	}
	s.suspects = slices.DeleteFunc(s.suspects, func(sp *suspect) bool {
		for _, o := range sp.old {
			if o.is.LastTime > sp.at && o.lastRecord > sp.at {
				return true // a replica
			}
		}
		if s.time < sp.due {
			return false
		}
		for _, o := range sp.old {
			o.deadAt = sp.at
		}
		s.restart(sp.new, sp.seq, sp.at)
		return true
	})
}
