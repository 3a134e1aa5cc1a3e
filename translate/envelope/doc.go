// Package envelope splits a Sentry envelope into its header and items. It never looks inside a payload, and knows no
// other room of the house.
//
//	{"event_id":"9ec7...","dsn":"http://key@localhost/1"}    envelope header, one JSON object
//	{"type":"event","length":41}                             item header
//	{"message":"boom", ...}                                  exactly length bytes, then a line break or the end
//	{"type":"session"}                                       item header without a length
//	{"sid":"7c7b...", ...}                                   everything up to the next line break, or the end
//
// The grammar is that of Sentry's developer documentation; what is broken is not refused but salvaged, because a
// developer wants to see what the SDK sent. Tolerated without a word: a byte order mark, carriage returns and blanks at
// the end of a header line, blank lines around items, headers printed over several lines, a length that is a text or
// null. Repaired with a warning on the item or the envelope: a length that does not fit, line breaks in a payload that
// has no length, and junk between items; framing is taken up again at the next line that is an item header of a type
// Sentry has (Known).
//
// Headers and payloads are sub-slices of the input: nothing is copied, and nothing is allocated by what a length claims.
// Time is linear in the input, however it is broken.
package envelope
