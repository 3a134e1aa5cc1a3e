import { describe, expect, it } from 'vitest'
import { gapText, isGap, withGaps, type Gap } from './gaps.ts'

const at = (second: number) => new Date(1_800_000_000_000 + second * 1000).toISOString().replace('Z', '123456Z')
const gap = (second: number): Gap => ({ from: 1_800_000_000_000 + second * 1000 - 500, at: 1_800_000_000_000 + second * 1000, missed: 3, reason: 'slow_client' })
// Rows by their second; p: pinned, without a place in time.
const drawn = (rows: string, gaps: number[], oldestFirst = false): string =>
  withGaps(rows.split(' ').filter(Boolean), gaps.map(gap), (row) => (row.startsWith('p') ? undefined : at(Number(row))), oldestFirst)
    .map((row) => (isGap(row) ? '-' : row)).join(' ')

describe('gaps stand between the rows', () => {
  it.each([
    ['newest first', '9 8 5 4', [7], false, '9 8 - 5 4'],
    ['oldest first', '4 5 8 9', [7], true, '4 5 - 8 9'],
    ['above everything that was there before', '5 4', [7], false, '- 5 4'],
    ['below everything, after a restart', '9 8', [7], false, '9 8 -'],
    ['at the end, oldest first', '4 5', [7], true, '4 5 -'],
    ['more than one, in any order', '9 6 3', [4, 8], false, '9 - 6 - 3'],
    ['more than one, oldest first', '3 6 9', [8, 4], true, '3 - 6 - 9'],
    ['never among the pinned', 'p1 p2 9 5', [7], false, 'p1 p2 9 - 5'],
    ['after the pinned, when all is older', 'p9 5', [7], false, 'p9 - 5'],
    ['without rows', '', [7], false, '-'],
  ])('%s', (_, rows, gaps, oldestFirst, want) => expect(drawn(rows, gaps, oldestFirst)).toBe(want))
  it('and cost nothing where there is none', () => {
    const rows = ['1']
    expect(withGaps(rows, [], () => '')).toBe(rows)
  })
})

it('says what was missed, and why', () => {
  expect(gapText(gap(1))).toBe('Missed 3 items: this page could not keep up')
  expect(gapText({ ...gap(1), missed: 0, reason: 'restarted' })).toBe('The collector restarted')
})
