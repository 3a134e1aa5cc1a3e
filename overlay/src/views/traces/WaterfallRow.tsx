import { Clock } from 'lucide-preact'
import { duration, shortId } from '../../lib/format.ts'
import type { Zoom } from '../../lib/geometry.ts'
import type { ServiceMark } from '../../lib/marks.ts'
import { guideCells, type GroupRow, type Row, type SpanRow } from '../../lib/rows.ts'
import type { Tree } from '../../lib/tree.ts'
import { Icon } from '../../ui/Icon.tsx'
import { memo } from '../../ui/memo.ts'
import { markProps, Square } from '../../ui/Service.tsx'
import type { EventSummary, LogMark, TraceSpan } from '../../wire/model.gen.ts'
import { Bars } from './Bars.tsx'

/** Code rather than prose: set in the monospace face. */
const CODE = /^(SELECT|INSERT|UPDATE|DELETE|WITH|BEGIN|COMMIT|ROLLBACK|CREATE|ALTER|GET [a-z][\w]*:|SET |DEL |HGET|HSET|MGET|EVAL)/

/** Width of a level, in CSS pixels. */
const CELL = 14
const LINE = 'linear-gradient(var(--osp-line-2) 0 0)'

interface RowProps {
  row: Row
  /** CSS pixels from the top of the list. */
  top: number
  index: number
  selected: boolean
  /** Nothing in it matches the filter. */
  dim: boolean
  focusable: boolean
  zoom: Zoom
  tree: Tree
  critical: boolean
  logs: readonly LogMark[] | undefined
  failed: readonly EventSummary[] | undefined
  mark: (service: string) => ServiceMark
  onToggle: (row: Row) => void
  onError: (event: EventSummary) => void
  onPick: (row: Row, event: MouseEvent) => void
  onLink: (span: TraceSpan) => void
}

export const WaterfallRow = memo(function WaterfallRow(props: RowProps) {
  const { row, top, index, selected, dim, focusable, onPick } = props
  const expandable = 'folded' in row && row.node.children.length > 0
  return (
    <div
      role="row" aria-level={row.depth + 1} aria-setsize={row.setSize} aria-posinset={row.position} aria-rowindex={index + 1}
      aria-expanded={expandable ? !row.folded : undefined} aria-selected={selected} tabIndex={focusable ? 0 : -1}
      class={`row absolute inset-x-0 ${rowClass(row, dim)}`} style={{ top: `${top}px` }} onClick={(event) => onPick(row, event)}
    >
      {row.kind === 'span' || row.kind === 'group' ? <SpanCells {...props} row={row} expandable={expandable} />
        : row.kind === 'error' ? (
          <>
            <div class="nm" role="gridcell"><Guides row={row} /><span class="lf" /><span class="op">{row.event.title}</span><span class="ds trunc">{row.event.value}</span></div>
            <span role="gridcell"><button class="more" tabIndex={-1} onClick={() => props.onError(row.event)}>Open error ↗</button></span>
          </>
        ) : row.kind === 'missing' ? (
          <div class="nm" role="gridcell" title="Sampled out, its exporter points elsewhere, or it is still on its way">
            <Guides row={row} /><Fold row={row} n={row.node.children.length} onToggle={props.onToggle} />
            <span class="op">Missing parent {row.node.id.slice(0, 8)}</span>
            <span class="ds trunc">{row.node.missing.children === 1 ? '1 span arrived without its parent' : `${row.node.missing.children} spans arrived without their parent`}</span>
          </div>
        ) : (
          <div class="nm" role="gridcell"><Guides row={row} /><span class="lf" /><span class="ds">{row.spans} {row.spans === 1 ? 'span' : 'spans'} hidden{row.errors > 0 ? `, ${row.errors} ${row.errors === 1 ? 'error' : 'errors'}` : ''}</span></div>
        )}
    </div>
  )
})

function rowClass(row: Row, dim: boolean): string {
  switch (row.kind) {
    case 'span': case 'group': return dim ? 'dim' : ''
    case 'error': return row.event.level === 'warning' ? 'inl w' : 'inl e'
    case 'missing': case 'hidden': return 'inl o'
  }
}

// The lines of the levels above in one element, however deep: rows are made anew with every turn of the wheel.
function Guides({ row }: { row: Row }) {
  const cells = guideCells(row)
  if (cells.length === 0) return null
  const through = cells.flatMap((cell, i) => (cell === 'v' ? [`${LINE} ${i * CELL + CELL / 2}px 0/1px 100% no-repeat`] : []))
  return (
    <>
      {cells.length > 1 && <span class="gds" style={{ width: `${(cells.length - 1) * CELL}px`, background: through.join() }} />}
      <span class={`gd ${cells.at(-1)}`} />
    </>
  )
}

function Fold({ row, n, onToggle }: { row: Row; n: number; onToggle: (row: Row) => void }) {
  const folded = 'folded' in row && row.folded
  return <button class={`cv ${folded && row.kind !== 'group' ? 'folded' : ''}`} tabIndex={-1} aria-label={`${n} below, ${folded ? 'expand' : 'collapse'}`} onClick={() => onToggle(row)}>{n}</button>
}

function SpanCells({ row, expandable, mark, onToggle, onLink, zoom, tree, critical, logs, failed }: RowProps & { row: SpanRow | GroupRow; expandable: boolean }) {
  const span = row.kind === 'span' ? row.node.span : row.node.members[0]!.span
  const own = mark(span.service)
  const offset = span.clock_offset_ns ?? 0
  const links = span.link_marks?.length ?? 0
  const ns = row.kind === 'span' ? span.duration_ns : row.node.end - row.node.start
  const n1 = row.kind === 'group' ? Math.max(0, ...row.node.members.map((m) => m.span.n_plus_one ?? 0)) : span.n_plus_one ?? 0
  // The clock mark stands where another clock begins, not on every row below.
  const above = row.node.parent
  const clock = offset !== 0 && !(above?.kind === 'span' && above.span.clock_offset_ns === offset)
  return (
    <>
      <div class="nm" role="gridcell" {...markProps(own)}>
        <Guides row={row} />
        {expandable ? <Fold row={row} n={row.node.children.length} onToggle={onToggle} /> : <span class={row.depth > 0 ? 'lf' : 'lf bare'} />}
        <Square mark={own} />
        <span class="svc trunc">{span.service}</span>
        <span class="op trunc">{span.op ?? span.kind}</span>
        <span class={`ds trunc ${CODE.test(span.name) ? 'mono' : ''}`} title={span.name}>{span.name}</span>
        <span class="og">
          {clock && <span class="chip tiny" title={tree.raw ? `Its clock differs by ${duration(-offset)}; shown as it said` : `Its clock was moved by ${duration(offset)} to fit this trace. As it said: ${duration(Math.abs(offset))} ${offset > 0 ? 'earlier' : 'later'}`}><Icon of={Clock} size={12} />{offset > 0 ? '+' : ''}{duration(offset)}</span>}
          {n1 > 0 && <span class="chip warn tiny" title={`${n1} equal calls, one after the other: one call could fetch them all`}>N+1</span>}
          {row.kind === 'group' && n1 === 0 && <span class="chip tiny">×{row.node.members.length}</span>}
          {span.orphan === true && <span class="chip tiny">orphan</span>}
          {span.open === true && <span class="chip tiny">running</span>}
          {span.late === true && <span class="chip tiny" title="It began after its root had ended">late</span>}
          {row.kind === 'span' && links > 0 && (
            <button class="lnk" tabIndex={-1} aria-label={`Go to the linked ${links === 1 ? 'span' : 'spans'}`} title={links === 1 ? `Linked to span ${span.link_marks![0]!.span_id} of trace ${shortId(span.link_marks![0]!.trace_id)}` : `${links} links`} onClick={() => onLink(span)}>↗</button>
          )}
          <em title={span.origin === 'sentry' ? 'Sentry SDK' : 'OpenTelemetry SDK'}>{span.origin === 'sentry' ? 'S' : 'OT'}</em>
        </span>
      </div>
      <div class="du" role="gridcell">{span.open === true && ns === 0 ? '…' : duration(ns)}</div>
      <Bars row={row} zoom={zoom} tree={tree} critical={critical} logs={logs} failed={failed} mark={own} />
    </>
  )
}
