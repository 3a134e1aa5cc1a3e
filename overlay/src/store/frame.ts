// One notification per animation frame, whatever arrives in between.

/** A hidden page paints no frames, but its title still counts: then this many milliseconds stand for one. */
const HIDDEN = 500

export interface Batcher {
  /** Runs the work before the next frame is painted; asking again before that changes nothing. */
  request: () => void
  /** Runs it now if it was asked for. For tests, and for what must not wait. */
  flush: () => void
  dispose: () => void
}

export function createBatcher(work: () => void): Batcher {
  let cancel: (() => void) | undefined
  const run = () => {
    cancel?.()
    cancel = undefined
    work()
  }
  return {
    request: () => {
      if (cancel !== undefined) return
      // A frame may never come (the page is hidden, or becomes so): the timer is the other way out.
      const timer = setTimeout(run, HIDDEN)
      const frame = typeof requestAnimationFrame === 'function' ? requestAnimationFrame(run) : 0
      cancel = () => {
        clearTimeout(timer)
        if (frame !== 0) cancelAnimationFrame(frame)
      }
    },
    flush: () => {
      if (cancel !== undefined) run()
    },
    dispose: () => {
      cancel?.()
      cancel = undefined
    },
  }
}
