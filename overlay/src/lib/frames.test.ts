import { describe, expect, it } from 'vitest'
import { codeLines, firstOpen, frameRows, rawStack } from './frames.ts'
import type { Event, Exception, Frame } from '../wire/model.gen.ts'

const own = (fn: string, more: Partial<Frame> = {}): Frame => ({ function: fn, filename: `src/${fn}.ts`, in_app: true, ...more })
const lib = (fn: string): Frame => ({ function: fn, filename: `/p/node_modules/${fn}/x.js`, in_app: false })
const rows = (e: Exception, mode: 'app' | 'all' = 'app', opened = new Set<number>()) =>
  frameRows(e, mode, opened).map((r) => (r.kind === 'frame' ? r.frame.function : r.kind === 'run' ? `${r.frames.length} in ${r.packages.join(',')}` : 'omitted'))

describe('frames', () => {
  const e: Exception = { frames: [own('a'), lib('x'), lib('y'), own('b'), lib('z')] }
  it('fold runs of libraries', () => expect(rows(e)).toEqual(['a', '2 in x,y', 'b', '1 in z']))
  it('show a run that was opened', () => expect(rows(e, 'app', new Set([1]))).toEqual(['a', 'x', 'y', 'b', '1 in z']))
  it('are all there on request', () => expect(rows(e, 'all')).toEqual(['a', 'x', 'y', 'b', 'z']))
  it('do not fold when nothing is own', () => expect(rows({ frames: [lib('x'), lib('y')] })).toEqual(['x', 'y']))
})

it('opens the first own frame with source, never a minified one', () => {
  expect(firstOpen({ frames: [lib('x'), own('a'), own('b', { context_line: 'b()' })] })).toBe(2)
  expect(firstOpen({ frames: [own('m', { context_line: 'x'.repeat(900) }), own('b', { context_line: 'b()' })] })).toBe(1)
  expect(firstOpen({ frames: [own('m', { context_line: 'x', unresolved: 'no map' })] })).toBe(-1)
})

it('numbers the lines around the culprit', () => {
  expect(codeLines({ line: 10, pre_context: ['7', '8', '9'], context_line: '10', post_context: ['11'] }).map((l) => `${l.number}${l.culprit ? '!' : ''}=${l.text}`)).toEqual(['7=7', '8=8', '9=9', '10!=10', '11=11'])
  expect(codeLines({ line: 10 })).toEqual([])
})

it('prints a stack as its platform does', () => {
  const event = (platform: string, frames: Frame[]) => ({ platform, exceptions: [{ type: 'E', value: 'boom', frames }] }) as unknown as Event
  expect(rawStack(event('python', [own('f', { abs_path: '/a.py', line: 3 }), own('g', { abs_path: '/b.py', line: 9 })]))).toBe('Traceback (most recent call last):\n  File "/b.py", line 9, in g\n  File "/a.py", line 3, in f\nE: boom')
  expect(rawStack(event('node', [own('f', { abs_path: '/a.js', line: 3, column: 7 })]))).toBe('E: boom\n    at f (/a.js:3:7)')
  expect(rawStack({ platform: 'x', exceptions: [{ frames: [], raw_stack: 'as it came' }] } as unknown as Event)).toBe('as it came')
})
