package e2e

import (
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-spotlight/otelcol-spotlight/internal/testkit"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// Real services on OpenTelemetry's SDKs: a child span logs "query done!", the error happens outside of it (the bug that
// RFC 0120 was written for). The error shows the breadcrumb, the user and the request of its own unit of work, and the
// overlay says which scope each came from.
func TestScopes_RealServices(t *testing.T) {
	c := startCollector(t)
	shop := startService(t, c, buildService(t, "apps", "./shop"), "-listen", "ADDRESS")
	node, err := exec.LookPath("node")
	require.NoError(t, err, "install Node.js")
	_, err = os.Stat(filepath.Join("apps", "node_modules"))
	require.NoError(t, err, "run make deps first")
	mailer := startService(t, c, node, filepath.Join("apps", "mailer.cjs"))

	shop.get(t, "/orders/7?page=2", http.StatusInternalServerError)
	mailer.get(t, "/mails/7", http.StatusInternalServerError)
	shop.get(t, "/receipts/7", http.StatusInternalServerError)

	// isOf checks what all of them share: the request's own log, whatever span recorded it, and the request itself.
	isOf := func(t *assert.CollectT, ev *model.Event, path string) {
		crumb := crumbOf(ev, "query done!")
		if assert.NotNil(t, crumb, "the breadcrumb of db.query") {
			assert.Equal(t, model.LayerIsolation, crumb.Layer)
			assert.NotEqual(t, ev.SpanID, crumb.SpanID, "it was recorded in another span")
		}
		assert.Equal(t, "7", ev.User.Str("id"))
		assert.Equal(t, model.LayerIsolation, ev.Provenance["user.id"].Layer)
		if assert.NotNil(t, ev.Request) {
			assert.Equal(t, "GET", ev.Request.Method)
			assert.Contains(t, ev.Request.URL, path)
		}
		assert.Equal(t, model.LayerIsolation, ev.Provenance["request"].Layer)
	}

	t.Run("an OpenTelemetry exception in Go", func(t *testing.T) {
		c.eventually(t, "order 7 has no price", func(t *assert.CollectT, ev *model.Event) {
			isOf(t, ev, "/orders/7")
			assert.Equal(t, model.SourceSpanEvent, ev.Source)
			assert.Equal(t, "ada@example.test", ev.User.Str("email"))
			assert.Equal(t, "shop@1.0.0", ev.Release)
			assert.Equal(t, "test", ev.Environment)
		})
	})
	t.Run("an OpenTelemetry exception in Node.js", func(t *testing.T) {
		c.eventually(t, "nobody to send to", func(t *assert.CollectT, ev *model.Event) {
			isOf(t, ev, "/mails/7")
			assert.Equal(t, "TypeError", ev.Title)
			assert.Equal(t, model.SourceSpanEvent, ev.Source)
		})
	})
	t.Run("a Sentry error inside an OpenTelemetry service", func(t *testing.T) {
		c.eventually(t, "receipt 7 does not fit the page", func(t *assert.CollectT, ev *model.Event) {
			isOf(t, ev, "/receipts/7")
			assert.Equal(t, model.SourceSentry, ev.Source)
			assert.Equal(t, "second floor", ev.Tags.Str("printer"))
			assert.Equal(t, model.LayerEvent, ev.Provenance["tags.printer"].Layer)
			assert.Equal(t, "print", ev.Tags.Str("step"))
			assert.Equal(t, model.LayerCurrent, ev.Provenance["tags.step"].Layer)
		})
	})
	t.Run("in the overlay", func(t *testing.T) {
		var ids []string
		for _, value := range []string{"order 7 has no price", "nobody to send to", "receipt 7 does not fit the page"} {
			ids = append(ids, c.find(t, value)[0].EventID.String())
		}
		cmd := exec.Command(node, "scopes.mjs", ids[0], ids[1], ids[2])
		cmd.Dir = "apps"
		cmd.Env = append(os.Environ(), "SPOTLIGHT_UI="+c.UI, "SPOTLIGHT_SENTRY="+c.Sentry, "SPOTLIGHT_OTLP="+c.OTLPHTTP)
		out, err := cmd.CombinedOutput()
		require.NoError(t, err, "%s", out)
	})
}

// The example of otelscope: requests that run at the same time see nothing of each other, neither in the process, which is
// built with the race detector, nor in the Collector.
func TestScopes_ExampleOfOtelscope(t *testing.T) {
	c := startCollector(t)
	s := startService(t, c, buildService(t, testkit.Root(t), "./sdk/otelscope/example"), "-listen", "ADDRESS")
	users := []string{"ada", "bob", "cyd", "dan", "eve", "fay", "gus", "hal"}
	var wg sync.WaitGroup
	for _, user := range users {
		wg.Go(func() {
			resp, err := http.Get(s.URL + "/cart/" + user)
			if assert.NoError(t, err) {
				_ = resp.Body.Close()
			}
		})
	}
	wg.Wait()
	for _, user := range users {
		c.eventually(t, "no price for the cart of "+user, func(t *assert.CollectT, ev *model.Event) {
			assert.Equal(t, user, ev.User.Str("id"))
			assert.Equal(t, user+"@example.test", ev.User.Str("email"))
			assert.Equal(t, "books", ev.Tags.Str("shop"))
			assert.Equal(t, "local", ev.Tags.Str("pod"))
			assert.Equal(t, "price", ev.Tags.Str("step"))
			layers := map[string]model.Layer{"user.id": model.LayerIsolation, "tags.shop": model.LayerIsolation, "tags.pod": model.LayerGlobal, "tags.step": model.LayerEvent}
			for path, want := range layers {
				assert.Equal(t, want, ev.Provenance[path].Layer, path)
			}
			if assert.NotNil(t, ev.Request) {
				assert.Contains(t, ev.Request.URL, "/cart/"+user)
			}
			var messages []string
			for _, b := range ev.Breadcrumbs {
				messages = append(messages, b.Message)
				assert.Equal(t, model.LayerIsolation, b.Layer, b.Message)
			}
			assert.Subset(t, messages, []string{user + " is signed in", "query done!"})
			for _, other := range users {
				if other != user {
					assert.NotContains(t, strings.Join(messages, "\n"), other)
				}
			}
		})
	}
	require.Len(t, c.find(t, "no price for the cart of"), len(users), "one error a request: log and span event are one failure")
}

// find returns the events whose value contains text, newest first.
func (c *collector) find(t testing.TB, text string) []model.EventSummary {
	t.Helper()
	var page model.Page[model.EventSummary]
	c.get(t, "/api/v1/events?limit=1000", &page)
	return slices.DeleteFunc(page.Items, func(ev model.EventSummary) bool { return !strings.Contains(ev.Value, text) })
}

// eventually waits until there is exactly one event whose value contains text, and check finds nothing wrong with it.
func (c *collector) eventually(t *testing.T, text string, check func(*assert.CollectT, *model.Event)) {
	t.Helper()
	require.EventuallyWithT(t, func(collect *assert.CollectT) {
		found := c.find(t, text)
		if !assert.Len(collect, found, 1, text) {
			return
		}
		var ev model.Event
		c.get(t, "/api/v1/events/"+found[0].EventID.String(), &ev)
		check(collect, &ev)
	}, 15*time.Second, 100*time.Millisecond)
}

// crumbOf returns the breadcrumb with a message, nil if there is none.
func crumbOf(ev *model.Event, message string) *model.Breadcrumb {
	i := slices.IndexFunc(ev.Breadcrumbs, func(b model.Breadcrumb) bool { return b.Message == message })
	if i < 0 {
		return nil
	}
	return &ev.Breadcrumbs[i]
}
