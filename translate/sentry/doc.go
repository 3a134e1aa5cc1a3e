// Package sentry is the one place that knows Sentry's schema. It has two sides.
//
// The write side turns the items of an envelope into pdata (Translator.Envelope): spans, log records and metrics that
// any OpenTelemetry Collector can carry, and from which every byte that was sent can be had back.
//
// The read side turns the payload of an event, as it came out at the far end of a pipeline, into the common model
// (DecodeEvent): exceptions, frames, breadcrumbs, tags and the rest, in one shape whatever shape the SDK chose.
//
// What is not here: the framing of envelopes (package envelope), HTTP, authentication and compression (the receiver),
// the names of attributes (package conventions) and reading pdata back into the model (package frompdata).
//
// Both sides are pure: no I/O, no goroutines, no clock. They take whatever comes; what cannot be understood is kept as
// bytes and carries a warning.
package sentry
