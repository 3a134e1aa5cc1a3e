import { ChartNoAxesGantt, ChevronDown, CircleAlert, Cpu, Film, Flame, Paperclip, Search, Settings2, TextAlignStart, TrendingUp, type LucideIcon } from 'lucide-preact'
import { useEffect, useState } from 'preact/hooks'
import { clockMinutes, count, plural, short } from '../lib/format.ts'
import { parseTime } from '../lib/time.ts'
import type { ViewName } from '../lib/url.ts'
import { Icon } from '../ui/Icon.tsx'
import { Logo } from '../ui/Logo.tsx'
import { Menu } from '../ui/Menu.tsx'
import { useApp } from '../views/context.ts'
import type { Session } from '../wire/model.gen.ts'
import { LiveState } from './LiveState.tsx'
import { ROUTES, type Route } from './routes.ts'

const MOD = /Mac|iP/.test(navigator.platform) ? '⌘' : 'Ctrl '

const ICONS: { [view in ViewName]?: LucideIcon } = {
  errors: CircleAlert, traces: ChartNoAxesGantt, logs: TextAlignStart, metrics: TrendingUp, profiles: Flame, replays: Film, sdks: Cpu, attachments: Paperclip,
}

export function Sidebar({ at }: { at: string | undefined }) {
  const app = useApp()
  const group = (name: 'data' | 'sources') =>
    ROUTES.filter((route) => route.nav?.group === name).map((route) => <NavItem key={route.name} route={route} current={route.name === at} />)
  return (
    <nav class="side" aria-label="Views">
      <div class="brand"><Logo /><span class="l">Spotlight</span></div>
      <SessionSwitch />
      {group('data')}
      <div class="sec">Sources</div>
      {group('sources')}
      <div class="grow" />
      <button class="nav" title="Commands" onClick={() => void (app.dialog.value = 'commands')}><Icon of={Search} /><span class="l">Commands</span><span class="c"><span class="kbd">{MOD}K</span></span></button>
      <SettingsItem current={at === 'settings'} />
      <LiveState />
    </nav>
  )
}

function NavItem({ route, current }: { route: Route; current: boolean }) {
  const app = useApp()
  const nav = route.nav!
  const n = nav.count(app.feed.counts.value)
  // Replays are rare: the row appears with the first one.
  if (route.name === 'replays' && n === 0 && !current) return null
  return (
    <button
      class="nav" aria-current={current ? 'page' : undefined} title={nav.key === undefined ? route.label : `${route.label} (g ${nav.key})`}
      onClick={() => app.go({ view: route.name, ids: [], params: app.kept() })}
    >
      <Icon of={ICONS[route.name]!} />
      <span class="l">{route.label}</span>
      {n > 0 && <span class={`c ${nav.alarm === true ? 'e' : ''}`} title={count(n)}>{short(n)}</span>}
    </button>
  )
}

function SettingsItem({ current }: { current: boolean }) {
  const app = useApp()
  return (
    <button class="nav" aria-current={current ? 'page' : undefined} title="Settings" onClick={() => app.go({ view: 'settings', ids: [], params: {} })}>
      <Icon of={Settings2} /><span class="l">Settings</span>
    </button>
  )
}

/** Why sessions began, where that says something. */
const WHY: { [reason: string]: string } = { started: '', new: '', cleared: 'after a clear' }

type SessionFile = typeof import('../views/parts/sessionFile.ts')
const file = (run: (m: SessionFile) => void) => void import('../views/parts/sessionFile.ts').then(run)

function SessionSwitch() {
  const app = useApp()
  const session = app.feed.session.value
  const known = useSessions(session.number)
  const shown = app.place.value.params['session'] ?? ''
  const started = session.start_time === '' ? '' : clockMinutes(parseTime(session.start_time).ms)
  const show = (value: string) => app.setParams({ session: value })
  const others = known.filter((s) => s.number !== session.number).sort((a, b) => b.number - a.number)
  return (
    <Menu
      class="sess" name={`Session ${session.number}`}
      label={(
        <>
          <span class="t3">Session</span><span class="mono">#{session.number}</span>
          {started !== '' && <span class="t3 num">{'· '}{started}</span>}
          <span class="grow" /><Icon of={ChevronDown} size={12} class="t3" />
        </>
      )}
      items={[
        { label: `Session #${session.number} only`, checked: shown === '' || shown === String(session.number), run: () => show('') },
        { label: 'All sessions', checked: shown === 'all', run: () => show('all') },
        ...others.map((s) => ({
          label: <><span class="mono">#{s.number}</span><span class="t3 num">{clockMinutes(parseTime(s.start_time).ms)}</span><span class="t3 trunc">{WHY[s.reason] ?? s.reason}</span><span class="grow" /><span class="t3 num">{plural(s.traces, 'trace')} · {plural(s.issues, 'error')}</span></>,
          checked: shown === String(s.number), run: () => show(String(s.number)),
        })),
        'line',
        { label: 'New session', run: app.newSession },
        { label: 'Export to a file', run: () => file((m) => m.exportSession(app, shown === '' ? String(session.number) : shown)) },
        { label: 'Import from a file', run: () => file((m) => m.importSession(app)) },
      ]}
    />
  )
}

// The Collector greets with its sessions; when one begins later, they are asked for again.
function useSessions(present: number): readonly Session[] {
  const app = useApp()
  const greeted = app.feed.status.value?.sessions
  const [newer, setNewer] = useState<readonly Session[] | undefined>(undefined)
  useEffect(() => {
    setNewer(undefined)
    if (present === 0 || greeted === undefined || greeted.some((s) => s.number === present)) return
    let stale = false
    app.api.status().then((status) => !stale && setNewer(status.sessions), () => {})
    return () => {
      stale = true
    }
  }, [present, greeted])
  return newer ?? greeted ?? []
}
