import { lazy } from '../../ui/lazy.tsx'

/** What every view shows while nothing was ever received; most pages never need it. */
export const FirstRun = lazy<object>('the first steps', () => import('./FirstRun.tsx').then((m) => m.FirstRun))
