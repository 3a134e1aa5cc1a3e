package issue_test

import (
	"bytes"
	"compress/gzip"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/otelcol-spotlight/otelcol-spotlight/internal/testkit"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/envelope"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/issue"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/sentry"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/stacktrace"
)

var update = flag.Bool("update", false, "write the golden files instead of comparing with them")

// recorded calls f for every error and message that real SDKs sent in an envelope.
func recorded(t *testing.T, f func(name string, ev *model.Event)) {
	t.Helper()
	for _, s := range testkit.Corpus(t) {
		for _, r := range s.Requests {
			body := r.Body
			if strings.HasSuffix(r.Header.Get("Content-Encoding"), "gzip") {
				z, err := gzip.NewReader(bytes.NewReader(body))
				require.NoError(t, err)
				body, err = io.ReadAll(z)
				require.NoError(t, err)
			}
			var items []envelope.Item
			switch {
			case strings.Contains(r.Path, "/envelope") || r.Path == "/stream":
				env, err := envelope.Parse(body, envelope.Limits{})
				if err != nil {
					continue // encodings that only the receiver knows
				}
				items = env.Items
			case strings.Contains(r.Path, "/store") && len(body) > 0 && body[0] == '{':
				items = []envelope.Item{{Type: "event", Payload: body}}
			}
			for i, item := range items {
				if item.Type == "event" {
					ev, _ := sentry.DecodeEvent(item.Payload)
					f(fmt.Sprintf("%s.%d", r.Name, i), &ev)
				}
			}
		}
	}
}

// TestCorpus_Golden: the keys of everything recorded. Their diff is the review of a change of the key.
func TestCorpus_Golden(t *testing.T) {
	var b strings.Builder
	n := 0
	recorded(t, func(name string, ev *model.Event) {
		n++
		k := issue.Cluster(ev)
		fmt.Fprintf(&b, "%s %-11s %s\n\t%q %q\n\t%s\n", k.ID, k.How, name, k.Title, k.Value, k.Culprit)
		require.False(t, strings.HasPrefix(k.Culprit, "/"), k.Culprit)
		require.NotContains(t, k.Culprit, "/home/")
		require.Equal(t, k, issue.Cluster(ev))
	})
	require.Greater(t, n, 60)
	path := filepath.Join("testdata", "corpus.golden")
	if *update {
		require.NoError(t, os.MkdirAll("testdata", 0o750))
		require.NoError(t, os.WriteFile(path, []byte(b.String()), 0o600))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err, "run go test -update")
	require.Equal(t, string(want), b.String())
}

// TestCorpus_OneKeyForBoth: the Sentry event of a failure, and what OpenTelemetry's SDK would have recorded of it as
// text, are one issue.
func TestCorpus_OneKeyForBoth(t *testing.T) {
	n := 0
	recorded(t, func(name string, ev *model.Event) {
		if strings.HasPrefix(name, "synthetic") || len(ev.Exceptions) != 1 || ev.Exceptions[0].Type == "" || len(ev.Fingerprint) > 0 {
			return
		}
		e := &ev.Exceptions[0]
		text := printed(ev.Platform, e)
		if text == "" || e.Mechanism != nil && e.Mechanism.Synthetic {
			return
		}
		otel := &model.Event{Exceptions: stacktrace.Parse(text, ev.Platform, e.Type, e.Value)}
		otel.Type = model.EventError
		want, got := issue.Cluster(ev), issue.Cluster(otel)
		if want.How != issue.ByFrames {
			return // raven-js: no frame is in_app
		}
		n++
		require.Equal(t, want.ID, got.ID, "%s\n%s", name, text)
	})
	require.Greater(t, n, 5)
}

// printed writes an exception as the runtime of its platform prints it.
func printed(platform string, e *model.Exception) string {
	var b strings.Builder
	switch platform {
	case "node", "javascript":
		fmt.Fprintf(&b, "%s: %s\n", e.Type, e.Value)
		for _, f := range e.Frames[:min(len(e.Frames), 10)] { // as many as V8 keeps
			if f.Function == "" || f.Function == "?" {
				fmt.Fprintf(&b, "    at %s:%d:%d\n", f.Filename, f.Line, f.Column)
			} else {
				fmt.Fprintf(&b, "    at %s (%s:%d:%d)\n", f.Function, f.Filename, f.Line, f.Column)
			}
		}
	case "python":
		b.WriteString("Traceback (most recent call last):\n")
		for i := len(e.Frames) - 1; i >= 0; i-- {
			fmt.Fprintf(&b, "  File %q, line %d, in %s\n    x\n", e.Frames[i].AbsPath, e.Frames[i].Line, e.Frames[i].Function)
		}
		fmt.Fprintf(&b, "%s: %s\n", e.Type, e.Value)
	default:
		return ""
	}
	return b.String()
}

// TestPython_OneKeyForBoth: frames as sentry_sdk sends them, and the text of the same traceback.
func TestPython_OneKeyForBoth(t *testing.T) {
	const payload = `{"platform":"python","timestamp":1795291020,"exception":{"values":[{"type":"KeyError","module":null,"value":"'sku'",
		"stacktrace":{"frames":[
		{"filename":"flask/app.py","abs_path":"/usr/lib/python3/dist-packages/flask/app.py","function":"dispatch_request","module":"flask.app","lineno":1799,"in_app":true},
		{"filename":"shop/views.py","abs_path":"/home/jane/shop/views.py","function":"price","module":"shop.views","lineno":12,"in_app":true},
		{"filename":"prices.py","abs_path":"/home/jane/shop/prices.py","function":"lookup","module":"prices","lineno":3,"in_app":true}]}}]}}`
	const text = `Traceback (most recent call last):
  File "/usr/lib/python3/dist-packages/flask/app.py", line 1799, in dispatch_request
    return f()
  File "/srv/shop/views.py", line 14, in price
    return lookup(sku)
  File "/srv/shop/prices.py", line 3, in lookup
    return prices[sku]
KeyError: 'other'
`
	ev, warnings := sentry.DecodeEvent([]byte(payload))
	require.Empty(t, warnings)
	key := issue.Cluster(&ev)
	require.Equal(t, issue.ByFrames, key.How)
	require.Equal(t, "prices.py:3", key.Culprit)

	otel := &model.Event{Exceptions: stacktrace.Parse(text, "python", "builtins.KeyError", "'other'")}
	otel.Type, otel.Time = model.EventError, model.TimeOf(time.Unix(0, 0))
	got := issue.Cluster(otel)
	require.Equal(t, issue.ByFrames, got.How)
	require.NotEqual(t, key.ID, got.ID, "other places: /home/jane/shop, /srv/shop")

	same := strings.ReplaceAll(text, "/srv/shop", "/home/jane/shop")
	otel.Exceptions = stacktrace.Parse(same, "python", "builtins.KeyError", "'other'")
	require.Equal(t, key.ID, issue.Cluster(otel).ID)
}
