// Where things are on the time axis. All times in nanoseconds after the trace began; all places in percent of the axis.

export type Zoom = readonly [from: number, to: number]

/** The smallest window one can zoom to: a microsecond. */
const MIN_WINDOW = 1e3

export const place = (zoom: Zoom, at: number): number => ((at - zoom[0]) / (zoom[1] - zoom[0])) * 100

/** A stretch on the axis, cut at the edges of the window; undefined when it is outside. */
export function stretch(zoom: Zoom, from: number, to: number): { left: number; width: number; cutLeft: boolean; cutRight: boolean } | undefined {
  if (to < zoom[0] || from > zoom[1]) return undefined
  const left = Math.max(-1, place(zoom, from))
  const right = Math.min(101, place(zoom, to))
  return { left, width: Math.max(0, right - left), cutLeft: from < zoom[0], cutRight: to > zoom[1] }
}

/** The window made narrower (factor < 1) or wider around a point of it. */
export function zoomAt(zoom: Zoom, extent: number, factor: number, at: number): Zoom {
  const width = Math.min(extent, Math.max(MIN_WINDOW, (zoom[1] - zoom[0]) * factor))
  const share = (at - zoom[0]) / (zoom[1] - zoom[0])
  return within(at - width * share, width, extent)
}

export function pan(zoom: Zoom, extent: number, share: number): Zoom {
  const width = zoom[1] - zoom[0]
  return within(zoom[0] + width * share, width, extent)
}

function within(from: number, width: number, extent: number): Zoom {
  const start = Math.max(0, Math.min(extent - width, from))
  return [start, start + width]
}

/** A window around a stretch, with a little room on both sides. */
export function around(from: number, to: number, extent: number): Zoom {
  const room = Math.max((to - from) * 0.08, MIN_WINDOW / 2)
  const start = Math.max(0, from - room)
  return [start, Math.max(start + MIN_WINDOW, Math.min(extent, to + room))]
}

/** Undefined when the window is the whole, so that the URL stays short. */
export const unlessWhole = (zoom: Zoom, extent: number): [number, number] | undefined =>
  zoom[0] <= 0 && zoom[1] >= extent ? undefined : [zoom[0], zoom[1]]
