package model_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

func TestKinds_AreWordsInJSON(t *testing.T) {
	type words struct {
		Origin  model.Origin     `json:"origin"`
		Kind    model.SpanKind   `json:"kind"`
		Status  model.SpanStatus `json:"status"`
		Raw     model.SpanStatus `json:"raw,omitempty"`
		Origins []model.Origin   `json:"origins"`
	}
	for text, want := range map[string]words{
		`{"origin":"sentry","kind":"internal","status":"unset","origins":["sentry","otel"]}`: {model.OriginSentry, model.KindInternal, model.StatusUnset, 0, []model.Origin{model.OriginSentry, model.OriginOTel}},
		`{"origin":"otel","kind":"server","status":"ok","raw":"error","origins":[]}`:         {model.OriginOTel, model.KindServer, model.StatusOK, model.StatusError, []model.Origin{}},
		`{"origin":"","kind":"client","status":"error","origins":null}`:                      {0, model.KindClient, model.StatusError, 0, nil},
		`{"origin":"","kind":"producer","status":"","origins":null}`:                         {0, model.KindProducer, 0, 0, nil},
		`{"origin":"","kind":"consumer","status":"","origins":null}`:                         {0, model.KindConsumer, 0, 0, nil},
	} {
		out, err := json.Marshal(want)
		require.NoError(t, err)
		require.Equal(t, text, string(out))
		var got words
		require.NoError(t, json.Unmarshal([]byte(text), &got))
		require.Equal(t, want, got)
	}
	var w words
	require.ErrorContains(t, json.Unmarshal([]byte(`{"kind":"sever"}`), &w), `"sever"`)
	require.Equal(t, "[otel] server ", fmt.Sprint([]model.Origin{model.OriginOTel}, " ", model.KindServer, " ", model.SpanStatus(99)))
}
