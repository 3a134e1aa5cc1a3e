// Everything the first load needs in one file: what is reached by static imports from the entry. Left alone, the bundler
// makes a chunk of every module that a lazy view shares with it: fifty requests, and a tenth more bytes after gzip.
import type { Plugin } from 'vite'

/** from: the module to begin at, if not the entries of the build. */
export function firstLoad(from?: RegExp): Plugin & { has: (id: string) => boolean } {
  const reached = new Set<string>()
  return {
    name: `spotlight:first-load${from?.source ?? ''}`,
    apply: 'build',
    buildEnd() {
      reached.clear()
      const todo = [...this.getModuleIds()].filter((id) => (from === undefined ? this.getModuleInfo(id)?.isEntry === true : from.test(id)))
      for (let id = todo.pop(); id !== undefined; id = todo.pop()) {
        if (reached.has(id)) continue
        reached.add(id)
        todo.push(...(this.getModuleInfo(id)?.importedIds ?? []))
      }
    },
    has: (id) => reached.has(id),
  }
}
