// Package e2e tests the built binary from outside: recorded requests of real SDKs, hostile requests, a second Collector
// between receiver and exporter, a user's own Collector build, and a real browser looking at the overlay.
//
// It is a module of its own, so that what it needs stays out of the product's dependency graph. `make test` builds the
// binary first; to run the tests alone: make build && cd e2e && go test ./...
package e2e
