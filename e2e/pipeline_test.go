package e2e

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/otelcol-spotlight/otelcol-spotlight/internal/testkit"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// What goes through a second Collector (sentry receiver, OTLP exporter, OTLP receiver, spotlight exporter) gives the
// same answers as what came directly: nothing passes between receiver and exporter but pdata.
func TestThroughASecondCollector(t *testing.T) {
	direct := startCollector(t)
	gateway := startCollector(t)
	agent := startAgent(t, gateway)
	for _, scenario := range testkit.Corpus(t) {
		t.Run(scenario.Name, func(t *testing.T) {
			direct.clear(t)
			gateway.clear(t)
			direct.sendAll(t, scenario.Requests)
			agent.sendAll(t, scenario.Requests)
			// Hand-made requests leave out what every SDK sends: ids and times, which each receiver then makes up for itself.
			handMade := strings.HasPrefix(scenario.Name, "synthetic-")
			want, got := answers(t, direct, handMade), answers(t, gateway, handMade)
			for end := time.Now().Add(10 * time.Second); want != got && time.Now().Before(end); got = answers(t, gateway, handMade) {
				time.Sleep(100 * time.Millisecond)
				want = answers(t, direct, handMade)
			}
			if want != got {
				t.Fatalf("answers differ:\n%s", firstDifference(want, got))
			}
		})
	}
}

// firstDifference tells two texts of sorted lines apart by the first line that only one of them has.
func firstDifference(want, got string) string {
	have := map[string]bool{}
	for line := range strings.SplitSeq(got, "\n") {
		have[line] = true
	}
	for line := range strings.SplitSeq(want, "\n") {
		if !have[line] {
			best := ""
			for other := range have {
				if commonPrefix(line, other) > commonPrefix(line, best) {
					best = other
				}
			}
			n := max(0, commonPrefix(line, best)-200)
			return fmt.Sprintf("direct:  ...%.700s\ngateway: ...%.700s", line[n:], best[min(n, len(best)):])
		}
	}
	return fmt.Sprintf("the gateway has more: %d lines direct, %d there", strings.Count(want, "\n"), strings.Count(got, "\n"))
}

func commonPrefix(a, b string) int {
	n := min(len(a), len(b))
	for i := range n {
		if a[i] != b[i] {
			return i
		}
	}
	return n
}

// startAgent runs a Collector that only passes on what it receives to the OTLP receiver of another.
func startAgent(t *testing.T, to *collector) *collector {
	t.Helper()
	ports := freePorts(t, 2)
	config := filepath.Join(t.TempDir(), "agent.yaml")
	require.NoError(t, os.WriteFile(config, fmt.Appendf(nil, `
receivers:
  sentry: {endpoint: %q}
  otlp: {protocols: {http: {endpoint: %q}}}
exporters:
  otlp_http: {endpoint: %q, sending_queue: {enabled: false}}
service:
  telemetry: {metrics: {level: none}}
  pipelines:
    traces: {receivers: [sentry, otlp], exporters: [otlp_http]}
    logs: {receivers: [sentry, otlp], exporters: [otlp_http]}
    metrics: {receivers: [sentry, otlp], exporters: [otlp_http]}
`, ports[0], ports[1], to.OTLPHTTP), 0o600))
	agent := &collector{Sentry: "http://" + ports[0], OTLPHTTP: "http://" + ports[1]}
	agent.start(t, binary(t), "--config", config)
	agent.waitFor(t, agent.Sentry+"/health")
	return agent
}

// volatile are the parts of answers that say when and in which order something was received.
var volatile = regexp.MustCompile(`"(received_time|last_time|first_time|spark_time|uptime_ns|seq|version|merge_rev|observed_time|id|logs)":("[^"]*"|\d+|\[[^\]]*\])`)

var madeUpParts = regexp.MustCompile(`"time":"[^"]*"|[0-9a-f]{32}`)

// answers returns what the API says of every trace, event, log and item, in an order that does not depend on arrival.
// With madeUp, event ids and times of items are left out too.
func answers(t *testing.T, c *collector, madeUp bool) string {
	t.Helper()
	var lines, ids []string
	add := func(kind string, raw []byte) {
		text := volatile.ReplaceAllString(string(raw), "")
		if madeUp && kind == "item" {
			text = madeUpParts.ReplaceAllString(text, "")
		}
		lines = append(lines, kind+" "+text)
	}
	for _, trace := range traces(t, c) {
		for _, s := range trace.Spans {
			add("span", mustJSON(t, s))
		}
	}
	var events model.Page[model.EventSummary]
	c.get(t, "/api/v1/events?limit=10000", &events)
	for _, e := range events.Items {
		var event model.Event
		c.get(t, "/api/v1/events/"+e.EventID.String(), &event)
		text := string(mustJSON(t, event))
		if slices.Contains(event.Warnings, model.WarnBadTime) { // each receiver shows its own time of arrival
			text = strings.ReplaceAll(text, string(mustJSON(t, event.Time)), "TIME")
		}
		add("event", []byte(text))
		if event.Source == model.SourceSentry {
			raw := c.getRaw(t, "/api/v1/events/"+e.EventID.String()+"?raw=1")
			add("raw", raw)
		}
		if madeUp {
			ids = append(ids, e.EventID.String(), "ID")
		}
	}
	var logs model.Page[model.LogSummary]
	c.get(t, "/api/v1/logs?limit=10000", &logs)
	for _, l := range logs.Items {
		add("log", c.getRaw(t, fmt.Sprintf("/api/v1/logs/%d", l.ID)))
	}
	var items model.Page[model.ItemSummary]
	c.get(t, "/api/v1/items?limit=10000", &items)
	for _, i := range items.Items {
		add("item", c.getRaw(t, fmt.Sprintf("/api/v1/items/%d", i.ID)))
		add("raw", c.getRaw(t, fmt.Sprintf("/api/v1/items/%d?raw=1", i.ID)))
	}
	names := strings.NewReplacer(ids...)
	for i := range lines {
		lines[i] = names.Replace(lines[i])
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

func mustJSON(t *testing.T, v any) []byte {
	t.Helper()
	raw, err := json.Marshal(v)
	require.NoError(t, err)
	return raw
}

// A user's own Collector with only our receiver, and one with only our exporter, builds with OCB and runs.
func TestOwnBuild(t *testing.T) {
	if testing.Short() {
		t.Skip("builds two Collectors")
	}
	root := testkit.Root(t)
	for _, build := range []struct{ name, manifest, config string }{
		{"receiver only", `
receivers:
  - {gomod: "github.com/otelcol-spotlight/otelcol-spotlight v0.0.0", import: github.com/otelcol-spotlight/otelcol-spotlight/receiver/sentryreceiver, name: sentryreceiver, path: ROOT}
exporters:
  - {gomod: go.opentelemetry.io/collector/exporter/debugexporter v0.158.0}
`, `
receivers: {sentry: {endpoint: SENTRY}}
exporters: {debug: {verbosity: basic}}
service:
  telemetry: {metrics: {level: none}}
  pipelines: {traces: {receivers: [sentry], exporters: [debug]}, logs: {receivers: [sentry], exporters: [debug]}, metrics: {receivers: [sentry], exporters: [debug]}}
`},
		{"exporter only", `
receivers:
  - {gomod: go.opentelemetry.io/collector/receiver/otlpreceiver v0.158.0}
exporters:
  - {gomod: "github.com/otelcol-spotlight/otelcol-spotlight v0.0.0", import: github.com/otelcol-spotlight/otelcol-spotlight/exporter/spotlightexporter, name: spotlightexporter, path: ROOT}
`, `
receivers: {otlp: {protocols: {http: {endpoint: OTLP}}}}
exporters: {spotlight: {endpoint: UI}}
service:
  telemetry: {metrics: {level: none}}
  pipelines: {traces: {receivers: [otlp], exporters: [spotlight]}, logs: {receivers: [otlp], exporters: [spotlight]}, metrics: {receivers: [otlp], exporters: [spotlight]}}
`},
	} {
		t.Run(build.name, func(t *testing.T) {
			dir := t.TempDir()
			manifest := "dist: {name: custom, module: example.com/custom, output_path: " + filepath.Join(dir, "out") + "}\n" +
				strings.ReplaceAll(build.manifest, "ROOT", root) + `
providers:
  - {gomod: go.opentelemetry.io/collector/confmap/provider/envprovider v1.64.0}
  - {gomod: go.opentelemetry.io/collector/confmap/provider/fileprovider v1.64.0}
`
			require.NoError(t, os.WriteFile(filepath.Join(dir, "builder.yaml"), []byte(manifest), 0o600))
			cmd := exec.Command("go", "tool", "builder", "--config", filepath.Join(dir, "builder.yaml"))
			cmd.Dir = root
			out, err := cmd.CombinedOutput()
			require.NoError(t, err, "%s", out)

			ports := freePorts(t, 3)
			c := &collector{Sentry: "http://" + ports[0], OTLPHTTP: "http://" + ports[1], UI: "http://" + ports[2]}
			config := strings.NewReplacer("SENTRY", ports[0], "OTLP", ports[1], "UI", ports[2]).Replace(build.config)
			require.NoError(t, os.WriteFile(filepath.Join(dir, "config.yaml"), []byte(config), 0o600))
			c.start(t, filepath.Join(dir, "out", "custom"), "--config", filepath.Join(dir, "config.yaml"))
			if build.name == "receiver only" {
				c.waitFor(t, c.Sentry+"/health")
				c.sendAll(t, testkit.ScenarioNamed(t, "node-express-tracing-stream").Requests)
				require.Contains(t, c.log.String(), "spans")
			} else {
				c.waitFor(t, c.UI+"/health")
				c.sendAll(t, testkit.ScenarioNamed(t, "otel-node-protobuf").Requests)
				require.NotEmpty(t, traces(t, c))
			}
		})
	}
}
