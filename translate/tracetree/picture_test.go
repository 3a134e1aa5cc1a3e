package tracetree

import (
	"crypto/sha256"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const ms = int64(1_000_000)

// epoch0 is when the traces of these tests begin.
const epoch0 = model.Time(1_795_291_020_000_000_000)

// tree reads a drawing of a trace: a line per span, indented by two blanks per level.
//
//	name 0-100              from 0 to 100 ms after epoch0; 0-… has not ended
//	name? 0-100             was not received (its children name it)
//	name 0-100 @svc         service, "app" when not said; it is also the clock unless clock= names another
//	name 0-100 client       kind: client server producer consumer
//	name 0-100 db           op: any word with a dot, or db, cache, pageload, navigation
//	name 0-100 failed       status error
//	name 0-100 otel         origin, Sentry when not said
//	name 0-100 <other       parent is the span of that name, wherever it is drawn
//	name 0-100 "SELECT 1"   name that is shown
//	name 0-100 +40          its clock is 40 ms ahead
func tree(lines ...string) []*model.Span {
	var spans []*model.Span
	var path []model.SpanID
	for _, line := range lines {
		text := strings.TrimLeft(line, " ")
		level := (len(line) - len(text)) / 2
		s, missing := drawn(text)
		path = append(path[:level], s.SpanID)
		if level > 0 && s.ParentSpanID.IsZero() {
			s.ParentSpanID = path[level-1]
		}
		if !missing {
			spans = append(spans, s)
		}
	}
	return spans
}

var quoted = regexp.MustCompile(`"[^"]*"`)

func drawn(text string) (s *model.Span, missing bool) {
	title := strings.Trim(quoted.FindString(text), `"`)
	words := strings.Fields(quoted.ReplaceAllString(text, ""))
	name, missing := strings.CutSuffix(words[0], "?")
	s = &model.Span{TraceID: model.TraceID{1}}
	s.SpanID, s.Name, s.Service, s.Origin = id(name), name, "app", model.OriginSentry
	s.Kind, s.Status = model.KindInternal, model.StatusUnset
	if title != "" {
		s.Name = title
	}
	shift := int64(0)
	cut := 1 + strings.IndexByte(words[1][1:], '-') // the start may be negative
	from, to := words[1][:cut], words[1][cut+1:]
	clock, host := "", ""
	for _, w := range words[2:] {
		switch {
		case w[0] == '@':
			s.Service = w[1:]
		case w[0] == '<':
			s.ParentSpanID = id(w[1:])
		case w[0] == '+' || w[0] == '-':
			shift = int64(number(w) * float64(ms))
		case strings.HasPrefix(w, "clock="):
			clock = w[len("clock="):]
		case strings.HasPrefix(w, "host="):
			host = w[len("host="):]
		case w == "client", w == "server", w == "producer", w == "consumer":
			if err := s.Kind.UnmarshalText([]byte(w)); err != nil {
				panic(err)
			}
		case w == "ok":
			s.Status = model.StatusOK
		case w == "failed":
			s.Status = model.StatusError
		case w == "otel":
			s.Origin = model.OriginOTel
		default:
			s.Op = w
		}
	}
	s.StartTime = epoch0 + model.Time(number(from)*float64(ms)) + model.Time(shift)
	if to == "…" {
		s.Open = true
	} else {
		s.DurationNS = int64((number(to) - number(from)) * float64(ms))
	}
	attrs := model.Attributes{}
	if clock != "" {
		attrs = append(attrs, model.Attribute{Key: "service.instance.id", Value: model.String(clock)})
	}
	if host != "" {
		attrs = append(attrs, model.Attribute{Key: "host.name", Value: model.String(host)})
	}
	attrs.Sort()
	s.Resource = &model.Resource{Attributes: attrs}
	return s, missing
}

func number(s string) float64 {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil {
		panic(err)
	}
	return f
}

// id is the span id a name of a drawing has: the name itself where it fits.
func id(name string) (id model.SpanID) {
	if len(name) <= 8 {
		copy(id[:], name)
		return id
	}
	sum := sha256.Sum256([]byte(name))
	copy(id[:], sum[:])
	return id
}

// draw writes a trace like tree reads it, with what was found out of it. Placeholders are marked with a question mark.
func draw(tr *model.Trace) []string {
	var lines []string
	missing := tr.MissingParents
	for _, row := range tr.Spans {
		if row.Orphan {
			for k, m := range missing {
				if m.SpanID == row.ParentSpanID {
					lines = append(lines, strings.Repeat("  ", m.Depth)+nameOf(m.SpanID)+"?")
					missing = append(missing[:k:k], missing[k+1:]...)
					break
				}
			}
		}
		start := int64(row.StartTime) + row.ClockOffsetNS - int64(epoch0)
		end := text(start + row.DurationNS)
		if row.Open {
			end = "…"
		}
		lines = append(lines, fmt.Sprintf("%s%s %s-%s", strings.Repeat("  ", row.Depth), nameOf(row.SpanID), text(start), end))
	}
	return lines
}

func nameOf(id model.SpanID) string { return strings.TrimRight(string(id[:]), "\x00") }

func text(ns int64) string { return strconv.FormatFloat(float64(ns)/float64(ms), 'f', -1, 64) }

// ranges writes ranges in milliseconds: 0-10 20-30.
func rangesOf(list []model.Range) string {
	var b []string
	for _, r := range list {
		b = append(b, text(r.StartNS)+"-"+text(r.StartNS+r.DurationNS))
	}
	return strings.Join(b, " ")
}

func row(t *testing.T, tr *model.Trace, name string) model.TraceSpan {
	t.Helper()
	for _, r := range tr.Spans {
		if r.SpanID == id(name) {
			return r
		}
	}
	require.Failf(t, "no such row", "%s in %v", name, draw(tr))
	return model.TraceSpan{}
}
