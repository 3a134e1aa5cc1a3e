// Size budgets of the overlay inside a host page, and the types of the npm package, which are the text of embed/api.ts.
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Plugin, Rolldown } from 'vite'

/** Bytes after gzip (overlay-spec.md 13). */
const TRIGGER = 12 * 1024
const OPENED = 60 * 1024
const LAZY_CHUNK = 45 * 1024
const EVERYTHING = 240 * 1024

export function embedBudget(): Plugin {
  return {
    name: 'spotlight:embed-budget',
    apply: 'build',
    enforce: 'post',
    generateBundle(_options, bundle) {
      const chunks = Object.values(bundle).filter((out): out is Rolldown.OutputChunk => out.type === 'chunk')
      const byName = new Map(chunks.map((chunk) => [chunk.fileName, chunk]))
      const below = (name: string, found = new Set<string>()): Set<string> => {
        if (found.has(name)) return found
        found.add(name)
        for (const next of byName.get(name)?.imports ?? []) below(next, found)
        return found
      }
      const panel = chunks.find((chunk) => chunk.moduleIds.some((id) => id.endsWith('/embed/panel.tsx')))
      if (panel === undefined || !byName.has('overlay.js') || !byName.has('embed.js')) return this.error('embed budget: overlay.js, embed.js or the panel is missing')
      const size = (names: Iterable<string>) => [...names].reduce((sum, name) => sum + gzipSync(byName.get(name)!.code, { level: 9 }).length, 0)
      const trigger = new Set([...below('overlay.js'), ...below('embed.js')])
      const opened = [...below(panel.fileName)].filter((name) => !trigger.has(name))
      const rows: [string, number, number][] = [
        ['trigger (embedded, closed)', size(trigger), TRIGGER],
        ['opened (embedded)', size(opened), OPENED],
        ...chunks.filter((c) => !trigger.has(c.fileName) && !opened.includes(c.fileName)).map((c): [string, number, number] => [c.fileName, size([c.fileName]), LAZY_CHUNK]),
        ['everything (embedded)', size(byName.keys()), EVERYTHING],
      ]
      const broken = rows.filter(([, is, budget]) => is > budget)
      for (const [name, is, budget] of rows) {
        if (name.startsWith('assets/') && is <= budget) continue
        console.log(`${(is > budget ? 'OVER' : 'ok').padEnd(5)}${name.padEnd(44)}${kib(is).padStart(10)} of ${kib(budget)} gzip`)
      }
      if (broken.length > 0) this.error(`size budget broken: ${broken.map(([name]) => name).join(', ')}`)

      const api = readFileSync(resolve(import.meta.dirname, '../src/embed/api.ts'), 'utf8')
      this.emitFile({
        type: 'asset', fileName: 'embed.d.ts',
        source: `${api}\n/** Puts the overlay into this page; a second call returns the first one's handle. */\nexport declare function init(options?: Options): Handle\n`,
      })
    },
  }
}

const kib = (bytes: number) => `${(bytes / 1024).toFixed(1)} KiB`
