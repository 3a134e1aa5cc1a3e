// Opened traces and events: what a view looks at in full. The Collector sends each whole once and then what changes of it;
// both are kept for a while after the view is left, so that going back is instant.
import { signal, type Signal } from '@preact/signals-core'
import { ApiError } from '../wire/api.ts'
import { RequestClose, RequestOpen, type ClientFrame, type Event, type FactsChange, type FrameFault, type SpanFacts, type Trace, type TraceFrame, type TraceSpan } from '../wire/model.gen.ts'

/** Traces and events kept after they were last looked at. */
const KEEP = 6
/** Milliseconds after which the JSON API is asked for what the socket did not bring. */
const PATIENCE = 1500

export type Opened<T> =
  | { state: 'loading' }
  | { state: 'ready'; value: T }
  | { state: 'gone' }
  | { state: 'failed'; text: string }

interface Entry<T> {
  id: string
  users: number
  signal: Signal<Opened<T>>
  /** Newer than what the signal shows, to be published with the next frame. */
  pending?: Opened<T>
  timer?: ReturnType<typeof setTimeout>
}


export function createOpened<T>(options: {
  request: (id: string, type: typeof RequestOpen | typeof RequestClose) => ClientFrame
  send: (frame: ClientFrame) => void
  fetch: (id: string) => Promise<T>
  changed: () => void
}) {
  const { request, send, fetch, changed } = options
  const entries = new Map<string, Entry<T>>()

  const update = (entry: Entry<T>, next: Opened<T>) => {
    entry.pending = next
    changed()
  }
  const latest = (entry: Entry<T>) => entry.pending ?? entry.signal.peek()

  const fetchInstead = (entry: Entry<T>) => {
    entry.timer = undefined
    fetch(entry.id).then(
      (value) => {
        if (latest(entry).state !== 'ready') update(entry, { state: 'ready', value })
      },
      (fault: unknown) => {
        if (latest(entry).state === 'ready') return
        const gone = fault instanceof ApiError && fault.status === 404
        update(entry, gone ? { state: 'gone' } : { state: 'failed', text: fault instanceof Error ? fault.message : String(fault) })
      },
    )
  }

  return {
    /** Starts to look at it. Every call wants one release. */
    open: (id: string): Signal<Opened<T>> => {
      let entry = entries.get(id)
      if (entry === undefined) {
        entry = { id, users: 0, signal: signal<Opened<T>>({ state: 'loading' }) }
        entries.set(id, entry)
        forgetOldest()
      }
      if (entry.users++ === 0) {
        const state = latest(entry).state
        if (state !== 'ready') {
          if (state !== 'loading') update(entry, { state: 'loading' })
          clearTimeout(entry.timer)
          entry.timer = setTimeout(fetchInstead, PATIENCE, entry)
        }
        send(request(id, RequestOpen))
      }
      return entry.signal
    },
    release: (id: string) => {
      const entry = entries.get(id)
      if (entry === undefined || --entry.users > 0) return
      clearTimeout(entry.timer)
      send(request(id, RequestClose))
      entries.delete(id)
      entries.set(id, entry) // now the newest of those nobody looks at
      forgetOldest()
    },
    /** A newer whole value of what is open. */
    take: (id: string, change: (before: T | undefined) => T | undefined) => {
      const entry = entries.get(id)
      if (entry === undefined) return
      const before = latest(entry)
      const value = change(before.state === 'ready' ? before.value : undefined)
      if (value === undefined) return
      clearTimeout(entry.timer)
      if (before.state === 'ready' && value === before.value) return
      update(entry, { state: 'ready', value })
    },
    fault: (id: string, fault: FrameFault) => {
      const entry = entries.get(id)
      if (entry === undefined || latest(entry).state === 'ready') return
      void fault // its text is for people who read frames; the API tells "gone" from "broken"
      clearTimeout(entry.timer)
      fetchInstead(entry)
    },
    /** Asks again for everything in use: the line is new. */
    reopen: () => {
      for (const entry of entries.values()) if (entry.users > 0) send(request(entry.id, RequestOpen))
    },
    publish: () => {
      for (const entry of entries.values()) {
        if (entry.pending === undefined) continue
        entry.signal.value = entry.pending
        entry.pending = undefined
      }
    },
    /** What is known of it now, looked at or not. */
    peek: (id: string): T | undefined => {
      const entry = entries.get(id)
      const at = entry === undefined ? undefined : latest(entry)
      return at?.state === 'ready' ? at.value : undefined
    },
    dispose: () => {
      for (const entry of entries.values()) clearTimeout(entry.timer)
      entries.clear()
    },
  }

  function forgetOldest() {
    let idle = 0
    for (const entry of entries.values()) if (entry.users === 0) idle++
    for (const entry of [...entries.values()]) {
      if (idle <= KEEP) return
      if (entry.users > 0) continue
      entries.delete(entry.id)
      idle--
    }
  }
}

/** What the Collector computes of a span: a change of facts replaces all of them. */
const FACTS = [
  'children', 'descendants', 'parent_row', 'orphan', 'clock_offset_ns', 'self', 'critical', 'gap_ns', 'pseudo', 'n_plus_one', 'fold_key',
  'late', 'also_reported', 'errors',
] as const satisfies (keyof SpanFacts)[]

/**
 * Applies a trace frame to a trace. Idempotent; undefined when the frame is a change of a trace that is not here. The order
 * of the spans says nothing: rows are placed by lib/tree.ts.
 */
export function mergeTrace(before: Trace | undefined, frame: TraceFrame): Trace | undefined {
  const { trace: next } = frame
  if (frame.whole === true) return before === undefined || next === undefined ? next : keepSame(before, next)
  if (before === undefined || frame.version < before.version) return before
  const removed = new Set(frame.removed)
  return {
    // The summary is whole in every frame, and what is false is left out of it: nothing of the one before may shine through.
    ...(next ?? before),
    logs: next?.logs ?? before.logs,
    clock_domains: next?.clock_domains ?? before.clock_domains,
    critical_path: next?.critical_path ?? before.critical_path,
    version: frame.version,
    spans: mergeSpans(before.spans, removed, frame.facts ?? [], next?.spans ?? []),
    missing_parents: merge(before.missing_parents ?? [], removed, next?.missing_parents ?? [], (m) => m.span_id),
    events: merge(before.events, NONE, next?.events ?? [], (event) => event.event_id),
  }
}

/** Where each span stands in a list. It goes on to the next list with what changes of it: a change does not count ten thousand spans anew. */
const places = new WeakMap<readonly TraceSpan[], Map<string, number>>()

const NONE: ReadonlySet<string> = new Set()

// What is removed goes first: a missing parent that came is in both. What stays keeps its place, and what is new comes last;
// lib/growth.ts sees by that what changed. A list without a change stays the same list.
function mergeSpans(before: TraceSpan[], removed: ReadonlySet<string>, facts: readonly FactsChange[], rows: readonly TraceSpan[]): TraceSpan[] {
  if (removed.size + facts.length + rows.length === 0) return before
  let at = places.get(before) ?? placesIn(before)
  let spans = before.slice()
  const came = new Set(rows.map((span) => span.span_id))
  if ([...removed].some((id) => at.has(id) && !came.has(id))) {
    spans = before.filter((span) => came.has(span.span_id) || !removed.has(span.span_id))
    at = placesIn(spans)
  }
  for (const change of facts) {
    const i = at.get(change.span_id)
    if (i === undefined) continue
    const bare = { ...spans[i]! }
    for (const fact of FACTS) delete bare[fact]
    spans[i] = { ...bare, ...change }
  }
  for (const span of rows) {
    const i = at.get(span.span_id)
    if (i !== undefined) spans[i] = span
    else at.set(span.span_id, spans.push(span) - 1)
  }
  places.delete(before)
  places.set(spans, at)
  return spans
}

const placesIn = (spans: readonly TraceSpan[]): Map<string, number> => new Map(spans.map((span, i) => [span.span_id, i]))

function merge<T>(before: T[], removed: ReadonlySet<string>, more: readonly T[], idOf: (record: T) => string): T[] {
  if (removed.size + more.length === 0) return before
  const records = new Map(before.map((record) => [idOf(record), record]))
  for (const id of removed) records.delete(id)
  for (const record of more) records.set(idOf(record), record)
  return [...records.values()]
}

/** A trace that is opened again comes whole again: what did not change stays the same object, so that nothing is built anew. */
function keepSame(before: Trace, next: Trace): Trace {
  if (before.version !== next.version || before.last_time !== next.last_time || before.span_count !== next.span_count || before.spans.length !== next.spans.length) return next
  const kept = { ...next, spans: before.spans }
  for (const list of ['events', 'logs', 'missing_parents'] as const) if (same(before[list], next[list])) Object.assign(kept, { [list]: before[list] })
  return same({ ...before, spans: 0 }, { ...kept, spans: 0 }) ? before : kept
}

const same = (a: unknown, b: unknown): boolean => a === b || JSON.stringify(a) === JSON.stringify(b)

export const eventRequest = (id: string, type: typeof RequestOpen | typeof RequestClose): ClientFrame => ({ type, event_id: id })
export const traceRequest = (id: string, type: typeof RequestOpen | typeof RequestClose): ClientFrame => ({ type, trace_id: id })
export type OpenEvents = ReturnType<typeof createOpened<Event>>
