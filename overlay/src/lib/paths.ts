// Paths of source files, short enough for a row and without the name of anybody's home folder (MUST-ERR-2).
import type { Event, Frame } from '../wire/model.gen.ts'

/** Package code by where package managers put it. Groups: name, version, rest. */
const PACKAGES: { form: RegExp; of: (m: RegExpExecArray) => string }[] = [
  { form: /[\\/]\.pnpm[\\/]([^\\/]+?)@([^\\/_(]+)[^\\/]*[\\/]node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)[\\/](.*)$/, of: (m) => `${m[3]}@${m[2]}/${m[4]}` },
  { form: /(?:^|.*[\\/])node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)[\\/](.*)$/, of: (m) => `${m[1]}/${m[2]}` },
  { form: /[\\/]pkg[\\/]mod[\\/](.+?@v[^\\/]+)[\\/](.*)$/, of: (m) => `${m[1]}/${m[2]}` },
  { form: /[\\/](?:site|dist)-packages[\\/](.*)$/, of: (m) => m[1]! },
  { form: /[\\/]gems[\\/]([^\\/]+)-(\d[^\\/]*)[\\/](.*)$/, of: (m) => `${m[1]}@${m[2]}/${m[3]}` },
  { form: /[\\/]vendor[\\/]([^\\/]+[\\/][^\\/]+)[\\/](.*\.php)$/, of: (m) => `${m[1]}/${m[2]}` },
  { form: /[\\/](?:go|golang)[\\/]src[\\/]((?:[a-z0-9]+[\\/])*[^\\/]+\.go)$/, of: (m) => m[1]! },
  { form: /[\\/]lib[\\/](?:python|ruby[\\/])[\d.]+[\\/](.*)$/, of: (m) => m[1]! },
  { form: /[\\/]rustc[\\/][0-9a-f]{7,}[\\/]+library[\\/](.*)$/, of: (m) => m[1]!.replace(/[^\\/]+[\\/]src[\\/]\.\.[\\/]\.\.[\\/]/, '') },
  { form: /[\\/]\.cargo[\\/](?:registry[\\/]src|git[\\/]checkouts)[\\/][^\\/]+[\\/]([^\\/]+?)-(\d[^\\/]*)[\\/](.*)$/, of: (m) => `${m[1]}@${m[2]}/${m[3]}` },
]
/** Code of the runtime itself: node:fs, <anonymous>, [native code], internal/process/task_queues. */
const BUILTIN = /^(node:|wasm:|<|\[|native\b|(?:chrome|moz|safari-web)-extension:|internal\/(process|modules|timers|main|streams|bootstrap|util|async_hooks)\b)/
const HOME = /^(?:\/home\/[^/]+|\/Users\/[^/]+|\/root|[A-Za-z]:[\\/]Users[\\/][^\\/]+)[\\/]/

/** The path for a row: ~/ for the project, pkg: for a package. root is the project's folder, "" when unknown. */
export function shortPath(path: string, root = ''): string {
  if (path === '') return ''
  if (BUILTIN.test(path)) return path
  for (const { form, of } of PACKAGES) {
    const m = form.exec(path)
    if (m !== null) return `pkg:${of(m).replaceAll('\\', '/')}`
  }
  const local = localPath(path)
    .replace(/^(?:webpack(?:-internal)?|rollup|vite|turbopack):\/\/(?:\/)?(?:[^/]*\/)?(?=\.\/)/, '')
    .replace(/^(?:app|webpack|capacitor):\/\/\/?(?=[^/])/, '')
    .replace(/^app:\/\/\//, '/')
    .replace(/^https?:\/\/[^/]+\//, '')
    .replace(/[?#].*$/, '')
    .replace(/^\.\//, '')
  if (root !== '' && local.startsWith(`${root}/`)) return `~/${local.slice(root.length + 1)}`
  if (HOME.test(path)) return `~/${path.replace(HOME, '').replaceAll('\\', '/')}`
  if (local.startsWith('~/')) return local
  return local.startsWith('/') || /^[A-Za-z]:\//.test(local) ? local : `~/${local}`
}

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

/** A path that begins at a root, of Unix or of a drive of Windows. */
const ROOTED = /^(?:\/|[A-Za-z]:\/)/
const localPath = (path: string): string => path.replace(/^file:\/\/(?:\/(?=[A-Za-z]:))?/, '').replaceAll('\\', '/')

function* ownFrames(event: Event): Generator<Frame> {
  for (const exception of event.exceptions) for (const frame of exception.frames) if (isOwn(frame)) yield frame
}

/** Go's folder of downloaded modules: sentry-go takes all but the standard library and vendored packages for own code. */
const MODULES = /[\\/]pkg[\\/]mod[\\/].+@v\d/

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
  const full = frame.abs_path ?? frame.filename ?? ''
  const module = CLASSES.test(language) && fn !== '' && !/[ (]/.test(fn) ? (frame.module ?? '').replace(/,.*$/, '') : ''
  // What stands behind the last dot is a class; a closure's name may hold its class already.
  const cut = Math.max(module.lastIndexOf('.'), module.lastIndexOf('\\'))
  const name = module.slice(cut + 1)
  const call = name === '' || fn.startsWith(`${name}.`) || fn.includes('\\') ? fn : `${name}${language === 'php' ? '::' : '.'}${fn}`.replace('..', '.')
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
    if (frame.module !== undefined && frame.module !== '') return frame.module.split(/[./]/).slice(0, 2).join('.')
    return short === '' || BUILTIN.test(path) ? RUNTIME : short
  }
  const parts = short.slice(4).split('/')
  const versioned = parts.findIndex((part, i) => part.lastIndexOf('@') > 0 && i < 9)
  if (versioned >= 0) return [...parts.slice(0, versioned), parts[versioned]!.replace(/@[^@]*$/, '')].join('/')
  if (short.endsWith('.go')) return parts.slice(0, -1).join('/')
  return parts.slice(0, parts[0]!.startsWith('@') ? 2 : 1).join('/').replace(/\.(py|js|mjs|cjs|rb)$/, '')
}
