// Durations as people read them; apart from the other formats, because the closed overlay of a host page needs this one only.

export const NB = '\u00a0'
export const MINUS = '\u2212'

/** A duration in nanoseconds with at most three digits that matter: 850 ns, 42 µs, 4.2 ms, 462 ms, 1.24 s, 2 min 5 s. */
export function duration(ns: number): string {
  if (!Number.isFinite(ns)) return '–'
  if (ns < 0) return MINUS + duration(-ns)
  if (ns === 0) return `0${NB}ms`
  if (ns < 1e3) return `${Math.round(ns)}${NB}ns`
  if (ns < 999.5e3) return `${digits(ns / 1e3)}${NB}µs`
  if (ns < 999.5e6) return `${digits(ns / 1e6)}${NB}ms`
  if (ns < 59.995e9) return `${seconds(ns / 1e9)}${NB}s`
  const s = Math.round(ns / 1e9)
  if (s < 3600) return `${Math.floor(s / 60)}${NB}min${s % 60 === 0 ? '' : `${NB}${s % 60}${NB}s`}`
  const min = Math.round(s / 60)
  if (min < 48 * 60) return `${Math.floor(min / 60)}${NB}h${min % 60 === 0 ? '' : `${NB}${min % 60}${NB}min`}`
  return `${Math.round(min / 1440)}${NB}d`
}

export const digits = (n: number): string => (n < 9.95 && n % 1 !== 0 ? String(+n.toFixed(1)) : String(Math.round(n)))
const seconds = (n: number): string => (n < 9.995 ? n.toFixed(2) : n.toFixed(1)).replace(/\.0+$/, '')
