package sentry

import (
	"cmp"
	"slices"

	"github.com/valyala/fastjson"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// exceptions reads the exceptions of an event, the thrown one first.
func (d *decoder) exceptions(list []*fastjson.Value, f *fields) []model.Exception {
	out := make([]model.Exception, 0, len(list))
	for i := len(list) - 1; i >= 0; i-- { // payloads have the oldest cause first
		if hasException(list[i]) {
			out = append(out, d.exception(list[i]))
		}
	}
	if len(out) > 0 {
		if out[0].Mechanism == nil && !isNull(f.mechanism) { // raven-js writes it beside exception.values
			out[0].Mechanism = d.mechanism(f.mechanism)
		}
		if len(out[0].Frames) == 0 && !isNull(f.stacktrace) { // SDKs of protocol version 4 and before
			out[0].Frames, out[0].Omitted = d.stack(f.stacktrace)
		}
	}
	return treeOrder(out)
}

func (d *decoder) exception(v *fastjson.Value) (e model.Exception) {
	r := d.r
	e.Frames = []model.Frame{}
	object(v).Visit(func(k []byte, m *fastjson.Value) {
		switch string(k) {
		case "type":
			e.Type = r.text(m)
		case "value":
			e.Value = r.text(m)
		case "module":
			e.Module = r.text(m)
		case "thread_id":
			e.ThreadID = r.text(m)
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

func (d *decoder) mechanism(v *fastjson.Value) *model.Mechanism {
	if object(v) == nil {
		return nil
	}
	r := d.r
	m := &model.Mechanism{}
	object(v).Visit(func(k []byte, e *fastjson.Value) {
		switch string(k) {
		case "type":
			m.Type = r.text(e)
		case "handled":
			m.Handled = boolean(e)
		case "synthetic":
			m.Synthetic = e.Type() == fastjson.TypeTrue
		case "description":
			m.Description = r.text(e)
		case "help_link":
			m.HelpLink = r.text(e)
		case "source":
			m.Source = r.text(e)
		case "exception_id":
			m.ExceptionID = d.small(e)
		case "parent_id":
			m.ParentID = d.small(e)
		case "is_exception_group":
			m.IsGroup = e.Type() == fastjson.TypeTrue
		case "data":
			if d.full && !isNull(e) {
				m.Data = d.members(e)
			}
		case "meta":
			if d.full && !isNull(e) {
				m.Meta = d.members(e)
			}
		}
	})
	return m
}

// boolean returns true or false, nil for anything else.
func boolean(v *fastjson.Value) *bool {
	switch v.Type() {
	case fastjson.TypeTrue:
		return new(true)
	case fastjson.TypeFalse:
		return new(false)
	}
	return nil
}

// small returns a whole number that fits 32 bits, nil for anything else.
func (d *decoder) small(v *fastjson.Value) *int {
	n, ok := d.r.int(v)
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
func (d *decoder) stack(v *fastjson.Value) (frames []model.Frame, omitted []int) {
	list := listAt(v, "frames")
	if v != nil && v.Type() == fastjson.TypeArray { // bare list of frames
		list = v.GetArray()
	}
	frames = make([]model.Frame, 0, len(list))
	for i := len(list) - 1; i >= 0; i-- {
		if object(list[i]) != nil {
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

func (d *decoder) frame(v *fastjson.Value) (f model.Frame) {
	r := d.r
	other := func(k []byte, e *fastjson.Value) {
		if d.full && !isNull(e) {
			f.Other = append(f.Other, model.Attribute{Key: r.copy(k), Value: r.value(e)})
		}
	}
	object(v).Visit(func(k []byte, e *fastjson.Value) {
		switch string(k) {
		case "function":
			f.Function = r.text(e)
		case "raw_function":
			f.RawFunction = r.text(e)
		case "module":
			f.Module = r.text(e)
		case "package":
			f.Package = r.text(e)
		case "filename":
			f.Filename = r.text(e)
		case "abs_path":
			f.AbsPath = r.text(e)
		case "lineno":
			f.Line = d.position(e)
		case "colno":
			f.Column = d.position(e)
		case "in_app":
			f.InApp = boolean(e)
		case "platform":
			f.Platform = r.text(e)
		case "pre_context":
			f.PreContext = d.lines(e)
		case "post_context":
			f.PostContext = d.lines(e)
		case "context_line":
			if d.full && !isNull(e) {
				f.ContextLine = new(r.text(e))
			}
		case "vars":
			if d.full && !isNull(e) {
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
func (d *decoder) position(v *fastjson.Value) int {
	if p := d.small(v); p != nil && *p > 0 {
		return *p
	}
	return 0
}

// lines reads lines of source text; a null among them is an empty line.
func (d *decoder) lines(v *fastjson.Value) []string {
	if !d.full || v.Type() != fastjson.TypeArray || len(v.GetArray()) == 0 {
		return nil
	}
	out := make([]string, len(v.GetArray()))
	for i, e := range v.GetArray() {
		out[i] = d.r.text(e)
	}
	return out
}

// threads reads the threads of a crashed process. A stack trace at the top level that belongs to no exception is shown
// as the current thread.
func (d *decoder) threads(f *fields) []model.Thread {
	var out []model.Thread
	for _, v := range listOf(f.threads) {
		if object(v) == nil {
			continue
		}
		t := model.Thread{Frames: []model.Frame{}}
		t.Other = d.rest(v, func(k []byte, e *fastjson.Value) bool {
			switch string(k) {
			case "id":
				t.ID = d.r.text(e)
			case "name":
				t.Name = d.r.text(e)
			case "state":
				t.State = d.r.text(e)
			case "crashed":
				t.Crashed = e.Type() == fastjson.TypeTrue
			case "current":
				t.Current = e.Type() == fastjson.TypeTrue
			case "main":
				t.Main = e.Type() == fastjson.TypeTrue
			case "stacktrace":
				t.Frames, _ = d.stack(e)
			default:
				return false
			}
			return true
		})
		out = append(out, t)
	}
	if !isNull(f.stacktrace) && thrown(listOf(f.exception)) == nil {
		if frames, _ := d.stack(f.stacktrace); len(frames) > 0 {
			out = append(out, model.Thread{Current: true, Frames: frames})
		}
	}
	return out
}
