import { useEffect, useId, useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { Fields } from '../lib/query.ts'
import { suggest, wordAt, type Suggestion } from '../lib/suggest.ts'

/**
 * What to type next, below a filter that is being typed into. It listens to the filter from outside and speaks through the
 * attributes of its input, so that a filter nobody types into needs none of this.
 */
export function Suggestions<T>({ box, input, fields, records, onText }: {
  box: { current: HTMLElement | null }
  input: { current: HTMLInputElement | null }
  fields: Fields<T>
  records: () => readonly T[]
  /** The text of the input is now another. */
  onText: (text: string) => void
}) {
  const list = useRef<HTMLDivElement>(null)
  const id = useId()
  const [options, setOptions] = useState<readonly Suggestion[]>([])
  const [active, setActive] = useState(-1)
  const open = options.length > 0

  const look = () => {
    const { value, selectionEnd } = input.current!
    setActive(-1)
    setOptions(suggest(wordAt(value, selectionEnd ?? value.length), fields, records()))
  }
  const pick = (option: Suggestion) => {
    const { value, selectionEnd } = input.current!
    const end = selectionEnd ?? value.length
    const head = value.slice(0, end - wordAt(value, end).length)
    onText(`${head}${option.insert}${option.done ? ' ' : ''}${value.slice(end).trimStart()}`)
    if (option.done) setOptions([])
    else look()
  }
  const onKey = (event: KeyboardEvent) => {
    const { key } = event
    if (key === 'ArrowDown' || key === 'ArrowUp') {
      if (open) setActive((active + (key === 'ArrowDown' ? 1 : active < 0 ? 0 : -1) + options.length) % options.length)
      else look()
    } else if (open && ((key === 'Tab' && !event.shiftKey && (active >= 0 || input.current!.value !== '')) || (key === 'Enter' && active >= 0))) {
      pick(options[Math.max(0, active)]!)
    } else if (open && key === 'Escape') setOptions([])
    else {
      if (key === 'Enter') setOptions([])
      return
    }
    event.preventDefault()
    event.stopPropagation()
  }
  const newest = useRef({ look, onKey })
  newest.current = { look, onKey }
  useEffect(() => {
    const element = box.current!
    const onInput = () => newest.current.look()
    const onKeyDown = (event: KeyboardEvent) => event.target === input.current && newest.current.onKey(event)
    element.addEventListener('keydown', onKeyDown, true)
    element.addEventListener('input', onInput)
    look()
    return () => {
      element.removeEventListener('keydown', onKeyDown, true)
      element.removeEventListener('input', onInput)
    }
  }, [])
  useLayoutEffect(() => {
    const set = (name: string, value: string | undefined) => (value === undefined ? input.current?.removeAttribute(name) : input.current?.setAttribute(name, value))
    set('aria-expanded', String(open))
    set('aria-controls', open ? id : undefined)
    set('aria-activedescendant', active >= 0 ? `${id}-${active}` : undefined)
    return () => {
      set('aria-expanded', 'false')
      set('aria-controls', undefined)
      set('aria-activedescendant', undefined)
    }
  }, [open, active, id])
  // In the top layer: the headers that filters stand in cut off what is larger than they are.
  useLayoutEffect(() => {
    const element = list.current
    if (element === null || !open) return
    const at = box.current!.getBoundingClientRect()
    for (const [name, px] of [['left', at.left], ['top', at.bottom + 4], ['width', Math.max(at.width, 280)]] as const) element.style.setProperty(name, `${px}px`)
    if (typeof element.showPopover === 'function' && !element.matches(':popover-open')) element.showPopover()
  }, [options])
  if (!open) return null
  return (
    <div ref={list} id={id} popover="manual" role="listbox" aria-label="Suggestions" class="menu" onMouseDown={(event) => event.preventDefault()}>
      {options.map((option, i) => (
        <div
          key={option.insert} id={`${id}-${i}`} role="option" aria-selected={i === active} onClick={() => pick(option)}
          ref={(element) => {
            if (i === active) element?.scrollIntoView?.({ block: 'nearest' })
          }}
        >
          <span class="trunc grow mono">{option.label}</span><span class="t3 num">{option.note}</span>
        </div>
      ))}
    </div>
  )
}
