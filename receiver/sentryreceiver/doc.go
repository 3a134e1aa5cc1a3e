// Package sentryreceiver is the receiver `sentry`: it takes what Sentry's SDKs send, over all endpoints that Sentry and
// Spotlight have, and hands it to the pipelines as OpenTelemetry traces, logs and metrics.
//
// A request goes through few hands. edge.go checks Host and Origin and answers preflights; routes.go finds the row of the
// route table; the row's handler reads the body (body.go, encodings.go: every compression, bounded), makes an envelope of
// it (package envelope for envelopes; store.go, security.go, crash.go, attachments.go, cron.go for the other endpoints)
// and take.go hands that to the package sentry, which makes pdata, and deliver.go to the pipelines. Sentry's OTLP
// endpoints (otlp.go) skip the middle.
//
// It never asks for a key, keeps good items beside bad ones, and never answers 429, nor 5xx for bad data: an SDK would
// go silent. What is not here: anything that reads back what arrived (that is the exporter `spotlight`), and knowledge of
// what is in a payload (package sentry).
package sentryreceiver

//go:generate go tool -modfile=../../internal/tools/go.mod mdatagen metadata.yaml
