import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compileQuery, formatQuery, nanoseconds, parseQuery, type Fields } from './query.ts'

interface Thing { name: string; dur: number; status: number; tags: string[] }
const fields: Fields<Thing> = {
  text: (t) => t.name,
  get: (t, key) => ({ name: [t.name], dur: [t.dur * 1e6], status: [t.status], tag: t.tags })[key],
  is: { error: (t) => t.status >= 500 },
}
const things: Thing[] = [
  { name: 'GET /cart', dur: 4, status: 200, tags: ['a'] },
  { name: 'POST /checkout now', dur: 462, status: 500, tags: [] },
  { name: 'GET /static/app.js', dur: 90, status: 404, tags: ['a', 'b c'] },
]
const found = (query: string) => {
  const { test } = compileQuery(query, fields)
  return things.filter((t) => test === undefined || test(t)).map((t) => things.indexOf(t))
}

describe('finds', () => {
  it.each([
    ['', [0, 1, 2]], ['get', [0, 2]], ['GET cart', [0]], ['-get', [1]], ['"checkout now"', [1]], ['dur:>100ms', [1]], ['dur:<=90', [0, 2]], ['status:>=404', [1, 2]],
    ['status:[200,500]', [0, 1]], ['name:GET*', [0, 2]], ['name:*app*', [2]], ['-name:get*', [1]], ['has:tag', [0, 2]], ['-has:tag', [1]], ['is:error', [1]], ['tag:"b c"', [2]],
    ['nope:1', []], ['is:wrong', [0, 1, 2]], ['dur:>soon get', [0, 2]], ['get dur:>50ms status:404', [2]], ['a*b*c*d*e*f*g*', []],
  ])('%s', (query, want) => expect(found(query)).toEqual(want))
})

it('explains what it leaves out', () => {
  const problems = (q: string) => compileQuery(q, fields).terms.map((t) => t.problem)
  expect(problems('is:wrong')[0]).toMatch(/means nothing here; try error/)
  expect(problems('dur:>soon')[0]).toMatch(/wants a time/)
  expect(problems('service:')[0]).toMatch(/needs a value/)
  expect(problems('get')[0]).toBeUndefined()
})

it('never throws, and goes round', () => {
  const words = fc.array(fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('dur:', '>', '"', '[a,b]', '-', 'is:', 'key:"a b"', 'x:*', '\\', ' ')), { maxLength: 8 }).map((parts) => parts.join(''))
  fc.assert(fc.property(words, (text) => {
    const terms = parseQuery(text)
    for (const thing of things) compileQuery(text, fields).test?.(thing)
    const again = parseQuery(formatQuery(terms))
    expect(formatQuery(again)).toBe(formatQuery(terms))
  }), { numRuns: 500, examples: [['dur:>>[a,b]'], ['x:[>1,<2]']] })
})

it('a pattern of many stars takes no time', () => {
  const { test } = compileQuery(`name:${'a*'.repeat(40)}b`, fields)
  const start = performance.now()
  test!({ name: 'a'.repeat(5000), dur: 0, status: 0, tags: [] })
  expect(performance.now() - start).toBeLessThan(5000) // exponential would not come back at all
})

it.each([['100ms', 100e6], ['1.5s', 1.5e9], ['5', 5e6], ['2min', 120e9], ['3µs', 3e3], ['soon', undefined], ['', undefined]])('nanoseconds(%j)', (text, ns) => expect(nanoseconds(text)).toBe(ns))
