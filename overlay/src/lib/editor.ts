// Links that open a file in an editor.
import type { Event, Frame } from '../wire/model.gen.ts'
import { frameWhere, isOwn } from './frameWhere.ts'
import { firstOpen, stacks } from './frames.ts'

const EDITORS: { [name: string]: string } = {
  vscode: 'vscode://file/{file}:{line}:{column}',
  cursor: 'cursor://file/{file}:{line}:{column}',
  idea: 'idea://open?file={file}&line={line}&column={column}',
  zed: 'zed://file/{file}:{line}:{column}',
  sublime: 'subl://open?url=file://{file}&line={line}&column={column}',
}

export const EDITOR_NAMES = Object.keys(EDITORS)

/** A link for "path:line:column", or undefined when the path is not of this machine's files. */
export function editorLink(editor: string, where: string): string | undefined {
  const m = /^(.+?)(?::(\d+))?(?::(\d+))?$/.exec(where)
  const file = m?.[1] ?? ''
  if (!/^(\/|[A-Za-z]:[\\/])/.test(file) || file.startsWith('//')) return undefined
  const template = EDITORS[editor] ?? editor
  // A template from settings may name any editor, but never a script.
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(template) || /^(javascript|data|vbscript|blob):/i.test(template)) return undefined
  const path = file.replaceAll('\\', '/').split('/').map(encodeURIComponent).join('/').replace(/%3A/g, ':')
  return template.replaceAll('{file}', path.replace(/^\//, template.includes('file/{file}') ? '' : '/')).replaceAll('{line}', m?.[2] ?? '1').replaceAll('{column}', m?.[3] ?? '1')
}

/** What paths begin with in the program, and what that is called on this machine. */
export type PathMap = Readonly<Record<string, string>>

/** Reads a path map: a rule per line, "/app => /home/me/shop". Lines that are none are left out and counted. */
export function parsePathMap(text: string): { map: Record<string, string>; wrong: number } {
  const rules: [string, string][] = []
  let wrong = 0
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue
    const m = /^\s*(\S.*?)\s*=>\s*(\S.*?)\s*$/.exec(line)
    if (m === null) wrong++
    else rules.push([m[1]!, m[2]!])
  }
  return { map: Object.fromEntries(rules), wrong }
}

export const formatPathMap = (map: PathMap): string => Object.entries(map).map(([from, to]) => `${from} => ${to}`).join('\n')

/** A path as it is called on this machine, by the longest rule that fits whole folders of its beginning. */
export function mapPath(path: string, map: PathMap): string {
  for (const from of Object.keys(map).sort((a, b) => b.length - a.length)) {
    const to = map[from]
    const head = from.replace(/[\\/]+$/, '')
    if (typeof to !== 'string' || !path.startsWith(head)) continue
    const rest = path.slice(head.length)
    if (rest === '' || /^[\\/]/.test(rest)) return to.replace(/[\\/]+$/, '') + rest
  }
  return path
}

/** A link to where an error happened: the frame its page opens first, else the first of the user's own code with a file here. */
export function linkOfError(event: Event, editor: string, map: PathMap): string | undefined {
  const { exceptions } = stacks(event)
  const [first] = exceptions
  const frames: Frame[] = first === undefined ? [] : [...first.frames.slice(Math.max(0, firstOpen(first)), firstOpen(first) + 1), ...exceptions.flatMap((e) => e.frames.filter(isOwn))]
  for (const frame of frames) {
    const link = editorLink(editor, mapPath(frameWhere(frame, '').title, map))
    if (link !== undefined) return link
  }
  return undefined
}
