import { useComputed, useSignalEffect } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import type { Place } from '../lib/url.ts'
import { ErrorBoundary } from '../ui/ErrorBoundary.tsx'
import { KeysContext, useKeys, type Keys } from '../ui/keys.ts'
import { Loading } from '../ui/Empty.tsx'
import { AppContext, useApp } from '../views/context.ts'
import type { App } from '../store/app.ts'
import { Dialogs } from './Dialogs.tsx'
import { ROUTES } from './routes.ts'
import { Sidebar } from './Sidebar.tsx'
import { Toasts } from './Toasts.tsx'

/** Everything inside the shadow root; children take the place of the standalone page's frame. */
export function Shell({ app, keys, children }: { app: App; keys: Keys; children?: ComponentChildren }) {
  return (
    <AppContext.Provider value={app}>
      <KeysContext.Provider value={keys}>
        {children ?? <Frame />}
      </KeysContext.Provider>
    </AppContext.Provider>
  )
}

function Frame() {
  const app = useApp()
  const place = app.place.value
  const sidebar = useComputed(() => app.settings.value.sidebar).value
  useFrontDoor()
  useViewKeys()
  return (
    <div class="osp" data-side={sidebar}>
      <Sidebar at={place.view} />
      <main class="main" aria-label={place.view ?? 'Spotlight'}>
        <CurrentView place={place} />
        <Toasts />
      </main>
      <Dialogs />
    </div>
  )
}

/** The keys that work in every view. */
export function useViewKeys() {
  const app = useApp()
  useKeys({
    ...Object.fromEntries(ROUTES.filter((route) => route.nav?.key !== undefined).map((route) => [
      `g ${route.nav!.key}`, () => app.go({ view: route.name, ids: [], params: {} }),
    ])),
    p: () => app.feed.setPaused(!app.feed.paused.peek()),
    '[': () => app.setSettings({ sidebar: app.settings.peek().sidebar === 'folded' ? 'open' : 'folded' }),
    '\\': () => app.setSettings({ details: !app.settings.peek().details }),
    '?': () => void (app.dialog.value = 'help'),
    'mod+k': () => void (app.dialog.value = 'commands'),
  })
}

export function CurrentView({ place }: { place: Place }) {
  const app = useApp()
  const route = ROUTES.find((r) => r.name === place.view)
  if (route === undefined) return <Loading label="Connecting" />
  const View = route.view
  return (
    <div class="view" key={route.name}>
      <ErrorBoundary name={route.name} resetKey={`${route.name}/${place.ids.join('/')}`} onCopy={(report) => void app.copy(report, 'Report')}>
        <View place={place} />
      </ErrorBoundary>
    </div>
  )
}

// "/" leads to the errors when there are any, else to the traces; once, as soon as one can know.
function useFrontDoor() {
  const app = useApp()
  useSignalEffect(() => {
    if (app.place.value.view !== undefined || !app.feed.ready.value) return
    const view = app.feed.counts.value.issues > 0 ? 'errors' : 'traces'
    app.settle({ ...app.place.value, view })
  })
}
