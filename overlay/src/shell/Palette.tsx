import { useMemo, useState } from 'preact/hooks'
import { ago } from '../lib/format.ts'
import { jumps } from '../lib/jump.ts'
import { parseTime } from '../lib/time.ts'
import { Sheet } from '../ui/Sheet.tsx'
import type { App } from '../store/app.ts'
import { useApp } from '../views/context.ts'
import { ROUTES } from './routes.ts'

interface Command { group: string; label: string; keys?: string; run: () => void }

/** Commands listed at most, and records of each kind among them. */
const SHOWN = 40
const RECORDS = 60

/** Everything one can go to or do, by typing. */
export function Palette({ close }: { close: () => void }) {
  const app = useApp()
  const [text, setText] = useState('')
  const [at, setAt] = useState(0)
  const all = useMemo(() => commands(app), [])
  const wanted = text.trim().toLowerCase().split(/\s+/).filter(Boolean)
  const found = [
    ...jumps(text).map(({ label, place }): Command => ({ group: 'Go to', label, run: () => app.go(place) })),
    ...all.filter((c) => wanted.every((word) => c.label.toLowerCase().includes(word))),
  ].slice(0, SHOWN)
  const index = Math.min(at, Math.max(0, found.length - 1))
  const run = (command: Command | undefined) => {
    if (command === undefined) return
    close()
    command.run()
  }
  const onKey = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown') setAt(Math.min(found.length - 1, index + 1))
    else if (event.key === 'ArrowUp') setAt(Math.max(0, index - 1))
    else if (event.key === 'Enter') run(found[index])
    else return
    event.preventDefault()
  }
  return (
    <Sheet label="Commands" close={close} class="palette">
      <input
        class="w-full text-15 pb-12 outline-none" placeholder="Go to a view, an error, a trace; paste an id" autofocus spellcheck={false} role="combobox" aria-label="Command"
        aria-expanded="true" aria-controls="commands" aria-activedescendant={found.length > 0 ? `command-${index}` : undefined} value={text}
        onInput={(event) => {
          setText(event.currentTarget.value)
          setAt(0)
        }}
        onKeyDown={onKey}
      />
      <div id="commands" role="listbox" aria-label="Commands" class="scroll max-h-[50vh] border-t border-line pt-6">
        {found.length === 0 && <p class="t3 py-8">No command or record matches</p>}
        {found.map((command, i) => (
          <div key={`${command.group}${command.label}${i}`}>
            {command.group !== found[i - 1]?.group && <div class="t3 text-11 pt-8 pb-4">{command.group}</div>}
            <div
              id={`command-${i}`} role="option" aria-selected={i === index} class={`flex items-center gap-8 px-8 min-h-28 rounded-md text-12 ${i === index ? 'bg-bg-3' : ''}`}
              ref={(element) => {
                if (i === index) element?.scrollIntoView({ block: 'nearest' })
              }} onPointerMove={() => setAt(i)} onClick={() => run(command)}
            ><span class="trunc grow">{command.label}</span>{command.keys !== undefined && <span class="kbd">{command.keys}</span>}</div>
          </div>
        ))}
      </div>
    </Sheet>
  )
}

function commands(app: App): Command[] {
  const now = app.now.peek()
  const paused = app.feed.paused.peek()
  return [
    ...ROUTES.map((route): Command => ({
      group: 'Views', label: route.label, ...(route.nav?.key === undefined ? {} : { keys: `g ${route.nav.key}` }), run: () => app.go({ view: route.name, ids: [], params: {} }),
    })),
    { group: 'Actions', label: paused ? 'Resume' : 'Pause', keys: 'p', run: () => app.feed.setPaused(!paused) },
    { group: 'Actions', label: 'Clear this session', run: app.clear },
    { group: 'Actions', label: 'New session', run: app.newSession },
    { group: 'Actions', label: 'Send a test trace', run: () => void app.test('trace') },
    { group: 'Actions', label: 'Throw a test error', run: () => void app.test('error') },
    { group: 'Actions', label: 'Use the dark theme', run: () => app.setSettings({ theme: 'dark' }) },
    { group: 'Actions', label: 'Use the light theme', run: () => app.setSettings({ theme: 'light' }) },
    { group: 'Actions', label: 'Keyboard shortcuts', keys: '?', run: () => void (app.dialog.value = 'help') },
    ...app.feed.lists.issues.peek().slice(0, RECORDS).map((i): Command => ({
      group: 'Errors', label: `${i.title}${i.value === undefined ? '' : `: ${i.value.slice(0, 120)}`}`, run: () => app.go({ view: 'errors', ids: [i.issue_id], params: {} }),
    })),
    ...app.feed.lists.traces.peek().slice(0, RECORDS).map((t): Command => ({
      group: 'Traces', label: `${t.root_name}  ${ago(parseTime(t.last_time).ms, now)}`, run: () => app.go({ view: 'traces', ids: [t.trace_id], params: {} }),
    })),
  ]
}
