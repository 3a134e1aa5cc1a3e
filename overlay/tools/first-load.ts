// Everything the first load needs in one file: what is reached by static imports from the entry. Left alone, the bundler
// makes a chunk of every module that a lazy view shares with it: fifty requests, and a tenth more bytes after gzip.
import type { Plugin } from 'vite'

export function firstLoad(): Plugin & { has: (id: string) => boolean } {
  const reached = new Set<string>()
  return {
    name: 'spotlight:first-load',
    apply: 'build',
    buildEnd() {
      reached.clear()
      const todo = [...this.getModuleIds()].filter((id) => this.getModuleInfo(id)?.isEntry === true)
      for (let id = todo.pop(); id !== undefined; id = todo.pop()) {
        if (reached.has(id)) continue
        reached.add(id)
        todo.push(...(this.getModuleInfo(id)?.importedIds ?? []))
      }
    },
    has: (id) => reached.has(id),
  }
}
