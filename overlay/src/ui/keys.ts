// Keyboard shortcuts. Views register what their keys do while they are mounted; the newest registration that knows a key
// gets it. Single keys work only outside of fields; Escape and Mod combinations work everywhere.
import { createContext } from 'preact'
import { useContext, useLayoutEffect, useRef } from 'preact/hooks'

/** Milliseconds within which the second key of "g e" has to follow. */
const CHORD = 900

/** Keys by name: "j", "shift+n", "mod+k", "g e", "Escape", "ArrowDown". A handler that returns false passes the key on. */
export interface Bindings { [key: string]: (event: KeyboardEvent) => boolean | void }

export interface Keys {
  add: (bindings: () => Bindings) => () => void
  handle: (event: KeyboardEvent) => void
  /** Does what a key would do now, for those who rather choose from a list. False: nobody here knows it. */
  run: (name: string) => boolean
  knows: (name: string) => boolean
}

export function createKeys(options: {
  singleKeys: () => boolean
  /** Whether a dialog or menu is open, wherever the focus is: Escape then is the browser's, which closes it. */
  layered?: () => boolean
  now?: () => number
}): Keys {
  const now = options.now ?? Date.now
  const stack: (() => Bindings)[] = []
  let first: { key: string; at: number } | undefined

  return {
    knows: (name) => stack.some((bindings) => bindings()[name] !== undefined),
    run: (name) => {
      for (let i = stack.length - 1; i >= 0; i--) {
        const run = stack[i]!()[name]
        if (run !== undefined && run(new KeyboardEvent('keydown', { key: name })) !== false) return true
      }
      return false
    },
    add: (bindings) => {
      stack.push(bindings)
      return () => {
        const at = stack.lastIndexOf(bindings)
        if (at >= 0) stack.splice(at, 1)
      }
    },
    handle: (event) => {
      if (event.defaultPrevented || event.isComposing || inLayer(event.composedPath())) return
      const name = keyName(event)
      if (name === 'Escape' && options.layered?.() === true) return
      const typing = isField(event.composedPath()[0])
      if (typing && name !== 'Escape' && !name.startsWith('mod+')) return
      if (!typing && name.length === 1 && !options.singleKeys()) return
      const names = first !== undefined && now() - first.at < CHORD ? [`${first.key} ${name}`, name] : [name]
      first = undefined
      for (const wanted of names) {
        for (let i = stack.length - 1; i >= 0; i--) {
          const run = stack[i]!()[wanted]
          if (run === undefined || run(event) === false) continue
          event.preventDefault()
          return
        }
      }
      if (/^[a-z]$/.test(name)) first = { key: name, at: now() }
    },
  }
}

// A dialog or an open menu has its keys to itself: Escape closes it, and not the view below.
function inLayer(path: readonly EventTarget[]): boolean {
  for (const node of path) {
    if (node instanceof ShadowRoot) return false // around it begins the page
    if (node instanceof Element && (node.tagName === 'DIALOG' || node.hasAttribute('popover'))) return true
  }
  return false
}

export function keyName(event: KeyboardEvent): string {
  const mod = event.metaKey || event.ctrlKey
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key
  // The shift of "?" and "*" is part of the character; that of letters and arrows is a modifier.
  const shift = event.shiftKey && (event.key.length > 1 || /[a-z]/i.test(event.key))
  return `${mod ? 'mod+' : ''}${event.altKey ? 'alt+' : ''}${shift ? 'shift+' : ''}${key === ' ' ? 'Space' : key}`
}

function isField(target: EventTarget | undefined): boolean {
  if (!(target instanceof HTMLElement)) return false
  return target.isContentEditable || target.tagName === 'TEXTAREA' || target.tagName === 'SELECT' ||
    (target instanceof HTMLInputElement && !['button', 'checkbox', 'radio'].includes(target.type))
}

export const KeysContext = createContext<Keys | undefined>(undefined)

/** Registers bindings while the component is mounted; they always see its newest closure. */
export function useKeys(bindings: Bindings): void {
  const keys = useContext(KeysContext)
  const latest = useRef(bindings)
  latest.current = bindings
  // Before the first paint: who sees a view may press its keys.
  useLayoutEffect(() => keys?.add(() => latest.current), [keys])
}
