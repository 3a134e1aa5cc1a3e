// The URL scheme of the standalone page (overlay-spec.md section 9), both ways. Nothing here throws: what is not understood
// becomes the nearest view.

export const VIEWS = ['errors', 'traces', 'logs', 'metrics', 'profiles', 'replays', 'sdks', 'attachments', 'settings'] as const
export type ViewName = (typeof VIEWS)[number]

/** Where the overlay is: a view, what is open in it, and how it is looked at. */
export interface Place {
  /** Missing: the front door, which chooses a view by what there is to see. */
  view?: ViewName
  /** What is open, outermost first: a trace; a cluster and its event. */
  ids: string[]
  /** How it is looked at: q, span, tab, z, fold, session, sort... Empty values are left out. */
  params: Record<string, string>
}

// Written first and in this order, so that the same place always has the same URL.
const ORDER = ['q', 'page', 'session', 'sort', 'tab', 'as', 'span', 'z', 'fold', 'open', 'cp', 'logs', 'only', 'raw', 'level', 'range', 'at', 'by']

/** Reads path and query, as in location.pathname + location.search. */
export function parsePlace(url: string): Place {
  const [path = '', query = ''] = url.split('#', 1)[0]!.split(/\?(.*)/s, 2)
  const parts = path.split('/').filter((part) => part !== '').map(decode)
  const params: Record<string, string> = {}
  for (const [key, value] of new URLSearchParams(query)) if (value !== '') params[key] = value
  const view = VIEWS.find((name) => name === parts[0])
  return view === undefined ? { ids: [], params } : { view, ids: parts.slice(1), params }
}

export function formatPlace(place: Place): string {
  const path = place.view === undefined ? '/' : `/${[place.view, ...place.ids.map(encodeURIComponent)].join('/')}`
  const keys = Object.keys(place.params).filter((key) => place.params[key] !== '')
  keys.sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1))
  if (keys.length === 0) return path
  const query = keys.map((key) => `${encodeURIComponent(key)}=${readable(place.params[key]!)}`).join('&')
  return `${path}?${query}`
}

const rank = (key: string): number => (ORDER.indexOf(key) + ORDER.length + 1) % (ORDER.length + 1)

// A filter in the address bar should read like the filter: dur:>5ms and not dur%3A%3E5ms.
const readable = (value: string): string =>
  encodeURIComponent(value.toWellFormed?.() ?? value).replace(/%(3A|2C|2F|3E|3C|40|5B|5D)/gi, decodeURIComponent)

function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

/** A zoom window in nanoseconds of the trace, written in milliseconds: 12.5-300. */
export function parseZoom(text: string | undefined): [number, number] | undefined {
  const m = /^(\d+(?:\.\d+)?)-(\d+(?:\.\d+)?)$/.exec(text ?? '')
  if (m === null) return undefined
  const from = Number(m[1]) * 1e6
  const to = Number(m[2]) * 1e6
  return from < to ? [from, to] : undefined
}

export function formatZoom(zoom: [number, number] | undefined): string {
  return zoom === undefined ? '' : zoom.map((ns) => +(ns / 1e6).toFixed(3)).join('-')
}

/** Ids in one parameter. */
export const parseIds = (text: string | undefined): Set<string> => new Set((text ?? '').split(',').filter((id) => id !== ''))
export const formatIds = (ids: ReadonlySet<string>): string => [...ids].join(',')
