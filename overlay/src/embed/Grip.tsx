import type { TargetedPointerEvent } from 'preact'
import type { Frame } from './panel.tsx'

const SMALL = 0.53
const LARGE = 0.9
const LEAST_HEIGHT = 0.2
const LEAST_WIDTH = 320
/** Pixels per key press. */
const STEP = 24

/** The edge that is dragged: above when docked at the bottom, left at the right, the corner of a window. */
export function Grip({ frame }: { frame: Frame }) {
  const dock = frame.dock.value
  if (dock === 'full') return null
  const high = (px: number) => frame.size({ height: Math.min(0.97, Math.max(LEAST_HEIGHT, px / innerHeight)) })
  const wide = (px: number) => frame.size({ width: Math.round(Math.min(innerWidth - 32, Math.max(LEAST_WIDTH, px))) })
  const resize = (dx: number, dy: number, from: DOMRect) => {
    if (dock === 'bottom') high(from.height - dy)
    else if (dock === 'right') wide(from.width - dx)
    else frame.size({ window: [from.left, from.top, Math.max(LEAST_WIDTH, from.width + dx), Math.max(200, from.height + dy)] })
  }
  return (
    <div
      class="egrip" data-dock={dock} role="separator" tabIndex={0} aria-label="Size of the overlay" aria-orientation={dock === 'bottom' ? 'horizontal' : 'vertical'}
      aria-valuenow={Math.round((dock === 'bottom' ? frame.box().height / innerHeight : frame.box().width / innerWidth) * 100)} aria-valuemin={0} aria-valuemax={100}
      onPointerDown={(event) => drag(event, frame, resize)}
      onDblClick={() => dock === 'bottom' && high((frame.box().height > ((SMALL + LARGE) / 2) * innerHeight ? SMALL : LARGE) * innerHeight)}
      onKeyDown={(event) => {
        const by = { ArrowUp: [0, -STEP], ArrowDown: [0, STEP], ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0] }[event.key]
        if (by === undefined) return
        event.preventDefault()
        event.stopPropagation()
        resize(by[0]!, by[1]!, frame.box())
      }}
    />
  )
}

/** A window is moved by its header. */
export function useMoving(frame: Frame): { onPointerDown?: (event: TargetedPointerEvent<HTMLElement>) => void } {
  if (frame.dock.value !== 'window') return {}
  return {
    onPointerDown: (event) => {
      if ((event.target as Element).closest('button, a, [role^=menu]') !== null) return
      drag(event, frame, (dx, dy, from) => frame.size({
        window: [Math.min(innerWidth - 80, Math.max(80 - from.width, from.left + dx)), Math.min(innerHeight - 42, Math.max(0, from.top + dy)), from.width, from.height],
      }))
    },
  }
}

function drag(down: TargetedPointerEvent<HTMLElement>, frame: Frame, to: (dx: number, dy: number, from: DOMRect) => void): void {
  if (down.button !== 0) return
  const from = frame.box()
  const grip = down.currentTarget
  grip.setPointerCapture(down.pointerId)
  const onMove = (at: PointerEvent) => to(at.clientX - down.clientX, at.clientY - down.clientY, from)
  const onEnd = () => {
    grip.removeEventListener('pointermove', onMove)
    grip.removeEventListener('lostpointercapture', onEnd)
  }
  grip.addEventListener('pointermove', onMove)
  grip.addEventListener('lostpointercapture', onEnd)
}
