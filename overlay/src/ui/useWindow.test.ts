import fc from 'fast-check'
import { expect, it } from 'vitest'
import { windowOf } from './useWindow.ts'

it('renders what is seen, a little around it, and the row with the focus', () => {
  expect(windowOf(100, 10, 300, 50, -1)).toEqual(Array.from({ length: 22 }, (_, i) => i + 22))
  expect(windowOf(100, 10, 300, 50, 2)[0]).toBe(2)
  expect(windowOf(100, 10, 0, 50, 99).at(-1)).toBe(99)
  expect(windowOf(0, 10, 0, 50, 0)).toEqual([])
})

it('is ascending, inside, and never large', () => {
  fc.assert(fc.property(fc.nat(50_000), fc.nat(2_000_000), fc.nat(2000), fc.integer({ min: -1, max: 60_000 }), (count, top, seen, keep) => {
    const list = windowOf(count, 26, top, seen, keep)
    expect(list.length).toBeLessThanOrEqual(Math.ceil(seen / 26) + 20)
    list.forEach((n, i) => {
      expect(n).toBeGreaterThanOrEqual(0)
      expect(n).toBeLessThan(count)
      if (i > 0) expect(n).toBeGreaterThan(list[i - 1]!)
    })
  }))
})
