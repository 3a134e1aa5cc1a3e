// Puts an overlay into a shadow root of its own: styles by adoptedStyleSheets, theme as an attribute of the host, keys from
// inside. Standalone and embedded differ in what they do with the host element, not in this file.
import { effect } from '@preact/signals-core'
import { render, type ComponentChildren } from 'preact'
import { createApp, type App } from '../store/app.ts'
import css from '../styles/app.css?inline'
import { createKeys } from '../ui/keys.ts'
import { installSafeText } from '../ui/safeText.ts'
import { Shell } from './Shell.tsx'

export interface Mounted { app: App; root: ShadowRoot; dispose: () => void }

export function mount(host: HTMLElement, options: Parameters<typeof createApp>[0], keysFrom: EventTarget, frame: ComponentChildren): Mounted {
  installSafeText()
  const root = host.shadowRoot ?? host.attachShadow({ mode: 'open' })
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(css)
  root.adoptedStyleSheets = [sheet]

  const app = createApp(options)
  const stop = [followTheme(app, host), retryWhenBack(app)]
  const keys = createKeys({
    singleKeys: () => app.settings.peek().singleKeys, layered: () => root.querySelector(':popover-open, dialog[open]') !== null, now: app.clockNow,
  })
  const onKey = (event: Event) => keys.handle(event as KeyboardEvent)
  keysFrom.addEventListener('keydown', onKey)
  render(<Shell app={app} keys={keys}>{frame}</Shell>, root)
  return {
    app, root,
    dispose: () => {
      render(null, root)
      keysFrom.removeEventListener('keydown', onKey)
      for (const end of stop) end()
      app.dispose()
    },
  }
}

function followTheme(app: App, host: HTMLElement): () => void {
  const light = matchMedia('(prefers-color-scheme: light)')
  const apply = () => {
    const { theme, density } = app.settings.peek()
    host.setAttribute('data-density', density)
    host.setAttribute('data-theme', theme === 'system' ? (light.matches ? 'light' : 'dark') : theme)
  }
  const stop = effect(() => {
    void app.settings.value
    apply()
  })
  light.addEventListener('change', apply)
  return () => {
    stop()
    light.removeEventListener('change', apply)
  }
}

// Back online, or back in front: a moment to try again at once.
function retryWhenBack(app: App): () => void {
  const retry = () => app.feed.retry()
  addEventListener('online', retry)
  addEventListener('focus', retry)
  return () => {
    removeEventListener('online', retry)
    removeEventListener('focus', retry)
  }
}
