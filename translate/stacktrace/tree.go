package stacktrace

import (
	"fmt"
	"slices"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// node is an exception of a text while it is read.
type node struct {
	typ, value string
	frames     []model.Frame // newest first, except while a parser is at work
	source     string        // how it hangs on its parent: one of the constants below, or a name with an index
	group      bool          // its children are members, not causes
	children   []*node
}

// How an exception hangs on another: the values of model.Mechanism.Source, which Sentry's SDKs name like the property
// of the language that holds it.
const (
	sourceCause      = "cause"
	sourcePyCause    = "__cause__"
	sourcePyContext  = "__context__"
	sourceSuppressed = "suppressed[%d]"
	sourceErrors     = "errors[%d]"
	sourceExceptions = "exceptions[%d]"
	sourceInner      = "InnerException"
	sourceInnerMany  = "InnerExceptions[%d]"
	sourcePrevious   = "previous"
)

// add hangs child on n.
func (n *node) add(child *node, source string) *node {
	child.source = source
	n.children = append(n.children, child)
	return child
}

// addMember hangs child on n with the number of its place in the source.
func (n *node) addMember(child *node, source string) *node {
	members := 0
	for _, c := range n.children {
		if c.source != sourceCause && c.source != sourcePyCause && c.source != sourcePyContext {
			members++
		}
		if members >= maxChain {
			break
		}
	}
	return n.add(child, fmt.Sprintf(source, members))
}

// countFrames returns how many frames the tree has, of the first nodes.
func (n *node) countFrames() int {
	count, seen := 0, 0
	n.walk(&seen, func(n *node, _ int) int {
		count += len(n.frames)
		return 0
	}, 0)
	return count
}

// walk visits at most maxChain nodes, parents first. What visit returns is handed to the visits of the children.
func (n *node) walk(seen *int, visit func(n *node, parent int) int, parent int) {
	if *seen == maxChain {
		return
	}
	*seen++
	me := visit(n, parent)
	for _, c := range n.children {
		if *seen == maxChain {
			return
		}
		c.walk(seen, visit, me)
	}
}

// list writes the tree as a list, the thrown exception first. In a list of several the mechanism says which belongs to
// which, with ids that count from 0, as Sentry's SDKs do.
func (n *node) list() []model.Exception {
	var out []model.Exception
	seen := 0
	n.walk(&seen, func(n *node, parent int) int {
		id := len(out)
		e := model.Exception{Type: n.typ, Value: n.value, Frames: n.frames}
		if e.Frames == nil {
			e.Frames = []model.Frame{}
		}
		if total := len(e.Frames); total > maxFrames {
			e.Frames = slices.Clone(e.Frames[:maxFrames])
			e.Omitted = []int{maxFrames, total}
		}
		if id > 0 || len(n.children) > 0 {
			e.Mechanism = &model.Mechanism{ExceptionID: &id, IsGroup: n.group}
			if id > 0 {
				e.Mechanism.Type = "chained"
				e.Mechanism.ParentID = &parent
				e.Mechanism.Source = n.source
			}
		}
		out = append(out, e)
		return id
	}, 0)
	return out
}

// chain makes a tree of exceptions in the order in which they happened: each caused the next, the last was thrown.
func chain(nodes []*node, source string) *node {
	if len(nodes) == 0 {
		return nil
	}
	for i := len(nodes) - 1; i > 0; i-- {
		nodes[i].add(nodes[i-1], source)
	}
	return nodes[len(nodes)-1]
}
