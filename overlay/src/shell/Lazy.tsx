import { useEffect, useState } from 'preact/hooks'
import { Empty, Loading } from '../ui/Empty.tsx'
import type { Place } from '../lib/url.ts'
import type { Route, View } from './routes.ts'

const loaded = new Map<Route, View>()

/** A view that comes with its own chunk; when that does not arrive, it says so and can be asked for again. */
export function Lazy({ route, place }: { route: Route; place: Place }) {
  const [, paint] = useState(0)
  const [fault, setFault] = useState<string | undefined>(undefined)
  const load = () => {
    setFault(undefined)
    ;(route.view as () => Promise<View>)().then(
      (view) => {
        loaded.set(route, view)
        paint((n) => n + 1)
      },
      (reason: unknown) => setFault(String(reason)),
    )
  }
  const View = loaded.get(route)
  useEffect(() => {
    if (!loaded.has(route)) load()
  }, [route])
  if (View !== undefined) return <View place={place} />
  if (fault === undefined) return <Loading label={`Loading ${route.label}`} />
  return (
    <Empty title="This view did not load" text={fault}>
      <button class="btn pri" onClick={load}>Retry</button>
    </Empty>
  )
}
