// What the user chose, remembered per origin. localStorage may be missing, full or forbidden: then it is forgotten on reload.
import { effect, signal } from '@preact/signals-core'

const KEY = 'otelcol-spotlight'

export interface Settings {
  theme: 'system' | 'dark' | 'light'
  density: 'comfortable' | 'compact'
  /** How times of day are written. */
  time: 'local' | 'utc'
  /** Whether logs follow the newest when the view is opened. */
  follow: boolean
  /** Names of headers, attributes and the like of which values are masked, beside those that always are. */
  mask: string
  /** As chosen with `[`; auto follows the width of the window. */
  sidebar: 'auto' | 'open' | 'folded'
  details: boolean
  /** CSS pixels. */
  detailsWidth: number
  nameWidth: number
  /** A link template with {file} {line} {column}, or the name of an editor. */
  editor: string
  /** Paths of another machine or container, by their first part: what they are called here. */
  pathMap: Record<string, string>
  singleKeys: boolean
  snippet: string
}

const DEFAULTS: Settings = {
  theme: 'system', density: 'comfortable', time: 'local', follow: true, mask: '', sidebar: 'auto', details: true, detailsWidth: 404, nameWidth: 404, editor: 'vscode', pathMap: {}, singleKeys: true, snippet: '',
}

export type SettingsStore = ReturnType<typeof createSettings>

export function createSettings(storage: Storage | undefined = safeStorage()) {
  const settings = signal<Settings>({ ...DEFAULTS, ...load(storage) })
  const dispose = effect(() => {
    const text = JSON.stringify(settings.value)
    try {
      storage?.setItem(KEY, text)
    } catch {
      // full or forbidden: kept until the page is left
    }
  })
  return {
    settings,
    set: (change: Partial<Settings>) => {
      settings.value = { ...settings.peek(), ...change }
    },
    reset: () => {
      settings.value = DEFAULTS
    },
    dispose,
  }
}

export function safeStorage(): Storage | undefined {
  try {
    return globalThis.localStorage
  } catch {
    return undefined
  }
}

function load(storage: Storage | undefined): Partial<Settings> {
  try {
    const saved: unknown = JSON.parse(storage?.getItem(KEY) ?? '{}')
    if (typeof saved !== 'object' || saved === null) return {}
    const known: Record<string, unknown> = {}
    for (const [key, value] of Object.entries(saved)) {
      if (key in DEFAULTS && typeof value === typeof DEFAULTS[key as keyof Settings]) known[key] = value
    }
    return known as Partial<Settings>
  } catch {
    return {}
  }
}
