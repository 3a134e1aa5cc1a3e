// What the query language can ask of each kind of record.
import type { Issue, ItemSummary, LogSummary, MetricSummary, TraceSummary } from '../wire/model.gen.ts'
import type { Fields } from './query.ts'
import type { SpanNode } from './tree.ts'

/** What a row does not carry and the Collector knows. */
const DEEP = ['', 'release', 'env', 'sdk', 'attr.', 'tag.', 'warning'] as const

const some = (value: string | number | undefined): (string | number)[] => (value === undefined || value === '' ? [] : [value])

export const issueFields: Fields<Issue> = {
  keys: ['service', 'level', 'type', 'trace', 'count', 'origin', 'session', 'events'],
  asks: [...DEEP, 'trace', 'value', 'message', 'culprit', 'title', 'issue', 'event', 'platform'],
  text: (i) => `${i.title} ${i.value ?? ''} ${i.culprit ?? ''} ${i.services.join(' ')}`,
  get: (i, key) => {
    switch (key) {
      case 'service': return i.services
      case 'level': return [i.level]
      case 'origin': return i.origins
      case 'count': case 'events': return [i.count]
      case 'type': return [i.title]
      case 'trace': return some(i.last_trace)
      case 'session': return [i.session]
      default: return undefined
    }
  },
  is: { unhandled: (i) => i.unhandled === true, handled: (i) => i.unhandled !== true, pinned: (i) => i.pinned === true, error: (i) => i.level === 'error' || i.level === 'fatal' },
}

export const traceFields: Fields<TraceSummary> = {
  keys: ['service', 'root', 'dur', 'status', 'op', 'name', 'spans', 'errors', 'origin', 'url', 'trace', 'session', 'page'],
  asks: [...DEEP, 'name', 'op', 'status', 'kind', 'span', 'event', 'n+1', 'orphan', 'log'],
  text: (t) => `${t.root_name} ${t.root_op ?? ''} ${t.services.join(' ')} ${t.trace_id} ${t.url ?? ''}`,
  get: (t, key) => {
    switch (key) {
      case 'service': return t.services
      case 'op': return some(t.root_op)
      case 'name': case 'root': return [t.root_name]
      case 'status': return [t.status]
      case 'origin': return t.origins
      case 'dur': return [t.duration_ns]
      case 'spans': return [t.span_count]
      case 'errors': return [t.error_count]
      case 'trace': return [t.trace_id]
      case 'session': return [t.session]
      case 'url': case 'page': return some(t.url)
      default: return undefined
    }
  },
  is: {
    error: (t) => t.error_count > 0, pinned: (t) => t.pinned === true, open: (t) => t.open === true, orphan: (t) => t.root_missing === true,
    slow: (t) => t.duration_ns > 1e9, complete: (t) => t.complete,
  },
}

export const spanFields: Fields<SpanNode> = {
  keys: ['op', 'dur', 'service', 'name', 'self', 'status', 'kind', 'origin', 'span', 'attr.'],
  text: ({ span }) => `${span.name} ${span.op ?? ''} ${span.service} ${span.kind} ${span.span_id} ${span.status_message ?? ''}`,
  get: ({ span }, key) => {
    switch (key) {
      case 'service': return [span.service]
      case 'op': return some(span.op)
      case 'name': return [span.name]
      case 'kind': return [span.kind]
      case 'status': return [span.status]
      case 'origin': return [span.origin]
      case 'dur': return [span.duration_ns]
      case 'self': return [span.self_ns]
      case 'span': return [span.span_id]
      default: {
        const name = key.startsWith('attr.') ? key.slice(5) : undefined
        if (name === undefined) return undefined
        const value = span.attributes?.[name] ?? span.resource?.attributes[name]
        return typeof value === 'string' || typeof value === 'number' ? [value] : value === undefined ? [] : [String(value)]
      }
    }
  },
  is: {
    error: ({ span }) => span.status === 'error' || (span.errors?.length ?? 0) > 0,
    orphan: ({ span }) => span.orphan === true,
    'n+1': ({ span }) => (span.n_plus_one ?? 0) > 0,
    slow: ({ span }) => span.self_ns > 100e6,
    open: ({ span }) => span.open === true,
  },
}

export const logFields: Fields<LogSummary> = {
  keys: ['level', 'service', 'logger', 'trace', 'span', 'origin', 'session'],
  asks: [...DEEP.slice(1), 'event', 'message'],
  text: (l) => `${l.message} ${l.logger ?? ''} ${l.service} ${l.fields ?? ''}`,
  get: (l, key) => {
    switch (key) {
      case 'service': return [l.service]
      case 'level': return [l.level]
      case 'logger': return some(l.logger)
      case 'origin': return [l.origin]
      case 'trace': return some(l.trace_id)
      case 'span': return some(l.span_id)
      case 'session': return [l.session]
      default: return undefined
    }
  },
  is: {
    error: (l) => l.level === 'error' || l.level === 'fatal',
    warning: (l) => l.level === 'warning',
  },
}

export const itemFields: Fields<ItemSummary> = {
  keys: ['type', 'service', 'size', 'trace', 'event'],
  text: (i) => `${i.title} ${i.type} ${i.service} ${i.content_type ?? ''}`,
  get: (i, key) => {
    switch (key) {
      case 'service': return [i.service]
      case 'type': return [i.type]
      case 'trace': return some(i.trace_id)
      case 'event': return some(i.event_id)
      case 'size': return [i.size]
      default: return undefined
    }
  },
  is: {},
}

export const metricFields: Fields<MetricSummary> = {
  keys: ['service', 'type', 'name', 'unit'],
  text: (m) => `${m.name} ${m.service} ${m.unit ?? ''}`,
  get: (m, key) => ({ service: [m.service], type: [m.type], name: [m.name], unit: some(m.unit) })[key],
  is: {},
}
