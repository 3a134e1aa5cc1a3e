// Why frames of bundled code could not be put back to their source, and what to paste to change that.
import type { Event, Frame } from '../wire/model.gen.ts'
import { isOwn } from './frameWhere.ts'

export interface Unmapped {
  /** The Collector's words, of the first frame. */
  reason: string
  frames: number
  /** The script, as the stack trace names it. */
  file: string
}

export interface Fix {
  what: string
  /** Text to paste, and where it belongs. */
  paste?: { where: string; text: string }
}

/** Reasons listed of one event. */
const REASONS = 3

/** The reasons why frames of the user's own code are not mapped, most frames first. Nothing when some of them are. */
export function unmapped(event: Event): Unmapped[] {
  const found = new Map<string, Unmapped>()
  for (const frame of framesOf(event)) {
    if (!isOwn(frame)) continue
    if (frame.resolved_with !== undefined) return []
    if (frame.unresolved === undefined) continue
    const kind = frame.unresolved.replace(/https?:\/\/\S+|[0-9a-f]{8}-[0-9a-f-]{27}|\/[^\s,]+/gi, '')
    const known = found.get(kind)
    if (known === undefined) found.set(kind, { reason: frame.unresolved, frames: 1, file: frame.abs_path ?? frame.filename ?? '' })
    else known.frames++
  }
  return [...found.values()].sort((a, b) => b.frames - a.frames).slice(0, REASONS)
}

function* framesOf(event: Event): Generator<Frame> {
  for (const exception of event.exceptions) yield* exception.frames
  for (const thread of event.threads ?? []) yield* thread.frames
}

/** What to do about a reason (the texts of exporter/spotlightexporter/internal/sources). endpoint is the Collector's own. */
export function fixes({ reason, file }: Unmapped, endpoint: string): Fix[] {
  const folder = folderOf(reason, file)
  const upload: Fix = {
    what: 'upload the build with Sentry’s command',
    paste: { where: 'shell', text: `export SENTRY_URL=${endpoint} SENTRY_AUTH_TOKEN=local SENTRY_ORG=local SENTRY_PROJECT=app\nnpx @sentry/cli sourcemaps upload ${word(folder)}` },
  }
  const ids: Fix = { what: 'give the build debug IDs', paste: { where: 'shell', text: `debugid inject ${word(folder)} && debugid check ${word(folder)}` } }
  const paths: Fix = { what: 'let the Collector watch the folder of the build; a rebuild is picked up too', paste: setting('paths', [folder]) }
  const host = /host (\S+) may not be asked/.exec(reason)?.[1]
  const maps: Fix = { what: 'build with source maps', paste: { where: 'vite.config, or webpack.config, or next.config', text: "build: { sourcemap: true }          // Vite\ndevtool: 'source-map'               // webpack\nproductionBrowserSourceMaps: true   // Next.js" } }
  if (host !== undefined) return [{ what: `let the Collector fetch scripts and maps from ${host}`, paste: setting('allowed_hosts', [host]) }, ids, upload]
  if (/another build/.test(reason)) return [{ what: 'rebuild, and reload the page or restart the program: the script that ran is not the one that was built last' }, ids]
  if (/no source map with debug ID/.test(reason)) return [paths, upload]
  if (/devtool 'eval' keeps no source maps/.test(reason)) return [{ what: 'choose a devtool that keeps maps', paste: { where: 'webpack.config', text: "devtool: 'eval-source-map'" } }]
  if (/runs this module by eval/.test(reason)) return [{ what: 'choose a devtool whose maps can be read', paste: { where: 'webpack.config', text: "devtool: 'cheap-module-source-map'" } }, paths]
  if (/may not be read: name/.test(reason)) return [paths, upload]
  if (/^release .* was uploaded/.test(reason)) return [{ what: 'upload again, with the release, dist and --url-prefix that the error has' }, ids]
  if (/connection refused|no such host|timeout|deadline/i.test(reason)) return [{ what: `start the dev server at ${origin(file)} again: errors that are already here get better when it answers` }, ids, upload]
  if (/its map could not be fetched|its map is on a server/.test(reason)) return [maps, ids, upload]
  if (/no artifact of release/.test(reason)) return [ids, upload]
  if (/has no line number|says nothing of this position/.test(reason)) return [{ what: 'rebuild script and map together, and see what the map lacks', paste: { where: 'shell', text: `debugid check ${word(folder)}` } }]
  return [maps, ids, upload]
}

// The folder of the build: the Collector names it when it can, else it is where the script is; a URL says nothing of disks.
function folderOf(reason: string, file: string): string {
  const named = /(?:the folder of the build, (?<of>.+?),|may not be read: name (?<out>.+?)) in source_maps/.exec(reason)?.groups
  const folder = named?.of ?? named?.out
  if (folder !== undefined) return folder
  const path = file.replace(/^file:\/\//, '')
  return /^(?:\/|[A-Za-z]:[\\/])/.test(path) ? path.replace(/[\\/][^\\/]*$/, '') : 'dist'
}

const origin = (url: string): string => /^https?:\/\/[^/]+/.exec(url)?.[0] ?? 'its address'

const setting = (key: string, values: string[]): Fix['paste'] => ({
  where: 'configuration of the Collector', text: `exporters:\n  spotlight:\n    source_maps:\n      ${key}: [${values.map((v) => JSON.stringify(v)).join(', ')}]`,
})

/** One word of a POSIX shell. */
const word = (text: string): string => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`)
