// What belongs to one page of the browser: the filter "this page" of the lists.
import { useEffect, useState } from 'preact/hooks'
import { useApp } from './context.ts'

/** The traces and groups of a page: what began there, and errors that say they happened there. undefined: no page is chosen. */
export function usePage(): { trace: (id: string | undefined, url?: string) => boolean; issue: (id: string, trace: string | undefined) => boolean } | undefined {
  const app = useApp()
  const page = app.place.value.params['page']
  const [issues, setIssues] = useState<ReadonlySet<string>>(new Set())
  const events = app.feed.lists.events.value
  useEffect(() => {
    if (page === undefined) return setIssues(new Set())
    let stale = false
    // Errors without a trace know their page too, in the payload that only the Collector has.
    app.api.list('events', { q: `url:"${page.replace(/["\\]/g, '\\$&')}*"`, session: 'all', limit: '1000' }).then(
      (found) => !stale && setIssues(new Set(found.items.flatMap((e) => e.issue_id ?? []))), () => undefined,
    )
    return () => {
      stale = true
    }
  }, [page, events.length])
  if (page === undefined) return undefined
  const traces = new Set(app.feed.lists.traces.value.flatMap((t) => (t.url === page ? t.trace_id : [])))
  const own = new Set(events.flatMap((e) => (e.trace_id !== undefined && traces.has(e.trace_id) ? e.issue_id ?? [] : [])))
  return {
    trace: (id, url) => url === page || (id !== undefined && traces.has(id)),
    issue: (id, trace) => own.has(id) || issues.has(id) || (trace !== undefined && traces.has(trace)),
  }
}
