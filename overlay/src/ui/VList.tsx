import type { ComponentChildren } from 'preact'
import { useLayoutEffect, useReducer, useRef, useState } from 'preact/hooks'
import { gapKey, isGap, type Gap, type GapRow } from '../lib/gaps.ts'
import { holdOrder, unfold } from '../lib/held.ts'
import { plural } from '../lib/format.ts'
import { useKeys, type Bindings } from './keys.ts'
import { useWindow } from './useWindow.ts'

/**
 * A virtual list of rows one can walk with j and k. While it is hovered or focused its order holds, and new rows wait; how
 * many is said on the heads of its columns (.lhead), which every list that holds has above it.
 */
export function VList<T extends object>({ rows, gap, keyOf: keyOfRow, size, label, rowClass, children, onOpen, onKey, keys, after, hold = true, unfolded, under: underRow, epoch }: {
  rows: readonly (T | GapRow)[]
  /** What a row says that stands for records that were missed. */
  gap?: (gap: Gap) => ComponentChildren
  keyOf: (row: T) => string
  /** Height of a row in CSS pixels. */
  size: number
  label: string
  rowClass: string | ((row: T) => string)
  children: (row: T) => ComponentChildren
  onOpen: (row: T) => void
  onKey?: (event: KeyboardEvent, row: T) => void
  /** What keys do to the row that is selected. */
  keys?: (row: T) => Bindings
  /** Below the last row. */
  after?: ComponentChildren
  hold?: boolean
  /** Another value: the list begins anew, and nothing of the old order is held. */
  epoch?: unknown
  /** Changes when the user folds or unfolds a row; what is under it then takes its place, although the order holds. */
  unfolded?: unknown
  under?: (row: T) => string | undefined
}) {
  const scroller = useRef<HTMLDivElement>(null)
  const order = useRef<readonly string[]>([])
  const [held, setHeld] = useState(false)
  const [, paint] = useReducer((n: number) => n + 1, 0)
  const [selected, setSelected] = useState<string | undefined>(undefined)
  const focus = useRef(false)

  const keyOf = (row: T | GapRow) => (isGap(row) ? gapKey(row) : keyOfRow(row))
  const under = underRow === undefined ? undefined : (row: T | GapRow) => (isGap(row) ? undefined : underRow(row))
  const begun = useRef(epoch)
  if (begun.current !== epoch) {
    begun.current = epoch
    order.current = []
  }
  const holding = hold && held && order.current.length > 0
  const folds = useRef(unfolded)
  if (holding && under !== undefined && folds.current !== unfolded) order.current = unfold(order.current, rows, keyOf, under)
  folds.current = unfolded
  const { rows: shown, waiting } = holding ? holdOrder(order.current, rows, keyOf, (row) => !isGap(row)) : { rows, waiting: 0 }
  if (!holding) order.current = rows.map(keyOf)
  const at = selected === undefined ? -1 : shown.findIndex((row) => keyOf(row) === selected)
  const chosen = shown[at]
  const sight = useWindow({ count: shown.length, size, scroller, keep: at })

  const select = (to: number) => {
    if (shown.length === 0) return
    const next = Math.max(0, Math.min(shown.length - 1, to))
    focus.current = true
    setSelected(keyOf(shown[next]!))
    sight.show(next)
  }
  const apply = () => {
    order.current = rows.map(keyOf)
    paint(0)
    if (scroller.current !== null) scroller.current.scrollTop = 0
  }
  useLayoutEffect(() => {
    if (!focus.current) return
    focus.current = false
    scroller.current?.querySelector<HTMLElement>('[aria-selected="true"]')?.focus({ preventScroll: true })
  })
  useKeys({
    j: () => select(at + 1),
    k: () => select(at < 0 ? 0 : at - 1),
    ArrowDown: () => select(at + 1),
    ArrowUp: () => select(at < 0 ? 0 : at - 1),
    Home: () => select(0),
    End: () => select(shown.length - 1),
    Enter: (event) => {
      const row = shown[at]
      if (event.composedPath()[0] instanceof HTMLButtonElement || row === undefined || isGap(row)) return false
      onOpen(row)
    },
    ...(waiting > 0 ? { '.': apply } : {}),
    ...(chosen !== undefined && !isGap(chosen) ? keys?.(chosen) : {}),
  })
  return (
    <div
      class="vlist flex flex-col" onPointerEnter={() => setHeld(true)} onPointerLeave={() => setHeld(false)}
      onFocusCapture={() => setHeld(true)} onBlurCapture={() => setHeld(false)}
    >
      {waiting > 0 && <button class="btn pill" onClick={apply}>{plural(waiting, 'new', 'new')} ↑ <span class="kbd">.</span></button>}
      <div ref={scroller} class="scroll grow">
        <div role="grid" aria-label={label} aria-rowcount={shown.length} class="space relative" style={{ height: `${sight.height}px` }}>
          {sight.indexes.map((index) => {
            const row = shown[index]
            if (row === undefined) return null
            const key = keyOf(row)
            return (
              <div
                key={key} role="row" aria-rowindex={index + 1} aria-selected={key === selected} tabIndex={index === Math.max(0, at) ? 0 : -1}
                class={`pick absolute inset-x-0 top-0 ${isGap(row) ? 'gapline' : typeof rowClass === 'string' ? rowClass : rowClass(row)}`}
                style={{ transform: `translateY(${index * size}px)`, height: `${size}px` }}
                onClick={() => {
                  setSelected(key)
                  if (!isGap(row)) onOpen(row)
                }}
                onKeyDown={(event) => isGap(row) || onKey?.(event, row)}
              >
                {isGap(row) ? gap?.(row.gap) : children(row)}
              </div>
            )
          })}
        </div>
        {after}
      </div>
    </div>
  )
}
