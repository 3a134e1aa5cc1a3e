// The WebSocket to the Collector: one connection, opened again whenever it is lost. It knows frames as far as keeping the
// line needs it (subscribe, ping); what they mean is the work of the store.
import { FramePong, RequestPing, RequestSubscribe, Subprotocol, type ClientFrame, type ServerFrame } from './model.gen.ts'

/** Milliseconds before the second attempt, the most before any, and how far a wait may stray from its mean. */
const BACKOFF_FIRST = 500
const BACKOFF_MAX = 10_000
const JITTER = 0.3
/** A line that has said nothing for this long is asked; one that does not answer in as long again is given up. In ms. */
const QUIET = 20_000

export type LinkState =
  | { kind: 'connecting'; url: string; since: number }
  | { kind: 'open' }
  | { kind: 'waiting'; until: number; attempt: number }
  | { kind: 'incompatible'; text: string }

/** Where to take up again: the last sequence number seen of a store. */
export interface Mark { since: number; storeId: string }

export interface LinkOptions {
  url: string
  /** Reads a message; undefined when it is not a frame. What does not want everything brings a smaller reader. */
  decode: (text: string) => ServerFrame | undefined
  onFrame: (frame: ServerFrame, bytes: number) => void
  onState: (state: LinkState) => void
  mark: () => Mark | undefined
  /** Seams for tests. */
  open?: (url: string, protocol: string) => WebSocket
  now?: () => number
  random?: () => number
}

export interface Link {
  send: (frame: ClientFrame) => void
  /** Tries at once instead of after the wait: the browser came online, or the user asked. */
  retry: () => void
  close: () => void
}

export function connect(options: LinkOptions): Link {
  const { url, onFrame, onState, mark } = options
  const open = options.open ?? ((to: string, protocol: string) => new WebSocket(to, protocol))
  const now = options.now ?? Date.now
  const random = options.random ?? Math.random

  let socket: WebSocket | undefined
  let attempt = 0
  let waiting: ReturnType<typeof setTimeout> | undefined
  let quiet: ReturnType<typeof setTimeout> | undefined
  let closed = false

  const dial = () => {
    waiting = undefined
    onState({ kind: 'connecting', url, since: now() })
    let next: WebSocket
    try {
      next = open(url, Subprotocol)
    } catch {
      wait()
      return
    }
    socket = next
    next.onopen = () => {
      if (next.protocol !== Subprotocol) {
        onState({ kind: 'incompatible', text: `The collector at ${url} does not speak ${Subprotocol}` })
        drop(next)
        return
      }
      const from = mark()
      send(from === undefined ? { type: RequestSubscribe } : { type: RequestSubscribe, since: from.since, store_id: from.storeId })
      onState({ kind: 'open' })
      watch(next)
    }
    next.onmessage = (message: MessageEvent) => {
      if (socket !== next || typeof message.data !== 'string') return
      watch(next)
      const frame = options.decode(message.data)
      if (frame === undefined || frame.type === FramePong) return
      attempt = 0 // the line works, not only the handshake
      onFrame(frame, message.data.length)
    }
    next.onclose = () => {
      if (socket === next) {
        socket = undefined
        wait()
      }
    }
  }

  const watch = (of: WebSocket) => {
    clearTimeout(quiet)
    quiet = setTimeout(() => {
      send({ type: RequestPing })
      quiet = setTimeout(() => of.close(), QUIET)
    }, QUIET)
  }

  const wait = () => {
    clearTimeout(quiet)
    if (closed) return
    const delay = backoff(attempt++, random())
    onState({ kind: 'waiting', until: now() + delay, attempt })
    waiting = setTimeout(dial, delay)
  }

  const drop = (which: WebSocket) => {
    socket = undefined
    clearTimeout(quiet)
    which.close()
  }

  const send = (frame: ClientFrame) => {
    if (socket?.readyState === 1 /* OPEN */) socket.send(JSON.stringify(frame))
  }

  dial()
  return {
    send,
    retry: () => {
      if (waiting === undefined || closed) return
      clearTimeout(waiting)
      dial()
    },
    close: () => {
      closed = true
      clearTimeout(waiting)
      if (socket !== undefined) drop(socket)
    },
  }
}

/** Milliseconds to wait before the attempt after the given number of failed ones; random is in [0, 1). */
export function backoff(failed: number, random: number): number {
  const mean = Math.min(BACKOFF_MAX, BACKOFF_FIRST * 2 ** Math.min(failed, 16))
  return Math.round(Math.min(BACKOFF_MAX, mean * (1 - JITTER + 2 * JITTER * random)))
}
