import { useContext, useMemo, useState } from 'preact/hooks'
import { fit } from '../lib/fuzzy.ts'
import { ago, shortId } from '../lib/format.ts'
import { jumps } from '../lib/jump.ts'
import { parseTime } from '../lib/time.ts'
import { KeysContext, type Keys } from '../ui/keys.ts'
import { Sheet } from '../ui/Sheet.tsx'
import type { App } from '../store/app.ts'
import { useApp } from '../views/context.ts'
import { exportSession, importSession } from '../views/parts/sessionFile.ts'
import { ROUTES } from './routes.ts'

interface Command { group: string; label: string; keys?: string; run: () => void }

/** Commands listed at most, and records of each kind among them. */
const SHOWN = 40
const RECORDS = 60

/** Everything one can go to or do, by typing. */
export function Palette({ close }: { close: () => void }) {
  const app = useApp()
  const keys = useContext(KeysContext)
  const [text, setText] = useState('')
  const [at, setAt] = useState(0)
  const all = useMemo(() => commands(app, keys), [])
  const found = [...jumps(text).map(({ label, place }): Command => ({ group: 'Go to', label, run: () => app.go(place) })), ...fitting(all, text)].slice(0, SHOWN)
  const index = Math.min(at, Math.max(0, found.length - 1))
  const run = (command: Command | undefined) => {
    if (command === undefined) return
    close()
    command.run()
  }
  const onKey = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown') setAt((index + 1) % Math.max(1, found.length))
    else if (event.key === 'ArrowUp') setAt((index - 1 + found.length) % Math.max(1, found.length))
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

// Groups keep their order; in a group what fits best is first.
function fitting(all: readonly Command[], text: string): Command[] {
  if (text.trim() === '') return all.filter((c) => c.group !== 'Settings')
  const fits = all.flatMap((command) => {
    const n = fit(command.label, text)
    return n === undefined ? [] : [{ command, n }]
  })
  const best = new Map<string, number>()
  for (const { command, n } of fits) best.set(command.group, Math.min(best.get(command.group) ?? Infinity, n))
  return fits.sort((a, b) => best.get(a.command.group)! - best.get(b.command.group)! || (a.command.group < b.command.group ? -1 : a.command.group > b.command.group ? 1 : a.n - b.n)).map((f) => f.command)
}

/** What keys do to what is open or selected, where the view knows them. */
const HERE: readonly [key: string, label: string][] = [
  ['y m', 'Copy for agent'], ['y j', 'Copy as JSON'], ['y l', 'Copy link'], ['y c', 'Copy as curl'], ['o', 'Open in the editor'], ['t', 'Go to its trace'], ['*', 'Pin or unpin'],
  ['n', 'Next error'], ['shift+n', 'Previous error'], ['f', 'Zoom to the selection'], ['0', 'Reset the zoom'], ['c', 'Show or hide the critical path'],
]

function commands(app: App, keys: Keys | undefined): Command[] {
  const now = app.now.peek()
  const paused = app.feed.paused.peek()
  const { theme, density, time } = app.settings.peek()
  const session = app.place.peek().params['session'] ?? ''
  const traces = app.feed.lists.traces.peek()
  const issues = app.feed.lists.issues.peek()
  const named = (view: string, id: string): string =>
    (view === 'traces' ? traces.find((t) => t.trace_id === id)?.root_name : view === 'errors' ? issues.find((i) => i.issue_id === id)?.title : undefined) ?? `${view} ${shortId(id)}`
  const setting = (label: string, run: () => void): Command => ({ group: 'Settings', label, run })
  return [
    // The keys of a view act on what is there once this dialog has given the focus back.
    ...HERE.filter(([key]) => keys?.knows(key) === true).map(([key, label]): Command => ({ group: 'Here', label, keys: key, run: () => void setTimeout(() => keys!.run(key)) })),
    ...app.recent.slice(1).map((place): Command => ({ group: 'Recent', label: named(place.view!, place.ids[0]!), run: () => app.go(place) })),
    ...ROUTES.map((route): Command => ({
      group: 'Views', label: route.label, ...(route.nav?.key === undefined ? {} : { keys: `g ${route.nav.key}` }), run: () => app.go({ view: route.name, ids: [], params: app.kept() }),
    })),
    { group: 'Actions', label: 'Point an SDK here', run: () => void (app.dialog.value = 'connect') },
    { group: 'Actions', label: paused ? 'Resume' : 'Pause', keys: 'p', run: () => app.feed.setPaused(!paused) },
    { group: 'Actions', label: 'Clear this session', run: app.clear },
    { group: 'Actions', label: 'New session', run: app.newSession },
    session === 'all' ? { group: 'Actions', label: 'Show this session only', run: () => app.setParams({ session: '' }) } : { group: 'Actions', label: 'Show all sessions', run: () => app.setParams({ session: 'all' }) },
    { group: 'Actions', label: 'Export this session to a file', run: () => exportSession(app, session === '' ? String(app.session.peek()) : session) },
    { group: 'Actions', label: 'Import a session from a file', run: () => importSession(app) },
    { group: 'Actions', label: 'Send a test trace', run: () => void app.test('trace') },
    { group: 'Actions', label: 'Throw a test error', run: () => void app.test('error') },
    { group: 'Actions', label: 'Keyboard shortcuts', keys: '?', run: () => void (app.dialog.value = 'help') },
    ...(['system', 'dark', 'light'] as const).filter((t) => t !== theme).map((t) => setting(t === 'system' ? 'Use the theme of the system' : `Use the ${t} theme`, () => app.setSettings({ theme: t }))),
    density === 'compact' ? setting('Comfortable rows', () => app.setSettings({ density: 'comfortable' })) : setting('Compact rows', () => app.setSettings({ density: 'compact' })),
    time === 'utc' ? setting('Times of this machine', () => app.setSettings({ time: 'local' })) : setting('Times in UTC', () => app.setSettings({ time: 'utc' })),
    setting('Editor and path map', () => app.go({ view: 'settings', ids: [], params: {} })),
    ...issues.slice(0, RECORDS).map((i): Command => ({
      group: 'Errors', label: `${i.title}${i.value === undefined ? '' : `: ${i.value.slice(0, 120)}`}`, run: () => app.go({ view: 'errors', ids: [i.issue_id], params: app.kept() }),
    })),
    ...traces.slice(0, RECORDS).map((t): Command => ({
      group: 'Traces', label: `${t.root_name}  ${ago(parseTime(t.last_time).ms, now)}`, run: () => app.go({ view: 'traces', ids: [t.trace_id], params: app.kept() }),
    })),
  ]
}
