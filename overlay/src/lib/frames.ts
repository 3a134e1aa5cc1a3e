// The frames of a stack as rows: the developer's own code apart, runs of library code folded into one.
import type { Event, Exception, Frame, Thread } from '../wire/model.gen.ts'
import { isOwn, packageOf } from './frameWhere.ts'

export type StackMode = 'app' | 'all' | 'raw'

export type FrameRow =
  | { kind: 'frame'; frame: Frame; index: number; own: boolean }
  | { kind: 'run'; frames: Frame[]; from: number; packages: string[] }
  | { kind: 'repeat'; from: number; count: number; calls: number }
  | { kind: 'omitted'; from: number; to: number }

/** Packages named in a folded run; more become "…". */
const NAMED = 3
/** A recursion folds when its calls, at most this many, come again at least so often. */
const CYCLE = 8
const TIMES = 3

/**
 * Rows of one exception, newest call first. Runs of library code and repetitions fold; opened holds the first index of
 * those that are shown in full.
 */
export function frameRows(exception: Exception, mode: StackMode, opened: ReadonlySet<number>): FrameRow[] {
  const { frames } = exception
  // Without any frame of one's own there is nothing to fold around.
  const fold = mode === 'app' && frames.some(isOwn)
  const rows: FrameRow[] = []
  const omitted = exception.frames_omitted
  const names = frames.map((f) => `${f.module ?? ''}\0${f.function ?? ''}\0${f.abs_path ?? f.filename ?? ''}\0${f.line ?? ''}`)
  for (let i = 0; i < frames.length; i++) {
    if (omitted?.[0] === i && omitted[1] !== undefined) rows.push({ kind: 'omitted', from: omitted[0], to: omitted[1] })
    const frame = frames[i]!
    const own = isOwn(frame)
    if (own || !fold) {
      rows.push({ kind: 'frame', frame, index: i, own })
      const again = opened.has(i) ? undefined : repetition(names, i)
      if (again === undefined) continue
      for (let k = i + 1; k < i + again.calls; k++) rows.push({ kind: 'frame', frame: frames[k]!, index: k, own: isOwn(frames[k]!) })
      rows.push({ kind: 'repeat', from: i, ...again })
      i += again.calls * (again.count + 1) - 1
      continue
    }
    let end = i
    while (end < frames.length && !isOwn(frames[end]!)) end++
    if (opened.has(i)) for (let k = i; k < end; k++) rows.push({ kind: 'frame', frame: frames[k]!, index: k, own: false })
    else rows.push({ kind: 'run', frames: frames.slice(i, end), from: i, packages: packagesOf(frames.slice(i, end)) })
    i = end - 1
  }
  return rows
}

// How many calls from here on come again right after them, and how many times more. The shortest cycle is the recursion.
function repetition(names: readonly string[], from: number): { calls: number; count: number } | undefined {
  for (let calls = 1; calls <= CYCLE; calls++) {
    let end = from
    while (end + calls < names.length && names[end] === names[end + calls]) end++
    const count = Math.floor((end - from) / calls)
    if (count >= TIMES) return { calls, count }
  }
  return undefined
}

/** How an exception of a chain hangs together with the one above it. */
export function relation(exceptions: readonly Exception[], index: number): 'caused by' | 'while handling' | 'suppressed' | 'contains' {
  const { source, parent_id: id } = exceptions[index]?.mechanism ?? {}
  const cause = /^(?:__cause__|cause|previous)$/.test(source ?? '')
  if (source?.startsWith('suppressed') === true) return 'suppressed'
  if (source === '__context__') return 'while handling'
  const parent = id === undefined ? undefined : exceptions.find((e) => e.mechanism?.exception_id === id)
  return !cause && parent?.mechanism?.is_exception_group === true ? 'contains' : 'caused by'
}

function packagesOf(frames: Frame[]): string[] {
  const names = [...new Set(frames.map(packageOf))].filter((name) => name !== '')
  return names.length > NAMED ? [...names.slice(0, NAMED), '…'] : names
}

/** The index of the frame that opens by itself: the first of one's own with source, else the first of one's own. -1: none. */
export function firstOpen(exception: Exception): number {
  const readable = (frame: Frame) => frame.unresolved === undefined && !isMinified(frame)
  const withSource = exception.frames.findIndex((f) => isOwn(f) && f.context_line !== undefined && readable(f))
  if (withSource >= 0) return withSource
  const own = exception.frames.findIndex((f) => isOwn(f) && readable(f) && hasInside(f))
  return own >= 0 ? own : exception.frames.findIndex((f) => f.context_line !== undefined && readable(f))
}

/** Whether opening a frame shows anything. */
export function hasInside(frame: Frame): boolean {
  return frame.context_line !== undefined || Object.keys(frame.vars ?? {}).length > 0 || frame.unresolved !== undefined
}

// One endless line of a bundle is no source to read.
function isMinified(frame: Frame): boolean {
  return frame.resolved_with === undefined && (frame.context_line?.length ?? 0) > 500
}

export interface CodeLine {
  number: number
  text: string
  culprit: boolean
  /** Where the call is in the culprit's text, counted from 1. */
  column?: number
}

/** Lines before and after the culprit that are shown. */
const AROUND = 5
/** Characters of a line that are shown; a bundle is one line of 200 KB. The culprit is cut around its column. */
const WIDTH = 240
const BEFORE_COLUMN = 80

export function codeLines(frame: Frame): CodeLine[] {
  if (frame.context_line === undefined) return []
  const pre = (frame.pre_context ?? []).slice(-AROUND)
  const post = (frame.post_context ?? []).slice(0, AROUND)
  const line = frame.line ?? 0
  return [
    ...pre.map((text, i) => ({ number: line - pre.length + i, text: head(text), culprit: false })),
    { number: line, culprit: true, ...around(frame.context_line, frame.column) },
    ...post.map((text, i) => ({ number: line + 1 + i, text: head(text), culprit: false })),
  ]
}

const head = (text: string): string => (text.length <= WIDTH ? text : `${text.slice(0, WIDTH)} …`)

function around(text: string, column: number | undefined): { text: string; column?: number } {
  const known = column !== undefined && column > 0 && column <= text.length
  if (text.length <= WIDTH) return { text, ...(known ? { column } : {}) }
  if (!known) return { text: head(text) }
  const from = Math.max(0, Math.min(column - 1 - BEFORE_COLUMN, text.length - WIDTH))
  const before = from > 0 ? '… ' : ''
  return { text: `${before}${text.slice(from, from + WIDTH)}${from + WIDTH < text.length ? ' …' : ''}`, column: column - from + before.length }
}

/** What broke, and the threads beside it. Without an exception, the thread that crashed or reported is what broke. */
export function stacks(event: Event): { exceptions: Exception[]; threads: Thread[] } {
  const threads = event.threads?.filter((t) => t.frames.length > 0) ?? []
  if (event.exceptions.length > 0) return { exceptions: event.exceptions, threads }
  const first = threads.find((t) => t.crashed === true) ?? threads.find((t) => t.current === true) ?? threads[0]
  return first === undefined ? { exceptions: [], threads: [] } : { exceptions: [{ type: first.name ?? 'Thread', frames: first.frames }], threads: threads.filter((t) => t !== first) }
}

/** The stack as text, the way the platform itself prints it. */
export function rawStack(event: Event): string {
  const { exceptions, threads } = stacks(event)
  return [
    ...exceptions.map((exception, i) => rawException(exception, event.platform ?? '', i)),
    ...threads.map((t) => rawException({ type: `Thread ${t.name ?? t.id ?? '?'}`, frames: t.frames }, event.platform ?? '', 0)),
  ].join('\n')
}

function rawException(exception: Exception, platform: string, index: number): string {
  if (exception.raw_stack !== undefined && exception.raw_stack !== '') return exception.raw_stack
  const title = [exception.type, exception.value].filter(Boolean).join(': ')
  const frames = exception.raw_frames ?? exception.frames
  const at = (f: Frame) => `${f.abs_path ?? f.filename ?? f.module ?? '?'}${f.line === undefined ? '' : `:${f.line}`}${f.column === undefined ? '' : `:${f.column}`}`
  if (platform === 'python') {
    const lines = [...frames].reverse().map((f) => `  File "${f.abs_path ?? f.filename ?? '?'}", line ${f.line ?? '?'}, in ${f.function ?? '?'}${f.context_line === undefined ? '' : `\n    ${f.context_line.trim()}`}`)
    const cause = index > 0 ? 'The exception above was the direct cause of:\n\n' : ''
    return `${cause}Traceback (most recent call last):\n${lines.join('\n')}\n${title}`
  }
  const cause = index > 0 ? 'Caused by: ' : ''
  if (platform === 'go') return `${cause}${title}\n${frames.map((f) => `${[f.module, f.function].filter(Boolean).join('.')}()\n\t${at(f)}`).join('\n')}`
  if (platform === 'java') {
    return `${cause}${title}\n${frames.map((f) => `\tat ${[f.module, f.function].filter(Boolean).join('.')}(${f.filename ?? 'Unknown Source'}${f.line === undefined ? '' : `:${f.line}`})`).join('\n')}`
  }
  if (platform === 'ruby') return `${cause}${frames.map((f, i) => `${i === 0 ? '' : '\tfrom '}${at(f)}:in '${f.function ?? '?'}'${i === 0 ? `: ${title}` : ''}`).join('\n')}`
  return `${cause}${title}\n${frames.map((f) => `    at ${f.function ?? '<anonymous>'} (${at(f)})`).join('\n')}`
}
