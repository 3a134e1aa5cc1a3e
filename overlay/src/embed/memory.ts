// What the overlay remembers in a host page: per origin what the user chose, per tab where he was. Either may be missing,
// full or forbidden: then it is forgotten on reload.
import type { Corner } from './api.ts'

export type Dock = 'bottom' | 'right' | 'window'

export interface Chosen {
  corner?: Corner
  dock?: Dock
  /** Opened in a window of the browser, not in the page. */
  apart?: boolean
  /** As Options.shortcut. */
  shortcut?: string | false
  /** Parts of the window's height, and CSS pixels. */
  height?: number
  width?: number
  /** left, top, width, height of the window, in CSS pixels. */
  window?: [number, number, number, number]
}

interface Tab {
  path?: string
  /** The path was that of this page, whatever its trace is by now. */
  here?: boolean
  hidden?: boolean
}

const CHOSEN = 'otelcol-spotlight-embedded'
const SEEN = 'otelcol-spotlight-seen'
const TAB = 'otelcol-spotlight-tab'
/** Groups of errors whose newest event was seen, at most. */
const MAX_SEEN = 300

export const chosen = (): Chosen => read<Chosen>('local', CHOSEN)
export const choose = (change: Chosen): void => write('local', CHOSEN, { ...chosen(), ...change })
export const forget = (): void => write('local', CHOSEN, {})
export const tab = (): Tab => read<Tab>('session', TAB)
export const keepTab = (change: Tab): void => write('session', TAB, { ...tab(), ...change })
/** The theme of the overlay's settings; see store/settings. */
export const savedTheme = (): unknown => read<{ theme?: unknown }>('local', 'otelcol-spotlight').theme

/** By group of errors, the time of the newest event that the user could see. */
export const seen = (): Map<string, string> =>
  new Map(Object.entries(read<Record<string, unknown>>('local', SEEN)).filter((e): e is [string, string] => typeof e[1] === 'string'))
export const keepSeen = (marks: ReadonlyMap<string, string>): void => write('local', SEEN, Object.fromEntries([...marks].slice(-MAX_SEEN)))

function storage(kind: 'local' | 'session'): Storage | undefined {
  try {
    return kind === 'local' ? localStorage : sessionStorage
  } catch {
    return undefined
  }
}

function read<T>(kind: 'local' | 'session', key: string): T {
  try {
    const value: unknown = JSON.parse(storage(kind)?.getItem(key) ?? '{}')
    return (typeof value === 'object' && value !== null ? value : {}) as T
  } catch {
    return {} as T
  }
}

function write(kind: 'local' | 'session', key: string, value: unknown): void {
  try {
    storage(kind)?.setItem(key, JSON.stringify(value))
  } catch {
    // full or forbidden
  }
}
