import { useContext, useEffect, useRef, useState } from 'preact/hooks'
import { isMac, keysOf, objection, shortcutOf } from '../../lib/shortcut.ts'
import { EmbeddingContext, type Embedding } from '../context.ts'
import { Group, Row } from './rows.tsx'

const DOCKS = [['bottom', 'At the bottom'], ['right', 'At the right'], ['window', 'As a window']] as const
const NORMAL = 'Mod+Shift+S'

/** Where the overlay stands in the page it is in, and the keys that open it. On the Collector's own page: where to choose it. */
export function Embedded() {
  const embedding = useContext(EmbeddingContext)
  if (embedding === undefined) {
    return <div class="setrow"><span class="font-medium">Inside your page</span><p class="t2 text-12">Dock, position and shortcut are chosen in the settings of the overlay there: each site remembers its own</p></div>
  }
  const { dock, apart, corner, corners } = embedding
  return (
    <>
      <Row label="Dock" hint="Its edge can be dragged">
        <select class="btn" value={dock.value} onChange={(event) => embedding.setDock(event.currentTarget.value as typeof dock.value)}>
          {DOCKS.map(([value, text]) => <option key={value} value={value}>{text}</option>)}
        </select>
      </Row>
      <Row label="Open in a window" hint="A window of the browser, which no dialog of the page covers">
        <input type="checkbox" checked={apart.value} onChange={(event) => embedding.setApart(event.currentTarget.checked)} />
      </Row>
      <Row label="Trigger" hint="Or drag it to a corner">
        <select class="btn" value={corner.value} onChange={(event) => embedding.move(event.currentTarget.value as typeof corner.value)}>
          {corners.map((at) => <option key={at} value={at}>{at.charAt(0).toUpperCase() + at.slice(1).replace('-', ' ')}</option>)}
        </select>
      </Row>
      <Shortcut embedding={embedding} />
    </>
  )
}

function Shortcut({ embedding }: { embedding: Embedding }) {
  const { shortcut, setShortcut, record } = embedding
  const [recording, setRecording] = useState(false)
  const [said, say] = useState('')
  const button = useRef<HTMLButtonElement>(null)
  const mac = isMac()
  const turn = (on: boolean) => {
    record(on)
    setRecording(on)
  }
  useEffect(() => () => record(false), [])
  const onKey = (event: KeyboardEvent) => {
    if (!recording) return
    if (event.key === 'Tab' && !event.ctrlKey && !event.altKey && !event.metaKey) return turn(false) // the way out of here
    event.preventDefault()
    event.stopPropagation()
    if (event.key === 'Escape') {
      turn(false)
      return say('')
    }
    const pressed = shortcutOf(event, mac)
    if (pressed === undefined || event.repeat) return
    const why = objection(pressed, mac)
    if (why !== undefined) return say(`${why}. Press others, or Esc to leave it as it is`)
    setShortcut(pressed)
    turn(false)
    say(`${keysOf(pressed, mac).join('+')} opens and closes Spotlight, also where the page has a use for it`)
  }
  const now = shortcut.value
  return (
    <Group label="Shortcut" hint="Opens and closes it from anywhere in the page, except while you type">
      <div class="flex flex-wrap gap-6 items-center">
        <button ref={button} class={`btn ${recording ? 'on' : ''}`} aria-pressed={recording} aria-label={`Shortcut: ${recording ? 'press the keys' : now === false ? 'off' : keysOf(now, mac).join('+')}. Change`} onClick={() => (say(''), turn(!recording))} onKeyDown={onKey} onBlur={() => recording && turn(false)}>
          {recording ? 'Press the keys…' : now === false ? 'Off' : keysOf(now, mac).map((key) => <span key={key} class="kbd">{key}</span>)}
        </button>
        {now === false || now !== NORMAL ? <button class="btn" onClick={() => (say(''), setShortcut(NORMAL))}>{keysOf(NORMAL, mac).join('+')}</button> : null}
        {now !== false && <button class="btn" onClick={() => (say('Spotlight opens with its trigger only'), setShortcut(false), button.current?.focus())}>Turn off</button>}
      </div>
      <p class="t2 text-12 mt-4" role="status">{recording && said === '' ? 'Esc leaves it as it is' : said}</p>
    </Group>
  )
}
