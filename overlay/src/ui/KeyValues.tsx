import { Copy, ListFilter, Minus } from 'lucide-preact'
import { useState } from 'preact/hooks'
import { safeHref } from '../lib/text.ts'
import { Icon } from './Icon.tsx'
import { JsonTree } from './JsonTree.tsx'

/** Rows of names and values with what one can do to a value: copy it, filter by it, exclude it. */
export function KeyValues({ entries, onCopy, onFilter, hides }: {
  entries: readonly (readonly [string, unknown])[]
  onCopy: (text: string, what: string) => void
  onFilter?: (key: string, value: string, exclude: boolean) => void
  /** Whether the value of a name is only shown when it is asked for. */
  hides?: (name: string) => boolean
}) {
  return <dl class="kv">{entries.map(([key, value]) => <KeyValue key={key} name={key} value={value} onCopy={onCopy} onFilter={onFilter} hidden={hides?.(key) === true} />)}</dl>
}

function KeyValue({ name, value, onCopy, onFilter, hidden }: {
  name: string
  value: unknown
  onCopy: (text: string, what: string) => void
  onFilter: ((key: string, value: string, exclude: boolean) => void) | undefined
  hidden: boolean
}) {
  const [revealed, reveal] = useState(false)
  const [wrap, setWrap] = useState(false)
  const text = valueText(value)
  const href = safeHref(value)
  return (
    <>
      <dt title={name}>{name}</dt>
      <dd>
        {hidden && !revealed ? <button class="v t3" title="Show the value" onClick={() => reveal(true)}>••••••</button>
          : typeof value === 'object' && value !== null
          ? <div class="v wrap"><JsonTree value={value} depth={1} /></div>
          : href !== undefined
            ? <a class={`v link ${wrap ? 'wrap' : ''}`} href={href} target="_blank" rel="noreferrer noopener" title={text}>{text}</a>
            : <span class={`v ${wrap ? 'wrap' : ''}`} title={text} onClick={() => setWrap(!wrap)}>{text === '' ? <span class="t3">empty</span> : text}</span>}
        <span class="acts">
          <button class="btn ghost icon" aria-label={`Copy ${name}`} title="Copy" onClick={() => onCopy(text, name)}><Icon of={Copy} size={12} /></button>
          {onFilter !== undefined && typeof value !== 'object' && (
            <>
              <button class="btn ghost icon" aria-label={`Filter by ${name}`} title="Filter by" onClick={() => onFilter(name, text, false)}><Icon of={ListFilter} size={12} /></button>
              <button class="btn ghost icon" aria-label={`Exclude ${name}`} title="Exclude" onClick={() => onFilter(name, text, true)}><Icon of={Minus} size={12} /></button>
            </>
          )}
        </span>
      </dd>
    </>
  )
}

/** A value of the wire as one text. */
export function valueText(value: unknown): string {
  if (typeof value === 'string') return value
  if (value === null || value === undefined) return ''
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
