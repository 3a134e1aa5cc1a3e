import { Layers, Pin } from 'lucide-preact'
import { ago, count, duration, plural } from '../../lib/format.ts'
import { traceFields } from '../../lib/fields.ts'
import { withGaps } from '../../lib/gaps.ts'
import { parseTime } from '../../lib/time.ts'
import { Loading } from '../../ui/Empty.tsx'
import { Icon } from '../../ui/Icon.tsx'
import type { Bindings } from '../../ui/keys.ts'
import { lazy } from '../../ui/lazy.tsx'
import { QueryBox } from '../../ui/QueryBox.tsx'
import { markProps, Square } from '../../ui/Service.tsx'
import { Top } from '../../ui/Top.tsx'
import { VList } from '../../ui/VList.tsx'
import type { TraceSummary } from '../../wire/model.gen.ts'
import { useApp, useRowHeight } from '../context.ts'
import { useSession } from '../session.ts'
import { FirstRun } from '../parts/firstRun.ts'
import { useMatches } from '../matches.ts'
import { gapCells, GapRows } from '../parts/gaps.ts'
import { NoMatch, NoTraces } from '../parts/nothing.ts'
import { PageFilter } from '../parts/pages.ts'
import { usePage } from '../page.ts'
import { EarlierHidden, SessionButton } from '../parts/SessionButton.tsx'

const RootList = lazy('the groups', () => import('./RootList.tsx').then((m) => m.RootList))

const NB = '\u00a0'

const traceKey = (t: TraceSummary): string => t.trace_id

export function TraceList() {
  const app = useApp()
  const live = app.feed.lists.traces.value
  const { records, all, showAll, ready } = useSession('traces', live, (t) => t.trace_id)
  const query = app.place.value.params['q'] ?? ''
  const page = usePage()
  const { terms, test, asking, records: found } = useMatches('traces', query, traceFields, records, traceKey)
  const rows = found.filter((t) => (page === undefined || page.trace(t.trace_id, t.url)) && (test === undefined || test(t)))
  rows.sort((a, b) => Number(b.pinned === true) - Number(a.pinned === true) || (a.start_time < b.start_time ? 1 : -1))
  const grouped = app.place.value.params['by'] === 'root'
  const slowest = rows.reduce((max, t) => Math.max(max, t.duration_ns), 1)
  const open = (t: TraceSummary) => app.go({ view: 'traces', ids: [t.trace_id], params: app.kept() })
  const height = useRowHeight(40, 36)
  const keys = (t: TraceSummary): Bindings => ({
    '*': () => app.pin({ trace_id: t.trace_id }, t.pinned !== true),
    'y l': () => void app.copy(app.linkTo({ view: 'traces', ids: [t.trace_id], params: {} }), 'Link'),
    'y j': () => void app.copy(JSON.stringify(t, null, 2), 'JSON'),
  })
  const nothing = ready && records.length === 0
  const bare = nothing && app.place.value.params['session'] === undefined && app.feed.counts.value.issues === 0 && app.feed.counts.value.logs === 0
  return (
    <>
      <Top title="Traces">
        {!bare && (
          <>
            {records.length > 0 && <span class="chip num">{plural(records.length, 'trace')}</span>}
            <span class="grow" />
            <PageFilter />
            <div class="flex w-[380px] min-w-[120px]"><QueryBox value={query} terms={terms} fields={traceFields} records={() => records} hint="service:web  dur:>100ms  is:error" onChange={(q) => app.setParams({ q })} /></div>
            <button class={`btn ${grouped ? 'on' : ''}`} aria-pressed={grouped} title="One row for all traces that begin with the same" onClick={() => app.setParams({ by: grouped ? '' : 'root' })}><Icon of={Layers} size={14} />Group</button>
            <SessionButton all={all} showAll={showAll} />
            <button class="btn ghost" onClick={app.clear}>Clear</button>
          </>
        )}
      </Top>
      <GapRows placed={rows.length > 0 && !grouped} />
      {!ready && records.length === 0 ? <Loading label="Loading traces" />
        : bare ? <FirstRun />
          : nothing ? <NoTraces />
            : rows.length === 0 ? asking ? <Loading label="Searching" /> : <NoMatch what="trace" terms={terms} all={all} showAll={showAll} />
              : grouped ? <RootList traces={rows} after={<EarlierHidden all={all} showAll={showAll} />} /> : (
                <>
                  <div class="tr head lhead" aria-hidden="true">
                    <span /><span /><span>Trace</span><span class="opt">Services</span><span class="r opt">Spans</span><span class="r opt">Errors</span><span class="r">Duration</span><span class="opt" /><span class="r">Age</span>
                  </div>
                  <VList
                    rows={withGaps(rows, app.feed.gaps.value, (t) => (t.pinned === true ? undefined : t.start_time))} gap={gapCells} keyOf={traceKey} epoch={app.feed.epoch.value} size={height} label="Traces" rowClass="tr" onOpen={open} keys={keys}
                    after={<EarlierHidden all={all} showAll={showAll} />}
                  >{(t) => <TraceRow trace={t} slowest={slowest} />}</VList>
                </>
              )}
    </>
  )
}

function TraceRow({ trace, slowest }: { trace: TraceSummary; slowest: number }) {
  const app = useApp()
  const pinned = trace.pinned === true
  const state = trace.error_count > 0 || trace.status === 'error' ? 'bad' : trace.open === true ? 'open' : trace.status === 'ok' ? 'good' : ''
  return (
    <>
      <span role="gridcell" class="opt"><button
        class="pinb btn ghost icon" aria-pressed={pinned} aria-label={pinned ? 'Unpin' : 'Pin'}
        onClick={(event) => {
          event.stopPropagation()
          app.pin({ trace_id: trace.trace_id }, !pinned)
        }}
      ><Icon of={Pin} size={14} /></button></span>
      <span role="gridcell" class={`ring ${state}`} title={state === 'bad' ? 'Failed' : state === 'open' ? 'Running' : 'Done'} />
      <span role="gridcell" class={`trunc ${trace.root_missing === true ? 'noroot' : ''}`}>
        <b class="font-medium">{trace.root_name}</b>
        {trace.root_missing === true && <span class="t3"> root not received</span>}
      </span>
      <span role="gridcell" class="svcs opt">
        {trace.services.map((name, i) => <span key={name} class="flex items-center gap-5">{i > 0 && <span class="t3">→</span>}<Square mark={app.services.mark(name)} />{name}</span>)}
      </span>
      <span role="gridcell" class="r num t2 opt">{count(trace.span_count)}<span class="sr"> spans</span></span>
      <span role="gridcell" class="r num opt">{trace.error_count > 0 ? <span class="text-err font-semibold">{count(trace.error_count)}<span class="sr"> errors</span></span> : <span class="t3">–</span>}</span>
      <span role="gridcell" class="durbar num">
        <i aria-hidden="true" class={trace.open === true ? 'run' : undefined} style={{ width: `${Math.max(1.5, (trace.duration_ns / slowest) * 100)}%` }} />
        {trace.open === true && <span class="t3">running{NB}</span>}{(trace.open !== true || trace.duration_ns > 0) && duration(trace.duration_ns)}
      </span>
      <MiniWaterfall trace={trace} />
      <span role="gridcell" class="r num t3">{ago(parseTime(trace.last_time).ms, app.now.value)}</span>
    </>
  )
}

function MiniWaterfall({ trace }: { trace: TraceSummary }) {
  const app = useApp()
  const bars = trace.mini ?? []
  const step = Math.min(4, 22 / Math.max(1, bars.length))
  return (
    <span role="gridcell" class="opt"><span class="miniwf block" aria-hidden="true">
      {bars.map((bar, i) => (
        <i
          key={i} class={bar.error === true ? 'e' : ''} {...markProps(app.services.mark(trace.services[bar.service] ?? ''))}
          style={{ left: `${bar.start / 10}%`, width: `${bar.width / 10}%`, top: `${i * step + 1}px` }}
        />
      ))}
    </span></span>
  )
}
