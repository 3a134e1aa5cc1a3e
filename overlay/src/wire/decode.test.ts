import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeEvent, decodeFrame, decodePage, decodeTrace } from './decode.ts'

describe('a frame', () => {
  it('is completed where fields are missing or of the wrong type', () => {
    const frame = decodeFrame('{"seq":7,"type":"delta","delta":{"traces":[{"trace_id":"a","services":"web","mini":7,"complete":1},{"root_name":"no id"},null,5],"counts":{"logs":3}}}')
    expect(frame?.delta?.traces).toEqual([{
      trace_id: 'a', services: [], complete: false, root_name: '', root_service: '', start_time: '', duration_ns: 0, last_time: '', status: '', span_count: 0, error_count: 0, origins: [], session: 0,
    }])
    expect(frame?.delta?.counts).toMatchObject({ logs: 3, issues: 0 })
  })
  it.each(['', 'null', '[]', '{', '{"seq":1}', '"text"', '{"type":7}'])('%s is none', (text) => expect(decodeFrame(text)).toBeUndefined())
  it('of a type we do not know passes', () => expect(decodeFrame('{"type":"later","seq":3}')).toEqual({ type: 'later', seq: 3 }))
  it('keeps counts that are named like lists', () => {
    expect(decodeFrame('{"type":"hello","seq":1,"status":{"store_id":"s","counts":{"logs":2400,"attachments":1}}}')?.status?.counts).toMatchObject({ logs: 2400, attachments: 1 })
  })
})

it('never throws on any JSON, and what it returns can be walked', () => {
  const keys = ['type', 'seq', 'snapshot', 'delta', 'trace', 'event', 'status', 'traces', 'spans', 'issues', 'logs', 'exceptions', 'frames', 'breadcrumbs', 'trace_id', 'span_id', 'event_id', 'id', 'services', 'missing_parents', 'request', 'removed', 'facts', 'counts']
  const { json } = fc.letrec((tie) => ({
    json: fc.oneof({ maxDepth: 5 }, fc.constantFrom<unknown>(null, true, 1, 'x', [], {}, 'snapshot', 'trace', 'event'), fc.array(tie('json'), { maxLength: 3 }), fc.dictionary(fc.constantFrom(...keys), tie('json'), { maxKeys: 6 })),
  }))
  fc.assert(fc.property(json, (value) => {
    const frame = decodeFrame(JSON.stringify({ type: 'delta', seq: 1, snapshot: value, delta: value, trace: value, event: value }))!
    for (const t of frame.snapshot?.traces ?? []) expect(Array.isArray(t.services)).toBe(true)
    for (const s of frame.trace?.trace?.spans ?? []) expect(typeof s.span_id).toBe('string')
    for (const e of frame.event?.exceptions ?? []) for (const f of e.frames) expect(typeof f).toBe('object')
    decodeTrace(structuredClone(value))
    decodeEvent(structuredClone(value))
    decodePage('logs', structuredClone(value))
  }), { numRuns: 500 })
})
