// Opened traces and events: what a view looks at in full. The Collector sends each whole once and then what changes of it;
// both are kept for a while after the view is left, so that going back is instant.
import { signal, type Signal } from '@preact/signals-core'
import { ApiError } from '../wire/api.ts'
import { RequestClose, RequestOpen, type ClientFrame, type Event, type FrameFault, type SpanID, type Trace, type TraceFrame } from '../wire/model.gen.ts'

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

/** Applies a trace frame to a trace. Idempotent; returns undefined when the frame needs a whole trace that is not there. */
export function mergeTrace(before: Trace | undefined, frame: TraceFrame): Trace | undefined {
  const { trace: next } = frame
  if (frame.whole === true || before === undefined) return frame.whole === true ? next : undefined
  if (frame.version < before.version) return before
  const spans = new Map(before.spans.map((span) => [span.span_id, span]))
  for (const span of next?.spans ?? []) spans.set(span.span_id, span)
  for (const id of frame.removed ?? []) spans.delete(id)
  const merged: Trace = { ...before, ...next, version: frame.version, spans: inOrder(spans, frame.order) }
  // Lists of a change may be left out when they are as they were.
  if (next === undefined || next.events.length === 0) merged.events = before.events
  return merged
}

function inOrder(spans: Map<SpanID, Trace['spans'][number]>, order: SpanID[] | undefined): Trace['spans'] {
  if (order === undefined) return [...spans.values()]
  const list: Trace['spans'] = []
  for (const id of order) {
    const span = spans.get(id)
    if (span === undefined) continue
    list.push(span)
    spans.delete(id)
  }
  return [...list, ...spans.values()]
}

export const eventRequest = (id: string, type: typeof RequestOpen | typeof RequestClose): ClientFrame => ({ type, event_id: id })
export const traceRequest = (id: string, type: typeof RequestOpen | typeof RequestClose): ClientFrame => ({ type, trace_id: id })
export type OpenEvents = ReturnType<typeof createOpened<Event>>
