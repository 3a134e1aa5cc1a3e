import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { picture } from '../../tests/pictures.ts'
import { flatten, guideCells, matches, type Row, type RowOptions } from './rows.ts'
import { buildTree } from './tree.ts'
import type { EventSummary, Trace } from '../wire/model.gen.ts'

const NONE: RowOptions = { folded: new Set(), opened: new Set(), errors: new Map() }

function draw(row: Row): string {
  const pad = guideCells(row).map((c) => ({ v: '│', e: '├', l: '└', '': ' ' })[c]).join('')
  const more = 'folded' in row && row.folded ? ' +' : ''
  switch (row.kind) {
    case 'span': return `${pad}${row.node.id}${more}`
    case 'group': return `${pad}${row.node.members[0]!.id}×${row.node.members.length}${more}`
    case 'missing': return `${pad}(${row.node.id})${more}`
    case 'error': return `${pad}!${row.event.title}`
    case 'hidden': return `${pad}${row.spans} hidden${row.errors > 0 ? `, ${row.errors} errors` : ''}`
  }
}
const rows = (trace: Trace, options: Partial<RowOptions> = {}) => flatten(buildTree(trace), { ...NONE, ...options }).map(draw)
const event = (title: string): EventSummary => ({ event_id: title, type: 'error', level: 'error', title, service: 'app', origin: 'otel', time: '', received_time: '', session: 1 })

describe('rows', () => {
  it('are depth first, siblings by start, with the guides of a tree', () => {
    expect(rows(picture('root 0-100', '  b 20-30', '    c 21-22', '  a 10-15', '  d 40-50'))).toEqual(['root', '├a', '├b', '│└c', '└d'])
  })

  it('place spans by the clock of the root', () => {
    expect(rows(picture('root 0-100', '  late 60-70 clock=-55', '  early 10-20'))).toEqual(['root', '├late', '└early'])
  })

  it('fold, and keep sizes and positions for screen readers', () => {
    const trace = picture('root', '  a 1-9', '    a1 2-3', '    a2 3-4', '  b 5-6')
    expect(rows(trace, { folded: new Set(['a']) })).toEqual(['root', '├a +', '└b'])
    expect(flatten(buildTree(trace), NONE).map((r) => `${r.position}/${r.setSize}`)).toEqual(['1/1', '1/2', '1/2', '2/2', '2/2'])
  })

  it('show errors directly below their span', () => {
    const errors = new Map([['a', [event('E1'), event('E2')]], ['b', [event('E3')]]])
    expect(rows(picture('root', '  a 1-9', '    a1 2-3', '  b 5-6'), { errors })).toEqual(['root', '├a', '│├!E1', '│├!E2', '│└a1', '└b', ' └!E3'])
  })

  it('hang orphans under the parent that is missing', () => {
    expect(rows(picture('root 0-10', '!gone', '  orphan 3-4', '  other 5-6'))).toEqual(['(gone)', '├orphan', '└other', 'root'])
  })

  it('fold five equal siblings into one, four not', () => {
    const five = ['root', ...[1, 2, 3, 4, 5].map((n) => `  q${n} ${n}-${n + 1} fold=q`), '  x 9-10']
    expect(rows(picture(...five))).toEqual(['root', '├q1×5 +', '└x'])
    const opened = new Set(['q1×q'])
    expect(rows(picture(...five), { opened })).toEqual(['root', '├q1×5', '│├q1', '│├q2', '│├q3', '│├q4', '│└q5', '└x'])
    expect(rows(picture(...five.filter((l) => !l.includes('q5'))))).toHaveLength(6)
  })

  it('dim what does not match, or hide it and say how much', () => {
    const trace = picture('root', '  a 1-9', '    a1 2-3 error', '  b 5-6')
    const match = (n: { id: string }) => n.id === 'b'
    expect(flatten(buildTree(trace), NONE).map((row) => draw(row) + (matches(row, match) ? '' : ' ~'))).toEqual(['root ~', '├a ~', '│└a1 ~', '└b'])
    expect(rows(trace, { only: match })).toEqual(['root', '├b', '└2 hidden, 1 errors'])
  })

  it('survive cycles, deep chains and parents that are not there', () => {
    const trace = picture('a', 'b', 'c')
    trace.spans[0]!.parent_span_id = 'b'
    trace.spans[1]!.parent_span_id = 'a'
    trace.spans[2]!.parent_span_id = 'nowhere'
    expect(rows(trace)).toHaveLength(3)
    const deep = picture('s0')
    for (let i = 1; i < 20_000; i++) deep.spans.push({ ...deep.spans[0]!, span_id: `s${i}`, parent_span_id: `s${i - 1}` })
    const flat = flatten(buildTree(deep), NONE)
    expect(flat).toHaveLength(20_000)
    expect(guideCells(flat[19_999]!).length).toBeLessThanOrEqual(24)
  })

  it('lose no span and show none twice, whatever the parents', () => {
    const parents = fc.array(fc.option(fc.integer({ min: 0, max: 30 }), { nil: undefined }), { minLength: 1, maxLength: 30 })
    fc.assert(fc.property(parents, (list) => {
      const trace = picture(...list.map((_, i) => `s${i} ${i}-${i + 5}`))
      list.forEach((p, i) => {
        if (p !== undefined) trace.spans[i]!.parent_span_id = `s${p}`
      })
      const ids = flatten(buildTree(trace), NONE).filter((r) => r.kind === 'span').map((r) => r.key)
      expect(ids.toSorted()).toEqual(list.map((_, i) => `s${i}`).toSorted())
    }))
  })
})
