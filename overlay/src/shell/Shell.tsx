import type { ComponentChildren } from 'preact'
import type { Place } from '../lib/url.ts'
import { ErrorBoundary } from '../ui/ErrorBoundary.tsx'
import { KeysContext, useKeys, type Keys } from '../ui/keys.ts'
import { Loading } from '../ui/Empty.tsx'
import { AppContext, useApp } from '../views/context.ts'
import type { App } from '../store/app.ts'
import { ROUTES } from './routes.ts'

/** Everything inside the shadow root: around the view stands the frame of the page or of the drawer. */
export function Shell({ app, keys, children }: { app: App; keys: Keys; children: ComponentChildren }) {
  return (
    <AppContext.Provider value={app}>
      <KeysContext.Provider value={keys}>
        {children}
      </KeysContext.Provider>
    </AppContext.Provider>
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

/** The view of a place; when it fails, the others go on. */
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
