// What happened before an error, from everything its trace and its SDK know: breadcrumbs, spans that speak to the outside,
// logs and earlier errors of all services, in one order.
import type { AttributeValue, Breadcrumb, Event, Layer, Level, LogSummary, Trace, TraceSpan } from '../wire/model.gen.ts'
import { withoutAnsi } from './text.ts'
import { nsBetween, parseTime } from './time.ts'

export interface Moment {
  key: string
  /** Nanoseconds to the error; negative before it. */
  at: number
  service: string
  kind: string
  level?: Level
  message: string
  /** Of a span, or the sum of folded ones. Nanoseconds. */
  duration?: number
  /** How many equal ones this stands for. */
  times: number
  adjusted: boolean
  opens?: { span: string } | { log: number } | { event: string }
  /** The scope that gave it to the event, where it is a breadcrumb too. What the trace alone knows has none. */
  layer?: Layer
  /** What else a breadcrumb says: "n=3 key=cart:7". */
  detail?: string
  /** Who recorded the breadcrumb, in a word or two for its row, and in full. */
  from?: { short: string; full: string }
}

/** Kinds of spans that say something about the world outside a function, by the first part of their op. */
const SPAN_KINDS: { [op: string]: string } = {
  'http.client': 'http', db: 'db', cache: 'cache', redis: 'db', queue: 'queue', 'rpc.client': 'rpc', grpc: 'rpc', messaging: 'queue',
  ui: 'ui', navigation: 'nav', pageload: 'nav', gen_ai: 'ai', graphql: 'http', file: 'file', subprocess: 'proc', 'websocket.client': 'ws',
}
/** Moments below this level are left out by a filter; what has no level is as important as an info. */
const RANK: { [level in Level]: number } = { trace: 0, debug: 1, info: 2, warning: 3, error: 4, fatal: 5 }
export const atLeast = (moment: Moment, level: Level): boolean => RANK[moment.level ?? 'info'] >= RANK[level]

/** A breadcrumb of the same request as a span is not told twice when they are at most this far apart. Nanoseconds. */
const SAME = 1.5e9

export function timeline(event: Event, trace: Trace | undefined, logs: readonly LogSummary[]): Moment[] {
  const zero = parseTime(event.time)
  const moments: Moment[] = []
  const told = createTold()
  const put = (moment: Omit<Moment, 'times'>): Moment => {
    moments.push({ ...moment, message: withoutAnsi(moment.message), times: 1 }) // a list and a copy paint no terminal colours
    return moments[moments.length - 1]!
  }
  const spans = new Map<string, TraceSpan>()

  for (const span of trace?.spans ?? []) {
    spans.set(span.span_id, span)
    const kind = span.pseudo === true ? undefined : spanKind(span)
    if (kind === undefined) continue
    const offset = span.clock_offset_ns ?? 0
    const at = nsBetween(zero, parseTime(span.start_time)) + offset
    if (at > 0 || span.span_id === event.span_id) continue
    const message = spanMessage(span)
    const ended = at + span.duration_ns <= 0 && span.open !== true
    const moment = put({
      key: `span ${span.span_id}`, at, service: span.service, kind, message, adjusted: offset !== 0, opens: { span: span.span_id },
      ...(ended ? { duration: span.duration_ns } : {}), ...(span.status === 'error' ? { level: 'error' as const } : {}),
    })
    told.add(moment, 'span', span.span_id)
  }
  for (const other of trace?.events ?? []) {
    if (other.event_id === event.event_id) continue
    const at = nsBetween(zero, parseTime(other.time))
    if (at > 0) continue
    put({
      key: `event ${other.event_id}`, at, service: other.service, kind: 'error', level: other.level, adjusted: false,
      message: other.value === undefined ? other.title : `${other.title}: ${other.value}`, opens: { event: other.event_id },
    })
  }
  for (const log of logs) {
    if (log.event_id === event.event_id || event.also_seen_as?.some((also) => also.event_id === log.event_id) === true) continue
    const at = nsBetween(zero, parseTime(log.time))
    if (at > 0) continue
    told.add(put({ key: `log ${log.id}`, at, service: log.service, kind: 'log', level: log.level, message: log.message, adjusted: false, opens: { log: log.id } }), 'log', log.span_id)
  }
  event.breadcrumbs.forEach((crumb, i) => {
    // What came with the event was before it, whatever a clock says that counts in milliseconds; the Collector has left out
    // what other scopes recorded later.
    const at = crumb.time === undefined ? -Infinity : Math.min(0, nsBetween(zero, parseTime(crumb.time)))
    const message = withoutAnsi(crumbMessage(crumb))
    if (message === '') return
    const service = crumb.service ?? event.service
    const detail = crumbDetail(crumb)
    const scope = { ...(crumb.layer === undefined ? {} : { layer: crumb.layer }), from: originOf(crumb, event, service, spans), ...(detail === '' ? {} : { detail }) }
    // The same from another source is the same; twice from one source it happened twice. It keeps the badge of its scope.
    const source = `crumb ${crumb.source ?? ''}`
    const same = told.find(message, service, at, source, crumb.span_id)
    if (same !== undefined) {
      if (same.layer === undefined) Object.assign(same, scope)
      return
    }
    const opens = crumbOpens(crumb, event)
    const moment = put({
      key: `crumb ${i}`, at, service, kind: crumbKind(crumb), message, adjusted: false, ...scope, ...(crumb.level === undefined ? {} : { level: crumb.level }),
      ...(opens === undefined ? {} : { opens }),
    })
    told.add(moment, source, crumb.span_id)
  })
  moments.sort((a, b) => a.at - b.at || (a.key < b.key ? -1 : 1))
  return fold(moments)
}

// What was told already, found by service and text: a page of a thousand breadcrumbs is compared with ten thousand spans.
function createTold() {
  const entries = new Map<string, { moment: Moment; source: string; span: string | undefined }[]>()
  const key = (service: string, message: string) => `${service}\0${bareText(message)}`
  return {
    add(moment: Moment, source: string, span: string | undefined) {
      const k = key(moment.service, moment.message)
      const list = entries.get(k)
      if (list === undefined) entries.set(k, [{ moment, source, span }])
      else list.push({ moment, source, span })
    },
    /** The nearest of another source. One that speaks of the same span is the same however long the span took. */
    find(message: string, service: string, at: number, source: string, span: string | undefined): Moment | undefined {
      let best: Moment | undefined
      let nearest = SAME
      for (const told of entries.get(key(service, message)) ?? []) {
        if (told.source === source) continue
        if (told.source === 'span' && span !== undefined && told.span === span) return told.moment
        const apart = at === told.moment.at ? 0 : Math.abs(told.moment.at - at)
        if (apart >= nearest) continue
        best = told.moment
        nearest = apart
      }
      return best
    },
  }
}

// What recorded a breadcrumb (Breadcrumb.source): an SDK, a span, a log.
function originOf(crumb: Breadcrumb, event: Event, service: string, spans: ReadonlyMap<string, TraceSpan>): { short: string; full: string } {
  const source = crumb.source ?? ''
  const isLog = crumb.type === 'log'
  const id = source.startsWith('span:') ? source.slice(5) : crumb.span_id
  if (source.startsWith('event:')) return { short: 'other event', full: `breadcrumb of the event ${source.slice(6)}` }
  if (source.startsWith('span:') || source === 'log') {
    const name = id === undefined ? undefined : spans.get(id)?.name
    const where = id === undefined ? '' : name === undefined ? `span ${id}` : `span ${name} (${id})`
    const what = isLog ? 'log in' : name === undefined ? 'recorded in' : bareText(name) === bareText(crumbMessage(crumb)) ? 'end of' : 'event of'
    const full = `${where === '' ? `${isLog ? 'log' : 'recorded'} outside of any span` : `${what} ${where}`}, ${service}`
    return { short: where === '' ? 'no span' : name === undefined ? `span ${id!.slice(0, 8)}` : name, full }
  }
  const sdk = event.sdk?.name
  if (source === '' || source === 'sdk') return { short: sdk === undefined ? 'SDK' : sdk.replace(/^sentry\.(?:javascript\.)?/, ''), full: `breadcrumb of the SDK${sdk === undefined ? '' : ` ${sdk} ${event.sdk?.version ?? ''}`.trimEnd()}, ${service}` }
  return { short: source.replace(/^transaction:.*/, 'transaction'), full: source }
}

function crumbOpens(crumb: Breadcrumb, event: Event): Moment['opens'] {
  const source = crumb.source ?? ''
  if (source.startsWith('event:')) return { event: source.slice(6) }
  const span = source.startsWith('span:') ? source.slice(5) : crumb.span_id
  return span === undefined || span === '' || event.trace_id === undefined ? undefined : { span }
}

// Equal ones that follow each other are one with a count.
function fold(moments: Moment[]): Moment[] {
  const out: Moment[] = []
  for (const moment of moments) {
    const last = out[out.length - 1]
    if (last !== undefined && last.service === moment.service && last.kind === moment.kind && last.message === moment.message && last.level === moment.level && last.layer === moment.layer && last.detail === moment.detail) {
      last.times++
      if (moment.duration !== undefined) last.duration = (last.duration ?? 0) + moment.duration
    } else out.push(moment)
  }
  return out
}

function spanKind(span: TraceSpan): string | undefined {
  const op = span.op ?? ''
  if (op.startsWith('http.server') || op.startsWith('ui.render') || op.startsWith('ui.react') || op.startsWith('db.sql.transaction')) return undefined
  for (const prefix in SPAN_KINDS) if (op === prefix || op.startsWith(`${prefix}.`)) return SPAN_KINDS[prefix]
  if (op === '' && span.kind === 'client') return 'call'
  if (op === '' && span.kind === 'producer') return 'queue'
  return undefined
}

const spanMessage = (span: TraceSpan): string => (span.op?.startsWith('ui.') === true ? `${span.op.slice(3)} ${span.name}` : span.name)

function crumbKind(crumb: Breadcrumb): string {
  const category = crumb.category ?? ''
  if (crumb.type === 'http' || /^(fetch|xhr|http|httplib|requests|axios)\b/.test(category)) return 'http'
  if (crumb.type === 'navigation' || category === 'navigation') return 'nav'
  if (category.startsWith('ui.') || crumb.type === 'user' || crumb.type === 'ui') return 'ui'
  if (/^(query|db|sql|redis)/.test(category) || crumb.type === 'query') return 'db'
  if (category.startsWith('sentry.') || crumb.type === 'error' || category === 'exception') return 'error'
  if (category === 'console' || crumb.type === 'log' || crumb.type === 'debug' || crumb.type === 'info') return 'log'
  return category === '' || /\s/.test(category) ? 'note' : category.split('.')[0]!
}

function crumbMessage(crumb: Breadcrumb): string {
  const data = crumb.data ?? {}
  const text = (v: AttributeValue | undefined) => (typeof v === 'string' || typeof v === 'number' ? String(v) : undefined)
  const url = text(data['url'])
  if (url !== undefined) {
    const status = text(data['status_code']) ?? text(data['http.response.status_code'])
    return [text(data['method']) ?? text(data['http.method']) ?? 'GET', url, status === undefined ? undefined : `→ ${status}`].filter(Boolean).join(' ')
  }
  const from = text(data['from'])
  const to = text(data['to'])
  if (to !== undefined && crumb.message === undefined) return from === undefined ? to : `${from} → ${to}`
  if (crumb.message !== undefined && crumb.message !== '') return crumb.category?.startsWith('ui.') === true ? `${crumb.category.slice(3)}  ${crumb.message}` : crumb.message
  const list = data['arguments']
  if (Array.isArray(list)) return list.map((v) => (typeof v === 'string' ? v : JSON.stringify(v))).join(' ')
  return Object.keys(data).length > 0 ? JSON.stringify(data) : crumb.category ?? ''
}

/** Values of a breadcrumb that its message does not tell, and how much of them. */
const VALUES = 4
const DETAIL = 120
const TOLD = /^(?:url|method|status_code|to|from|arguments|logger|message|sentry\..*)$/

// Calls say what they did in their message.
function crumbDetail(crumb: Breadcrumb): string {
  if (crumb.message === undefined || crumb.message === '' || crumb.type === 'http' || crumb.type === 'query' || crumb.type === 'message') return ''
  const values = Object.entries(crumb.data ?? {}).filter(([key, v]) => !TOLD.test(key) && v !== '' && v !== null && typeof v !== 'object')
  const text = values.slice(0, VALUES).map(([key, v]) => `${key}=${String(v)}`).join(' ')
  return text.length > DETAIL ? `${text.slice(0, DETAIL)}…` : values.length > VALUES ? `${text} …` : text
}

/** "GET /api/cart" of a span and "GET http://localhost:3000/api/cart → 200" of a breadcrumb are the same request. */
function bareText(text: string): string {
  const bare = text.replace(/ → \d+$/, '').replace(/https?:\/\/[^/\s]+/, '').trim()
  return bare.length > 4 ? bare : text
}
