// Package tracetree makes one tree of the spans of a trace and computes every fact about it that needs more than one
// span: order, depth, orphans, clock offsets, self time, critical path, equal siblings, N+1, gaps, durations.
//
// It reads no payload, keeps no history, knows no clock and never changes a span: times stay as they were received, and
// what they are on the root's clock is said beside them. Folding, filtering and drawing are the overlay's.
//
// # Order
//
// Rows are in depth-first order. The children of a row are ordered by their start on the root's clock (start_time +
// clock_offset_ns), then by span id; so are the rows of the top level. A row hangs under parent_row if it has one, else
// under its parent_span_id; where that span is not in the trace, under the placeholder (model.MissingParent) of that id,
// which stands at the top level at the start of its earliest child. A row whose parent_row is its own id is a root
// although it names a parent: it names itself, or was taken out of a cycle of parents. The order, and with it depth and
// descendants, can so be made from the rows alone, and a live reader gets rows, never positions.
//
// # Durations
//
// A trace lasts as long as something of its top level ran: duration_ns is the time covered by its roots, and by the
// children of missing parents. A page load of 1 s and a fetch of 0.1 s that a click made ten minutes later last 1.1 s.
// extent_ns is what an axis needs to show them all: from start_time to the end of the last span. Neither is stretched
// by spans that started after their root had ended, nor by web vitals, nor by rows that lie an hour or more away from
// the rest of the trace (a wrong clock); those are marked late.
//
// # Clocks and the critical path
//
// clock.go says how the clocks of processes are compared and corrected, critical.go what is on the critical path.
//
// # Two reports of one call
//
// A call that a Sentry SDK and an OpenTelemetry SDK of one process both report stays two rows, each of which names the
// other (also_reported): siblings, or a parent and its only such child, of one service and class that begin and end within
// 20 ms of each other. An N+1 counts it once. See reports.go.
//
// # Open traces
//
// A span that has not ended has no duration. What would follow from its end (self time, critical path, lateness) is not
// claimed before it ends. A trace is open while a span is, or while it is incomplete and still receiving (Options).
//
// # Growing
//
// Add and Sync make the same tree as Build does of all spans at once, whatever the order; only what changed is computed
// again, and Delta says which rows that were. 10,000 spans at once, with their rows, take some 11 ms of a busy machine's
// CPU, 20 more about half a millisecond (BenchmarkBuild, BenchmarkAdd). Nothing is recursive; cycles are opened.
package tracetree
