import type { ReadonlySignal } from '@preact/signals'
import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { App } from '../store/app.ts'

export const AppContext = createContext<App | undefined>(undefined)

/** The state of the overlay this component is in. */
export function useApp(): App {
  const app = useContext(AppContext)
  if (app === undefined) throw new Error('rendered outside of an overlay')
  return app
}

/** Height of the rows of a list in CSS pixels, by the density the user chose. */
export const useRowHeight = (comfortable: number, compact: number): number => (useApp().settings.value.density === 'compact' ? compact : comfortable)

/** What can be chosen of an overlay inside a page; each is remembered for that page's origin. */
export interface Embedding {
  dock: ReadonlySignal<'bottom' | 'right' | 'window'>
  setDock: (dock: 'bottom' | 'right' | 'window') => void
  /** Whether the trigger and the shortcut open a window of the browser. */
  apart: ReadonlySignal<boolean>
  setApart: (on: boolean) => void
  /** Where the trigger stands. */
  corner: ReadonlySignal<Corner>
  corners: readonly Corner[]
  move: (to: Corner) => void
  /** Of the whole page; false: none. */
  shortcut: ReadonlySignal<string | false>
  setShortcut: (to: string | false) => void
  /** While the keys of another shortcut are pressed, the present one does nothing. */
  record: (on: boolean) => void
  /** Everything as the page wants it. */
  reset: () => void
}

type Corner = 'bottom-right' | 'bottom-left' | 'top-right' | 'top-left'

/** Undefined on the Collector's own page. */
export const EmbeddingContext = createContext<Embedding | undefined>(undefined)
