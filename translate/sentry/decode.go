package sentry

import "github.com/otelcol-spotlight/otelcol-spotlight/translate/model"

// DecodeEvent reads the payload of an error, message, feedback or transaction. It never fails: what cannot be read is
// left out, and a warning says so.
func DecodeEvent(payload []byte) (model.Event, []string) {
	return model.Event{}, nil
}
