package model

// Level is a severity in Sentry's words; OpenTelemetry severity numbers are mapped to it in steps of four, trace to fatal.
type Level string

// The levels, low to high.
const (
	LevelTrace   Level = "trace"
	LevelDebug   Level = "debug"
	LevelInfo    Level = "info"
	LevelWarning Level = "warning"
	LevelError   Level = "error"
	LevelFatal   Level = "fatal"
)
