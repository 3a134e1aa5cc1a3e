import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { flameBoxes, type Box } from '../../lib/aggregate.ts'
import { duration } from '../../lib/format.ts'
import { around, stretch, type Zoom } from '../../lib/geometry.ts'
import type { SpanNode, Tree } from '../../lib/tree.ts'
import { useKeys } from '../../ui/keys.ts'
import { useTheme, type Theme } from '../../ui/useTheme.ts'
import { useApp } from '../context.ts'

/** CSS pixels of a level, and what of it is box. */
const LEVEL = 20
const BOX = 18
/** Boxes narrower than this carry no text. */
const TEXT_FROM = 34

/** The trace by depth, in order of time. Only the levels in sight are drawn. */
export function Flame({ tree, zoom, onZoom, selected, onSelect, match }: {
  tree: Tree
  zoom: Zoom
  onZoom: (zoom: Zoom) => void
  selected: string | undefined
  onSelect: (id: string | undefined) => void
  match: ((node: SpanNode) => boolean) | undefined
}) {
  const app = useApp()
  const frame = useRef<HTMLDivElement>(null)
  const scroller = useRef<HTMLDivElement>(null)
  const canvas = useRef<HTMLCanvasElement>(null)
  const theme = useTheme(frame)
  const [view, setView] = useState({ width: 0, height: 0, top: 0 })
  const [under, setUnder] = useState<SpanNode | undefined>(undefined)
  const { boxes, levels } = useMemo(() => flameBoxes(tree), [tree])
  useEffect(() => {
    const element = scroller.current!
    const read = () => setView({ width: element.clientWidth, height: element.clientHeight, top: element.scrollTop })
    const observer = new ResizeObserver(read)
    observer.observe(element)
    element.addEventListener('scroll', read, { passive: true })
    read()
    return () => {
      observer.disconnect()
      element.removeEventListener('scroll', read)
    }
  }, [])
  useEffect(() => {
    if (canvas.current !== null && theme !== undefined && view.width > 0) draw(canvas.current, { boxes, zoom, selected, match, theme, view, colour: (node) => theme.services[app.services.mark(node.span.service).colour - 1] ?? theme.text })
  }, [boxes, zoom, selected, match, theme, view])

  const select = (box: Box | undefined) => {
    if (box === undefined) return
    onSelect(box.node.id)
    const top = box.level * LEVEL
    const element = scroller.current!
    if (top < element.scrollTop) element.scrollTop = top
    else if (top + LEVEL > element.scrollTop + element.clientHeight) element.scrollTop = top + LEVEL - element.clientHeight
  }
  const step = (by: number) => select(boxes[Math.max(0, Math.min(boxes.length - 1, boxes.findIndex((b) => b.node.id === selected) + by))])
  const chosen = selected === undefined ? undefined : tree.byId.get(selected)
  useKeys({
    j: () => step(1), ArrowDown: () => step(1), k: () => step(-1), ArrowUp: () => step(-1),
    f: () => chosen !== undefined && onZoom(around(chosen.start, chosen.end, tree.extent)),
  })
  const at = (event: MouseEvent): SpanNode | undefined => {
    const box = canvas.current!.getBoundingClientRect()
    const level = Math.floor((event.clientY - box.top + view.top) / LEVEL)
    const time = zoom[0] + ((event.clientX - box.left) / box.width) * (zoom[1] - zoom[0])
    const slack = ((zoom[1] - zoom[0]) / box.width) * 2 // what is thinner than a pixel can be hit, too
    return boxes.find((b) => b.level === level && b.node.start - slack <= time && time <= b.node.end + slack)?.node
  }
  const told = under ?? chosen
  return (
    <div ref={frame} class="flame" >
      <p class="said num" role="status">
        {told === undefined ? <span class="t3">{boxes.length} spans on {levels} levels. Click one, double-click to zoom to it.</span> : <><b>{told.span.op ?? told.span.kind}</b> {told.span.name} <span class="t2">{told.span.service} · {duration(told.span.duration_ns)} · {duration(told.span.self_ns)} self</span></>}
      </p>
      <div ref={scroller} class="scroll grow" role="region" aria-label="Flame graph" tabIndex={0}>
        <div class="relative" style={{ height: `${levels * LEVEL + 8}px` }}>
          <canvas
            ref={canvas} class="sticky top-0 block" role="img" aria-label={`Flame graph of ${boxes.length} spans on ${levels} levels; j and k walk through them`}
            onPointerMove={(event) => setUnder(at(event))} onPointerLeave={() => setUnder(undefined)}
            onClick={(event) => onSelect(at(event)?.id)}
            onDblClick={(event) => {
              const node = at(event)
              onZoom(node === undefined ? [0, tree.extent] : around(node.start, node.end, tree.extent))
            }}
          />
        </div>
      </div>
    </div>
  )
}

function draw(canvas: HTMLCanvasElement, { boxes, zoom, selected, match, theme, view, colour }: {
  boxes: readonly Box[]
  zoom: Zoom
  selected: string | undefined
  match: ((node: SpanNode) => boolean) | undefined
  theme: Theme
  view: { width: number; height: number; top: number }
  colour: (node: SpanNode) => string
}): void {
  const context = canvas.getContext('2d')
  if (context === null) return
  const scale = devicePixelRatio || 1
  canvas.width = Math.round(view.width * scale)
  canvas.height = Math.round(view.height * scale)
  canvas.style.setProperty('width', `${view.width}px`)
  canvas.style.setProperty('height', `${view.height}px`)
  context.scale(scale, scale)
  context.font = `11px ${theme.font}`
  context.textBaseline = 'middle'
  for (const { node, level } of boxes) {
    const y = level * LEVEL - view.top
    if (y < -LEVEL || y > view.height) continue
    const part = stretch(zoom, node.start, node.end)
    if (part === undefined) continue
    const x = (part.left / 100) * view.width
    const width = Math.max(1.5, (part.width / 100) * view.width - 1)
    const faint = match !== undefined && !match(node) ? 0.42 : 1
    context.fillStyle = colour(node)
    context.globalAlpha = 0.3 * faint
    context.fillRect(x, y + 1, width, BOX)
    context.globalAlpha = faint
    context.fillRect(x, y + 1, Math.min(2, width), BOX)
    const bad = node.span.status === 'error' || (node.span.errors?.length ?? 0) > 0
    if (bad || node.id === selected) {
      context.strokeStyle = node.id === selected ? theme.accent : theme.err
      context.lineWidth = node.id === selected ? 2 : 1.5
      context.strokeRect(x + 0.75, y + 1.75, Math.max(1, width - 1.5), BOX - 1.5)
    }
    if (width < TEXT_FROM) continue
    context.save()
    context.beginPath()
    context.rect(x, y, width - 4, LEVEL)
    context.clip()
    context.fillStyle = theme.strong
    context.fillText(`${node.span.op ?? node.span.kind}  ${node.span.name}`.slice(0, 200), Math.max(0, x) + 6, y + 1 + BOX / 2)
    context.restore()
  }
}
