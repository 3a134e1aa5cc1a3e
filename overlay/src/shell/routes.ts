// One row per view. Those of the first screen are part of the first load, the others come when they are asked for.
import { ChartNoAxesGantt, CircleAlert, Cpu, Film, Flame, Paperclip, TextAlignStart, TrendingUp, type LucideIcon } from 'lucide-preact'
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
  /** In the sidebar: its icon, group and count. */
  nav?: { icon: LucideIcon; group: 'data' | 'sources'; key?: string; count: (counts: Counts) => number; alarm?: true }
}

export const ROUTES: Route[] = [
  { name: 'errors', label: 'Errors', view: ErrorsView, nav: { icon: CircleAlert, group: 'data', key: 'e', count: (c) => c.issues, alarm: true } },
  { name: 'traces', label: 'Traces', view: TracesView, nav: { icon: ChartNoAxesGantt, group: 'data', key: 't', count: (c) => c.traces } },
  {
    name: 'logs', label: 'Logs', view: lazy('Logs', () => import('../views/logs/LogsView.tsx').then((m) => m.LogsView)),
    nav: { icon: TextAlignStart, group: 'data', key: 'l', count: (c) => c.logs },
  },
  {
    name: 'metrics', label: 'Metrics', view: lazy('Metrics', () => import('../views/metrics/MetricsView.tsx').then((m) => m.MetricsView)),
    nav: { icon: TrendingUp, group: 'data', key: 'm', count: (c) => c.metrics },
  },
  {
    name: 'profiles', label: 'Profiles', view: lazy('Profiles', () => import('../views/items/ItemsView.tsx').then((m) => m.ProfilesView)),
    nav: { icon: Flame, group: 'data', key: 'p', count: (c) => c.profiles },
  },
  {
    name: 'replays', label: 'Replays', view: lazy('Replays', () => import('../views/items/ItemsView.tsx').then((m) => m.ReplaysView)),
    nav: { icon: Film, group: 'data', count: (c) => c.replays },
  },
  {
    name: 'sdks', label: 'SDKs', view: lazy('Sdks', () => import('../views/sdks/SdksView.tsx').then((m) => m.SdksView)),
    nav: { icon: Cpu, group: 'sources', key: 's', count: (c) => c.services },
  },
  {
    name: 'attachments', label: 'Attachments', view: lazy('Attachments', () => import('../views/items/ItemsView.tsx').then((m) => m.AttachmentsView)),
    nav: { icon: Paperclip, group: 'sources', key: 'a', count: (c) => c.attachments },
  },
  { name: 'settings', label: 'Settings', view: lazy('Settings', () => import('../views/settings/SettingsView.tsx').then((m) => m.SettingsView)) },
]
