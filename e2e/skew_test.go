package e2e

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"
	"go.opentelemetry.io/collector/pdata/ptrace/ptraceotlp"

	"github.com/otelcol-spotlight/otelcol-spotlight/internal/testkit"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// wrongClocks are how far ahead the clocks of the demo's processes are: those of the browser, of the server and of the
// service behind it. The fourth process has a right one.
var wrongClocks = []struct {
	path, service string // path of its requests
	ahead         time.Duration
}{
	{"/api/2/", "shop-web", -5 * time.Second},
	{"/api/1/", "shop-api", 300 * time.Millisecond},
	{"/v1/", "pricing", 40 * time.Millisecond},
	{"/api/3/", "discounts", 0},
}

// TestSkew: the demo with clocks that disagree is the same picture as with clocks that agree; the offsets are what was
// put in, and are said; raw times are kept.
func TestSkew(t *testing.T) {
	c := startCollector(t)
	requests := testkit.ScenarioNamed(t, "distributed-demo").Requests
	c.sendAll(t, requests)
	plain := widest(t, c)
	require.Empty(t, plain.ClockDomains)
	c.clear(t)
	for _, r := range requests {
		c.sendAll(t, []testkit.Request{skewed(t, r)})
	}
	got := widest(t, c)
	require.Equal(t, plain.TraceID, got.TraceID)

	ahead := map[string]time.Duration{}
	for _, w := range wrongClocks {
		ahead[w.service] = w.ahead
	}
	require.Equal(t, rowsOf(plain), rowsOf(got), "rows, their order and their depth")
	require.InDelta(t, float64(plain.DurationNS), float64(got.DurationNS), float64(plain.DurationNS)/20)
	require.Len(t, got.ClockDomains, 3, "all but that of the root, which is believed")
	for _, d := range got.ClockDomains {
		want := ahead["shop-web"] - ahead[d.Service]
		wantOffset(t, want, time.Duration(d.OffsetNS), d.Service)
	}
	first := map[string]int{}                       // row of each service
	begin := func(tr *model.Trace, i int) float64 { // on the root's clock, after the first row of the same service
		k := first[tr.Spans[i].Service]
		return float64(int64(tr.Spans[i].StartTime-tr.Spans[k].StartTime) + tr.Spans[i].ClockOffsetNS - tr.Spans[k].ClockOffsetNS)
	}
	for i, row := range got.Spans {
		was := plain.Spans[i]
		if _, ok := first[row.Service]; !ok {
			first[row.Service] = i
		}
		moved := time.Duration(row.StartTime - was.StartTime)
		require.InDelta(t, float64(ahead[row.Service]), float64(moved), float64(time.Microsecond), "%s %s: raw times are kept", row.Service, row.Name)
		require.InDelta(t, begin(plain, i), begin(got, i), float64(time.Microsecond), "%s %s: its service moves as a whole", row.Service, row.Name)
	}
	for _, r := range got.Spans[1:] {
		if p := rowOf(got, r.ParentSpanID); p.Kind == model.KindClient && r.Kind == model.KindServer {
			start, end := int64(r.StartTime)+r.ClockOffsetNS, int64(r.StartTime)+r.ClockOffsetNS+r.DurationNS
			from := int64(p.StartTime) + p.ClockOffsetNS
			require.GreaterOrEqual(t, start, from, "%s begins before its call", r.Name)
			require.LessOrEqual(t, end, from+p.DurationNS+int64(20*time.Millisecond), "%s ends after its call", r.Name)
		}
	}

	var page struct{ Items []model.Service }
	c.get(t, "/api/v1/services", &page)
	clocks := map[string]string{}
	for _, sv := range page.Items {
		for _, f := range sv.Findings {
			if f.Code == "clock" {
				clocks[sv.Service] = f.Text
			}
		}
	}
	require.Len(t, clocks, 3, clocks)
	require.Contains(t, clocks["shop-api"], "ahead")
}

// wantOffset: within 10 %, or 2 ms.
func wantOffset(t *testing.T, want, got time.Duration, of string) {
	t.Helper()
	require.LessOrEqual(t, (got - want).Abs(), max(2*time.Millisecond, want.Abs()/10), "%s: want %s, got %s", of, want, got)
}

// widest returns the trace of the most services, as soon as it is complete.
func widest(t *testing.T, c *collector) *model.Trace {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		var page struct{ Items []model.TraceSummary }
		c.get(t, "/api/v1/traces?session=current", &page)
		for _, sum := range page.Items {
			if len(sum.Services) == len(wrongClocks) && sum.Complete {
				var tr model.Trace
				c.get(t, "/api/v1/traces/"+sum.TraceID.String()+"?details=0", &tr)
				return &tr
			}
		}
		require.True(t, time.Now().Before(end), "no trace of %d services came: %+v", len(wrongClocks), page.Items)
	}
}

func rowsOf(tr *model.Trace) (list []string) {
	for _, r := range tr.Spans {
		list = append(list, fmt.Sprintf("%d %s %s %s", r.Depth, r.SpanID, r.Service, r.Name))
	}
	return list
}

func rowOf(tr *model.Trace, id model.SpanID) model.TraceSpan {
	for _, r := range tr.Spans {
		if r.SpanID == id {
			return r
		}
	}
	return model.TraceSpan{}
}

// timeFields are the times in the bodies of Sentry's envelopes: seconds since 1970, or RFC 3339 with up to nanoseconds.
var timeFields = regexp.MustCompile(`"(sent_at|timestamp|start_timestamp|end_timestamp|started)":\s*("[0-9T:.-]+Z"|[0-9]+\.[0-9]+)`)

// skewed returns a request as it would have been with the clocks of wrongClocks. Lengths stay as they are, so that the
// framing of envelopes does.
func skewed(t *testing.T, r testkit.Request) testkit.Request {
	t.Helper()
	for _, w := range wrongClocks {
		if !strings.HasPrefix(r.Path, w.path) || w.ahead == 0 {
			continue
		}
		if r.Path == "/v1/metrics" {
			return r
		}
		body := inflate(t, r)
		r.Header = r.Header.Clone()
		r.Header.Del("Content-Encoding")
		if r.IsOTLP() {
			require.Equal(t, "application/x-protobuf", r.Header.Get("Content-Type"))
			if r.Path == "/v1/logs" {
				r.Body = skewedLogs(t, body, w.ahead)
			} else {
				r.Body = skewedSpans(t, body, w.ahead)
			}
			return r
		}
		r.Body = timeFields.ReplaceAllFunc(body, func(field []byte) []byte {
			at := strings.LastIndexAny(string(field[:strings.IndexByte(string(field), ':')+1]), ":") + 1
			name, value := string(field[:at]), strings.TrimSpace(string(field[at:]))
			text := skewedTime(t, value, w.ahead)
			require.Len(t, text, len(value), value)
			return []byte(name + strings.Repeat(" ", len(field)-at-len(value)) + text)
		})
		require.NotEqual(t, body, r.Body, "%s: no time was found", r.Name)
		return r
	}
	return r
}

func skewedTime(t *testing.T, value string, ahead time.Duration) string {
	t.Helper()
	if text, quoted := strings.CutPrefix(value, `"`); quoted {
		text = strings.TrimSuffix(text, `"`)
		at, err := time.Parse(time.RFC3339Nano, text)
		require.NoError(t, err)
		layout := "2006-01-02T15:04:05"
		if _, digits, ok := strings.Cut(strings.TrimSuffix(text, "Z"), "."); ok {
			layout += "." + strings.Repeat("0", len(digits))
		}
		return `"` + at.Add(ahead).UTC().Format(layout+"Z") + `"`
	}
	whole, digits, _ := strings.Cut(value, ".")
	n, err := strconv.ParseInt(whole+digits, 10, 64)
	require.NoError(t, err)
	unit := time.Second
	for range digits {
		unit /= 10
	}
	text := strconv.FormatInt(n+int64(ahead/unit), 10)
	return text[:len(whole)] + "." + text[len(whole):]
}

func later(at pcommon.Timestamp, ahead time.Duration) pcommon.Timestamp {
	if at == 0 {
		return 0
	}
	return pcommon.NewTimestampFromTime(at.AsTime().Add(ahead))
}

func skewedSpans(t *testing.T, body []byte, ahead time.Duration) []byte {
	t.Helper()
	req := ptraceotlp.NewExportRequest()
	require.NoError(t, req.UnmarshalProto(body))
	for _, rs := range req.Traces().ResourceSpans().All() {
		for _, ss := range rs.ScopeSpans().All() {
			for _, span := range ss.Spans().All() {
				span.SetStartTimestamp(later(span.StartTimestamp(), ahead))
				span.SetEndTimestamp(later(span.EndTimestamp(), ahead))
				for _, ev := range span.Events().All() {
					ev.SetTimestamp(later(ev.Timestamp(), ahead))
				}
			}
		}
	}
	out, err := req.MarshalProto()
	require.NoError(t, err)
	return out
}

func skewedLogs(t *testing.T, body []byte, ahead time.Duration) []byte {
	t.Helper()
	req := plogotlp.NewExportRequest()
	require.NoError(t, req.UnmarshalProto(body))
	for _, rl := range req.Logs().ResourceLogs().All() {
		for _, sl := range rl.ScopeLogs().All() {
			for _, lr := range sl.LogRecords().All() {
				lr.SetTimestamp(later(lr.Timestamp(), ahead))
				lr.SetObservedTimestamp(later(lr.ObservedTimestamp(), ahead))
			}
		}
	}
	out, err := req.MarshalProto()
	require.NoError(t, err)
	return out
}
