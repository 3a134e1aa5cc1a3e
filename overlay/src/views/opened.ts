// Looking at one trace or event in full, for as long as a component is mounted.
import { useEffect, useMemo, useState } from 'preact/hooks'
import type { createOpened, Opened } from '../store/opened.ts'

type Openable<T> = ReturnType<typeof createOpened<T>>

const FULL_ID = 32

/** The state of what has this id; short prefixes are resolved by the API first. undefined: nothing is looked at. */
export function useOpened<T>(store: Openable<T>, id: string | undefined, resolve?: (prefix: string) => Promise<string>): Opened<T> | undefined {
  const [full, setFull] = useState<{ of: string; id: string | undefined } | undefined>(undefined)
  const short = id !== undefined && id.length < FULL_ID && resolve !== undefined
  const wanted = !short ? id : full?.of === id ? full.id : undefined
  useEffect(() => {
    if (!short || id === undefined) return
    let stale = false
    resolve(id).then(
      (found) => !stale && setFull({ of: id, id: found }),
      () => !stale && setFull({ of: id, id }),
    )
    return () => {
      stale = true
    }
  }, [id, short])
  const signal = useMemo(() => (wanted === undefined ? undefined : store.open(wanted)), [store, wanted])
  useEffect(() => {
    if (wanted !== undefined) return () => store.release(wanted)
  }, [store, wanted])
  if (id === undefined) return undefined
  return signal?.value ?? { state: 'loading' }
}
