// Where a value of an event came from, as the badges of the error page.
import type { AttributeValue, Event, Layer, Provenance, Shadowed } from '../wire/model.gen.ts'

export interface Badge { letter: string; name: string }

const BADGES: { [layer in Layer]: Badge } = {
  config: { letter: 'P', name: 'process configuration' },
  upstream: { letter: 'U', name: 'upstream' },
  resource: { letter: 'R', name: 'resource' },
  global: { letter: 'G', name: 'global' },
  isolation: { letter: 'I', name: 'isolation' },
  current: { letter: 'C', name: 'current' },
  additional: { letter: 'A', name: 'additional' },
  event: { letter: 'E', name: 'event' },
  span: { letter: 'S', name: 'span' },
}

/** The layer a value is shown under: what the global scope has of the resource is the resource's (docs/scopes.md). */
export const layerOf = ({ layer, origin }: { layer: Layer; origin: string }): Layer => (layer === 'global' && origin === 'resource' ? 'resource' : layer)

export const badgeOf = (layer: Layer): Badge => BADGES[layer] ?? { letter: '?', name: layer }

/** The badges that occur among an event's values and breadcrumbs, low to high: what the legend shows. */
export function legend(event: Event): Badge[] {
  const seen = new Set<Layer>()
  for (const path in event.provenance) if (SHOWN.test(path)) seen.add(layerOf(event.provenance[path]!))
  for (const crumb of event.breadcrumbs) if (crumb.layer !== undefined) seen.add(crumb.layer)
  return (Object.keys(BADGES) as Layer[]).filter((layer) => seen.has(layer)).map((layer) => BADGES[layer])
}
/** Paths of values that the page shows with a badge. */
const SHOWN = /^(?:(?:tags|user|contexts|extra|attributes|request)(?:\.|$)|(?:release|environment|server_name)$)/

/**
 * What a value hides, in two words: "overrides I" names the nearest layer with another value. A Sentry SDK has merged its
 * scopes before, so an equal value below is no conflict but where it probably came from (scopes rules R18, 3.8): "same in I".
 */
export function overrides(p: Provenance | undefined, value: AttributeValue): string | undefined {
  const hidden = p?.shadowed ?? []
  const other = hidden.find((s) => !sameValue(s.value, value))
  if (other !== undefined) return `overrides ${badgeOf(layerOf(other)).letter}`
  return hidden[0] === undefined ? undefined : `same in ${badgeOf(layerOf(hidden[0])).letter}`
}

// Objects come with sorted keys; a value may be shown as text.
function sameValue(a: AttributeValue, b: AttributeValue): boolean {
  const text = (v: AttributeValue) => (typeof v === 'object' ? JSON.stringify(v) : String(v))
  return a === b || text(a) === text(b)
}

/** Everything known of where a value came from, for a tooltip. */
export function story(p: Provenance | undefined, value: string): string {
  if (p === undefined) return value
  const from = (layer: Layer, origin: string) => `${badgeOf(layer).name}${origin === '' || origin === 'sdk' ? '' : ` (${origin})`}`
  // In the order in which they were laid over each other: global, isolation, current, event.
  const hidden = (p.shadowed ?? []).toReversed()
  const lines = hidden.map((s) => `${from(s.layer, s.origin)}: ${typeof s.value === 'string' ? s.value : JSON.stringify(s.value)} (${sameValue(s.value, value) ? 'the same' : 'hidden'})`)
  lines.push(`${from(p.layer, p.origin)}: ${value}`)
  if (p.probable !== undefined) lines.push(`probably set in: ${p.probable}`)
  if (p.conflict !== undefined) lines.push(p.conflict)
  return lines.join('\n')
}

/** Where a value came from: what is said of itself, of the object it is in, or of the highest of the values in it. */
export function provenanceOf(event: Event, path: string): Provenance | undefined {
  const all = event.provenance
  if (all[path] !== undefined) return all[path]
  const order = Object.keys(BADGES)
  let best: Provenance | undefined
  for (const key in all) {
    if (!key.startsWith(`${path}.`)) continue
    const p = all[key]!
    if (best === undefined || order.indexOf(p.layer) > order.indexOf(best.layer)) best = p
  }
  if (best !== undefined) return best
  for (let at = path.lastIndexOf('.'); at > 0; at = path.lastIndexOf('.', at - 1)) if (all[path.slice(0, at)] !== undefined) return all[path.slice(0, at)]
  return undefined
}

/** Whether a value came from the scope with this badge; without one, every value did. */
export function isFrom(event: Event, path: string, letter: string | undefined): boolean {
  const p = letter === undefined ? undefined : provenanceOf(event, path)
  return letter === undefined || (p !== undefined && badgeOf(layerOf(p)).letter === letter)
}

/** The span an origin names, "" for other origins. */
export const spanOf = (origin: string): string => (origin.startsWith('span:') ? origin.slice(5) : '')

/** Layers that contradict each other about who the user is: the words of the Collector, and whom they name. */
export function userConflict(event: Event): { text: string; others: Shadowed[] } | undefined {
  const p = [event.provenance['user'], event.provenance['user.id']].find((of) => of?.conflict !== undefined)
  if (p?.conflict === undefined) return undefined
  return { text: p.conflict, others: (p.shadowed ?? []).filter((s) => userText(s.value) !== userText(event.user)) }
}

/** A user in a few words: the id, else whatever names somebody. */
export function userText(value: AttributeValue): string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return String(value ?? '')
  const user = value as { [key: string]: AttributeValue }
  for (const key of ['id', 'email', 'username', 'name', 'hash', 'ip_address']) if (user[key] !== undefined && user[key] !== null && user[key] !== '') return String(user[key])
  return ''
}

/** What a context says in one line: "go 1.26.0", "linux 6.12", "payments · pid 48213". */
export function contextSummary(name: string, value: AttributeValue): string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return String(value)
  const v = value as { [key: string]: AttributeValue }
  const text = (key: string) => (typeof v[key] === 'string' || typeof v[key] === 'number' ? String(v[key]) : undefined)
  if (name === 'trace') return [text('op'), text('span_id') === undefined ? undefined : `span ${text('span_id')}`].filter(Boolean).join(' · ')
  const title = text('name') ?? text('model') ?? text('device_model') ?? text('app_name') ?? text('type')
  const detail = text('version') ?? text('kernel_version') ?? text('app_version')
  const pid = text('pid')
  if (title !== undefined) return [title, detail, pid === undefined ? undefined : `· pid ${pid}`].filter(Boolean).join(' ')
  const inner = name === 'otel' ? v['scope'] : undefined
  if (inner !== undefined && inner !== null && typeof inner === 'object') return contextSummary('scope', inner)
  const entries = Object.entries(v).filter(([, x]) => typeof x !== 'object')
  return entries.slice(0, 3).map(([k, x]) => `${k} ${String(x)}`).join(', ') || Object.keys(v).slice(0, 4).join(', ')
}
