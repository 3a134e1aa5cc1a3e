import { useContext } from 'preact/hooks'
import { isMac, keysOf } from '../lib/shortcut.ts'
import { Sheet } from '../ui/Sheet.tsx'
import { EmbeddingContext } from '../views/context.ts'

const SHEET: [string, string][] = [
  ['g e · g t · g l · g m', 'Errors, traces, logs, metrics'],
  ['g p · g s · g a', 'Profiles, SDKs, attachments'],
  ['j k or ↓ ↑', 'Next, previous row'],
  ['enter', 'Open'],
  ['→ ←', 'Expand, collapse or to the parent'],
  ['shift+→ shift+←', 'Expand, collapse everything below'],
  ['n shift+n', 'Next, previous error or match'],
  ['f 0', 'Zoom to the selection, reset'],
  ['+ - a d', 'Zoom in, out, pan'],
  ['c', 'Critical path'],
  ['/', 'Filter: ↓ ↑ choose, tab takes'],
  ['mod+k', 'Commands'],
  ['p', 'Pause, resume'],
  ['.', 'Show new rows'],
  ['t', 'Trace of this error or log'],
  ['o', 'Open in the editor'],
  ['* on a row, or in it', 'Pin'],
  ['y', 'Copy: then j JSON, m for agent, c curl, l link'],
  ['[ \\', 'Fold sidebar, details'],
  ['esc', 'Close, clear the filter'],
]

/** Every key there is. */
export function Help({ close }: { close: () => void }) {
  const shortcut = useContext(EmbeddingContext)?.shortcut.value
  const page: [string, string][] = shortcut === undefined ? [] : [
    ...(shortcut === false ? [] : [[keysOf(shortcut, isMac()).join('+').toLowerCase(), 'Open, close Spotlight'] as [string, string]]), ['f6', 'Between the page and Spotlight'],
  ]
  return (
    <Sheet label="Keyboard shortcuts" close={close}>
      <h2 class="text-15 mb-12">Keyboard shortcuts</h2>
      <div class="grid grid-cols-2 gap-x-24 gap-y-8 text-12">
        {[...page, ...SHEET].map(([keys, text]) => <div key={keys} class="flex gap-10 items-baseline"><span class="t2 grow">{text}</span><span class="kbd">{keys}</span></div>)}
      </div>
    </Sheet>
  )
}
