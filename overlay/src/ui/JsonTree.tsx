import { useState } from 'preact/hooks'

/** Levels opened at first, entries shown before "more", characters before a text is cut. */
const OPEN_LEVELS = 2
const MAX_DEPTH = 24
const ENTRIES = 100
const TEXT = 400

/** Any value of the wire as a tree of text. */
export function JsonTree({ value, name, depth = 0 }: { value: unknown; name?: string; depth?: number }) {
  const [open, setOpen] = useState(depth < OPEN_LEVELS)
  const [all, setAll] = useState(false)
  const label = name === undefined ? null : <span class="k">{name}: </span>
  if (typeof value !== 'object' || value === null) return <div class="tree">{label}<Scalar value={value} /></div>
  const entries: [string, unknown][] = Array.isArray(value) ? value.map((v, i) => [String(i), v]) : Object.entries(value)
  const brackets = Array.isArray(value) ? '[]' : '{}'
  if (entries.length === 0 || depth >= MAX_DEPTH) return <div class="tree">{label}<span class="t3">{entries.length === 0 ? brackets : '…'}</span></div>
  const shown = all ? entries : entries.slice(0, ENTRIES)
  return (
    <div class="tree">
      <button aria-expanded={open} onClick={() => setOpen(!open)}>
        <span class="t3">{open ? '▾ ' : '▸ '}</span>{label}
        <span class="t3">{open ? (label === null ? brackets[0] : '') : `${brackets[0]} ${entries.length} ${brackets[1]}`}</span>
      </button>
      {open && (
        <div class="kids">
          {shown.map(([key, v]) => <JsonTree key={key} name={key} value={v} depth={depth + 1} />)}
          {shown.length < entries.length && <button class="link" onClick={() => setAll(true)}>Show {entries.length - shown.length} more</button>}
        </div>
      )}
    </div>
  )
}

/** A scalar in the colours of code. */
export function Scalar({ value, quotes = true }: { value: unknown; quotes?: boolean }) {
  const [all, setAll] = useState(false)
  if (typeof value === 'string') {
    const cut = !all && value.length > TEXT
    return (
      <span class="lit-s">
        {quotes ? '"' : ''}{cut ? value.slice(0, TEXT) : value}{quotes ? '"' : ''}
        {cut && <button class="link" onClick={() => setAll(true)}> … Show all {value.length}</button>}
      </span>
    )
  }
  if (typeof value === 'number') return <span class="lit-n">{String(value)}</span>
  return <span class="lit-k">{String(value)}</span>
}
