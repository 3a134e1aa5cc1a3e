// Package frompdata turns pdata into the common model, for any sender: OpenTelemetry SDKs, other Collectors, and the
// Sentry receiver of this repository (whose records it knows by their instrumentation scope).
//
// It does not read Sentry payloads (they are carried along byte for byte and decoded by the package sentry when somebody
// looks), it does not assemble traces, and it keeps nothing between two calls.
package frompdata
