import { describe, expect, it } from 'vitest'
import * as data from '../../tools/fixtures.mjs'
import type { Trace, TraceSummary } from '../wire/model.gen.ts'
import { flameBoxes, sumRoots, sumSpans } from './aggregate.ts'
import { buildTree } from './tree.ts'

const tree = buildTree(data.checkoutTrace().trace as Trace)

describe('sumSpans', () => {
  const sums = sumSpans(tree.byId.values())
  it('loses no span and no time', () => {
    expect(sums.reduce((n, s) => n + s.count, 0)).toBe(tree.byId.size)
    expect(sums.reduce((n, s) => n + s.total, 0)).toBe([...tree.byId.values()].reduce((n, node) => n + node.span.duration_ns, 0))
    expect(sums.length).toBeLessThan(tree.byId.size)
  })
  it('selects the slowest', () => {
    for (const sum of sums) {
      expect(tree.byId.get(sum.slowest)!.span.duration_ns).toBe(sum.max)
      expect(sum.max).toBeGreaterThanOrEqual(sum.total / sum.count)
    }
  })
})

describe('sumRoots', () => {
  const trace = (name: string, ms: number, more: Partial<TraceSummary> = {}) => ({ root_name: name, duration_ns: ms * 1e6, error_count: 0, status: 'ok', start_time: `2026-11-21T14:00:0${ms % 10}Z`, ...more }) as TraceSummary
  it('counts, takes the median and the slowest, the most frequent first', () => {
    const [first, second] = sumRoots([trace('a', 1), trace('b', 5), trace('b', 1, { error_count: 2 }), trace('b', 3)])
    expect(first).toMatchObject({ name: 'b', count: 3, errors: 1, p50: 3e6, max: 5e6 })
    expect(first!.newest.duration_ns).toBe(5e6)
    expect(second).toMatchObject({ name: 'a', count: 1, p50: 1e6 })
  })
})

describe('flameBoxes', () => {
  it('draws every span once, below its parent, and none over another', () => {
    const { boxes, levels } = flameBoxes(tree)
    expect(boxes).toHaveLength(tree.byId.size)
    const level = new Map(boxes.map((box) => [box.node.id, box.level]))
    for (const { node } of boxes) {
      const above = node.span.parent_span_id
      if (above !== undefined && level.has(above)) expect(level.get(node.id)!).toBeGreaterThan(level.get(above)!)
    }
    for (let l = 0; l < levels; l++) {
      const row = boxes.filter((box) => box.level === l).sort((a, b) => a.node.start - b.node.start || a.node.end - b.node.end)
      for (let i = 1; i < row.length; i++) expect(row[i]!.node.start).toBeGreaterThanOrEqual(row[i - 1]!.node.end)
    }
  })
})
