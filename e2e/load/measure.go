package main

import (
	"bytes"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"sort"
	"time"
)

// usage is what a process has used so far.
type usage struct {
	cpu      time.Duration
	rss, hwm int64 // bytes: now, and at most
}

// readUsage reads /proc; without a pid it returns zeros.
func readUsage(pid int) usage {
	var u usage
	if pid == 0 {
		return u
	}
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		fatal(err)
	}
	fields := bytes.Fields(stat[bytes.LastIndexByte(stat, ')')+1:])
	var user, system int64
	_, _ = fmt.Sscan(string(fields[11]), &user)
	_, _ = fmt.Sscan(string(fields[12]), &system)
	u.cpu = time.Duration(user+system) * 10 * time.Millisecond // clock ticks are 1/100 s on Linux
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		fatal(err)
	}
	for line := range bytes.Lines(status) {
		var kib int64
		if n, _ := fmt.Sscanf(string(line), "VmRSS: %d", &kib); n == 1 {
			u.rss = kib << 10
		}
		if n, _ := fmt.Sscanf(string(line), "VmHWM: %d", &kib); n == 1 {
			u.hwm = kib << 10
		}
	}
	return u
}

// settle waits until the process has been idle for a moment, at most ten seconds, and returns its usage then.
func settle(pid int) usage {
	last := readUsage(pid)
	for quiet, tries := 0, 0; quiet < 3 && tries < 50; tries++ {
		time.Sleep(200 * time.Millisecond)
		now := readUsage(pid)
		if now.cpu-last.cpu <= 10*time.Millisecond {
			quiet++
		} else {
			quiet = 0
		}
		last = now
	}
	return last
}

// percentile returns the p-th percentile of durations in milliseconds.
func percentile(all []time.Duration, p float64) float64 {
	if len(all) == 0 {
		return 0
	}
	sort.Slice(all, func(i, j int) bool { return all[i] < all[j] })
	i := min(int(p/100*float64(len(all))), len(all)-1)
	return float64(all[i].Microseconds()) / 1000
}

func mib(n int64) float64 { return float64(n>>10) / 1024 }

// startup starts the command five times and measures until the port of -url accepts a connection.
func startup(o options) (any, error) {
	if len(o.args) == 0 {
		return nil, fmt.Errorf("startup: give the command after --")
	}
	u, err := url.Parse(o.url)
	if err != nil {
		return nil, err
	}
	var times []time.Duration
	var idle int64
	for range 5 {
		cmd := exec.Command(o.args[0], o.args[1:]...) // #nosec G204 -- the user's own command
		began := time.Now()
		if err := cmd.Start(); err != nil {
			return nil, err
		}
		for {
			conn, err := net.DialTimeout("tcp", u.Host, time.Second)
			if err == nil {
				times = append(times, time.Since(began))
				_ = conn.Close()
				break
			}
			if time.Since(began) > 30*time.Second {
				_ = cmd.Process.Kill()
				return nil, fmt.Errorf("startup: %s did not accept within 30 s", u.Host)
			}
			time.Sleep(time.Millisecond)
		}
		time.Sleep(time.Second)
		idle = readUsage(cmd.Process.Pid).rss
		_ = cmd.Process.Signal(os.Interrupt)
		_ = cmd.Wait()
	}
	return object{"measure": "startup", "runs": len(times), "median_ms": percentile(times, 50), "max_ms": percentile(times, 100), "idle_rss_mib": mib(idle)}, nil
}
