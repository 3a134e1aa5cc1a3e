// How many logs of which severity, over time.
import type { LogSummary } from '../wire/model.gen.ts'
import { parseTime } from './time.ts'

export interface Bucket { error: number; warning: number; other: number; from: number }

/** Buckets over the last stretch before now; all times in milliseconds since the epoch. rows are oldest first. */
export function histogram(rows: readonly LogSummary[], now: number, stretch: number, buckets: number): Bucket[] {
  const size = stretch / buckets
  const start = now - stretch
  const out = Array.from({ length: buckets }, (_, i): Bucket => ({ error: 0, warning: 0, other: 0, from: start + i * size }))
  for (let i = rows.length - 1; i >= 0; i--) {
    const at = parseTime(rows[i]!.time).ms
    if (at < start) break
    const bucket = out[Math.min(buckets - 1, Math.floor((at - start) / size))]
    if (bucket === undefined) continue
    const { level } = rows[i]!
    if (level === 'error' || level === 'fatal') bucket.error++
    else if (level === 'warning') bucket.warning++
    else bucket.other++
  }
  return out
}
