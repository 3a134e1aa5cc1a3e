// The lists as the Collector has them, in maps by id. Merging is idempotent: the same frame twice changes nothing, an older
// record never takes the place of a newer one of the same frame order. Bounded: what is oldest leaves first, pinned last.
import type {
  Counts, EventSummary, Issue, ItemSummary, Lists, LogSummary, MetricSummary, Service, Session, TraceSummary,
} from '../wire/model.gen.ts'

/** Records kept of each kind. The Collector holds more; the lists of the API reach those. */
export const LIMITS = { traces: 2000, issues: 1000, events: 4000, logs: 10_000, metrics: 1000, items: 2000, services: 300 }

export type TableName = keyof typeof LIMITS

export interface Tables {
  traces: Map<string, TraceSummary>
  issues: Map<string, Issue>
  events: Map<string, EventSummary>
  logs: Map<number, LogSummary>
  metrics: Map<string, MetricSummary>
  items: Map<number, ItemSummary>
  services: Map<string, Service>
  counts: Counts
  session: Session
  /** Since the Collector started, by reason. */
  dropped: { [reason: string]: number }
}

export const NO_COUNTS: Counts = {
  issues: 0, events: 0, traces: 0, spans: 0, logs: 0, metrics: 0, services: 0, attachments: 0, profiles: 0, replays: 0, items: 0, earlier: 0,
}

export const createTables = (): Tables => ({
  traces: new Map(), issues: new Map(), events: new Map(), logs: new Map(), metrics: new Map(), items: new Map(), services: new Map(),
  counts: NO_COUNTS, session: { number: 0, start_time: '', reason: '', traces: 0, issues: 0 }, dropped: {},
})

export const metricKey = (m: MetricSummary): string => `${m.service}\n${m.name}\n${m.type}`

/** What a merge touched, so that only those lists are published again. */
export type Touched = Set<TableName | 'counts' | 'session' | 'dropped'>

/** Applies a delta, or (whole) a snapshot in place of everything. Returns how many records were new or changed. */
export function applyLists(tables: Tables, lists: Lists, whole: boolean, touched: Touched): number {
  const { removed } = lists
  if (whole || removed?.all === true) clear(tables, touched)
  let changed = 0
  const put = <K, V>(name: TableName, map: Map<K, V>, records: V[] | undefined, key: (record: V) => K) => {
    if (records === undefined || records.length === 0) return
    // Newest first on the wire, newest last in the map: its order is the order in which records leave.
    for (let i = records.length - 1; i >= 0; i--) {
      const record = records[i]!
      map.delete(key(record))
      map.set(key(record), record)
    }
    changed += records.length
    touched.add(name)
  }
  put('traces', tables.traces, lists.traces, (t) => t.trace_id)
  put('issues', tables.issues, lists.issues, (i) => i.issue_id)
  put('events', tables.events, lists.events, (e) => e.event_id)
  put('logs', tables.logs, lists.logs, (l) => l.id)
  put('metrics', tables.metrics, lists.metrics, metricKey)
  put('items', tables.items, lists.items, (i) => i.id)
  put('services', tables.services, lists.services, (s) => s.id)
  if (removed !== undefined) {
    drop('traces', tables.traces, removed.traces, touched)
    drop('issues', tables.issues, removed.issues, touched)
    drop('events', tables.events, removed.events, touched)
    drop('items', tables.items, removed.items, touched)
    drop('services', tables.services, removed.services, touched)
    const upTo = removed.logs_up_to
    if (typeof upTo === 'number' && upTo > 0) {
      for (const id of tables.logs.keys()) if (id < upTo) tables.logs.delete(id)
      touched.add('logs')
    }
  }
  if (lists.counts !== undefined) {
    tables.counts = lists.counts
    touched.add('counts')
  }
  if (lists.session !== undefined) {
    tables.session = lists.session
    touched.add('session')
  }
  if (lists.dropped !== undefined) {
    tables.dropped = lists.dropped
    touched.add('dropped')
  }
  trim(tables)
  return changed
}

function clear(tables: Tables, touched: Touched): void {
  for (const name of Object.keys(LIMITS) as TableName[]) {
    tables[name].clear()
    touched.add(name)
  }
}

function drop<K>(name: TableName, map: Map<K, unknown>, ids: K[] | undefined, touched: Touched): void {
  if (!Array.isArray(ids) || ids.length === 0) return
  for (const id of ids) map.delete(id)
  touched.add(name)
}

function trim(tables: Tables): void {
  for (const name of Object.keys(LIMITS) as TableName[]) {
    const map = tables[name] as Map<unknown, { pinned?: boolean }>
    let over = map.size - LIMITS[name]
    if (over <= 0) continue
    for (const [id, record] of map) {
      if (over <= 0) break
      if (record.pinned === true) continue
      map.delete(id)
      over--
    }
  }
}
