// Ids that people paste: what they are, and where they lead.
import type { Place } from './url.ts'

export interface Jump { label: string; place: Place }

/** Places for a pasted id, a traceparent or sentry-trace header, or a Sentry URL. */
export function jumps(text: string): Jump[] {
  const t = text.trim().toLowerCase()
  const parent = /\b(?:00-)?([0-9a-f]{32})-([0-9a-f]{16})(?:-[0-9a-f]{1,2})?\b/.exec(t)
  if (parent !== null) return [{ label: `Span ${parent[2]} of trace ${parent[1]!.slice(0, 8)}…`, place: { view: 'traces', ids: [parent[1]!], params: { span: parent[2]! } } }]
  const event = /\/(?:events?|issues\/[^/]+\/events)\/([0-9a-f]{32})\b/.exec(t)
  if (event !== null) return [{ label: `Event ${event[1]!.slice(0, 8)}…`, place: { view: 'errors', ids: ['-', event[1]!], params: {} } }]
  const id = /(?:^|\/)([0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}|[0-9a-f]{8,31})\/?$/.exec(t)?.[1]?.replaceAll('-', '')
  if (id === undefined) return []
  return [
    { label: `Trace ${id.slice(0, 8)}…`, place: { view: 'traces', ids: [id], params: {} } },
    { label: `Event ${id.slice(0, 8)}…`, place: { view: 'errors', ids: ['-', id], params: {} } },
  ]
}
