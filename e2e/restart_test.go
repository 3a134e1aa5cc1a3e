package e2e

import (
	"net/http"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// TestRestart: a service that is stopped and started again begins a session, and what it did before is hidden, not lost.
func TestRestart(t *testing.T) {
	c := startCollector(t)
	node, err := exec.LookPath("node")
	require.NoError(t, err, "install Node.js")
	traces := func(session string) int {
		var page struct{ Items []model.TraceSummary }
		c.get(t, "/api/v1/traces?session="+session, &page)
		return len(page.Items)
	}
	serve := func(t *testing.T) {
		mailer := startService(t, c, node, filepath.Join("apps", "mailer.cjs"))
		before := traces("all")
		mailer.get(t, "/mails/7", http.StatusInternalServerError)
		require.Eventually(t, func() bool { return traces("all") > before }, 20*time.Second, 50*time.Millisecond)
	}
	sessions := func() []model.Session {
		var page struct{ Items []model.Session }
		c.get(t, "/api/v1/sessions", &page)
		return page.Items
	}
	t.Run("first", serve)
	first := traces("current")
	require.Len(t, sessions(), 1)
	time.Sleep(3500 * time.Millisecond) // what is silent for three seconds has ended
	t.Run("again", serve)
	require.Eventually(t, func() bool { return len(sessions()) == 2 }, 20*time.Second, 100*time.Millisecond)
	require.Equal(t, "restarted: mailer", sessions()[0].Reason)
	require.Equal(t, first, traces("1"), "hidden, not lost")
	require.Equal(t, traces("all")-first, traces("current"))
}
