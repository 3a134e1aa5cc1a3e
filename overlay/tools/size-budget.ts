// Size budgets of overlay-spec.md 13. The build prints them and fails when one is broken.
import { gzipSync } from 'node:zlib'
import type { Plugin, Rolldown } from 'vite'

/** Bytes after gzip. */
const INITIAL = 60 * 1024
const CSS = 14 * 1024
const LAZY_CHUNK = 45 * 1024
const EVERYTHING = 240 * 1024

type Chunk = Rolldown.OutputChunk

export function sizeBudget(): Plugin {
  return {
    name: 'spotlight:size-budget',
    apply: 'build',
    enforce: 'post',
    generateBundle(_options, bundle) {
      const chunks = Object.values(bundle).filter((out): out is Chunk => out.type === 'chunk')
      const byName = new Map(chunks.map((chunk) => [chunk.fileName, chunk]))
      const initial = new Set<string>()
      const visit = (name: string) => {
        if (initial.has(name)) return
        initial.add(name)
        for (const next of byName.get(name)?.imports ?? []) visit(next)
      }
      // What the page names: Vite puts a chunk without code of its own straight into the page, so "is an entry" says nothing.
      const page = bundle['index.html']
      if (page?.type !== 'asset') this.error('size budget: there is no index.html to start from')
      for (const [, name] of String(page.source).matchAll(/(?:src|href)="\/(assets\/[^"]+\.js)"/g)) visit(name!)
      if (initial.size === 0) this.error('size budget: index.html loads no script')

      const size = (chunk: Chunk) => gzipSync(chunk.code, { level: 9 }).length
      const sum = (list: Chunk[]) => list.reduce((total, chunk) => total + size(chunk), 0)
      const rows: [string, number, number][] = [
        ['initial', sum(chunks.filter((c) => initial.has(c.fileName))), INITIAL],
        ['css', cssSize(chunks), CSS],
        ...chunks.filter((c) => !initial.has(c.fileName)).map((c): [string, number, number] => [c.fileName, size(c), LAZY_CHUNK]),
        ['everything', sum(chunks), EVERYTHING],
      ]
      const broken = rows.filter(([, is, budget]) => is > budget)
      for (const [name, is, budget] of rows) {
        const mark = is > budget ? 'OVER' : 'ok'
        console.log(`${mark.padEnd(5)}${name.padEnd(44)}${kib(is).padStart(10)} of ${kib(budget)} gzip`)
      }
      if (broken.length > 0) this.error(`size budget broken: ${broken.map(([name]) => name).join(', ')}`)
    },
  }
}

// The sheet travels inside the script as a string; its own budget is of that string.
function cssSize(chunks: Chunk[]): number {
  const sheets = chunks.flatMap((chunk) =>
    Object.entries(chunk.modules).filter(([id]) => id.endsWith('.css?inline')).map(([, module]) => module.code ?? ''))
  return sheets.reduce((total, code) => total + gzipSync(code, { level: 9 }).length, 0)
}

const kib = (bytes: number) => `${(bytes / 1024).toFixed(1)} KiB`
