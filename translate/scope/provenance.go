package scope

import "github.com/otelcol-spotlight/otelcol-spotlight/translate/model"

// maxShadowed is how many hidden values a value remembers, the nearest ones.
const maxShadowed = 3

// OriginSDK is the origin of what a Sentry SDK sent with an event: it has merged its own scopes already, and which of
// them gave a value can only be guessed (Provenance.Probable).
const OriginSDK = "sdk"

// shadow records that the value of layer l was hidden by won.
func shadow(from *model.Provenance, l *Layer, value, won model.Value) {
	if len(from.Shadowed) < maxShadowed {
		from.Shadowed = append(from.Shadowed, model.Shadowed{Layer: l.Name, Origin: l.Origin, Value: value})
	}
	if from.Origin == OriginSDK && from.Layer == model.LayerEvent && from.Probable == "" && value.Equal(won) {
		from.Probable = string(l.Name) + ", " + l.Origin
	}
}
