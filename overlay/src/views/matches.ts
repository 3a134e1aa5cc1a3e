// Which records of a list a query finds. Rows carry little: what only the Collector can answer (any span's name, attributes,
// tags, releases) is asked of it; until it answers, and for what arrived since, the rows have to do.
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { compileQuery, type Fields, type Term } from '../lib/query.ts'
import type { ListName } from '../wire/decode.ts'
import { useApp } from './context.ts'

/** Milliseconds after the last key before the Collector is asked, and between two questions while records keep coming. */
const FIRST = 120
const AGAIN = 2000
/** Records it may name. */
const MOST = 5000

interface Answer<T> { query: string; found: ReadonlyMap<string, T>; of: ReadonlySet<string> }

export function useMatches<T extends { session: number; pinned?: boolean }>(name: ListName, query: string, fields: Fields<T>, records: readonly T[], keyOf: (record: T) => string): {
  terms: readonly Term[]
  /** Missing: everything matches. */
  test: ((record: T) => boolean) | undefined
  /** The Collector was asked and has not answered yet. */
  asking: boolean
  /** The records, and what the Collector found beside them: it holds more than a page does. */
  records: readonly T[]
} {
  const app = useApp()
  const { terms, test, asks: deep } = useMemo(() => compileQuery(query, fields), [query, fields])
  const asks = deep || (test !== undefined && app.feed.skipped.value > 0) // there is more than the page was sent
  const [answer, setAnswer] = useState<Answer<T> | undefined>(undefined)
  const last = useRef({ query: '', at: 0 })
  const newest = useRef({ query, records })
  newest.current = { query, records }
  // Asked again when something arrived, not with every second that the ages of rows are painted anew.
  const arrived = asks ? app.feed.received.value : 0
  useEffect(() => {
    if (!asks) return
    const timer = setTimeout(() => {
      last.current = { query, at: app.clockNow() }
      const of = new Set(newest.current.records.map(keyOf))
      const take = (found: ReadonlyMap<string, T>, known: ReadonlySet<string>) => newest.current.query === query && setAnswer({ query, found, of: known })
      // Without an answer the rows have to do.
      app.api.list(name, { q: query, session: 'all', limit: String(MOST) }).then(
        (page) => take(new Map((page.items as unknown as T[]).map((record) => [keyOf(record), record])), of), () => take(new Map(), new Set()),
      )
    }, last.current.query === query ? Math.max(FIRST, last.current.at + AGAIN - app.clockNow()) : FIRST)
    return () => clearTimeout(timer)
  }, [asks, query, arrived])
  const known = asks && answer?.query === query ? answer : undefined
  const matches = useMemo(() => {
    if (test === undefined || known === undefined) return test
    return (record: T) => {
      const key = keyOf(record)
      return known.of.has(key) ? known.found.has(key) : known.found.has(key) || test(record)
    }
  }, [test, known])
  const session = app.place.value.params['session'] ?? ''
  const present = app.session.value
  const whole = useMemo(() => {
    if (known === undefined) return records
    const here = new Set(records.map(keyOf))
    const fits = (record: T) => (session === 'all' || record.pinned === true || (session === '' ? record.session >= present : record.session === Number(session)))
    const more = [...known.found].flatMap(([key, record]) => (!here.has(key) && !known.of.has(key) && fits(record) ? [record] : []))
    return more.length === 0 ? records : [...records, ...more]
  }, [records, known, session, present])
  return { terms, test: matches, asking: asks && known === undefined, records: whole }
}
