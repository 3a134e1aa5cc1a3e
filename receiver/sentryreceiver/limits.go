package sentryreceiver

import (
	"fmt"

	"github.com/otelcol-spotlight/otelcol-spotlight/internal/bytesize"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/envelope"
)

// defaultItem is the key of limits::item_bytes for types that are not listed.
const defaultItem = "default"

// itemLimits are the payload sizes of item types: what Sentry's Relay takes at most, over which an item gets a warning,
// and what we take unless configured otherwise. Ours are larger where a laptop can hold more: the developer wants to see
// the event that is too large.
var itemLimits = map[string]struct{ relay, ours bytesize.Bytes }{
	"event":            {1 << 20, 8 << 20},
	"transaction":      {1 << 20, 8 << 20},
	"feedback":         {1 << 20, 8 << 20},
	"replay_event":     {1 << 20, 8 << 20},
	"raw_security":     {1 << 20, 8 << 20},
	"security":         {1 << 20, 8 << 20},
	"form_data":        {1 << 20, 8 << 20},
	"nel":              {1 << 20, 8 << 20},
	"span":             {12 << 20, 16 << 20},
	"otel_span":        {12 << 20, 16 << 20},
	"log":              {12 << 20, 16 << 20},
	"otel_log":         {12 << 20, 16 << 20},
	"trace_metric":     {12 << 20, 16 << 20},
	"session":          {10 << 20, 10 << 20},
	"sessions":         {10 << 20, 10 << 20},
	"client_report":    {100 << 10, 1 << 20},
	"check_in":         {100 << 10, 1 << 20},
	"statsd":           {1 << 20, 8 << 20},
	"metric_buckets":   {1 << 20, 8 << 20},
	"metric_meta":      {1 << 20, 8 << 20},
	"profile":          {50 << 20, 32 << 20},
	"profile_chunk":    {50 << 20, 32 << 20},
	"profile_chunk_ui": {50 << 20, 32 << 20},
	"replay_recording": {10 << 20, 32 << 20},
	"replay_video":     {10 << 20, 32 << 20},
	"attachment":       {200 << 20, 32 << 20},
	"user_report":      {200 << 20, 8 << 20},
	"unreal_report":    {200 << 20, 32 << 20},
	defaultItem:        {0, 8 << 20},
}

func defaultItemBytes() map[string]bytesize.Bytes {
	m := make(map[string]bytesize.Bytes, len(itemLimits))
	for itemType, limit := range itemLimits {
		m[itemType] = limit.ours
	}
	return m
}

// Warnings on items.
const (
	warnOverRelay   = "%d bytes of payload: Sentry itself takes at most %s of this item type"
	warnItemRefused = "an item of type %s with %d bytes was left out: over the %s of limits::item_bytes"
	warnCutOff      = "the body ended early (%s): the last item was left out"
)

// refuseLargeItems drops the items whose payload is over its limit, in place, and returns how many. A sibling carries the
// warning.
func (l *LimitsConfig) refuseLargeItems(env *envelope.Envelope) (refused int) {
	kept := env.Items[:0]
	var warnings []string
	for _, it := range env.Items {
		limit, ok := l.ItemBytes[it.Type]
		if !ok {
			limit = l.ItemBytes[defaultItem]
		}
		size := bytesize.Bytes(len(it.Payload))
		if limit > 0 && size > limit {
			refused++
			if len(warnings) < 10 {
				warnings = append(warnings, fmt.Sprintf(warnItemRefused, it.Type, size, limit))
			}
			continue
		}
		if relay := itemLimits[it.Type].relay; relay > 0 && size > relay {
			it.Warnings = append(it.Warnings, fmt.Sprintf(warnOverRelay, size, relay))
		}
		kept = append(kept, it)
	}
	clear(env.Items[len(kept):])
	env.Items = kept
	if refused > 0 {
		env.Warnings = append(env.Warnings, warnings...)
		if len(kept) > 0 {
			kept[0].Warnings = append(kept[0].Warnings, warnings...)
		}
	}
	return refused
}
