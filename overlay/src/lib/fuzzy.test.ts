import fc from 'fast-check'
import { expect, it } from 'vitest'
import { fit } from './fuzzy.ts'

const order = (typed: string, ...texts: string[]) => texts.map((t) => [t, fit(t, typed)] as const).filter(([, n]) => n !== undefined).sort((a, b) => a[1]! - b[1]!).map(([t]) => t)

it.each([
  ['err', ['Errors', 'Throw a test error', 'Filter results'], ['Errors', 'Throw a test error', 'Filter results']],
  ['dk thm', ['Use the dark theme', 'Use the light theme'], ['Use the dark theme']],
  ['theme dark', ['Use the dark theme'], ['Use the dark theme']],
  ['zz', ['Errors'], []],
  ['', ['b', 'a'], ['b', 'a']],
  ['a.b', ['axb', 'go to a.b'], ['go to a.b']],
])('%j', (typed, texts, want) => expect(order(typed, ...texts)).toEqual(want))

it('never throws, and a text fits itself best', () => {
  fc.assert(fc.property(fc.string(), fc.string(), (a, b) => {
    fit(a, b)
    if (a.trim() !== '' && !/\s/.test(a)) expect(fit(a, a)).toBe(0)
  }))
})
