// A thin hook over @tanstack/virtual-core: rows of one height in a scrolling element.
import {
  elementScroll, observeElementOffset, observeElementRect, Virtualizer, type VirtualItem,
} from '@tanstack/virtual-core'
import { useLayoutEffect, useReducer, useRef } from 'preact/hooks'

/** Rows rendered beyond what is seen, on both sides (overlay-spec.md 13). */
const OVERSCAN = 8

export interface Virtual {
  items: VirtualItem[]
  /** Height of all rows, in CSS pixels. */
  height: number
  show: (index: number, align?: 'auto' | 'center' | 'start' | 'end') => void
  offset: () => number
  scrollTo: (offset: number) => void
}

export function useVirtual(options: { count: number; size: number; scroller: { current: HTMLElement | null }; onScroll?: () => void }): Virtual {
  const [, paint] = useReducer((n: number) => n + 1, 0)
  const ref = useRef<Virtualizer<HTMLElement, HTMLElement> | undefined>(undefined)
  const settings = {
    count: options.count,
    estimateSize: () => options.size,
    getScrollElement: () => options.scroller.current,
    overscan: OVERSCAN,
    scrollToFn: elementScroll,
    observeElementRect,
    observeElementOffset,
    onChange: () => {
      options.onScroll?.()
      paint(0)
    },
  }
  ref.current ??= new Virtualizer<HTMLElement, HTMLElement>(settings)
  const virtual = ref.current
  const size = useRef(options.size)
  virtual.setOptions(settings)
  if (size.current !== options.size) {
    size.current = options.size
    virtual.measure()
  }
  useLayoutEffect(() => virtual._didMount(), [])
  useLayoutEffect(() => virtual._willUpdate())
  return {
    items: virtual.getVirtualItems(),
    height: virtual.getTotalSize(),
    show: (index, align = 'auto') => virtual.scrollToIndex(index, { align }),
    offset: () => virtual.scrollOffset ?? 0,
    scrollTo: (offset) => virtual.scrollToOffset(offset),
  }
}
