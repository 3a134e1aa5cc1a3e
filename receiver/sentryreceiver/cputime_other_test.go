//go:build !unix

package sentryreceiver

import "time"

var started = time.Now()

// cpuTime is wall time where the other is not to be had.
func cpuTime() time.Duration { return time.Since(started) }
