// How a process that sends is named and counted on its card.
import { count } from './format.ts'
import type { AttributeValue, Service } from '../wire/model.gen.ts'

/** One of a type of item, where its name on the wire is no word of its own. */
const ONE: { [type: string]: string } = {
  check_in: 'check-in', form_data: 'form', metric_buckets: 'metric bucket', metric_meta: 'metric description', nel: 'network error report',
  profile_chunk_ui: 'UI profile chunk', raw_security: 'security report', sessions: 'session count', statsd: 'metric line',
}

/** "1 span", "7 session counts", "2 security reports": items of a type as the wire names it. */
export function itemCount(n: number, type: string): string {
  const one = ONE[type] ?? type.replaceAll('_', ' ')
  if (n === 1) return `1 ${one}`
  return `${count(n)} ${one.endsWith('y') && !/[aeiou]y$/.test(one) ? `${one.slice(0, -1)}ies` : /(s|x|ch)$/.test(one) ? `${one}es` : `${one}s`}`
}

/** What may tell processes of one name apart, what says most first. */
const MARKS: readonly ((s: Service) => string | undefined)[] = [
  (s) => s.environment,
  (s) => s.release ?? s.version,
  (s) => s.host,
  (s) => (s.sdk.name === '' ? undefined : s.sdk.name),
  (s) => from(s.resource?.attributes['sentry.received_from']),
  (s) => s.command,
  (s) => (s.pid === undefined ? undefined : `pid ${s.pid}`),
]

/** By id: what tells a process apart from others of the same name; nothing for a name that is alone. */
export function apart(services: readonly Service[]): Map<string, string> {
  const byName = new Map<string, Service[]>()
  for (const s of services) {
    const same = byName.get(s.service)
    if (same === undefined) byName.set(s.service, [s])
    else same.push(s)
  }
  const found = new Map<string, string>()
  for (const same of byName.values()) {
    if (same.length < 2) continue
    const differing = MARKS.filter((mark) => new Set(same.map(mark)).size > 1)
    for (const s of same) found.set(s.id, differing.flatMap((mark) => mark(s) ?? []).slice(0, 2).join(' · '))
    // Still alike: the instance is always another, if only a number.
    const names = same.map((s) => found.get(s.id)!)
    for (const s of same) {
      const name = found.get(s.id)!
      if (name === '' || names.filter((other) => other === name).length > 1) found.set(s.id, [name, `instance ${(s.instance ?? s.id).slice(0, 8)}`].filter(Boolean).join(' · '))
    }
  }
  return found
}

// The endpoint it came by: envelope, store, security, nel...
const from = (endpoint: AttributeValue | undefined): string | undefined => (typeof endpoint === 'string' && endpoint !== '' ? `from ${endpoint}` : undefined)
