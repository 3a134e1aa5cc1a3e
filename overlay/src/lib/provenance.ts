// Where a value of an event came from, as the badges of the error page.
import type { AttributeValue, Event, Layer, Provenance } from '../wire/model.gen.ts'

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

export const badgeOf = (layer: Layer): Badge => BADGES[layer] ?? { letter: '?', name: layer }

/** The badges that occur in the event below any of the paths, low to high: what the legend shows. */
export function legend(event: Event, ...under: string[]): Badge[] {
  const seen = new Set<Layer>()
  for (const path in event.provenance) if (under.some((head) => path.startsWith(`${head}.`))) seen.add(event.provenance[path]!.layer)
  return (Object.keys(BADGES) as Layer[]).filter((layer) => seen.has(layer)).map((layer) => BADGES[layer])
}

/** "overrides I": the nearest layer a value hides. */
export function overrides(p: Provenance | undefined): string | undefined {
  const hidden = p?.shadowed?.[0]
  return hidden === undefined ? undefined : `overrides ${badgeOf(hidden.layer).letter}`
}

/** Everything known of where a value came from, for a tooltip. */
export function story(p: Provenance | undefined, value: string): string {
  if (p === undefined) return value
  const from = (layer: Layer, origin: string) => `${badgeOf(layer).name}${origin === '' || origin === 'sdk' ? '' : ` (${origin})`}`
  // In the order in which they were laid over each other: global, isolation, current, event.
  const hidden = (p.shadowed ?? []).toReversed()
  const lines = hidden.map((s) => `${from(s.layer, s.origin)}: ${typeof s.value === 'string' ? s.value : JSON.stringify(s.value)} (hidden)`)
  lines.push(`${from(p.layer, p.origin)}: ${value}`)
  if (p.probable !== undefined) lines.push(`probably set in: ${p.probable}`)
  if (p.conflict !== undefined) lines.push(p.conflict)
  return lines.join('\n')
}

/** The layer of an object: that of its leaves when they agree, else the highest of them. */
export function provenanceOf(event: Event, path: string): Provenance | undefined {
  const own = event.provenance[path]
  if (own !== undefined) return own
  const order = Object.keys(BADGES)
  let best: Provenance | undefined
  for (const key in event.provenance) {
    if (!key.startsWith(`${path}.`)) continue
    const p = event.provenance[key]!
    if (best === undefined || order.indexOf(p.layer) > order.indexOf(best.layer)) best = p
  }
  return best
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
  const entries = Object.entries(v).filter(([, x]) => typeof x !== 'object')
  return entries.slice(0, 3).map(([k, x]) => `${k} ${String(x)}`).join(', ') || Object.keys(v).slice(0, 4).join(', ')
}
