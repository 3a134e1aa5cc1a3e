package e2e

import (
	"net/http"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-spotlight/otelcol-spotlight/internal/testkit"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// TestQuality: everything that real SDKs sent, and services that run, in one Collector. No trace is listed without a
// service, a name and a status, and what is found of each SDK is so.
func TestQuality(t *testing.T) {
	c := startCollector(t)
	for _, s := range testkit.Corpus(t) {
		for _, r := range s.Requests {
			if status, body := c.send(t, r); status/100 == 5 {
				t.Errorf("%s %s: %d %s", s.Name, r.Name, status, body)
			}
		}
	}
	node, err := exec.LookPath("node")
	require.NoError(t, err, "install Node.js")
	shop := startService(t, c, buildService(t, "apps", "./shop"), "-listen", "ADDRESS")
	mailer := startService(t, c, node, filepath.Join("apps", "mailer.cjs"))
	for range 5 {
		shop.get(t, "/orders/7?page=2", http.StatusInternalServerError)
		shop.get(t, "/receipts/7", http.StatusInternalServerError)
		mailer.get(t, "/mails/7", http.StatusInternalServerError)
	}

	t.Run("traces", func(t *testing.T) {
		// A trace that is incomplete counts as running until nothing has come for some seconds.
		require.EventuallyWithT(t, func(now *assert.CollectT) {
			var page struct{ Items []model.TraceSummary }
			c.get(t, "/api/v1/traces?limit=10000", &page)
			services := map[string]bool{}
			for _, tr := range page.Items {
				for _, name := range tr.Services {
					assert.NotEmpty(now, name, tr.TraceID)
					services[name] = true
				}
				assert.NotEmpty(now, tr.RootService, tr.TraceID)
				assert.NotContains(now, []string{"", "(no name)", "span", "transaction"}, tr.RootName, tr.TraceID)
				assert.Contains(now, []model.SpanStatus{model.StatusOK, model.StatusError}, tr.Status, "%s %s of %s", tr.TraceID, tr.RootName, tr.RootService)
				assert.False(now, tr.Open, "%s %s of %s", tr.TraceID, tr.RootName, tr.RootService)
				assert.Positive(now, tr.SpanCount)
			}
			for _, name := range []string{"shop", "mailer", "shop-api", "shop-web", "shop-react", "pricing", "discounts", "inventory", "worker"} {
				assert.True(now, services[name], "no trace of %s", name)
			}
		}, 30*time.Second, 500*time.Millisecond)
	})
	t.Run("findings", func(t *testing.T) {
		require.EventuallyWithT(t, func(now *assert.CollectT) {
			var page struct{ Items []model.Service }
			c.get(t, "/api/v1/services?limit=10000", &page)
			found := map[string][]string{}
			for _, sv := range page.Items {
				assert.NotEmpty(now, sv.Service)
				for _, f := range sv.Findings {
					assert.NotEmpty(now, f.Text)
					assert.NotEmpty(now, f.Fix)
					if !slices.Contains(found[sv.Service], f.Code) {
						found[sv.Service] = append(found[sv.Service], f.Code)
					}
				}
			}
			assert.Equal(now, map[string][]string{
				// Their errors come without tracing.
				"crash": {"no_spans"}, "cron": {"no_spans"}, "old-node": {"no_spans"}, "old-web": {"no_spans"},
				// Nothing in what they send names them.
				"unknown_service:sentry-otlp": {"no_service_name"}, "synthetic app (project 1)": {"no_service_name"},
				"Java app (project 1)": {"no_service_name"}, "unknown app (project 1)": {"no_service_name"},
			}, found)
		}, 30*time.Second, 500*time.Millisecond)
	})
}
