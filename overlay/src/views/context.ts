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
