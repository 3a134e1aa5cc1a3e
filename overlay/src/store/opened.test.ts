import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { picture } from '../../tests/pictures.ts'
import { ApiError } from '../wire/api.ts'
import { createOpened, mergeTrace, traceRequest } from './opened.ts'
import type { Trace, TraceFrame } from '../wire/model.gen.ts'

describe('a trace', () => {
  const whole = { ...picture('root 0-10', '  a 1-2', '!gone', '  orphan 3-4'), version: 5, pinned: true }
  const frame = (more: Partial<TraceFrame>): TraceFrame => ({ trace_id: whole.trace_id, version: 6, ...more }) as TraceFrame
  const change = (more: Partial<Trace>): Trace => ({ ...picture(), trace_id: whole.trace_id, version: 6, ...more })

  it('grows by spans, by id', () => {
    const merged = mergeTrace(whole, frame({ trace: change({ spans: picture('a 1-5', 'b 6-7').spans }) }))!
    expect(merged.spans.map((s) => `${s.span_id} ${s.duration_ns / 1e6}`)).toEqual(['root 10', 'a 4', 'orphan 1', 'b 1'])
  })
  it('takes facts whole, so that what is no longer true goes', () => {
    whole.spans[1]!.orphan = true
    whole.spans[1]!.n_plus_one = 7
    const merged = mergeTrace(whole, frame({ facts: [{ span_id: 'a', depth: 3, self_ns: 9, critical: [] }] }))!
    expect(merged.spans[1]).toMatchObject({ span_id: 'a', name: 'a', depth: 3, self_ns: 9, critical: [] })
    expect(merged.spans[1]).not.toHaveProperty('orphan')
    expect(merged.spans[1]).not.toHaveProperty('n_plus_one')
  })
  it('loses spans and missing parents that are gone', () => {
    const merged = mergeTrace(whole, frame({ removed: ['gone', 'a'] }))!
    expect(merged.missing_parents).toEqual([])
    expect(merged.spans.map((s) => s.span_id)).toEqual(['root', 'orphan'])
  })
  it('gets the parent that was missing, which is removed as such in the same frame', () => {
    const f = frame({ removed: ['gone'], trace: change({ spans: picture('gone 2-5').spans }) })
    const merged = mergeTrace(whole, f)!
    expect(merged.missing_parents).toEqual([])
    expect(merged.spans.map((s) => s.span_id)).toEqual(['root', 'a', 'orphan', 'gone'])
    expect(mergeTrace(merged, f)).toEqual(merged)
  })
  it('is what it is whichever of its states changes go on from', () => {
    const grows = (before: Trace, id: string) => mergeTrace(before, frame({ trace: change({ spans: picture(`${id} 6-7`).spans }) }))!
    const one = grows(whole, 'b')
    expect(grows(one, 'c').spans.map((s) => s.span_id)).toEqual(['root', 'a', 'orphan', 'b', 'c'])
    expect(grows(one, 'd').spans.map((s) => s.span_id)).toEqual(['root', 'a', 'orphan', 'b', 'd'])
    expect(grows(whole, 'e').spans.map((s) => s.span_id)).toEqual(['root', 'a', 'orphan', 'e'])
  })
  it('keeps the lists that a change does not touch', () => {
    const merged = mergeTrace(whole, frame({ trace: change({ spans: [], missing_parents: undefined as never, log_count: 3 }) }))!
    expect(merged).toMatchObject({ log_count: 3 })
    for (const list of ['spans', 'missing_parents', 'events'] as const) expect(merged[list]).toBe(whole[list])
  })
  it('believes the newest summary, also where it says nothing', () => {
    expect(mergeTrace(whole, frame({ trace: change({}) }))!.pinned).toBeUndefined()
    expect(mergeTrace(whole, frame({ facts: [] }))!.pinned).toBe(true)
  })
  it('is not changed by an older frame, and the same frame twice is once', () => {
    expect(mergeTrace(whole, frame({ version: 4, removed: ['root'] }))).toBe(whole)
    const f = frame({ trace: change({ spans: picture('b 6-7').spans }), removed: ['a'] })
    const once = mergeTrace(whole, f)
    expect(mergeTrace(once, f)).toEqual(once)
  })
  it('that comes whole again without a change stays what it was', () => {
    const again = () => structuredClone(whole)
    expect(mergeTrace(whole, frame({ whole: true, version: 5, trace: again() }))).toBe(whole)
    const pinned = mergeTrace(whole, frame({ whole: true, version: 5, trace: { ...again(), pinned: false } }))!
    expect(pinned.pinned).toBe(false)
    expect(pinned.spans).toBe(whole.spans)
    expect(pinned.missing_parents).toBe(whole.missing_parents)
    const newer = { ...again(), version: 6 }
    expect(mergeTrace(whole, frame({ whole: true, trace: newer }))).toBe(newer)
  })
  it('cannot begin with a change', () => expect(mergeTrace(undefined, frame({ facts: [] }))).toBeUndefined())
})

describe('looking at something', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())
  const setup = (fetch: (id: string) => Promise<string>) => {
    const sent: unknown[] = []
    const opened = createOpened<string>({ request: traceRequest, send: (f) => sent.push(f), fetch, changed: () => opened.publish() })
    return { opened, sent }
  }

  it('is asked for once, however many look, and closed with the last', () => {
    const { opened, sent } = setup(() => new Promise(() => {}))
    const a = opened.open('t')
    expect(opened.open('t')).toBe(a)
    opened.release('t')
    opened.release('t')
    expect(sent).toEqual([{ type: 'open', trace_id: 't' }, { type: 'close', trace_id: 't' }])
  })
  it('is ready as soon as the socket brings it', () => {
    const { opened } = setup(() => new Promise(() => {}))
    const a = opened.open('t')
    opened.take('t', () => 'value')
    expect(a.value).toEqual({ state: 'ready', value: 'value' })
  })
  it('is fetched when the socket does not, and is gone when the Collector says so', async () => {
    const { opened } = setup((id) => Promise.reject(new ApiError(id === 'x' ? 404 : 500, 'no')))
    const gone = opened.open('x')
    const broken = opened.open('y')
    await vi.advanceTimersByTimeAsync(2000)
    expect(gone.value).toEqual({ state: 'gone' })
    expect(broken.value).toEqual({ state: 'failed', text: 'no' })
    opened.take('x', () => 'late')
    expect(gone.value).toEqual({ state: 'ready', value: 'late' })
  })
  it('is kept for a while, not for ever', () => {
    const { opened } = setup(() => new Promise(() => {}))
    for (let i = 0; i < 20; i++) {
      opened.open(`t${i}`)
      opened.take(`t${i}`, () => 'v')
      opened.release(`t${i}`)
    }
    expect(opened.peek('t19')).toBe('v')
    expect(opened.peek('t0')).toBeUndefined()
  })
})
