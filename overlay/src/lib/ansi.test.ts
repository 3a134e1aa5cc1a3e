import fc from 'fast-check'
import { expect, it } from 'vitest'
import { painted } from './ansi.ts'
import { withoutAnsi } from './text.ts'

it.each([
  ['plain', [['plain', '']]],
  ['\u001b[31mred\u001b[0m and \u001b[1;33mbold\u001b[22m yellow', [['red', 'ansi-red'], [' and ', ''], ['bold', 'ansi-yellow ansi-bold'], [' yellow', 'ansi-yellow']]],
  ['\u001b[38;5;196mx\u001b[38;2;1;2;3my\u001b[92mz', [['xy', ''], ['z', 'ansi-green']]],
  ['a\u001b[2Kb\u001b]0;title\u0007c', [['abc', '']]],
  ['\u001b[90mdim\u001b[39mplain', [['dim', 'ansi-grey'], ['plain', '']]],
])('%j', (text, want) => expect(painted(text).map((p) => [p.text, p.tone])).toEqual(want))

it('says the same text as without colours, in few pieces', () => {
  const piece = fc.oneof(fc.string(), fc.integer({ min: 0, max: 110 }).map((n) => `\u001b[${n}m`), fc.constant('\u001b['))
  fc.assert(fc.property(fc.array(piece, { maxLength: 600 }), (parts) => {
    const text = parts.join('')
    const out = painted(text)
    expect(out.map((p) => p.text).join('')).toBe(withoutAnsi(text))
    expect(out.length).toBeLessThanOrEqual(201)
  }))
})
