// The rows of the waterfall: the tree, flattened after what is folded and filtered. Kept as folded and opened sets, so that
// nothing is the default.
import type { GroupNode, MissingNode, Node, SpanNode, Tree } from './tree.ts'
import type { EventSummary } from '../wire/model.gen.ts'

/** Levels that get a guide; deeper rows are drawn at this indentation. */
export const MAX_INDENT = 24

interface Base {
  /** Unique among the rows. */
  key: string
  depth: number
  /** Bit n is set when the ancestor n levels above this row's own level has a sibling further down. */
  guides: number
  last: boolean
  setSize: number
  position: number
}
export interface SpanRow extends Base { kind: 'span'; node: SpanNode; folded: boolean }
export interface GroupRow extends Base { kind: 'group'; node: GroupNode; folded: boolean }
export interface MissingRow extends Base { kind: 'missing'; node: MissingNode; folded: boolean }
export interface ErrorRow extends Base { kind: 'error'; node: SpanNode; event: EventSummary }
export interface HiddenRow extends Base { kind: 'hidden'; spans: number; errors: number }
export type Row = SpanRow | GroupRow | MissingRow | ErrorRow | HiddenRow

export interface RowOptions {
  /** Ids of nodes whose children are not shown. */
  folded: ReadonlySet<string>
  /** Ids of groups whose members are shown. */
  opened: ReadonlySet<string>
  errors: ReadonlyMap<string, readonly EventSummary[]>
  /** Shows what matches and the way to it, and in place of the rest how much there is. */
  only?: (node: SpanNode) => boolean
}

/** Whether a row has a span that matches. Asked of the rows in sight, so that no filter makes all rows anew. */
export const matches = (row: Row, match: (node: SpanNode) => boolean): boolean =>
  row.kind === 'span' ? match(row.node) : row.kind === 'group' ? row.node.members.some(match) : true

export function flatten(tree: Tree, options: RowOptions): Row[] {
  const { folded, opened, errors, only } = options
  const keep = only === undefined ? undefined : matchingWithAncestors(tree, only)
  const rows: Row[] = []

  type Frame = { list: Node[]; at: number; depth: number; guides: number; extra: number; size: number }
  const stack: Frame[] = []
  const push = (list: Node[], depth: number, guides: number, extra: number) => {
    let shown = list
    if (keep !== undefined) {
      shown = list.filter((node) => keep.has(node))
    }
    const cut = list.length - shown.length
    stack.push({ list: shown, at: 0, depth, guides, extra, size: shown.length + extra + (cut > 0 ? 1 : 0) })
    if (cut > 0) hidden.set(stack.length - 1, list.filter((node) => !keep!.has(node)))
  }
  const hidden = new Map<number, Node[]>()
  push(tree.roots, 0, 0, 0)

  while (stack.length > 0) {
    const frame = stack[stack.length - 1]!
    if (frame.at >= frame.list.length) {
      const cut = hidden.get(stack.length - 1)
      if (cut !== undefined) {
        hidden.delete(stack.length - 1)
        const counts = countSpans(cut)
        rows.push({
          kind: 'hidden', key: `hidden ${cut[0]!.id}`, depth: frame.depth, guides: frame.guides, last: true, setSize: frame.size,
          position: frame.size, ...counts,
        })
      }
      stack.pop()
      continue
    }
    const node = frame.list[frame.at]!
    const { depth, guides, size: setSize } = frame
    const position = frame.extra + frame.at + 1
    frame.at++
    const last = position === setSize
    const closed = node.kind === 'group' ? !opened.has(node.id) : folded.has(node.id)
    const below = ((guides << 1) | (last ? 0 : 1)) & 0x3fffffff

    // Written out, not spread from a base: of ten thousand rows that is most of the time.
    if (node.kind === 'span') {
      const kids = closed ? 0 : node.children.length
      rows.push({ kind: 'span', key: node.id, depth, guides, last, setSize, position, node, folded: closed && node.children.length > 0 })
      const own = errors.get(node.id)
      own?.forEach((event, i) => {
        rows.push({
          kind: 'error', key: `error ${event.event_id}`, node, event, depth: depth + 1, guides: below,
          last: i === own.length - 1 && kids === 0, setSize: own.length + kids, position: i + 1,
        })
      })
      if (kids > 0) push(node.children, depth + 1, below, own?.length ?? 0)
    } else if (node.kind === 'group') {
      rows.push({ kind: 'group', key: node.id, depth, guides, last, setSize, position, node, folded: closed })
      if (!closed) push(node.children, depth + 1, below, 0)
    } else {
      rows.push({ kind: 'missing', key: node.id, depth, guides, last, setSize, position, node, folded: closed })
      if (!closed) push(node.children, depth + 1, below, 0)
    }
  }
  return rows
}

function matchingWithAncestors(tree: Tree, match: (node: SpanNode) => boolean): Set<Node> {
  const keep = new Set<Node>()
  for (const node of tree.byId.values()) {
    if (!match(node)) continue
    for (let at: Node | undefined = node; at !== undefined && !keep.has(at); at = at.parent) keep.add(at)
  }
  return keep
}

function countSpans(nodes: Node[]): { spans: number; errors: number } {
  let spans = 0
  let errors = 0
  const todo = [...nodes]
  for (let node = todo.pop(); node !== undefined; node = todo.pop()) {
    if (node.kind === 'span') {
      spans++
      if (node.span.status === 'error' || (node.span.errors?.length ?? 0) > 0) errors++
    }
    todo.push(...node.children)
  }
  return { spans, errors }
}

/** Which guide a cell of a row draws: a line through (v), a branch (e), the last branch (l), or nothing. Left to right. */
export function guideCells(row: Row): ('v' | 'e' | 'l' | '')[] {
  const cells: ('v' | 'e' | 'l' | '')[] = []
  const levels = Math.min(row.depth, MAX_INDENT)
  for (let above = levels - 1; above >= 1; above--) cells.push((row.guides >> (above - 1)) & 1 ? 'v' : '')
  if (levels > 0) cells.push(row.last ? 'l' : 'e')
  return cells
}
