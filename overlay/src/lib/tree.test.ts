import { describe, expect, it } from 'vitest'
import * as data from '../../tools/fixtures.mjs'
import type { Trace } from '../wire/model.gen.ts'
import { nsBetween, parseTime } from './time.ts'
import { buildTree } from './tree.ts'

const base = data.checkoutTrace().trace as Trace
const moved = (offset: number): Trace => ({ ...base, spans: base.spans.map((span) => ({ ...span, clock_offset_ns: span.service === 'payments' ? offset : 0 })) })

describe('raw clocks', () => {
  it.each([-38e6, 38e6, 0, 5e9])('every span is where its service said, none before the axis or after it (%d ns)', (offset) => {
    const raw = buildTree(moved(offset), true)
    for (const node of raw.byId.values()) {
      expect(node.start).toBe(nsBetween(raw.start, parseTime(node.span.start_time)))
      expect(node.start).toBeGreaterThanOrEqual(0)
      expect(node.end).toBeLessThanOrEqual(raw.extent)
    }
  })
  it('fitted clocks move what is on another clock by its offset', () => {
    const one = buildTree(moved(38e6))
    const raw = buildTree(moved(38e6), true)
    const own = [...one.byId.values()].filter((node) => node.span.service === 'payments')
    expect(own.length).toBeGreaterThan(0)
    for (const node of own) expect(node.start - nsBetween(one.start, parseTime(node.span.start_time))).toBe(38e6)
    expect(raw.raw).toBe(true)
    expect(one.raw).toBe(false)
  })
})
