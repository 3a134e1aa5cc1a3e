// The spans of a trace as a tree for display. The Collector has already decided who hangs under whom and what is missing
// (translate/tracetree says the order); this file places the rows, and folds equal siblings into groups.
//
//   web   ui.click                 node (span)
//     orders  SELECT inventory ×24   node (group), its members below it when opened
//     Missing parent 7f3a…           node (missing)
//       mailer  send_receipt
import { nsBetween, parseTime, type Instant } from './time.ts'
import type { MissingParent, Trace, TraceSpan } from '../wire/model.gen.ts'

/** Equal siblings from which on they fold into one row. */
export const GROUP_FROM = 5

export interface SpanNode {
  kind: 'span'
  id: string
  span: TraceSpan
  /** Nanoseconds after the trace began, on the root's clock. */
  start: number
  end: number
  /** What it hangs under; its group, if it is a member of one. Roots have none. */
  parent: Node | undefined
  children: Node[]
}
export interface GroupNode {
  kind: 'group'
  id: string
  members: SpanNode[]
  start: number
  end: number
  /** Sum of the members' durations. */
  total: number
  parent: Node | undefined
  children: Node[]
}
export interface MissingNode {
  kind: 'missing'
  id: string
  missing: MissingParent
  start: number
  /** Never: it is a root. */
  parent: undefined
  children: Node[]
}
export type Node = SpanNode | GroupNode | MissingNode

export interface Tree {
  roots: Node[]
  /** In the order of the trace's spans. */
  byId: Map<string, SpanNode>
  /** Parents that are not here; those with nothing below them are not among the roots. */
  missing: Map<string, MissingNode>
  /** Ids that spans name as their parent, and of which nothing is known: those spans are roots. */
  unknown: Set<string>
  start: Instant
  /** Nanoseconds the time axis covers. */
  extent: number
  /** Times are as the services said, not on one clock. */
  raw: boolean
  /** Parents formed a cycle, which was cut somewhere. */
  cut: boolean
}

/** raw: with every service on its own clock, as it said, instead of on the root's. */
export function buildTree(trace: Trace, raw = false): Tree {
  let start = parseTime(trace.start_time)
  const byId = new Map<string, SpanNode>()
  for (const span of trace.spans) byId.set(span.span_id, spanNode(span, start, raw))
  if (raw) start = fromFirst(start, byId.values())
  const missing = new Map<string, MissingNode>()
  for (const m of trace.missing_parents ?? []) missing.set(m.span_id, missingNode(m, start))

  const tree: Tree = {
    roots: [], byId, missing, unknown: new Set(), start, extent: Math.max(1, raw ? latest(byId) : 0, extentOf(trace)), raw, cut: false,
  }
  for (const node of byId.values()) (placeOf(tree, node)?.children ?? tree.roots).push(node)
  for (const node of missing.values()) if (node.children.length > 0) tree.roots.push(node)
  tree.cut = untangle(tree.roots, byId)
  const todo = [...tree.roots]
  tree.roots = arrange(tree.roots, undefined)
  for (let node = todo.pop(); node !== undefined; node = todo.pop()) {
    if (node.children.length === 0) continue
    for (const child of node.children) todo.push(child)
    node.children = arrange(node.children, node)
  }
  return tree
}

export function spanNode(span: TraceSpan, start: Instant, raw: boolean): SpanNode {
  const from = startOf(span, start, raw)
  return { kind: 'span', id: span.span_id, span, start: from, end: from + Math.max(0, span.duration_ns), parent: undefined, children: [] }
}

/** Nanoseconds after start at which a span begins, on the root's clock or, raw, on its own. */
export const startOf = (span: TraceSpan, start: Instant, raw: boolean): number => nsBetween(start, parseTime(span.start_time)) + (raw ? 0 : span.clock_offset_ns ?? 0)

export const missingNode = (missing: MissingParent, start: Instant): MissingNode =>
  ({ kind: 'missing', id: missing.span_id, missing, start: nsBetween(start, parseTime(missing.start_time)), parent: undefined, children: [] })

export const extentOf = (trace: Trace): number => trace.extent_ns ?? trace.duration_ns

/** The id a span hangs under; none for a root. */
export const parentId = (span: TraceSpan): string => {
  const above = span.parent_row ?? span.parent_span_id ?? ''
  return above === span.span_id ? '' : above
}

/** What a span hangs under; nothing when it is a root, or nobody knows its parent, which is noted then. */
export function placeOf(tree: Tree, node: SpanNode): SpanNode | MissingNode | undefined {
  const above = parentId(node.span)
  if (above === '') return undefined
  const place = tree.byId.get(above) ?? tree.missing.get(above)
  if (place === undefined) tree.unknown.add(above)
  return place
}

// A clock that is behind begins before the trace does: the axis then begins with it, in whole milliseconds.
function fromFirst(start: Instant, nodes: Iterable<SpanNode>): Instant {
  const all = [...nodes]
  const ms = Math.ceil(-all.reduce((min, node) => Math.min(min, node.start), 0) / 1e6)
  for (const node of all) {
    node.start += ms * 1e6
    node.end += ms * 1e6
  }
  return { ms: start.ms - ms, ns: start.ns }
}

const latest = (byId: ReadonlyMap<string, SpanNode>): number => [...byId.values()].reduce((max, node) => Math.max(max, node.end), 0)

// The Collector takes parents that form a cycle apart. Should it ever not, no span may be lost and nothing may run forever.
// Every node stands in one list only, so what is reached from the roots is reached once, and what is not is in a cycle.
function untangle(roots: Node[], byId: Map<string, SpanNode>): boolean {
  const todo = [...roots]
  let reached = 0
  for (let node = todo.pop(); node !== undefined; node = todo.pop()) {
    if (node.kind === 'span') reached++
    for (const child of node.children) todo.push(child)
  }
  if (reached === byId.size) return false
  cut(roots, byId)
  return true
}

function cut(roots: Node[], byId: Map<string, SpanNode>): void {
  const seen = new Set<Node>()
  const visit = (from: Node) => {
    const todo = [from]
    for (let node = todo.pop(); node !== undefined; node = todo.pop()) {
      seen.add(node)
      node.children = node.children.filter((child) => !seen.has(child))
      todo.push(...node.children)
    }
  }
  for (const root of [...roots]) visit(root)
  for (const node of byId.values()) {
    if (seen.has(node)) continue
    roots.push(node)
    visit(node)
  }
}

const before = (a: Node, b: Node): number => a.start - b.start || (a.id < b.id ? -1 : 1)

/** Siblings in their order, equal ones in groups; each is told what is above it. The list that is given is used up. */
export function arrange(list: Node[], above: Node | undefined): Node[] {
  for (let i = 1; i < list.length; i++) {
    if (before(list[i - 1]!, list[i]!) <= 0) continue
    list.sort(before)
    break
  }
  const grouped = list.length < GROUP_FROM ? list : group(list)
  for (const node of grouped) {
    node.parent = node.kind === 'missing' ? undefined : above
    if (node.kind === 'group') for (const member of node.members) member.parent = node
  }
  return grouped
}

function group(list: Node[]): Node[] {
  const byKey = new Map<string, SpanNode[]>()
  for (const node of list) {
    if (node.kind !== 'span' || !node.span.fold_key) continue
    const same = byKey.get(node.span.fold_key)
    if (same === undefined) byKey.set(node.span.fold_key, [node])
    else same.push(node)
  }
  const groups = new Map<Node, GroupNode | undefined>()
  for (const [key, members] of byKey) {
    if (members.length < GROUP_FROM) continue
    const one: GroupNode = {
      kind: 'group', id: `${members[0]!.id}×${key}`, members, children: members,
      start: members.reduce((min, m) => Math.min(min, m.start), Infinity),
      end: members.reduce((max, m) => Math.max(max, m.end), -Infinity),
      total: members.reduce((sum, m) => sum + m.span.duration_ns, 0),
      parent: undefined,
    }
    members.forEach((member, i) => groups.set(member, i === 0 ? one : undefined))
  }
  return groups.size === 0 ? list : list.flatMap((node) => (groups.has(node) ? groups.get(node) ?? [] : node))
}

/** The nodes above a node, nearest first. */
export function ancestors(node: Node): Node[] {
  const list: Node[] = []
  for (let above = node.parent; above !== undefined; above = above.parent) list.push(above)
  return list
}

/** The node and everything below it. */
export function subtree(node: Node): Node[] {
  const list: Node[] = [node]
  for (let i = 0; i < list.length; i++) list.push(...list[i]!.children)
  return list
}

/** Nodes with something below them at this depth or deeper; roots are at 0. Follows from the tree, not from what spans say. */
export function deeperThan(tree: Tree, depth: number): Set<string> {
  const ids = new Set<string>()
  let level: Node[] = tree.roots
  for (let at = 0; level.length > 0; at++) {
    const next: Node[] = []
    for (const node of level) {
      if (at >= depth && node.kind !== 'group' && node.children.length > 0) ids.add(node.id)
      for (const child of node.children) next.push(child)
    }
    level = next
  }
  return ids
}
