import type { LucideIcon } from 'lucide-preact'

/** An icon beside text: hidden from screen readers. The stroke stays 1.6 px of a 16 px icon (overlay-spec.md 14). */
export function Icon({ of: Shape, size = 16, class: className }: { of: LucideIcon; size?: 12 | 14 | 16 | 20; class?: string }) {
  return <Shape size={size} strokeWidth={2.2} class={className} aria-hidden="true" />
}
