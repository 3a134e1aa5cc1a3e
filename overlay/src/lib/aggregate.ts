// Many as few: the spans of a trace by what they do, traces by what they began with, and the boxes of a flame graph.
import type { Node, SpanNode, Tree } from './tree.ts'
import type { TraceSummary } from '../wire/model.gen.ts'

/** Spans of one service that do the same; times in nanoseconds. */
export interface Sum {
  key: string
  service: string
  op: string
  name: string
  count: number
  errors: number
  total: number
  self: number
  max: number
  /** The slowest of them: what a click selects. */
  slowest: string
}

export function sumSpans(spans: Iterable<SpanNode>): Sum[] {
  const sums = new Map<string, Sum>()
  for (const { id, span } of spans) {
    const op = span.op ?? span.kind
    const key = `${span.service}\n${op}\n${span.name}`
    let sum = sums.get(key)
    if (sum === undefined) {
      sum = { key, service: span.service, op, name: span.name, count: 0, errors: 0, total: 0, self: 0, max: -1, slowest: id }
      sums.set(key, sum)
    }
    sum.count++
    sum.total += span.duration_ns
    sum.self += span.self_ns
    if (span.status === 'error') sum.errors++
    if (span.duration_ns > sum.max) {
      sum.max = span.duration_ns
      sum.slowest = id
    }
  }
  return [...sums.values()]
}

/** Traces that began with the same; durations in nanoseconds. */
export interface RootSum { name: string; count: number; errors: number; p50: number; max: number; newest: TraceSummary }

/** The most frequent first, of equally many the newest. */
export function sumRoots(traces: readonly TraceSummary[]): RootSum[] {
  const groups = new Map<string, TraceSummary[]>()
  for (const trace of traces) {
    const same = groups.get(trace.root_name)
    if (same === undefined) groups.set(trace.root_name, [trace])
    else same.push(trace)
  }
  const sums = [...groups].map(([name, members]): RootSum => {
    const times = members.map((t) => t.duration_ns).sort((a, b) => a - b)
    return {
      name, count: members.length, errors: members.filter((t) => t.error_count > 0 || t.status === 'error').length,
      p50: times[Math.ceil(times.length / 2) - 1]!, max: times[times.length - 1]!,
      newest: members.reduce((a, b) => (a.start_time < b.start_time ? b : a)),
    }
  })
  return sums.sort((a, b) => b.count - a.count || (a.newest.start_time < b.newest.start_time ? 1 : -1))
}

/** A span in the flame graph: at which level it is drawn. */
export interface Box { node: SpanNode; level: number }

/**
 * Every span below its parent, in order of time. Spans that run side by side would cover each other: the later one goes
 * down to the next level that is free, and what hangs below it with it.
 */
export function flameBoxes(tree: Tree): { boxes: Box[]; levels: number } {
  const boxes: Box[] = []
  const free: number[] = [] // by level: when the last box there ends
  const todo: { node: Node; above: number }[] = tree.roots.toReversed().map((node) => ({ node, above: -1 }))
  for (let at = todo.pop(); at !== undefined; at = todo.pop()) {
    let below = at.above
    if (at.node.kind === 'span') {
      let level = at.above + 1
      while ((free[level] ?? -Infinity) > at.node.start) level++
      free[level] = Math.max(free[level] ?? -Infinity, at.node.end)
      boxes.push({ node: at.node, level })
      below = level
    }
    for (let i = at.node.children.length - 1; i >= 0; i--) todo.push({ node: at.node.children[i]!, above: below })
  }
  return { boxes, levels: free.length }
}
