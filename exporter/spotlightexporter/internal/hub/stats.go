package hub

import "sync/atomic"

// resyncCause is why a client has to begin afresh, in the words of the frame's reason.
type resyncCause string

// The causes. A client that begins for the first time has none.
const (
	causeNone      resyncCause = ""
	causeSlow      resyncCause = "slow_client" // its queue was full
	causeExpired   resyncCause = "expired"     // what changed since is no longer known
	causeRestarted resyncCause = "restarted"   // its sequence numbers are of another store
)

// Stats are the hub's own counts since it was made.
type Stats struct {
	Frames  uint64            // written to clients
	Missed  uint64            // not written, because a client was too slow
	Resyncs map[string]uint64 // by reason
}

type counters struct {
	frames, missed           atomic.Uint64
	slow, expired, restarted atomic.Uint64
}

func (c *counters) resync(why resyncCause, missed uint64) {
	switch why {
	case causeSlow:
		c.slow.Add(1)
		c.missed.Add(missed)
	case causeExpired:
		c.expired.Add(1)
	case causeRestarted:
		c.restarted.Add(1)
	}
}

// Stats returns the counts of this moment.
func (h *Hub) Stats() Stats {
	c := &h.stats
	return Stats{
		Frames: c.frames.Load(),
		Missed: c.missed.Load(),
		Resyncs: map[string]uint64{
			string(causeSlow):      c.slow.Load(),
			string(causeExpired):   c.expired.Load(),
			string(causeRestarted): c.restarted.Load(),
		},
	}
}
