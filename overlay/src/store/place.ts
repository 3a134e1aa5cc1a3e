// Where the overlay is, as a signal: the page's URL in standalone mode, a string in memory where the URL belongs to a host
// page. No router library: the URL is state like any other, read through a signal and written in one place, and the scheme
// itself (lib/url.ts) is two pure functions.
import { signal } from '@preact/signals-core'
import { formatPlace, parsePlace, type Place } from '../lib/url.ts'

/** Milliseconds between replacements of the URL: browsers refuse more than some hundred in half a minute. */
const REPLACE_EVERY = 200

export type PlaceStore = ReturnType<typeof createPlace>

export function createPlace(mode: 'url' | 'memory', start = '/') {
  const read = () => parsePlace(mode === 'url' ? location.pathname + location.search : start)
  const place = signal<Place>(read())
  let late: ReturnType<typeof setTimeout> | undefined
  const onPop = () => {
    clearTimeout(late)
    late = undefined
    place.value = read()
  }
  if (mode === 'url') addEventListener('popstate', onPop)

  const settleUrl = () => {
    clearTimeout(late)
    late = undefined
    if (mode === 'url') history.replaceState(null, '', formatPlace(place.peek()))
  }
  const write = (next: Place, push: boolean) => {
    const to = formatPlace(next)
    if (to === formatPlace(place.peek())) return
    if (push && mode === 'url') {
      if (late !== undefined) settleUrl()
      history.pushState(null, '', to)
    }
    place.value = next
    if (!push) late ??= setTimeout(settleUrl, REPLACE_EVERY)
  }
  return {
    place,
    /** Another view: the back button returns. */
    go: (next: Place) => write(next, true),
    /** The front door chose a view: the back button must not lead to the door again. */
    settle: (next: Place) => write(next, false),
    /** The same view looked at differently: selection, zoom, filter. "" takes a parameter away. */
    set: (params: Record<string, string>) => {
      const at = place.peek()
      const all = Object.entries({ ...at.params, ...params }).filter(([, value]) => value !== '')
      write({ ...at, params: Object.fromEntries(all) }, false)
    },
    dispose: () => {
      clearTimeout(late)
      if (mode === 'url') removeEventListener('popstate', onPop)
    },
  }
}
