import { effect } from '@preact/signals-core'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { FakeSocket } from '../../tests/fakeSocket.ts'
import { createApi } from '../wire/api.ts'
import { createFeed, type Feed } from './feed.ts'

let feed: Feed
let socket: FakeSocket
const status = (store_id: string, more = {}) => ({ version: '0.1.0', store_id, seq: 1, session: { number: 3 }, counts: { traces: 1 }, ...more })
const trace = (id: string) => ({ trace_id: id, services: ['web'] })
const pass = () => vi.advanceTimersByTime(600) // a frame, or what stands for it in a page that paints none

beforeEach(() => {
  vi.useFakeTimers()
  FakeSocket.all.length = 0
  feed = createFeed({ url: 'ws://x/ws', api: createApi('http://x', () => Promise.reject(new Error('no network'))), open: FakeSocket.open })
  socket = FakeSocket.all[0]!
  socket.accept()
  socket.say({ type: 'hello', seq: 1, status: status('s1') })
})
afterEach(() => {
  feed.dispose()
  vi.useRealTimers()
})

describe('the feed', () => {
  it('publishes once per frame, whatever arrives in between', () => {
    pass()
    let runs = 0
    const stop = effect(() => {
      void feed.lists.traces.value
      runs++
    })
    for (let i = 0; i < 50; i++) socket.say({ type: 'delta', seq: 2 + i, delta: { traces: [trace(`t${i}`)] } })
    expect(runs).toBe(1)
    pass()
    expect(runs).toBe(2)
    expect(feed.lists.traces.value.map((t) => t.trace_id).slice(0, 2)).toEqual(['t49', 't48'])
    stop()
  })

  it('is ready with the first snapshot, also an empty one', () => {
    pass()
    expect(feed.ready.value).toBe(false)
    socket.say({ type: 'snapshot', seq: 1, snapshot: {} })
    pass()
    expect(feed.ready.value).toBe(true)
  })

  it('holds still while paused, and shows all at once after', () => {
    pass()
    feed.setPaused(true)
    socket.say({ type: 'delta', seq: 2, delta: { traces: [trace('a'), trace('b')] } })
    pass()
    expect(feed.lists.traces.value).toEqual([])
    expect(feed.waiting.value).toBe(2)
    feed.setPaused(false)
    expect(feed.lists.traces.value).toHaveLength(2)
    expect(feed.waiting.value).toBe(0)
  })

  it('resumes where it was after the line was lost', () => {
    socket.say({ type: 'delta', seq: 41, delta: {} })
    socket.drop()
    vi.advanceTimersByTime(1000)
    const next = FakeSocket.all[1]!
    next.accept()
    expect(next.sent[0]).toEqual({ type: 'subscribe', since: 41, store_id: 's1' })
  })

  it('resumes from what its lists have, not from what greeted it', () => {
    socket.say({ type: 'snapshot', seq: 41, snapshot: {} })
    socket.drop()
    vi.advanceTimersByTime(1000)
    FakeSocket.all[1]!.accept()
    FakeSocket.all[1]!.say({ type: 'hello', seq: 60, status: status('s1') })
    FakeSocket.all[1]!.say({ type: 'event', seq: 61, event: {} })
    FakeSocket.all[1]!.drop()
    vi.advanceTimersByTime(3000)
    FakeSocket.all[2]!.accept()
    expect(FakeSocket.all[2]!.sent[0]).toEqual({ type: 'subscribe', since: 41, store_id: 's1' })
  })

  it('starts over when the Collector restarted, and says so', () => {
    socket.say({ type: 'snapshot', seq: 9, snapshot: { traces: [trace('old')] } })
    pass()
    socket.drop()
    vi.advanceTimersByTime(1000)
    const next = FakeSocket.all[1]!
    next.accept()
    next.say({ type: 'hello', seq: 1, status: status('s2') })
    next.say({ type: 'resync', seq: 1, reason: 'restarted' }) // as the Collector answers a client of its predecessor
    next.say({ type: 'snapshot', seq: 1, snapshot: {} })
    pass()
    expect(feed.lists.traces.value).toEqual([])
    expect(feed.gaps.value).toMatchObject([{ reason: 'restarted' }])
  })

  it('remembers what was missed', () => {
    socket.say({ type: 'resync', seq: 50, missed: 1204, reason: 'slow_client' })
    pass()
    expect(feed.gaps.value).toMatchObject([{ missed: 1204, reason: 'slow_client' }])
    feed.dismissGaps()
    expect(feed.gaps.value).toEqual([])
  })

  it('tells what was missed in records, also when the Collector counted frames', () => {
    socket.say({ type: 'snapshot', seq: 10, snapshot: {} })
    socket.say({ type: 'resync', seq: 500, missed: 4, reason: 'slow_client' })
    pass()
    expect(feed.gaps.value).toMatchObject([{ missed: 490 }])
  })

  it('refuses a Collector of a later kind', () => {
    socket.say({ type: 'hello', seq: 1, status: status('s1', { version: '2.0.0' }) })
    pass()
    expect(feed.link.value).toMatchObject({ kind: 'incompatible' })
  })

  it('counts what arrives per second', () => {
    socket.say({ type: 'delta', seq: 2, delta: { traces: Array.from({ length: 50 }, (_, i) => trace(`t${i}`)) } })
    vi.advanceTimersByTime(1000)
    expect(feed.rate.value).toBe(10)
    vi.advanceTimersByTime(6000)
    expect(feed.rate.value).toBe(0)
  })

  it('asks for what is open again on a new line', () => {
    feed.traces.open('t')
    socket.drop()
    vi.advanceTimersByTime(1000)
    const next = FakeSocket.all[1]!
    next.accept()
    next.say({ type: 'hello', seq: 1, status: status('s1') })
    expect(next.sent).toContainEqual({ type: 'open', trace_id: 't' })
  })

  it('leaves no timer behind', () => {
    feed.dispose()
    expect(vi.getTimerCount()).toBe(0)
  })
})
