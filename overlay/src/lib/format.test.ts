import { expect, it } from 'vitest'
import { ago, bytes, count, delta, duration, plural, short, shortId, tick } from './format.ts'

const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ')

it.each([
  [0, '0 ms'], [850, '850 ns'], [42_000, '42 µs'], [999_600, '1 ms'], [4_200_000, '4.2 ms'], [4_000_000, '4 ms'], [462e6, '462 ms'], [999.6e6, '1 s'],
  [1.24e9, '1.24 s'], [1e9, '1 s'], [12.44e9, '12.4 s'], [59.99e9, '60 s'], [60e9, '1 min'], [125e9, '2 min 5 s'], [3600e9, '1 h'], [5400e9, '1 h 30 min'],
  [3 * 86_400e9, '3 d'], [-38e6, '−38 ms'], [NaN, '–'],
])('duration(%d) is %s', (ns, text) => expect(plain(duration(ns))).toBe(text))

it.each([[0, 200e6, '0 ms'], [200e6, 200e6, '200 ms'], [1e9, 200e6, '1.0 s'], [1.25e9, 50e6, '1.25 s'], [500, 500, '500 ns'], [2500, 500, '2500 ns'], [0.5e6, 0.5e6, '500 µs']])(
  'tick(%d) of step %d is %s', (ns, step, text) => expect(plain(tick(ns, step))).toBe(text))

it.each([[-1079e6, '−1 079 ms'], [0, '0'], [3e6, '+3 ms'], [-0.4e6, '−0.4 ms'], [-2e3, '0 ms'], [-125e9, '−2 min 5 s']])('delta(%d) is %s', (ns, text) => expect(plain(delta(ns))).toBe(text))

it.each([[500, 'now'], [8_200, '8 s'], [240_000, '4 min'], [7_200_000, '2 h'], [3 * 86_400_000, '3 d'], [-5000, 'now']])('%d ms ago is %s', (ms, text) => expect(plain(ago(0, ms))).toBe(text))

it('counts', () => {
  expect([0, 999, 1204, 1_234_567].map(count).map(plain)).toEqual(['0', '999', '1 204', '1 234 567'])
  expect([999, 1000, 2400, 9949, 9950, 31_000, 999_499, 999_500, 1_200_000].map(short)).toEqual(['999', '1k', '2.4k', '9.9k', '10k', '31k', '999k', '1M', '1.2M'])
  expect(plural(1, 'span')).toBe('1 span')
  expect(plural(0, 'process', 'processes')).toBe('0 processes')
})

it('bytes and ids', () => {
  expect([0, 1023, 1024, 48_211, 5 * 1024 ** 2].map(bytes).map(plain)).toEqual(['0 B', '1023 B', '1 KiB', '47 KiB', '5 MiB'])
  expect(shortId('9f86d081884c7d659a2feaa0c55ac4ca')).toBe('9f86d081…c4ca')
  expect(shortId('short')).toBe('short')
})
