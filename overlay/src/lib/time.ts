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
const UTC_LENGTH = '2006-01-02T15:04:05.000000000Z'.length

/** Reads a time; NEVER when the text is not one. */
export function parseTime(text: string | undefined): Instant {
  return text === undefined ? NEVER : (sameMinute(text) ?? readTime(text))
}

// The form the Collector writes, in the minute of the one before: read by its digits, at a tenth of the cost.
function sameMinute(text: string): Instant | undefined {
  if (text.length !== UTC_LENGTH || minuteText === '' || !text.startsWith(minuteText) || text[16] !== ':' || text[19] !== '.' || text[29] !== 'Z') return undefined
  const seconds = digits(text, 17, 19)
  const ms = digits(text, 20, 23)
  const ns = digits(text, 23, 29)
  return seconds < 0 || ms < 0 || ns < 0 ? undefined : { ms: minuteMs + seconds * 1000 + ms, ns }
}

/** The number in text from from to before to; -1 when there are other characters too. */
function digits(text: string, from: number, to: number): number {
  let n = 0
  for (let i = from; i < to; i++) {
    const digit = text.charCodeAt(i) - 48
    if (digit < 0 || digit > 9) return -1
    n = n * 10 + digit
  }
  return n
}

function readTime(text: string): Instant {
  const m = FORM.exec(text)
  if (m === null) return NEVER
  const ms = Date.parse(`${m[1]}:00${m[4]}`)
  if (Number.isNaN(ms)) return NEVER
  if (m[4] === 'Z') {
    minuteText = m[1]!
    minuteMs = ms
  }
  const fraction = Number((m[3] ?? '').padEnd(9, '0'))
  return { ms: ms + Number(m[2]) * 1000 + Math.floor(fraction / 1e6), ns: fraction % 1e6 }
}

/** Nanoseconds from a to b; exact as long as they are less than 104 days apart. */
export function nsBetween(a: Instant, b: Instant): number {
  return (b.ms - a.ms) * 1e6 + (b.ns - a.ns)
}
