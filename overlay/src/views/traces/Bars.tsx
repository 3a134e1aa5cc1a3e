import { duration, plural } from '../../lib/format.ts'
import { place, stretch, type Zoom } from '../../lib/geometry.ts'
import type { ServiceMark } from '../../lib/marks.ts'
import type { GroupRow, SpanRow } from '../../lib/rows.ts'
import { nsBetween, parseTime } from '../../lib/time.ts'
import type { Tree } from '../../lib/tree.ts'
import { markProps } from '../../ui/Service.tsx'
import type { EventSummary, LogMark } from '../../wire/model.gen.ts'

/** Marks of one row that are drawn; a thousand diamonds on 300 pixels say no more. */
const MAX_MARKS = 60

/** The time of a row: whole duration tinted, self time full, critical path below, logs and errors as marks. */
export function Bars({ row, zoom, tree, critical, logs, failed, mark }: {
  row: SpanRow | GroupRow
  zoom: Zoom
  tree: Tree
  critical: boolean
  logs: readonly LogMark[] | undefined
  failed: readonly EventSummary[] | undefined
  mark: ServiceMark
}) {
  const { node } = row
  const members = node.kind === 'group' ? node.members : [node]
  const span = members[0]!.span
  const bad = members.some((m) => m.span.status === 'error')
  const bar = stretch(zoom, node.start, node.end)
  const errors = (failed ?? []).map((event) => ({ event, at: nsBetween(tree.start, parseTime(event.time)) + (tree.raw ? 0 : span.clock_offset_ns ?? 0) }))
  return (
    <div class={`tl ${span.pseudo === true ? 'pseudo' : ''}`} role="gridcell" aria-label={inWords(row, bad, critical, tree)} {...markProps(mark)}>
      {bar === undefined ? <span class="clip" style={node.end < zoom[0] ? { left: '2px' } : { right: '2px' }}>{node.end < zoom[0] ? '‹' : '›'}</span> : (
        <div class={`bar ${bad ? 'bad' : ''} ${span.orphan === true ? 'orph' : ''} ${span.open === true ? 'open' : ''}`} style={{ left: `${bar.left}%`, width: `${bar.width}%` }} />
      )}
      {bar !== undefined && node.start < 0 && zoom[0] <= 0 && <span class="clip" style={{ left: '2px' }} title={BEYOND}>‹</span>}
      {bar !== undefined && node.end > tree.extent && zoom[1] >= tree.extent && <span class="clip" style={{ right: '2px' }} title={BEYOND}>›</span>}
      {node.kind === 'group'
        ? bar !== undefined && <i class="self comb" style={{ left: `${bar.left}%`, width: `${bar.width}%` }} />
        : selfParts(node).map((part, i) => <Part key={i} class="self" zoom={zoom} from={node.start + part.start_ns} length={part.duration_ns} title={isBlind(node, part.duration_ns, tree) ? `No instrumentation ${duration(part.duration_ns)}` : undefined} />)}
      {critical && members.flatMap((m) => (m.span.critical ?? []).map((part, i) => (
        <Part key={`${m.id}${i}`} class="cp" zoom={zoom} from={m.start + part.start_ns} length={part.duration_ns} />
      )))}
      {logs?.slice(0, MAX_MARKS).map((log) => {
        const at = place(zoom, nsBetween(tree.start, parseTime(log.time)) + (tree.raw ? 0 : span.clock_offset_ns ?? 0))
        const tone = log.level === 'warning' ? 'w' : log.level === 'error' || log.level === 'fatal' ? 'e' : ''
        return at >= 0 && at <= 100 ? <i key={log.id} class={`lg ${tone}`} style={{ left: `${at}%` }} /> : null
      })}
      {row.kind === 'span' && span.event_marks?.map((event, i) => {
        const at = place(zoom, node.start + event.at_ns)
        return at >= 0 && at <= 100 ? <i key={i} class={`sev ${event.error === true ? 'e' : ''}`} title={event.name} style={{ left: `${at}%` }} /> : null
      })}
      {errors.slice(0, MAX_MARKS).map(({ event, at }) => {
        const after = at > tree.extent && zoom[1] >= tree.extent
        const x = after ? 100 : place(zoom, at)
        return x >= 0 && x <= 101 ? <i key={event.event_id} class="ex" title={after ? `${event.title}, ${duration(at - tree.extent)} after the last span` : event.title} style={{ left: `clamp(9px, ${x}%, calc(100% - 9px))` }}>!</i> : null
      })}
    </div>
  )
}

/** Of a bar that is cut at an end of the axis, however it is zoomed. */
const BEYOND = 'It reaches beyond the time that this trace is drawn over'

function Part({ class: className, zoom, from, length, title }: { class: string; zoom: Zoom; from: number; length: number; title?: string | undefined }) {
  const at = stretch(zoom, from, from + length)
  return at === undefined ? null : <i class={className} title={title} style={{ left: `${at.left}%`, width: `${at.width}%` }} />
}

// No list of parts, but self time: the whole span is its own.
function selfParts(node: SpanRow['node']) {
  const { span } = node
  if (span.self !== undefined) return span.self
  return span.self_ns > 0 || (span.children ?? 0) === 0 ? [{ start_ns: 0, duration_ns: span.duration_ns }] : []
}

/** Nanoseconds, and the share of the trace, from which on a silence within a span is worth a word. */
const BLIND_NS = 100e6
const BLIND_SHARE = 0.2

// A long time in which a span had nothing below it, although it has at other times: there is code nobody looks at.
const isBlind = ({ span }: SpanRow['node'], length: number, tree: Tree): boolean => (span.children ?? 0) > 0 && length > BLIND_NS && length > BLIND_SHARE * tree.extent

/** What the bar shows, for those who do not see it (MUST-A11Y-2). */
function inWords(row: SpanRow | GroupRow, bad: boolean, critical: boolean, tree: Tree): string {
  const { node } = row
  const parts = [`starts at ${duration(Math.max(0, node.start))}`, `takes ${duration(node.end - node.start)}`]
  if (node.kind === 'group') parts.push(`${node.members.length} calls`)
  else parts.push(`self ${duration(node.span.self_ns)}`)
  if (bad) parts.push('error')
  if (node.kind === 'span') {
    const { event_marks: events = [], link_marks: links = [] } = node.span
    for (const part of selfParts(node)) if (isBlind(node, part.duration_ns, tree)) parts.push(`no instrumentation for ${duration(part.duration_ns)}`)
    if (events.length > 0) parts.push(plural(events.length, 'span event'))
    if (links.length > 0) parts.push(plural(links.length, 'link'))
  }
  if (critical && (node.kind === 'span' ? [node] : node.members).some((m) => (m.span.critical?.length ?? 0) > 0)) parts.push('on the critical path')
  return parts.join(', ')
}
