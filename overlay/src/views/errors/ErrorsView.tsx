import { useEffect } from 'preact/hooks'
import type { Place } from '../../lib/url.ts'
import { lazy } from '../../ui/lazy.tsx'
import { ErrorList } from './ErrorList.tsx'

const ErrorPage = lazy('the error', () => import('./ErrorPage.tsx').then((m) => m.ErrorPage))

export function ErrorsView({ place }: { place: Place }) {
  const [issue, event] = place.ids
  // While the list is read, the page that a click will open is on its way.
  useEffect(() => ErrorPage.preload(), [])
  return issue === undefined ? <ErrorList /> : <ErrorPage issueId={issue} eventId={event} />
}
