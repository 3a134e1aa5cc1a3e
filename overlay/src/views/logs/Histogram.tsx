import { useMemo, useRef } from 'preact/hooks'
import { clockMinutes } from '../../lib/format.ts'
import { histogram } from '../../lib/histogram.ts'
import type { LogSummary } from '../../wire/model.gen.ts'
import { useApp } from '../context.ts'

/** Milliseconds shown, and into how many bars. */
const STRETCH = 300_000
const BARS = 100
/** The newest bar is redrawn this often. Milliseconds. */
const EVERY = 3000

/** Severity over the last five minutes. */
export function Histogram({ rows, filter }: { rows: readonly LogSummary[]; filter: string }) {
  const app = useApp()
  const now = Math.ceil(app.now.value / EVERY) * EVERY
  // Ten thousand times are read for it: not with every log that arrives, but every few seconds and for another filter.
  const newest = useRef(rows)
  newest.current = rows
  const buckets = useMemo(() => histogram(newest.current, now, STRETCH, BARS), [now, filter])
  const max = Math.max(1, ...buckets.map((b) => b.error + b.warning + b.other))
  const errors = buckets.reduce((sum, b) => sum + b.error, 0)
  const share = (n: number) => ({ height: `${(n / max) * 100}%` })
  return (
    <div class="hist" role="img" aria-label={`Logs of the last 5 minutes, ${errors} errors`}>
      {buckets.map((b) => (
        <i key={b.from} title={`${clockMinutes(b.from)}: ${b.other + b.warning + b.error} logs, ${b.error} errors`}>
          {b.other > 0 && <b style={share(b.other)} />}
          {b.warning > 0 && <b class="w" style={share(b.warning)} />}
          {b.error > 0 && <b class="e" style={share(b.error)} />}
        </i>
      ))}
    </div>
  )
}
