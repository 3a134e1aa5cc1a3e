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
  children: Node[]
}
export interface MissingNode {
  kind: 'missing'
  id: string
  missing: MissingParent
  children: Node[]
}
export type Node = SpanNode | GroupNode | MissingNode

export interface Tree {
  roots: Node[]
  byId: Map<string, SpanNode>
  /** The node above, for every node but roots; a member's is its group. */
  parent: Map<Node, Node>
  start: Instant
  /** Nanoseconds the time axis covers. */
  extent: number
  /** Times are as the services said, not on one clock. */
  raw: boolean
}

/** raw: with every service on its own clock, as it said, instead of on the root's. */
export function buildTree(trace: Trace, raw = false): Tree {
  let start = parseTime(trace.start_time)
  const byId = new Map<string, SpanNode>()
  for (const span of trace.spans) {
    const from = nsBetween(start, parseTime(span.start_time)) + (raw ? 0 : span.clock_offset_ns ?? 0)
    byId.set(span.span_id, { kind: 'span', id: span.span_id, span, start: from, end: from + Math.max(0, span.duration_ns), children: [] })
  }
  if (raw) start = fromFirst(start, byId.values())
  const missing = new Map<string, MissingNode>()
  for (const m of trace.missing_parents ?? []) missing.set(m.span_id, { kind: 'missing', id: m.span_id, missing: m, children: [] })

  const roots: Node[] = []
  for (const node of byId.values()) {
    const above = node.span.parent_row ?? node.span.parent_span_id ?? ''
    const list = above === '' || above === node.id ? roots : (byId.get(above) ?? missing.get(above))?.children ?? roots
    list.push(node)
  }
  for (const node of missing.values()) if (node.children.length > 0) roots.push(node)
  untangle(roots, byId)
  sortAll(roots, start)
  groupEqual(roots)
  return { roots, byId, parent: parentsOf(roots), start, extent: Math.max(1, raw ? latest(byId) : 0, trace.extent_ns ?? trace.duration_ns), raw }
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
function untangle(roots: Node[], byId: Map<string, SpanNode>): void {
  const todo = [...roots]
  let reached = 0
  for (let node = todo.pop(); node !== undefined; node = todo.pop()) {
    if (node.kind === 'span') reached++
    for (const child of node.children) todo.push(child)
  }
  if (reached < byId.size) cut(roots, byId)
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

function sortAll(roots: Node[], start: Instant): void {
  const at = (node: Node) => (node.kind === 'missing' ? nsBetween(start, parseTime(node.missing.start_time)) : node.start)
  const before = (a: Node, b: Node) => at(a) - at(b) || (a.id < b.id ? -1 : 1)
  const todo: Node[][] = [roots]
  for (let list = todo.pop(); list !== undefined; list = todo.pop()) {
    if (!list.every((node, i) => i === 0 || before(list[i - 1]!, node) <= 0)) list.sort(before)
    for (const node of list) if (node.children.length > 0) todo.push(node.children)
  }
}

function groupEqual(roots: Node[]): void {
  const todo: Node[][] = [roots]
  for (let list = todo.pop(); list !== undefined; list = todo.pop()) {
    for (const node of list) if (node.children.length > 0) todo.push(node.children)
    if (list.length < GROUP_FROM) continue
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
      const group: GroupNode = {
        kind: 'group', id: `${members[0]!.id}×${key}`, members, children: members,
        start: members.reduce((min, m) => Math.min(min, m.start), Infinity),
        end: members.reduce((max, m) => Math.max(max, m.end), -Infinity),
        total: members.reduce((sum, m) => sum + m.span.duration_ns, 0),
      }
      members.forEach((member, i) => groups.set(member, i === 0 ? group : undefined))
    }
    if (groups.size === 0) continue
    const grouped = list.flatMap((node) => (groups.has(node) ? groups.get(node) ?? [] : node))
    list.splice(0, list.length, ...grouped)
  }
}

function parentsOf(roots: Node[]): Map<Node, Node> {
  const parent = new Map<Node, Node>()
  const todo = [...roots]
  for (let node = todo.pop(); node !== undefined; node = todo.pop()) {
    for (const child of node.children) {
      parent.set(child, node)
      todo.push(child)
    }
  }
  return parent
}

/** The nodes above a node, nearest first. */
export function ancestors(tree: Tree, node: Node): Node[] {
  const list: Node[] = []
  for (let above = tree.parent.get(node); above !== undefined; above = tree.parent.get(above)) list.push(above)
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
