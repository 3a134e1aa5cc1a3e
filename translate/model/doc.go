// Package model is the common model: what Sentry data and OTLP data look like once they mean the same thing.
//
// It holds types and their JSON, nothing else. The JSON of these types is the wire format of the WebSocket, of the
// JSON API and of the overlay (whose TypeScript types are generated from this package, see overlay/src/wire/model.gen.ts).
// Turning bytes or pdata into these types is the work of the packages sentry and frompdata.
//
// Conventions of the JSON
//
//   - keys are snake_case; ids are lower-case hex; a missing value is left out;
//   - a point in time is RFC 3339 in UTC with nanoseconds and its key ends in _time; a duration is an integer number of
//     nanoseconds and its key ends in _ns;
//   - a list that is present is never null;
//   - attributes are an object with sorted keys.
//
// Values of this package are written once and then only read: a value that has been handed to the store or to a
// reader is shared between goroutines and must not be changed.
package model
