// The rows of a long list that are in sight. All rows of a list have one height, so this is arithmetic: a library that also
// measures rows (@tanstack/virtual-core) would be a sixth of the whole first load.
import { useEffect, useLayoutEffect, useReducer, useRef } from 'preact/hooks'

/** Rows rendered beyond what is seen, on both sides (overlay-spec.md 13). */
const OVERSCAN = 8

export interface Windowed {
  /** Indexes of the rows to render, ascending. */
  indexes: number[]
  /** Height of all rows, in CSS pixels. */
  height: number
  /** What of it is seen, in CSS pixels: known without asking the element, which would have to be laid out first. */
  seen: { readonly current: { top: number; readonly height: number } }
  /** Scrolls as little as it takes to see a row. */
  show: (index: number) => void
}

/** Which rows of count to render, for a place of the scroller in CSS pixels. keep is rendered too, wherever it is. */
export function windowOf(count: number, size: number, top: number, seen: number, keep: number): number[] {
  const first = Math.max(0, Math.floor(top / size) - OVERSCAN)
  const last = Math.min(count - 1, Math.ceil((top + seen) / size) + OVERSCAN)
  const indexes: number[] = []
  if (keep >= 0 && keep < Math.min(first, count)) indexes.push(keep)
  for (let i = first; i <= last; i++) indexes.push(i)
  if (keep > last && keep < count) indexes.push(keep)
  return indexes
}

export function useWindow({ count, size, scroller, keep = -1 }: {
  count: number
  /** Height of a row in CSS pixels. */
  size: number
  scroller: { current: HTMLElement | null }
  /** A row that stays rendered wherever the list is scrolled: the one with the focus. */
  keep?: number
}): Windowed {
  const [, paint] = useReducer((n: number) => n + 1, 0)
  const seen = useRef({ top: 0, height: 0, first: -1, last: -1 })

  useLayoutEffect(() => {
    const element = scroller.current
    if (element === null) return
    const look = () => {
      const { scrollTop: top, clientHeight: height } = element
      const first = Math.floor(top / size)
      const last = Math.ceil((top + height) / size)
      const moved = first !== seen.current.first || last !== seen.current.last
      seen.current = { top, height, first, last }
      if (moved) paint(0)
    }
    look()
    element.addEventListener('scroll', look, { passive: true })
    const observer = new ResizeObserver(look)
    observer.observe(element)
    return () => {
      element.removeEventListener('scroll', look)
      observer.disconnect()
    }
  }, [size])
  const wanted = useRef<number | undefined>(undefined)
  const scrollTo = (index: number) => {
    const element = scroller.current
    if (element === null || element.clientHeight === 0) return
    const top = index * size
    if (top < element.scrollTop) element.scrollTop = top
    else if (top + size > element.scrollTop + element.clientHeight) element.scrollTop = top + size - element.clientHeight
    seen.current.top = element.scrollTop
  }
  // A row shown for the first time may still be missing from the scroller's height: once more when it is painted.
  useEffect(() => {
    if (wanted.current === undefined) return
    scrollTo(wanted.current)
    wanted.current = undefined
  })
  return {
    indexes: windowOf(count, size, seen.current.top, seen.current.height, keep),
    height: count * size,
    seen,
    show: (index) => {
      wanted.current = index
      scrollTo(index)
    },
  }
}
