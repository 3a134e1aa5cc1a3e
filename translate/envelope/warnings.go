package envelope

// Warnings that Parse raises: on the item they concern, or on the envelope.
const (
	// of an item
	warnLengthTooLong = "length %d but only %d bytes left; took %d"
	warnLengthWrong   = "no line break after the %d bytes of length; took %d"
	warnLengthUnread  = "length %.40q is not a count of bytes; took the line"
	warnLineBreaks    = "line breaks in a payload without length; took %d bytes up to the next item"
	warnNoType        = "item header without a type"
	warnAfterHeader   = "%d bytes after the item header on its line; skipped"

	// of the envelope
	warnNoEnvelopeHeader  = "no envelope header: the first line is an item header"
	warnBadEnvelopeHeader = "the envelope header is not a JSON object; skipped"
	warnAfterEnvHeader    = "%d bytes after the envelope header on its line; skipped"
	warnJunk              = "skipped %d bytes between items that are no item header (%d times)"
	warnTooMany           = "more than %d items; left out %d"
)
