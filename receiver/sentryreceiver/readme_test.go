package sentryreceiver

import (
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func readme(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("README.md")
	require.NoError(t, err)
	return string(text)
}

func TestReadme_HasEveryEndpoint(t *testing.T) {
	text := readme(t)
	for _, rt := range routes {
		require.Contains(t, text, "`"+rt.pattern+"`")
	}
}

func TestReadme_HasEveryOption(t *testing.T) {
	text := readme(t)
	for _, c := range []struct {
		prefix string
		of     reflect.Type
	}{{"", reflect.TypeFor[Config]()}, {"limits::", reflect.TypeFor[LimitsConfig]()}} {
		for f := range c.of.Fields() {
			key, _, _ := strings.Cut(f.Tag.Get("mapstructure"), ",")
			if key != "" && key != "limits" {
				require.Contains(t, text, "`"+c.prefix+key+"`")
			}
		}
	}
}

func TestReadme_HasEveryReason(t *testing.T) {
	text := readme(t)
	source, err := os.ReadFile("refusal.go")
	require.NoError(t, err)
	reasons := regexp.MustCompile(`\treason\w+ += "(\w+)"`).FindAllSubmatch(source, -1)
	require.Greater(t, len(reasons), 20)
	for _, m := range reasons {
		require.Contains(t, text, "`"+string(m[1])+"`")
	}
}

func TestReadme_HasEveryItemLimit(t *testing.T) {
	rows := map[string][2]string{}
	for _, line := range strings.Split(readme(t), "\n") {
		if cells := strings.Split(line, "|"); len(cells) == 5 {
			for _, itemType := range strings.Split(cells[1], ",") {
				rows[strings.TrimSpace(itemType)] = [2]string{strings.TrimSpace(cells[2]), strings.TrimSpace(cells[3])}
			}
		}
	}
	for itemType, limit := range itemLimits {
		want := [2]string{limit.ours.String(), limit.relay.String()}
		if limit.relay == 0 {
			want[1] = ""
		}
		require.Equal(t, want, rows[itemType], itemType)
	}
}
