// The one shortcut that works in the whole page.

const MAC = () => /Mac|iP/.test(navigator.platform)

export interface Shortcut { key: string; ctrl: boolean; meta: boolean; shift: boolean; alt: boolean }

/** Reads "Mod+Shift+S"; Mod is Command on a Mac, else Control. */
export function parseShortcut(text: string): Shortcut {
  const parts = text.split('+').map((part) => part.trim().toLowerCase())
  const has = (...names: string[]) => parts.some((part) => names.includes(part))
  const mod = has('mod')
  return {
    key: parts.at(-1) ?? '', ctrl: has('ctrl', 'control') || (mod && !MAC()), meta: has('meta', 'cmd', 'command') || (mod && MAC()),
    shift: has('shift'), alt: has('alt', 'option'),
  }
}

/** As aria-keyshortcuts wants it. */
export const ariaShortcut = (s: Shortcut): string =>
  [s.ctrl && 'Control', s.meta && 'Meta', s.alt && 'Alt', s.shift && 'Shift', s.key.length === 1 ? s.key.toUpperCase() : s.key].filter(Boolean).join('+')

export function isShortcut(event: KeyboardEvent, s: Shortcut): boolean {
  const key = event.key.toLowerCase() === s.key || event.code.toLowerCase() === `key${s.key}`
  return key && event.ctrlKey === s.ctrl && event.metaKey === s.meta && event.shiftKey === s.shift && event.altKey === s.alt
}

/** Whether the user types into a field. Fields may come from another frame, so classes say nothing. */
export function isTyping(event: KeyboardEvent): boolean {
  const target = event.composedPath()[0] as Partial<HTMLInputElement> | undefined
  if (target?.isContentEditable === true) return true
  const tag = target?.tagName
  return tag === 'TEXTAREA' || tag === 'SELECT' || (tag === 'INPUT' && !/^(button|checkbox|radio|submit|reset|range|color|file|image)$/.test(target?.type ?? ''))
}
