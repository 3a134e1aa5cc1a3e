package issue

// Part is a stretch of a message that differs between events of one group: bytes Start to End of the message.
type Part struct {
	Start, End int
}

// Normalise returns message with its varying parts replaced by names of their kinds (<num>, <uuid>, ...), and where
// in message those parts are.
func Normalise(message string) (text string, parts []Part) {
	return message, nil
}
