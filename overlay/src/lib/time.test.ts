import fc from 'fast-check'
import { expect, it } from 'vitest'
import { NEVER, nsBetween, parseTime } from './time.ts'

it('reads nanoseconds', () => {
  expect(parseTime('2026-11-21T21:07:23.123456789Z')).toEqual({ ms: Date.UTC(2026, 10, 21, 21, 7, 23, 123), ns: 456789 })
  expect(parseTime('2026-11-21T21:07:23Z')).toEqual({ ms: Date.UTC(2026, 10, 21, 21, 7, 23), ns: 0 })
  expect(parseTime('2026-11-21T21:07:23.5+02:00').ms).toBe(Date.UTC(2026, 10, 21, 19, 7, 23, 500))
})

it.each(['', 'yesterday', '2026-13-01T00:00:00Z', '2026-11-21 21:07:23Z', undefined])('takes %j for no time', (text) => {
  expect(parseTime(text)).toEqual(NEVER)
})

it('differences are exact to the nanosecond', () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 4e9 }), fc.integer({ min: 0, max: 999_999_999 }), fc.integer({ min: 0, max: 86_400 }), (seconds, ns, apart) => {
    const text = (s: number) => `${new Date(s * 1000).toISOString().slice(0, 19)}.${String(ns).padStart(9, '0')}Z`
    expect(nsBetween(parseTime(text(seconds)), parseTime(text(seconds + apart)))).toBe(apart * 1e9)
  }))
})
