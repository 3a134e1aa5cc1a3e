package sentry

// currentName returns the present name of a deprecated attribute where the new one is the same thing under another name
// (OpenTelemetry's and Sentry's conventions); ok is false for any other key. Names whose meaning changed with the kind of
// span (net.peer.name, http.host, http.target) and words that users take for their own data (url, method, query) are
// left as they are.
func currentName(key []byte) (name string, ok bool) {
	switch string(key) {
	case "code.column":
		return "code.column.number", true
	case "code.filepath":
		return "code.file.path", true
	case "code.function":
		return "code.function.name", true
	case "code.lineno":
		return "code.line.number", true
	case "db.name":
		return "db.namespace", true
	case "db.operation":
		return "db.operation.name", true
	case "db.sql.table":
		return "db.collection.name", true
	case "db.statement":
		return "db.query.text", true
	case "db.system":
		return "db.system.name", true
	case "gen_ai.system":
		return "gen_ai.provider.name", true
	case "http.client_ip":
		return "client.address", true
	case "http.flavor":
		return "network.protocol.version", true
	case "http.method", "http.request_method":
		return "http.request.method", true
	case "http.request_content_length":
		return "http.request.body.size", true
	case "http.response_content_length":
		return "http.response.body.size", true
	case "http.scheme":
		return "url.scheme", true
	case "http.status_code", "http.response_status_code":
		return "http.response.status_code", true
	case "http.url":
		return "url.full", true
	case "http.user_agent":
		return "user_agent.original", true
	case "messaging.destination":
		return "messaging.destination.name", true
	case "net.peer.ip", "net.sock.peer.addr":
		return "network.peer.address", true
	case "net.transport":
		return "network.transport", true
	case "sentry.transaction":
		return "sentry.segment.name", true
	case "sentry.user.email":
		return "user.email", true
	case "sentry.user.id":
		return "user.id", true
	case "sentry.user.ip":
		return "user.ip_address", true
	case "sentry.user.username":
		return "user.name", true
	}
	return "", false
}
