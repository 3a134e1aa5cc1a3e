// @vitest-environment happy-dom
import { h, render } from 'preact'
import { describe, expect, it, vi } from 'vitest'
import { createKeys, keyName, KeysContext, useKeys } from './keys.ts'

const press = (keys: ReturnType<typeof createKeys>, init: KeyboardEventInit, on: EventTarget = document.body) => {
  const event = new KeyboardEvent('keydown', { bubbles: true, composed: true, cancelable: true, ...init })
  on.addEventListener('keydown', (e) => keys.handle(e as KeyboardEvent), { once: true })
  on.dispatchEvent(event)
  return event
}

describe('keys', () => {
  it('go to the newest that knows them, and on when it declines', () => {
    const keys = createKeys({ singleKeys: () => true })
    const below = vi.fn()
    keys.add(() => ({ j: below, k: below }))
    const remove = keys.add(() => ({ j: () => false, k: () => undefined }))
    press(keys, { key: 'j' })
    press(keys, { key: 'k' })
    expect(below).toHaveBeenCalledTimes(1)
    remove()
    press(keys, { key: 'k' })
    expect(below).toHaveBeenCalledTimes(2)
  })
  it('make chords, within a moment', () => {
    let now = 0
    const keys = createKeys({ singleKeys: () => true, now: () => now })
    const go = vi.fn()
    const e = vi.fn()
    keys.add(() => ({ 'g e': go, e }))
    press(keys, { key: 'g' })
    press(keys, { key: 'e' })
    expect([go.mock.calls.length, e.mock.calls.length]).toEqual([1, 0])
    press(keys, { key: 'g' })
    now += 2000
    press(keys, { key: 'e' })
    expect([go.mock.calls.length, e.mock.calls.length]).toEqual([1, 1])
  })
  it('leave fields alone, but for Escape and Mod', () => {
    const keys = createKeys({ singleKeys: () => true })
    const ran: string[] = []
    keys.add(() => ({ j: () => void ran.push('j'), Escape: () => void ran.push('esc'), 'mod+k': () => void ran.push('k') }))
    const input = document.body.appendChild(document.createElement('input'))
    for (const init of [{ key: 'j' }, { key: 'Escape' }, { key: 'k', ctrlKey: true }]) press(keys, init, input)
    expect(ran).toEqual(['esc', 'k'])
  })
  it('belong to a dialog or a menu while one is open, and to nobody of the page around', () => {
    const keys = createKeys({ singleKeys: () => true })
    const ran = vi.fn()
    keys.add(() => ({ Escape: ran }))
    const page = document.body.appendChild(document.createElement('dialog'))
    const root = page.appendChild(document.createElement('div')).attachShadow({ mode: 'open' })
    const dialog = root.appendChild(document.createElement('dialog')).appendChild(document.createElement('input'))
    const menu = root.appendChild(document.createElement('div'))
    menu.setAttribute('popover', 'auto')
    for (const target of [dialog, menu]) press(keys, { key: 'Escape' }, target)
    expect(ran).not.toHaveBeenCalled()
    press(keys, { key: 'Escape' }, root.appendChild(document.createElement('div')))
    expect(ran).toHaveBeenCalledTimes(1)
  })
  it('of a view work from the moment it is in the document, and go with it', () => {
    const keys = createKeys({ singleKeys: () => true })
    const ran = vi.fn()
    const View = () => {
      useKeys({ j: ran })
      return null
    }
    const root = document.createElement('div')
    render(h(KeysContext.Provider, { value: keys, children: h(View, {}) }), root)
    press(keys, { key: 'j' })
    expect(ran).toHaveBeenCalledTimes(1)
    render(null, root)
    expect(keys.knows('j')).toBe(false)
  })
  it('can be turned off, single ones', () => {
    const keys = createKeys({ singleKeys: () => false })
    const ran = vi.fn()
    keys.add(() => ({ j: ran, ArrowDown: ran }))
    press(keys, { key: 'j' })
    press(keys, { key: 'ArrowDown' })
    expect(ran).toHaveBeenCalledTimes(1)
  })
  it.each([[{ key: '?', shiftKey: true }, '?'], [{ key: 'N', shiftKey: true }, 'shift+n'], [{ key: 'ArrowLeft', shiftKey: true }, 'shift+ArrowLeft'], [{ key: 'k', metaKey: true }, 'mod+k'], [{ key: '[' }, '[']])('%j is %s', (init, name) => {
    expect(keyName(new KeyboardEvent('keydown', init))).toBe(name)
  })
})
