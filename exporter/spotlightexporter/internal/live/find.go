package live

import (
	"encoding/hex"
	"strings"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// Find looks for the newest trace, event or transaction whose id begins with a text of hex digits. It looks at every one:
// it is for what a human typed.

// FindTrace returns the last changed trace whose id begins with prefix.
func (s *Store) FindTrace(prefix string) (id model.TraceID, ok bool) {
	begins, ok := beginsWith(prefix)
	if !ok {
		return id, false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for n := s.changedTraces.back; n != nil; n = n.prev {
		if begins(n.v.id[:]) && !s.cleared(&n.v.unit) {
			return n.v.id, true
		}
	}
	return id, false
}

// FindEvent returns an event, else a transaction, whose id begins with prefix; of several the last changed.
func (s *Store) FindEvent(prefix string) (id model.EventID, ok bool) {
	begins, ok := beginsWith(prefix)
	if !ok {
		return id, false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for n := s.changedEvents.back; n != nil; n = n.prev {
		if begins(n.v.rec.EventID[:]) && !s.cleared(n.v.holder()) {
			return n.v.rec.EventID, true
		}
	}
	for id, e := range s.events { // other reports of a failure
		if begins(id[:]) && !s.cleared(e.holder()) {
			return id, true
		}
	}
	var newest *trace
	for tx, t := range s.transactions {
		if begins(tx[:]) && !s.cleared(&t.unit) && (newest == nil || t.version > newest.version) {
			id, newest = tx, t
		}
	}
	return id, newest != nil
}

// beginsWith returns a test for ids that begin with these hex digits, of either case and with dashes as in a UUID.
func beginsWith(prefix string) (func(id []byte) bool, bool) {
	prefix = strings.ReplaceAll(prefix, "-", "")
	if len(prefix) > 32 {
		return nil, false
	}
	odd := len(prefix)%2 == 1
	text := prefix
	if odd {
		text += "0"
	}
	want, err := hex.DecodeString(text)
	if err != nil || len(want) == 0 {
		return nil, false
	}
	last := len(want) - 1
	return func(id []byte) bool {
		if len(id) < len(want) {
			return false
		}
		for i, b := range want[:last] {
			if id[i] != b {
				return false
			}
		}
		if odd {
			return id[last]>>4 == want[last]>>4
		}
		return id[last] == want[last]
	}, true
}
