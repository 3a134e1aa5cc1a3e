// One row per view. Those of the first screen are part of the first load, the others come when they are asked for.
import type { ComponentType } from 'preact'
import { lazy } from '../ui/lazy.tsx'
import { ErrorsView } from '../views/errors/ErrorsView.tsx'
import { TracesView } from '../views/traces/TracesView.tsx'
import type { Counts } from '../wire/model.gen.ts'
import type { Place, ViewName } from '../lib/url.ts'

export type View = ComponentType<{ place: Place }>

export interface Route {
  name: ViewName
  label: string
  view: View
  /** In the sidebar: its group and count; its icon is there, the drawer of a page has none. */
  nav?: { group: 'data' | 'sources'; key?: string; count: (counts: Counts) => number; alarm?: true }
}

export const ROUTES: Route[] = [
  { name: 'errors', label: 'Errors', view: ErrorsView, nav: { group: 'data', key: 'e', count: (c) => c.issues, alarm: true } },
  { name: 'traces', label: 'Traces', view: TracesView, nav: { group: 'data', key: 't', count: (c) => c.traces } },
  {
    name: 'logs', label: 'Logs', view: lazy('Logs', () => import('../views/logs/LogsView.tsx').then((m) => m.LogsView)),
    nav: { group: 'data', key: 'l', count: (c) => c.logs },
  },
  {
    name: 'metrics', label: 'Metrics', view: lazy('Metrics', () => import('../views/metrics/MetricsView.tsx').then((m) => m.MetricsView)),
    nav: { group: 'data', key: 'm', count: (c) => c.metrics },
  },
  {
    name: 'profiles', label: 'Profiles', view: lazy('Profiles', () => import('../views/items/ItemsView.tsx').then((m) => m.ProfilesView)),
    nav: { group: 'data', key: 'p', count: (c) => c.profiles },
  },
  {
    name: 'replays', label: 'Replays', view: lazy('Replays', () => import('../views/items/ItemsView.tsx').then((m) => m.ReplaysView)),
    nav: { group: 'data', count: (c) => c.replays },
  },
  {
    name: 'sdks', label: 'SDKs', view: lazy('Sdks', () => import('../views/sdks/SdksView.tsx').then((m) => m.SdksView)),
    nav: { group: 'sources', key: 's', count: (c) => c.services },
  },
  {
    name: 'attachments', label: 'Attachments', view: lazy('Attachments', () => import('../views/items/ItemsView.tsx').then((m) => m.AttachmentsView)),
    nav: { group: 'sources', key: 'a', count: (c) => c.attachments },
  },
  { name: 'settings', label: 'Settings', view: lazy('Settings', () => import('../views/settings/SettingsView.tsx').then((m) => m.SettingsView)) },
]
