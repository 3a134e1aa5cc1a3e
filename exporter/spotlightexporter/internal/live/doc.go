// Package live keeps the newest telemetry in memory: a store of the common model that is bounded in bytes, in age and
// per trace, indexed by every id a reader asks for, and readable while it is written.
//
// What belongs to a trace leaves with it: its spans, logs, events, attachments. What has no trace (a log of a start-up,
// a metric export, a session report) is kept beside the traces, and the oldest of all leaves first. See unit.
//
// # Guarantees
//
//   - Every stored record and every change has a sequence number. A reader that asks for the changes since N gets exactly
//     the ids of what changed, or is told to start over.
//   - What a reader gets is immutable: records and slices are never written again after they were handed out.
//   - One mutex guards the state. Under it nothing is encoded, hashed by content, sent or called back.
//   - A record that arrives twice (an SDK with both a DSN and Spotlight on, an exporter that retries) is stored once.
//   - Whatever is dropped or evicted is counted by reason.
//
// # What is not here
//
// Nothing is computed that a reader may never look at: trees, merged scopes, resolved frames and lists with their
// filters are the work of package query. Nothing here knows Sentry's payloads beyond the few fields of sessions and
// client reports that deduplication and drop counts need, or anything of pdata, HTTP and WebSockets.
package live
