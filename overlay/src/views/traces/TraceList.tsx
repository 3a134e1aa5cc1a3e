import { Layers, Pin } from 'lucide-preact'
import type { ComponentChildren } from 'preact'
import { ago, count, duration, plural } from '../../lib/format.ts'
import { sumRoots, type RootSum } from '../../lib/aggregate.ts'
import { traceFields } from '../../lib/fields.ts'
import { compileQuery, formatQuery } from '../../lib/query.ts'
import { parseTime } from '../../lib/time.ts'
import { Empty, Loading } from '../../ui/Empty.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { QueryBox } from '../../ui/QueryBox.tsx'
import { markProps, Square } from '../../ui/Service.tsx'
import { Top } from '../../ui/Top.tsx'
import { VList } from '../../ui/VList.tsx'
import type { TraceSummary } from '../../wire/model.gen.ts'
import { useApp } from '../context.ts'
import { useSession } from '../session.ts'
import { FirstRun } from '../parts/firstRun.ts'
import { GapRows } from '../parts/GapRow.tsx'
import { EarlierHidden, SessionButton } from '../parts/SessionButton.tsx'

export function TraceList() {
  const app = useApp()
  const live = app.feed.lists.traces.value
  const { records, all, showAll, ready } = useSession('traces', live, (t) => t.trace_id)
  const query = app.place.value.params['q'] ?? ''
  const page = app.place.value.params['page']
  const { terms, test } = compileQuery(query, traceFields)
  const rows = records.filter((t) => (page === undefined || t.url === page) && (test === undefined || test(t)))
  rows.sort((a, b) => Number(b.pinned === true) - Number(a.pinned === true) || (a.start_time < b.start_time ? 1 : -1))
  const grouped = app.place.value.params['by'] === 'root'
  const slowest = rows.reduce((max, t) => Math.max(max, t.duration_ns), 1)
  const open = (t: TraceSummary) => app.go({ view: 'traces', ids: [t.trace_id], params: app.kept() })
  const nothing = ready && records.length === 0
  const bare = nothing && app.place.value.params['session'] === undefined && app.feed.counts.value.issues === 0 && app.feed.counts.value.logs === 0
  return (
    <>
      <Top title="Traces">
        {!bare && (
          <>
            {records.length > 0 && <span class="chip num">{plural(records.length, 'trace')}</span>}
            {page !== undefined && <button class="chip ok" title={page} onClick={() => app.setParams({ page: '' })}>this page ✕</button>}
            <span class="grow" />
            <div class="flex w-[380px] min-w-[120px]"><QueryBox value={query} terms={terms} hint="service:web  dur:>100ms  is:error" onChange={(q) => app.setParams({ q })} /></div>
            <button class={`btn ${grouped ? 'on' : ''}`} aria-pressed={grouped} title="One row for all traces that begin with the same" onClick={() => app.setParams({ by: grouped ? '' : 'root' })}><Icon of={Layers} size={14} />Group</button>
            <SessionButton all={all} showAll={showAll} />
            <button class="btn ghost" onClick={app.clear}>Clear</button>
          </>
        )}
      </Top>
      <GapRows />
      {!ready && records.length === 0 ? <Loading label="Loading traces" />
        : bare ? <FirstRun />
          : nothing ? <NoTraces />
            : rows.length === 0 ? <NoMatch query={query} clear={() => app.setParams({ q: '', page: '' })} all={() => showAll(true)} />
              : grouped ? <RootList rows={sumRoots(rows)} after={<EarlierHidden all={all} showAll={showAll} />} /> : (
                <>
                  <div class="tr head lhead" aria-hidden="true">
                    <span /><span /><span>Trace</span><span class="opt">Services</span><span class="r opt">Spans</span><span class="r opt">Errors</span><span class="r">Duration</span><span class="opt" /><span class="r">Age</span>
                  </div>
                  <VList
                    rows={rows} keyOf={(t) => t.trace_id} size={40} label="Traces" rowClass="tr" onOpen={open}
                    after={<EarlierHidden all={all} showAll={showAll} />}
                  >{(t) => <TraceRow trace={t} slowest={slowest} />}</VList>
                </>
              )}
    </>
  )
}

// Opening one lists its traces.
function RootList({ rows, after }: { rows: RootSum[]; after: ComponentChildren }) {
  const app = useApp()
  const slowest = rows.reduce((max, r) => Math.max(max, r.max), 1)
  const open = (r: RootSum) => {
    const { q = '' } = app.place.peek().params
    app.setParams({ by: '', q: [q, formatQuery([{ key: 'name', compare: '=', values: [r.name], negate: false }])].filter(Boolean).join(' ') })
  }
  return (
    <>
      <div class="tg-row head lhead" aria-hidden="true"><span>Begins with</span><span class="r">Traces</span><span class="r opt">Failed</span><span class="r">Median</span><span class="r">Slowest</span><span class="r opt">Newest</span></div>
      <VList rows={rows} keyOf={(r) => r.name} size={40} label="Traces by what they begin with" rowClass="tg-row" onOpen={open} after={after}>
        {(r) => (
          <>
            <span role="gridcell" class="trunc font-medium" title={r.name}>{r.name}</span>
            <span role="gridcell" class="r num">{count(r.count)}</span>
            <span role="gridcell" class="r num opt">{r.errors > 0 ? <span class="text-err font-semibold">{count(r.errors)}</span> : <span class="t3">–</span>}</span>
            <span role="gridcell" class="r num">{duration(r.p50)}</span>
            <span role="gridcell" class="durbar num"><i aria-hidden="true" style={{ width: `${Math.max(1.5, (r.max / slowest) * 100)}%` }} />{duration(r.max)}</span>
            <span role="gridcell" class="r num t3 opt">{ago(parseTime(r.newest.last_time).ms, app.now.value)}</span>
          </>
        )}
      </VList>
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
        <i aria-hidden="true" style={{ width: `${Math.max(1.5, (trace.duration_ns / slowest) * 100)}%` }} />
        {trace.open === true && trace.duration_ns === 0 ? <span class="t3">running</span> : duration(trace.duration_ns)}
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

function NoTraces() {
  const app = useApp()
  const seen = app.feed.lists.services.value.map((s) => s.sdk.name).filter((name) => name !== '')
  return (
    <Empty
      title={app.feed.counts.value.issues > 0 ? 'Errors arrive, but no spans' : 'No traces in this session'}
      text={seen.length === 0 ? 'Turn tracing on in the SDK: tracesSampleRate 1.0 for Sentry, an OTLP exporter for OpenTelemetry.'
        : `Turn tracing on in ${[...new Set(seen)].slice(0, 3).join(', ')}: set its traces sample rate to 1.0, locally only.`}
    >
      <button class="btn" onClick={() => void app.test('trace')}>Send a test trace</button>
    </Empty>
  )
}

function NoMatch({ query, clear, all }: { query: string; clear: () => void; all: () => void }) {
  return (
    <Empty title={`No match for ${query}`} text="No trace of this session fits all of these terms.">
      <button class="btn" onClick={clear}>Remove the filter</button>
      <button class="btn ghost" onClick={all}>Search all sessions</button>
    </Empty>
  )
}
