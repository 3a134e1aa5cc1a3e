// Numbers, durations and times as people read them. Units are set off by a space that does not break.
import { digits, duration, MINUS, NB } from './duration.ts'

export { duration } from './duration.ts'

/** A tick of a time axis, with the digits that the distance to the next tick asks for. All in nanoseconds. */
export function tick(ns: number, step: number): string {
  const [unit, size] = ns >= 1e9 ? (['s', 1e9] as const) : step >= 1e6 || ns === 0 ? (['ms', 1e6] as const) : step >= 1e3 ? (['µs', 1e3] as const) : (['ns', 1] as const)
  const places = Math.max(ns === 0 ? 0 : unit === 's' ? 1 : 0, Math.min(9, -Math.floor(Math.log10(step / size) + 1e-9)))
  return `${(ns / size).toFixed(places)}${NB}${unit}`
}

/** Nanoseconds before (negative) or after a moment, in milliseconds: −1 079 ms, 0, +3 ms; from 100 s on as a duration. */
export function delta(ns: number): string {
  const sign = ns < 0 ? MINUS : ns > 0 ? '+' : ''
  const abs = Math.abs(ns)
  if (abs === 0) return '0'
  if (abs < 0.05e6) return `0${NB}ms`
  if (abs >= 100e9) return sign + duration(abs)
  if (abs < 10e6) return `${sign}${+(abs / 1e6).toFixed(1)}${NB}ms`
  return `${sign}${count(Math.round(abs / 1e6))}${NB}ms`
}

/** How long ago, both in milliseconds since the epoch: now, 8 s, 4 min, 2 h, 3 d. */
export function ago(then: number, now: number): string {
  const s = Math.floor((now - then) / 1000)
  if (s < 1) return 'now'
  if (s < 60) return `${s}${NB}s`
  if (s < 3600) return `${Math.floor(s / 60)}${NB}min`
  if (s < 86_400) return `${Math.floor(s / 3600)}${NB}h`
  return `${Math.floor(s / 86_400)}${NB}d`
}

/** Time of day with milliseconds: 14:02:12.561; of this machine, or in UTC. */
export function clock(ms: number, utc = false): string {
  if (utc) return new Date(ms).toISOString().slice(11, 23)
  const d = new Date(ms)
  return `${two(d.getHours())}:${two(d.getMinutes())}:${two(d.getSeconds())}.${String(d.getMilliseconds()).padStart(3, '0')}`
}

/** Local time of day in minutes: 14:01. */
export function clockMinutes(ms: number): string {
  const d = new Date(ms)
  return `${two(d.getHours())}:${two(d.getMinutes())}`
}

const two = (n: number): string => String(n).padStart(2, '0')

/** A whole number with narrow spaces between groups of three: 1 204. */
export function count(n: number): string {
  return String(Math.round(n)).replace(/\B(?=(\d{3})+$)/g, '\u202f')
}

/** A count for a badge: 128, 2.4k, 31k, 1.2M. */
export function short(n: number): string {
  if (n < 1000) return String(Math.round(n))
  if (n < 9950) return `${(n / 1000).toFixed(1).replace(/\.0$/, '')}k`
  if (n < 999_500) return `${Math.round(n / 1000)}k`
  return `${(n / 1e6).toFixed(1).replace(/\.0$/, '')}M`
}

/** Bytes in powers of 1024. */
export function bytes(n: number): string {
  if (n < 1024) return `${n}${NB}B`
  if (n < 1024 * 1024) return `${digits(n / 1024)}${NB}KiB`
  if (n < 1024 ** 3) return `${digits(n / 1024 ** 2)}${NB}MiB`
  return `${digits(n / 1024 ** 3)}${NB}GiB`
}

/** A measured value in its unit (UCUM, as OpenTelemetry writes them): bytes and times as such, others with four digits. */
export function quantity(n: number, unit: string): string {
  if (unit === 'By') return bytes(Math.round(n))
  const second = { s: 1e9, ms: 1e6, us: 1e3, ns: 1, second: 1e9, millisecond: 1e6, microsecond: 1e3, nanosecond: 1 }[unit]
  if (second !== undefined) return duration(n * second)
  return Math.abs(n) >= 10_000 ? short(n) : String(+n.toPrecision(4))
}

/** "1 span", "12 spans". */
export function plural(n: number, one: string, many = `${one}s`): string {
  return `${count(n)} ${n === 1 ? one : many}`
}

/** A trace id for a chip: 9f86d081…c4ca. */
export function shortId(id: string): string {
  return id.length > 16 ? `${id.slice(0, 8)}…${id.slice(-4)}` : id
}
