package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/otelcol-spotlight/otelcol-spotlight/internal/testkit"
)

// collector is a running otelcol-spotlight on ports of its own.
type collector struct {
	Sentry, OTLPHTTP, OTLPGRPC, UI string // base URLs; OTLPGRPC is host:port
	cmd                            *exec.Cmd
	log                            *lockedBuffer
	done                           chan struct{}
}

// binary returns the path of the built product.
func binary(t testing.TB) string {
	t.Helper()
	path := os.Getenv("SPOTLIGHT_BINARY")
	if path == "" {
		path = filepath.Join(testkit.Root(t), "dist", "otelcol-spotlight")
	}
	_, err := os.Stat(path)
	require.NoError(t, err, "build it first: make build")
	return path
}

// startCollector runs the built-in configuration on generated ports; args come after the flags that set them.
// When the test ends the Collector must stop by itself, with status 0 and without a panic.
func startCollector(t testing.TB, args ...string) *collector {
	t.Helper()
	ports := freePorts(t, 4)
	c := &collector{
		Sentry: "http://" + ports[0], OTLPHTTP: "http://" + ports[1], OTLPGRPC: ports[2], UI: "http://" + ports[3],
	}
	base := []string{
		"--config", "spotlight:default",
		"--set", "receivers::sentry::endpoint=" + ports[0],
		"--set", "receivers::sentry::overlay_url=" + c.UI,
		"--set", "receivers::otlp::protocols::http::endpoint=" + ports[1],
		"--set", "receivers::otlp::protocols::grpc::endpoint=" + ports[2],
		"--set", "exporters::spotlight::endpoint=" + ports[3],
	}
	c.start(t, binary(t), append(base, args...)...)
	c.waitFor(t, c.UI+"/health")
	c.waitFor(t, c.Sentry+"/health")
	return c
}

func (c *collector) start(t testing.TB, path string, args ...string) {
	t.Helper()
	c.log = &lockedBuffer{}
	c.done = make(chan struct{})
	c.cmd = exec.Command(path, args...)
	c.cmd.Stdout, c.cmd.Stderr = c.log, c.log
	require.NoError(t, c.cmd.Start())
	go func() {
		defer close(c.done)
		_ = c.cmd.Wait()
	}()
	t.Cleanup(func() { c.stop(t) })
}

// stop ends the Collector as Ctrl-C does and checks how it went.
func (c *collector) stop(t testing.TB) {
	t.Helper()
	select {
	case <-c.done:
	default:
		_ = c.cmd.Process.Signal(syscall.SIGTERM)
	}
	select {
	case <-c.done:
	case <-time.After(15 * time.Second):
		_ = c.cmd.Process.Kill()
		<-c.done
		t.Errorf("the Collector did not stop within 15 s:\n%s", c.log)
	}
	if code := c.cmd.ProcessState.ExitCode(); code != 0 {
		t.Errorf("the Collector ended with %s:\n%s", c.cmd.ProcessState, c.log)
	}
	if bytes.Contains(c.log.Bytes(), []byte("panic:")) {
		t.Errorf("the Collector panicked:\n%s", c.log)
	}
}

// waitFor waits until url answers 200.
func (c *collector) waitFor(t testing.TB, url string) {
	t.Helper()
	deadline := time.Now().Add(30 * time.Second)
	for {
		resp, err := http.Get(url) // #nosec G107 -- loopback
		if err == nil {
			_ = resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				return
			}
		}
		select {
		case <-c.done:
			t.Fatalf("the Collector ended before it listened:\n%s", c.log)
		default:
		}
		if time.Now().After(deadline) {
			t.Fatalf("%s did not answer within 30 s (last error: %v):\n%s", url, err, c.log)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// send replays a recorded request and returns status and body of the answer.
func (c *collector) send(t testing.TB, r testkit.Request) (int, []byte) {
	t.Helper()
	base := c.Sentry
	if r.IsOTLP() {
		base = c.OTLPHTTP
	}
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, r.Method, base+r.URL(), bytes.NewReader(r.Body))
	require.NoError(t, err)
	req.Header = r.Header.Clone()
	if r.Chunked {
		req.ContentLength = -1
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Do(req)
	require.NoError(t, err, r.Name)
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	require.NoError(t, err, r.Name)
	return resp.StatusCode, body
}

// sendAll replays requests in order; every answer must be 2xx.
func (c *collector) sendAll(t testing.TB, requests []testkit.Request) {
	t.Helper()
	for _, r := range requests {
		status, body := c.send(t, r)
		require.Equal(t, 2, status/100, "%s: %d %s", r.Name, status, body)
	}
}

// get reads an answer of the API into v and fails unless it is 200.
func (c *collector) get(t testing.TB, path string, v any) {
	t.Helper()
	body := c.getRaw(t, path)
	require.NoError(t, json.Unmarshal(body, v), "%s: %.300s", path, body)
}

func (c *collector) getRaw(t testing.TB, path string) []byte {
	t.Helper()
	resp, err := http.Get(c.UI + path)
	require.NoError(t, err)
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, resp.StatusCode, "%s: %.300s", path, body)
	return body
}

// clear empties the store.
func (c *collector) clear(t testing.TB) {
	t.Helper()
	req, err := http.NewRequest(http.MethodDelete, c.UI+"/api/v1/data", nil)
	require.NoError(t, err)
	resp, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	_ = resp.Body.Close()
	require.Equal(t, 2, resp.StatusCode/100)
}

// rss returns the resident memory of the Collector in bytes.
func (c *collector) rss(t testing.TB) int64 {
	t.Helper()
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", c.cmd.Process.Pid))
	require.NoError(t, err)
	for line := range bytes.Lines(data) {
		var kib int64
		if n, _ := fmt.Sscanf(string(line), "VmRSS: %d kB", &kib); n == 1 {
			return kib << 10
		}
	}
	t.Fatal("no VmRSS")
	return 0
}

// cpu returns the user and system time the Collector has used.
func (c *collector) cpu(t testing.TB) time.Duration {
	t.Helper()
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", c.cmd.Process.Pid))
	require.NoError(t, err)
	var user, system int64
	fields := bytes.Fields(data[bytes.LastIndexByte(data, ')')+1:])
	_, err1 := fmt.Sscan(string(fields[11]), &user)
	_, err2 := fmt.Sscan(string(fields[12]), &system)
	require.NoError(t, errors.Join(err1, err2))
	return time.Duration(user+system) * 10 * time.Millisecond // clock ticks of 1/100 s, as on every Linux
}

// freePorts returns n addresses on loopback that nobody listens on.
func freePorts(t testing.TB, n int) []string {
	t.Helper()
	var addrs []string
	for range n {
		ln, err := net.Listen("tcp", "127.0.0.1:0")
		require.NoError(t, err)
		defer func() { _ = ln.Close() }()
		addrs = append(addrs, ln.Addr().String())
	}
	return addrs
}

// lockedBuffer is a bytes.Buffer that a process writes and a test reads.
type lockedBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *lockedBuffer) Bytes() []byte {
	b.mu.Lock()
	defer b.mu.Unlock()
	return bytes.Clone(b.buf.Bytes())
}

func (b *lockedBuffer) String() string { return string(b.Bytes()) }
