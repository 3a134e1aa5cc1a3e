import { describe, expect, it } from 'vitest'
import { codeLines, firstOpen, frameRows, rawStack, relation, stacks } from './frames.ts'
import type { Event, Exception, Frame } from '../wire/model.gen.ts'

const own = (fn: string, more: Partial<Frame> = {}): Frame => ({ function: fn, filename: `src/${fn}.ts`, in_app: true, ...more })
const lib = (fn: string): Frame => ({ function: fn, filename: `/p/node_modules/${fn}/x.js`, in_app: false })
const rows = (e: Exception, mode: 'app' | 'all' = 'app', opened = new Set<number>()) =>
  frameRows(e, mode, opened).map((r) => (r.kind === 'frame' ? r.frame.function : r.kind === 'run' ? `${r.frames.length} in ${r.packages.join(',')}` : r.kind === 'repeat' ? `${r.calls} calls ×${r.count}` : 'omitted'))

describe('frames', () => {
  const e: Exception = { frames: [own('a'), lib('x'), lib('y'), own('b'), lib('z')] }
  it('fold runs of libraries', () => expect(rows(e)).toEqual(['a', '2 in x,y', 'b', '1 in z']))
  it('show a run that was opened', () => expect(rows(e, 'app', new Set([1]))).toEqual(['a', 'x', 'y', 'b', '1 in z']))
  it('are all there on request', () => expect(rows(e, 'all')).toEqual(['a', 'x', 'y', 'b', 'z']))
  it('do not fold when nothing is own', () => expect(rows({ frames: [lib('x'), lib('y')] })).toEqual(['x', 'y']))
})

describe('recursion', () => {
  const of = (...calls: string[]): Exception => ({ frames: calls.map((c) => own(c)) })
  const many = (n: number, ...calls: string[]) => Array.from({ length: n }, () => calls).flat()
  it('is told once', () => expect(rows(of('a', ...many(999, 'rec'), 'main'))).toEqual(['a', 'rec', '1 calls ×998', 'main']))
  it('through several functions too', () => expect(rows(of(...many(5, 'even', 'odd'), 'main'), 'all')).toEqual(['even', 'odd', '2 calls ×4', 'main']))
  it('that a stack begins in the middle of', () => expect(rows(of('odd', ...many(4, 'even', 'odd'), 'main'))).toEqual(['odd', 'even', '2 calls ×3', 'odd', 'main']))
  it('of few calls stays as it is', () => expect(rows(of(...many(3, 'rec')))).toEqual(['rec', 'rec', 'rec']))
  it('is shown in full on request', () => expect(rows(of(...many(5, 'rec')), 'app', new Set([0, 1, 2, 3, 4]))).toHaveLength(5))
})

it('says how the exceptions of a chain hang together', () => {
  const e = (id: number, parent: number | undefined, source: string | undefined, group = false): Exception => ({ frames: [], mechanism: { exception_id: id, ...(parent === undefined ? {} : { parent_id: parent }), ...(source === undefined ? {} : { source }), is_exception_group: group } })
  const chain = [e(0, undefined, undefined, true), e(1, 0, 'exceptions[0]'), e(2, 1, '__context__'), e(3, 2, '__cause__'), e(4, 0, 'InnerException'), e(5, 4, 'suppressed[0]'), { frames: [] }]
  expect(chain.map((_, i) => relation(chain, i)).slice(1)).toEqual(['contains', 'while handling', 'caused by', 'contains', 'suppressed', 'caused by'])
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

it('cuts a line of a bundle around its column', () => {
  const bundle = `${'a'.repeat(100_000)}boom()${'b'.repeat(100_000)}`
  const [line] = codeLines({ line: 1, column: 100_001, context_line: bundle, in_app: true })
  expect(line!.text.length).toBeLessThan(260)
  expect(line!.text.slice(line!.column! - 1)).toMatch(/^boom\(\)b/)
  expect(line!.text).toMatch(/^… a.* …$/)
  expect(codeLines({ line: 1, column: 3, context_line: bundle })[0]).toMatchObject({ column: 3 })
  expect(codeLines({ line: 1, column: 200_006, context_line: bundle })[0]!.text).toMatch(/^… .*b$/)
  expect(codeLines({ line: 2, pre_context: [bundle], context_line: 'x', column: 9 })).toMatchObject([{ text: `${'a'.repeat(240)} …` }, { text: 'x' }])
  expect(codeLines({ line: 2, context_line: 'x', column: 9 })[0]).not.toHaveProperty('column')
})

it('prints a stack as its platform does', () => {
  const event = (platform: string, frames: Frame[]) => ({ platform, exceptions: [{ type: 'E', value: 'boom', frames }] }) as unknown as Event
  expect(rawStack(event('python', [own('f', { abs_path: '/a.py', line: 3 }), own('g', { abs_path: '/b.py', line: 9 })]))).toBe('Traceback (most recent call last):\n  File "/b.py", line 9, in g\n  File "/a.py", line 3, in f\nE: boom')
  expect(rawStack(event('node', [own('f', { abs_path: '/a.js', line: 3, column: 7 })]))).toBe('E: boom\n    at f (/a.js:3:7)')
  expect(rawStack({ platform: 'x', exceptions: [{ frames: [], raw_stack: 'as it came' }] } as unknown as Event)).toBe('as it came')
})

it('shows the threads beside an exception; without one, the thread that crashed', () => {
  const threads = [{ id: '1', name: 'idle', frames: [own('wait')] }, { id: '2', name: 'worker', crashed: true, frames: [own('work')] }, { id: '3', frames: [] }]
  const of = (more: object) => ({ platform: 'node', exceptions: [], threads, ...more }) as unknown as Event
  expect(stacks(of({})).exceptions.map((e) => e.type)).toEqual(['worker'])
  expect(stacks(of({})).threads.map((t) => t.name)).toEqual(['idle'])
  expect(stacks(of({ exceptions: [{ type: 'E', frames: [] }] })).threads.map((t) => t.name)).toEqual(['idle', 'worker'])
  expect(stacks(of({ threads: [] })).exceptions).toEqual([])
  expect(rawStack(of({}))).toBe('worker\n    at work (src/work.ts)\nThread idle\n    at wait (src/wait.ts)')
})
