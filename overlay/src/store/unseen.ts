// Errors nobody has looked at yet: what the tab's title and icon count. A group is seen when the list or its own page was in
// front of somebody; when it happens again, it is unseen again.
import { computed, effect, signal, type ReadonlySignal } from '@preact/signals-core'
import type { Place } from '../lib/url.ts'
import type { Issue } from '../wire/model.gen.ts'

const KEY = 'otelcol-spotlight-seen'
/** Groups remembered; the tables hold no more either. */
const REMEMBERED = 1000

export function createUnseen(options: {
  issues: ReadonlySignal<readonly Issue[]>
  session: ReadonlySignal<number>
  place: ReadonlySignal<Place>
  /** Of the Collector's memory: after a restart groups are new. */
  storeId: ReadonlySignal<string | undefined>
  storage: Storage | undefined
}) {
  const { issues, session, place, storeId, storage } = options
  const seen = signal<ReadonlyMap<string, number>>(new Map())
  /** Whether somebody can see the overlay: not while its tab is in the background. */
  const looking = signal(true)
  const alarming = computed(() => issues.value.filter((i) => i.hidden !== true && i.session >= session.value && (i.level === 'error' || i.level === 'fatal')))

  const stopLoad = effect(() => {
    const id = storeId.value
    if (id !== undefined) seen.value = load(storage, id)
  })
  const stopLook = effect(() => {
    const { view, ids } = place.value
    if (!looking.value || view !== 'errors' || storeId.value === undefined) return
    const before = seen.peek()
    const now = alarming.value.filter((i) => (ids[0] === undefined || ids[0] === i.issue_id) && before.get(i.issue_id) !== i.total_count)
    if (now.length === 0) return
    const next = new Map(before)
    for (const i of now) {
      next.delete(i.issue_id)
      next.set(i.issue_id, i.total_count)
    }
    for (const id of next.keys()) {
      if (next.size <= REMEMBERED) break
      next.delete(id)
    }
    seen.value = next
    try {
      storage?.setItem(KEY, JSON.stringify({ store: storeId.peek(), seen: [...next] }))
    } catch {
      // full or forbidden: remembered until the page is left
    }
  })
  return {
    looking,
    /** How many groups. */
    count: computed(() => alarming.value.reduce((n, i) => n + Number(i.total_count > (seen.value.get(i.issue_id) ?? 0)), 0)),
    dispose: () => {
      stopLoad()
      stopLook()
    },
  }
}

function load(storage: Storage | undefined, store: string): ReadonlyMap<string, number> {
  try {
    const saved = JSON.parse(storage?.getItem(KEY) ?? '{}') as { store?: unknown; seen?: unknown }
    if (saved.store !== store || !Array.isArray(saved.seen)) return new Map()
    return new Map(saved.seen.filter((e): e is [string, number] => Array.isArray(e) && typeof e[0] === 'string' && typeof e[1] === 'number'))
  } catch {
    return new Map()
  }
}
