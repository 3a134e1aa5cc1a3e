import { useId, useRef } from 'preact/hooks'
import type { ComponentChildren } from 'preact'

export interface MenuItem { label: ComponentChildren; run: () => void; checked?: boolean; disabled?: boolean }

/** A button with a menu: a native popover, so it sits in the top layer, closes on Escape and outside clicks by itself. */
export function Menu({ label, name, items, class: className = 'btn' }: {
  label: ComponentChildren
  name: string
  items: (MenuItem | 'line')[]
  class?: string
}) {
  const id = useId()
  const button = useRef<HTMLButtonElement>(null)
  const menu = useRef<HTMLDivElement>(null)
  const entries = () => [...(menu.current?.querySelectorAll<HTMLElement>('[role^=menuitem]:not([disabled])') ?? [])]

  const placed = (event: { newState: string }) => {
    // Closed by Escape the focus would be nowhere; closed by a click elsewhere it is where that was.
    const focus = (button.current?.getRootNode() as ShadowRoot | undefined)?.activeElement
    if (event.newState !== 'open' && (focus == null || menu.current?.contains(focus) === true)) button.current?.focus()
    if (event.newState !== 'open' || button.current === null || menu.current === null) return
    const at = button.current.getBoundingClientRect()
    const { style } = menu.current
    const below = at.bottom + 4 + menu.current.offsetHeight <= innerHeight
    style.setProperty('top', `${below ? at.bottom + 4 : Math.max(4, at.top - 4 - menu.current.offsetHeight)}px`)
    style.setProperty('left', `${Math.max(4, Math.min(at.left, innerWidth - menu.current.offsetWidth - 8))}px`)
    style.setProperty('min-width', `${at.width}px`)
    entries()[0]?.focus()
  }
  const onKey = (event: KeyboardEvent) => {
    const list = entries()
    const at = list.indexOf(event.target as HTMLElement)
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: list.length - 1 }[event.key]
    if (to === undefined) return
    event.preventDefault()
    list[(to + list.length) % list.length]?.focus()
  }
  return (
    <>
      <button ref={button} class={className} aria-haspopup="menu" title={name} popovertarget={id}>{label}</button>
      <div ref={menu} id={id} popover="auto" role="menu" aria-label={name} class="menu" onToggle={placed} onKeyDown={onKey}>
        {items.map((item, i) => item === 'line' ? <hr key={i} /> : (
          <button
            key={i} role={item.checked === undefined ? 'menuitem' : 'menuitemradio'} aria-checked={item.checked} disabled={item.disabled}
            onClick={() => {
              menu.current?.hidePopover()
              button.current?.focus()
              item.run()
            }}
          >{item.label}</button>
        ))}
      </div>
    </>
  )
}
