// The JSON API of the Collector. Every answer is decoded here; a failure says what was asked and what came back.
import {
  decodeEvent, decodeIssue, decodeItem, decodeLog, decodeMetrics, decodePage, decodeSpanDetails, decodeStatus, decodeTrace, type ListName,
} from './decode.ts'
import type {
  Event, EventSummary, Issue, IssueDetails, Item, ItemSummary, Log, LogSummary, Metric, MetricSummary, Page, Service, SpanDetails, Status, Trace,
  TraceSummary,
} from './model.gen.ts'

/** status is the HTTP status, 0 when there was no answer at all. */
export class ApiError extends Error {
  constructor(readonly status: number, message: string) {
    super(message)
  }
}

interface Rows {
  traces: TraceSummary
  issues: Issue
  events: EventSummary
  logs: LogSummary
  services: Service
  metrics: MetricSummary
  items: ItemSummary
}

export type Api = ReturnType<typeof createApi>

/** base is the origin of the Collector, without a slash at its end. */
export function createApi(base: string, fetcher: typeof fetch = (...args) => fetch(...args)) {
  const ask = async (path: string, init?: RequestInit): Promise<Response> => {
    let response: Response
    try {
      response = await fetcher(base + path, { ...init, credentials: 'same-origin' })
    } catch {
      throw new ApiError(0, `The collector at ${base} does not answer`)
    }
    if (response.ok) return response
    throw new ApiError(response.status, await faultOf(response, path))
  }
  const read = async <T>(path: string, decode: (v: unknown) => T | undefined, init?: RequestInit): Promise<T> => {
    const response = await ask(path, init)
    let decoded: T | undefined
    try {
      decoded = decode(await response.json())
    } catch {
      // falls through: not JSON is as useless as JSON of another shape
    }
    if (decoded === undefined) throw new ApiError(response.status, `${path} answered something else than expected`)
    return decoded
  }
  const id = encodeURIComponent

  return {
    base,
    status: (): Promise<Status> => read('/api/v1/status', decodeStatus),
    list: <N extends ListName>(name: N, query: Record<string, string> = {}): Promise<Page<Rows[N]>> =>
      read(`/api/v1/${name}${search(query)}`, (v) => decodePage<Rows[N]>(name, v)),
    trace: (trace: string): Promise<Trace> => read(`/api/v1/traces/${id(trace)}?details=0`, decodeTrace),
    /** With the attributes of every span: for a filter that asks for them. */
    traceWhole: (trace: string): Promise<Trace> => read(`/api/v1/traces/${id(trace)}`, decodeTrace),
    span: (trace: string, span: string): Promise<SpanDetails> =>
      read(`/api/v1/traces/${id(trace)}/spans/${id(span)}`, decodeSpanDetails),
    event: (event: string): Promise<Event> => read(`/api/v1/events/${id(event)}`, decodeEvent),
    issue: (issue: string): Promise<IssueDetails> => read(`/api/v1/issues/${id(issue)}`, decodeIssue),
    log: (log: number): Promise<Log> => read(`/api/v1/logs/${log}`, decodeLog),
    metric: (name: string): Promise<Metric[]> => read(`/api/v1/metrics/${id(name)}`, decodeMetrics),
    /** The payload of an event or item as it came, as text; binary ones are for download only. */
    text: async (path: string): Promise<string> => (await ask(path)).text(),
    itemPath: (item: number): string => `/api/v1/items/${item}?raw=1`,
    item: (item: number): Promise<Item> => read(`/api/v1/items/${item}`, decodeItem),
    rawEventPath: (event: string): string => `/api/v1/events/${id(event)}?raw=1`,
    /** Lets the Collector send itself a trace through its own pipelines. */
    sendTest: async (kind: 'trace' | 'error'): Promise<void> => void (await ask(`/api/v1/test?kind=${kind}`, { method: 'POST' })),
    /** A session as a file, for a download: a number, or all. */
    exportPath: (session: string): string => `/api/v1/session/export?session=${id(session)}`,
    /** Takes such a file in, or a part of one. Says how many records were in it. */
    importSession: async (text: string, more: boolean): Promise<number> => {
      const response = await ask(`/api/v1/session/import${more ? '?continue=1' : ''}`, { method: 'POST', body: text, headers: { 'content-type': 'application/x-ndjson' } })
      const counts = (await response.json()) as Record<string, unknown>
      return ['spans', 'events', 'logs', 'metrics', 'items'].reduce((sum, kind) => sum + (Number(counts[kind]) || 0), 0)
    },
    showIssue: async (issue: string): Promise<void> => void (await ask(`/api/v1/issues/${id(issue)}/show`, { method: 'POST' })),
    hideIssue: async (issue: string): Promise<void> => void (await ask(`/api/v1/issues/${id(issue)}/hide`, { method: 'POST' })),
  }
}

function search(query: Record<string, string>): string {
  const text = new URLSearchParams(query).toString()
  return text === '' ? '' : `?${text}`
}

async function faultOf(response: Response, path: string): Promise<string> {
  try {
    const body = (await response.json()) as { error?: unknown }
    if (typeof body.error === 'string') return body.error
  } catch {
    // no JSON: the status has to do
  }
  return `${path} answered ${response.status}`
}
