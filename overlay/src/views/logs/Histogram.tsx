import { useMemo, useRef, useState } from 'preact/hooks'
import { clock, plural } from '../../lib/format.ts'
import { histogram, shownStretch, type Range } from '../../lib/histogram.ts'
import { parseTime } from '../../lib/time.ts'
import type { LogSummary } from '../../wire/model.gen.ts'
import { useApp } from '../context.ts'

/** Milliseconds shown, and into how many bars. */
const STRETCH = 300_000
const BARS = 100
const BAR = STRETCH / BARS
/** CSS pixels a pointer may move and still mean one bar. */
const STILL = 3

/** Severity over five minutes. Dragging over it, or the arrow keys with Shift, chooses a range of time; Escape takes it back. */
export function Histogram({ rows, filter, range, onRange }: {
  /** Of all times, oldest first. */
  rows: readonly LogSummary[]
  filter: string
  range: Range | undefined
  onRange: (range: Range | undefined) => void
}) {
  const app = useApp()
  const utc = app.settings.value.time === 'utc'
  const now = Math.ceil(app.now.value / BAR) * BAR
  // Ten thousand times are read for it: not with every log that arrives, but every few seconds and for another filter.
  const newest = useRef(rows)
  newest.current = rows
  const [from, to] = useMemo(() => {
    const last = newest.current[newest.current.length - 1]
    return shownStretch(last === undefined ? undefined : parseTime(last.time).ms, now, range, STRETCH, BAR)
  }, [now, filter, range?.[0], range?.[1]])
  const bars = Math.max(BARS, Math.round((to - from) / BAR))
  const size = (to - from) / bars
  const buckets = useMemo(() => histogram(newest.current, to, to - from, bars), [from, to, filter])
  const max = Math.max(1, ...buckets.map((b) => b.error + b.warning + b.other))
  const share = (n: number) => ({ height: `${(n / max) * 100}%` })

  const element = useRef<HTMLDivElement>(null)
  const [drag, setDrag] = useState<{ from: number; to: number; x: number } | undefined>(undefined)
  /** The bar of the keyboard, and where its selection began. */
  const [cursor, setCursor] = useState(bars - 1)
  const anchor = useRef<number | undefined>(undefined)
  const barAt = (x: number) => {
    const box = element.current!.getBoundingClientRect()
    return Math.max(0, Math.min(bars - 1, Math.floor(((x - box.left) / box.width) * bars)))
  }
  const rangeOf = (a: number, b: number): Range => [from + Math.min(a, b) * size, from + (Math.max(a, b) + 1) * size]
  const onUp = (event: PointerEvent) => {
    if (drag === undefined) return
    setDrag(undefined)
    const only = Math.abs(event.clientX - drag.x) <= STILL
    // One click on what is chosen lets go of it.
    if (only && range !== undefined && from + (drag.from + 0.5) * size >= range[0] && from + (drag.from + 0.5) * size < range[1]) onRange(undefined)
    else onRange(rangeOf(drag.from, only ? drag.from : drag.to))
  }
  const onKey = (event: KeyboardEvent) => {
    const step = { ArrowLeft: -1, ArrowRight: 1, PageUp: -10, PageDown: 10 }[event.key]
    const next = event.key === 'Home' ? 0 : event.key === 'End' ? bars - 1 : step === undefined ? undefined : Math.max(0, Math.min(bars - 1, cursor + step))
    if (next !== undefined) {
      if (event.shiftKey) {
        anchor.current ??= cursor
        onRange(rangeOf(anchor.current, next))
      } else anchor.current = undefined
      setCursor(next)
    } else if (event.key === 'Enter' || event.key === ' ') onRange(rangeOf(cursor, cursor))
    else if ((event.key === 'Escape' || event.key === 'Delete') && range !== undefined) {
      anchor.current = undefined
      onRange(undefined)
    } else return
    event.preventDefault()
    event.stopPropagation()
  }
  const chosen = drag === undefined ? range : rangeOf(drag.from, drag.to)
  const place = (ms: number) => Math.max(0, Math.min(100, ((ms - from) / (to - from)) * 100))
  const at = buckets[Math.min(cursor, buckets.length - 1)]!
  const said = `${clock(at.from, utc).slice(0, 8)}: ${plural(at.other + at.warning + at.error, 'log')}, ${plural(at.error, 'error')}`
  return (
    <div
      ref={element} class="hist" role="slider" tabIndex={0} aria-label="Time range of the logs: arrow keys move, with Shift they choose, Escape clears"
      aria-orientation="horizontal" aria-valuemin={0} aria-valuemax={bars - 1} aria-valuenow={Math.min(cursor, bars - 1)}
      aria-valuetext={range === undefined ? said : `${said}; chosen ${clock(range[0], utc).slice(0, 8)} to ${clock(range[1], utc).slice(0, 8)}`}
      onPointerDown={(event) => {
        if (event.button !== 0) return
        const bar = barAt(event.clientX)
        event.currentTarget.setPointerCapture(event.pointerId)
        setDrag({ from: bar, to: bar, x: event.clientX })
        setCursor(bar)
        anchor.current = undefined
      }}
      onPointerMove={(event) => drag !== undefined && setDrag({ ...drag, to: barAt(event.clientX) })}
      onPointerUp={onUp} onPointerCancel={() => setDrag(undefined)} onDblClick={() => onRange(undefined)} onKeyDown={onKey}
    >
      {buckets.map((b, i) => (
        <i key={b.from} class={i === cursor ? 'at' : undefined} title={`${clock(b.from, utc).slice(0, 8)}: ${b.other + b.warning + b.error} logs, ${b.error} errors`}>
          {b.other > 0 && <b style={share(b.other)} />}
          {b.warning > 0 && <b class="w" style={share(b.warning)} />}
          {b.error > 0 && <b class="e" style={share(b.error)} />}
        </i>
      ))}
      {chosen !== undefined && <span class="chosen" style={{ left: `${place(chosen[0])}%`, width: `${place(chosen[1]) - place(chosen[0])}%` }} />}
      <span class="ends num" aria-hidden="true"><span>{clock(from, utc).slice(0, 8)}</span><span>{clock(to, utc).slice(0, 8)}</span></span>
    </div>
  )
}
