import type { ComponentChildren } from 'preact'
import { useMemo } from 'preact/hooks'
import { sumRoots, type RootSum } from '../../lib/aggregate.ts'
import { ago, count, duration } from '../../lib/format.ts'
import { formatQuery } from '../../lib/query.ts'
import { parseTime } from '../../lib/time.ts'
import { VList } from '../../ui/VList.tsx'
import type { TraceSummary } from '../../wire/model.gen.ts'
import { useApp, useRowHeight } from '../context.ts'

/** The traces by what they begin with. Opening one lists its traces. */
export function RootList({ traces, after }: { traces: readonly TraceSummary[]; after: ComponentChildren }) {
  const app = useApp()
  const rows = useMemo(() => sumRoots(traces), [traces])
  const slowest = rows.reduce((max, r) => Math.max(max, r.max), 1)
  const open = (r: RootSum) => {
    const { q = '' } = app.place.peek().params
    app.setParams({ by: '', q: [q, formatQuery([{ key: 'root', compare: '=', values: [r.name], negate: false }])].filter(Boolean).join(' ') })
  }
  return (
    <>
      <div class="tg-row head lhead" aria-hidden="true"><span>Begins with</span><span class="r">Traces</span><span class="r opt">Failed</span><span class="r">Median</span><span class="r">Slowest</span><span class="r opt">Newest</span></div>
      <VList rows={rows} keyOf={(r) => r.name} size={useRowHeight(40, 36)} label="Traces by what they begin with" rowClass="tg-row" onOpen={open} after={after}>
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
