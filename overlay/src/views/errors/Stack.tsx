import { ChevronDown, ChevronRight } from 'lucide-preact'
import { Fragment } from 'preact'
import { useMemo, useState } from 'preact/hooks'
import { count, plural } from '../../lib/format.ts'
import { firstOpen, frameRows, rawStack, relation, stacks, type StackMode } from '../../lib/frames.ts'
import { projectRoot } from '../../lib/frameWhere.ts'
import { unmapped } from '../../lib/unmapped.ts'
import { Icon } from '../../ui/Icon.tsx'
import { memo } from '../../ui/memo.ts'
import type { Event, Exception, Thread } from '../../wire/model.gen.ts'
import { useApp } from '../context.ts'
import { FrameRow } from './FrameRow.tsx'
import { NotMapped } from './NotMapped.tsx'

/** Exceptions of a group that are shown at once. */
const EXCEPTIONS = 30

/** The exceptions of an event, the thrown one first, and the frames of each. */
export const Stack = memo(function Stack({ event }: { event: Event }) {
  const app = useApp()
  const mode = (app.place.value.params['tab'] ?? 'app') as StackMode
  const root = useMemo(() => projectRoot(event), [event])
  const reasons = useMemo(() => unmapped(event), [event])
  const { exceptions, threads } = useMemo(() => stacks(event), [event])
  const [most, setMost] = useState(EXCEPTIONS)
  const all = [...exceptions, ...threads].reduce((sum, of) => sum + of.frames.length, 0)
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
          : (
            <>
              {reasons.map((reason) => <NotMapped key={reason.reason} reason={reason} says={`${plural(reason.frames, 'frame')} not mapped to source: ${reason.reason}`} top />)}
              {exceptions.slice(0, most).map((_, i) => <Chained key={i} exceptions={exceptions} index={i} mode={mode} root={root} event={event} />)}
              {exceptions.length > most && <button class="fr lib" onClick={() => setMost(most + EXCEPTIONS)}><Icon of={ChevronRight} size={12} />{plural(exceptions.length - most, 'more exception')}</button>}
              {threads.length > 0 && <Threads threads={threads} mode={mode} root={root} event={event} />}
            </>
          )}
      </div>
    </section>
  )
})

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

interface Shown { mode: StackMode; root: string; event: Event }

function Chained({ exceptions, index, ...shown }: { exceptions: readonly Exception[]; index: number } & Shown) {
  const exception = exceptions[index]!
  const [open, setOpen] = useState(index === 0)
  const frames = <Frames exception={exception} first={index === 0} {...shown} />
  if (index === 0) return frames
  const depth = depthOf(exceptions, index)
  const name = exception.type ?? exception.module ?? ''
  return (
    <>
      <button class="fr cause" aria-expanded={open} style={depth > 0 ? { 'padding-left': `${12 + depth * 14}px` } : {}} onClick={() => setOpen(!open)}>
        <span class="t3 shrink-0">{relation(exceptions, index)}</span>{name !== '' && <span class="fn trunc">{name}</span>}<span class="pa trunc" title={exception.value}>{exception.value}</span>
        <span class="grow" />
        {exception.mechanism?.handled === false && <span class="chip err tiny">unhandled</span>}
        <span class="t3 num shrink-0">{exception.frames.length === 0 ? 'no stack' : plural(exception.frames.length, 'frame')}</span>
        <Icon of={open ? ChevronDown : ChevronRight} size={12} class="t3" />
      </button>
      {open && frames}
    </>
  )
}

/** Threads listed before "more". */
const THREADS = 8

// The other threads of the process, closed.
function Threads({ threads, ...shown }: { threads: readonly Thread[] } & Shown) {
  const [opened, setOpened] = useState<ReadonlySet<number>>(new Set())
  const [all, setAll] = useState(false)
  const toggle = (i: number) => {
    const next = new Set(opened)
    if (!next.delete(i)) next.add(i)
    setOpened(next)
  }
  return (
    <>
      {(all ? threads : threads.slice(0, THREADS)).map((thread, i) => (
        <Fragment key={i}>
          <button class="fr cause" aria-expanded={opened.has(i)} onClick={() => toggle(i)}>
            <span class="t3 shrink-0">thread</span><span class="fn trunc">{thread.name ?? thread.id ?? '?'}</span>
            <span class="pa trunc">{[thread.crashed === true ? 'crashed' : '', thread.current === true ? 'current' : '', thread.state ?? ''].filter(Boolean).join(', ')}</span>
            <span class="grow" /><span class="t3 num shrink-0">{plural(thread.frames.length, 'frame')}</span>
            <Icon of={opened.has(i) ? ChevronDown : ChevronRight} size={12} class="t3" />
          </button>
          {opened.has(i) && <Frames exception={{ frames: thread.frames }} first={false} {...shown} />}
        </Fragment>
      ))}
      {!all && threads.length > THREADS && <button class="fr lib" onClick={() => setAll(true)}><Icon of={ChevronRight} size={12} />{plural(threads.length - THREADS, 'more thread')}</button>}
    </>
  )
}

/** Rows of a stack that are shown at once. */
const ROWS = 50

function Frames({ exception, mode, root, event, first }: { exception: Exception; first: boolean } & Shown) {
  const [opened, setOpened] = useState<ReadonlySet<number>>(new Set())
  const [most, setMost] = useState(ROWS)
  const open = useMemo(() => (first ? firstOpen(exception) : -1), [exception, first])
  const rows = useMemo(() => frameRows(exception, mode, opened), [exception, mode, opened])
  if (exception.frames.length === 0) {
    return (exception.raw_stack ?? '') === ''
      ? <div class="fr lib">No stack came with this exception</div>
      : <pre class="raw scroll" role="region" tabIndex={0} aria-label="Stack as text">{exception.raw_stack}</pre>
  }
  const show = (from: number) => () => setOpened(new Set([...opened, from]))
  return (
    <>
      {rows.slice(0, most).map((row) => {
        if (row.kind === 'frame') return <FrameRow key={`${event.event_id} ${row.index}`} frame={row.frame} own={row.own} root={root} platform={event.platform} startOpen={row.index === open} />
        if (row.kind === 'omitted') return <div key={`o${row.from}`} class="fr lib">{row.to - row.from} frames were left out by the SDK</div>
        return (
          <button key={`r${row.from}`} class="fr lib" aria-expanded={false} onClick={show(row.from)}>
            <Icon of={ChevronRight} size={12} />
            {row.kind === 'repeat'
              ? <span class="trunc">{row.calls === 1 ? 'the same call' : `the same ${row.calls} calls`} {count(row.count)} times more</span>
              : <span class="trunc">{plural(row.frames.length, 'frame')} in {row.packages.map((name, i) => <span key={name}>{i > 0 && ', '}<span class="mono">{name}</span></span>)}</span>}
          </button>
        )
      })}
      {rows.length > most && <button class="fr lib" onClick={() => setMost(most + 2 * ROWS)}><Icon of={ChevronRight} size={12} />Show {count(Math.min(2 * ROWS, rows.length - most))} of {count(rows.length - most)} more</button>}
    </>
  )
}
