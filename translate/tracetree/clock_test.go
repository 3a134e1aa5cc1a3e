package tracetree

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// offsets returns the corrected clocks by service, in milliseconds.
func offsets(tr *model.Trace) map[string]float64 {
	out := map[string]float64{}
	for _, d := range tr.ClockDomains {
		out[d.Service] = float64(d.OffsetNS) / float64(ms)
	}
	return out
}

// request is a browser that calls a server that calls a container, n times one after the other, with the way each call
// takes; ahead says how far ahead the clocks of server and container are.
func request(rnd *rand.Rand, n int, ahead [3]time.Duration) []*model.Span {
	var spans []*model.Span
	add := func(name, parent, service string, kind model.SpanKind, from, to int64, clock int) {
		s := span(1, 0, from+int64(ahead[clock]), to+int64(ahead[clock]))
		s.SpanID, s.ParentSpanID = id(name), model.SpanID{}
		if parent != "" {
			s.ParentSpanID = id(parent)
		}
		s.Name, s.Op, s.Service, s.Kind, s.Resource = name, "", service, kind, nil
		spans = append(spans, s)
	}
	end := int64(n) * 200 * ms
	add("page", "", "browser", model.KindInternal, 0, end, 0)
	for i := range n {
		at := int64(i) * 200 * ms
		way := func() int64 { return rnd.Int64N(3*ms) + ms/2 }
		c := [2]int64{at + 10*ms, at + 10*ms + 100*ms + rnd.Int64N(60*ms)}
		s := [2]int64{c[0] + way(), c[1] - way()}
		d := [2]int64{s[0] + 10*ms, s[1] - 10*ms}
		e := [2]int64{d[0] + way(), d[1] - way()}
		k := fmt.Sprint(i)
		add("call"+k, "page", "browser", model.KindClient, c[0], c[1], 0)
		add("serve"+k, "call"+k, "server", model.KindServer, s[0], s[1], 1)
		add("ask"+k, "serve"+k, "server", model.KindClient, d[0], d[1], 1)
		add("answer"+k, "ask"+k, "container", model.KindServer, e[0], e[1], 2)
		add("job"+k, "serve"+k, "server", model.KindInternal, s[1]+50*ms, s[1]+500*ms, 1)
	}
	return spans
}

// TestClocks_Recovered: offsets of -5 s, +300 ms and 40 ms between browser, server and container come back within 10 %
// or 2 ms, whatever the order of arrival.
func TestClocks_Recovered(t *testing.T) {
	rnd := rand.New(rand.NewPCG(7, 8))
	named := [3]time.Duration{-5 * time.Second, 300 * time.Millisecond, 40 * time.Millisecond}
	for _, ahead := range [][3]time.Duration{
		{0, -5 * time.Second, -5 * time.Second},
		{0, 300 * time.Millisecond, 0},
		{0, 0, 40 * time.Millisecond},
		{0, 0, -40 * time.Millisecond},
		{0, 40 * time.Millisecond, 40 * time.Millisecond},
		{0, -5 * time.Second, -5*time.Second + 300*time.Millisecond},
		{0, 300 * time.Millisecond, 340 * time.Millisecond},
		{-5 * time.Second, 0, 0},
		named,
		{time.Hour, 0, 300 * time.Millisecond},
		{0, 72 * time.Hour, 0},
	} {
		for _, n := range []int{1, 5, 40} {
			t.Run(fmt.Sprint(ahead, n), func(t *testing.T) {
				spans := request(rnd, n, ahead)
				whole := Build(spans, nil, Options{}).Trace()
				if n < 40 || ahead == named { // 200 spans in a hundred orders take seconds
					whole = built(t, spans)
				}
				got := offsets(whole)
				for k, service := range []string{"browser", "server", "container"} {
					want := float64(ahead[0]-ahead[k]) / float64(time.Millisecond)
					require.InDelta(t, want, got[service], max(2, max(want, -want)/10), "%s: %v", service, got)
				}
				for _, r := range whole.Spans {
					require.Equal(t, int64(got[r.Service]*float64(ms)), r.ClockOffsetNS, "one offset for all spans of a process")
				}
				for _, s := range spans {
					require.Equal(t, s.StartTime, row(t, whole, nameOf(s.SpanID)).StartTime, "raw times are kept")
				}
			})
		}
	}
}

// TestClocks_Agree: what looks like a difference of clocks and is none.
func TestClocks_Agree(t *testing.T) {
	for name, lines := range map[string][]string{
		"a call within its caller":         tree1("a 0-100 client @web", "  b 10-90 server @api"),
		"a server that finishes later":     tree1("a 0-100 client @web", "  b 12-108 server @api"),
		"a server that streams":            tree1("a 0-100 client @web", "  b 10-900 server @api"),
		"a client that gave up":            tree1("a 0-100 client @web", "  b 90-900 server @api"),
		"rounded clocks":                   tree1("a 1-100 client @web", "  b 0.2-90 server @api"),
		"a consumer in time":               tree1("a 0-10 producer @web", "  b 500-900 consumer @worker"),
		"a child without a call":           tree1("a 0-100 @web", "  b -500--400 @api"),
		"one host":                         tree1("a 0-100 client @web host=h", "  b -500--400 server @api host=h"),
		"one process":                      tree1("a 0-100 client @web clock=1", "  b -500--400 server @web clock=1"),
		"asynchronous children":            tree1("a 0-100 client @web", "  b 10-90 server @api", "    c 500-600 @api", "    d -50-10 @api"),
		"most calls are fine":              tree1("r 0-900 @web", "  a 0-100 client @web", "    b 10-90 server @api", "  c 200-300 client @web", "    d 210-290 server @api", "  e 400-500 client @web", "    f 100-150 server @api"),
		"nobody agrees":                    tree1("r 0-900 @web", "  a 0-100 client @web", "    b 910-990 server @api", "  c 200-300 client @web", "    d 5210-5290 server @api"),
		"a server under another's handler": tree1("a 0-100 server @web", "  b -500--400 server @api"),
	} {
		t.Run(name, func(t *testing.T) {
			whole := built(t, tree(lines...))
			require.Empty(t, whole.ClockDomains)
			for _, r := range whole.Spans {
				require.Zero(t, r.ClockOffsetNS, nameOf(r.SpanID))
			}
		})
	}
}

// TestClocks_Moved is what the rules make of single calls.
func TestClocks_Moved(t *testing.T) {
	for name, c := range map[string]struct {
		in   []string
		want map[string]float64 // ms by service
	}{
		"a server before its client": {
			tree1("a 0-100 client @web", "  b -500--400 server @api"), map[string]float64{"api": 500}},
		"a server after its client": {
			tree1("a 0-100 client @web", "  b 200-290 server @api"), map[string]float64{"api": -194.999296}},
		"a consumer before its producer moves no further than needed": {
			tree1("a 0-10 producer @web", "  b -500--100 consumer @worker"), map[string]float64{"worker": 500}},
		"a streaming server before its client": {
			tree1("a 0-100 client @web", "  b -500-900 server @api"), map[string]float64{"api": 500}},
		"asynchronous children move with their process": {
			tree1("a 0-100 client @web", "  b -500--410 server @api", "    c 100-200 @api"), map[string]float64{"api": 504.999936}},
		"most calls say so": {
			tree1("r 0-900 @web", "  a 0-100 client @web", "    b 1000-1100 server @api", "  c 200-300 client @web", "    d 1200-1300 server @api", "  e 400-500 client @web", "    f 410-490 server @api"),
			map[string]float64{"api": -1000}},
		"along a chain": {
			tree1("a 0-100 client @web", "  b 1000-1100 server @api", "    c 1010-1020 client @api", "      d 10-20 server @db"),
			map[string]float64{"api": -1000}},
		"before the root came": {
			tree1("r? 0-0", "  a 0-100 client @web", "    b 1000-1100 server @api"), map[string]float64{"api": -1000}},
	} {
		t.Run(name, func(t *testing.T) {
			got := offsets(built(t, tree(c.in...)))
			require.Len(t, got, len(c.want), got)
			for service, want := range c.want {
				require.InDelta(t, want, got[service], max(want, -want)/32+1, got)
			}
		})
	}
	raw := Build(tree("a 0-100 client @web", "  b -500--400 server @api"), nil, Options{RawClocks: true}).Trace()
	require.Empty(t, raw.ClockDomains)
	require.Zero(t, row(t, raw, "b").ClockOffsetNS)
}

// TestClocks_SentAt: where no call connects two clocks, the times envelopes were sent and received do.
func TestClocks_SentAt(t *testing.T) {
	received := epoch0 + model.Time(time.Second)
	sent := func(s *model.Span, at model.Time) *model.Span {
		s.ReceivedTime = received
		s.Attributes = model.Pack(model.Attributes{{Key: "sentry.sent_at", Value: model.String(at.Std().Format(time.RFC3339Nano))}})
		return s
	}
	spans := tree("web 0-100 @web", "  api -30000--29950 @api", "    q -29990--29980 @api")
	sent(spans[0], received-model.Time(20*time.Millisecond))
	sent(spans[1], received-model.Time(30*time.Second))
	whole := built(t, spans)
	require.InDelta(t, 30_000, offsets(whole)["api"], 1000)
	require.Equal(t, row(t, whole, "api").ClockOffsetNS, row(t, whole, "q").ClockOffsetNS)

	sent(spans[1], received-model.Time(500*time.Millisecond)) // the way and the wait
	require.Empty(t, built(t, spans).ClockDomains)

	spans[0].Attributes = model.Packed{} // nobody knows how far the root's clock is off
	sent(spans[1], received-model.Time(30*time.Second))
	require.Empty(t, built(t, spans).ClockDomains)
}

func TestPlainest(t *testing.T) {
	for _, mid := range []int64{5_000_123_456, -5_000_123_456, 300_123_456, 40_999_999, 3, -1, 1} {
		for _, band := range []int64{0, 1, 1000, 1_000_000, 1 << 50} {
			got := plainest(mid, band)
			limit := min(band, max(mid, -mid)/32)
			require.LessOrEqual(t, max(got-mid, mid-got), limit, "%d %d", mid, band)
			require.Equal(t, mid > 0, got > 0)
		}
	}
	require.Equal(t, int64(1<<32), plainest(1<<32+1000, 2000))
}

// TestClocks_Stable: calls that keep arriving move the picture seldom.
func TestClocks_Stable(t *testing.T) {
	spans := request(rand.New(rand.NewPCG(9, 10)), 200, [3]time.Duration{0, 1234567890, 1234567890})
	tr := New(Options{})
	moves, last := 0, int64(0)
	for len(spans) > 0 {
		tr.Add(spans[:min(5, len(spans))], nil)
		spans = spans[min(5, len(spans)):]
		for _, d := range tr.ClockDomains() {
			if d.Service == "server" && d.OffsetNS != last {
				moves, last = moves+1, d.OffsetNS
			}
		}
	}
	require.Less(t, moves, 12)
	require.InDelta(t, -1234.5, float64(last)/float64(ms), 3)
	require.False(t, strings.Contains(fmt.Sprint(tr.Summary().Warnings), "clock"))
}
