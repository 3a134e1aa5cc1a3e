import { Clock } from 'lucide-preact'
import { useMemo, useState } from 'preact/hooks'
import { count, delta, duration } from '../../lib/format.ts'
import { timeline, type Moment } from '../../lib/timeline.ts'
import { Icon } from '../../ui/Icon.tsx'
import { markProps, ServiceChip } from '../../ui/Service.tsx'
import type { Event, LogSummary, Trace } from '../../wire/model.gen.ts'
import { useApp } from '../context.ts'

/** Moments shown before "Show earlier". */
const SHOWN = 30

/** What happened before the error, in all services of its trace. */
export function Before({ event, trace, logs }: { event: Event; trace: Trace | undefined; logs: readonly LogSummary[] }) {
  const app = useApp()
  const [all, setAll] = useState(false)
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set())
  const moments = useMemo(() => timeline(event, trace, logs), [event, trace, logs])
  if (moments.length === 0) return null
  const services = [...new Set([...(trace?.services ?? []), ...moments.map((m) => m.service)])].filter((s) => moments.some((m) => m.service === s))
  const wanted = moments.filter((m) => !hidden.has(m.service))
  const shown = all ? wanted : wanted.slice(-SHOWN)
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
  return (
    <section aria-label="What happened before">
      <div class="flex gap-8 items-center mt-18 mb-6 text-12 flex-wrap">
        <b>What happened before</b>
        <span class="t3">{services.length > 1 ? `merged from ${services.length} services${trace === undefined ? '' : ' in this request'}` : ''}</span>
        <span class="grow" />
        {services.map((name) => (
          <button key={name} aria-pressed={!hidden.has(name)} class={hidden.has(name) ? 'opacity-45' : ''} title={hidden.has(name) ? 'Show' : 'Hide'} onClick={() => toggle(name)}>
            <ServiceChip name={name} mark={app.services.mark(name)} />
          </button>
        ))}
      </div>
      {shown.length < wanted.length && <button class="link text-12 mb-6" onClick={() => setAll(true)}>Show {count(wanted.length - shown.length)} earlier</button>}
      <div role="list">
        {shown.map((moment) => <MomentRow key={moment.key} moment={moment} go={go} />)}
        <div class="bc here" role="listitem" {...markProps(app.services.mark(event.service))}>
          <span class="d num">0</span><span class="lane" /><span class="sv trunc">{event.service}</span><span class="trunc">{event.exceptions[0]?.type ?? event.title}</span><span class="end">this error</span>
        </div>
      </div>
    </section>
  )
}

function MomentRow({ moment, go }: { moment: Moment; go: (moment: Moment) => void }) {
  const app = useApp()
  const end = [moment.times > 1 ? `×${moment.times}` : '', moment.duration === undefined ? '' : duration(moment.duration)].filter(Boolean).join(' · ')
  const cells = (
    <>
      <span class="d num">{moment.at === -Infinity ? '' : delta(Math.abs(moment.at) >= 10e6 ? Math.round(moment.at / 1e6) * 1e6 : moment.at)}</span>
      <span class="lane" />
      <span class="sv t2 trunc">{moment.service}</span>
      <span class="what" title={moment.message}>
        <span class="kind">{moment.kind}</span>
        <span class="mono trunc">
          {moment.kind === 'log' && moment.level !== undefined && <span class={`lvl ${moment.level}`}>{moment.level === 'warning' ? 'warn' : moment.level}  </span>}
          <span class={moment.kind !== 'log' && moment.level === 'error' ? 'text-err' : ''}>{moment.message}</span>
        </span>
      </span>
      <span class="end">{moment.adjusted && <span class="inline-block align-[-2px] mr-4" title="Its clock was adjusted"><Icon of={Clock} size={12} /></span>}{end}</span>
    </>
  )
  const mark = markProps(app.services.mark(moment.service))
  return moment.opens === undefined
    ? <div class="bc" role="listitem" {...mark}>{cells}</div>
    : <div role="listitem"><button class="bc" {...mark} onClick={() => go(moment)}>{cells}</button></div>
}
