import type { ComponentChildren } from 'preact'
import { Scroll } from './Scroll.tsx'

/** What a view says when it has nothing to show: one fact, one next step. */
export function Empty({ title, text, children }: { title: string; text: ComponentChildren; children?: ComponentChildren }) {
  return (
    <Scroll label={title} class="flex grow">
      <div class="empty">
        <h1 class="title">{title}</h1>
        <p class="t2 mt-4">{text}</p>
        {children !== undefined && <div class="flex gap-6 mt-16 flex-wrap">{children}</div>}
      </div>
    </Scroll>
  )
}

/** Grey rows while something is on its way; they appear only after 150 ms. */
export function Loading({ label, rows = 8 }: { label: string; rows?: number }) {
  return (
    <div class="grow" role="status" aria-label={label}>
      <div class="flex flex-col gap-12 p-20">
        {Array.from({ length: rows }, (_, i) => <div key={i} class="skel" style={{ height: '14px', width: `${30 + ((i * 37) % 60)}%` }} />)}
      </div>
    </div>
  )
}
