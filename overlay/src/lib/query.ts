// The query language of every list (overlay-spec.md 8.3): free text and key:value terms, all of which must hold. Parsing
// never fails: a term that makes no sense carries a problem and is left out, the others still apply.

export type Compare = '=' | '>' | '>=' | '<' | '<='

export interface Term {
  /** Missing: free text. */
  key?: string
  compare: Compare
  /** One of these has to match. */
  values: string[]
  negate: boolean
  /** Why the term is left out. */
  problem?: string
}

/** What a list lets one ask for. */
export interface Fields<T> {
  /** Everything free text looks in. */
  text: (record: T) => string
  /** Values by key; undefined: the list has no such key. Numbers of `dur` are nanoseconds. */
  get: (record: T, key: string) => readonly (string | number)[] | undefined
  /** Names for is:... */
  is: { [flag: string]: (record: T) => boolean }
  /** Keys of get, for suggestions and to tell a wrong one. Missing: any key may be right. */
  keys?: readonly string[]
  /** What only the Collector can answer, or answers better because it sees more than a row: keys, flags, "" for free text. */
  asks?: readonly string[]
}

const LEXEME = /(-?)(?:([A-Za-z_][\w.+-]*):)?(>=|<=|>|<)?(?:\[([^\]]*)\]|"((?:[^"\\]|\\.)*)"|(\S*))/y
const UNITS: { [unit: string]: number } = { ns: 1, us: 1e3, µs: 1e3, ms: 1e6, s: 1e9, min: 60e9, m: 60e9, h: 3600e9 }

export function parseQuery(text: string): Term[] {
  const terms: Term[] = []
  let at = 0
  while (at < text.length && terms.length < 50) {
    if (/\s/.test(text[at]!)) {
      at++
      continue
    }
    LEXEME.lastIndex = at
    const m = LEXEME.exec(text)
    if (m === null || m[0] === '') break
    at += m[0].length
    const [raw, minus, key, compare, set, quoted, bare] = m
    const values = set !== undefined ? set.split(',').map((v) => v.trim()).filter((v) => v !== '')
      : quoted !== undefined ? [quoted.replace(/\\(.)/gs, '$1')] : bare !== undefined && bare !== '' ? [bare] : []
    if (key === undefined && (compare !== undefined || set !== undefined || values.length === 0)) {
      terms.push({ compare: '=', values: [raw], negate: false }) // ">", "-", "[a]" are just text
      continue
    }
    const term: Term = { compare: (compare as Compare | undefined) ?? '=', values, negate: minus === '-' }
    if (key !== undefined) term.key = key
    if (values.length === 0) term.problem = `${key}: needs a value`
    else if (key === 'dur' && values.some((v) => nanoseconds(v) === undefined)) term.problem = 'dur: wants a time such as 100ms'
    terms.push(term)
  }
  return terms
}

export function formatTerm(term: Term): string {
  const body = term.values.length > 1 && term.key !== undefined ? `[${term.values.join(',')}]` : quote(term.values[0] ?? '', term.key === undefined)
  return `${term.negate ? '-' : ''}${term.key === undefined ? '' : `${term.key}:`}${term.compare === '=' ? '' : term.compare}${body}`
}

export const formatQuery = (terms: readonly Term[]): string => terms.map(formatTerm).join(' ')

function quote(value: string, free: boolean): string {
  const plain = value === '' ? !free : !/[\s"\\]/.test(value) && !(free && /^-?(?:[A-Za-z_][\w.+-]*:|[<>[-])/.test(value)) && !/^[<>[]/.test(value)
  return plain ? value : `"${value.replace(/["\\]/g, '\\$&')}"`
}

/** Nanoseconds of "100ms", "1.5s"; a bare number counts milliseconds. */
export function nanoseconds(text: string): number | undefined {
  const m = /^(\d+(?:\.\d+)?)(ns|us|µs|ms|s|min|m|h)?$/.exec(text)
  return m === null ? undefined : Number(m[1]) * UNITS[m[2] ?? 'ms']!
}

/** A test for records, and the terms with the problems that only this list can see (unknown keys and flags). */
export function compileQuery<T>(text: string, fields: Fields<T>): {
  terms: Term[]
  test: ((record: T) => boolean) | undefined
  /** Whether the Collector has to be asked: the test then is what can be said until it answers. */
  asks: boolean
} {
  const terms = parseQuery(text)
  const tests: ((record: T) => boolean)[] = []
  for (const term of terms) {
    if (term.problem !== undefined) continue
    const test = compileTerm(term, fields)
    if (typeof test === 'string') term.problem = test
    else tests.push(term.negate ? (record) => !test(record) : test)
  }
  return {
    terms, test: tests.length === 0 ? undefined : (record) => tests.every((test) => test(record)),
    asks: terms.some((term) => term.problem === undefined && namesOf(term).some((name) => asksFor(fields, name))),
  }
}

// The names a term asks by: its key, or the flags of is: and the keys of has:.
const namesOf = (term: Term): readonly string[] => (term.key === undefined ? [''] : term.key === 'is' || term.key === 'has' ? term.values : [term.key])
const asksFor = <T>(fields: Fields<T>, name: string): boolean => fields.asks?.some((a) => a === name || (a.endsWith('.') && name.startsWith(a))) === true
const knows = <T>(fields: Fields<T>, key: string): boolean =>
  fields.keys === undefined || fields.keys.some((k) => k === key || (k.endsWith('.') && key.startsWith(k))) || asksFor(fields, key)

function compileTerm<T>(term: Term, fields: Fields<T>): ((record: T) => boolean) | string {
  const { key, values } = term
  if (key === undefined) {
    const match = textMatcher(values[0]!, true)
    return (record) => match(fields.text(record))
  }
  if (key === 'is') {
    const flags = values.map((v) => fields.is[v])
    const unknown = values.find((v, i) => flags[i] === undefined && !asksFor(fields, v))
    if (unknown !== undefined) return `is:${unknown} means nothing here; try ${Object.keys(fields.is).join(', ')}`
    return (record) => flags.some((flag) => flag?.(record) === true)
  }
  if (key === 'has') {
    return (record) => values.some((v) => (v in fields.is ? fields.is[v]!(record) : (fields.get(record, v)?.length ?? 0) > 0))
  }
  if (!knows(fields, key)) return `${key}: is no key here; try ${fields.keys!.slice(0, 8).join(', ')}`
  if (term.compare !== '=') {
    const limits = values.map((v) => (key === 'dur' ? nanoseconds(v) : Number(v)))
    if (limits.some((n) => n === undefined || Number.isNaN(n))) return `${key}:${term.compare} wants a number`
    return (record) => (fields.get(record, key) ?? []).some((v) => limits.some((limit) => holds(Number(v), term.compare, limit!)))
  }
  if (key === 'dur') {
    const wanted = values.map((v) => nanoseconds(v))
    return (record) => (fields.get(record, key) ?? []).some((v) => wanted.some((w) => Math.abs(Number(v) - w!) < 0.5e6))
  }
  const matchers = values.map((v) => textMatcher(v, false))
  return (record) => (fields.get(record, key) ?? []).some((v) => matchers.some((match) => match(String(v))))
}

function holds(value: number, compare: Compare, limit: number): boolean {
  switch (compare) {
    case '>': return value > limit
    case '>=': return value >= limit
    case '<': return value < limit
    case '<=': return value <= limit
    case '=': return value === limit
  }
}

// Stars stand for any text. Matched by hand and not by a regular expression: many stars would take exponential time.
function textMatcher(pattern: string, anywhere: boolean): (text: string) => boolean {
  const parts = pattern.toLowerCase().split('*')
  if (parts.length === 1) {
    const [only] = parts as [string]
    return anywhere ? (text) => text.toLowerCase().includes(only) : (text) => text.toLowerCase() === only
  }
  const first = parts[0]!
  const last = parts[parts.length - 1]!
  return (text) => {
    const lower = text.toLowerCase()
    let at = 0
    if (!anywhere) {
      if (!lower.startsWith(first) || !lower.endsWith(last) || lower.length < first.length + last.length) return false
      at = first.length
    }
    const end = anywhere ? lower.length : lower.length - last.length
    for (const part of anywhere ? parts : parts.slice(1, -1)) {
      const found = lower.indexOf(part, at)
      if (found < 0 || found + part.length > end) return false
      at = found + part.length
    }
    return true
  }
}
