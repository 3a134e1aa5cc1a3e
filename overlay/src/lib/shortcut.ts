// The shortcut of the whole page, from the keys that are pressed for it: its name, and what speaks against it.

interface Pressed { key: string; code: string; ctrlKey: boolean; metaKey: boolean; altKey: boolean; shiftKey: boolean }

const MODIFIERS = ['Control', 'Meta', 'Alt', 'Shift', 'AltGraph', 'CapsLock', 'Fn', 'OS']

export const isMac = (): boolean => /Mac|iP/.test(navigator.platform)

/** "Mod+Shift+S", as init({ shortcut }) takes it. Undefined while only modifiers are down. */
export function shortcutOf(event: Pressed, mac: boolean): string | undefined {
  if (MODIFIERS.includes(event.key)) return undefined
  // With Alt or Shift a key means another sign on most keyboards: letters are called by their place.
  const letter = /^Key([A-Z])$/.exec(event.code)?.[1]
  const names = { ' ': 'Space', '+': 'Plus' } as { [key: string]: string }
  const key = letter ?? names[event.key] ?? (event.key.length === 1 ? event.key.toUpperCase() : event.key)
  const mod = mac ? event.metaKey : event.ctrlKey
  return [mod && 'Mod', mac && event.ctrlKey && 'Ctrl', !mac && event.metaKey && 'Meta', event.altKey && 'Alt', event.shiftKey && 'Shift', key].filter(Boolean).join('+')
}

/** As it is written on the keys. */
export function keysOf(shortcut: string, mac: boolean): string[] {
  const names: { [part: string]: string } = { mod: mac ? 'Cmd' : 'Ctrl', meta: mac ? 'Cmd' : 'Meta', alt: mac ? 'Option' : 'Alt' }
  return shortcut.split('+').map((part) => names[part.trim().toLowerCase()] ?? part.trim())
}

// Browsers keep these for themselves: a page is not told of them.
const KEPT = ['Mod+T', 'Mod+N', 'Mod+W', 'Mod+Shift+T', 'Mod+Shift+N', 'Mod+Shift+W', 'Mod+Tab', 'Mod+Shift+Tab', 'Alt+F4', 'F11']
// What everybody uses, in every page.
const USED: { [shortcut: string]: string } = {
  'Mod+A': 'selects all', 'Mod+C': 'copies', 'Mod+V': 'pastes', 'Mod+X': 'cuts', 'Mod+Z': 'takes back', 'Mod+Shift+Z': 'does again', 'Mod+F': 'finds in the page',
  'Mod+R': 'reloads the page', 'Mod+Shift+R': 'reloads the page', 'Mod+L': 'goes to the address', 'Mod+P': 'prints', 'Mod+S': 'saves', 'Mod+Shift+I': 'opens the developer tools',
  'Mod+Shift+J': 'opens the developer tools', 'Mod+Shift+C': 'opens the developer tools', F5: 'reloads the page', F12: 'opens the developer tools',
  'Mod+K': 'opens the commands of Spotlight', F6: 'moves between the page and Spotlight',
}

/** Why it cannot be the shortcut of a whole page; undefined when it can. */
export function objection(shortcut: string, mac: boolean): string | undefined {
  const said = keysOf(shortcut, mac).join('+')
  if (KEPT.includes(shortcut)) return `The browser keeps ${said} for itself`
  const used = USED[shortcut]
  if (used !== undefined) return `${said} already ${used}`
  const parts = shortcut.split('+')
  const key = parts.pop()!
  if (key === 'Space' || key === 'Plus' || key === 'Dead' || key === 'Process' || key === 'Unidentified') return 'This key cannot be part of it'
  if (/^F\d+$/.test(key)) return undefined
  if (!parts.some((part) => part !== 'Shift')) return `${said} alone is typed all the time: hold ${mac ? 'Cmd' : 'Ctrl'} or ${mac ? 'Option' : 'Alt'} too`
  if (key.length > 1 || /^\d$/.test(key) && parts.length === 1 && parts[0] === 'Mod') return key.length > 1 ? `${said} moves within text or the page` : `${said} changes tabs`
  return undefined
}
