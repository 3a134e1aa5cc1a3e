package envelope

// knownTypes are the item types that Sentry's SDKs send or sent, and those that Relay makes from other endpoints. Only a
// line with one of these is trusted as the place where broken framing goes on.
var knownTypes = map[string]string{}

func init() {
	for _, t := range []string{
		"event", "transaction", "span", "otel_span", "log", "otel_log", "trace_metric",
		"session", "sessions", "client_report", "attachment", "user_report", "feedback", "check_in",
		"profile", "profile_chunk", "profile_chunk_ui", "replay_event", "replay_recording", "replay_video",
		"statsd", "metric_buckets", "metric_meta", "raw_security", "security", "nel", "form_data",
		"unreal_report", "integration",
	} {
		knownTypes[t] = t
	}
}

// Known reports whether Sentry has items of this type. Types are case sensitive.
func Known(itemType string) bool { return knownTypes[itemType] != "" }
