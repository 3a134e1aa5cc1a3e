import { ChevronDown, ChevronRight } from 'lucide-preact'
import { useMemo, useState } from 'preact/hooks'
import { plural } from '../../lib/format.ts'
import { firstOpen, frameRows, rawStack, type StackMode } from '../../lib/frames.ts'
import { projectRoot } from '../../lib/paths.ts'
import { Icon } from '../../ui/Icon.tsx'
import type { Event, Exception } from '../../wire/model.gen.ts'
import { useApp } from '../context.ts'
import { FrameRow } from './FrameRow.tsx'

/** The exceptions of an event, the thrown one first, and the frames of each. */
export function Stack({ event }: { event: Event }) {
  const app = useApp()
  const mode = (app.place.value.params['tab'] ?? 'app') as StackMode
  const root = useMemo(() => projectRoot(event), [event])
  const threads = event.threads?.filter((t) => t.frames.length > 0) ?? []
  const exceptions: Exception[] = event.exceptions.length > 0 ? event.exceptions
    : threads.slice(0, 1).map((t) => ({ type: t.name ?? 'Thread', frames: t.frames }))
  const all = exceptions.reduce((sum, e) => sum + e.frames.length, 0)
  if (exceptions.length === 0 || (all === 0 && exceptions.every((e) => (e.raw_stack ?? '') === '') && exceptions.length < 2)) return null
  const set = (to: StackMode) => () => app.setParams({ tab: to === 'app' ? '' : to })
  const button = (id: StackMode, label: string) => <button class={`btn small ${mode === id ? 'on' : 'ghost'}`} aria-pressed={mode === id} onClick={set(id)}>{label}</button>
  return (
    <section aria-label="Stack">
      <div class="flex gap-8 items-center mt-14 mb-8 text-12">
        <b>Stack</b>{exceptions.length > 1 && <span class="t3">{exceptions.length} exceptions</span>}
        <span class="grow" />
        {button('app', 'In-app')}{button('all', `All ${all}`)}{button('raw', 'Raw')}
      </div>
      <div class="card">
        {mode === 'raw'
          ? <pre class="raw scroll" role="region" tabIndex={0} aria-label="Stack as text">{rawStack(event)}</pre>
          : exceptions.map((exception, i) => <Chained key={i} exception={exception} index={i} depth={depthOf(exceptions, i)} mode={mode} root={root} event={event} />)}
      </div>
    </section>
  )
}

// Members of a group of exceptions hang under it; a chain of causes does not.
function depthOf(exceptions: readonly Exception[], index: number): number {
  const parentOf = (e: Exception | undefined) => {
    const id = e?.mechanism?.parent_id
    return id === undefined ? undefined : exceptions.find((other) => other.mechanism?.exception_id === id)
  }
  let depth = 0
  for (let at = parentOf(exceptions[index]); at !== undefined && depth < 8; at = parentOf(at)) if (at.mechanism?.is_exception_group === true) depth++
  return depth
}

function Chained({ exception, index, depth, mode, root, event }: {
  exception: Exception
  index: number
  depth: number
  mode: StackMode
  root: string
  event: Event
}) {
  const [shown, setShown] = useState(index === 0)
  const frames = <Frames exception={exception} mode={mode} root={root} event={event} first={index === 0} />
  if (index === 0) return frames
  const name = exception.type ?? exception.module ?? 'Exception'
  const { mechanism } = exception
  return (
    <>
      <button class="fr cause" aria-expanded={shown} style={depth > 0 ? { 'padding-left': `${12 + depth * 14}px` } : {}} onClick={() => setShown(!shown)}>
        <span class="t3 shrink-0">{depth > 0 ? 'contains' : 'caused by'}</span><span class="fn trunc">{name}</span><span class="pa trunc">{exception.value}</span>
        <span class="grow" />
        {mechanism?.handled === false && <span class="chip err tiny">unhandled</span>}
        <span class="t3 num shrink-0">{plural(exception.frames.length, 'frame')}</span>
        <Icon of={shown ? ChevronDown : ChevronRight} size={12} class="t3" />
      </button>
      {shown && frames}
    </>
  )
}

function Frames({ exception, mode, root, event, first }: { exception: Exception; mode: StackMode; root: string; event: Event; first: boolean }) {
  const [runs, setRuns] = useState<ReadonlySet<number>>(new Set())
  const open = useMemo(() => (first ? firstOpen(exception) : -1), [exception, first])
  if (exception.frames.length === 0) {
    return (exception.raw_stack ?? '') === ''
      ? <div class="fr lib">No stack came with this exception</div>
      : <pre class="raw scroll" role="region" tabIndex={0} aria-label="Stack as text">{exception.raw_stack}</pre>
  }
  return (
    <>
      {frameRows(exception, mode, runs).map((row) => {
        if (row.kind === 'frame') return <FrameRow key={`${event.event_id} ${row.index}`} frame={row.frame} own={row.own} root={root} platform={event.platform} startOpen={row.index === open} />
        if (row.kind === 'omitted') return <div key={`o${row.from}`} class="fr lib">{row.to - row.from} frames were left out by the SDK</div>
        return (
          <button key={`r${row.from}`} class="fr lib" aria-expanded={false} onClick={() => setRuns(new Set([...runs, row.from]))}>
            <Icon of={ChevronRight} size={12} />
            <span class="trunc">{plural(row.frames.length, 'frame')} in {row.packages.map((name, i) => <span key={name}>{i > 0 && ', '}<span class="mono">{name}</span></span>)}</span>
          </button>
        )
      })}
    </>
  )
}
