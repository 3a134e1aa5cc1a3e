import { useEffect, useMemo, useRef } from 'preact/hooks'
import { duration } from '../../lib/format.ts'
import { nsBetween, parseTime } from '../../lib/time.ts'
import { buildTree } from '../../lib/tree.ts'
import { drawTrace } from '../../ui/drawTrace.ts'
import { useTheme } from '../../ui/useTheme.ts'
import type { Trace } from '../../wire/model.gen.ts'
import { useApp } from '../context.ts'

/** Something that happened within a trace. */
export interface Moment { time: string; span: string | undefined }

/** A small picture of a trace, with the way to it; moment: marked in it. trace is undefined where there is none (yet: loading). */
export function MiniTrace({ trace, loading = false, id, moment, open }: { trace: Trace | undefined; loading?: boolean; id: string; moment?: Moment; open: () => void }) {
  const app = useApp()
  const box = useRef<HTMLDivElement>(null)
  const canvas = useRef<HTMLCanvasElement>(null)
  const theme = useTheme(box)
  const tree = useMemo(() => (trace === undefined ? undefined : buildTree(trace)), [trace])
  useEffect(() => {
    if (canvas.current !== null && tree !== undefined) drawTrace(canvas.current, tree, { width: canvas.current.clientWidth, height: 44, pad: 0, mark: app.services.mark, theme })
  }, [tree, theme])
  const spans = tree !== undefined && tree.byId.size > 0 ? tree : undefined
  const span = moment?.span === undefined ? undefined : spans?.byId.get(moment.span)?.span
  // On the clock of the root, as the picture is.
  const at = moment === undefined || spans === undefined ? undefined : nsBetween(spans.start, parseTime(moment.time)) + (span?.clock_offset_ns ?? 0)
  const inside = at !== undefined && spans !== undefined && at >= 0 && at <= spans.extent
  return (
    <div ref={box} class="card px-13 py-11">
      <div class="flex items-center gap-8"><b class="text-12 trunc">{trace?.root_name || <span class="mono t3">{id.slice(0, 16)}…</span>}</b><span class="grow" />{trace !== undefined && trace.spans.length > 0 && <span class="t3 num text-11">{duration(trace.duration_ns)}</span>}</div>
      {spans !== undefined ? (
        <div class="relative my-8">
          <canvas ref={canvas} class="block w-full h-44" aria-hidden="true" />
          {inside && <i class="moment" aria-hidden="true" style={{ left: `${(at / Math.max(1, spans.extent)) * 100}%` }} />}
        </div>
      ) : <p class={`t3 text-12 my-8 ${loading ? 'h-44' : ''}`}>{loading ? '' : trace === undefined ? 'Its trace is not here' : 'No spans were received for it'}</p>}
      {at !== undefined && (
        <p class="t2 text-12 mb-8 trunc" title={span?.name}>
          <span class="num">{inside ? `${duration(at)} after its start` : at < 0 ? 'Before its first span' : 'After its last span'}</span>{span !== undefined && `, in ${span.name}`}
        </p>
      )}
      <button class="btn w-full justify-center" onClick={open}>Open trace <span class="kbd">T</span></button>
    </div>
  )
}
