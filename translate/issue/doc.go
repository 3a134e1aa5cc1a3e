// Package issue decides which events are the same failure: it gives an event the key of its group, and the title,
// value and culprit its row shows.
//
// It does not count, store or compare events, reads no payload, and knows nothing of scopes and source maps.
//
// # What makes events one issue
//
// The first of these that an event has:
//
//  1. the fingerprint its SDK was told to send, with {{ default }} standing for what follows;
//  2. the types of its exceptions, and the newest calls of the user's own code: file and function, never lines;
//  3. the type of its exception and its message, or only its message, with the varying parts left out (Normalise).
//
// An SDK's own stack trace of a captured string or object (mechanism.synthetic) says where it was captured, not what
// failed, and does not count. Where a stack has no function with a name (a minified bundle, handlers without a name),
// the message counts as well.
//
// # Stability
//
// The key is a hash of those parts: the same in every run and on every machine. It is made from the frames as they came
// (Exception.RawFrames where they were resolved since), so that it can be computed once, when the event arrives, and
// resolving frames with a source map later changes nothing. It does not depend on who reported: an exception that
// OpenTelemetry recorded as text and the Sentry event of the same failure get one key where both tell type and stack.
package issue
