import { lazy } from '../../ui/lazy.tsx'

/** See PageFilter.tsx. */
export const PageFilter = lazy<object>('', () => import('./PageFilter.tsx').then((m) => m.PageFilter))
