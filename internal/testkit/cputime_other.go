//go:build !unix

package testkit

import "time"

var started = time.Now()

// CPUTime is the time on the wall where the other is not to be had.
func CPUTime() time.Duration { return time.Since(started) }
