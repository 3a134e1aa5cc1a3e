package e2e

import (
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// service is a running application of apps, or the example of sdk/otelscope, that sends to a Collector.
type service struct{ URL string }

// buildService compiles the main package pkg of the module in dir, with the race detector: a race ends the process with
// a status that stop does not accept.
func buildService(t testing.TB, dir, pkg string) string {
	t.Helper()
	out := filepath.Join(t.TempDir(), filepath.Base(pkg))
	cmd := exec.Command("go", "build", "-race", "-o", out, pkg)
	cmd.Dir = dir
	text, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", text)
	return out
}

// startService runs a program that sends to c and serves HTTP on a generated address: ADDRESS in its command, and the variable PORT.
// The test goes on when it answers at all; when the test ends it must stop with status 0.
func startService(t testing.TB, c *collector, command ...string) *service {
	t.Helper()
	address := freePorts(t, 1)[0]
	port := address[strings.LastIndex(address, ":")+1:]
	for i := range command {
		command[i] = strings.ReplaceAll(command[i], "ADDRESS", address)
	}
	log := &lockedBuffer{}
	cmd := exec.Command(command[0], command[1:]...) // #nosec G204 -- our own programs
	cmd.Stdout, cmd.Stderr = log, log
	cmd.Env = append(os.Environ(),
		"PORT="+port,
		"OTEL_EXPORTER_OTLP_ENDPOINT="+c.OTLPHTTP, "OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf", "OTEL_BSP_SCHEDULE_DELAY=100", "OTEL_BLRP_SCHEDULE_DELAY=100",
		"OTEL_TRACES_EXPORTER=otlp", "OTEL_LOGS_EXPORTER=otlp", "OTEL_METRICS_EXPORTER=none",
		"SENTRY_DSN="+strings.Replace(c.Sentry, "http://", "http://key@", 1)+"/1",
	)
	require.NoError(t, cmd.Start())
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = cmd.Wait()
	}()
	t.Cleanup(func() {
		_ = cmd.Process.Signal(os.Interrupt)
		select {
		case <-done:
		case <-time.After(10 * time.Second):
			_ = cmd.Process.Kill()
			<-done
		}
		if code := cmd.ProcessState.ExitCode(); code != 0 {
			t.Errorf("%s ended with %s:\n%s", command[0], cmd.ProcessState, log)
		}
	})
	s := &service{URL: "http://" + address}
	for end := time.Now().Add(30 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		resp, err := http.Head(s.URL + "/")
		if err == nil {
			_ = resp.Body.Close()
			return s
		}
		if time.Now().After(end) {
			t.Fatalf("%s did not answer: %v\n%s", command[0], err, log)
		}
	}
}

// get asks for a path whose answer must have the status want.
func (s *service) get(t testing.TB, path string, want int) {
	t.Helper()
	resp, err := http.Get(s.URL + path)
	require.NoError(t, err)
	_ = resp.Body.Close()
	require.Equal(t, want, resp.StatusCode, path)
}
