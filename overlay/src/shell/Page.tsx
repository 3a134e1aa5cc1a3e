import { useComputed, useSignalEffect } from '@preact/signals'
import { useApp } from '../views/context.ts'
import { Announcer } from './Announcer.tsx'
import { Dialogs } from './Dialogs.tsx'
import { CurrentView, useViewKeys } from './Shell.tsx'
import { Sidebar } from './Sidebar.tsx'
import { Toasts } from './Toasts.tsx'

/** The frame of the standalone page: the sidebar, and the view. */
export function Page() {
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
      <Announcer />
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
