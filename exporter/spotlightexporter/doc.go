// Package spotlightexporter is the exporter `spotlight`: it keeps the newest traces, logs, metrics and errors in memory and
// shows them live in the browser, in an overlay it serves itself.
//
// The traces, logs and metrics pipelines of one configuration share one store and one server. A record goes from pdata to
// the common model (package frompdata), errors are grouped (packages sentry and issue), and then it is in the store
// (internal/live), all before Consume returns: there is no queue, no retry and no timeout, because nothing here can be
// waited for. What is computed when somebody looks is in internal/query, WebSockets are in internal/hub, HTTP is in
// internal/serve, tools for agents in internal/mcp. This package only puts them together, starts and stops them.
package spotlightexporter

//go:generate go tool -modfile=../../internal/tools/go.mod mdatagen metadata.yaml
