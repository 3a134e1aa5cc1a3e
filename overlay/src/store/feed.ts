// What arrives from the socket, gathered in plain maps and published as signals once per animation frame. Nobody else
// writes these signals, and no component sees the socket.
import { batch, computed, signal } from '@preact/signals-core'
import type { Gap } from '../lib/gaps.ts'
import type { Api } from '../wire/api.ts'
import { decodeFrame } from '../wire/decode.ts'
import { connect, type Link, type LinkOptions, type LinkState } from '../wire/socket.ts'
import {
  FrameDelta, FrameError, FrameEvent, FrameHello, FrameResync, FrameSnapshot, FrameTrace, RequestSubscribe, type ClientFrame,
  type Event, type ServerFrame, type Session, type Status, type Trace,
} from '../wire/model.gen.ts'
import { createBatcher } from './frame.ts'
import { createOpened, eventRequest, mergeTrace, traceRequest } from './opened.ts'
import { applyLists, createTables, NO_COUNTS, type TableName, type Touched } from './tables.ts'

/** Seconds over which the rate in the footer is taken. */
const RATE_WINDOW = 5
/** A Collector of another major version may send what we do not understand. */
const SPEAKS = 0

export type Feed = ReturnType<typeof createFeed>

export function createFeed(options: {
  url: string
  api: Api
  now?: () => number
  open?: LinkOptions['open']
}) {
  const now = options.now ?? Date.now
  const tables = createTables()
  const touched: Touched = new Set()

  const link = signal<LinkState>({ kind: 'connecting', url: options.url, since: now() })
  const status = signal<Status | undefined>(undefined)
  const ready = signal(false) // the first snapshot is here
  const paused = signal(false)
  const waiting = signal(0)
  const rate = signal(0)
  const gaps = signal<readonly Gap[]>([]) // shown where they are, until they are dismissed
  const received = signal(0) // grows with every published change
  const skipped = signal(0) // records of the session that no frame carried, because there were too many
  const epoch = signal(0) // grows when lists begin anew: cleared, brought back, another session, another Collector
  const counts = signal(NO_COUNTS)
  const session = signal<Session>(tables.session)
  const dropped = signal<{ [reason: string]: number }>({})
  const lists = {
    traces: signal([...tables.traces.values()]),
    issues: signal([...tables.issues.values()]),
    events: signal([...tables.events.values()]),
    logs: signal([...tables.logs.values()]),
    metrics: signal([...tables.metrics.values()]),
    items: signal([...tables.items.values()]),
    services: signal([...tables.services.values()]),
  }

  let storeId: string | undefined
  let seq = 0
  let connection: Link | undefined
  let nextStatus: Status | undefined
  let nextReady = false
  let nextEpoch = 0
  let nextSkipped = 0
  let held = 0
  let newGaps: Gap[] = []
  let lost: number | undefined // when the line was last lost

  const send = (frame: ClientFrame) => connection?.send(frame)
  const batcher = createBatcher(publish)
  const changed = () => batcher.request()
  const traces = createOpened<Trace>({ request: traceRequest, send, fetch: options.api.trace, changed })
  const events = createOpened<Event>({ request: eventRequest, send, fetch: options.api.event, changed })

  function publish() {
    batch(() => {
      if (nextStatus !== undefined) {
        status.value = nextStatus
        nextStatus = undefined
      }
      if (newGaps.length > 0) {
        gaps.value = [...gaps.peek(), ...newGaps].slice(-20)
        newGaps = []
      }
      if (nextReady) ready.value = true
      epoch.value = nextEpoch
      skipped.value = nextSkipped
      if (paused.peek()) {
        waiting.value = held
        return
      }
      traces.publish()
      events.publish()
      if (touched.size === 0) return
      for (const name of touched) {
        if (name === 'counts') counts.value = tables.counts
        else if (name === 'session') session.value = tables.session
        else if (name === 'dropped') dropped.value = tables.dropped
        else publishList(name)
      }
      touched.clear()
      received.value++
    })
  }
  function publishList(name: TableName) {
    const list = lists[name] as { value: unknown[] }
    list.value = [...tables[name].values()].reverse() // newest first
  }

  function take(frame: ServerFrame) {
    // How far the lists are: what greets, or answers a question, may be ahead of them.
    const before = seq
    if ((frame.type === FrameDelta || frame.type === FrameSnapshot) && frame.seq > seq) seq = frame.seq
    switch (frame.type) {
      case FrameHello: hello(frame); break
      case FrameSnapshot:
        nextSkipped = frame.snapshot?.skipped ?? 0
        if (frame.snapshot !== undefined) count(applyLists(tables, frame.snapshot, true, touched), false)
        nextReady = true
        break
      case FrameDelta:
        if (frame.delta?.removed?.all === true) {
          nextEpoch++
          nextSkipped = 0
        }
        nextSkipped += frame.delta?.skipped ?? 0
        if (frame.delta !== undefined) count(applyLists(tables, frame.delta, false, touched), true)
        nextReady = true
        break
      case FrameTrace:
        if (frame.trace !== undefined) {
          const change = frame.trace
          traces.take(change.trace_id, (before) => mergeTrace(before, change))
        }
        break
      case FrameEvent:
        if (frame.event !== undefined) {
          const event = frame.event
          events.take(event.event_id, () => event)
        }
        break
      case FrameResync: {
        const reason = frame.reason ?? ''
        // That another Collector answers is known since its hello, and told once. What a slow page missed is told in frames, of
        // which each may have carried thousands of records: the sequence counts those.
        if (reason !== 'cleared' && reason !== 'restarted') newGaps.push({ from: (reason === 'slow_client' ? undefined : lost) ?? now(), at: now(), missed: Math.max(frame.missed ?? 0, before === 0 ? 0 : frame.seq - before), reason })
        break
      }
      case FrameError:
        if (frame.error?.id !== undefined) {
          traces.fault(frame.error.id, frame.error)
          events.fault(frame.error.id, frame.error)
        }
        break
    }
    changed()
  }

  function hello(frame: ServerFrame) {
    if (frame.status === undefined) return
    if (storeId !== undefined && storeId !== frame.status.store_id) {
      newGaps.push({ from: lost ?? now(), at: now(), missed: 0, reason: 'restarted' })
      applyLists(tables, {}, true, touched)
      seq = 0
    }
    storeId = frame.status.store_id
    nextStatus = frame.status
    tables.session = frame.status.session
    tables.counts = frame.status.counts
    touched.add('session').add('counts')
    traces.reopen()
    events.reopen()
  }

  const arrivals: number[] = new Array<number>(RATE_WINDOW).fill(0)
  function count(records: number, live: boolean) {
    if (live) arrivals[0]! += records
    if (paused.peek()) held += records
  }
  const ticker = setInterval(() => {
    rate.value = Math.round(arrivals.reduce((sum, n) => sum + n, 0) / RATE_WINDOW)
    arrivals.pop()
    arrivals.unshift(0)
  }, 1000)

  connection = connect({
    url: options.url,
    decode: decodeFrame,
    ...(options.open === undefined ? {} : { open: options.open }),
    now,
    mark: () => (storeId === undefined || seq === 0 ? undefined : { since: seq, storeId }),
    onState: (state) => {
      if (link.peek().kind === 'open' && state.kind !== 'open') lost = now()
      link.value = state
    },
    onFrame: take,
  })

  return {
    link: computed(() => {
      const at = status.value === undefined ? undefined : majorOf(status.value.version)
      return at !== undefined && at > SPEAKS
        ? ({ kind: 'incompatible', text: `The collector is version ${status.value!.version}; this overlay knows ${SPEAKS}.x` } satisfies LinkState)
        : link.value
    }),
    status, ready, paused, waiting, rate, gaps, received, epoch, skipped, counts, session, dropped, lists, traces, events, send,
    retry: () => connection?.retry(),
    setPaused: (on: boolean) => {
      if (on === paused.peek()) return
      paused.value = on
      held = 0
      waiting.value = 0
      if (!on) publish()
    },
    dismissGaps: () => {
      gaps.value = []
    },
    /** Asks for everything anew, as after a reload. */
    resubscribe: () => send({ type: RequestSubscribe }),
    /** For tests: publishes without waiting for a frame. */
    flush: () => batcher.flush(),
    dispose: () => {
      clearInterval(ticker)
      connection?.close()
      batcher.dispose()
      traces.dispose()
      events.dispose()
    },
  }
}

function majorOf(version: string): number | undefined {
  const m = /^v?(\d+)\./.exec(version)
  return m === null ? undefined : Number(m[1])
}
