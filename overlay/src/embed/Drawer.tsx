import { useComputed, useSignalEffect } from '@preact/signals'
import { Ellipsis, SquareArrowOutUpRight, X } from 'lucide-preact'
import { useEffect, useState } from 'preact/hooks'
import { count, duration, short } from '../lib/format.ts'
import type { Place, ViewName } from '../lib/url.ts'
import { Dialogs } from '../shell/Dialogs.tsx'
import { LiveState } from '../shell/LiveState.tsx'
import { CurrentView, useViewKeys } from '../shell/Shell.tsx'
import { Toasts } from '../shell/Toasts.tsx'
import { ROUTES } from '../shell/routes.ts'
import { Loading } from '../ui/Empty.tsx'
import { Icon } from '../ui/Icon.tsx'
import { lazy } from '../ui/lazy.tsx'
import { Logo } from '../ui/Logo.tsx'
import { Menu } from '../ui/Menu.tsx'
import { EmbeddingContext, useApp } from '../views/context.ts'
import { Grip, useMoving } from './Grip.tsx'
import type { Frame } from './panel.tsx'
import { isHere, placeHere, placeOfAll } from './place.ts'

const NoPageTrace = lazy('why', () => import('./NoPageTrace.tsx').then((m) => m.NoPageTrace))

const TABS: ViewName[] = ['errors', 'traces', 'logs', 'metrics', 'sdks']
/** Milliseconds an error page waits for its error before it shows the list. */
const PATIENCE = 5000

/** The overlay inside a host page: one line of tabs, and the view (embed.png). */
export function Drawer({ frame }: { frame: Frame }) {
  const app = useApp()
  const place = app.place.value
  const waits = useFullscreen(frame)
  const [asked, setAsked] = useState(false)
  useViewKeys()
  useFrontDoor(frame)
  const mine = isHere(place, frame.here.value)
  return (
    <EmbeddingContext.Provider value={frame.embedding}>
      <div class="osp emb" role="dialog" aria-label="Spotlight" tabIndex={-1} data-mine={mine && place.view === 'traces' ? '' : undefined}>
        <Grip frame={frame} />
        <Bar frame={frame} place={place} mine={mine} asked={asked} ask={setAsked} />
        {asked && <NoPageTrace close={() => setAsked(false)} />}
        <div class="main">
          {waits ? <Waiting /> : <CurrentView place={place} />}
          <Toasts />
        </div>
        <Dialogs />
      </div>
    </EmbeddingContext.Provider>
  )
}

function Waiting() {
  return (
    <div class="grow">
      <p class="t2 px-20 pt-20">Waiting for the error to arrive…</p>
      <Loading label="Waiting for the error" rows={14} />
    </div>
  )
}

function Bar({ frame, place, mine, asked, ask }: { frame: Frame; place: Place; mine: boolean; asked: boolean; ask: (on: boolean) => void }) {
  const app = useApp()
  const here = frame.here.value
  const dock = frame.dock.value
  const moving = useMoving(frame)
  // The tab of the view one is in leads out of this page's records, the others into them.
  const open = (view: ViewName) => app.go(mine && place.view === view ? placeOfAll(place) : placeHere(view, here))
  const rest = ROUTES.filter((route) => !TABS.includes(route.name))
  return (
    <header class="ehead" {...moving}>
      <Logo size={20} />
      <nav class="flex gap-4 min-w-0 tabline" aria-label="Views">
        {TABS.map((name) => <Tab key={name} name={name} current={place.view === name} open={open} />)}
      </nav>
      <span class="erule" />
      {mine ? (
        <>
          <button class="chip ok" title="Show all (Esc)" aria-label="Showing this page only. Show all" onClick={() => app.go(placeOfAll(place))}>this page ✕</button>
          {place.view === 'traces' && here.known !== undefined && <b class="trunc text-12" title={here.known.root_name}>{here.known.root_name}</b>}
        </>
      ) : here.known !== undefined ? (
        <button class="chip" title={`The trace of this page: ${here.known.root_name}`} onClick={() => app.go(placeHere('traces', here))}>this page · {duration(here.known.duration_ns)}</button>
      ) : app.feed.ready.value && <button class="chip quiet" aria-expanded={asked} onClick={() => ask(!asked)}>this page sent no trace yet</button>}
      <span class="grow" />
      <LiveState />
      <Menu
        class="btn ghost icon" name="More" label={<Icon of={Ellipsis} size={14} />}
        items={[
          ...rest.map((route) => ({ label: route.label, run: () => app.go({ view: route.name, ids: [], params: {} }) })),
          { label: 'Commands', run: () => void (app.dialog.value = 'commands') },
          ...(dock === 'full' ? [] : ['line' as const, ...(['bottom', 'right', 'window'] as const).map((to) => ({
            label: to === 'window' ? 'Float as a window' : `Dock at the ${to}`, checked: dock === to, run: () => frame.embedding.setDock(to),
          }))]),
        ]}
      />
      <a class="btn ghost icon" href={app.linkTo(place)} target="_blank" rel="noopener noreferrer" aria-label="Open in a tab of its own" title="Open in a tab of its own"><Icon of={SquareArrowOutUpRight} size={14} /></a>
      <button class="btn ghost icon" aria-label="Close" title="Close (Esc)" onClick={frame.close}><Icon of={X} size={14} /></button>
    </header>
  )
}

function Tab({ name, current, open }: { name: ViewName; current: boolean; open: (view: ViewName) => void }) {
  const app = useApp()
  const route = ROUTES.find((r) => r.name === name)!
  const n = useComputed(() => (route.nav?.alarm === true ? route.nav.count(app.feed.counts.value) : 0)).value
  return (
    <button class={`btn ${current ? 'on' : 'ghost'} tab`} aria-current={current ? 'page' : undefined} onClick={() => open(name)}>
      {route.label}{n > 0 && <span class="chip err tiny num" title={count(n)}>{short(n)}</span>}
    </button>
  )
}

// Without a last place: the errors when one is new or of this page, else this page's trace.
function useFrontDoor(frame: Frame) {
  const app = useApp()
  useSignalEffect(() => {
    if (app.place.value.view !== undefined || !app.feed.ready.value) return
    const here = frame.here.value
    app.settle(placeHere(here.errors || (here.known === undefined && app.feed.counts.value.issues > 0) ? 'errors' : 'traces', here))
  })
}

/** On an error page: whether the error is still waited for. Once it is here, it is opened. */
function useFullscreen(frame: Frame): boolean {
  const app = useApp()
  const wanted = frame.fullscreen
  const [waits, setWaits] = useState(wanted !== undefined)
  useEffect(() => {
    if (wanted === undefined) return
    const timer = setTimeout(() => {
      if (app.place.peek().ids.length > 0) app.settle({ view: 'errors', ids: [], params: {} })
      setWaits(false)
    }, PATIENCE)
    return () => clearTimeout(timer)
  }, [])
  useSignalEffect(() => {
    if (!waits) return
    const events = app.feed.lists.events.value
    const trace = frame.here.value.trace
    const found = wanted?.errorId === undefined
      ? newest(events.filter((e) => e.type !== 'transaction' && e.trace_id !== undefined && e.trace_id === trace), (e) => e.handled === false)
      : events.find((e) => e.event_id === wanted.errorId || e.also_seen_as?.some((also) => also.event_id === wanted.errorId))
    if (found === undefined) return
    app.settle({ view: 'errors', ids: [found.issue_id ?? '-', found.event_id], params: {} })
    setWaits(false)
  })
  return waits
}

function newest<T extends { time: string }>(list: T[], better: (record: T) => boolean): T | undefined {
  const best = list.filter(better)
  return (best.length > 0 ? best : list).reduce<T | undefined>((a, b) => (a === undefined || a.time < b.time ? b : a), undefined)
}
