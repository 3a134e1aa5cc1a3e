// "This page" as a place of the overlay: its trace, or the errors of its trace.
import type { Place, ViewName } from '../lib/url.ts'
import type { TraceSummary } from '../wire/model.gen.ts'

/** What is known of this page's trace. */
export interface Here { trace: string | undefined; known: TraceSummary | undefined; errors: boolean }

/** The view narrowed to this page; the whole view where there is nothing of this page in it. */
export function placeHere(view: ViewName, here: Here): Place {
  const { trace, known, errors } = here
  if (view === 'traces' && trace !== undefined && known !== undefined) return { view, ids: [trace], params: {} }
  if (view === 'errors' && trace !== undefined && errors) return { view, ids: [], params: { q: `trace:${trace}` } }
  return { view, ids: [], params: {} }
}

export function isHere(place: Place, here: Here): boolean {
  if (here.trace === undefined) return false
  if (place.view === 'traces') return place.ids[0] === here.trace
  return place.view === 'errors' && place.ids.length === 0 && (place.params['q'] ?? '').split(' ').includes(`trace:${here.trace}`)
}

/** The same view without the restriction to this page. */
export function placeOfAll(place: Place): Place {
  const params = { ...place.params }
  delete params['q']
  return place.view === undefined ? place : { view: place.view, ids: [], params: place.view === 'errors' ? params : {} }
}
