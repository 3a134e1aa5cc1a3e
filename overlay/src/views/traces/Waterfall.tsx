import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { around, pan, place, zoomAt, type Zoom } from '../../lib/geometry.ts'
import { tick } from '../../lib/format.ts'
import { matches, type Row } from '../../lib/rows.ts'
import { ticks } from '../../lib/ticks.ts'
import { subtree, type SpanNode, type Tree } from '../../lib/tree.ts'
import { useKeys } from '../../ui/keys.ts'
import { useStable } from '../../ui/memo.ts'
import { useWindow, type Windowed } from '../../ui/useWindow.ts'
import type { EventSummary, LogMark, Trace, TraceSpan } from '../../wire/model.gen.ts'
import { useApp } from '../context.ts'
import { ColumnGrip } from '../parts/ColumnGrip.tsx'
import { WaterfallRow } from './WaterfallRow.tsx'

/** CSS pixels, as --osp-row of tokens.css. */
const ROW = 26
const COMPACT_ROW = 22
const TICKS = 7
/** Percent of the axis after which a label would be cut off. */
const LAST_LABEL = 92

/** The spans as rows and bars: a treegrid, of which only the rows in sight are in the document. */
export function Waterfall({ trace, tree, rows, zoom, onZoom, selected, onSelect, onReveal, onToggle, onFold, match, logs, critical, errors }: {
  trace: Trace
  tree: Tree
  rows: readonly Row[]
  zoom: Zoom
  onZoom: (zoom: Zoom) => void
  selected: string | undefined
  onSelect: (id: string | undefined) => void
  onReveal: (node: SpanNode) => void
  onToggle: (row: Row) => void
  onFold: (change: (set: Set<string>) => void) => void
  /** Rows without a match are dimmed. */
  match: ((node: SpanNode) => boolean) | undefined
  logs: ReadonlyMap<string, readonly LogMark[]>
  critical: boolean
  errors: ReadonlyMap<string, readonly EventSummary[]>
}) {
  const app = useApp()
  const frame = useRef<HTMLDivElement>(null)
  const scroller = useRef<HTMLDivElement>(null)
  const [cursor, setCursor] = useState(selected) // the row of the keyboard: also rows that are no span
  const focus = useRef(false)
  const seek = useRef<0 | 1 | -1>(0)
  const at = indexOf(rows, cursor)
  const size = app.settings.value.density === 'compact' ? COMPACT_ROW : ROW
  const sight = useWindow({ count: rows.length, size, scroller, keep: at })
  useAnchor(rows, size, scroller, sight.seen, selected)

  const go = (to: number) => {
    const next = Math.max(0, Math.min(rows.length - 1, to))
    const row = rows[next]
    if (row === undefined) return
    setCursor(row.key)
    focus.current = true
    sight.show(next)
    onSelect(row.kind === 'span' ? row.node.id : row.kind === 'group' ? row.node.members[0]!.id : selected)
  }
  useLayoutEffect(() => {
    if (!focus.current) return
    focus.current = false
    scroller.current?.querySelector<HTMLElement>('[role=row][tabindex="0"]')?.focus({ preventScroll: true })
  })
  // A span from the URL, the timeline or the details: unfold it and bring it into sight.
  useEffect(() => {
    const node = selected === undefined ? undefined : tree.byId.get(selected)
    if (node === undefined) return
    if (!focus.current && !rows.some((row) => row.key === cursor && row.kind !== 'span')) setCursor(selected)
    const index = rows.findIndex((row) => row.key === selected)
    if (index >= 0) sight.show(index)
    else if (!rows.some((row) => row.kind === 'group' && row.node.members[0]!.id === selected)) onReveal(node)
  }, [selected, selected !== undefined && tree.byId.has(selected)])

  const openError = useStable((event: EventSummary) => app.go({ view: 'errors', ids: [event.issue_id ?? '-', event.event_id], params: {} }))
  const toggle = useStable(onToggle)
  // One link leads there; of several the details say which.
  const follow = useStable((span: TraceSpan) => {
    const [link, ...more] = span.link_marks ?? []
    if (link !== undefined && more.length === 0) return app.go({ view: 'traces', ids: [link.trace_id], params: { span: link.span_id } })
    app.setSettings({ details: true })
    app.setParams({ span: span.span_id, tab: 'links' })
  })
  const pick = useStable((row: Row, event: MouseEvent) => {
    if (event.composedPath()[0] instanceof HTMLButtonElement) return
    setCursor(row.key)
    if (row.kind === 'error') onSelect(row.node.id)
    else if (row.kind === 'span') onSelect(row.node.id === selected ? undefined : row.node.id)
    else if (row.kind === 'group') onSelect(row.node.members[0]!.id)
  })
  const nextError = (step: 1 | -1) => {
    for (let i = at + step; i >= 0 && i < rows.length; i += step) if (rows[i]!.kind === 'error') return go(i)
    // It may be in what is folded: then that is opened, and the error is gone to when its row is there.
    if (rows.some((row) => row.kind === 'error') || errors.size === 0 || seek.current !== 0) return
    seek.current = step
    onFold((set) => set.clear())
  }
  useEffect(() => {
    if (seek.current === 0) return
    nextError(seek.current)
    seek.current = 0
  }, [rows])
  // With a filter the next match, else the next error.
  const next = (step: 1 | -1) => {
    if (match === undefined) return nextError(step)
    for (let i = at + step; i >= 0 && i < rows.length; i += step) if (matches(rows[i]!, match)) return go(i)
  }
  const current = rows[at]
  const node = selected === undefined ? undefined : tree.byId.get(selected)
  const middle = node === undefined ? (zoom[0] + zoom[1]) / 2 : (node.start + node.end) / 2
  const deep = (open: boolean) => {
    if (current?.kind !== 'span') return
    onFold((set) => {
      for (const n of subtree(current.node)) {
        if (open) set.delete(n.id)
        else if (n.children.length > 0) set.add(n.id)
      }
    })
  }
  useKeys({
    j: () => go(at + 1), ArrowDown: () => go(at + 1),
    k: () => go(at < 0 ? 0 : at - 1), ArrowUp: () => go(at < 0 ? 0 : at - 1),
    Home: () => go(0), End: () => go(rows.length - 1),
    ArrowRight: () => {
      if (current !== undefined && 'folded' in current && current.folded) onToggle(current)
      else go(at + 1)
    },
    ArrowLeft: () => {
      if (current === undefined) return
      if ('folded' in current && !current.folded && current.node.children.length > 0) return onToggle(current)
      for (let i = at - 1; i >= 0; i--) if (rows[i]!.depth < current.depth) return go(i)
    },
    'shift+ArrowRight': () => deep(true),
    'shift+ArrowLeft': () => deep(false),
    Enter: (event) => {
      if (event.composedPath()[0] instanceof HTMLButtonElement) return false
      if (current?.kind === 'error') openError(current.event)
      else if (current !== undefined && current.kind !== 'span') onToggle(current)
      else if (current?.kind === 'span') {
        onSelect(current.node.id)
        app.setSettings({ details: true })
      }
    },
    n: () => next(1), 'shift+n': () => next(-1),
    f: () => node !== undefined && onZoom(around(node.start, node.end, tree.extent)),
    '+': () => onZoom(zoomAt(zoom, tree.extent, 0.6, middle)), '=': () => onZoom(zoomAt(zoom, tree.extent, 0.6, middle)),
    '-': () => onZoom(zoomAt(zoom, tree.extent, 1 / 0.6, middle)),
    a: () => onZoom(pan(zoom, tree.extent, -0.2)), d: () => onZoom(pan(zoom, tree.extent, 0.2)),
  })

  const axis = ticks(zoom[0], zoom[1], TICKS)
  const focusable = at >= 0 ? at : 0
  return (
    <div ref={frame} class="wf" style={{ '--names': `${app.settings.value.nameWidth}px` }}>
      <div class="grid" aria-hidden="true">{axis.at.filter((t) => t > zoom[0]).map((t) => <i key={t} style={{ left: `${place(zoom, t)}%` }} />)}</div>
      <div class="whead" aria-hidden="true">
        <div class="pl-16">Span</div>
        <div class="text-right pr-10">Time</div>
        <div class="ticks">{axis.at.filter((t) => place(zoom, t) < LAST_LABEL).map((t) => <span key={t} style={{ left: `${place(zoom, t)}%` }}>{tick(t, axis.step)}</span>)}</div>
      </div>
      <ColumnGrip class="colgrip" label="Width of the names" value={app.settings.value.nameWidth} min={200} max={900} onChange={(nameWidth) => app.setSettings({ nameWidth })} />
      <div ref={scroller} class="rows scroll" role="treegrid" aria-label={`Spans of ${trace.root_name}`} aria-rowcount={rows.length} aria-multiselectable="false">
        <div role="presentation" class="relative" style={{ height: `${sight.height}px` }}>
          {sight.indexes.map((index) => {
            const row = rows[index]
            if (row === undefined) return null
            const isSelected = row.kind === 'span' ? row.node.id === selected : row.kind === 'group' && row.folded && row.node.members.some((m) => m.id === selected)
            return (
              <WaterfallRow
                key={row.key} row={row} top={index * size} index={index} selected={isSelected} dim={match !== undefined && !matches(row, match)} focusable={index === focusable} zoom={zoom} tree={tree}
                critical={critical} logs={row.kind === 'span' ? logs.get(row.node.id) : undefined}
                failed={row.kind === 'span' ? errors.get(row.node.id) : undefined}
                mark={app.services.mark} onToggle={toggle} onError={openError} onPick={pick} onLink={follow}
              />
            )
          })}
        </div>
      </div>
    </div>
  )
}

// MUST-TRC-1: rows that arrive above never move what is being looked at. The anchor is the selected row, else the first
// that is seen; when its place in the list changes, the scroll position changes with it, before the frame is painted.
function useAnchor(rows: readonly Row[], size: number, scroller: { current: HTMLElement | null }, seen: Windowed['seen'], selected: string | undefined) {
  const anchor = useRef<{ key: string; index: number } | undefined>(undefined)
  useLayoutEffect(() => {
    const before = anchor.current
    const element = scroller.current
    if (before !== undefined && element !== null && rows[before.index]?.key !== before.key) {
      const index = indexOf(rows, before.key)
      if (index >= 0) seen.current.top = element.scrollTop += (index - before.index) * size
    }
  }, [rows])
  useLayoutEffect(() => {
    const first = Math.ceil(seen.current.top / size)
    const own = indexOf(rows, selected)
    const last = first + Math.floor(seen.current.height / size)
    const index = own >= first && own <= last ? own : first
    anchor.current = rows[index] === undefined ? undefined : { key: rows[index].key, index }
  })
}

const indexOf = (rows: readonly Row[], key: string | undefined): number => (key === undefined ? -1 : rows.findIndex((row) => row.key === key))
