import { lazy } from '../../ui/lazy.tsx'

const load = () => import('./Nothing.tsx')

/** What lists say when there is nothing to show; most never do. */
export const NoMatch = lazy('', () => load().then((m) => m.NoMatch))
export const NoTraces = lazy<object>('', () => load().then((m) => m.NoTraces))
export const NoErrors = lazy<object>('', () => load().then((m) => m.NoErrors))
export const AllHidden = lazy('', () => load().then((m) => m.AllHidden))
