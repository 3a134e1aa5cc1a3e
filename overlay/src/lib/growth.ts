// The tree of a trace that is still growing. A change places anew what it touches and leaves the rest where it is: the tree
// is the one that buildTree makes of the same trace, at the cost of the change. Of what is rare (a new beginning, spans that
// leave, cycles, most spans changed at once) the tree is built from scratch.
import { arrange, buildTree, extentOf, missingNode, parentId, placeOf, spanNode, startOf, type MissingNode, type Node, type SpanNode, type Tree } from './tree.ts'
import type { Trace, TraceSpan } from '../wire/model.gen.ts'

/** Of so many parts of the spans one may have changed; with more, building from scratch is no slower. */
const FEW = 4

/** Makes the tree of one state of a trace after the other. Nodes are kept and changed: only the newest tree is of use. */
export function createGrowth(): (trace: Trace, raw: boolean) => Tree {
  let last: { trace: Trace; tree: Tree } | undefined
  return (trace, raw) => {
    const tree = (last === undefined || raw ? undefined : grow(last.tree, last.trace, trace)) ?? buildTree(trace, raw)
    last = { trace, tree }
    return tree
  }
}

// undefined when it has to be built from scratch; what was done to the tree until then does not matter.
function grow(tree: Tree, was: Trace, now: Trace): Tree | undefined {
  const changed = changedSpans(was.spans, now.spans)
  if (tree.raw || tree.cut || changed === undefined || was.start_time !== now.start_time) return undefined
  const { byId, missing, unknown, start } = tree
  /** Spans whose place has to be found (again). */
  const placing = new Set<SpanNode>()
  /** What comes into the list of children of a node, which is arranged anew. */
  const lists = new Map<SpanNode | MissingNode, Node[]>()
  const toRoots: Node[] = []
  let roots = false
  const into = (above: SpanNode | MissingNode | undefined): Node[] => {
    if (above === undefined) {
      roots = true
      return toRoots
    }
    let list = lists.get(above)
    if (list === undefined) lists.set(above, (list = []))
    return list
  }
  const leave = (node: SpanNode) => {
    placing.add(node)
    const above = node.parent?.kind === 'group' ? node.parent.parent : node.parent
    into(above as SpanNode | MissingNode | undefined)
  }

  for (const span of changed) {
    const node = byId.get(span.span_id)
    if (node === undefined) {
      if (unknown.has(span.span_id)) return undefined
      const made = spanNode(span, start, false)
      byId.set(made.id, made)
      placing.add(made)
      spansOf(missing.get(made.id)).forEach(leave)
      continue
    }
    const { start: from, span: old } = node
    node.span = span
    node.start = startOf(span, start, false)
    node.end = node.start + Math.max(0, span.duration_ns)
    if (node.start !== from || old.duration_ns !== span.duration_ns || parentId(old) !== parentId(span) || old.fold_key !== span.fold_key) leave(node)
  }
  if (was.missing_parents !== now.missing_parents) {
    const named = new Set<string>()
    for (const m of now.missing_parents ?? []) {
      named.add(m.span_id)
      const node = missing.get(m.span_id)
      if (node === undefined) {
        if (unknown.has(m.span_id)) return undefined
        missing.set(m.span_id, missingNode(m, start))
      } else if (node.missing !== m) {
        node.missing = m
        node.start = missingNode(m, start).start
        roots = true
      }
    }
    for (const node of missing.values()) {
      if (named.has(node.id)) continue
      missing.delete(node.id)
      spansOf(node).forEach(leave)
    }
  }

  for (const node of placing) {
    const above = placeOf(tree, node)
    // Only what has something below it can close a cycle.
    if (node.children.length > 0 || lists.has(node)) for (let at: Node | undefined = above; at !== undefined; at = at.parent) if (at === node) return undefined
    into(above).push(node)
    node.parent = above
  }
  const stays = (node: Node) => !placing.has(node as SpanNode)
  for (const [above, more] of lists) {
    const hidden = above.children.length === 0
    above.children = arrange([...spansOf(above).filter(stays), ...more], above)
    if (above.kind === 'span') continue
    if (hidden) toRoots.push(above)
    roots = true
  }
  const here = (node: Node) => (node.kind === 'missing' ? node.children.length > 0 : stays(node))
  return { ...tree, roots: roots ? arrange([...ungrouped(tree.roots).filter(here), ...toRoots], undefined) : tree.roots, extent: Math.max(1, extentOf(now)) }
}

const ungrouped = (list: readonly Node[]): Node[] => list.flatMap((node) => (node.kind === 'group' ? node.members : node))

/** The spans right below a node, those in groups too. */
const spansOf = (node: SpanNode | MissingNode | undefined): SpanNode[] => (node === undefined ? [] : (ungrouped(node.children) as SpanNode[]))

// The lists keep their order: what is new comes last, what changed stays where it was.
function changedSpans(was: readonly TraceSpan[], now: readonly TraceSpan[]): TraceSpan[] | undefined {
  if (now.length < was.length) return undefined
  const most = now.length / FEW
  const changed: TraceSpan[] = []
  for (let i = 0; i < now.length; i++) {
    const span = now[i]!
    if (span === was[i]) continue
    if (changed.length >= most || (i < was.length && span.span_id !== was[i]!.span_id)) return undefined
    changed.push(span)
  }
  return changed
}
