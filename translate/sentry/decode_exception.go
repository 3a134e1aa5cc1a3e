package sentry

import (
	"cmp"
	"slices"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// exceptions reads the exceptions of an event, the thrown one first.
func (d *decoder) exceptions(list []node, f *fields) []model.Exception {
	out := make([]model.Exception, 0, len(list))
	for i := len(list) - 1; i >= 0; i-- { // payloads have the oldest cause first
		if hasException(list[i]) {
			out = append(out, d.exception(list[i]))
		}
	}
	if len(out) > 0 {
		if out[0].Mechanism == nil && !f.mechanism.isNull() { // raven-js writes it beside exception.values
			out[0].Mechanism = d.mechanism(f.mechanism)
		}
		if len(out[0].Frames) == 0 && !f.stacktrace.isNull() { // SDKs of protocol version 4 and before
			out[0].Frames, out[0].Omitted = d.stack(f.stacktrace)
		}
	}
	return treeOrder(out)
}

func (d *decoder) exception(v node) (e model.Exception) {
	e.Frames = []model.Frame{}
	v.visit(func(k []byte, m node) {
		switch string(k) {
		case "type":
			e.Type = m.text()
		case "value":
			e.Value = m.text()
		case "module":
			e.Module = m.text()
		case "thread_id":
			e.ThreadID = m.text()
		case "mechanism":
			e.Mechanism = d.mechanism(m)
		case "stacktrace":
			e.Frames, e.Omitted = d.stack(m)
		case "raw_stacktrace":
			if d.full {
				e.RawFrames, _ = d.stack(m)
			}
		}
	})
	if len(e.RawFrames) == 0 {
		e.RawFrames = nil
	}
	return e
}

func (d *decoder) mechanism(v node) *model.Mechanism {
	if !v.isObject() {
		return nil
	}
	m := &model.Mechanism{}
	v.visit(func(k []byte, e node) {
		switch string(k) {
		case "type":
			m.Type = e.text()
		case "handled":
			m.Handled = boolean(e)
		case "synthetic":
			m.Synthetic = e.isTrue()
		case "description":
			m.Description = e.text()
		case "help_link":
			m.HelpLink = e.text()
		case "source":
			m.Source = e.text()
		case "exception_id":
			m.ExceptionID = d.small(e)
		case "parent_id":
			m.ParentID = d.small(e)
		case "is_exception_group":
			m.IsGroup = e.isTrue()
		case "data":
			if d.full && !e.isNull() {
				m.Data = d.members(e)
			}
		case "meta":
			if d.full && !e.isNull() {
				m.Meta = d.members(e)
			}
		}
	})
	return m
}

// boolean returns true or false, nil for anything else.
func boolean(v node) *bool {
	switch v.kind() {
	case kindTrue:
		return new(true)
	case kindFalse:
		return new(false)
	}
	return nil
}

// small returns a whole number that fits 32 bits, nil for anything else.
func (d *decoder) small(v node) *int {
	n, ok := v.int()
	if !ok || n < -1<<31 || n >= 1<<31 {
		return nil
	}
	return new(int(n))
}

// treeOrder puts exceptions with ids in the order of their tree: the thrown one, then what hangs under it, each node
// before its children, children by id (SDK documentation, exception groups). Without ids, and where the ids make no
// tree, the order of the payload stays.
func treeOrder(list []model.Exception) []model.Exception {
	if len(list) < 2 {
		return list
	}
	children := make(map[int][]int, len(list)) // id of the parent -> indexes
	ids := make(map[int]int, len(list))
	var roots []int
	for i := range list {
		m := list[i].Mechanism
		if m == nil || m.ExceptionID == nil {
			return list
		}
		if _, twice := ids[*m.ExceptionID]; twice {
			return list
		}
		ids[*m.ExceptionID] = i
	}
	for i := range list {
		m := list[i].Mechanism
		if m.ParentID == nil || *m.ParentID == *m.ExceptionID {
			roots = append(roots, i)
			continue
		}
		if _, known := ids[*m.ParentID]; !known {
			roots = append(roots, i)
			continue
		}
		children[*m.ParentID] = append(children[*m.ParentID], i)
	}
	byID := func(a, b int) int { return cmp.Compare(*list[a].Mechanism.ExceptionID, *list[b].Mechanism.ExceptionID) }
	slices.SortFunc(roots, byID)
	order := make([]model.Exception, 0, len(list))
	stack := make([]int, 0, len(list))
	push := func(indexes []int) {
		for i := len(indexes) - 1; i >= 0; i-- {
			stack = append(stack, indexes[i])
		}
	}
	push(roots)
	for len(stack) > 0 {
		i := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		order = append(order, list[i])
		kids := children[*list[i].Mechanism.ExceptionID]
		slices.SortFunc(kids, byID)
		push(kids)
	}
	if len(order) != len(list) { // a cycle
		return list
	}
	return order
}

// stack reads the frames of a stack trace, newest first: payloads have the oldest call first.
func (d *decoder) stack(v node) (frames []model.Frame, omitted []int) {
	list := listAt(v, "frames")
	if v.kind() == kindArray { // bare list of frames
		list = v.list()
	}
	frames = make([]model.Frame, 0, len(list))
	for i := len(list) - 1; i >= 0; i-- {
		if list[i].isObject() {
			frames = append(frames, d.frame(list[i]))
		}
	}
	if d.full {
		for _, n := range listAt(v, "frames_omitted") {
			if p := d.small(n); p != nil {
				omitted = append(omitted, *p)
			}
		}
	}
	return frames, omitted
}

func (d *decoder) frame(v node) (f model.Frame) {
	r := d.r
	other := func(k []byte, e node) {
		if d.full && !e.isNull() {
			f.Other = append(f.Other, model.Attribute{Key: r.copy(k), Value: e.value()})
		}
	}
	v.visit(func(k []byte, e node) {
		switch string(k) {
		case "function":
			f.Function = e.text()
		case "raw_function":
			f.RawFunction = e.text()
		case "module":
			f.Module = e.text()
		case "package":
			f.Package = e.text()
		case "filename":
			f.Filename = e.text()
		case "abs_path":
			f.AbsPath = e.text()
		case "lineno":
			f.Line = d.position(e)
		case "colno":
			f.Column = d.position(e)
		case "in_app":
			f.InApp = boolean(e)
		case "platform":
			f.Platform = e.text()
		case "pre_context":
			f.PreContext = d.lines(e)
		case "post_context":
			f.PostContext = d.lines(e)
		case "context_line":
			if d.full && !e.isNull() {
				f.ContextLine = new(e.text())
			}
		case "vars":
			if d.full && !e.isNull() {
				f.Vars = d.members(e)
			}
		default:
			other(k, e)
		}
	})
	f.Other.Sort()
	return f
}

// position reads a line or column, 0 for anything that is none.
func (d *decoder) position(v node) int {
	if p := d.small(v); p != nil && *p > 0 {
		return *p
	}
	return 0
}

// lines reads lines of source text; a null among them is an empty line.
func (d *decoder) lines(v node) []string {
	if !d.full || v.kind() != kindArray || v.len() == 0 {
		return nil
	}
	out := make([]string, 0, v.len())
	for e := range v.elements() {
		out = append(out, e.text())
	}
	return out
}

// threads reads the threads of a crashed process. A stack trace at the top level that belongs to no exception is shown
// as the current thread.
func (d *decoder) threads(f *fields) []model.Thread {
	var out []model.Thread
	for _, v := range listOf(f.threads) {
		if !v.isObject() {
			continue
		}
		t := model.Thread{Frames: []model.Frame{}}
		t.Other = d.rest(v, func(k []byte, e node) bool {
			switch string(k) {
			case "id":
				t.ID = e.text()
			case "name":
				t.Name = e.text()
			case "state":
				t.State = e.text()
			case "crashed":
				t.Crashed = e.isTrue()
			case "current":
				t.Current = e.isTrue()
			case "main":
				t.Main = e.isTrue()
			case "stacktrace":
				t.Frames, _ = d.stack(e)
			default:
				return false
			}
			return true
		})
		out = append(out, t)
	}
	if !f.stacktrace.isNull() && thrown(listOf(f.exception)).missing() {
		if frames, _ := d.stack(f.stacktrace); len(frames) > 0 {
			out = append(out, model.Thread{Current: true, Frames: frames})
		}
	}
	return out
}
