package frompdata

import (
	"strings"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// nameRules make names readable. OpenTelemetry wants names that are few rather than telling ("GET", "HTTP GET"), today's
// Sentry JavaScript SDK names every call to one host the same ("GET localhost"). A rule applies to spans that have its
// fact; it replaces the name only when generic says that the name tells less than the attributes do. The first rule
// whose fact is there decides.
var nameRules = [...]struct {
	when    fact
	generic func(f *facts, name string) bool
	name    func(f *facts, raw string, kind model.SpanKind) string // "" when the attributes do not say more either
}{
	{httpMethod, httpGeneric, httpName},
	{dbSystem, dbGeneric, dbName},
	{rpcMethod, rpcGeneric, rpcName},
	{messagingSystem, messagingGeneric, messagingName},
	{genAIOperation, genAIGeneric, genAIName},
	{graphqlType, isEmpty, graphqlSpanName},
	{faasName, isEmpty, func(f *facts, _ string, _ model.SpanKind) string { return f.str(faasName) }},
	{urlFull, isHost, func(f *facts, _ string, kind model.SpanKind) string { return urlName(f, "", kind) }},
}

const noName = "(no name)"

// browserNames are what Sentry's browser SDK calls its timings of a page load since version 11; before, each had the URL
// of the page for a name.
var browserNames = map[string]string{
	"browser.cache":                    "Cache lookup",
	"browser.connect":                  "Connect",
	"browser.dns":                      "DNS lookup",
	"browser.DNS":                      "DNS lookup", // before 8.0
	"browser.dom_content_loaded_event": "DOMContentLoaded event",
	"browser.domContentLoadedEvent":    "DOMContentLoaded event",
	"browser.load_event":               "Load event",
	"browser.loadEvent":                "Load event",
	"browser.redirect":                 "Redirect",
	"browser.request":                  "Request",
	"browser.response":                 "Response",
	"browser.TLS/SSL":                  "TLS handshake",
	"browser.secure_connection":        "TLS handshake",
	"browser.unload_event":             "Unload event",
	"browser.unloadEvent":              "Unload event",
}

// nameOf returns a readable name for a span that was sent with the name raw; never "". A name that only says the op again
// ("Pageload" of a streamed page load) says nothing.
func nameOf(f *facts, raw, op string, kind model.SpanKind) string {
	if strings.HasPrefix(op, "browser.") && (raw == "" || strings.Contains(raw, "://")) {
		if name := browserNames[op]; name != "" {
			return name
		}
	}
	for i := range nameRules {
		if !f.has(nameRules[i].when) {
			continue
		}
		if raw == "" || strings.EqualFold(raw, op) || nameRules[i].generic(f, raw) {
			if name := nameRules[i].name(f, raw, kind); name != "" {
				return name
			}
		}
		break
	}
	return firstOf(raw, op, noName)
}

func isEmpty(_ *facts, name string) bool { return name == "" }

// httpGeneric: "GET", "HTTP", "HTTP GET", "GET localhost", "GET localhost:3000", "GET http://localhost:3000/x?y".
func httpGeneric(f *facts, name string) bool {
	method := f.str(httpMethod)
	first, rest, two := strings.Cut(name, " ")
	switch {
	case !two:
		return strings.EqualFold(first, method) || strings.EqualFold(first, "HTTP")
	case strings.EqualFold(first, "HTTP"):
		return strings.EqualFold(rest, method) || strings.EqualFold(rest, "request")
	case !strings.EqualFold(first, method):
		return false
	case strings.Contains(rest, "://"):
		return true
	case rest == "" || rest[0] == '/':
		return false
	}
	return isHost(f, rest)
}

// isHost: "localhost", "localhost:3000": the host of the URL. Sentry's browser SDK names what a page loads like this.
func isHost(f *facts, name string) bool {
	host, _ := splitHostPort(name)
	if host == f.str(serverAddress) {
		return true
	}
	a, ok := parseURL(f.str(urlFull))
	return ok && a.host == host
}

// httpName is the method and where the call went.
func httpName(f *facts, raw string, kind model.SpanKind) string {
	method := f.str(httpMethod)
	if method == "_OTHER" || method == "" {
		method = "HTTP"
	}
	_, url, _ := strings.Cut(raw, " ") // sentry-go: nothing else has the path
	target := urlName(f, url, kind)
	switch {
	case target != "":
		return method + " " + target
	case raw == "":
		return method
	}
	return ""
}

// urlName is the route for whom answers, host and path for whom asks, the path alone when the host is this machine.
// Where no attribute has the URL, url may.
func urlName(f *facts, url string, kind model.SpanKind) string {
	full := f.str(urlFull)
	a, hasURL := parseURL(full)
	if !hasURL && !f.has(urlPath) {
		a, hasURL = parseURL(url)
	}
	path := firstOf(f.str(urlTemplate), withoutQuery(f.str(urlPath)), a.path)
	if !hasURL {
		if path == "" && strings.HasPrefix(full, "/") {
			path = withoutQuery(full) // browsers record relative URLs
		}
		a = address{scheme: f.str(urlScheme)}
		a.host, a.port = splitHostPort(f.str(serverAddress))
		if a.port == "" {
			a.port = f.text(serverPort)
		}
	}
	if kind == model.KindServer {
		path = firstOf(f.str(httpRoute), path)
		a.host = ""
	}
	if a.host == "" || isLoopback(a.host) || strings.Contains(path, "://") { // some put the whole URL into http.target
		return path
	}
	return a.hostPort() + path
}

// dbGeneric: "SELECT", "postgresql", "shop" (the database), "SELECT shop", "pg.query", "pg.query:SELECT shop", "query",
// "get 127.0.0.1:6379".
func dbGeneric(f *facts, name string) bool {
	if i := strings.IndexByte(name, ':'); i > 0 && strings.HasSuffix(name[:i], ".query") {
		name = name[i+1:]
	}
	operation, namespace := f.str(dbOperation), f.str(dbNamespace)
	first, rest, two := strings.Cut(name, " ")
	if two {
		host, _ := splitHostPort(rest)
		return rest == namespace && isSQLVerb(first) || host != "" && host == f.str(serverAddress)
	}
	return name == "query" || strings.HasSuffix(name, ".query") || strings.EqualFold(name, operation) ||
		strings.EqualFold(name, f.str(dbSystem)) || name == namespace || isSQLVerb(name)
}

// dbName follows the templates of sentry-conventions for database spans; where only the statement is known, its verb
// and its first table, or for Redis its key, stand for the operation and the collection.
func dbName(f *facts, raw string, _ model.SpanKind) string {
	if summary := f.str(dbSummary); summary != "" {
		return summary
	}
	operation, target := f.str(dbOperation), firstOf(f.str(dbCollection), f.str(dbProcedure))
	if text := f.str(dbText); text != "" && (operation == "" || target == "") {
		verb, table := statementSummary(text, operation)
		operation, target = firstOf(operation, verb), firstOf(target, table)
	}
	if target == "" {
		target = f.str(dbNamespace)
	}
	if address := f.str(serverAddress); target == "" && address != "" {
		if strings.Contains(raw, address) { // nothing gained
			return ""
		}
		target = address
	}
	switch {
	case operation == "" && target == "":
		return ""
	case operation == "":
		return target
	case target == "":
		return operation
	}
	return operation + " " + target
}

// rpcGeneric: the method alone.
func rpcGeneric(f *facts, name string) bool { return name == f.str(rpcMethod) && f.has(rpcService) }

func rpcName(f *facts, _ string, _ model.SpanKind) string {
	if service := f.str(rpcService); service != "" {
		return service + "/" + f.str(rpcMethod)
	}
	return f.str(rpcMethod)
}

// messagingGeneric: the operation alone, or the system.
func messagingGeneric(f *facts, name string) bool {
	switch name {
	case "publish", "send", "create", "receive", "process", "settle", "ack":
		return true
	}
	return name == f.str(messagingOperation) || name == f.str(messagingSystem)
}

func messagingName(f *facts, _ string, kind model.SpanKind) string {
	destination := f.str(messagingDestination)
	if destination == "" {
		return ""
	}
	operation := f.str(messagingOperation)
	if operation == "" {
		switch kind {
		case model.KindProducer:
			operation = "publish"
		case model.KindConsumer:
			operation = "process"
		default:
			return destination
		}
	}
	return operation + " " + destination
}

// genAIGeneric: the operation alone.
func genAIGeneric(f *facts, name string) bool { return name == f.str(genAIOperation) }

func genAIName(f *facts, _ string, _ model.SpanKind) string {
	if what := firstOf(f.str(genAITool), f.str(genAIModel)); what != "" {
		return f.str(genAIOperation) + " " + what
	}
	return f.str(genAIOperation)
}

func graphqlSpanName(f *facts, _ string, _ model.SpanKind) string {
	if name := f.str(graphqlName); name != "" {
		return f.str(graphqlType) + " " + name
	}
	return f.str(graphqlType)
}
