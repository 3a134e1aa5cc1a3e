package live

import (
	"sync"
	"time"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// Store is the live store. All methods may be called from any goroutine.
type Store struct {
	limits Limits
	now    func() time.Time

	mu   sync.Mutex
	seq  uint64
	subs map[<-chan struct{}]chan struct{}
}

// New returns an empty store. now is the clock that gives times of arrival and ages.
func New(limits Limits, now func() time.Time) *Store {
	return &Store{limits: limits.withDefaults(), now: now, subs: map[<-chan struct{}]chan struct{}{}}
}

// ID returns the store's identity: sequence numbers of another store mean nothing to this one.
func (s *Store) ID() string { return "" }

// Add stores a batch and takes ownership of everything in it. It sets the ids of logs and items and the sessions.
func (s *Store) Add(b *model.Batch) {}

// CountDropped counts records that were dropped before they reached the store.
func (s *Store) CountDropped(reason string, n int) {}

// Tick does what only the passing of time calls for: records beyond their age leave, a clear becomes final, a suspected
// restart is decided. Call it about once a second.
func (s *Store) Tick() {}

// Seq returns the sequence number of the newest change.
func (s *Store) Seq() uint64 { return s.seq }

// Changes returns what changed after since. ok is false when that is no longer known, or since is of the future: the
// reader starts over with the lists.
func (s *Store) Changes(since uint64) (c Changes, ok bool) {
	return Changes{Since: since, Seq: s.seq}, true
}

// Subscribe returns a channel that is sent a value after a change; values are not counted, one waiting is enough.
func (s *Store) Subscribe() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	ch := make(chan struct{}, 1)
	s.subs[ch] = ch
	return ch
}

// Unsubscribe ends a subscription. The channel is not closed.
func (s *Store) Unsubscribe(ch <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.subs, ch)
}

// Trace returns a trace, whichever session it belongs to.
func (s *Store) Trace(id model.TraceID) (*TraceSnapshot, bool) { return nil, false }

// Traces returns all traces that were not cleared, last active first.
func (s *Store) Traces() []*TraceSnapshot { return nil }

// Event returns an error or message. A transaction is asked for with Transaction.
func (s *Store) Event(id model.EventID) (*model.EventRecord, bool) { return nil, false }

// Transaction returns the span that carries the payload of a Sentry transaction.
func (s *Store) Transaction(id model.EventID) (*model.Span, bool) { return nil, false }

// Events returns up to n occurrences whose number is smaller than before (0: no bound), newest first, and the number to
// go on from (0: there are no more).
func (s *Store) Events(before uint64, n int) (page []*model.EventRecord, next uint64) { return nil, 0 }

// Issues returns all issues that were not cleared, last changed first.
func (s *Store) Issues() []*IssueSnapshot { return nil }

// Issue returns an issue.
func (s *Store) Issue(id string) (*IssueSnapshot, bool) { return nil, false }

// Log returns a log record.
func (s *Store) Log(id uint64) (*model.Log, bool) { return nil, false }

// Logs returns up to n log records with ids below before (0: no bound), newest first.
func (s *Store) Logs(before uint64, n int) []*model.Log { return nil }

// ProcessLogs returns the newest log records without a span of a process (see ServiceID), oldest first.
func (s *Store) ProcessLogs(service string) []*model.Log { return nil }

// Item returns an item.
func (s *Store) Item(id uint64) (*model.Item, bool) { return nil, false }

// Items returns up to n items with ids below before (0: no bound), newest first.
func (s *Store) Items(before uint64, n int) []*model.Item { return nil }

// ItemsOf returns the items that belong to an event: attachments, user reports, profiles, in order of arrival.
func (s *Store) ItemsOf(id model.EventID) []*model.Item { return nil }

// Metrics returns all metrics, last changed first.
func (s *Store) Metrics() []*MetricSnapshot { return nil }

// Services returns all processes seen, last active first.
func (s *Store) Services() []*ServiceSnapshot { return nil }

// Service returns a process.
func (s *Store) Service(id string) (*ServiceSnapshot, bool) { return nil, false }

// Status returns what the store knows of a status: version, clients and endpoints are for others to fill in.
func (s *Store) Status() model.Status { return model.Status{} }

// PinTrace keeps a trace until it is unpinned: it leaves last, and not by age or by a clear. ok is false for an unknown id.
func (s *Store) PinTrace(id model.TraceID, pinned bool) (ok bool) { return false }

// PinIssue keeps an issue and its newest event. See PinTrace.
func (s *Store) PinIssue(id string, pinned bool) (ok bool) { return false }

// HideIssue hides an issue, or shows it again, for the present session.
func (s *Store) HideIssue(id string, hidden bool) (ok bool) { return false }

// Clear starts a new session and removes everything that is not pinned. Undo takes it back within UndoTime.
func (s *Store) Clear() {}

// UndoTime is how long a Clear can be taken back.
const UndoTime = 10 * time.Second

// Undo takes the last Clear back. ok is false when there is none, or it is final.
func (s *Store) Undo() (ok bool) { return false }

// NewSession starts a new session. Earlier ones are kept, and hidden in lists.
func (s *Store) NewSession() {}

// SessionOf returns the number of the session in which the record with this number (Log.ID, Item.ID, a version) arrived.
func (s *Store) SessionOf(id uint64) int { return 1 }
