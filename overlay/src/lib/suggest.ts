// What to type next into a filter: keys, then values that were seen, with how often; for numbers comparisons with how many
// records they leave. It comes when a filter is typed into, not with the page.
import { compileQuery, formatTerm, type Fields } from './query.ts'
import { duration } from './format.ts'

export interface Suggestion {
  /** What stands in place of the word that is being typed. */
  insert: string
  label: string
  /** How often it was seen, or what it means. */
  note: string
  /** Whether the term is whole with it; else there is more to type. */
  done: boolean
}

/** Suggestions listed, and records looked at: enough of them to say what is there. */
const LISTED = 10
const LOOKED_AT = 20_000
/** Characters of a value that can still be read in a list. */
const LONG = 80

const MEANS: { [key: string]: string } = {
  service: 'name of a service', level: 'severity', op: 'kind of operation', name: 'name of a span', root: 'what the trace begins with', dur: 'duration',
  self: 'time without children', status: 'ok, error, or an HTTP status', kind: 'server, client, internal', origin: 'sentry or otel', trace: 'trace id', span: 'span id',
  spans: 'how many spans', errors: 'how many errors', count: 'how often', events: 'how often', type: 'what it is', logger: 'who logged it', url: 'page of a browser',
  session: 'number of a session', size: 'bytes', unit: 'unit of a metric', release: 'release of the program', env: 'environment', sdk: 'name of the SDK', message: 'text of the message',
  value: 'message of the exception', culprit: 'where it was thrown', event: 'event id', is: 'something is true', has: 'something is there', 'attr.': 'attribute', 'tag.': 'tag',
}
/** Keys whose values are all different: nothing to choose from. */
const UNIQUE = new Set(['trace', 'span', 'event', 'issue'])
const NUMBERS = new Set(['dur', 'self', 'spans', 'errors', 'count', 'events', 'size'])
const TIMES = new Set(['dur', 'self'])
const WORD = /(-?)(?:([A-Za-z_][\w.+-]*):)?((?:>=|<=|>|<)?)((?:"[^"]*"?|\S)*)$/

/** The word before the caret: what a suggestion takes the place of. */
export const wordAt = (text: string, caret: number): string => WORD.exec(text.slice(0, caret))?.[0] ?? ''

export function suggest<T>(word: string, fields: Fields<T>, records: readonly T[]): Suggestion[] {
  const [, minus = '', key, compare = '', raw = ''] = WORD.exec(word) ?? []
  const typed = raw.replace(/^"|"$/g, '').toLowerCase()
  const seen = records.length > LOOKED_AT ? records.slice(-LOOKED_AT) : records
  if (key === undefined) {
    if (word !== '' && typed === '' && minus === '') return []
    const keys = keysOf(fields).filter((k) => k.startsWith(typed)).map((k): Suggestion => ({ insert: `${minus}${k}${k.endsWith('.') ? '' : ':'}`, label: `${k}${k.endsWith('.') ? '' : ':'}`, note: MEANS[k] ?? '', done: false }))
    // A word that is the beginning of no key may be a value of one.
    const values = typed.length < 2 ? [] : (fields.keys ?? []).filter((k) => !NUMBERS.has(k) && !UNIQUE.has(k) && !k.endsWith('.'))
      .flatMap((k) => valuesOf(fields, seen, k, typed, minus)).sort(byCount)
    return [...keys, ...values.map((v) => v.suggestion)].slice(0, LISTED)
  }
  if (key === 'is') {
    return Object.entries(fields.is).filter(([flag]) => flag.startsWith(typed)).map(([flag, test]) => ({ insert: `${minus}is:${flag}`, label: flag, note: times(seen.reduce((n, r) => n + Number(test(r)), 0)), done: true })).slice(0, LISTED)
  }
  if (key === 'has') {
    return keysOf(fields).filter((k) => !k.endsWith('.') && k !== 'is' && k !== 'has' && k.startsWith(typed)).map((k) => ({ insert: `${minus}has:${k}`, label: k, note: MEANS[k] ?? '', done: true })).slice(0, LISTED)
  }
  if (NUMBERS.has(key)) return numbersOf(fields, seen, key, compare, typed, minus)
  if (UNIQUE.has(key) || compare !== '') return []
  return valuesOf(fields, seen, key, typed, minus).sort(byCount).slice(0, LISTED).map((v) => v.suggestion)
}

function keysOf<T>(fields: Fields<T>): string[] {
  const own = [...(fields.keys ?? []), ...(fields.asks ?? []).filter((k) => k !== '' && !(k in fields.is) && k in MEANS)]
  return [...new Set([...own, ...(Object.keys(fields.is).length > 0 ? ['is', 'has'] : [])])]
}

interface Counted { n: number; suggestion: Suggestion }
const byCount = (a: Counted, b: Counted) => b.n - a.n || (a.suggestion.label < b.suggestion.label ? -1 : 1)
const times = (n: number): string => (n === 0 ? 'none' : `${n}×`)

function valuesOf<T>(fields: Fields<T>, records: readonly T[], key: string, typed: string, minus: string): Counted[] {
  const counts = new Map<string, number>()
  for (const record of records) for (const value of fields.get(record, key) ?? []) counts.set(String(value), (counts.get(String(value)) ?? 0) + 1)
  const found: Counted[] = []
  for (const [value, n] of counts) {
    if (value === '' || value.length > LONG || !value.toLowerCase().includes(typed)) continue
    const insert = formatTerm({ key, compare: '=', values: [value], negate: minus === '-' })
    found.push({ n, suggestion: { insert, label: typed !== '' && !typed.includes(':') ? `${key}:${value}` : value, note: times(n), done: true } })
  }
  return found
}

// Comparisons with round numbers, and how many records each leaves.
function numbersOf<T>(fields: Fields<T>, records: readonly T[], key: string, compare: string, typed: string, minus: string): Suggestion[] {
  const all = records.flatMap((r) => fields.get(r, key) ?? []).map(Number).sort((a, b) => a - b)
  const steps = TIMES.has(key) ? [1e6, 5e6, 10e6, 50e6, 100e6, 500e6, 1e9, 5e9] : [0, 1, 5, 10, 50, 100, 1000, 100_000]
  const ops = compare === '' ? ['>', '<'] : [compare]
  const out: Suggestion[] = []
  for (const op of ops) {
    for (const step of steps) {
      const text = TIMES.has(key) ? duration(step).replace(/\s/g, '') : String(step)
      if (!text.startsWith(typed)) continue
      const insert = `${minus}${key}:${op}${text}`
      const { test } = compileQuery(`${key}:${op}${text}`, { ...fields, get: (v: number) => [v], is: {}, text: () => '' } as unknown as Fields<number>)
      const n = test === undefined ? 0 : all.reduce((sum, v) => sum + Number(test(v)), 0)
      // What leaves nothing, or everything, tells nothing apart.
      if (n > 0 && n < all.length) out.push({ insert, label: `${key}:${op}${text}`, note: times(n), done: true })
    }
  }
  if (out.length > 0 || compare !== '') return out.slice(0, LISTED)
  return [['>', 'more than'], ['<', 'less than'], ['>=', 'at least'], ['<=', 'at most']].map(([op, note]) => ({ insert: `${minus}${key}:${op!}`, label: `${key}:${op!}`, note: note!, done: false }))
}
