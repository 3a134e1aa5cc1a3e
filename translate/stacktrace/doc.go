// Package stacktrace reads stack traces that come as text, as OpenTelemetry's exception.stacktrace does, one file per
// language.
//
// It does not look at source maps or source files, and it does not read Sentry's structured stack traces: those are JSON
// and belong to the package sentry.
//
// # How a text is read
//
// The text is split into lines once. The parser of its language (languages.go) walks them and builds a tree: the thrown
// exception at the top, below it what caused it, what was suppressed, and the members of a group. The tree is then
// written out as a list, parents first. A parser takes what it recognises and passes over the rest, so that a text cut
// anywhere, wrapped in a log line or with Windows line ends still gives the frames it has. When the language is not
// known, or its parser finds no frame, all parsers try and the one that finds most frames wins.
//
// Everything takes linear time and is bounded: see the constants in stacktrace.go.
package stacktrace
