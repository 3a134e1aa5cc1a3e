import { describe, expect, it } from 'vitest'
import { askContainer, gateCss } from '../tools/css-gate.ts'

describe('MUST-CSS-1 the sheet works inside a shadow root', () => {
  it('turns rem into px, in values and in media queries', () => {
    expect(gateCss('.a{margin:-1.5rem 0.25rem calc(1rem + 2px)}@media (min-width:40rem){.a{gap:.5rem}}'))
      .toBe('.a{margin:-24px 4px calc(16px + 2px)}@media (min-width:640px){.a{gap:8px}}')
  })
  it('leaves words that end like a unit alone', () => {
    expect(gateCss('.m-1rem{--x-rem:1px}')).toBe('.m-1rem{--x-rem:1px}')
  })
  it('makes initial values of @property a rule of what reads them', () => {
    const css = gateCss('@property --tw-x{syntax:"*";inherits:false;initial-value:0}@property --tw-y{syntax:"*";inherits:false}@property --tw-z{syntax:"*";inherits:false}'
      + '.a{left:var(--tw-x)}.b:hover,.c{top:var(--tw-x,1px);right:calc(var( --tw-y ) * 2)}.z{--tw-z:1}')
    expect(css.replaceAll(/\s+/g, '')).toMatch(/^@layerproperties\{\.a,\.b:hover,\.c\{--tw-x:0;?\}\.b:hover,\.c\{--tw-y:initial;?\}\}\.a\{/)
    expect(css).not.toContain('@property')
  })
  it('keeps variables on :host only', () => {
    expect(gateCss(':root,:host{--a:1}:root{--b:2}html{color:red}')).toBe(':host{--a:1}')
  })
  it.each([['@font-face{font-family:x}', '@font-face'], ['@import "x.css";', '@import'], ['.a:is(:root){color:red}', ':root']])('refuses %s', (css, what) => {
    expect(() => gateCss(css)).toThrow(what)
  })
})

it('asks the drawer for its size instead of the window, and leaves questions of taste alone', () => {
  expect(askContainer('@media (max-width:640px){.a{width:46vw;height:50vh}}@media (prefers-reduced-motion:reduce){.a{width:1vw}}'))
    .toBe('@container (max-width:640px){.a{width:46cqw;height:50cqh}}@media (prefers-reduced-motion:reduce){.a{width:1vw}}')
})
