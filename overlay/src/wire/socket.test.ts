import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { FakeSocket } from '../../tests/fakeSocket.ts'
import { decodeFrame } from './decode.ts'
import { backoff, connect, type LinkState } from './socket.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function start(mark?: { since: number; storeId: string }) {
  const states: LinkState[] = []
  const frames: unknown[] = []
  const link = connect({ url: 'ws://x/ws', decode: decodeFrame, onFrame: (f) => frames.push(f), onState: (s) => states.push(s), mark: () => mark, open: FakeSocket.open, random: () => 0.5, now: () => Date.now() })
  return { link, states, frames, kinds: () => states.map((s) => s.kind) }
}
const last = () => FakeSocket.all[FakeSocket.all.length - 1]!
beforeEach(() => void (FakeSocket.all.length = 0))

describe('the line', () => {
  it('subscribes when it opens', () => {
    const { kinds } = start()
    last().accept()
    expect(kinds()).toEqual(['connecting', 'open'])
    expect(last().sent).toEqual([{ type: 'subscribe' }])
  })

  it('takes up where it was', () => {
    start({ since: 41, storeId: 's' })
    last().accept()
    expect(last().sent).toEqual([{ type: 'subscribe', since: 41, store_id: 's' }])
  })

  it('comes back after a wait that grows, and again at once when asked', () => {
    const { kinds, link, states } = start()
    for (let i = 0; i < 3; i++) {
      last().drop()
      vi.runOnlyPendingTimers()
    }
    expect(FakeSocket.all).toHaveLength(4)
    last().drop()
    expect(states[states.length - 1]).toMatchObject({ kind: 'waiting', attempt: 4 })
    link.retry()
    expect(FakeSocket.all).toHaveLength(5)
    expect(kinds()[kinds().length - 1]).toBe('connecting')
  })

  it('starts over with short waits once frames came', () => {
    const { states } = start()
    last().drop()
    vi.runOnlyPendingTimers()
    last().accept()
    last().say({ seq: 1, type: 'hello' })
    last().drop()
    expect(states[states.length - 1]).toMatchObject({ attempt: 1 })
  })

  it('says when the other side does not speak our language', () => {
    const { states } = start()
    last().accept('')
    expect(states[states.length - 1]).toMatchObject({ kind: 'incompatible' })
    vi.advanceTimersByTime(60_000)
    expect(FakeSocket.all).toHaveLength(1)
  })

  it('asks a quiet line, and gives it up when it does not answer', () => {
    start()
    last().accept()
    vi.advanceTimersByTime(20_000)
    expect(last().sent[1]).toEqual({ type: 'ping' })
    last().say({ seq: 0, type: 'pong' })
    vi.advanceTimersByTime(20_000)
    expect(last().closed).toBe(false)
    vi.advanceTimersByTime(20_000)
    expect(last().closed).toBe(true)
  })

  it('drops what is no frame', () => {
    const { frames } = start()
    last().accept()
    last().raw('nonsense')
    last().raw('{"seq":1}')
    expect(frames).toEqual([])
  })

  it('leaves nothing behind when closed', () => {
    const { link } = start()
    last().drop()
    link.close()
    expect(vi.getTimerCount()).toBe(0)
  })
})

it('waits stay between a third of a second and ten seconds', () => {
  for (let failed = 0; failed < 40; failed++) {
    for (const random of [0, 0.5, 0.999]) {
      expect(backoff(failed, random)).toBeGreaterThanOrEqual(350)
      expect(backoff(failed, random)).toBeLessThanOrEqual(10_000)
    }
  }
  expect(backoff(0, 0)).not.toBe(backoff(0, 0.9))
})
