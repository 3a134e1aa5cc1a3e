// What frames of a stack are called and where they are: the developer's own code, or which package.
import type { Event, Frame } from '../wire/model.gen.ts'
import { BUILTIN, localPath, PACKAGES, shortPath } from './paths.ts'

/** A path that begins at a root, of Unix or of a drive of Windows. */
const ROOTED = /^(?:\/|[A-Za-z]:\/)/

/** The project's folder, guessed from the frames of the developer's own code; "" when they do not tell. */
export function projectRoot(event: Event): string {
  for (const frame of ownFrames(event)) {
    const { filename, abs_path: abs } = frame
    if (filename === undefined || abs === undefined || filename === abs || filename.startsWith('/')) continue
    const relative = filename.replace(/^(?:\.\/|~\/)/, '')
    const local = localPath(abs)
    if (/[\\/]/.test(relative) && ROOTED.test(local) && local.endsWith(`/${relative}`)) return local.slice(0, -relative.length - 1)
  }
  let common: string[] | undefined
  for (const frame of ownFrames(event)) {
    const path = localPath(frame.abs_path ?? frame.filename ?? '')
    if (!ROOTED.test(path) || PACKAGES.some(({ form }) => form.test(path))) continue
    const folders = path.split('/').slice(0, -1)
    common = common === undefined ? folders : common.slice(0, common.findIndex((f, i) => f !== folders[i]) >>> 0)
  }
  if (common === undefined) return ''
  const SOURCE = new Set(['src', 'app', 'lib', 'internal', 'cmd', 'pkg', 'server', 'apps', 'packages'])
  const at = common.findIndex((folder, i) => i > 1 && SOURCE.has(folder))
  const root = (at > 2 ? common.slice(0, at) : common).join('/')
  return root.split('/').length > 2 ? root : ''
}

function* ownFrames(event: Event): Generator<Frame> {
  for (const exception of event.exceptions) for (const frame of exception.frames) if (isOwn(frame)) yield frame
}

/**
 * What some SDKs take for own code and is not. sentry-go: all but the standard library and vendored packages, so Go's
 * folder of downloaded modules, too; sentry-python up to 1.9: the packages of Debian.
 */
const MODULES = /[\\/]pkg[\\/]mod[\\/].+@v\d|\/dist-packages\//

/** Whether a frame is the developer's own code: as the SDK said, else by where the file lies. */
export function isOwn(frame: Frame): boolean {
  const path = frame.abs_path ?? frame.filename ?? ''
  if (frame.in_app !== undefined) return frame.in_app && !MODULES.test(path)
  if (path === '' || BUILTIN.test(path)) return false
  return !PACKAGES.some(({ form }) => form.test(path))
}

/** Languages whose stack traces name the class of a function: com.acme.Orders.place(Orders.java:12). */
const CLASSES = /^(?:java|csharp|dotnet|php|elixir|erlang)$/

/** How a call is named and where it is, for a row: the function, the path and, apart from it, the line and column. */
export function frameWhere(frame: Frame, root: string, platform = ''): { call: string; path: string; at: string; title: string } {
  const language = frame.platform ?? platform
  const fn = frame.function === undefined || frame.function === '?' ? '' : frame.function
  const line = frame.line !== undefined && frame.line > 0 ? `:${frame.line}` : ''
  const at = line + (line !== '' && frame.column !== undefined && frame.column > 0 ? `:${frame.column}` : '')
  const full = (frame.abs_path ?? frame.filename ?? '').replace(/^file:\/\/(?:\/(?=[A-Za-z]:))?/, '')
  const module = CLASSES.test(language) && fn !== '' && !/[ (]/.test(fn) ? (frame.module ?? '').replace(/,.*$/, '') : ''
  // What stands behind the last dot is a class; a closure's name may hold its class already.
  const cut = Math.max(module.lastIndexOf('.'), module.lastIndexOf('\\'))
  const name = module.slice(cut + 1)
  // sentry-go calls the closures of a function by their number alone.
  const bare = /^\d/.test(fn) && frame.module !== undefined ? `${frame.module.replace(/^.*\//, '')}.${fn}` : fn
  const call = name === '' || fn.startsWith(`${name}.`) || fn.includes('\\') ? bare : `${name}${language === 'php' ? '::' : '.'}${fn}`.replace('..', '.')
  if (module !== '' && !/[\\/]/.test(full)) { // the name of a file alone says nothing of where it is
    return { call, path: module.slice(0, Math.max(0, cut)), at: full === '' ? '' : ` (${full}${line})`, title: `${module}.${fn}(${full}${line})` }
  }
  const resolved = frame.resolved_with !== undefined && frame.filename !== undefined
  const path = shortPath((resolved ? frame.filename : frame.abs_path ?? frame.filename) ?? '', root) || frame.module || frame.package || ''
  return { call, path, at, title: (full || frame.module || '') + at }
}

/** What frames without a file belong to: built-in functions, native code. */
const RUNTIME = 'the runtime'

/** The package a library frame belongs to, for "12 frames in …", without its version. */
export function packageOf(frame: Frame): string {
  const path = frame.abs_path ?? frame.filename ?? ''
  if (path.startsWith('node:')) return path.replace(/^(node:[^/]+).*$/, '$1')
  const short = shortPath(path)
  if (!short.startsWith('pkg:')) {
    if (frame.package !== undefined && !/^$|[\\/]$/.test(frame.package)) return frame.package.replace(/^.*[\\/]/, '').replace(/(?:-\d[\w.-]*)?\.jar$/, '')
    if (BUILTIN.test(path)) return RUNTIME
    if (frame.module !== undefined && frame.module !== '') return frame.module.split(/[./]/).slice(0, 2).join('.')
    return short === '' ? RUNTIME : short
  }
  const parts = short.slice(4).split('/')
  const versioned = parts.findIndex((part, i) => part.lastIndexOf('@') > 0 && i < 9)
  if (versioned >= 0) return [...parts.slice(0, versioned), parts[versioned]!.replace(/@[^@]*$/, '')].join('/')
  if (short.endsWith('.go')) return parts.slice(0, -1).join('/')
  return parts.slice(0, parts[0]!.startsWith('@') ? 2 : 1).join('/').replace(/\.(py|js|mjs|cjs|rb)$/, '')
}
