// How many logs of which severity, over time.
import type { LogSummary } from '../wire/model.gen.ts'
import { parseTime } from './time.ts'

export interface Bucket { error: number; warning: number; other: number; from: number }

/** Milliseconds since the epoch, both ends. */
export type Range = readonly [from: number, to: number]

/** Buckets over the last stretch before now; all times in milliseconds since the epoch. rows are oldest first. */
export function histogram(rows: readonly LogSummary[], now: number, stretch: number, buckets: number): Bucket[] {
  const size = stretch / buckets
  const start = now - stretch
  const out = Array.from({ length: buckets }, (_, i): Bucket => ({ error: 0, warning: 0, other: 0, from: start + i * size }))
  for (let i = rows.length - 1; i >= 0; i--) {
    const at = parseTime(rows[i]!.time).ms
    if (at < start) break
    if (at >= now + size) continue // of a stretch that stands still; a clock that is a little ahead is let in
    const bucket = out[Math.min(buckets - 1, Math.floor((at - start) / size))]
    if (bucket === undefined) continue
    const { level } = rows[i]!
    if (level === 'error' || level === 'fatal') bucket.error++
    else if (level === 'warning') bucket.warning++
    else bucket.other++
  }
  return out
}

/**
 * The stretch that is shown: the last one before now; before the newest log when that is longer ago; with a range chosen
 * one that stands still and holds the range. grain: both ends are whole multiples of it, so that bars do not creep.
 */
export function shownStretch(newest: number | undefined, now: number, range: Range | undefined, stretch: number, grain: number): Range {
  const round = (ms: number) => Math.ceil(ms / grain) * grain
  if (range !== undefined) {
    const to = round(Math.min(now, range[1] + stretch / 5))
    return [Math.min(to - stretch, Math.floor(range[0] / grain) * grain), to]
  }
  const to = round(newest === undefined || newest > now - stretch ? now : newest)
  return [to - stretch, to]
}

/** A range of the URL: milliseconds since the epoch, "1763726400000-1763726460000". */
export function parseRange(text: string | undefined): Range | undefined {
  const m = /^(\d{1,15})-(\d{1,15})$/.exec(text ?? '')
  if (m === null) return undefined
  const range: Range = [Number(m[1]), Number(m[2])]
  return range[0] < range[1] ? range : undefined
}

export const formatRange = (range: Range | undefined): string => (range === undefined ? '' : range.map(Math.round).join('-'))
