import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { applyLists, createTables, LIMITS, type Tables, type Touched } from './tables.ts'
import type { Lists, TraceSummary } from '../wire/model.gen.ts'

const trace = (id: string, more: Partial<TraceSummary> = {}): TraceSummary => ({
  trace_id: id, root_name: '', root_service: '', start_time: '', duration_ns: 0, last_time: '', status: 'ok', span_count: 1, error_count: 0, services: [], origins: [], complete: true, session: 1, ...more,
})
const apply = (tables: Tables, lists: Lists, whole = false): Touched => {
  const touched: Touched = new Set()
  applyLists(tables, lists, whole, touched)
  return touched
}
const ids = (tables: Tables) => [...tables.traces.keys()]

describe('merging', () => {
  it('puts what is newer in place of what is older', () => {
    const tables = createTables()
    apply(tables, { traces: [trace('b'), trace('a')] })
    apply(tables, { traces: [trace('a', { span_count: 2 })] })
    expect(ids(tables)).toEqual(['b', 'a'])
    expect(tables.traces.get('a')?.span_count).toBe(2)
  })

  it('takes away what left', () => {
    const tables = createTables()
    apply(tables, { traces: [trace('a'), trace('b')], logs: [5, 4, 3].map((id) => ({ id, time: '', level: 'info', message: '', service: '', origin: 'otel', session: 1 })) })
    const touched = apply(tables, { removed: { traces: ['a'], logs_up_to: 5 } })
    expect(ids(tables)).toEqual(['b'])
    expect([...tables.logs.keys()]).toEqual([5])
    expect([...touched].sort()).toEqual(['logs', 'traces'])
  })

  it('clears, and keeps what the same frame carries', () => {
    const tables = createTables()
    apply(tables, { traces: [trace('a')] })
    apply(tables, { removed: { all: true }, traces: [trace('pinned', { pinned: true })] })
    expect(ids(tables)).toEqual(['pinned'])
  })

  it('a snapshot takes the place of everything', () => {
    const tables = createTables()
    apply(tables, { traces: [trace('a')] })
    apply(tables, { traces: [trace('b')] }, true)
    expect(ids(tables)).toEqual(['b'])
  })

  it('the same frame twice changes nothing', () => {
    const record = fc.record({ trace_id: fc.constantFrom('a', 'b', 'c', 'd'), span_count: fc.nat(9) }).map((r) => trace(r.trace_id, r))
    const lists = fc.record({ traces: fc.uniqueArray(record, { selector: (t) => t.trace_id }), removed: fc.record({ traces: fc.subarray(['e', 'f']) }) })
    fc.assert(fc.property(fc.array(lists), lists, (before, frame) => {
      const tables = createTables()
      for (const b of before) apply(tables, b)
      apply(tables, frame)
      const once = JSON.stringify([...tables.traces])
      apply(tables, frame)
      expect(JSON.stringify([...tables.traces])).toBe(once)
    }))
  })

  it('stays bounded; what is pinned leaves last', () => {
    const tables = createTables()
    apply(tables, { traces: [trace('pinned', { pinned: true })] })
    for (let i = 0; i < LIMITS.traces + 50; i++) apply(tables, { traces: [trace(`t${i}`)] })
    expect(tables.traces.size).toBe(LIMITS.traces)
    expect(tables.traces.has('pinned')).toBe(true)
    expect(tables.traces.has('t0')).toBe(false)
  })
})
