package sentryreceiver

import (
	"crypto/rand"
	"encoding/hex"
	"strings"
)

// newEventID makes the id of an event that an endpoint other than /envelope/ brings without one.
func newEventID() string {
	var id [16]byte
	_, _ = rand.Read(id[:]) // never fails
	id[6] = id[6]&0x0f | 0x40
	id[8] = id[8]&0x3f | 0x80 // a random UUID (RFC 9562 section 5.4), as SDKs make them
	return hex.EncodeToString(id[:])
}

// hexID returns an event id, dashed or not, as 32 lower-case hex digits; "" if it is none.
func hexID(s string) string {
	id := strings.ToLower(strings.ReplaceAll(s, "-", ""))
	if b, err := hex.DecodeString(id); err != nil || len(b) != 16 {
		return ""
	}
	return id
}

// dashedID is the form of UUIDs, in which crash reporters get their answer.
func dashedID(id string) string {
	if len(id) != 32 {
		return id
	}
	return id[:8] + "-" + id[8:12] + "-" + id[12:16] + "-" + id[16:20] + "-" + id[20:]
}
