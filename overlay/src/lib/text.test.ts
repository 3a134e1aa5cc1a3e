import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { oneLine, safeHref, visible, withoutAnsi } from './text.ts'

describe('visible', () => {
  it.each([
    ['plain text, ünïcode, 日本語, 👩‍👩‍👧', 'plain text, ünïcode, 日本語, 👩‍👩‍👧'],
    ['tab\tand\nnewline stay', 'tab\tand\nnewline stay'],
    ['bell\u0007', 'bell␇'],
    ['\u001b[31mred', '␛[31mred'],
    ['user\u202Egnp.exe', 'user⟨U+202E⟩gnp.exe'],
    ['zero\u200bwidth', 'zero⟨U+200B⟩width'],
    ['tag\u{e0041}', 'tag⟨U+E0041⟩'],
    ['half \ud83d pair', 'half \ufffd pair'],
    ['dos\r\nline', 'dos\nline'],
  ])('%j', (text, shown) => expect(visible(text)).toBe(shown))

  it('leaves nothing that hides or reorders, and is idempotent', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => {
      const shown = visible(text)
      expect(shown).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/)
      expect(shown.isWellFormed()).toBe(true)
      expect(visible(shown)).toBe(shown)
    }))
  })
})

it('drops terminal escapes', () => {
  expect(withoutAnsi('\u001b[1;31mfailed\u001b[0m to \u001b]8;;http://x\u0007link\u001b]8;;\u0007')).toBe('failed to link')
})

it.each([['https://x.test/a', true], ['HTTP://x.test', true], ['javascript:alert(1)', false], ['data:text/html,x', false], [' https://x', false], ['//x', false], [7, false]])('safeHref(%j)', (url, safe) => {
  expect(safeHref(url) !== undefined).toBe(safe)
})

it('cuts to one line', () => {
  expect(oneLine('a\n  b\tc', 20)).toBe('a b c')
  expect(oneLine('x'.repeat(50), 10)).toBe(`${'x'.repeat(9)}…`)
})
