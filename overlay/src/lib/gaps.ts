// A stretch in which records were missed, as a row among those of a list that is sorted by time.
import { count } from './format.ts'

/** Times in ms since 1970. */
export interface Gap { from: number; at: number; missed: number; reason: string }

export interface GapRow { gap: Gap }

export const isGap = (row: unknown): row is GapRow => typeof row === 'object' && row !== null && 'gap' in row

export const gapKey = ({ gap }: GapRow): string => `gap ${gap.at} ${gap.reason}`

/**
 * The rows with the gaps between them: each after all that is newer than its end, or before, when the oldest come first.
 * timeOf is the time the list is sorted by, RFC 3339 in UTC; undefined for rows that stand elsewhere (pinned, or under
 * another row): no gap goes above them.
 */
export function withGaps<T>(rows: readonly T[], gaps: readonly Gap[], timeOf: (row: T) => string | undefined, oldestFirst = false): readonly (T | GapRow)[] {
  if (gaps.length === 0) return rows
  const left = gaps.map((gap) => ({ row: { gap }, time: new Date(gap.at).toISOString() })).sort((a, b) => (a.time < b.time) === oldestFirst ? -1 : 1)
  const all: (T | GapRow)[] = []
  for (const row of rows) {
    const time = timeOf(row)
    while (time !== undefined && left.length > 0 && left[0]!.time > time !== oldestFirst) all.push(left.shift()!.row)
    all.push(row)
  }
  for (const { row } of left) all.push(row)
  return all
}

const REASONS: { [reason: string]: string } = {
  slow_client: 'this page could not keep up',
  expired: 'the line was down for longer than the collector remembers',
  restarted: 'the collector restarted',
}

/** What was missed and why, in a sentence without its end. */
export function gapText({ missed, reason }: Gap): string {
  const why = REASONS[reason] ?? (reason || 'the line was down')
  return missed > 0 ? `Missed ${count(missed)} items: ${why}` : why.charAt(0).toUpperCase() + why.slice(1)
}
