import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatPlace, formatZoom, parseIds, parsePlace, parseZoom, VIEWS, type Place } from './url.ts'

describe('MUST-URL-1 a place and its URL say the same', () => {
  it.each([
    ['/', { ids: [], params: {} }],
    ['/errors', { view: 'errors', ids: [], params: {} }],
    ['/errors/a1b2/5f0c', { view: 'errors', ids: ['a1b2', '5f0c'], params: {} }],
    ['/traces/9f86?q=dur:>5ms&span=5b1f&z=12.5-300', { view: 'traces', ids: ['9f86'], params: { q: 'dur:>5ms', span: '5b1f', z: '12.5-300' } }],
    ['/logs?q=level:error%20%22a%20b%22&at=7', { view: 'logs', ids: [], params: { q: 'level:error "a b"', at: '7' } }],
  ])('%s', (url, place) => {
    expect(parsePlace(url)).toEqual(place)
    expect(formatPlace(place as Place)).toBe(url)
  })

  it('goes round for every place', () => {
    const place = fc.record({
      view: fc.constantFrom(...VIEWS),
      ids: fc.array(fc.string({ minLength: 1, unit: 'grapheme' }), { maxLength: 3 }),
      params: fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), fc.string({ minLength: 1, unit: 'grapheme' })),
    })
    fc.assert(fc.property(place, (p) => {
      expect(parsePlace(formatPlace(p))).toEqual({ ...p, params: { ...p.params } })
    }))
  })

  it('never throws', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void formatPlace(parsePlace(`/${text}`))))
  })

  it('leaves empty values and unknown views out', () => {
    expect(formatPlace({ view: 'logs', ids: [], params: { q: '' } })).toBe('/logs')
    expect(parsePlace('/nothing/here')).toEqual({ ids: [], params: {} })
  })
})

it('zoom windows', () => {
  expect(parseZoom('12.5-300')).toEqual([12.5e6, 300e6])
  expect(formatZoom([12.5e6, 300e6])).toBe('12.5-300')
  for (const bad of ['', '5', '300-12', 'a-b', '1-1', undefined]) expect(parseZoom(bad)).toBeUndefined()
  expect([...parseIds('a,b,,c')]).toEqual(['a', 'b', 'c'])
})
