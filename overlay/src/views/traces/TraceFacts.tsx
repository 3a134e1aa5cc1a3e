import { Clock } from 'lucide-preact'
import { count, duration, plural } from '../../lib/format.ts'
import { Icon } from '../../ui/Icon.tsx'
import type { Trace } from '../../wire/model.gen.ts'
import { useApp } from '../context.ts'

/** How many adjusted clocks are named; every row of a service says it, too. */
const CLOCKS = 2

/** Milliseconds for which notes are shown to whoever asks for them. */
const NOTES = 20_000

/** The trace in numbers, and what is unusual about it. */
export function TraceFacts({ trace }: { trace: Trace }) {
  const app = useApp()
  const sentry = trace.sentry_spans ?? 0
  const otel = trace.span_count - sentry
  const mix = sentry > 0 && otel > 0 ? ` · ${count(sentry)} Sentry, ${count(otel)} OTel` : sentry > 0 ? ' · Sentry' : ' · OTel'
  const path = trace.critical_path?.[0]
  const clocks = trace.clock_domains?.filter((d) => d.offset_ns !== 0) ?? []
  const missing = trace.missing_parents?.length ?? 0
  const warnings = trace.warnings ?? []
  return (
    <section class="facts" aria-label="Facts">
      <Fact value={duration(trace.duration_ns)} {...lasted(trace)} />
      <Fact value={count(trace.span_count)} label={`${trace.span_count === 1 ? 'span' : 'spans'}${mix}`} />
      <Fact value={count(trace.services.length)} label={trace.services.length === 1 ? 'service' : 'services'} />
      {trace.error_count > 0 && <Fact value={count(trace.error_count)} label={trace.error_count === 1 ? 'error' : 'errors'} bad />}
      {(trace.log_count ?? 0) > 0 && <Fact value={count(trace.log_count!)} label={trace.log_count === 1 ? 'log' : 'logs'} />}
      {path !== undefined && trace.services.length > 1 && <Fact value={duration(path.duration_ns)} label={`of the critical path in ${path.service}`} />}
      <span class="grow" />
      {clocks.slice(0, CLOCKS).map((d) => (
        <span key={d.service} class="chip" title={`Measured from ${plural(d.evidence, 'call')}${d.uncertainty_ns === undefined ? '' : `, give or take ${duration(d.uncertainty_ns)}`}`}>
          <Icon of={Clock} size={12} />{d.service} clock adjusted {d.offset_ns > 0 ? '+' : ''}{duration(d.offset_ns)}
        </span>
      ))}
      {clocks.length > CLOCKS && <span class="chip" title={clocks.slice(CLOCKS).map((d) => `${d.service} ${duration(d.offset_ns)}`).join('\n')}>{clocks.length - CLOCKS} more</span>}
      {missing > 0 && <span class="chip warn">{missing} missing {missing === 1 ? 'parent' : 'parents'}</span>}
      {warnings.length > 0 && <button class="chip warn max" title={warnings.join('\n')} onClick={() => app.say(warnings.join('. '), undefined, NOTES)}>{warnings.length === 1 ? warnings[0] : `${warnings.length} notes`}</button>}
    </section>
  )
}

// A page that was open for long ran for a part of the time over which its trace is drawn.
function lasted({ duration_ns, extent_ns = 0 }: Trace): { label: string; title?: string } {
  const [ran, over] = [duration(duration_ns), duration(extent_ns)]
  if (extent_ns <= duration_ns || over === ran) return { label: 'duration' }
  return { label: `duration, within ${over}`, title: `Its root spans ran for ${ran}; from the first span to the end of the last it is ${over}` }
}

function Fact({ value, label, title, bad = false }: { value: string; label: string; title?: string; bad?: boolean }) {
  return <div class="fact" title={title}><b class={bad ? 'text-err' : ''}>{value}</b><span>{label}</span></div>
}
