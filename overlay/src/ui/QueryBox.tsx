import { Search } from 'lucide-preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { formatQuery, formatTerm, parseQuery, type Fields, type Term } from '../lib/query.ts'
import { Icon } from './Icon.tsx'
import { useKeys } from './keys.ts'
import { lazy } from './lazy.tsx'

/** Milliseconds after the last key before a filter is applied. */
const DEBOUNCE = 80

const Suggestions = lazy('', () => import('./Suggestions.tsx').then((m) => m.Suggestions<unknown>))

/** The filter of a list. key:value terms become tokens; what is being typed stays text. Wrong terms say why. */
export function QueryBox<T>({ value, terms, hint, fields, records, onChange }: {
  value: string
  /** As compiled by the list, with the problems it found. */
  terms: readonly Term[]
  hint: string
  /** What the list can be asked for, and what is in it: for suggestions. */
  fields: Fields<T>
  records: () => readonly T[]
  onChange: (query: string) => void
}) {
  const input = useRef<HTMLInputElement>(null)
  const box = useRef<HTMLDivElement>(null)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const tokens = terms.filter((term) => term.key !== undefined)
  const text = formatQuery(terms.filter((term) => term.key === undefined))
  const [draft, setDraft] = useState<string | undefined>(undefined)
  const [typing, setTyping] = useState(false)

  const commit = (next: string, keep: readonly Term[] = tokens) => {
    clearTimeout(timer.current)
    onChange([formatQuery(keep), next.trim()].filter((part) => part !== '').join(' '))
  }
  const type = (now: string) => {
    clearTimeout(timer.current)
    // A finished key:value followed by a space turns into a token.
    if (/\s$/.test(now) && parseQuery(now).some((term) => term.key !== undefined)) {
      setDraft(undefined)
      commit(now)
      return
    }
    setDraft(now)
    // A term with a key waits until it is whole; the words beside it hold already.
    timer.current = setTimeout(() => commit(formatQuery(parseQuery(now).filter((term) => term.key === undefined))), DEBOUNCE)
  }
  const settle = () => {
    if (draft === undefined) return
    commit(draft)
    setDraft(undefined)
  }
  const onKey = (event: KeyboardEvent) => {
    if (event.key === 'Enter') settle()
    else if (event.key === 'Escape') {
      event.preventDefault()
      event.stopPropagation()
      if ((draft ?? text) !== '' || value !== '') {
        setDraft(undefined)
        input.current!.value = ''
        commit('', [])
      } else input.current!.blur()
    } else if (event.key === 'Backspace' && input.current!.selectionEnd === 0 && tokens.length > 0) {
      commit(draft ?? text, tokens.slice(0, -1))
    }
  }
  useKeys({ '/': () => input.current?.focus() })
  useEffect(() => () => clearTimeout(timer.current), [])
  const problem = terms.find((term) => term.problem !== undefined)?.problem
  return (
    <div ref={box} class="q" role="search" title={problem} onClick={() => input.current?.focus()}>
      <Icon of={Search} size={14} />
      {tokens.map((term, i) => (
        <button
          key={`${i}${formatTerm(term)}`} class={`tok ${term.problem === undefined ? '' : 'bad'}`} title={term.problem ?? 'Remove'}
          onClick={() => commit(draft ?? text, tokens.filter((_, at) => at !== i))}
        >
          <i>{term.negate ? '-' : ''}{term.key}:</i><b>{formatTerm({ ...term, negate: false }).slice(term.key!.length + 1)}</b>
        </button>
      ))}
      <input
        ref={input} type="text" aria-label="Filter" placeholder={tokens.length === 0 ? hint : ''} spellcheck={false} autocomplete="off"
        role="combobox" aria-autocomplete="list" aria-expanded="false" value={draft ?? text} aria-invalid={problem !== undefined}
        onInput={() => type(input.current!.value)} onKeyDown={onKey} onFocus={() => setTyping(true)}
        onBlur={() => {
          setTyping(false)
          settle()
        }}
      />
      {problem !== undefined && <span class="text-warn trunc">{problem}</span>}
      <span class="kbd" aria-hidden="true">/</span>
      {typing && (
        <Suggestions
          box={box} input={input} fields={fields as Fields<unknown>} records={records}
          onText={(next) => {
            input.current!.value = next
            type(next)
          }}
        />
      )}
    </div>
  )
}
