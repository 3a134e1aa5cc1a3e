package mcp

import (
	"fmt"
	"strings"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// rows writes a list, newest first, with what was wrong with the query.
func rows[T any](what string, page model.Page[T], row func(*strings.Builder, *T)) (string, error) {
	var b strings.Builder
	for _, w := range page.Warnings {
		fmt.Fprintf(&b, "Query: %s\n", oneLine(w, 300))
	}
	if len(page.Items) == 0 {
		fmt.Fprintf(&b, "No %s.\n", what)
	}
	for i := range page.Items {
		row(&b, &page.Items[i])
		if b.Len() > maxAnswer {
			fmt.Fprintf(&b, "… %d more rows; search for less\n", len(page.Items)-i-1)
			return b.String(), nil
		}
	}
	if page.Truncated {
		b.WriteString("There are more; raise limit or search for less.\n")
	}
	return b.String(), nil
}

func issueRow(b *strings.Builder, i *model.Issue) {
	fmt.Fprintf(b, "- %s%s, %d×, %s", oneLine(i.Title, 120), after(": ", i.Value, 200), i.TotalCount, i.Level)
	if i.Unhandled {
		b.WriteString(", unhandled")
	}
	fmt.Fprintf(b, "%s, in %s, last %s\n  group %s, newest event %s", after(", at ", i.Culprit, 160), oneLine(strings.Join(i.Services, ", "), 160), moment(i.LastTime), i.IssueID, i.LastEvent)
	if !i.LastTrace.IsZero() {
		fmt.Fprintf(b, ", trace %s", i.LastTrace)
	}
	b.WriteByte('\n')
}

func traceRow(b *strings.Builder, t *model.TraceSummary) {
	fmt.Fprintf(b, "- %s, %s, %s, %s", oneLine(t.RootName, 160), duration(t.DurationNS), counted(t.SpanCount, "span"), t.Status)
	if t.ErrorCount > 0 {
		b.WriteString(", " + counted(t.ErrorCount, "error"))
	}
	if t.Open {
		b.WriteString(", still running")
	}
	fmt.Fprintf(b, ", in %s, began %s\n  trace %s\n", oneLine(strings.Join(t.Services, ", "), 160), moment(t.StartTime), t.TraceID)
}

func logRow(b *strings.Builder, l *model.LogSummary) {
	fmt.Fprintf(b, "- %s %s %s: %s%s (log %d", moment(l.Time), l.Level, oneLine(l.Service, 80), oneLine(l.Message, 400), after(" ", l.Fields, 200), l.ID)
	if !l.TraceID.IsZero() {
		fmt.Fprintf(b, ", trace %s", l.TraceID)
	}
	b.WriteString(")\n")
}

func serviceRow(b *strings.Builder, s *model.Service) {
	fmt.Fprintf(b, "- %s%s%s%s%s, last seen %s\n", oneLine(s.Service, 120), after(", ", s.SDK.Name, 80), after(" ", s.SDK.Version, 40),
		after(", release ", s.Release, 80), after(", environment ", s.Environment, 80), moment(s.LastTime))
	for _, f := range s.Findings {
		fmt.Fprintf(b, "  - %s. %s\n", oneLine(f.Text, 300), oneLine(f.Fix, 400))
	}
}
