package tracetree

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// TestDelta_Bytes: a client that watches a trace grow from 0 to 2,000 spans in 200 requests gets at most twice what the
// trace is when it is sent once.
func TestDelta_Bytes(t *testing.T) {
	const n, requests = 2000, 200
	for _, sh := range append(shapes, shape{"two services", twoServices}) {
		for _, order := range []string{"as they start", "as they end", "requests in any order", "any"} {
			if (sh.name == "chain" || sh.name == "orphans") && order != "as they end" {
				continue // nothing that the others do not show
			}
			t.Run(sh.name+", "+order, func(t *testing.T) {
				spans := sh.make(n)
				switch order {
				case "as they start":
					slices.SortStableFunc(spans, func(a, b *model.Span) int { return int(a.StartTime - b.StartTime) })
				case "as they end":
					slices.SortStableFunc(spans, func(a, b *model.Span) int { return int(a.EndTime() - b.EndTime()) })
				case "requests in any order":
					batches := slices.Collect(slices.Chunk(slices.Clone(spans), n/requests))
					rand.New(rand.NewPCG(3, 4)).Shuffle(requests, func(i, k int) { batches[i], batches[k] = batches[k], batches[i] })
					spans = slices.Concat(batches...)
				default:
					rand.New(rand.NewPCG(3, 4)).Shuffle(n, func(i, k int) { spans[i], spans[k] = spans[k], spans[i] })
				}
				tr, client := New(Options{}), &reader{}
				total := 0
				for i := range requests {
					tr.Sync(spans[:(i+1)*n/requests], nil)
					d := tr.Delta(client.version)
					total += frameSize(t, tr, d)
					client.read(d)
				}
				whole := size(t, tr.Trace())
				t.Logf("%.2f times %d bytes", float64(total)/float64(whole), whole)
				if order == "any" { // each span for itself: no SDK sends so, and hardly any row stays as it was
					require.LessOrEqual(t, total, 3*whole)
				} else {
					require.LessOrEqual(t, total, 2*whole)
				}
				rows, _ := client.trace()
				require.Equal(t, tr.Trace().Spans, rows)
			})
		}
	}
}

// twoServices is a page that calls a server 100 times, each with 18 spans below.
func twoServices(n int) []*model.Span {
	spans := []*model.Span{span(1, 0, 0, int64(n)*ms)}
	spans[0].Service, spans[0].Name = "web", "/shop"
	for len(spans) < n {
		at := int64(len(spans)) * ms
		i := len(spans) + 1
		call := span(i, 1, at, at+15*ms)
		call.Op, call.Kind, call.Service, call.Name = "http.client", model.KindClient, "web", "GET /api/items"
		serve := span(i+1, i, at+ms, at+14*ms)
		serve.Op, serve.Kind, serve.Service, serve.Name = "http.server", model.KindServer, "api", "GET /api/items"
		spans = append(spans, call, serve)
		for k := range int64(18) {
			q := span(i+2+int(k), i+1, at+ms+k*ms/2, at+ms+k*ms/2+ms/3)
			q.Service, q.Name = "api", fmt.Sprintf("SELECT name FROM items WHERE id = %d", k)
			spans = append(spans, q)
		}
	}
	return spans[:n]
}

// frameSize is what the frame of a delta takes on the wire: the summary without what only the list shows, and what
// changed.
func frameSize(t *testing.T, tr *Tree, d Delta) int {
	part := &model.Trace{TraceSummary: tr.Summary(), Spans: d.Rows, MissingParents: d.Missing, ClockDomains: tr.ClockDomains(),
		CriticalPath: tr.CriticalPath(), Events: []model.EventSummary{}, Version: d.Version}
	part.Mini = nil
	return size(t, &model.TraceFrame{Whole: d.Whole, Version: d.Version, Trace: part, Facts: d.Facts, Removed: d.Removed})
}

func size(t *testing.T, v any) int {
	t.Helper()
	b, err := json.Marshal(v)
	require.NoError(t, err)
	return len(b)
}
