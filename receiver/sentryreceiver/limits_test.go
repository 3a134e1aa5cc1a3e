package sentryreceiver

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/envelope"
)

func TestLimits_TableHasEveryItemType(t *testing.T) {
	for itemType, limit := range itemLimits {
		require.True(t, envelope.Known(itemType) || itemType == defaultItem, itemType)
		require.GreaterOrEqual(t, limit.ours, minItemBytes, itemType)
	}
}

func TestLimits_LargeItemsLeaveTheirSiblings(t *testing.T) {
	h := start(t, func(c *Config) {
		c.Limits.ItemBytes["attachment"] = 2000
		c.Limits.ItemBytes["default"] = 1024
	})
	body := string(envelope.Append(nil, nil,
		envelope.Item{Type: "event", Payload: []byte(`{"message":"kept one"}`)},
		envelope.Item{Type: "attachment", Payload: []byte("large " + strings.Repeat("x", 2000))},
		envelope.Item{Type: "attachment", Payload: []byte("kept two")},
		envelope.Item{Type: "from_the_future", Payload: []byte("large " + strings.Repeat("x", 1100))},
	))
	resp := h.post("/stream", body)
	require.Equal(t, http.StatusOK, resp.status)
	stored := h.stored()
	require.Equal(t, 2, h.records())
	require.Contains(t, stored, "kept one")
	require.Contains(t, stored, "kept two")
	require.NotContains(t, stored, "large xxx")
	require.Contains(t, stored, "an item of type attachment with 2006 bytes was left out", "a sibling says so")
	require.Equal(t, map[string]int64{"item_too_large": 2}, h.counted("otelcol_receiver_sentry_refused", "reason"))

	only := string(envelope.Append(nil, nil, envelope.Item{Type: "attachment", Payload: []byte(strings.Repeat("x", 2001))}))
	resp = h.post("/stream", only)
	require.Equal(t, http.StatusRequestEntityTooLarge, resp.status)
	require.Contains(t, resp.body, "limits::item_bytes")
}

func TestLimits_WhatSentryWouldRefuseIsMarked(t *testing.T) {
	h := start(t, nil)
	resp := h.post("/stream", event(strings.Repeat("x", 2<<20)))
	require.Equal(t, http.StatusOK, resp.status)
	require.Contains(t, h.stored(), "Sentry itself takes at most 1MiB")
}

func TestLimits_MaxItems(t *testing.T) {
	h := start(t, func(c *Config) { c.Limits.MaxItems = 3 })
	resp := h.post("/stream", "{}\n"+strings.Repeat("{\"type\":\"session\"}\n{}\n", 10))
	require.Equal(t, http.StatusOK, resp.status)
	require.Equal(t, 3, h.records())
	require.Equal(t, map[string]int64{"too_many_items": 7}, h.counted("otelcol_receiver_sentry_refused", "reason"))
}
