import { useMemo, useState } from 'preact/hooks'
import { sumSpans, type Sum } from '../../lib/aggregate.ts'
import { count, duration } from '../../lib/format.ts'
import type { SpanNode, Tree } from '../../lib/tree.ts'
import { markProps, Square } from '../../ui/Service.tsx'
import { VList } from '../../ui/VList.tsx'
import { useApp } from '../context.ts'

const COLUMNS = [['count', 'Count'], ['total', 'Total'], ['self', 'Self'], ['max', 'Max']] as const
type Column = (typeof COLUMNS)[number][0]

/** The spans of a trace, summed up by what they do. Opening a row selects the slowest of its spans. */
export function SpanTable({ tree, selected, onSelect, match }: {
  tree: Tree
  selected: string | undefined
  onSelect: (id: string | undefined) => void
  match: ((node: SpanNode) => boolean) | undefined
}) {
  const app = useApp()
  const [by, setBy] = useState<Column>('self')
  const sums = useMemo(() => sumSpans(match === undefined ? tree.byId.values() : [...tree.byId.values()].filter(match)), [tree, match])
  const rows = useMemo(() => [...sums].sort((a, b) => b[by] - a[by] || (a.key < b.key ? -1 : 1)), [sums, by])
  const most = rows[0]?.[by] ?? 1
  const chosen = selected === undefined ? undefined : tree.byId.get(selected)?.span
  const isChosen = (s: Sum) => chosen !== undefined && s.service === chosen.service && s.name === chosen.name && s.op === (chosen.op ?? chosen.kind)
  return (
    <div class="grow flex flex-col min-h-0">
      <div class="sums head lhead">
        <span>Span</span>
        {COLUMNS.map(([id, label]) => <button key={id} class="text-right min-h-28" aria-pressed={by === id} title={`Sort by ${label.toLowerCase()}`} onClick={() => setBy(id)}>{label}{by === id ? ' ↓' : ''}</button>)}
      </div>
      <VList rows={rows} keyOf={(s) => s.key} size={30} label="Spans by what they do" hold={false} rowClass={(s) => `sums ${isChosen(s) ? 'chosen' : ''}`} onOpen={(s) => onSelect(s.slowest)}>
        {(s) => (
          <>
            <span role="gridcell" class="flex gap-6 items-center min-w-0" {...markProps(app.services.mark(s.service))}>
              <Square mark={app.services.mark(s.service)} /><span class="t3 trunc shrink-0 max-w-[140px]">{s.service}</span><b class="font-medium shrink-0">{s.op}</b><span class="t2 trunc" title={s.name}>{s.name}</span>
              {s.errors > 0 && <span class="chip err tiny">{count(s.errors)} failed</span>}
            </span>
            {COLUMNS.map(([id]) => (
              <span key={id} role="gridcell" class={`durbar num ${id === by ? '' : 't2'}`}>
                {id === by && <i aria-hidden="true" style={{ width: `${(s[id] / Math.max(1, most)) * 100}%` }} />}
                {id === 'count' ? count(s.count) : duration(s[id])}
              </span>
            ))}
          </>
        )}
      </VList>
    </div>
  )
}
