// The open overlay: comes with its first opening, brings the whole app, and goes with it when it is closed.
import { effect, signal, type ReadonlySignal } from '@preact/signals-core'
import { render } from 'preact'
import { formatPlace, parsePlace, type Place } from '../lib/url.ts'
import { mount, type Mounted } from '../shell/mount.tsx'
import type { App } from '../store/app.ts'
import type { Embedding } from '../views/context.ts'
import css from '../styles/app.css?inline'
import type { Options } from './api.ts'
import { Drawer } from './Drawer.tsx'
import drawerCss from './drawer.css?inline'
import type { Host } from './host.ts'
import type { LineState } from './line.ts'
import { choose, chosen, forget, keepTab, tab, type Dock } from './memory.ts'
import type { PageTrace } from './pageTrace.ts'
import { plainFetch } from './plainFetch.ts'
import { isHere, placeHere, type Here } from './place.ts'
import type { Summary } from './summary.ts'
import { CORNERS, type Trigger } from './trigger.ts'

/** Milliseconds between two looks of the trigger at what the open overlay knows. */
const TELL_EVERY = 500
const HEIGHT = 0.53

export interface Panel {
  focus: () => void
  go: (view: string) => void
  paused: () => boolean
  /** The trigger stands in another corner. */
  moved: () => void
  /** The page's policy keeps the overlay from the Collector. */
  blocked: () => void
  close: () => void
}

/** What the parts of the open overlay share. */
export interface Frame {
  endpoint: string
  dock: ReadonlySignal<Dock | 'full'>
  here: ReadonlySignal<Here>
  fullscreen: { errorId: string | undefined } | undefined
  /** What can be chosen of the overlay in this page. */
  embedding: Embedding
  /** Share of the window's height; CSS pixels; left, top, width, height. */
  size: (change: { height?: number; width?: number; window?: [number, number, number, number] }) => void
  box: () => DOMRect
  close: () => void
}

export function openPanel(ctx: {
  host: Host
  endpoint: string
  page: PageTrace
  summary: Summary
  options: Options
  full: boolean
  blocked: boolean
  trigger: Trigger
  /** The shortcut: what it is, to be read again, and whether its keys are being chosen. */
  keys: { text: () => string | false; take: () => void; record: (on: boolean) => void }
  view?: string
  onChange: () => void
  onTheme: (theme: unknown) => void
  onState: (state: LineState) => void
  close: () => void
}): Panel {
  const { host, summary, options, trigger, keys } = ctx
  const docked = signal<Dock>(chosen().dock ?? 'bottom')
  const dock: ReadonlySignal<Dock | 'full'> = ctx.full ? signal('full' as const) : docked
  const corner = signal(trigger.corner())
  const shortcut = signal(keys.text())
  const apart = signal(chosen().apart === true)
  const here = signal<Here>(lookHere())
  const element = document.createElement('div')
  element.className = 'panel'
  host.root.append(element)

  function lookHere(): Here {
    return { trace: summary.page(), known: summary.trace(), errors: summary.pageErrors() }
  }
  const applySize = () => {
    element.dataset['dock'] = dock.peek()
    const { height = HEIGHT, width, window: box } = chosen()
    const floats = dock.peek() === 'window'
    const set = (name: string, value: string | undefined) => (value === undefined ? element.style.removeProperty(name) : element.style.setProperty(name, value))
    set('--high', floats ? box && `${box[3]}px` : `${Math.round(height * 1000) / 10}%`)
    set('--wide', floats ? box && `${box[2]}px` : width === undefined ? undefined : `${width}px`)
    set('--left', box && `${box[0]}px`)
    set('--top', box && `${box[1]}px`)
  }
  const placeTrigger = () => {
    const { offsetWidth: w, offsetHeight: h } = element
    const at = dock.peek()
    const sheet = at === 'full' || w >= innerWidth
    const [lift, shove] = [at === 'bottom' ? h + 10 : 0, at === 'right' ? w + 10 : 0]
    trigger.place(lift, shove, sheet || lift > innerHeight - 60 || shove > innerWidth - 120)
  }
  const moved = () => {
    corner.value = trigger.corner()
    placeTrigger()
  }
  const sized = new ResizeObserver(placeTrigger)
  sized.observe(element)
  applySize()
  const frame: Frame = {
    endpoint: ctx.endpoint, dock, here, close: ctx.close, box: () => element.getBoundingClientRect(),
    fullscreen: ctx.full ? { errorId: options.errorId } : undefined,
    embedding: {
      dock: docked, apart, corner, shortcut, corners: CORNERS, record: keys.record, move: trigger.move,
      setDock: (next) => {
        docked.value = next
        choose({ dock: next })
        applySize()
        placeTrigger()
      },
      setApart: (on) => {
        choose({ apart: on })
        apart.value = on
      },
      setShortcut: (next) => {
        choose({ shortcut: next })
        keys.take()
        shortcut.value = next
      },
      reset: () => {
        forget()
        docked.value = 'bottom'
        apart.value = false
        trigger.home()
        keys.take()
        shortcut.value = keys.text()
        applySize()
        moved()
      },
    },
    size: (change) => {
      choose(change)
      applySize()
    },
  }

  const focus = () => element.shadowRoot?.querySelector<HTMLElement>('[role=dialog]')?.focus({ preventScroll: true })
  let mounted: Mounted | undefined
  const stops: (() => void)[] = []
  const end = () => {
    for (const stop of stops.splice(0)) stop()
    mounted?.dispose()
    mounted = undefined
  }

  const showBlocked = () => {
    end()
    const root = element.shadowRoot ?? element.attachShadow({ mode: 'open' })
    root.adoptedStyleSheets = [sheetOf(css), sheetOf(drawerCss)]
    element.setAttribute('data-theme', host.element.getAttribute('data-theme') ?? 'dark')
    void import('./Blocked.tsx').then(({ Blocked }) => {
      if (!element.isConnected) return
      render(<Blocked frame={frame} />, root)
      stops.push(() => render(null, root))
      focus()
    })
  }

  const showApp = () => {
    const start = startPlace(ctx.view, frame)
    mounted = mount(element, { endpoint: ctx.endpoint, mode: 'memory', start: formatPlace(start), fetch: plainFetch(host.root) }, element, <Drawer frame={frame} />)
    mounted.root.adoptedStyleSheets = [...mounted.root.adoptedStyleSheets, sheetOf(drawerCss)]
    const { app } = mounted
    const { theme, editor, pathMap } = options
    app.setSettings({ ...(theme === undefined ? {} : { theme }), ...(editor === undefined ? {} : { editor }), ...(pathMap === undefined ? {} : { pathMap }) })
    stops.push(
      effect(() => ctx.onTheme(app.settings.value.theme)),
      effect(() => ctx.onState(stateOf(app))),
      effect(() => {
        void app.feed.paused.value
        ctx.onChange()
      }),
      effect(() => {
        const place = app.place.value
        if (place.view === undefined || ctx.full) return
        const mine = isHere(place, here.peek())
        keepTab({ path: mine ? `/${place.view}` : formatPlace(place), here: mine })
      }),
      tell(app),
      keepFocus(app),
    )
  }

  // What had the focus may go with the view it was in; then the drawer has it, not the page. No event tells of that.
  const keepFocus = (app: App): (() => void) => {
    const ended = new AbortController()
    let had = false
    element.addEventListener('focusin', () => (had = true), { signal: ended.signal })
    element.addEventListener('focusout', (event) => (had = event.relatedTarget !== null), { signal: ended.signal })
    const look = () => had && !host.focused() && document.activeElement === document.body && focus()
    const stop = effect(() => {
      void app.place.value
      requestAnimationFrame(() => requestAnimationFrame(look)) // once the view of the new place is there
    })
    return () => {
      had = false
      stop()
      ended.abort()
    }
  }

  // The trigger and the chip follow what the app receives.
  const tell = (app: App): (() => void) => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const look = () => {
      timer = undefined
      if (!app.feed.ready.peek()) return
      summary.take({ traces: app.feed.lists.traces.peek(), issues: app.feed.lists.issues.peek() }, true)
      const before = here.peek()
      const next = lookHere()
      if (next.trace !== before.trace || next.known !== before.known || next.errors !== before.errors) {
        const place = app.place.peek()
        const followed = next.trace !== before.trace && isHere(place, before)
        here.value = next
        if (followed) app.settle(placeHere(place.view!, next))
      }
      ctx.onChange()
    }
    const stop = effect(() => {
      void app.feed.lists.traces.value
      void app.feed.lists.issues.value
      if (app.feed.ready.value && here.peek().known === undefined) look() // the first look decides what is shown first
      else timer ??= setTimeout(look, TELL_EVERY)
    })
    return () => {
      stop()
      clearTimeout(timer)
      look()
    }
  }

  if (ctx.blocked) showBlocked()
  else showApp()

  // Escape closes what is on top: a menu or a dialog (the browser does), then what a view made of it, then the drawer.
  const onKey = (event: KeyboardEvent) => {
    const root = element.shadowRoot
    if (event.key !== 'Escape' || event.defaultPrevented || root?.querySelector(':popover-open, dialog[open]') != null) return
    if (event.eventPhase === Event.CAPTURING_PHASE && !ctx.full) return
    event.preventDefault()
    ctx.close()
  }
  if (ctx.full) host.element.addEventListener('keydown', onKey, { capture: true })
  else element.addEventListener('keydown', onKey)

  return {
    focus,
    go: (view) => mounted?.app.go(placeOf(view, here.peek())),
    paused: () => mounted?.app.feed.paused.peek() === true,
    moved,
    blocked: showBlocked,
    close: () => {
      host.element.removeEventListener('keydown', onKey, { capture: true })
      sized.disconnect()
      end()
      element.remove()
    },
  }
}

const sheets = new Map<string, CSSStyleSheet>()

function sheetOf(text: string): CSSStyleSheet {
  let sheet = sheets.get(text)
  if (sheet === undefined) {
    sheet = new CSSStyleSheet()
    sheet.replaceSync(text)
    sheets.set(text, sheet)
  }
  return sheet
}

function startPlace(view: string | undefined, frame: Frame): Place {
  if (frame.fullscreen !== undefined) {
    const { errorId } = frame.fullscreen
    return { view: 'errors', ids: errorId === undefined ? [] : ['-', errorId], params: {} }
  }
  const here = frame.here.peek()
  if (view !== undefined) return placeOf(view, here)
  const last = tab()
  if (last.path === undefined) return { ids: [], params: {} }
  const place = parsePlace(last.path)
  return last.here === true && place.view !== undefined ? placeHere(place.view, here) : place
}

function placeOf(view: string, here: Here): Place {
  const place = parsePlace(`/${view.replace(/^\/+/, '')}`)
  const bare = place.ids.length === 0 && Object.keys(place.params).length === 0
  return bare && place.view !== undefined ? placeHere(place.view, here) : place
}

function stateOf(app: App): LineState {
  switch (app.feed.link.value.kind) {
    case 'open': return 'open'
    case 'connecting': return 'connecting'
    case 'waiting': case 'incompatible': return 'lost'
  }
}
