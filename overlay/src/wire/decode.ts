// Frames and answers as they come in: checked and completed once, here, so that nothing behind this file asks whether a
// list is a list. What has no id is left out; a field of the wrong type takes its empty value. Nothing here knows the store.
import type {
  Event, Exception, Frame, Issue, IssueDetails, Item, ItemSummary, Lists, Log, LogSummary, Metric, MetricSummary, Page,
  ServerFrame, Service, Session, SpanDetails, Status, Trace, TraceFrame, TraceSpan, TraceSummary,
} from './model.gen.ts'

type Json = { [key: string]: unknown }

const isObject = (v: unknown): v is Json => typeof v === 'object' && v !== null && !Array.isArray(v)

/** s text, n number, b flag, a list, o object; S and N: the record is useless without it; ?: a list, if it is there. */
type Kind = 's' | 'n' | 'b' | 'a' | 'o' | 'S' | 'N' | '?'
type Shape = { [key: string]: Kind | Shape }

const SPAN: Shape = {
  span_id: 'S', name: 's', kind: 's', status: 's', service: 's', origin: 's', start_time: 's', duration_ns: 'n', depth: 'n', self_ns: 'n',
  self: '?', critical: '?', errors: '?', also_reported: '?', events: '?', links: '?', warnings: '?',
  event_marks: '?', link_marks: '?',
}
const EVENT_SUMMARY: Shape = {
  event_id: 'S', type: 's', level: 's', title: 's', service: 's', origin: 's', time: 's', received_time: 's', session: 'n', also_seen_as: '?',
  warnings: '?',
}
const EVENT: Shape = {
  ...EVENT_SUMMARY, source: 's', exceptions: 'a', breadcrumbs: 'a', tags: 'o', user: 'o', contexts: 'o', extra: 'o', attributes: 'o',
  provenance: 'o', threads: '?', attachments: '?', debug_images: '?', fingerprint: '?',
}
const FRAME: Shape = { pre_context: '?', post_context: '?' }
const EXCEPTION: Shape = { frames: 'a', raw_frames: '?', frames_omitted: '?' }
const REQUEST: Shape = { query: '?', headers: '?', cookies: '?' }
const DETAILS: Shape = { attributes: 'o', events: '?', links: '?' }
const TRACE_SUMMARY: Shape = {
  trace_id: 'S', root_name: 's', root_service: 's', start_time: 's', duration_ns: 'n', last_time: 's', status: 's', span_count: 'n',
  error_count: 'n', services: 'a', origins: 'a', complete: 'b', session: 'n', mini: '?', warnings: '?',
}
const TRACE: Shape = {
  ...TRACE_SUMMARY, spans: 'a', events: 'a', version: 'n', missing_parents: '?', clock_domains: '?', critical_path: '?', logs: '?',
}
const ISSUE: Shape = {
  issue_id: 'S', type: 's', title: 's', level: 's', count: 'n', total_count: 'n', first_time: 's', last_time: 's', services: 'a',
  origins: 'a', last_event: 's', spark: 'a', session: 'n', how: 's',
}
const LOG: Shape = { id: 'N', time: 's', level: 's', message: 's', service: 's', origin: 's', session: 'n' }
const ITEM: Shape = { id: 'N', type: 's', time: 's', service: 's', origin: 's', title: 's', size: 'n', session: 'n' }
const METRIC_SUMMARY: Shape = { name: 'S', type: 's', service: 's', series: 'n', points: 'n', last_time: 's', spark: '?' }
const METRIC: Shape = { name: 'S', type: 's', service: 's', origin: 's', points: 'a' }
const SERVICE: Shape = {
  id: 'S', service: 's', origin: 's', sdk: { name: 's' }, first_time: 's', last_time: 's', counts: 'o', dropped: 'o', session: 'n',
  propagation: '?', findings: '?',
}
const COUNTS: Shape = {
  issues: 'n', events: 'n', traces: 'n', spans: 'n', logs: 'n', metrics: 'n', services: 'n', attachments: 'n', profiles: 'n', replays: 'n',
  items: 'n', earlier: 'n',
}
const SESSION: Shape = { number: 'n', start_time: 's', reason: 's', traces: 'n', issues: 'n' }
const STATUS: Shape = {
  version: 's', store_id: 's', seq: 'n', start_time: 's', uptime_ns: 'n', session: SESSION, sessions: 'a', counts: COUNTS, bytes: 'n',
  max_bytes: 'n', max_age_ns: 'n', received: 'o', dropped: 'o', evicted: 'o', clients: 'n', endpoints: 'a',
}

/** Completes value in place after shape; undefined when it is not such a record. */
function fit<T>(shape: Shape, value: unknown): T | undefined {
  if (!isObject(value)) return undefined
  for (const key in shape) {
    const kind = shape[key]!
    const v = value[key]
    if (typeof kind === 'object') value[key] = fit(kind, v) ?? fit(kind, {})
    else if (kind === 's') { if (typeof v !== 'string') value[key] = '' }
    else if (kind === 'n') { if (typeof v !== 'number') value[key] = 0 }
    else if (kind === 'a') { if (!Array.isArray(v)) value[key] = [] }
    else if (kind === 'o') { if (!isObject(v)) value[key] = {} }
    else if (kind === 'b') value[key] = v === true
    else if (kind === '?') { if (v !== undefined && !Array.isArray(v)) delete value[key] }
    else if (kind === 'S') { if (typeof v !== 'string' || v === '') return undefined }
    else if (typeof v !== 'number') return undefined
  }
  return value as T
}

function fitAll<T>(shape: Shape, list: unknown): T[] {
  if (!Array.isArray(list)) return []
  const out: T[] = []
  for (const value of list) {
    const record = fit<T>(shape, value)
    if (record !== undefined) out.push(record)
  }
  return out
}

function frames(list: unknown): Frame[] {
  return fitAll<Frame>(FRAME, list)
}

export const decodeSpans = (v: unknown): TraceSpan[] => fitAll(SPAN, v)
export const decodeSpanDetails = (v: unknown): SpanDetails | undefined => fit(DETAILS, v)
export const decodeLog = (v: unknown): Log | undefined => fit({ ...LOG, attributes: 'o' }, v)
export const decodeItem = (v: unknown): Item | undefined => fit({ ...ITEM, attributes: 'o' }, v)
export const decodeStatus = (v: unknown): Status | undefined => {
  const status = fit<Status>(STATUS, v)
  if (status !== undefined) {
    status.sessions = fitAll<Session>(SESSION, status.sessions)
    status.endpoints = fitAll({ name: 's', url: 's' }, status.endpoints)
  }
  return status
}

export function decodeTrace(v: unknown): Trace | undefined {
  const trace = fit<Trace>(TRACE, v)
  if (trace === undefined) return undefined
  trace.spans = decodeSpans(trace.spans)
  trace.events = fitAll(EVENT_SUMMARY, trace.events)
  if (trace.logs !== undefined) trace.logs = fitAll({ id: 'N', time: 's', level: 's' }, trace.logs)
  if (trace.missing_parents !== undefined) {
    trace.missing_parents = fitAll({ span_id: 'S', depth: 'n', children: 'n', start_time: 's' }, trace.missing_parents)
  }
  return trace
}

export function decodeEvent(v: unknown): Event | undefined {
  const event = fit<Event>(EVENT, v)
  if (event === undefined) return undefined
  event.exceptions = fitAll<Exception>(EXCEPTION, event.exceptions)
  for (const exception of event.exceptions) {
    exception.frames = frames(exception.frames)
    if (exception.raw_frames !== undefined) exception.raw_frames = frames(exception.raw_frames)
  }
  event.breadcrumbs = fitAll({}, event.breadcrumbs)
  if (event.threads !== undefined) {
    event.threads = fitAll({ frames: 'a', raw_frames: '?' }, event.threads)
    for (const thread of event.threads) {
      thread.frames = frames(thread.frames)
      if (thread.raw_frames !== undefined) thread.raw_frames = frames(thread.raw_frames)
    }
  }
  if (event.request !== undefined) {
    const request = fit<NonNullable<Event['request']>>(REQUEST, event.request)
    if (request === undefined) delete event.request
    else event.request = request
  }
  return event
}

function decodeLists(v: unknown): Lists {
  if (!isObject(v)) return {}
  const lists: Lists = {}
  if ('traces' in v) lists.traces = fitAll<TraceSummary>(TRACE_SUMMARY, v['traces'])
  if ('issues' in v) lists.issues = fitAll<Issue>(ISSUE, v['issues'])
  if ('events' in v) lists.events = fitAll(EVENT_SUMMARY, v['events'])
  if ('logs' in v) lists.logs = fitAll<LogSummary>(LOG, v['logs'])
  if ('metrics' in v) lists.metrics = fitAll<MetricSummary>(METRIC_SUMMARY, v['metrics'])
  if ('items' in v) lists.items = fitAll<ItemSummary>(ITEM, v['items'])
  if ('services' in v) lists.services = fitAll<Service>(SERVICE, v['services'])
  if (isObject(v['removed'])) lists.removed = v['removed'] as Lists['removed']
  if (isObject(v['counts'])) lists.counts = fit(COUNTS, v['counts'])
  if (isObject(v['session'])) lists.session = fit(SESSION, v['session'])
  if (isObject(v['dropped'])) lists.dropped = v['dropped'] as { [key: string]: number }
  if (typeof v['skipped'] === 'number') lists.skipped = v['skipped']
  return lists
}

function decodeTraceFrame(v: unknown): TraceFrame | undefined {
  const frame = fit<TraceFrame>({ trace_id: 'S', version: 'n' }, v)
  if (frame === undefined) return undefined
  frame.trace = frame.trace === undefined ? undefined : decodeTrace(frame.trace)
  if (!Array.isArray(frame.removed)) delete frame.removed
  if (frame.facts !== undefined) frame.facts = fitAll({ span_id: 'S', depth: 'n', self_ns: 'n' }, frame.facts)
  return frame
}

/** Reads one WebSocket message; undefined when it is not a frame at all. */
export function decodeFrame(text: string): ServerFrame | undefined {
  let v: unknown
  try {
    v = JSON.parse(text)
  } catch {
    return undefined
  }
  const frame = fit<ServerFrame>({ type: 'S', seq: 'n' }, v)
  if (frame === undefined) return undefined
  if (frame.status !== undefined) frame.status = decodeStatus(frame.status)
  if (frame.snapshot !== undefined) frame.snapshot = decodeLists(frame.snapshot)
  if (frame.delta !== undefined) frame.delta = decodeLists(frame.delta)
  if (frame.trace !== undefined) frame.trace = decodeTraceFrame(frame.trace)
  if (frame.event !== undefined) frame.event = decodeEvent(frame.event)
  if (frame.error !== undefined) frame.error = fit({ request: 's', text: 's' }, frame.error)
  return frame
}

/** Readers of the lists of the JSON API, by path. */
const PAGES = {
  traces: TRACE_SUMMARY, issues: ISSUE, events: EVENT_SUMMARY, logs: LOG, services: SERVICE, metrics: METRIC_SUMMARY, items: ITEM,
} satisfies { [path: string]: Shape }

export type ListName = keyof typeof PAGES

export function decodePage<T>(name: ListName, v: unknown): Page<T> {
  const page = fit<Page<T>>({ items: 'a', seq: 'n', truncated: 'b' }, v) ?? { items: [], seq: 0, truncated: false }
  page.items = fitAll<T>(PAGES[name], page.items)
  return page
}

export function decodeIssue(v: unknown): IssueDetails | undefined {
  const issue = fit<IssueDetails>({ ...ISSUE, events: 'a', varies: '?' }, v)
  if (issue !== undefined) issue.events = fitAll(EVENT_SUMMARY, issue.events)
  return issue
}

export const decodeMetrics = (v: unknown): Metric[] => fitAll(METRIC, isObject(v) ? v['items'] : v)
