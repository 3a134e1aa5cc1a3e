import { useEffect, useRef, useState } from 'preact/hooks'
import { zoomAt, pan, type Zoom } from '../../lib/geometry.ts'
import type { Tree } from '../../lib/tree.ts'
import { drawTrace } from '../../ui/drawTrace.ts'
import { useTheme } from '../../ui/useTheme.ts'
import { useApp } from '../context.ts'

const HEIGHT = 62
/** Of so much of the time one part may go into pictures of a trace that grows: ten thousand lines take some eight milliseconds. */
const SHARE = 50
/** Pixels of a drag below which it is a click. */
const CLICK = 4

/** The whole trace in 62 pixels: drag for a window, drag its handles, double-click for everything. */
export function Minimap({ tree, zoom, onZoom }: { tree: Tree; zoom: Zoom; onZoom: (zoom: Zoom) => void }) {
  const app = useApp()
  const box = useRef<HTMLElement>(null)
  const canvas = useRef<HTMLCanvasElement>(null)
  const theme = useTheme(box)
  const [width, setWidth] = useState(0)
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => setWidth(Math.round(entry!.contentRect.width)))
    observer.observe(box.current!)
    return () => observer.disconnect()
  }, [])
  const drawn = useRef<{ next: number; of: unknown; width: number; theme: unknown }>(undefined)
  useEffect(() => {
    if (canvas.current === null || width === 0) return
    const draw = () => {
      const began = performance.now()
      drawTrace(canvas.current!, tree, { width, height: HEIGHT, pad: 4, mark: app.services.mark, theme })
      const ended = performance.now()
      drawn.current = { next: ended + (ended - began) * SHARE, of: tree.byId, width, theme }
    }
    const { current: last } = drawn
    const wait = last?.of === tree.byId && last.width === width && last.theme === theme ? last.next - performance.now() : 0
    if (wait <= 0) return draw()
    const timer = setTimeout(draw, wait)
    return () => clearTimeout(timer)
  }, [tree, width, theme])

  const timeAt = (x: number) => Math.max(0, Math.min(1, (x - 4) / Math.max(1, width - 8))) * tree.extent
  const drag = useRef<{ x: number; edge: 'from' | 'to' | undefined } | undefined>(undefined)
  const at = (event: PointerEvent | WheelEvent | MouseEvent) => event.clientX - box.current!.getBoundingClientRect().left
  const down = (event: PointerEvent) => {
    if (event.button !== 0) return
    const edge = (event.target as HTMLElement).dataset['edge'] as 'from' | 'to' | undefined
    drag.current = { x: at(event), edge }
    box.current!.setPointerCapture(event.pointerId)
  }
  const move = (event: PointerEvent) => {
    const from = drag.current
    if (from === undefined) return
    const x = at(event)
    if (from.edge === 'from') onZoom(ordered(timeAt(x), zoom[1]))
    else if (from.edge === 'to') onZoom(ordered(zoom[0], timeAt(x)))
    else if (Math.abs(x - from.x) > CLICK) onZoom(ordered(timeAt(from.x), timeAt(x)))
  }
  const up = () => {
    drag.current = undefined
  }
  const wheel = (event: WheelEvent) => {
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault()
      onZoom(zoomAt(zoom, tree.extent, event.deltaY > 0 ? 1.25 : 0.8, timeAt(at(event))))
    } else if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
      event.preventDefault()
      onZoom(pan(zoom, tree.extent, (event.deltaX || event.deltaY) / Math.max(1, width)))
    }
  }
  const left = 4 + (zoom[0] / tree.extent) * (width - 8)
  const right = 4 + (zoom[1] / tree.extent) * (width - 8)
  return (
    <section
      ref={box} class="mini" aria-label="Trace overview" onPointerDown={down} onPointerMove={move} onPointerUp={up} onPointerCancel={up}
      onDblClick={() => onZoom([0, tree.extent])} onWheel={wheel}
    >
      <canvas ref={canvas} aria-hidden="true" />
      {width > 0 && (
        <>
          <div class="mask" style={{ left: '0', width: `${Math.max(0, left)}px` }} />
          <div class="mask" style={{ left: `${right}px`, right: '0' }} />
          <div class="brush" style={{ left: `${left}px`, width: `${Math.max(2, right - left)}px` }} />
          <div class="grip" data-edge="from" style={{ left: `${left}px` }} />
          <div class="grip" data-edge="to" style={{ left: `${right}px` }} />
        </>
      )}
    </section>
  )
}

const ordered = (a: number, b: number): Zoom => (a < b ? [a, Math.max(b, a + 1e3)] : [b, Math.max(a, b + 1e3)])
