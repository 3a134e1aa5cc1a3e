import { ChevronDown, Clock } from 'lucide-preact'
import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks'
import { count, delta, duration } from '../../lib/format.ts'
import { badgeOf } from '../../lib/provenance.ts'
import { atLeast, timeline, type Moment } from '../../lib/timeline.ts'
import { Icon } from '../../ui/Icon.tsx'
import { memo } from '../../ui/memo.ts'
import { Menu } from '../../ui/Menu.tsx'
import { markProps, ServiceChip } from '../../ui/Service.tsx'
import { useWindow } from '../../ui/useWindow.ts'
import type { Event, Level, LogSummary, Trace } from '../../wire/model.gen.ts'
import { useApp } from '../context.ts'
import { Badge } from './Badge.tsx'

/** Moments shown before "Show earlier", and the height of a row in CSS pixels. */
const SHOWN = 30
const ROW = 27
/** With fewer moments than this there is nothing to filter. */
const FEW = 6

const LEVELS: { level: Level; label: string }[] = [{ level: 'trace', label: 'All levels' }, { level: 'info', label: 'Info and up' }, { level: 'warning', label: 'Warnings and up' }, { level: 'error', label: 'Errors' }]

/** What happened before the error, in all services of its trace. only: the badge of the one scope to show. */
export const Before = memo(function Before({ event, trace, logs, only, pick }: {
  event: Event
  trace: Trace | undefined
  logs: readonly LogSummary[]
  only: string | undefined
  pick: (letter: string) => void
}) {
  const app = useApp()
  const [all, setAll] = useState(false)
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set())
  const [kind, setKind] = useState('')
  const [level, setLevel] = useState<Level>('trace')
  const moments = useMemo(() => timeline(event, trace, logs), [event, trace, logs])
  if (moments.length === 0) return null
  const services = [...new Set([...(trace?.services ?? []), ...moments.map((m) => m.service)])].filter((s) => moments.some((m) => m.service === s))
  const kinds = [...new Set(moments.map((m) => m.kind))].sort()
  const wanted = moments.filter((m) => !hidden.has(m.service) && (kind === '' || m.kind === kind) && atLeast(m, level) && (only === undefined || (m.layer !== undefined && badgeOf(m.layer).letter === only)))
  const toggle = (service: string) => {
    const next = new Set(hidden)
    if (!next.delete(service)) next.add(service)
    setHidden(next)
  }
  const go = (moment: Moment) => {
    const to = moment.opens
    if (to === undefined) return
    if ('span' in to) app.go({ view: 'traces', ids: [event.trace_id!], params: { span: to.span } })
    else if ('log' in to) app.go({ view: 'logs', ids: [], params: { at: String(to.log), q: `trace:${event.trace_id}` } })
    else app.go({ view: 'errors', ids: ['-', to.event], params: {} })
  }
  const everything = () => {
    setHidden(new Set())
    setKind('')
    setLevel('trace')
    if (only !== undefined) pick(only)
  }
  const choice = (label: string, name: string, items: { label: string; checked: boolean; run: () => void }[]) =>
    <Menu class="btn ghost small" name={name} label={<>{label}<Icon of={ChevronDown} size={12} class="t3" /></>} items={items} />
  return (
    <section aria-label="What happened before">
      <div class="flex gap-8 items-center mt-18 mb-6 text-12 flex-wrap">
        <b>What happened before</b>
        <span class="t3">{services.length > 1 ? `merged from ${services.length} services${trace === undefined ? '' : ' in this request'}` : ''}</span>
        <span class="grow" />
        {moments.length > FEW && kinds.length > 1 && choice(kind === '' ? 'All kinds' : kind, 'Kinds', ['', ...kinds].map((k) => ({ label: k === '' ? 'All kinds' : k, checked: k === kind, run: () => setKind(k) })))}
        {moments.length > FEW && choice(LEVELS.find((l) => l.level === level)!.label, 'Levels', LEVELS.map((l) => ({ label: l.label, checked: l.level === level, run: () => setLevel(l.level) })))}
        {services.map((name) => (
          <button key={name} aria-pressed={!hidden.has(name)} class={hidden.has(name) ? 'opacity-45' : ''} title={hidden.has(name) ? 'Show' : 'Hide'} onClick={() => toggle(name)}>
            <ServiceChip name={name} mark={app.services.mark(name)} />
          </button>
        ))}
      </div>
      {wanted.length < moments.length && (
        <p class="t3 text-12 mb-6">{count(wanted.length)} of {count(moments.length)} shown{only === undefined ? '' : `, only what came with badge ${only}`}. <button class="link" onClick={everything}>Show all</button></p>
      )}
      {wanted.length > SHOWN && <button class="link text-12 mb-6" onClick={() => setAll(!all)}>{all ? `Show the last ${SHOWN} only` : `Show ${count(wanted.length - SHOWN)} earlier`}</button>}
      {all && wanted.length > SHOWN ? <LongList moments={wanted} go={go} />
        : <div role="list">{wanted.slice(-SHOWN).map((moment) => <MomentRow key={moment.key} moment={moment} go={go} />)}<Here event={event} /></div>}
      {all && wanted.length > SHOWN && <div role="list"><Here event={event} /></div>}
    </section>
  )
})

// The error itself, at the end.
function Here({ event }: { event: Event }) {
  const app = useApp()
  return (
    <div class="bc here" role="listitem" {...markProps(app.services.mark(event.service))}>
      <span class="d num">0</span><span class="lane" /><span class="sv trunc">{event.service}</span><span class="by" /><span class="trunc">{event.exceptions[0]?.type ?? event.title}</span><span class="end">this error</span>
    </div>
  )
}

// All of a long timeline: a list that scrolls by itself, with no more rows in the page than are seen.
function LongList({ moments, go }: { moments: readonly Moment[]; go: (moment: Moment) => void }) {
  const scroller = useRef<HTMLDivElement>(null)
  const sight = useWindow({ count: moments.length, size: ROW, scroller })
  useLayoutEffect(() => {
    scroller.current?.scrollTo({ top: moments.length * ROW })
  }, [])
  return (
    <div ref={scroller} class="bclong scroll" role="list" tabIndex={0} aria-label="All that happened before">
      <div class="relative" role="presentation" style={{ height: `${sight.height}px` }}>
        {sight.indexes.map((index) => moments[index] !== undefined && (
          <div key={moments[index].key} role="presentation" class="absolute inset-x-0 top-0" style={{ transform: `translateY(${index * ROW}px)` }}>
            <MomentRow moment={moments[index]} go={go} place={{ 'aria-posinset': index + 1, 'aria-setsize': moments.length }} />
          </div>
        ))}
      </div>
    </div>
  )
}

function MomentRow({ moment, go, place = {} }: { moment: Moment; go: (moment: Moment) => void; place?: object }) {
  const app = useApp()
  const end = [moment.times > 1 ? `×${moment.times}` : '', moment.duration === undefined ? '' : duration(moment.duration)].filter(Boolean).join(' · ')
  const { layer, from } = moment
  const cells = (
    <>
      <span class="d num">{moment.at === -Infinity ? '' : delta(Math.abs(moment.at) >= 10e6 ? Math.round(moment.at / 1e6) * 1e6 : moment.at)}</span>
      <span class="lane" />
      <span class="sv t2 trunc">{moment.service}</span>
      <span class="by">{layer !== undefined && <Badge layer={layer} title={`${badgeOf(layer).name} scope${from === undefined ? '' : `\n${from.full}`}`} />}</span>
      <span class="what" title={moment.detail === undefined ? moment.message : `${moment.message}\n${moment.detail.replaceAll(' ', '\n')}`}>
        <span class="kind">{moment.kind}</span>
        <span class="mono trunc">
          {moment.kind === 'log' && moment.level !== undefined && <span class={`lvl ${moment.level}`}>{moment.level === 'warning' ? 'warn' : moment.level}  </span>}
          <span class={moment.kind !== 'log' && moment.level === 'error' ? 'text-err' : ''}>{moment.message}</span>
          {moment.detail !== undefined && <span class="t3">  {moment.detail}</span>}
        </span>
      </span>
      <span class="end">
        {from !== undefined && from.short !== moment.message && <span class="from trunc" title={from.full}>{from.short}</span>}
        {moment.adjusted && <span class="inline-block align-[-2px] mr-4" title="Its clock was adjusted"><Icon of={Clock} size={12} /></span>}{end}
      </span>
    </>
  )
  const mark = markProps(app.services.mark(moment.service))
  return moment.opens === undefined
    ? <div class="bc" role="listitem" {...place} {...mark}>{cells}</div>
    : <div role="listitem" {...place}><button class="bc" title={'span' in moment.opens ? 'Open the span' : 'log' in moment.opens ? 'Open the log' : 'Open the error'} {...mark} onClick={() => go(moment)}>{cells}</button></div>
}
