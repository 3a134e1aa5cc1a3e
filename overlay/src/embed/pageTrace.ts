// Which trace is this page's own: pure, so that the rules can be read and tested without a page.
import { parseTime } from '../lib/time.ts'
import type { TraceSummary } from '../wire/model.gen.ts'

/** Clocks of browser and Collector may differ by this many milliseconds before a load is taken for an older one. */
const SLACK = 5000

/** The trace id in a sentry-trace or traceparent value. */
export function traceIdOf(value: string | null | undefined): string | undefined {
  const id = /^\s*"?(?:[0-9a-f]{2}-)?([0-9a-f]{32})(?![0-9a-f])/i.exec(value ?? '')?.[1]?.toLowerCase()
  return id === undefined || /^0+$/.test(id) ? undefined : id
}

/** What the page says of its trace: its meta elements first, then the Server-Timing header of its navigation. */
export function declaredTrace(page: Document, timing: Performance): string | undefined {
  for (const name of ['sentry-trace', 'traceparent']) {
    const id = traceIdOf(page.querySelector(`meta[name="${name}"]`)?.getAttribute('content'))
    if (id !== undefined) return id
  }
  const [navigation] = timing.getEntriesByType('navigation') as PerformanceNavigationTiming[]
  for (const entry of navigation?.serverTiming ?? []) {
    if (entry.name !== 'traceparent' && entry.name !== 'sentry-trace') continue
    const id = traceIdOf(entry.description)
    if (id !== undefined) return id
  }
  return undefined
}

/** Two addresses of the same page: the fragment and a slash at the end make no difference. */
export function samePage(a: string | undefined, b: string): boolean {
  const clean = (url: string) => url.replace(/#.*$/s, '').replace(/\/$/, '')
  return a !== undefined && a !== '' && clean(a) === clean(b)
}

export type PageTrace = ReturnType<typeof createPageTrace>

/**
 * Follows the page: what it declared, else its load, until a navigation inside it begins a new trace.
 * since is when the page was opened, in milliseconds since the epoch.
 */
export function createPageTrace(options: { declared: string | undefined; href: () => string; since: number }) {
  let at: { id: string; start: number } | undefined =
    options.declared === undefined ? undefined : { id: options.declared, start: options.since }
  return {
    id: () => at?.id,
    /** Looks at the traces there are; true when another one is the page's now. */
    look: (traces: Iterable<TraceSummary>): boolean => {
      const before = at?.id
      const href = options.href()
      for (const trace of traces) {
        if (!samePage(trace.url, href)) continue
        const start = parseTime(trace.start_time).ms
        if (start < options.since - SLACK) continue
        // The load of the page is not news to a page that said which trace it is of; a navigation inside it is.
        if (at === undefined || (start > at.start && (trace.root_op === 'navigation' || options.declared === undefined))) at = { id: trace.trace_id, start }
      }
      return at?.id !== before
    },
  }
}
