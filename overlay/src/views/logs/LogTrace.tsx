import { useEffect, useState } from 'preact/hooks'
import type { LogSummary } from '../../wire/model.gen.ts'
import { useApp } from '../context.ts'
import { useOpened } from '../opened.ts'
import { MiniTrace } from '../parts/MiniTrace.tsx'

/** Milliseconds a log is looked at before its trace is asked for: who walks through the list with the keys wants none of them. */
const STAYS = 150

/** The trace a log belongs to, with the moment of the log. */
export function LogTrace({ row, trace, open }: { row: LogSummary; trace: string; open: () => void }) {
  const app = useApp()
  const [wanted, setWanted] = useState<string | undefined>(undefined)
  useEffect(() => {
    if (trace === wanted) return
    const timer = setTimeout(() => setWanted(trace), STAYS)
    return () => clearTimeout(timer)
  }, [trace])
  const opened = useOpened(app.feed.traces, wanted === trace ? wanted : undefined)
  return (
    <section class="mt-12" aria-label="Trace">
      <MiniTrace
        trace={opened?.state === 'ready' ? opened.value : undefined} loading={opened === undefined || opened.state === 'loading'} id={trace} moment={{ time: row.time, span: row.span_id }} open={open}
      />
    </section>
  )
}
