package query

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/otelcol-spotlight/otelcol-spotlight/exporter/spotlightexporter/internal/live"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

func TestFieldsOf(t *testing.T) {
	long := strings.Repeat("é", 100)
	for want, attrs := range map[string]model.Attributes{
		"":                             attrs("0", "c", "12", "d", "user.id", "7", "sentry.release", "x@1", "process.pid", 7, "code.function", "f"),
		"order=7 state=open":           attrs("state", "open", "order", 7, "server.address", "here"),
		`empty="" q="a b" r="x=\"1\""`: attrs("q", "a b", "empty", "", "r", `x="1"`),
		"id=1":                         attrs("id", 1, "http.request.header.Authorization", "Bearer x", "user.password", "p", "API_KEY", "k", "session_id", "s"),
		"text=" + long[:60] + "…":      attrs("text", long),
		"deep={\"a\":1} list=[true]":   {{Key: "deep", Value: model.Map(attrs("a", 1))}, {Key: "list", Value: model.List([]model.Value{model.Bool(true)})}},
		"a=" + strings.Repeat("x", 50): attrs("a", strings.Repeat("x", 50)),
	} {
		require.Equal(t, want, fieldsOf(attrs))
	}
}

func TestFieldsOf_IsBounded(t *testing.T) {
	var many []any
	for i := range 100 {
		many = append(many, strings.Repeat("k", i+1), strings.Repeat("v", 55))
	}
	text := fieldsOf(attrs(many...))
	require.LessOrEqual(t, len(text), maxFields+len(" …"))
	require.True(t, strings.HasSuffix(text, " …"))
}

func TestLogs_Fields(t *testing.T) {
	w := newWorld(live.Limits{})
	w.add(line(1, 0, model.LevelInfo, "charged", "amount", 12, "sentry.environment", "dev"))
	require.Equal(t, "amount=12", w.Logs(Filter{}).Items[0].Fields)
	log, ok := w.Log(w.Logs(Filter{}).Items[0].ID)
	require.True(t, ok)
	require.Empty(t, log.Fields, "whoever has the attributes needs no text of them")
	lists, _ := w.Snapshot()
	require.Equal(t, "amount=12", lists.Logs[0].Fields)
}
