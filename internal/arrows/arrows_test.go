package arrows

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/otelcol-spotlight/otelcol-spotlight/internal/testkit"
)

const module = "github.com/otelcol-spotlight/otelcol-spotlight/"

// allowed lists, for every room, the rooms of this module that it may import. A room is a folder with all below it
// that has no row of its own. A new room needs a row.
var allowed = map[string][]string{
	"translate/model":       {},
	"translate/conventions": {},
	"translate/envelope":    {},
	"translate/stacktrace":  {"translate/model"},
	"translate/scope":       {"translate/model"},
	"translate/issue":       {"translate/model"},
	"translate/tracetree":   {"translate/model"},
	"translate/sourcemap":   {"translate/model"},
	"translate/sentry":      {"translate/envelope", "translate/conventions", "translate/model"},
	"translate/frompdata":   {"translate/conventions", "translate/model", "translate/stacktrace"},

	"receiver/sentryreceiver": {"translate/envelope", "translate/sentry", "translate/conventions", "internal/sharedcomponent", "internal/hostcheck", "internal/bytesize", "internal/loopback"},
	"exporter/spotlightexporter": {
		"translate/model", "translate/conventions", "translate/envelope", "translate/frompdata", "translate/sentry", "translate/issue", "translate/scope",
		"exporter/spotlightexporter/internal/live", "exporter/spotlightexporter/internal/query", "exporter/spotlightexporter/internal/hub",
		"exporter/spotlightexporter/internal/mcp", "exporter/spotlightexporter/internal/serve", "exporter/spotlightexporter/internal/sources",
		"exporter/spotlightexporter/internal/archive",
		"internal/sharedcomponent", "internal/hostcheck", "internal/bytesize", "internal/loopback", "overlay",
	},
	"exporter/spotlightexporter/internal/live":    {"translate/model"},
	"exporter/spotlightexporter/internal/archive": {"exporter/spotlightexporter/internal/live", "translate/model"},
	"exporter/spotlightexporter/internal/query": {
		"exporter/spotlightexporter/internal/live", "exporter/spotlightexporter/internal/sources", "translate/model", "translate/sentry", "translate/scope",
		"translate/stacktrace", "translate/tracetree", "translate/sourcemap", "translate/issue",
	},
	"exporter/spotlightexporter/internal/sources": {"translate/model", "translate/sourcemap"},
	"exporter/spotlightexporter/internal/hub": {
		"exporter/spotlightexporter/internal/live", "exporter/spotlightexporter/internal/query", "translate/model", "internal/hostcheck",
	},
	"exporter/spotlightexporter/internal/mcp": {"exporter/spotlightexporter/internal/query", "translate/model"},
	"exporter/spotlightexporter/internal/serve": {
		"exporter/spotlightexporter/internal/live", "exporter/spotlightexporter/internal/query", "exporter/spotlightexporter/internal/hub", "exporter/spotlightexporter/internal/mcp",
		"exporter/spotlightexporter/internal/sources", "exporter/spotlightexporter/internal/archive", "translate/model", "translate/scope", "overlay", "internal/hostcheck",
	},
	"provider/spotlightprovider": {},
	"provider/ingestconverter":   {},
	"overlay":                    {},
	"sdk/otelscope":              {"translate/scope", "translate/model"},
	"cmd/debugid":                {"translate/sourcemap"},
	"internal/sharedcomponent":   {},
	"internal/bytesize":          {},
	"internal/loopback":          {},
	"internal/hostcheck":         {},
	"internal/testkit":           {},
	"internal/arrows":            {},
}

// banned lists imports from outside that a room must not have, and why.
var banned = []struct{ room, prefix, except, why string }{
	{"translate/", "go.opentelemetry.io/collector/pdata", "translate/sentry translate/frompdata", "only sentry and frompdata know pdata"},
	{"translate/", "go.opentelemetry.io/collector/component", "", "translate is a library: it knows no components"},
	{"translate/", "net/http", "", "translate does no I/O"},
	{"translate/", "os", "", "translate does no I/O"},
	{"translate/", "go.uber.org/zap", "", "translate returns warnings, it does not log"},
	{"translate/model", "github.com/", "", "types only; whoever imports the model gets nothing else"},
	{"exporter/", module + "receiver", "", "receiver and exporter meet in pdata only"},
	{"receiver/", module + "exporter", "", "receiver and exporter meet in pdata only"},
	{"receiver/", module + "translate/frompdata", "", "the receiver writes pdata, it does not read it"},
}

type pkg struct {
	ImportPath string
	Imports    []string
}

func TestArrows(t *testing.T) {
	for _, p := range packages(t) {
		path := strings.TrimPrefix(p.ImportPath, module)
		room := roomOf(path)
		if room == "" {
			t.Errorf("%s belongs to no room: give it a row in allowed", path)
			continue
		}
		for _, imported := range p.Imports {
			if inner, ok := strings.CutPrefix(imported, module); ok {
				to := roomOf(inner)
				if to != room && !slices.Contains(allowed[room], to) {
					t.Errorf("%s imports %s: %s may import only %v", path, inner, room, allowed[room])
				}
			}
			for _, b := range banned {
				if strings.HasPrefix(path, b.room) && (imported == b.prefix || strings.HasPrefix(imported, strings.TrimSuffix(b.prefix, "/")+"/")) &&
					!slices.Contains(strings.Fields(b.except), room) {
					t.Errorf("%s imports %s: %s", path, imported, b.why)
				}
			}
		}
	}
}

// roomOf returns the longest row of allowed that path lies in.
func roomOf(path string) string {
	best := ""
	for room := range allowed {
		if (path == room || strings.HasPrefix(path, room+"/")) && len(room) > len(best) {
			best = room
		}
	}
	return best
}

func packages(t *testing.T) []pkg {
	t.Helper()
	cmd := exec.Command("go", "list", "-json=ImportPath,Imports", "./...")
	cmd.Dir = testkit.Root(t)
	out, err := cmd.Output()
	require.NoError(t, err)
	var all []pkg
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p pkg
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else {
			require.NoError(t, err)
		}
		all = append(all, p)
	}
	require.NotEmpty(t, all)
	return all
}
