package hub

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

const (
	waitFor = 10 * time.Second
	tick    = time.Millisecond
)

func TestDetails_TraceWholeOnceThenChanges(t *testing.T) {
	w := newWorld(t, Options{})
	w.addSpan(1, 1, 0)
	w.addSpan(1, 2, 1)
	p, other := w.join(), w.join()
	p.send(model.ClientFrame{Type: model.RequestOpen, TraceID: traceID(1)})
	f := p.until(model.FrameTrace)
	require.True(t, f.Trace.Whole)
	require.Len(t, f.Trace.Trace.Spans, 2)

	w.addSpan(1, 3, 1)
	f = p.until(model.FrameTrace)
	require.False(t, f.Trace.Whole)
	var got []model.SpanID
	for _, s := range f.Trace.Trace.Spans {
		got = append(got, s.SpanID)
	}
	require.Contains(t, got, spanID(3))
	require.NotContains(t, got, spanID(2))

	p.send(model.ClientFrame{Type: model.RequestClose, TraceID: traceID(1)})
	p.send(model.ClientFrame{Type: model.RequestPing})
	p.until(model.FramePong)
	w.addSpan(1, 4, 1)
	w.addEvent(7)
	for _, each := range []*peer{p, other} { // neither who closed it nor who never opened it gets the change
		for {
			f := each.next()
			require.NotEqual(t, model.FrameTrace, f.Type)
			if f.Delta != nil && len(f.Delta.Events) > 0 {
				break
			}
		}
	}
	w.hub.details.mu.Lock()
	defer w.hub.details.mu.Unlock()
	require.Empty(t, w.hub.details.traces)
}

func TestDetails_SecondClientGetsTheWhole(t *testing.T) {
	w := newWorld(t, Options{})
	w.addSpan(1, 1, 0)
	p, q := w.join(), w.join()
	p.send(model.ClientFrame{Type: model.RequestOpen, TraceID: traceID(1)})
	require.True(t, p.until(model.FrameTrace).Trace.Whole)
	w.addSpan(1, 2, 1)
	require.False(t, p.until(model.FrameTrace).Trace.Whole)
	q.send(model.ClientFrame{Type: model.RequestOpen, TraceID: traceID(1)})
	f := q.until(model.FrameTrace)
	require.True(t, f.Trace.Whole)
	require.Len(t, f.Trace.Trace.Spans, 2)
	w.addSpan(1, 3, 1)
	require.False(t, q.until(model.FrameTrace).Trace.Whole)
	require.False(t, p.until(model.FrameTrace).Trace.Whole)
}

func TestDetails_UnknownIsSentWhenItArrives(t *testing.T) {
	w := newWorld(t, Options{})
	p := w.join()
	p.send(model.ClientFrame{Type: model.RequestOpen, TraceID: traceID(1)})
	f := p.until(model.FrameError)
	require.Equal(t, traceID(1).String(), f.Error.ID)
	require.Contains(t, f.Error.Text, "not in the store")
	p.send(model.ClientFrame{Type: model.RequestOpen, EventID: eventID(1)})
	require.Equal(t, eventID(1).String(), p.until(model.FrameError).Error.ID)

	w.addSpan(1, 1, 0)
	require.True(t, p.until(model.FrameTrace).Trace.Whole)
	w.addEvent(1)
	require.Equal(t, eventID(1), p.until(model.FrameEvent).Event.EventID)
}

func TestDetails_GoneIsSaidOnce(t *testing.T) {
	w := newWorld(t, Options{})
	w.addSpan(1, 1, 0)
	p := w.join()
	p.send(model.ClientFrame{Type: model.RequestOpen, TraceID: traceID(1)})
	p.until(model.FrameTrace)
	w.store.Clear()
	require.Equal(t, traceID(1).String(), p.until(model.FrameError).Error.ID)
	w.addEvent(2)
	for {
		f := p.next()
		require.NotEqual(t, model.FrameError, f.Type)
		if f.Delta != nil && len(f.Delta.Events) > 0 {
			break
		}
	}
}

func TestDetails_EventIsSentAgainWhenItDiffers(t *testing.T) {
	w := newWorld(t, Options{Debounce: 20 * time.Millisecond})
	w.addEvent(1)
	p := w.join()
	p.send(model.ClientFrame{Type: model.RequestOpen, EventID: eventID(1)})
	first := p.until(model.FrameEvent).Event
	require.Equal(t, "Boom", first.Exceptions[0].Type)

	// The span of the event arrives and brings a resource, which is a layer of its scopes.
	span := newSpan(1, 1, model.SpanID{})
	span.Resource = &model.Resource{Attributes: model.Attributes{{Key: "host.name", Value: model.String("box")}}}
	w.store.Add(&model.Batch{Spans: []*model.Span{span}})
	again := p.until(model.FrameEvent).Event
	require.NotEqual(t, first.MergeRev, again.MergeRev)

	p.send(model.ClientFrame{Type: model.RequestClose, EventID: eventID(1)})
	p.send(model.ClientFrame{Type: model.RequestPing})
	p.until(model.FramePong)
	require.Empty(t, w.hub.details.events)
}

func TestDetails_OpenIsBounded(t *testing.T) {
	w := newWorld(t, Options{})
	p := w.join()
	for n := range uint64(maxOpen) {
		w.addSpan(n+1, 1, 0)
		p.send(model.ClientFrame{Type: model.RequestOpen, TraceID: traceID(n + 1)})
	}
	p.send(model.ClientFrame{Type: model.RequestOpen, TraceID: traceID(1000)})
	for {
		if f := p.until(model.FrameError); f.Error.ID == traceID(1000).String() {
			require.Contains(t, f.Error.Text, "close one first")
			return
		}
	}
}

// What a growing trace costs on the wire, summaries in the lists included, is at most twice what it costs at once.
func TestDetails_GrowingTraceStaysWithinTwiceItsSize(t *testing.T) {
	for _, c := range []struct {
		spans uint64
		every time.Duration
	}{
		{3000, 100 * time.Microsecond},
		{300, 5 * time.Millisecond},
	} {
		t.Run(fmt.Sprintf("a span every %s", c.every), func(t *testing.T) {
			w := newWorld(t, Options{})
			w.addSpan(1, 1, 0)
			p := w.join()
			p.send(model.ClientFrame{Type: model.RequestOpen, TraceID: traceID(1)})
			p.until(model.FrameTrace)
			go func() {
				for n := uint64(2); n <= c.spans; n++ {
					w.addSpan(1, n, 1+n/10) // ten children each
					time.Sleep(c.every)
				}
			}()
			sent, have := 0, map[model.SpanID]bool{spanID(1): true}
			for uint64(len(have)) < c.spans {
				f := p.next()
				sent += p.size
				if f.Trace == nil {
					continue
				}
				for _, s := range f.Trace.Trace.Spans {
					have[s.SpanID] = true
				}
			}
			whole, _ := w.query.TraceFrame(traceID(1), 0)
			text, err := json.Marshal(whole)
			require.NoError(t, err)
			t.Logf("%d bytes for a trace of %d bytes: %.2f times", sent, len(text), float64(sent)/float64(len(text)))
			require.LessOrEqual(t, sent, 2*len(text))
		})
	}
}
