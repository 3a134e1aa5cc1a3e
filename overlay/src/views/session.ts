// Which records a list shows: those of the present session and pinned ones, of all sessions, or of an earlier one alone.
import { useEffect, useState } from 'preact/hooks'
import type { ListName } from '../wire/decode.ts'
import { useApp } from './context.ts'

interface InSession { session: number; pinned?: boolean }

/** How many records of other sessions are asked for. */
const EARLIER = 1000

export function useSession<T extends InSession>(name: ListName, live: readonly T[], keyOf: (record: T) => string | number): {
  records: T[]
  all: boolean
  /** Whether the list can be judged: the first snapshot is here, and an earlier session that was asked for. */
  ready: boolean
  showAll: (on: boolean) => void
} {
  const app = useApp()
  const [fetched, setFetched] = useState<{ of: string; records: readonly T[] }>({ of: '', records: [] })
  const asked = app.place.value.params['session'] ?? ''
  const current = app.session.value
  const all = asked === 'all'
  const one = all || !/^\d+$/.test(asked) || Number(asked) === current ? undefined : Number(asked)
  const wanted = all ? 'all' : one === undefined ? '' : String(one)
  useEffect(() => {
    if (wanted === '') return setFetched({ of: '', records: [] })
    let stale = false
    app.api.list(name, { session: wanted, limit: String(EARLIER) }).then(
      (page) => !stale && setFetched({ of: wanted, records: page.items as unknown as T[] }),
      () => {
        if (stale) return
        app.say(one === undefined ? 'Earlier sessions could not be read' : `Session #${one} could not be read`)
        setFetched({ of: wanted, records: [] })
      },
    )
    return () => {
      stale = true
    }
  }, [wanted, name])
  const showAll = (on: boolean) => app.setParams({ session: on ? 'all' : '' })
  const ready = app.feed.ready.value && (one === undefined || fetched.of === wanted)
  const earlier = fetched.of === wanted ? fetched.records : []
  if (one !== undefined) return { records: earlier as T[], all, ready, showAll }
  if (!all) return { records: live.filter((r) => r.session >= current || r.pinned === true), all, ready, showAll }
  const merged = new Map(earlier.map((r) => [keyOf(r), r]))
  for (const record of live) merged.set(keyOf(record), record)
  return { records: [...merged.values()], all, ready, showAll }
}
