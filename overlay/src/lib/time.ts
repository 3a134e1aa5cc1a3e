// Points in time as the Collector writes them (RFC 3339, nanoseconds, UTC), which no JavaScript number holds: kept as whole
// milliseconds since 1970 and the nanoseconds beyond them, so that differences of a trace are exact.

export interface Instant {
  /** Whole milliseconds since the Unix epoch. */
  ms: number
  /** 0 to 999,999 nanoseconds after ms. */
  ns: number
}

export const NEVER: Instant = { ms: 0, ns: 0 }

const FORM = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}):(\d{2})(?:\.(\d{1,9})\d*)?(Z|[+-]\d{2}:\d{2})$/

// Ten thousand spans of a trace begin within a few minutes; the calendar is asked once for each of them.
let minuteText = ''
let minuteMs = 0

/** Reads a time; NEVER when the text is not one. */
export function parseTime(text: string | undefined): Instant {
  const m = text === undefined ? null : FORM.exec(text)
  if (m === null) return NEVER
  const minute = m[1]! + m[4]!
  if (minute !== minuteText) {
    const ms = Date.parse(`${m[1]}:00${m[4]}`)
    if (Number.isNaN(ms)) return NEVER
    minuteText = minute
    minuteMs = ms
  }
  const fraction = Number((m[3] ?? '').padEnd(9, '0'))
  return { ms: minuteMs + Number(m[2]) * 1000 + Math.floor(fraction / 1e6), ns: fraction % 1e6 }
}

/** Nanoseconds from a to b; exact as long as they are less than 104 days apart. */
export function nsBetween(a: Instant, b: Instant): number {
  return (b.ms - a.ms) * 1e6 + (b.ns - a.ns)
}
