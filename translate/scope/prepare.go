package scope

import (
	"bytes"
	"cmp"
	"encoding/json"
	"slices"
	"sync"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// TraceView is everything that is known of one trace and of the processes in it. The order of the records means nothing.
type TraceView struct {
	TraceID model.TraceID // zero: that of the spans
	Spans   []*model.Span
	Logs    []*model.Log
	Events  []*model.EventRecord

	// ProcessLogs are log records without a span, of any trace or none: they go to the global scope of their process.
	// Those of processes that have nothing to do with an event are ignored, so that one may give the newest of all.
	ProcessLogs []*model.Log
	// ProcessSpans are spans of other traces that set data on the global scope of their process (SetsGlobal).
	ProcessSpans []*model.Span

	// Decode reads the payload of a Sentry event or transaction (sentry.DecodeEvent). It is called only for transactions
	// whose request an event is part of, and with share_sdk_breadcrumbs for all events; nil: neither contributes.
	Decode func(payload []byte) (model.Event, []string)
}

// Prepared is an indexed TraceView. It is safe for concurrent use.
type Prepared struct {
	rules  *rules
	decode func(payload []byte) (model.Event, []string)
	trace  model.TraceID

	nodes []node // in order of start, then id
	byID  map[model.SpanID]int32
	procs []proc
	// Processes by resource and by key; unions leads to the index in procs.
	procByKey map[string]int32
	unions    unions
	trees     []tree
	rings     []ring

	decoded sync.Map // index of a transaction's node -> *Layer
}

// node is a span.
type node struct {
	span   *model.Span
	also   []*model.Span // other reports of the same span
	data   *spanData     // nil for most
	proc   int32
	local  int32 // parent in the same process, none if there is none
	caller int32 // parent in another process, likewise
	up     int32 // nearest local ancestor with data
	tree   int32
	ring   int32 // where its breadcrumbs go
	scope  int32 // nearest breadcrumbs scope above or here (a node), none if there is none

	root   bool // an isolation root
	final  bool // a root for good: its parent, if it has one, is known not to be part of the request
	nested bool // a root below another one of its process
}

const none = -1

func (n *node) origin() string { return spanOrigin(n.span.SpanID) }

// proc is a process.
type proc struct {
	browser bool
	tree    int32       // of a browser page: its only one
	roots   int         // isolation roots in the trace
	sole    int32       // one of them
	global  []int32     // nodes that set data on its global scope, in order
	globals []*spanData // the same with those of other traces, in order
	ring    int32
	flags   []flag
}

// tree is what lies in one isolation scope: the spans whose nearest isolation root is its root.
type tree struct {
	root         int32
	outer        int32 // tree it was forked from
	writers      []int32
	transactions []int32 // nodes of Sentry transactions
	ring         int32
	flags        []flag
}

// Prepare indexes a trace, once for all its events. It keeps references to the records of view.
func Prepare(view TraceView, cfg Config) *Prepared {
	p := &Prepared{rules: compileRules(cfg), decode: view.Decode, trace: view.TraceID, procByKey: map[string]int32{}}
	b := &builder{Prepared: p, byResource: map[*model.Resource]int32{}}
	b.addSpans(view.Spans)
	b.findProcesses(&view)
	b.link()
	b.findTrees()
	b.addGlobals(view.ProcessSpans)
	b.addBreadcrumbs(&view)
	return p
}

// builder is a Prepared on the way.
type builder struct {
	*Prepared
	byResource map[*model.Resource]int32
	parents    []int32 // known parents, of any process
}

// addSpans makes nodes. The same span may be there twice: as an SDK for OpenTelemetry and Sentry's own reported it, or sent
// again. One report stands for both.
func (b *builder) addSpans(spans []*model.Span) {
	b.byID = make(map[model.SpanID]int32, len(spans))
	b.nodes = make([]node, 0, len(spans))
	for _, s := range spans {
		if s == nil || s.SpanID.IsZero() {
			continue
		}
		if b.trace.IsZero() {
			b.trace = s.TraceID
		}
		if i, again := b.byID[s.SpanID]; again {
			n := &b.nodes[i]
			n.also = append(n.also, s)
			continue
		}
		b.byID[s.SpanID] = int32(len(b.nodes)) // #nosec G115 -- fewer than spans
		b.nodes = append(b.nodes, node{span: s, local: none, caller: none, up: none, tree: none, ring: none, scope: none})
	}
	for i := range b.nodes {
		if n := &b.nodes[i]; len(n.also) > 0 {
			reports := append(n.also, n.span)
			slices.SortFunc(reports, compareReports)
			n.span, n.also = reports[0], reports[1:]
		}
	}
	slices.SortFunc(b.nodes, func(x, y node) int { return compareSpans(x.span, y.span) })
	for i := range b.nodes {
		n := &b.nodes[i]
		b.byID[n.span.SpanID] = int32(i) // #nosec G115 -- as above
		n.data = readSpanData(allAttributes(n).All(), n.origin, b.rules)
	}
}

// compareSpans orders spans by start, then id.
func compareSpans(a, b *model.Span) int {
	return cmp.Or(cmp.Compare(a.StartTime, b.StartTime), bytes.Compare(a.SpanID[:], b.SpanID[:]))
}

// compareReports puts the report first that says most: an ended span, OpenTelemetry's own words, more attributes. What
// follows only makes the order the same whatever came first.
func compareReports(a, b *model.Span) int {
	rank := func(s *model.Span) int {
		n := 0
		if !s.Open {
			n += 2
		}
		if s.Origin == model.OriginOTel {
			n++
		}
		return n
	}
	if c := cmp.Or(-cmp.Compare(rank(a), rank(b)), -cmp.Compare(a.Attributes.Len(), b.Attributes.Len()), compareSpans(a, b)); c != 0 {
		return c
	}
	x, _ := json.Marshal(a)
	y, _ := json.Marshal(b)
	return cmp.Or(bytes.Compare(x, y), bytes.Compare(a.Payload, b.Payload))
}

// allAttributes returns the attributes of all reports of a span, the first report's on top.
func allAttributes(n *node) model.Packed {
	if len(n.also) == 0 {
		return n.span.Attributes
	}
	out := n.span.Attributes.Unpack()
	for _, s := range n.also {
		out = mergeDepth(s.Attributes.Unpack(), out, 1)
	}
	return model.Pack(out)
}

// findProcesses finds the process of every span, and which of them are one: those that report the same span, and that of a
// log or an event and its span's.
func (b *builder) findProcesses(view *TraceView) {
	var proofs, hints []link
	for i := range b.nodes {
		n := &b.nodes[i]
		n.proc = b.process(n.span.Resource)
		for _, s := range n.also {
			proofs = append(proofs, link{n.proc, b.process(s.Resource)})
		}
	}
	for _, l := range view.Logs {
		if own := b.process(l.Resource); !l.SpanID.IsZero() {
			if i, ok := b.byID[l.SpanID]; ok && b.nodes[i].proc != own {
				hints = append(hints, link{b.nodes[i].proc, own})
			}
		}
	}
	for _, ev := range view.Events {
		own := b.process(ev.Resource)
		if i, ok := b.byID[ev.SpanID]; ok && b.nodes[i].proc != own {
			hints = append(hints, link{b.nodes[i].proc, own})
		}
	}
	for _, l := range view.ProcessLogs {
		b.process(l.Resource)
	}
	for _, s := range view.ProcessSpans {
		b.process(s.Resource)
	}
	b.unite(proofs, hints)
	b.procs = make([]proc, len(b.unions))
	for i := range b.procs {
		b.procs[i] = proc{tree: none, sole: none, ring: none}
	}
	for r, id := range b.byResource {
		if browserPage(r) {
			b.procs[b.unions.find(id)].browser = true
		}
	}
	for i := range b.nodes {
		b.nodes[i].proc = b.unions.find(b.nodes[i].proc)
	}
}

// process returns the process of a resource. Equal resources usually share one value, so its address is a quick key.
func (b *builder) process(r *model.Resource) int32 {
	if id, ok := b.byResource[r]; ok {
		return id
	}
	key := processKey(r)
	id, ok := b.procByKey[key]
	if !ok {
		id = b.unions.add()
		b.procByKey[key] = id
	}
	b.byResource[r] = id
	return id
}

// link finds the parents that are part of the same work.
func (b *builder) link() {
	b.parents = make([]int32, len(b.nodes))
	for i := range b.nodes {
		b.parents[i] = none
		if parent, ok := b.byID[b.nodes[i].span.ParentSpanID]; ok {
			b.parents[i] = parent
		}
	}
	b.cutCycles()
	for i := range b.nodes {
		b.classify(int32(i)) // #nosec G115 -- fewer than spans
	}
}

// cutCycles makes the earliest span of every cycle of parents one without a known parent.
func (b *builder) cutCycles() {
	const unseen, done = 0, -1
	seen := make([]int32, len(b.nodes)) // on which walk a node was seen first
	for start := range b.nodes {
		walk := int32(start + 1) // #nosec G115 -- fewer than spans
		i := int32(start)        // #nosec G115 -- as above
		for i != none && seen[i] == unseen {
			seen[i] = walk
			i = b.parents[i]
		}
		if i != none && seen[i] == walk {
			first := i
			for j := b.parents[i]; j != i; j = b.parents[j] {
				first = min(first, j)
			}
			b.parents[first] = none
		}
		for i = int32(start); i != none && seen[i] == walk; i = b.parents[i] { // #nosec G115 -- as above
			seen[i] = done
		}
	}
}

// OTLP Span.flags that say whether the parent is in another process.
const (
	hasIsRemote = 0x100
	isRemote    = 0x200
)

// classify decides whether a span is an isolation root, and which parent its scopes are forked from.
func (b *builder) classify(i int32) {
	n, parent := &b.nodes[i], b.parents[i]
	s := n.span
	knows, remote := s.Flags&hasIsRemote != 0, s.Flags&(hasIsRemote|isRemote) == hasIsRemote|isRemote
	var isolate *bool
	if n.data != nil {
		isolate = n.data.isolate
	}
	cancelled := isolate != nil && !*isolate // R7; a root without a parent in its process stays one
	entry := s.Kind == model.KindServer || s.Kind == model.KindConsumer
	switch {
	case s.ParentSpanID.IsZero(), remote: // R1, R2
		n.root, n.final, n.caller = true, true, parent
	case parent == none: // R4, R5, else R8: a root until the parent comes
		n.root = true
		n.final = !cancelled && (entry && !knows || isSegment(n)) || isolate != nil && *isolate
	case b.nodes[parent].proc != n.proc: // R3; and whatever the flags say, nothing crosses a process boundary
		n.root, n.final, n.caller = true, true, parent
	default:
		n.local = parent
		n.root = isolate != nil && *isolate || !cancelled && b.forks(n) // R7, R5, R6
		n.final, n.nested = n.root, n.root
	}
}

// forks reports whether a span with a parent in its own process is a unit of work of its own: the root of a Sentry
// transaction (R5), a message being processed (R6), or where configured a server span.
func (b *builder) forks(n *node) bool {
	switch n.span.Kind {
	case model.KindServer:
		if b.rules.NestedServer == NestedServerFork {
			return true
		}
	case model.KindConsumer:
		switch firstText(n.span.Attributes.Unpack(), []string{"messaging.operation.type", "messaging.operation"}) {
		case "", "process", "deliver": // deliver is what process was called before
			return true
		}
	}
	return isSegment(n)
}

// isSegment reports whether a Sentry SDK says that a transaction starts here.
func isSegment(n *node) bool {
	for _, s := range append(n.also[:len(n.also):len(n.also)], n.span) {
		if s.Origin == model.OriginSentry && (s.Payload != nil || !s.EventID.IsZero()) {
			return true
		}
		if v, ok := s.Attributes.Get("sentry.is_segment"); ok {
			segment, _ := truth(v)
			return segment
		}
	}
	return false
}

// findTrees gives every span its isolation scope and the pointers by which its scopes are found.
func (b *builder) findTrees() {
	for i := range b.nodes {
		n := &b.nodes[i]
		if !n.root {
			continue
		}
		pr := &b.procs[n.proc]
		pr.roots++
		pr.sole = int32(i) // #nosec G115 -- fewer than spans
		if pr.browser && pr.tree != none {
			n.tree = pr.tree
			continue
		}
		n.tree = int32(len(b.trees)) // #nosec G115 -- as above
		b.trees = append(b.trees, tree{root: int32(i), outer: none, ring: b.ring(model.LayerIsolation)})
		if pr.browser {
			pr.tree = n.tree
		}
	}
	for i := range b.procs {
		b.procs[i].ring = b.ring(model.LayerGlobal)
	}
	placed := make([]bool, len(b.nodes))
	var path []int32
	for i := range b.nodes {
		for j := int32(i); j != none && !placed[j]; j = b.nodes[j].local { // #nosec G115 -- as above
			path = append(path, j)
			placed[j] = true
		}
		for ; len(path) > 0; path = path[:len(path)-1] {
			b.place(path[len(path)-1])
		}
	}
	for i := range b.nodes {
		b.register(int32(i)) // #nosec G115 -- as above
	}
	for i := range b.trees {
		t := &b.trees[i]
		slices.SortFunc(t.writers, func(x, y int32) int { return b.compareWriters(t, x, y) })
	}
}

// place fills in what a node has of its local parent, which is placed.
func (b *builder) place(i int32) {
	n := &b.nodes[i]
	if n.local != none {
		parent := &b.nodes[n.local]
		n.scope, n.up = parent.scope, parent.up
		if parent.data != nil {
			n.up = n.local
		}
		if !n.root {
			n.tree = parent.tree
		} else if n.tree != parent.tree { // on a browser page all is one
			b.trees[n.tree].outer = parent.tree
		}
	}
	if n.data != nil && n.data.breadcrumbs { // R14
		n.scope = i
		layer := model.LayerCurrent
		if n.root {
			layer = model.LayerIsolation
		}
		n.ring = b.ring(layer)
		return
	}
	if n.scope != none {
		n.ring = b.nodes[n.scope].ring
		return
	}
	n.ring = b.trees[n.tree].ring
}

// register notes in its tree and its process what a node writes to their scopes.
func (b *builder) register(i int32) {
	n := &b.nodes[i]
	t := &b.trees[n.tree]
	for _, s := range append(n.also[:len(n.also):len(n.also)], n.span) {
		if s.Origin == model.OriginSentry && s.Payload != nil {
			t.transactions = append(t.transactions, i) // R19
			break
		}
	}
	if n.data == nil {
		return
	}
	if n.data.plain != nil {
		n.data.plain.Name = model.LayerCurrent
		if n.root {
			n.data.plain.Name = model.LayerIsolation // R13
		}
	}
	if n.data.global != nil {
		pr := &b.procs[n.proc]
		pr.global = append(pr.global, i)
	}
	if n.data.isolation != nil || n.data.user != nil || !n.data.session.IsNull() || n.root && n.data.plain != nil {
		t.writers = append(t.writers, i)
	}
}

// compareWriters orders what writes to an isolation scope: the latest wins, and the root loses only to a later one (R11).
func (p *Prepared) compareWriters(t *tree, x, y int32) int {
	if x == y {
		return 0
	}
	if c := cmp.Compare(p.nodes[x].span.StartTime, p.nodes[y].span.StartTime); c != 0 {
		return c
	}
	switch t.root {
	case x:
		return 1
	case y:
		return -1
	}
	return cmp.Compare(x, y)
}

// addGlobals adds the spans of other traces that set data on global scopes.
func (b *builder) addGlobals(spans []*model.Span) {
	type writer struct {
		span *model.Span
		data *spanData
	}
	byProc := map[int32][]writer{}
	for _, s := range spans {
		if _, here := b.byID[s.SpanID]; here && s.TraceID == b.trace {
			continue
		}
		if d := readSpanData(s.Attributes.All(), func() string { return spanOrigin(s.SpanID) }, b.rules); d != nil && d.global != nil {
			id := b.unions.find(b.process(s.Resource))
			byProc[id] = append(byProc[id], writer{s, d})
		}
	}
	for id, others := range byProc {
		pr := &b.procs[id]
		for _, i := range pr.global {
			others = append(others, writer{b.nodes[i].span, b.nodes[i].data})
		}
		slices.SortFunc(others, func(x, y writer) int {
			return cmp.Or(compareSpans(x.span, y.span), bytes.Compare(x.span.TraceID[:], y.span.TraceID[:]))
		})
		for _, w := range others {
			pr.globals = append(pr.globals, w.data)
		}
	}
	for i := range b.procs {
		pr := &b.procs[i]
		if pr.globals == nil {
			for _, n := range pr.global {
				pr.globals = append(pr.globals, b.nodes[n].data)
			}
		}
	}
}
