// The state of one overlay, put together: what arrives (feed), where we are (place), what the user chose (settings), and
// the few things that belong to all views. Two overlays in one page share nothing.
import { computed, effect, signal } from '@preact/signals-core'
import { formatPlace, type Place } from '../lib/url.ts'
import { createServices } from './services.ts'
import { createApi } from '../wire/api.ts'
import type { Trouble } from '../wire/probe.ts'
import type { LinkOptions } from '../wire/socket.ts'
import { RequestClear, RequestPin, RequestSession, RequestUndo, RequestUnpin, type SpanDetails } from '../wire/model.gen.ts'
import { createFeed } from './feed.ts'
import { createKept } from './kept.ts'
import { createPlace } from './place.ts'
import { createSettings, safeStorage } from './settings.ts'
import { createUnseen } from './unseen.ts'

/** Milliseconds within which Clear can be taken back (overlay-spec.md section 10). */
const UNDO_WITHIN = 10_000

/** Spans whose attributes are kept after they were looked at. */
const SPANS_KEPT = 60

/** Places remembered for the commands. */
const RECENT = 8

export type App = ReturnType<typeof createApp>

export interface Toast { text: string; action?: { label: string; run: () => void }; until: number }

export function createApp(options: {
  /** Origin of the Collector, without a slash at its end. */
  endpoint: string
  mode: 'url' | 'memory'
  start?: string
  now?: () => number
  open?: LinkOptions['open']
  fetch?: typeof fetch
}) {
  const clockNow = options.now ?? Date.now
  const api = createApi(options.endpoint, options.fetch)
  const feed = createFeed({
    url: `${options.endpoint.replace(/^http/, 'ws')}/ws`, api, now: clockNow, ...(options.open === undefined ? {} : { open: options.open }),
  })
  const place = createPlace(options.mode, options.start)
  const settings = createSettings()

  const now = signal(clockNow())
  const ticker = setInterval(() => {
    now.value = clockNow()
  }, 1000)

  const toast = signal<Toast | undefined>(undefined)
  const say = (text: string, action?: Toast['action'], forMs = 3000): void => {
    toast.value = { text, until: clockNow() + forMs, ...(action === undefined ? {} : { action }) }
  }

  const session = computed(() => feed.session.value.number)
  const services = createServices(feed.lists.traces)
  const unseen = createUnseen({
    issues: feed.lists.issues, session, place: place.place, storeId: computed(() => feed.status.value?.store_id), storage: safeStorage(),
  })

  // Where one was: traces and errors, newest first.
  const recent: Place[] = []
  const stopRecent = effect(() => {
    const { view, ids } = place.place.value
    if (view === undefined || ids.length === 0) return
    const same = recent.findIndex((p) => p.view === view && p.ids[0] === ids[0])
    if (same >= 0) recent.splice(same, 1)
    recent.unshift({ view, ids: ids.slice(0, 1), params: {} })
    recent.length = Math.min(recent.length, RECENT)
  })

  return {
    recent: recent as readonly Place[],
    api, feed, place: place.place, go: place.go, settle: place.settle, setParams: place.set,
    settings: settings.settings, setSettings: settings.set, resetSettings: settings.reset,
    spanDetails: createKept<SpanDetails>(SPANS_KEPT),
    now, clockNow, toast, say, session, services, unseen, dialog: signal<'help' | 'commands' | 'connect' | undefined>(undefined),
    /** The address of a place on the Collector's own page, wherever this overlay is; without one, of where we are. */
    linkTo: (to: Place = place.place.peek()) => options.endpoint + formatPlace(to),
    pin: (id: { trace_id: string } | { issue_id: string }, on: boolean) => feed.send({ type: on ? RequestPin : RequestUnpin, ...id }),
    /** Out of the lists for this session, with a way back. */
    hideIssue: async (issue: { issue_id: string; title: string }) => {
      const change = async (on: boolean) => {
        try {
          await (on ? api.hideIssue(issue.issue_id) : api.showIssue(issue.issue_id))
          return true
        } catch (fault) {
          say(fault instanceof Error ? fault.message : 'The group could not be changed')
          return false
        }
      }
      if (await change(true)) say(`${issue.title} is hidden for this session`, { label: 'Undo', run: () => void change(false) }, UNDO_WITHIN)
    },
    showIssue: async (issue: string) => {
      try {
        await api.showIssue(issue)
      } catch (fault) {
        say(fault instanceof Error ? fault.message : 'The group could not be shown')
      }
    },
    clear: () => {
      feed.send({ type: RequestClear })
      say('Cleared. Pinned traces stay', { label: 'Undo', run: () => feed.send({ type: RequestUndo }) }, UNDO_WITHIN)
    },
    /** Lets the Collector send itself a trace or an error. */
    test: async (kind: 'trace' | 'error') => {
      try {
        await api.sendTest(kind)
      } catch (fault) {
        say(fault instanceof Error ? fault.message : 'The test could not be sent')
      }
    },
    /** Finds out why there is no line; the question comes with a chunk of its own. */
    probe: (ask: (base: string, origin: string, fetcher?: typeof fetch) => Promise<Trouble>) => ask(options.endpoint, globalThis.location?.origin ?? '', options.fetch),
    /** What a link to another place keeps of this one: the session that is looked at. */
    kept: (): Record<string, string> => {
      const { session: at } = place.place.peek().params
      return at === undefined ? {} : { session: at }
    },
    newSession: () => feed.send({ type: RequestSession }),
    copy: async (text: string, what: string) => {
      try {
        await navigator.clipboard.writeText(text)
        say(`${what} copied`)
      } catch {
        say('The browser did not allow copying')
      }
    },
    dispose: () => {
      clearInterval(ticker)
      stopRecent()
      services.dispose()
      unseen.dispose()
      feed.dispose()
      place.dispose()
      settings.dispose()
    },
  }
}
