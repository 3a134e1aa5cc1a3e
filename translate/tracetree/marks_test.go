package tracetree

import (
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

func TestTree_Marks(t *testing.T) {
	const start = model.Time(1_000_000)
	span := &model.Span{SpanSummary: model.SpanSummary{SpanID: model.SpanID{1}, Name: "job", Service: "api", StartTime: start, DurationNS: 500}}
	for i := range model.MaxEventMarks {
		span.Events = append(span.Events, model.SpanEvent{Name: "tick", Time: start + model.Time(i)})
	}
	span.Events = append(span.Events,
		model.SpanEvent{Name: "exception", Time: start + 400},
		model.SpanEvent{Name: "failed", Time: start - 5, Attributes: model.Attributes{{Key: "exception.type", Value: model.String("Boom")}}},
	)
	other := model.TraceID{9}
	span.Links = []model.SpanLink{{TraceID: other, SpanID: model.SpanID{7}}, {TraceID: other}, {SpanID: model.SpanID{8}}}

	row := Build([]*model.Span{span}, nil, Options{}).Trace().Spans[0]
	require.Len(t, row.EventMarks, model.MaxEventMarks)
	require.Equal(t, []model.EventMark{{AtNS: 400, Name: "exception", Error: true}, {AtNS: -5, Name: "failed", Error: true}, {AtNS: 0, Name: "tick"}}, row.EventMarks[:3],
		"exceptions are never what is left out")
	require.Equal(t, []model.LinkMark{{TraceID: other, SpanID: model.SpanID{7}}}, row.LinkMarks, "a link without a trace or span leads nowhere")
	require.Nil(t, row.SpanDetails)
}

func TestTree_MarksAreBounded(t *testing.T) {
	span := &model.Span{SpanSummary: model.SpanSummary{SpanID: model.SpanID{1}, StartTime: 5}}
	span.Events = []model.SpanEvent{{Name: strings.Repeat("é", 100), Time: 9}, {Name: "never", Time: math.MaxInt64}}
	for range 100 {
		span.Links = append(span.Links, model.SpanLink{TraceID: model.TraceID{1}, SpanID: model.SpanID{2}})
	}
	row := Build([]*model.Span{span}, nil, Options{}).Trace().Spans[0]
	require.Equal(t, []model.EventMark{{AtNS: 4, Name: strings.Repeat("é", 40)}, {AtNS: 0, Name: "never"}}, row.EventMarks)
	require.Len(t, row.LinkMarks, model.MaxLinkMarks)

	require.Nil(t, Build([]*model.Span{{SpanSummary: model.SpanSummary{SpanID: model.SpanID{1}}}}, nil, Options{}).Trace().Spans[0].EventMarks)
}
