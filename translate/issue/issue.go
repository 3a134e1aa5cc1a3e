package issue

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// Key says which group an event belongs to, and how the event reads in a list.
type Key struct {
	ID      string // 16 hex digits
	Title   string // exception type, or the message; at most 512 bytes
	Value   string // exception message; at most 1,024 bytes
	Culprit string // newest frame of the user's own code, path:line, or its function; at most 512 bytes
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

// Cluster returns the key of an event. It reads exceptions, message, fingerprint, transaction and the title of the
// event's row, and changes nothing. The texts of the key may be parts of the event's.
func Cluster(ev *model.Event) Key {
	var key Key
	h := newHasher()
	if custom(ev.Fingerprint) {
		key.How = ByFingerprint
		h.add("fingerprint")
		for _, part := range ev.Fingerprint[:min(len(ev.Fingerprint), maxFingerprint)] {
			if isDefault(part) {
				h.add("default")
				h.defaults(ev)
			} else {
				h.add("text")
				h.add(part)
			}
		}
	} else {
		key.How = h.defaults(ev)
	}
	key.ID = h.sum()
	key.Title, key.Value = title(ev)
	key.Culprit = culprit(ev)
	return key
}

const maxFingerprint = 32 // parts looked at; SDKs send one to five

// custom reports whether a fingerprint says more than {{ default }}.
func custom(fingerprint []string) bool {
	for _, part := range fingerprint {
		if !isDefault(part) {
			return true
		}
	}
	return false
}

// isDefault reports whether a part of a fingerprint stands for the default grouping. Other variables of Sentry's
// ({{ transaction }}, {{ type }}) are resolved on its server; here they are text, the same for all events of a call.
func isDefault(part string) bool {
	inner, ok := strings.CutPrefix(strings.TrimSpace(part), "{{")
	if !ok {
		return false
	}
	inner, ok = strings.CutSuffix(inner, "}}")
	return ok && strings.TrimSpace(inner) == "default"
}

// hasher hashes parts of a key; where one part ends and the next begins makes a difference.
type hasher struct{ buf []byte }

func newHasher() *hasher { return &hasher{buf: make([]byte, 0, 512)} }

func (h *hasher) add(part string) {
	h.buf = append(h.buf, part...)
	h.buf = append(h.buf, 0)
}

func (h *hasher) sum() string {
	sum := sha256.Sum256(h.buf)
	return hex.EncodeToString(sum[:8])
}
