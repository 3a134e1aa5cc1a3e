// The small pure parts that fill no file of their own.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { editorLink } from './editor.ts'
import { around, pan, place, stretch, unlessWhole, zoomAt } from './geometry.ts'
import { holdOrder } from './held.ts'
import { formatRange, histogram, parseRange, shownStretch } from './histogram.ts'
import { jumps } from './jump.ts'
import { ticks } from './ticks.ts'
import { addresses, snippets } from './snippets.ts'
import { requestOf } from './spanRequest.ts'
import { buildTree, deeperThan } from './tree.ts'
import { picture } from '../../tests/pictures.ts'
import type { LogSummary } from '../wire/model.gen.ts'

describe('ticks', () => {
  it('are round', () => expect(ticks(0, 1240, 7).at).toEqual([0, 200, 400, 600, 800, 1000, 1200]))
  it('are few, ascending and inside, for every window', () => {
    fc.assert(fc.property(fc.nat(1e9), fc.integer({ min: 1, max: 1e9 }), (from, width) => {
      const { at } = ticks(from, from + width, 7)
      expect(at.length).toBeLessThanOrEqual(12)
      for (const [i, t] of at.entries()) {
        expect(t).toBeGreaterThanOrEqual(from)
        expect(t).toBeLessThan(from + width)
        if (i > 0) expect(t).toBeGreaterThan(at[i - 1]!)
      }
    }))
  })
  it('of nothing are none', () => expect(ticks(5, 5, 7).at).toEqual([]))
})

describe('the window of the time axis', () => {
  it('stays inside the trace, whatever is done to it', () => {
    fc.assert(fc.property(fc.array(fc.tuple(fc.constantFrom('zoom', 'pan'), fc.double({ min: -2, max: 4, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true })), { maxLength: 20 }), (steps) => {
      let zoom: readonly [number, number] = [0, 1e9]
      for (const [kind, by, at] of steps) zoom = kind === 'pan' ? pan(zoom, 1e9, by) : zoomAt(zoom, 1e9, Math.max(0.01, by), zoom[0] + at * (zoom[1] - zoom[0]))
      expect(zoom[0]).toBeGreaterThanOrEqual(-1)
      expect(zoom[1]).toBeLessThanOrEqual(1e9 + 1)
      expect(zoom[1]).toBeGreaterThan(zoom[0])
    }))
  })
  it('cuts bars at its edges and leaves out what is not in it', () => {
    expect(place([100, 200], 150)).toBe(50)
    expect(stretch([100, 200], 0, 150)).toMatchObject({ left: -1, width: 51, cutLeft: true, cutRight: false })
    expect(stretch([100, 200], 210, 300)).toBeUndefined()
    expect(around(400e6, 500e6, 1e9)).toEqual([392e6, 508e6])
    expect(unlessWhole([0, 10], 10)).toBeUndefined()
  })
})

it('MUST-TRC-1 what is being looked at keeps its order, what is new waits', () => {
  expect(holdOrder(['a', 'b', 'c'], ['n', 'c', 'a'], (x) => x)).toEqual({ rows: ['a', 'c'], waiting: 1 })
})

it('histogram counts by severity and ignores what is older', () => {
  const log = (ms: number, level: LogSummary['level']) => ({ time: new Date(ms).toISOString(), level }) as LogSummary
  const now = Date.UTC(2026, 0, 1)
  const buckets = histogram([log(now - 5000, 'info'), log(now - 900, 'error'), log(now - 500, 'warning'), log(now - 10, 'info')], now, 1000, 2)
  expect(buckets.map(({ error, warning, other }) => [error, warning, other])).toEqual([[1, 0, 0], [0, 1, 1]])
})

describe('pasted ids', () => {
  const trace = '9f86d081884c7d659a2feaa0c55ac4ca'
  it.each([
    [`00-${trace}-5b1f0c9e77ab02d4-01`, [`/traces/${trace} 5b1f0c9e77ab02d4`]],
    [`${trace}-5b1f0c9e77ab02d4-1`, [`/traces/${trace} 5b1f0c9e77ab02d4`]],
    [trace.toUpperCase(), [`/traces/${trace}`, `/errors/-,${trace}`]],
    ['9f86d081', ['/traces/9f86d081', '/errors/-,9f86d081']],
    [`https://shop.sentry.io/issues/4711/events/${trace}/`, [`/errors/-,${trace}`]],
    ['9f86', []], ['hello', []],
  ])('%s', (text, want) => {
    expect(jumps(text).map((j) => `/${j.place.view}/${j.place.ids.join(',')}${j.place.params['span'] === undefined ? '' : ` ${j.place.params['span']}`}`)).toEqual(want)
  })
})

it('editor links only to files, only with harmless schemes', () => {
  expect(editorLink('vscode', '/home/a b/x.ts:3:7')).toBe('vscode://file/home/a%20b/x.ts:3:7')
  expect(editorLink('vscode', '/x.ts')).toBe('vscode://file/x.ts:1:1')
  expect(editorLink('idea', 'C:\\p\\x.ts:3')).toBe('idea://open?file=C:/p/x.ts&line=3&column=1')
  expect(editorLink('vscode', 'http://x/y.js:3')).toBeUndefined()
  expect(editorLink('javascript://{file}', '/x.ts')).toBeUndefined()
  expect(editorLink('nonsense', '/x.ts')).toBeUndefined()
})

it('snippets carry the addresses there are', () => {
  const all = snippets(addresses([{ name: 'sentry', url: 'http://10.0.0.5:9999/' }, { name: 'otlp_http', url: 'http://10.0.0.5:4999' }])).map((s) => s.text).join('\n')
  expect(all).toContain('http://10.0.0.5:9999/stream')
  expect(all).toContain('OTEL_EXPORTER_OTLP_ENDPOINT=http://10.0.0.5:4999')
  expect(all).not.toContain(':8969')
})

it('reads the request of a span, old names and new', () => {
  const span = { op: 'http.client' } as Parameters<typeof requestOf>[0]
  expect(requestOf(span, { attributes: { 'http.method': 'PUT', 'http.url': 'http://x/a', 'http.request.header.x_a': ['1'] } })).toEqual({ method: 'PUT', url: 'http://x/a', headers: [{ name: 'x-a', value: '1' }] })
  expect(requestOf(span, { attributes: { 'http.request.method': 'GET', 'url.scheme': 'http', 'server.address': 'h', 'server.port': 81, 'url.path': '/p', 'url.query': 'q=1' } })?.url).toBe('http://h:81/p?q=1')
  expect(requestOf(span, { attributes: { 'url.full': 'javascript:alert(1)' } })).toBeUndefined()
})

describe('the stretch of a histogram', () => {
  const min = 60_000
  it('ends now, or with the newest log when that is long ago', () => {
    expect(shownStretch(90 * min, 91 * min, undefined, 5 * min, 1000)).toEqual([86 * min, 91 * min])
    expect(shownStretch(undefined, 91 * min, undefined, 5 * min, 1000)).toEqual([86 * min, 91 * min])
    expect(shownStretch(10 * min, 91 * min, undefined, 5 * min, 1000)).toEqual([5 * min, 10 * min])
  })
  it('stands still around a range, however much time goes by, and holds one that is longer', () => {
    for (const now of [60 * min, 61 * min, 600 * min]) expect(shownStretch(now, now, [50 * min, 51 * min], 5 * min, 1000)).toEqual([47 * min, 52 * min])
    expect(shownStretch(60 * min, 60 * min, [40 * min, 50 * min], 5 * min, 1000)).toEqual([40 * min, 51 * min])
  })
  it('counts nothing that is after it', () => {
    const log = (ms: number) => ({ time: new Date(ms).toISOString(), level: 'info' }) as LogSummary
    expect(histogram([log(1000), log(5000)], 2000, 2000, 2).map((b) => b.other)).toEqual([0, 1])
  })
  it('is written into the URL and read back', () => {
    expect(parseRange(formatRange([1000.4, 2000]))).toEqual([1000, 2000])
    for (const wrong of [undefined, '', '5-5', '9-1', 'a-b', '1-', '-1-2', '1e3-2e3']) expect(parseRange(wrong)).toBeUndefined()
    expect(formatRange(undefined)).toBe('')
  })
})

it('MUST-TRC-2 folds by the depth of the tree, not by what spans say of theirs: live frames do not tell it', () => {
  const trace = picture('root', '  a', '    b', '      c', '        d', '  e')
  for (const span of trace.spans) span.depth = 0
  expect([...deeperThan(buildTree(trace), 2)]).toEqual(['b', 'c'])
  expect([...deeperThan(buildTree(trace), 0)].sort()).toEqual(['a', 'b', 'c', 'root'])
})
