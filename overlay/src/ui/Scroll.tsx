import type { ComponentChildren } from 'preact'

/** A part of a page that scrolls by itself and can be scrolled with the keyboard. Lists with rows that take focus need none of it. */
export function Scroll({ label, class: className, children }: { label: string; class: string; children: ComponentChildren }) {
  return <div class={`scroll ${className}`} role="region" aria-label={label} tabIndex={0}>{children}</div>
}
