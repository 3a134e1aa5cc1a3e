package live

import (
	"crypto/rand"
	"encoding/hex"
	"hash/maphash"
	"sync"
	"time"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// holdRecords is how many records are stored before the lock is given to somebody else: some 0.2 ms.
const holdRecords = 512

// Store is the live store. All methods may be called from any goroutine. It has no goroutine of its own: what only the
// passing of time calls for is done in Tick.
type Store struct {
	limits   Limits
	now      func() time.Time
	id       string
	start    time.Time
	interner interner
	works    sync.Pool // of *work
	subs     subscribers
	onTick   []func()

	mu sync.Mutex // guards all below

	seq     uint64     // of the newest record or change
	hold    uint64     // number of the times the lock was taken to write: what one hold changes, readers see at once
	batches uint64     // how many came
	batch   uint64     // number of the batch at hand
	time    model.Time // of the hold at hand
	bytes   int64

	live, pinned list[unit]
	pinnedBytes  int64   // of the units in pinned
	serviceBytes int64   // of the processes, which are no units
	released     []*unit // see sweep

	traces       map[model.TraceID]*trace
	events       map[model.EventID]*event
	transactions map[model.EventID]*trace
	issues       map[string]*issue
	services     map[string]*service
	aliases      map[string]*service // ids of nameless processes, see nameless
	metrics      map[MetricKey]*metric
	families     map[string]*family // processes that are successors or replicas of each other
	itemsOf      map[model.EventID][]*item
	reports      map[reportKey][]*event // reports of what may be one failure

	occurrences sequence[event]
	logs        sequence[model.Log]
	items       sequence[item]

	recent          *trace        // that the record before belongs to, nil when it may have left
	noisy           list[trace]   // in order of their last activity: those that were active within QuietAfter
	stirring        list[service] // processes of which a change was not told yet
	changedTraces   list[trace]   // in order of their last change, like the lists below
	changedEvents   list[event]
	changedIssues   list[issue]
	changedServices list[service]
	changedMetrics  list[metric]
	graves          graves

	recentLogs, recentItems, recentMetrics recent

	sessions   []session // never empty, rising numbers
	clear      clearing
	clearedNum int    // number of the session that the last clear began: earlier ones are gone, or going
	purgeSeq   uint64 // units up to here are to be taken out: their clear is final
	purging    bool   // such a unit is being taken out
	logsGone   uint64 // number of the change that last removed a log record
	counts     model.Counts
	// Traces and issues of all sessions that are in lists: not cleared, and traces only with spans.
	listedTraces, listedIssues int
	resetSeq                   uint64 // of the last change that makes lists start over
	sessionSeq                 uint64 // of the last change of sessions
	dropSeq                    uint64 // of the last change of the counts below
	suspects                   []*suspect
	archived                   bool // the batch at hand is of an exported session

	received, dropped, evicted map[string]uint64
}

// New returns an empty store. now is the clock that gives times of arrival and ages.
func New(limits Limits, now func() time.Time) *Store {
	var id [8]byte
	_, _ = rand.Read(id[:]) // crypto/rand never fails
	start := now()
	s := &Store{
		limits:       limits.withDefaults(),
		now:          now,
		id:           hex.EncodeToString(id[:]),
		start:        start,
		time:         model.TimeOf(start),
		traces:       map[model.TraceID]*trace{},
		events:       map[model.EventID]*event{},
		transactions: map[model.EventID]*trace{},
		issues:       map[string]*issue{},
		services:     map[string]*service{},
		aliases:      map[string]*service{},
		metrics:      map[MetricKey]*metric{},
		families:     map[string]*family{},
		itemsOf:      map[model.EventID][]*item{},
		reports:      map[reportKey][]*event{},
		received:     map[string]uint64{},
		dropped:      map[string]uint64{},
		evicted:      map[string]uint64{},
	}
	s.interner.seed = maphash.MakeSeed()
	s.works.New = func() any { return newWork(s.interner.seed) }
	s.sessions = []session{{Session: model.Session{Number: 1, StartTime: s.time, Reason: reasonStarted}}}
	return s
}

// ID returns the store's identity: sequence numbers of another store mean nothing to this one.
func (s *Store) ID() string { return s.id }

// Seq returns the sequence number of the newest change.
func (s *Store) Seq() uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.seq
}

// Add stores a batch and takes ownership of everything in it. It sets the ids of logs and items, and the sessions.
//
// The lock is taken anew every few hundred records, so that a reader waits for less than a millisecond whatever arrives;
// it may see the first records of a batch before the last.
func (s *Store) Add(b *model.Batch) {
	if b == nil {
		return
	}
	w := s.works.Get().(*work)
	w.prepare(s, b)

	s.mu.Lock()
	s.batches++
	batch := s.batches
	s.batch = batch
	s.begin()
	for reason, n := range b.Dropped {
		s.drop(reason, n)
	}
	s.archived = b.Archived
	w.meetServices(s)
	s.archived = false
	room := holdRecords
	next := func() { // makes room for readers between two records
		if room--; room == 0 {
			room = holdRecords
			s.fit()
			s.pause()
			s.batch = batch
		}
	}
	if len(b.Spans) > 0 {
		s.received["spans"] += uint64(len(b.Spans))
	}
	coming := 0
	for i, span := range b.Spans {
		if coming--; coming <= 0 {
			coming = comingOf(b.Spans[i:min(i+holdRecords, len(b.Spans))])
		}
		s.addSpan(span, coming, w.spans[i], w.proc(w.spans[i].proc))
		next()
	}
	for i, ev := range b.Events {
		s.addEvent(ev, w.events[i], w.proc(w.events[i].proc))
		next()
	}
	for i, log := range b.Logs {
		s.addLog(log, w.logs[i], w.proc(w.logs[i].proc))
		next()
	}
	for i, it := range b.Items {
		s.addItem(it, w.items[i], w.proc(w.items[i].proc))
		next()
	}
	for i, k := range b.Metrics {
		s.addMetric(k, w.metrics[i], w.proc(w.metrics[i].proc))
		next()
	}
	s.judge()
	s.fit()
	s.mu.Unlock()

	w.reset()
	s.works.Put(w)
	s.subs.wake()
}

// pause lets somebody else have the lock.
func (s *Store) pause() {
	s.mu.Unlock()
	s.mu.Lock()
	s.begin()
}

// fit evicts until the store is within its bounds.
func (s *Store) fit() {
	for s.evict(holdRecords) {
		s.pause()
	}
}

// OnTick has f called at the end of every Tick, outside of the lock. It is for who keeps something of records that may
// have left. Call it before the store is used.
func (s *Store) OnTick(f func()) { s.onTick = append(s.onTick, f) }

// begin starts a hold of the lock that may change something.
func (s *Store) begin() {
	s.hold++
	s.recent = nil
	now := s.now()
	s.time = model.TimeOf(now)
	s.settle(now)
}

// next takes the next sequence number.
func (s *Store) next() uint64 {
	s.seq++
	return s.seq
}

// Reasons why a record was not stored, in Status.Dropped.
const (
	droppedDuplicate = "duplicate"           // it was there already
	droppedSpans     = "max_spans_per_trace" // the trace had its full number of spans
	droppedTrace     = "max_bytes_per_trace" // the trace had its full share of the store
	droppedLarge     = "record_too_large"    // larger than half of the store
	droppedNoTraceID = "no_trace_id"
)

func (s *Store) drop(reason string, n int) {
	if n > 0 {
		s.dropped[reason] += uint64(n)
		s.dropSeq = s.next()
	}
}

// tooLarge drops a record that would push out half of everything.
func (s *Store) tooLarge(bytes int64) bool {
	if bytes <= s.limits.MaxBytes/2 {
		return false
	}
	s.drop(droppedLarge, 1)
	return true
}

// CountDropped counts records that were dropped before they reached the store.
func (s *Store) CountDropped(reason string, n int) {
	s.mu.Lock()
	s.drop(reason, n)
	s.mu.Unlock()
	s.subs.wake()
}

// Tick does what only the passing of time calls for: records beyond their age leave, a clear becomes final, a suspected
// restart is decided. Call it about once a second.
func (s *Store) Tick() {
	for more := true; more; {
		s.mu.Lock()
		units, noisy := s.live.n, s.noisy.n
		s.begin()
		s.judge()
		s.hush(holdRecords)
		s.tellServices()
		s.evict(holdRecords)
		more = units-s.live.n >= holdRecords || noisy-s.noisy.n >= holdRecords
		s.mu.Unlock()
	}
	s.subs.wake()
	for _, f := range s.onTick {
		f()
	}
}
