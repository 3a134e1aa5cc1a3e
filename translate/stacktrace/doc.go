// Package stacktrace reads stack traces that come as text, one file per language.
//
// It does not look at source maps or source files, and it does not read Sentry's structured stack traces: those are JSON
// and belong to the package sentry.
package stacktrace
