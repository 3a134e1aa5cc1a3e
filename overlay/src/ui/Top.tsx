import { ChevronRight } from 'lucide-preact'
import type { ComponentChildren } from 'preact'
import { Icon } from './Icon.tsx'

/** The header of a view: where one is on the left, what one can do on the right. */
export function Top({ crumbs, title, children }: {
  crumbs?: { label: string; go: () => void }
  title: ComponentChildren
  children?: ComponentChildren
}) {
  return (
    <header class="top">
      {crumbs !== undefined && (
        <>
          <button class="crumb" onClick={crumbs.go}>{crumbs.label}</button>
          <Icon of={ChevronRight} size={12} class="t3" />
        </>
      )}
      <h1 class={`trunc max-w-[46ch] ${crumbs === undefined ? 'flex-none' : ''}`} title={typeof title === 'string' ? title : undefined}>{title}</h1>
      {children}
    </header>
  )
}
