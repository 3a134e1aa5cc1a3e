package live

import (
	"maps"
	"strconv"
	"strings"
	"time"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

const (
	maxServices     = 2000           // processes; the one silent for longest leaves first
	maxDropKinds    = 64             // reasons and categories counted for one process
	serviceBytes    = int64(4 << 10) // of a process with its counts and the numbers of its logs, an estimate
	kindSpan        = "span"
	kindEvent       = "event"
	kindLog         = "log"
	kindMetric      = "metric"
	maxDestinations = 8   // a process has one DSN, and perhaps Spotlight
	maxItemKinds    = 64  // item types counted for one process
	maxKind         = 128 // bytes of a reason, category or item type
	otherItemKind   = "other"
)

// service is one running process that sends data.
type service struct {
	changed node[service]
	stirred node[service] // in Store.stirring while a change of it was not told yet
	id      string
	born    uint64
	version uint64     // number of the change that was last told
	told    model.Time // when that was
	seq     uint64     // number of its last activity
	bytes   int64
	hold    uint64 // in which it was last noted that it changed
	session int

	is      model.Service  // without counts
	counts  map[string]int // of records by kind, but for spans
	spans   int
	dropped map[string]int
	facts   ServiceFacts
	sendsTo map[string]bool // see destination
	family  *family

	started    model.Time // of its operating-system process, when it said so
	speaking   model.Time // what the batch at hand says of that
	toldIn     uint64     // number of that batch
	lastRecord model.Time // time of its newest record, on its own clock
	deadAt     model.Time // when it was taken for dead; 0: it was not

	logs    []uint64 // numbers of its newest log records without a span, a ring
	nextLog int

	stamp   uint64       // see Store.ProcessStamp
	globals []globalSpan // newest spans that set data on its global scope, in order of arrival

	snap *ServiceSnapshot
}

// meet finds or makes the process that sent records of the batch at hand, and marks it as active.
func (s *Store) meet(p *proc) *service {
	sv := s.services[p.id]
	if sv == nil && p.src != nil && nameless(p.src.res.Attributes) {
		if sv = s.aliases[p.id]; sv == nil {
			if sv = s.soleAt(destination(p.src.res.Attributes), sdkOf(p.src.res.Attributes)); sv != nil {
				s.aliases[p.id] = sv
			}
		}
	}
	if sv == nil {
		sv = &service{id: p.id, born: s.next(), counts: map[string]int{}, dropped: map[string]int{}}
		sv.is = model.Service{ID: p.id, Service: p.name, Origin: p.origin, FirstTime: s.time}
		if p.src != nil {
			fill(&sv.is, p.src.res)
			sv.facts.Browser = isBrowser(p.src.res.Attributes)
			sv.bytes = p.src.bytes
		}
		sv.bytes += serviceBytes
		s.services[p.id] = sv
		s.bytes += sv.bytes
		s.serviceBytes += sv.bytes
		s.arrived(sv)
		if len(s.services) > maxServices {
			s.dropService(s.changedServices.front.v)
		}
	} else {
		s.countService(sv, -1)
		if p.src != nil && p.src.res != sv.is.Resource {
			s.refill(sv, p.src)
		}
	}
	if p.src != nil {
		sv.tell(s, p.src.res.Attributes)
	}
	if sv.session != s.present() {
		sv.told = 0 // new in this session
	}
	sv.is.LastTime = s.time
	sv.session, sv.seq = s.present(), s.next()
	s.countService(sv, +1)
	s.stir(sv)
	return sv
}

// serviceEvery is how often a change of a process is told: its counts change with everything it sends, and it is by far
// the largest row.
const serviceEvery = model.Time(time.Second)

// stir takes note that a process has changed. It is told at once when it was not told lately, else with a later Tick.
func (s *Store) stir(sv *service) {
	sv.snap, sv.hold = nil, s.hold
	if s.services[sv.id] != sv {
		return // forgotten while a batch of it was stored
	}
	if s.time-sv.told >= serviceEvery {
		s.changeService(sv)
	} else if sv.stirred.in == nil {
		s.stirring.pushBack(&sv.stirred, sv)
	}
}

// tellServices tells of the processes that changed and were not told of lately.
func (s *Store) tellServices() {
	for n := s.stirring.front; n != nil; {
		sv := n.v
		if n = n.next; s.time-sv.told >= serviceEvery {
			s.changeService(sv)
		}
	}
}

// tell takes note of what a resource says that others of the same process may not.
func (sv *service) tell(s *Store, a model.Attributes) {
	if a.Str(attrPublicKey) != "" {
		sv.facts.DSN = true
	}
	if sv.is.Origin == model.OriginSentry {
		s.adopt(sv, destination(a))
	}
	if source := a.Str(attrNameSource); source != "" && !(nameless(a) && sv.facts.NameSource != "") {
		sv.facts.NameSource = source
	}
	at, err := time.Parse(time.RFC3339Nano, a.Str(attrStart))
	if err != nil {
		return
	}
	started := model.TimeOf(at)
	if sv.toldIn == s.batch {
		sv.speaking = max(sv.speaking, started) // two processes in one batch: nobody knows whose a record is
	} else {
		sv.speaking, sv.toldIn = started, s.batch
	}
	if was := sv.started; was != 0 && started > was+startGrain {
		s.restarted(sv, started)
	}
	sv.started = max(sv.started, started)
}

// refill takes what another resource of the same process says more: a Sentry SDK says more in an error than in a log.
func (s *Store) refill(sv *service, src *source) {
	r := src.res
	if sv.is.Resource != nil && len(sv.is.Resource.Attributes) >= len(r.Attributes) {
		return
	}
	old := sv.is
	fill(&sv.is, r)
	grown := serviceBytes + src.bytes - sv.bytes
	sv.bytes += grown
	s.bytes += grown
	s.serviceBytes += grown
	for _, f := range [...]struct {
		now *string
		was string
	}{
		{&sv.is.Version, old.Version}, {&sv.is.Environment, old.Environment}, {&sv.is.Host, old.Host}, {&sv.is.Command, old.Command},
		{&sv.is.Runtime, old.Runtime}, {&sv.is.OS, old.OS}, {&sv.is.SDK.Version, old.SDK.Version}, {&sv.is.SDK.Language, old.SDK.Language},
	} {
		if *f.now == "" {
			*f.now = f.was
		}
	}
	sv.facts.Browser = isBrowser(r.Attributes)
}

func (s *Store) changeService(sv *service) {
	sv.stirred.remove()
	sv.version, sv.told, sv.snap = s.next(), s.time, nil
	s.changedServices.moveBack(&sv.changed, sv)
}

func (s *Store) countService(sv *service, by int) {
	if sv.session == s.present() {
		s.counts.Services += by
	}
}

func (s *Store) dropService(sv *service) {
	s.countService(sv, -1)
	delete(s.services, sv.id)
	maps.DeleteFunc(s.aliases, func(_ string, of *service) bool { return of == sv })
	sv.changed.remove()
	sv.stirred.remove()
	s.bytes -= sv.bytes
	s.serviceBytes -= sv.bytes
	for _, g := range sv.globals {
		s.bytes -= g.bytes
	}
	s.left(sv)
	s.bury(grave{kind: graveService, born: sv.born, name: sv.id})
}

// saw counts a record of a kind.
func (sv *service) saw(s *Store, kind string) {
	if _, known := sv.counts[kind]; !known && (len(sv.counts) >= maxItemKinds || len(kind) > maxKind) {
		kind = otherItemKind
	}
	sv.counts[kind]++
	sv.noted(s)
}

// noted takes note that what is known of a process has changed.
func (sv *service) noted(s *Store) {
	if sv.snap = nil; sv.hold != s.hold { // the lock was given away since meet
		s.stir(sv)
	}
}

func (sv *service) sawSpan(s *Store, sp *model.Span) {
	sv.spans++
	sv.facts.Spans++
	sv.noted(s)
	if sp.Kind == model.KindServer || sp.Kind == model.KindConsumer {
		if sp.ParentSpanID.IsZero() {
			sv.facts.RootServers++
		} else {
			sv.facts.RemoteParents++
		}
	}
	if sp.Segment { // the decision is made where a trace begins
		if rate, ok := sampleRate(sp); ok && (sv.is.SampleRate == nil || *sv.is.SampleRate != rate) {
			changed := rate // so that not every rate is on the heap
			sv.is.SampleRate = &changed
		}
	}
	sv.alive(sp.EndTime())
}

// sampleRate returns the share of traces that is sent, as a span says: Sentry's attribute, or the threshold in
// OpenTelemetry's trace state (ot=th:8 means half of them; trace/tracestate-probability-sampling.md).
func sampleRate(sp *model.Span) (rate float64, ok bool) {
	if sp.Origin == model.OriginSentry {
		v, ok := sp.Attributes.Get(attrSampleRate)
		return v.Double(), ok && v.Double() > 0
	}
	_, th, found := strings.Cut(sp.TraceState, "th:")
	if !found || !strings.Contains(sp.TraceState, "ot=") {
		return 0, false
	}
	end := strings.IndexFunc(th, func(c rune) bool { return !strings.ContainsRune("0123456789abcdef", c) })
	if end < 0 {
		end = len(th)
	}
	if end == 0 || end > 14 {
		return 0, false
	}
	threshold, err := strconv.ParseUint(th[:end]+"00000000000000"[end:], 16, 64) // 56 bits
	return 1 - float64(threshold)/(1<<56), err == nil
}

func (sv *service) sawEvent(s *Store, rec *model.EventRecord) {
	sv.saw(s, kindEvent)
	if rec.Type == model.EventError {
		sv.facts.Errors++
	}
	if rec.Release != "" {
		sv.is.Release = rec.Release
	}
	if rec.Environment != "" && sv.is.Environment == "" {
		sv.is.Environment = rec.Environment
	}
	sv.alive(rec.Time)
}

func (sv *service) sawItem(s *Store, rec *model.Item, report *clientReport) {
	sv.saw(s, rec.Type)
	sv.alive(rec.Time)
	if report == nil {
		return
	}
	for _, list := range [4][]discarded{report.Discarded, report.RateLimited, report.Filtered, report.Sampled} {
		for _, d := range list {
			key := d.Reason + " " + d.Category
			if _, known := sv.dropped[key]; !known && (len(sv.dropped) >= maxDropKinds || len(key) > maxKind) {
				key = otherItemKind
			}
			sv.dropped[key] += max(d.Quantity, 0)
		}
	}
}

func (sv *service) sawMetric(s *Store, points int) {
	sv.saw(s, kindMetric)
	sv.counts[kindMetric] += points - 1
	sv.alive(s.time)
}

func (s *Store) serviceSnapshot(sv *service) *ServiceSnapshot {
	if sv.snap != nil {
		return sv.snap
	}
	snap := &ServiceSnapshot{Service: sv.is, Version: sv.version, Facts: sv.facts}
	snap.Session = sv.session
	snap.Counts = make(map[string]int, len(sv.counts)+1)
	if sv.spans > 0 {
		snap.Counts[kindSpan] = sv.spans
	}
	for k, n := range sv.counts {
		snap.Counts[k] = n
	}
	snap.Dropped = make(map[string]int, len(sv.dropped))
	for k, n := range sv.dropped {
		snap.Dropped[k] = n
	}
	sv.snap = snap
	return snap
}

// Services returns all processes seen, last active first. A clear does not hide them: they are still there.
func (s *Store) Services() []*ServiceSnapshot {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make([]*ServiceSnapshot, 0, len(s.services))
	for n := s.changedServices.back; n != nil; n = n.prev {
		all = append(all, s.serviceSnapshot(n.v))
	}
	return all
}

// Service returns a process.
func (s *Store) Service(id string) (*ServiceSnapshot, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	sv := s.services[id]
	if sv == nil {
		return nil, false
	}
	return s.serviceSnapshot(sv), true
}
