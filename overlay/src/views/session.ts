// Which records a list shows: those of the present session and pinned ones, or those of all sessions when asked for.
import { useEffect, useState } from 'preact/hooks'
import type { ListName } from '../wire/decode.ts'
import { useApp } from './context.ts'

interface InSession { session: number; pinned?: boolean }

/** How many records of earlier sessions are asked for. */
const EARLIER = 1000

export function useSession<T extends InSession>(name: ListName, live: readonly T[], keyOf: (record: T) => string | number): {
  records: T[]
  all: boolean
  showAll: (on: boolean) => void
} {
  const app = useApp()
  const [earlier, setEarlier] = useState<readonly T[]>([])
  const all = app.place.value.params['session'] === 'all'
  const current = app.session.value
  useEffect(() => {
    if (!all) return setEarlier([])
    let stale = false
    app.api.list(name, { session: 'all', limit: String(EARLIER) }).then(
      (page) => !stale && setEarlier(page.items as unknown as T[]),
      () => !stale && app.say('Earlier sessions could not be read'),
    )
    return () => {
      stale = true
    }
  }, [all, name])
  const showAll = (on: boolean) => app.setParams({ session: on ? 'all' : '' })
  if (!all) return { records: live.filter((r) => r.session >= current || r.pinned === true), all, showAll }
  const merged = new Map(earlier.map((r) => [keyOf(r), r]))
  for (const record of live) merged.set(keyOf(record), record)
  return { records: [...merged.values()], all, showAll }
}
