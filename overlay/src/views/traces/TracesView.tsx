import type { Place } from '../../lib/url.ts'
import { TraceList } from './TraceList.tsx'
import { TracePage } from './TracePage.tsx'

export function TracesView({ place }: { place: Place }) {
  const id = place.ids[0]
  return id === undefined ? <TraceList /> : <TracePage key={id} id={id} />
}
