// An error as Markdown for a coding agent: the same sections in the same order, bounded.
import type { AttributeValue, Event, Log, LogSummary, SpanDetails, Trace } from '../wire/model.gen.ts'
import { curl, isSensitive } from './curl.ts'
import { clock, delta, duration } from './format.ts'
import { codeLines } from './frames.ts'
import { frameWhere, isOwn, projectRoot } from './frameWhere.ts'
import { oneLine, withoutAnsi } from './text.ts'
import { timeline } from './timeline.ts'
import { nsBetween, parseTime } from './time.ts'
import { ancestors, buildTree, type Node, type SpanNode } from './tree.ts'
import { unmapped } from './unmapped.ts'

/** Characters of the whole (overlay-spec.md section 6), and of the rows of lists in it. */
const MAX = 12_000
const FRAMES = 8
const BEFORE = 30
const SPANS = 40

export function agentError(event: Event, trace: Trace | undefined, logs: readonly LogSummary[], link: string, mask = ''): string {
  const root = projectRoot(event)
  const parts: string[] = []
  const add = (title: string, lines: string[]) => {
    if (lines.length > 0) parts.push(`## ${title}\n\n${lines.join('\n')}\n`)
  }
  const head = event.exceptions[0]
  parts.push(`# ${head?.type ?? event.title}${head?.value ? `: ${oneLine(head.value, 500)}` : ''}\n`)
  add('Error', [
    `- service: ${event.service}${event.release === undefined ? '' : `, release ${event.release}`}${event.environment === undefined ? '' : `, environment ${event.environment}`}`,
    `- time: ${event.time}, level ${event.level}${event.handled === undefined ? '' : event.handled ? ', handled' : ', unhandled'}`,
    ...(event.transaction === undefined ? [] : [`- during: ${event.transaction}`]),
    `- event ${event.event_id}${event.trace_id === undefined ? '' : `, trace ${event.trace_id}`}${event.span_id === undefined ? '' : `, span ${event.span_id}`}`,
    `- overlay: ${link}`,
    ...event.exceptions.slice(1).map((e) => `- caused by ${e.type ?? 'exception'}: ${oneLine(e.value ?? '', 300)}`),
  ])
  const own = event.exceptions.flatMap((e) => e.frames.filter(isOwn)).slice(0, FRAMES)
  const shown = own.length > 0 ? own : event.exceptions.flatMap((e) => e.frames).slice(0, FRAMES)
  add('Own frames, newest first', shown.flatMap((frame) => {
    const { call, path, at } = frameWhere(frame, root, event.platform)
    const code = codeLines(frame).map((l) => `${l.culprit ? '>' : ' '} ${l.number} | ${l.text}`)
    return [`${call === '' ? '?' : call} at ${path}${at}`, ...fence(code)]
  }))
  add('Frames that are not mapped to their source', unmapped(event).map((u) => `- ${u.frames} of ${u.file}: ${u.reason}`))
  const vars = shown.flatMap((frame) => Object.entries(frame.vars ?? {}).map(([k, v]) => `- ${frame.function ?? '?'}: ${k} = ${oneLine(JSON.stringify(v), 200)}`))
  add('Locals', vars.slice(0, 40))
  if (event.request !== undefined) add('Request', fence(curl(event.request, mask).split('\n')))
  add('What happened before', timeline(event, trace, logs).slice(-BEFORE).map((m) =>
    `- ${delta(m.at)} ${m.service} ${m.kind}: ${oneLine(m.message, 200)}${m.times > 1 ? ` ×${m.times}` : ''}${m.duration === undefined ? '' : ` (${duration(m.duration)})`}`))
  add('Tags', Object.entries(event.tags).map(([k, v]) => `- ${k}: ${oneLine(typeof v === 'string' ? v : JSON.stringify(v), 200)}`))
  if (trace !== undefined) add('Trace', outline(trace))
  if (event.sdk !== undefined) add('SDK', [`- ${event.sdk.name} ${event.sdk.version ?? ''}`.trimEnd()])
  return bounded(parts.join('\n'))
}

export function agentTrace(trace: Trace, link: string): string {
  const parts = [
    `# Trace ${trace.root_name}\n`,
    `- trace ${trace.trace_id}, ${duration(trace.duration_ns)}, ${trace.span_count} spans, ${trace.error_count} errors, began ${clock(parseTime(trace.start_time).ms)}`,
    `- services: ${trace.services.join(', ')}`,
    `- overlay: ${link}\n`,
    `## Spans (start, duration, self)\n\n${outline(trace, 200).join('\n')}\n`,
    ...trace.events.map((e) => `## ${e.title}${e.value === undefined ? '' : `: ${oneLine(e.value, 300)}`}\n\n- event ${e.event_id}, span ${e.span_id ?? '?'}, ${e.culprit ?? ''}\n`),
  ]
  return bounded(parts.join('\n'))
}

/** A span of a trace: what it is, its attributes, events and links, what went before it on its way from the root. */
export function agentSpan(trace: Trace, node: SpanNode, details: SpanDetails | undefined, link: string): string {
  const { span } = node
  const value = (v: AttributeValue) => oneLine(typeof v === 'string' ? v : JSON.stringify(v), 300)
  const tree = buildTree(trace)
  const own = tree.byId.get(node.id)
  const above = own === undefined ? [] : ancestors(own).filter((n) => n.kind === 'span').reverse()
  const list = (title: string, lines: string[]) => (lines.length === 0 ? [] : [`## ${title}\n\n${lines.join('\n')}\n`])
  return bounded([
    `# Span ${oneLine(span.name, 300)}\n`,
    `- ${span.service}, ${span.op ?? span.kind}, ${span.status}${(span.status_message ?? '') === '' ? '' : `: ${oneLine(span.status_message!, 300)}`}`,
    `- ${duration(span.duration_ns)}, self ${duration(span.self_ns)}, starts at ${duration(Math.max(0, node.start))} of ${duration(trace.duration_ns)}`,
    `- span ${span.span_id}, trace ${trace.trace_id}`,
    `- overlay: ${link}\n`,
    ...list('Above it, from the root', above.map((n) => `- ${n.span.service} ${n.span.op ?? n.span.kind} ${oneLine(n.span.name, 120)}, ${duration(n.span.duration_ns)}`)),
    ...list('Attributes', Object.entries(details?.attributes ?? {}).filter(([k]) => !isSensitive(k)).map(([k, v]) => `- ${k}: ${value(v)}`)),
    ...list('Events', (details?.events ?? []).map((e) => `- ${delta(nsBetween(tree.start, parseTime(e.time)))} ${e.name}${Object.entries(e.attributes ?? {}).map(([k, v]) => `\n  - ${k}: ${value(v)}`).join('')}`)),
    ...list('Links', (details?.links ?? []).map((l) => `- trace ${l.trace_id}, span ${l.span_id}`)),
    ...list('Errors', trace.events.filter((e) => e.span_id === span.span_id).map((e) => `- ${e.title}${e.value === undefined ? '' : `: ${oneLine(e.value, 300)}`}, event ${e.event_id}`)),
  ].join('\n'))
}

/** A log record with what it carries. */
export function agentLog(log: Log, link: string): string {
  return bounded([
    `# Log of ${log.service}, ${log.level}\n`,
    ...fence(withoutAnsi(log.message).split('\n')), '',
    `- time: ${log.time}${log.logger === undefined ? '' : `, logger ${log.logger}`}`,
    ...(log.trace_id === undefined ? [] : [`- trace ${log.trace_id}${log.span_id === undefined ? '' : `, span ${log.span_id}`}`]),
    `- overlay: ${link}\n`,
    '## Attributes\n', ...Object.entries(log.attributes).filter(([k]) => !isSensitive(k)).map(([k, v]) => `- ${k}: ${oneLine(typeof v === 'string' ? v : JSON.stringify(v), 300)}`), '',
  ].join('\n'))
}

function outline(trace: Trace, most = SPANS): string[] {
  const lines: string[] = []
  const walk = (nodes: readonly Node[], depth: number) => {
    for (const node of nodes) {
      if (lines.length >= most) return
      const pad = '  '.repeat(Math.min(depth, 12))
      if (node.kind === 'missing') lines.push(`${pad}- (missing parent ${node.id})`)
      else if (node.kind === 'group') {
        const span = node.members[0]!.span
        lines.push(`${pad}- ${span.service} ${span.op ?? span.kind} ${oneLine(span.name, 120)} ×${node.members.length}, together ${duration(node.total)}`)
        continue
      } else {
        const { span } = node
        lines.push(`${pad}- ${span.service} ${span.op ?? span.kind} ${oneLine(span.name, 120)} [${span.span_id}] +${duration(node.start)}, ${duration(span.duration_ns)}, self ${duration(span.self_ns)}${span.status === 'error' ? ', error' : ''}`)
      }
      if (depth < 100) walk(node.children, depth + 1)
    }
  }
  walk(buildTree(trace).roots, 0)
  if (lines.length >= most) lines.push(`- … of ${trace.span_count} spans`)
  return lines
}

// A fence longer than any in the text, so that code from strangers cannot end it.
function fence(lines: string[]): string[] {
  if (lines.length === 0) return []
  const longest = Math.max(2, ...lines.map((line) => /`+/.exec(line)?.[0].length ?? 0))
  const ticks = '`'.repeat(longest + 1)
  return [ticks, ...lines, ticks]
}

function bounded(text: string): string {
  return text.length <= MAX ? text : `${text.slice(0, MAX - 20)}\n… (cut)\n`
}
