import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Fields } from './query.ts'
import { compileQuery } from './query.ts'
import { suggest, wordAt } from './suggest.ts'

interface Thing { service: string; level: string; dur: number; id: string }
const fields: Fields<Thing> = {
  keys: ['service', 'level', 'dur', 'span', 'attr.'], asks: ['', 'release'],
  text: (t) => t.service,
  get: (t, key) => ({ service: [t.service], level: [t.level], dur: [t.dur * 1e6], span: [t.id] })[key],
  is: { error: (t) => t.level === 'error', slow: (t) => t.dur > 100 },
}
const things: Thing[] = [
  ...Array.from({ length: 5 }, (_, i) => ({ service: 'orders', level: 'info', dur: i, id: `a${i}` })),
  ...Array.from({ length: 3 }, (_, i) => ({ service: 'web shop', level: 'error', dur: 200 + i, id: `b${i}` })),
]
const said = (word: string) => suggest(word, fields, things).map((s) => `${s.insert}|${s.note}`)
const inserted = (word: string) => suggest(word, fields, things).map((s) => s.insert)

describe('suggests', () => {
  it.each([
    ['', ['service:', 'level:', 'dur:', 'span:', 'attr.', 'release:', 'is:', 'has:']],
    ['se', ['service:']],
    ['-le', ['-level:']],
    ['ord', ['service:orders']],
    ['zzz', []],
    ['has:', ['has:service', 'has:level', 'has:dur', 'has:span', 'has:release']],
    ['span:', []],
    ['service:or', ['service:orders']],
    ['-service:', ['-service:orders', '-service:"web shop"']],
    ['dur:>5', ['dur:>5ms', 'dur:>50ms']],
  ])('after %j', (word, want) => expect(inserted(word)).toEqual(want))

  it('values with how often they were seen, most often first', () => {
    expect(said('service:')).toEqual(['service:orders|5×', 'service:"web shop"|3×'])
    expect(said('is:')).toEqual(['is:error|3×', 'is:slow|3×'])
    expect(said('level:err')).toEqual(['level:error|3×'])
  })

  it('comparisons that tell records apart, with how many each leaves', () => {
    expect(said('dur:')).toEqual(expect.arrayContaining(['dur:>100ms|3×', 'dur:<100ms|5×']))
    expect(suggest('dur:', fields, []).map((s) => s.insert)).toEqual(['dur:>', 'dur:<', 'dur:>=', 'dur:<='])
  })
})

it.each([['service:web le', 14, 'le'], ['service:we', 10, 'service:we'], ['a b', 1, 'a'], ['x ', 2, ''], ['name:"GET /a b', 14, 'name:"GET /a b'], ['-dur:>1', 7, '-dur:>1']])('the word in %j at %d', (text, caret, want) => expect(wordAt(text, caret)).toBe(want))

it('whatever is typed, what is suggested is a term without a problem', () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.constantFrom('dur:>', 'is:', '-is:s', 'service:"', 'level:', '"', 'attr.x:')), (text) => {
    for (const s of suggest(wordAt(text, text.length), fields, things)) {
      if (!s.done) continue
      const { terms } = compileQuery(s.insert, fields)
      expect(terms.map((t) => t.problem)).toEqual([undefined])
    }
  }))
})
