// Package hub keeps browsers up to date over WebSockets: the lists to everyone, an opened trace or event to who opened
// it. What is in a frame is decided by the package query; the hub decides when a frame is made and who gets it.
// Requests over HTTP, and the check of Host and Origin before the upgrade, belong to the package serve.
//
// # A connection
//
//	client                          server
//	  | GET /ws (spotlight.v1+json)   |
//	  |------------------------------>|
//	  |          hello {status}       |   first frame, at once
//	  |<------------------------------|
//	  | subscribe {since, store_id}   |   or nothing: then it is subscribed after a moment
//	  |------------------------------>|
//	  |   snapshot {lists}, or        |   since is known: delta; since is gone: resync {reason, missed}, snapshot
//	  |   delta {what changed since}  |
//	  |<------------------------------|
//	  |   delta, delta, ...           |
//	  |<------------------------------|
//	  | open {trace_id}               |
//	  |------------------------------>|
//	  |   trace {whole}, trace {...}  |   whole once, then what changed of it
//	  |<------------------------------|
//
// # Who runs
//
// Two goroutines of the hub make frames: lists makes deltas for everyone, details makes the frames of opened traces and
// events, so that a trace with twenty thousand spans delays nobody's lists. Each frame is encoded once and shared.
//
// Each client has two goroutines, one that only reads and one that only writes; gorilla/websocket allows one of each.
// Between the makers and a writer is the client's bounded queue. Putting a frame into it never waits. When it is full
// it is emptied, and the client gets a resync with the number of frames it missed, a fresh snapshot, and what it has
// opened as a whole. So a slow client costs its own queue, and never ingest or another client.
//
// # Guarantees, less formally
//
//   - A change in the store is in some frame of every subscribed client, unless a resync says that frames are missing;
//     the snapshot after it is complete again.
//   - Frames may carry what a client already has. Everything in them replaces an older state, so applying it twice is
//     harmless. The seq of a client never has to go back: the largest one it saw is the one to resume from.
package hub
