package mcp

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// The most that is told of one error, trace or span.
const (
	maxFrames  = 8
	maxBefore  = 30
	maxValues  = 40
	maxOutline = 40  // spans of an error's trace
	maxSpans   = 200 // spans of a trace
)

// errorPage has the sections of the overlay's "Copy for agent", in the same order.
func (t *tools) errorPage(ev *model.Event, trace *model.Trace) string {
	p := &page{}
	fmt.Fprintf(p, "# %s%s\n", oneLine(ev.Title, 200), after(": ", ev.Value, 500))
	p.section("Error")
	fmt.Fprintf(p, "- service %s%s%s\n", oneLine(ev.Service, 120), after(", release ", ev.Release, 120), after(", environment ", ev.Environment, 80))
	fmt.Fprintf(p, "- %s, level %s%s%s\n", moment(ev.Time), ev.Level, handled(ev.Handled), after(", during ", ev.Transaction, 200))
	fmt.Fprintf(p, "- event %s%s%s%s\n", ev.EventID, after(", group ", ev.IssueID, 64), after(", trace ", ev.TraceID.String(), 32), after(", span ", ev.SpanID.String(), 16))
	fmt.Fprintf(p, "- overlay: %s/errors/%s/%s\n", t.overlay, cmp.Or(ev.IssueID, "-"), ev.EventID)
	if ev.Message != nil && ev.Message.Formatted != ev.Title && ev.Message.Formatted != ev.Value {
		fmt.Fprintf(p, "- message: %s\n", oneLine(ev.Message.Formatted, 500))
	}
	for _, w := range ev.Warnings {
		fmt.Fprintf(p, "- warning: %s\n", oneLine(w, 200))
	}
	for i := range ev.Exceptions {
		p.exception(&ev.Exceptions[i], i > 0)
	}
	p.request(ev.Request)
	p.before(ev)
	p.values("Tags", ev.Tags)
	p.values("User", ev.User)
	p.values("Extra", ev.Extra)
	if trace != nil {
		p.section("Trace")
		p.outline(trace, maxOutline)
	}
	if ev.SDK != nil {
		p.section("SDK")
		fmt.Fprintf(p, "- %s %s\n", oneLine(ev.SDK.Name, 80), oneLine(ev.SDK.Version, 40))
	}
	return p.text()
}

func (p *page) exception(e *model.Exception, cause bool) {
	title := cmp.Or(oneLine(e.Type, 120), "exception")
	if cause {
		title = "Caused by " + title
	}
	p.section(title + after(": ", e.Value, 500))
	frames := slices.Clone(e.Frames)
	own := slices.DeleteFunc(slices.Clone(frames), func(f model.Frame) bool { return f.InApp == nil || !*f.InApp })
	if len(own) > 0 {
		if left := len(frames) - len(own); left > 0 {
			fmt.Fprintf(p, "Own frames, newest call first; %d of libraries are left out.\n\n", left)
		}
		frames = own
	}
	for i := range frames[:min(len(frames), maxFrames)] {
		p.frame(&frames[i])
	}
	if left := len(frames) - maxFrames; left > 0 {
		fmt.Fprintf(p, "- … %d more\n", left)
	}
	if len(frames) == 0 && e.RawStack != "" {
		p.fenced(strings.Split(model.Cut(e.RawStack, 2000), "\n"))
	}
}

func (p *page) frame(f *model.Frame) {
	file := cmp.Or(f.AbsPath, f.Filename, f.Module, f.Package)
	if f.ResolvedWith != "" {
		file = cmp.Or(f.Filename, file)
	}
	fmt.Fprintf(p, "- %s at %s", cmp.Or(oneLine(f.Function, 120), "?"), cmp.Or(oneLine(file, 300), "?"))
	if f.Line > 0 {
		fmt.Fprintf(p, ":%d", f.Line)
	}
	p.line(after(" — ", f.Unresolved, 300))
	if f.ContextLine != nil {
		var code []string
		for i, l := range f.PreContext {
			code = append(code, fmt.Sprintf("  %d | %s", f.Line-len(f.PreContext)+i, model.Cut(l, 200)))
		}
		code = append(code, fmt.Sprintf("> %d | %s", f.Line, model.Cut(*f.ContextLine, 200)))
		for i, l := range f.PostContext {
			code = append(code, fmt.Sprintf("  %d | %s", f.Line+1+i, model.Cut(l, 200)))
		}
		p.fenced(code)
	}
	for _, v := range f.Vars[:min(len(f.Vars), maxValues/2)] {
		fmt.Fprintf(p, "  - %s = %s\n", oneLine(v.Key, 80), shown(v.Key, v.Value, 200))
	}
}

func (p *page) request(r *model.Request) {
	if r == nil || r.URL == "" && len(r.Headers) == 0 {
		return
	}
	p.section("Request")
	fmt.Fprintf(p, "- %s %s\n", cmp.Or(oneLine(r.Method, 20), "GET"), oneLine(r.URL, 500))
	for _, q := range r.Query[:min(len(r.Query), maxValues)] {
		fmt.Fprintf(p, "- query %s: %s\n", oneLine(q.Name, 80), shown(q.Name, model.String(q.Value), 200))
	}
	for _, h := range r.Headers[:min(len(r.Headers), maxValues)] {
		fmt.Fprintf(p, "- header %s: %s\n", oneLine(h.Name, 80), shown(h.Name, model.String(h.Value), 200))
	}
	if r.Data != nil && !r.Data.IsNull() {
		fmt.Fprintf(p, "- body: %s\n", oneLine(maskedText(*r.Data), 1000))
	}
}

// before tells what happened before the error: its breadcrumbs, which the logs and spans of its trace are among.
func (p *page) before(ev *model.Event) {
	if len(ev.Breadcrumbs) == 0 {
		return
	}
	p.section("What happened before")
	for i := max(0, len(ev.Breadcrumbs)-maxBefore); i < len(ev.Breadcrumbs); i++ {
		c := &ev.Breadcrumbs[i]
		fmt.Fprintf(p, "- %s %s %s", ago(ev.Time, c.Time), cmp.Or(oneLine(c.Service, 60), ev.Service), cmp.Or(oneLine(c.Category, 60), oneLine(c.Type, 60), "breadcrumb"))
		if c.Level != "" && c.Level != model.LevelInfo {
			fmt.Fprintf(p, " %s", c.Level)
		}
		p.WriteString(after(": ", c.Message, 200))
		for _, d := range c.Data[:min(len(c.Data), 8)] {
			fmt.Fprintf(p, " %s=%s", oneLine(d.Key, 60), shown(d.Key, d.Value, 120))
		}
		p.WriteByte('\n')
	}
}

func (t *tools) tracePage(trace *model.Trace) string {
	p := &page{}
	fmt.Fprintf(p, "# Trace %s\n\n", oneLine(trace.RootName, 200))
	fmt.Fprintf(p, "- trace %s, %s, %s, %s, %s, began %s\n", trace.TraceID, duration(trace.DurationNS),
		counted(trace.SpanCount, "span"), counted(trace.ErrorCount, "error"), counted(trace.LogCount, "log"), moment(trace.StartTime))
	fmt.Fprintf(p, "- services: %s\n- overlay: %s/traces/%s\n", oneLine(strings.Join(trace.Services, ", "), 500), t.overlay, trace.TraceID)
	for _, w := range trace.Warnings {
		fmt.Fprintf(p, "- warning: %s\n", oneLine(w, 200))
	}
	if len(trace.CriticalPath) > 0 {
		p.section("Critical path by service")
		for _, s := range trace.CriticalPath {
			fmt.Fprintf(p, "- %s %s\n", oneLine(s.Service, 120), duration(s.DurationNS))
		}
	}
	if len(trace.Events) > 0 {
		p.section("Errors")
		for i := range trace.Events[:min(len(trace.Events), maxValues)] {
			e := &trace.Events[i]
			fmt.Fprintf(p, "- %s%s, in %s, event %s%s\n", oneLine(e.Title, 120), after(": ", e.Value, 300), oneLine(e.Service, 120), e.EventID, after(", span ", e.SpanID.String(), 16))
		}
	}
	p.section("Spans (start, duration, self)")
	p.outline(trace, maxSpans)
	return p.text()
}

// outline writes spans in the order of the waterfall, indented; a run of equal calls is one line.
func (p *page) outline(trace *model.Trace, most int) {
	lines := 0
	for i := 0; i < len(trace.Spans); i++ {
		s := &trace.Spans[i]
		if lines++; lines > most {
			fmt.Fprintf(p, "- … %s more\n", counted(len(trace.Spans)-i, "span"))
			return
		}
		run, total := 1, s.DurationNS
		for s.FoldKey != "" && s.Children == 0 && i+1 < len(trace.Spans) && trace.Spans[i+1].FoldKey == s.FoldKey && trace.Spans[i+1].Depth == s.Depth && trace.Spans[i+1].Children == 0 {
			i++
			run++
			total += trace.Spans[i].DurationNS
		}
		fmt.Fprintf(p, "%s- %s %s %s [%s] +%s, ", strings.Repeat("  ", min(s.Depth, 12)), oneLine(s.Service, 60), cmp.Or(oneLine(s.Op, 60), s.Kind.String()), oneLine(s.Name, 120), s.SpanID,
			duration(int64(s.StartTime-trace.StartTime)+s.ClockOffsetNS))
		switch {
		case run > 1:
			fmt.Fprintf(p, "×%d, together %s", run, duration(total))
		case s.Open:
			p.WriteString("still running")
		default:
			fmt.Fprintf(p, "%s, self %s", duration(s.DurationNS), duration(s.SelfNS))
		}
		if s.Status == model.StatusError {
			p.WriteString(", error" + after(": ", s.StatusMessage, 120))
		}
		if s.Orphan {
			p.WriteString(", its parent was not received")
		}
		p.WriteByte('\n')
	}
}

func (t *tools) spanPage(trace model.TraceID, s *model.TraceSpan) string {
	p := &page{}
	fmt.Fprintf(p, "# Span %s\n\n", oneLine(s.Name, 300))
	fmt.Fprintf(p, "- %s, %s, %s%s\n", oneLine(s.Service, 120), cmp.Or(oneLine(s.Op, 60), s.Kind.String()), s.Status, after(": ", s.StatusMessage, 300))
	fmt.Fprintf(p, "- %s, self %s, began %s\n", duration(s.DurationNS), duration(s.SelfNS), moment(s.StartTime))
	fmt.Fprintf(p, "- span %s, trace %s%s\n- overlay: %s/traces/%s?span=%s\n", s.SpanID, trace, after(", parent ", s.ParentSpanID.String(), 16), t.overlay, trace, s.SpanID)
	for _, id := range s.Errors {
		fmt.Fprintf(p, "- error: event %s\n", id)
	}
	if s.SpanDetails == nil {
		return p.text()
	}
	p.values("Attributes", s.Attributes.Unpack())
	if len(s.Events) > 0 {
		p.section("Events")
		for _, e := range s.Events[:min(len(s.Events), maxValues)] {
			fmt.Fprintf(p, "- +%s %s\n", duration(int64(e.Time-s.StartTime)), oneLine(e.Name, 120))
			for _, a := range e.Attributes[:min(len(e.Attributes), maxValues)] {
				fmt.Fprintf(p, "  - %s: %s\n", oneLine(a.Key, 120), shown(a.Key, a.Value, 500))
			}
		}
	}
	if len(s.Links) > 0 {
		p.section("Links")
		for _, l := range s.Links[:min(len(s.Links), maxValues)] {
			fmt.Fprintf(p, "- trace %s, span %s\n", l.TraceID, l.SpanID)
		}
	}
	if s.Resource != nil {
		p.values("Resource", s.Resource.Attributes)
	}
	return p.text()
}

func (t *tools) logPage(l *model.Log) string {
	p := &page{}
	fmt.Fprintf(p, "# Log of %s, %s\n\n", oneLine(l.Service, 120), l.Level)
	p.fenced(strings.Split(model.Cut(l.Message, 4000), "\n"))
	fmt.Fprintf(p, "- %s%s\n", moment(l.Time), after(", logger ", l.Logger, 120))
	if !l.TraceID.IsZero() {
		fmt.Fprintf(p, "- trace %s%s\n", l.TraceID, after(", span ", l.SpanID.String(), 16))
	}
	if !l.EventID.IsZero() {
		fmt.Fprintf(p, "- error: event %s\n", l.EventID)
	}
	fmt.Fprintf(p, "- overlay: %s/logs/%d\n", t.overlay, l.ID)
	p.values("Attributes", l.Attributes)
	return p.text()
}
