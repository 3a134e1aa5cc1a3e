//go:build unix

package testkit

import (
	"syscall"
	"time"
)

// CPUTime is what this process has used of all processors, the garbage collector included. On a machine that does other
// work too it is the number to compare, not the time on the wall.
func CPUTime() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
