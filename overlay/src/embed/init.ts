// The overlay inside a host page (overlay-spec.md sections 3 and 4). Nothing here runs before init, and nothing touches the
// document at import, so that servers can import it too.
import type { Corner, Events, Handle, Options } from './api.ts'
import { createHost, dropFocus, releaseFocus } from './host.ts'
import { ariaShortcut, isShortcut, isTyping, parseShortcut, type Shortcut } from './keys.ts'
import { openLine, type Line, type LineState } from './line.ts'
import { chosen, savedTheme } from './memory.ts'
import { createPageTrace, declaredTrace } from './pageTrace.ts'
import type { Panel } from './panel.tsx'
import { watchPolicy } from './policy.ts'
import { createSummary } from './summary.ts'
import { createTrigger } from './trigger.ts'
import css from './trigger.css?inline'

const GLOBAL = '__OTELCOL_SPOTLIGHT__'
/** Unless the page or the user wants another. */
const SHORTCUT = 'Mod+Shift+S'
const DEFAULT_ENDPOINT = 'http://localhost:8970'
/** Milliseconds between two changes of what the trigger shows (MUST-EMB-8). */
const PAINT_EVERY = 1000

type Global = { [GLOBAL]?: Handle }

const NOTHING: Handle = { open: () => {}, close: () => {}, toggle: () => {}, destroy: () => {}, on: () => () => {} }

// Bundlers put the value in place of these words; without a bundler there is no `process`, and no production build either.
declare const process: { env: { NODE_ENV?: string } }
function inProduction(): boolean {
  try {
    return process.env.NODE_ENV === 'production'
  } catch {
    return false
  }
}

/** base: where the Collector is when neither options nor the page say so. */
export function start(options: Options, base: string): Handle {
  if (typeof document === 'undefined' || (inProduction() && options.force !== true)) return NOTHING
  const known = (window as Global)[GLOBAL]
  if (known !== undefined) return known

  const endpoint = resolveEndpoint(options.endpoint ?? document.querySelector('meta[name="spotlight-endpoint"]')?.getAttribute('content') ?? base)
  const ended = new AbortController()
  const { signal } = ended
  const page = createPageTrace({
    declared: options.traceId?.toLowerCase() ?? declaredTrace(document, performance), href: () => location.href, since: performance.timeOrigin,
  })
  const summary = createSummary(page)
  const host = createHost(() => handle.destroy())
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(css)
  host.root.adoptedStyleSheets = [sheet]

  const listeners: { [E in keyof Events]: Set<Events[E]> } = { open: new Set(), close: new Set(), errors: new Set() }
  const trigger = createTrigger(host.root, {
    corner: options.position ?? 'bottom-right' satisfies Corner,
    onClick: () => handle.toggle(),
    onMove: () => panel?.moved(),
    onSettings: () => handle.open('settings'),
  })

  let shortcut: Shortcut | undefined
  let recorded = false // the keys of a new shortcut are pressed: the present one does nothing
  const keys = {
    /** What is in force. */
    text: () => chosen().shortcut ?? options.shortcut ?? SHORTCUT,
    take: () => {
      const text = keys.text()
      shortcut = text === false ? undefined : parseShortcut(text)
      trigger.shortcut(shortcut && ariaShortcut(shortcut))
    },
    record: (on: boolean) => void (recorded = on),
  }
  keys.take()

  let line: Line | undefined
  let state: LineState = 'connecting'
  let panel: Panel | undefined
  let wanted = false // whether the user wants it open; the panel may still be loading
  let first = true // until the first snapshot: what is in it is not news
  let unseen = 0

  const light = matchMedia('(prefers-color-scheme: light)')
  const theme = (wanted: unknown = options.theme ?? savedTheme()) => {
    host.element.setAttribute('data-theme', wanted === 'light' || wanted === 'dark' ? wanted : light.matches ? 'light' : 'dark')
  }
  light.addEventListener('change', () => theme(), { signal })
  theme()

  let timer: ReturnType<typeof setTimeout> | undefined
  let painted = -Infinity
  const paint = () => {
    timer = undefined
    painted = performance.now()
    trigger.show({ ns: summary.trace()?.duration_ns, unseen: summary.unseen(), state, paused: panel?.paused() === true })
  }
  const changed = () => {
    timer ??= setTimeout(paint, Math.max(0, painted + PAINT_EVERY - performance.now()))
    const now = summary.unseen()
    if (now === unseen) return
    const more = now > unseen
    unseen = now
    for (const fn of listeners.errors) fn(now)
    if (more && !first && options.openOn === 'error') handle.open()
  }

  const connect = () => {
    if (state === 'blocked' || signal.aborted) return
    line = openLine(endpoint, (next) => {
      state = state === 'blocked' ? state : next
      changed()
    }, (lists, whole) => {
      summary.take(lists, whole)
      changed()
      first = false
    })
  }
  const disconnect = () => {
    line?.close()
    line = undefined
  }
  watchPolicy(endpoint, signal, () => {
    state = 'blocked'
    disconnect()
    panel?.blocked()
    changed()
  })
  const retry = () => line?.retry()
  addEventListener('online', retry, { signal })
  addEventListener('focus', retry, { signal })

  const showPanel = async (view: string | undefined, full: boolean) => {
    wanted = true
    let load: typeof import('./panel.tsx')
    try {
      load = await import('./panel.tsx')
    } catch (fault) {
      wanted = false
      console.error('otelcol-spotlight: the overlay did not load', fault)
      return
    }
    if (!wanted || signal.aborted || panel !== undefined) return
    disconnect()
    first = false
    panel = load.openPanel({
      host, endpoint, page, summary, options, full, blocked: state === 'blocked', trigger, keys,
      ...(view === undefined ? {} : { view }),
      onChange: changed, onTheme: theme, onState: (next) => {
        state = state === 'blocked' ? state : next
        changed()
      },
      close: () => handle.close(),
    })
    trigger.button.setAttribute('aria-expanded', 'true')
    host.surface()
    if (!host.focused()) cameFrom = document.activeElement
    releaseFocus()
    panel.focus()
    for (const fn of listeners.open) fn()
  }

  addEventListener('keydown', (event) => {
    if (event.isComposing || event.repeat || recorded) return
    const inside = event.composedPath().includes(host.element)
    if (shortcut !== undefined && isShortcut(event, shortcut) && (inside || !isTyping(event))) handle.toggle()
    else if (event.key === 'F6' && panel !== undefined && !event.ctrlKey && !event.altKey && !event.metaKey) {
      if (inside) giveBack()
      else {
        cameFrom = document.activeElement
        releaseFocus()
        panel.focus()
      }
    } else return
    event.preventDefault()
    event.stopImmediatePropagation()
  }, { capture: true, signal })

  let cameFrom: Element | null = null
  const giveBack = () => {
    dropFocus(host.root)
    if (cameFrom instanceof HTMLElement && cameFrom.isConnected) cameFrom.focus()
  }

  // Outside of the page no dialog of it makes the overlay unreachable. False: the browser allows no window.
  const openApart = (): boolean => {
    const trace = summary.trace()?.trace_id
    const other = window.open(endpoint + (trace === undefined ? '/' : `/traces/${trace}`), 'otelcol-spotlight', 'popup,width=1240,height=800')
    if (other === null) return false
    other.focus()
    summary.saw()
    changed()
    return true
  }

  const handle: Handle = {
    open: (view) => {
      if (signal.aborted) return
      if (panel !== undefined) {
        host.surface()
        if (view !== undefined) panel.go(view)
        panel.focus()
      } else void showPanel(view, false)
    },
    close: () => {
      wanted = recorded = false
      if (panel === undefined) return
      const had = host.focused()
      summary.saw()
      panel.close()
      panel = undefined
      trigger.place(0, 0, false)
      trigger.button.setAttribute('aria-expanded', 'false')
      if (had) trigger.button.focus()
      state = state === 'blocked' ? state : 'connecting'
      connect()
      changed()
      for (const fn of listeners.close) fn()
    },
    toggle: () => {
      // Behind a dialog of the page that came later it is open and cannot be used: then it comes forward.
      if (panel !== undefined && host.behind()) handle.open()
      else if (panel !== undefined || wanted) handle.close()
      else if (chosen().apart !== true || !openApart()) handle.open()
    },
    destroy: () => {
      if (signal.aborted) return
      ended.abort()
      wanted = false
      clearTimeout(timer)
      panel?.close()
      panel = undefined
      disconnect()
      trigger.destroy()
      host.destroy()
      for (const set of Object.values(listeners)) set.clear()
      if ((window as Global)[GLOBAL] === handle) delete (window as Global)[GLOBAL]
    },
    on: (event, fn) => {
      listeners[event].add(fn)
      return () => void listeners[event].delete(fn)
    },
  }
  Object.defineProperty(window, GLOBAL, { value: handle, configurable: true, enumerable: false, writable: false })

  paint()
  painted = -Infinity // so that the first thing heard is shown at once
  connect()
  if (options.fullscreen === true) void showPanel(undefined, true)
  else if (options.openOn === 'always') handle.open()
  return handle
}

function resolveEndpoint(text: string): string {
  try {
    return new URL(text, location.href).href.replace(/\/+$/, '')
  } catch {
    return DEFAULT_ENDPOINT
  }
}
