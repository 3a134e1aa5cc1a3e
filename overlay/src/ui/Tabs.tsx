import type { ComponentChildren } from 'preact'

/** Tabs with roving focus; the panel is the caller's. */
export function Tabs({ label, tabs, at, onPick }: {
  label: string
  tabs: { id: string; label: ComponentChildren }[]
  at: string
  onPick: (id: string) => void
}) {
  const onKey = (event: KeyboardEvent) => {
    const i = tabs.findIndex((tab) => tab.id === at)
    const to = { ArrowRight: i + 1, ArrowLeft: i - 1, Home: 0, End: tabs.length - 1 }[event.key]
    if (to === undefined) return
    event.preventDefault()
    event.stopPropagation()
    const next = (to + tabs.length) % tabs.length
    onPick(tabs[next]!.id)
    ;((event.currentTarget as HTMLElement).children[next] as HTMLElement | undefined)?.focus()
  }
  return (
    <div class="tabs" role="tablist" aria-label={label} onKeyDown={onKey}>
      {tabs.map((tab) => (
        <button key={tab.id} role="tab" aria-selected={tab.id === at} tabIndex={tab.id === at ? 0 : -1} onClick={() => onPick(tab.id)}>
          {tab.label}
        </button>
      ))}
    </div>
  )
}
