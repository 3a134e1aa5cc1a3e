package frompdata

import (
	"strings"

	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// severityLevels are the levels of the severity numbers 1 to 24, four each (OpenTelemetry logs data model).
var severityLevels = [...]model.Level{
	model.LevelTrace, model.LevelDebug, model.LevelInfo, model.LevelWarning, model.LevelError, model.LevelFatal,
}

// severityNames are what loggers write where they give no number, and what Sentry SDKs call their levels.
var severityNames = [...]struct {
	name  string
	level model.Level
}{
	{"trace", model.LevelTrace},
	{"verbose", model.LevelTrace},
	{"finest", model.LevelTrace},
	{"finer", model.LevelTrace},
	{"debug", model.LevelDebug},
	{"fine", model.LevelDebug},
	{"config", model.LevelDebug},
	{"info", model.LevelInfo},
	{"information", model.LevelInfo},
	{"informational", model.LevelInfo},
	{"log", model.LevelInfo},
	{"notice", model.LevelInfo},
	{"warn", model.LevelWarning},
	{"warning", model.LevelWarning},
	{"error", model.LevelError},
	{"err", model.LevelError},
	{"severe", model.LevelError},
	{"fatal", model.LevelFatal},
	{"critical", model.LevelFatal},
	{"crit", model.LevelFatal},
	{"alert", model.LevelFatal},
	{"emergency", model.LevelFatal},
	{"emerg", model.LevelFatal},
	{"panic", model.LevelFatal},
}

// levelOf returns the level of a severity: its number, else its text, else otherwise.
func levelOf(n plog.SeverityNumber, text string, otherwise model.Level) model.Level {
	if n >= 1 && n <= 24 {
		return severityLevels[(n-1)/4]
	}
	for i := range severityNames {
		if strings.EqualFold(severityNames[i].name, text) {
			return severityNames[i].level
		}
	}
	return otherwise
}
