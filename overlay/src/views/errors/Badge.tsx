import { badgeOf } from '../../lib/provenance.ts'
import type { Layer } from '../../wire/model.gen.ts'

/** The scope a value came from, as a letter; the whole story is its tooltip. */
export function Badge({ layer, title }: { layer: Layer; title: string }) {
  const badge = badgeOf(layer)
  return <span class={`sc ${badge.letter}`} title={title} role="img" aria-label={`from ${badge.name}`}>{badge.letter}</span>
}
