import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { picture, time } from '../../tests/pictures.ts'
import { mergeTrace } from '../store/opened.ts'
import { createGrowth } from './growth.ts'
import { flatten } from './rows.ts'
import { buildTree, type Node, type Tree } from './tree.ts'
import type { MissingParent, Trace, TraceFrame, TraceSpan } from '../wire/model.gen.ts'

/** Everything a tree says, in order, without its cycles of references. */
function written(tree: Tree) {
  const node = (n: Node, above: Node | undefined): unknown => {
    const { parent, children, ...own } = n
    const rest = { hangs: parent === above, children: children.map((c) => node(c, n)) }
    return 'members' in own ? { ...own, ...rest, members: own.members.map((m) => m.id) } : { ...own, ...rest }
  }
  return {
    roots: tree.roots.map((n) => node(n, undefined)), byId: [...tree.byId].map(([id, n]) => [id, n.id, n.span.name]), extent: tree.extent, start: tree.start, raw: tree.raw,
    rows: flatten(tree, { folded: new Set(), opened: new Set(tree.roots.map((n) => n.id)), errors: new Map() }).map((row) => `${row.key} ${row.depth} ${row.guides} ${row.last} ${row.position}/${row.setSize}`),
  }
}
const same = (grown: Tree, trace: Trace, raw = false) => {
  const text = written(grown)
  expect(JSON.stringify(text)).not.toContain('"hangs":false')
  expect(text).toEqual(written(buildTree(trace, raw)))
}

const change = (before: Trace, more: Partial<TraceFrame>, spans: TraceSpan[] = [], missing: MissingParent[] = []): TraceFrame =>
  ({ trace_id: before.trace_id, version: before.version + 1, trace: { ...before, spans, missing_parents: missing, events: [], version: before.version + 1 }, ...more })

// Enough spans that a change of a few of them is placed, and not built from scratch.
const began = () => picture('root 0-100', ...Array.from({ length: 30 }, (_, i) => `  s${i} ${i}-${i + 5} ${i % 3 === 0 ? 'fold=q' : ''}`), '!m0', '  w0 3-4', '  w1 2-4')
const span = (line: string, more: Partial<TraceSpan> = {}): TraceSpan => ({ ...picture(line).spans[0]!, ...more })
const parentless = (id: string, at = 0): MissingParent => ({ span_id: id, depth: 0, children: 1, start_time: time(at) })

describe('a trace that grows', () => {
  it.each<[string, (trace: Trace) => TraceFrame]>([
    ['a child', (t) => change(t, {}, [span('n 7-8', { parent_span_id: 's3' })])],
    ['a root', (t) => change(t, {}, [span('n 0-8')])],
    ['a child and its child, the lower first', (t) => change(t, {}, [span('n 7-8', { parent_span_id: 'o' }), span('o 6-9', { parent_span_id: 's3' })])],
    ['one more of a group', (t) => change(t, {}, [span('n 0-8 fold=q', { parent_span_id: 'root' })])],
    ['a member of a group that is longer now', (t) => change(t, {}, [{ ...t.spans[1]!, duration_ns: 9e8 }])],
    ['one that leaves a group', (t) => change(t, {}, [{ ...t.spans[1]!, fold_key: undefined } as unknown as TraceSpan])],
    ['facts alone', (t) => change(t, { facts: [{ span_id: 's4', depth: 1, self_ns: 1, n_plus_one: 4 }] })],
    ['another row above', (t) => change(t, { facts: [{ span_id: 's4', depth: 1, self_ns: 1, parent_row: 's5' }, { span_id: 's3', depth: 1, self_ns: 1, parent_row: 's4' }] })],
    ['an orphan', (t) => change(t, {}, [span('n 4-8', { parent_span_id: 'm1' })], [parentless('m1', 4)])],
    ['one more orphan of the same parent', (t) => change(t, {}, [span('n 1-8', { parent_span_id: 'm0' })], [{ ...parentless('m0', 1), children: 3 }])],
    ['the parent that was missing', (t) => change(t, { removed: ['m0'] }, [span('m0 1-8', { parent_span_id: 's2' })])],
    ['the parent that was missing, as a root', (t) => change(t, { removed: ['m0'] }, [span('m0 1-8')])],
    ['a clock that moved', (t) => change(t, { facts: [{ span_id: 's9', depth: 1, self_ns: 1, clock_offset_ns: -2e7 }] })],
  ])('places %s, and nothing else', (_, frame) => {
    const before = began()
    const grow = createGrowth()
    const tree = grow(before, false)
    const nodes = [...tree.byId.values()]
    const after = mergeTrace(before, frame(before))!
    const grown = grow(after, false)
    same(grown, after)
    expect(grown).not.toBe(tree)
    expect([...grown.byId.values()].slice(0, nodes.length).every((node, i) => node === nodes[i])).toBe(true)
  })

  it.each<[string, (trace: Trace) => Trace]>([
    ['it begins earlier', (t) => mergeTrace(t, { ...change(t, {}), trace: { ...change(t, {}).trace!, start_time: time(-5), spans: [] } })!],
    ['a cycle closes', (t) => mergeTrace(t, change(t, { removed: ['m0'] }, [span('m0 1-8', { parent_span_id: 'w0' })]))!],
    ['a span leaves', (t) => mergeTrace(t, change(t, { removed: ['s8'] }))!],
    ['a parent comes that nobody had named', (t) => mergeTrace(mergeTrace(t, change(t, {}, [span('n 1-2', { parent_span_id: 'x' })]))!, change(t, {}, [span('x 1-2')]))!],
    ['it is another trace', () => picture('other 0-10', '  one 1-2')],
  ])('is built anew when %s', (_, next) => {
    const grow = createGrowth()
    grow(began(), false)
    const after = next(began())
    same(grow(after, false), after)
  })

  it('is what it is from scratch, whatever came in which order', () => {
    const id = fc.constantFrom(...Array.from({ length: 12 }, (_, i) => `n${i}`), 'root', 's1', 's2', 's3', 's6', 's9', 'm0', 'm1', 'w0')
    const parent = fc.option(id, { nil: undefined })
    const row = fc.record({ id, parent, from: fc.nat(20), long: fc.nat(30), fold: fc.constantFrom(undefined, 'q', 'r') })
    const facts = fc.record({ span_id: id, depth: fc.nat(3), self_ns: fc.nat(9), parent_row: parent, fold_key: fc.constantFrom(undefined, 'q', 'r'), clock_offset_ns: fc.constantFrom(undefined, -3e6, 8e6) })
    const step = fc.record({
      rows: fc.array(row, { maxLength: 4 }), facts: fc.array(facts, { maxLength: 3 }), removed: fc.array(id, { maxLength: 1 }),
      missing: fc.array(fc.record({ id: fc.constantFrom('m0', 'm1', 'n0', 'n1', 'n2', 's1'), from: fc.nat(20) }), { maxLength: 2 }), raw: fc.boolean(), extent: fc.nat(500),
    })
    let placed = 0
    fc.assert(fc.property(fc.array(step, { minLength: 1, maxLength: 12 }), (steps) => {
      let trace = began()
      const grow = createGrowth()
      let tree = grow(trace, false)
      for (const { rows, facts, removed, missing, raw, extent } of steps) {
        const spans = rows.map((r) => span(`${r.id} ${r.from}-${r.from + r.long}`, { ...(r.parent === undefined ? {} : { parent_span_id: r.parent }), ...(r.fold === undefined ? {} : { fold_key: r.fold }) }))
        const frame = change(trace, { facts: facts as never, removed: removed.filter((r) => !r.startsWith('s')) }, spans, missing.map((m) => parentless(m.id, m.from)))
        trace = mergeTrace(trace, { ...frame, trace: { ...frame.trace!, extent_ns: extent * 1e6 } })!
        const next = grow(trace, raw && extent % 4 === 0)
        if (next.byId === tree.byId) placed++
        tree = next
        same(tree, trace, tree.raw)
      }
    }), { numRuns: 200 })
    expect(placed).toBeGreaterThan(200) // else it tested buildTree against itself
  })

  it('keeps ten thousand siblings and a chain of as many', () => {
    const flat = picture('root 0-100')
    for (let i = 0; i < 10_000; i++) flat.spans.push({ ...flat.spans[0]!, span_id: `s${i}`, parent_span_id: 'root', fold_key: 'q' })
    const chain = picture('s0')
    for (let i = 1; i < 10_000; i++) chain.spans.push({ ...chain.spans[0]!, span_id: `s${i}`, parent_span_id: `s${i - 1}` })
    for (const trace of [flat, chain]) {
      const grow = createGrowth()
      const before = grow(trace, false)
      const after = mergeTrace(trace, change(trace, {}, [span('n 7-8', { parent_span_id: 's9999' }), span('o 7-8', { parent_span_id: 'n' })]))!
      const grown = grow(after, false)
      expect(grown.byId).toBe(before.byId)
      const rows = (tree: Tree) => flatten(tree, { folded: new Set(), opened: new Set(), errors: new Map() }).map((row) => `${row.key} ${row.depth} ${row.position}/${row.setSize}`)
      expect(rows(grown)).toEqual(rows(buildTree(after)))
    }
  })
})
