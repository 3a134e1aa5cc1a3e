// Paths of source files, short enough for a row and without the name of anybody's home folder (MUST-ERR-2).
// Lists show them too; what only the page of an error needs to know of frames is in frameWhere.ts.

/** Package code by where package managers put it. Groups: name, version, rest. */
export const PACKAGES: { form: RegExp; of: (m: RegExpExecArray) => string }[] = [
  { form: /[\\/]\.pnpm[\\/]([^\\/]+?)@([^\\/_(]+)[^\\/]*[\\/]node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)[\\/](.*)$/, of: (m) => `${m[3]}@${m[2]}/${m[4]}` },
  // Vite's optimised dependencies: a slash of a package's name is an underscore there, and what packages share is a chunk.
  { form: /[\\/]node_modules[\\/]\.vite[\\/]deps(?:_\w+)?[\\/](chunk-)?([^\\/?#]+)/, of: (m) => (m[1] === undefined ? m[2]!.replace('_', '/') : `.vite/${m[1]}${m[2]}`) },
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
export const BUILTIN = /^(node:|wasm:|<|\[|native\b|(?:chrome|moz|safari-web)-extension:|internal\/(process|modules|timers|main|streams|bootstrap|util|async_hooks)\b)/
const HOME = /^(?:\/home\/[^/]+|\/Users\/[^/]+|\/root|[A-Za-z]:[\\/]Users[\\/][^\\/]+)[\\/]/

/** A path as this machine writes it: of a URL of a file, with slashes. */
export const localPath = (path: string): string => path.replace(/^file:\/\/(?:\/(?=[A-Za-z]:))?/, '').replaceAll('\\', '/')

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
