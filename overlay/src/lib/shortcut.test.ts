// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest'
import { isShortcut, parseShortcut } from '../embed/keys.ts'
import { keysOf, objection, shortcutOf } from './shortcut.ts'

const press = (key: string, code: string, ...held: ('ctrl' | 'meta' | 'alt' | 'shift')[]) => ({
  key, code, ctrlKey: held.includes('ctrl'), metaKey: held.includes('meta'), altKey: held.includes('alt'), shiftKey: held.includes('shift'),
})

describe('the keys of a shortcut', () => {
  it.each([
    ['Mod+Shift+S', press('S', 'KeyS', 'ctrl', 'shift'), false],
    ['Mod+Shift+S', press('S', 'KeyS', 'meta', 'shift'), true],
    ['Ctrl+O', press('o', 'KeyO', 'ctrl'), true],
    ['Alt+L', press('¬', 'KeyL', 'alt'), true], // Option writes another sign
    ['Mod+.', press('.', 'Period', 'ctrl'), false],
    ['F8', press('F8', 'F8'), false],
    ['Meta+Y', press('y', 'KeyY', 'meta'), false],
  ])('are %s', (text, event, mac) => {
    expect(shortcutOf(event, mac)).toBe(text)
    expect(objection(text, mac)).toBeUndefined()
  })
  it('are what the page listens for', () => {
    const event = press('O', 'KeyO', 'ctrl', 'alt', 'shift')
    expect(isShortcut(event as KeyboardEvent, parseShortcut(shortcutOf(event, false)!))).toBe(true)
    expect(isShortcut(press('o', 'KeyO', 'ctrl') as KeyboardEvent, parseShortcut('Mod+Alt+Shift+O'))).toBe(false)
  })
  it('are none while only modifiers are down', () => expect(shortcutOf(press('Control', 'ControlLeft', 'ctrl'), false)).toBeUndefined())
  it('have the names of the keyboard', () => {
    expect(keysOf('Mod+Shift+S', false)).toEqual(['Ctrl', 'Shift', 'S'])
    expect(keysOf('Mod+Alt+S', true)).toEqual(['Cmd', 'Option', 'S'])
  })
})

it.each([
  ['S', 'S alone is typed all the time: hold Ctrl or Alt too'],
  ['Shift+S', 'Shift+S alone is typed all the time: hold Ctrl or Alt too'],
  ['Mod+T', 'The browser keeps Ctrl+T for itself'],
  ['Mod+C', 'Ctrl+C already copies'],
  ['Mod+K', 'Ctrl+K already opens the commands of Spotlight'],
  ['F6', 'F6 already moves between the page and Spotlight'],
  ['Mod+1', 'Ctrl+1 changes tabs'],
  ['Alt+ArrowLeft', 'Alt+ArrowLeft moves within text or the page'],
  ['Mod+Plus', 'This key cannot be part of it'],
])('%s is no shortcut', (text, why) => expect(objection(text, false)).toBe(why))
