import { useEffect, useState } from 'preact/hooks'
import { painted } from '../../lib/ansi.ts'
import { delta, plural } from '../../lib/format.ts'
import { nsBetween, parseTime } from '../../lib/time.ts'
import { Empty, Loading } from '../../ui/Empty.tsx'
import { markProps, Square } from '../../ui/Service.tsx'
import { VList } from '../../ui/VList.tsx'
import type { LogSummary, Trace } from '../../wire/model.gen.ts'
import { useApp, useRowHeight } from '../context.ts'

/** Logs that are asked for. A trace keeps more marks than anybody reads lines. */
const MOST = 2000

/** All logs of a trace, oldest first. Choosing one selects the span it was written in. */
export function TraceLogs({ trace, onSelect }: { trace: Trace; onSelect: (span: string | undefined) => void }) {
  const app = useApp()
  const [logs, setLogs] = useState<readonly LogSummary[] | 'failed' | undefined>(undefined)
  const height = useRowHeight(26, 22)
  useEffect(() => {
    let stale = false
    app.api.list('logs', { trace: trace.trace_id, session: 'all', limit: String(MOST) }).then(
      (page) => !stale && setLogs(page.items.sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : a.id - b.id))), () => !stale && setLogs('failed'),
    )
    return () => {
      stale = true
    }
  }, [trace.trace_id, trace.log_count])
  if (logs === undefined) return <Loading label="Loading logs" />
  if (logs === 'failed') return <Empty title="The logs of this trace could not be read" text="They may have made room for newer ones." />
  if (logs.length === 0) return <Empty title="No logs in this trace" text="Logs belong to a trace when their SDK writes its trace id into them: Sentry SDKs with enableLogs: true, OpenTelemetry SDKs with a log bridge." />
  const start = parseTime(trace.start_time)
  return (
    <VList
      rows={logs} keyOf={(l) => String(l.id)} size={height} label={`${plural(logs.length, 'log')} of this trace`} rowClass={(l) => `lg-row ${l.level}`} hold={false}
      onOpen={(l) => onSelect(l.span_id)}
    >
      {(l) => (
        <>
          <span role="gridcell" class="t3 num">{delta(nsBetween(start, parseTime(l.time)))}</span>
          <span role="gridcell" class={`lvl ${l.level}`}>{l.level === 'warning' ? 'warn' : l.level}</span>
          <span role="gridcell" class="opt" {...markProps(app.services.mark(l.service))}><Square mark={app.services.mark(l.service)} /></span>
          <span role="gridcell" class="t3 trunc opt">{l.service}</span>
          <span role="gridcell" class="trunc">{painted(l.message).map((p, i) => (p.tone === '' ? p.text : <span key={i} class={p.tone}>{p.text}</span>))}{l.fields !== undefined && <span class="t3">  {l.fields}</span>}</span>
          <span role="gridcell" class="opt" />
        </>
      )}
    </VList>
  )
}
