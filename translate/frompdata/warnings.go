package frompdata

import (
	"fmt"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// warning is one of the warnings of the model that this package raises, as a bit.
type warning uint16

const (
	warnTraceID warning = 1 << iota
	warnSpanID
	warnEnd
	warnTime
	warnUTF8
	warnCut
	warnDeep
	warnEventID
	warnUnparsable
)

var warningText = [...]struct {
	bit  warning
	text string
}{
	{warnTraceID, model.WarnZeroTraceID},
	{warnSpanID, model.WarnZeroSpanID},
	{warnEnd, model.WarnEndBeforeStart},
	{warnTime, model.WarnBadTime},
	{warnUTF8, model.WarnInvalidUTF8},
	{warnCut, model.WarnTruncated},
	{warnDeep, fmt.Sprintf(model.WarnTooDeep, maxDepth)},
	{warnEventID, model.WarnMadeUpEventID},
	{warnUnparsable, model.WarnUnparsable},
}

// takeWarnings returns the texts of the warnings raised since the last call, behind those the sender wrote on the record.
func (b *builder) takeWarnings(sent model.Value) []string {
	if b.warn == 0 && sent.IsNull() {
		return nil
	}
	var out []string
	for i, v := range sent.List() {
		if i == maxSentWarnings {
			break
		}
		if text := model.Cut(v.Text(), maxName); text != "" {
			out = append(out, text)
		}
	}
	if text := sent.Str(); text != "" { // a list of one, after a processor that flattens
		out = append(out, model.Cut(text, maxName))
	}
	for _, w := range warningText {
		if b.warn&w.bit != 0 {
			out = append(out, w.text)
		}
	}
	b.warn = 0
	return out
}
