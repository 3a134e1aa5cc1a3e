// The rules of the house that a machine can keep: which layer may import which, and what no file may contain.
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'

const SRC = resolve(import.meta.dirname, '../src')

// Layer -> layers it may import, beside itself. `lib` sees the types of `wire` and nothing else of it.
const ARROWS: Record<string, string[]> = {
  wire: [],
  lib: ['wire/model.gen.ts'],
  store: ['wire', 'lib'],
  ui: ['lib', 'wire/model.gen.ts'],
  views: ['store', 'lib', 'ui', 'wire'],
  shell: ['store', 'lib', 'ui', 'wire', 'views', 'styles'],
  embed: ['store', 'lib', 'ui', 'wire', 'views', 'styles', 'shell'],
}
// Folders of views that every view may use.
const SHARED_VIEWS = new Set(['parts'])

const BANNED: { form: RegExp; why: string; except?: RegExp }[] = [
  { form: /\.(inner|outer)HTML\b|insertAdjacentHTML|dangerouslySetInnerHTML|document\.write/, why: 'text from strangers is never markup' },
  { form: /\beval\(|new Function\(/, why: 'pages forbid it (CSP)' },
  { form: /\bstyle=(?:"|')/, why: 'style text is forbidden by strict CSP; use an object or a class' },
  { form: /^export default/m, why: 'a file is named like what it exports' },
  { form: /^export \* from/m, why: 'no barrels' },
  { form: /#[0-9a-fA-F]{3,8}\b(?=['"`;,\s)])/, why: 'colours live in styles/tokens.css', except: /tokens\.css$|\.test\.|snippets\.ts$/ },
  { form: /createElement\(['"]style['"]\)/, why: 'styles go through adoptedStyleSheets' },
]

function files(dir: string): string[] {
  return readdirSync(dir, { withFileTypes: true }).flatMap((entry) => {
    const path = join(dir, entry.name)
    return entry.isDirectory() ? files(path) : /\.(ts|tsx)$/.test(path) ? [path] : []
  })
}

const all = files(SRC).filter((file) => !/\.test\.|\.gen\.ts$/.test(file))
const name = (file: string) => relative(SRC, file)

function imports(file: string): string[] {
  const text = readFileSync(file, 'utf8')
  return [...text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)].map((m) => relative(SRC, resolve(dirname(file), m[1]!.replace(/\?.*$/, ''))))
}

describe('layers', () => {
  it.each(all.map((file) => [name(file), file] as const))('%s imports only what lies below it', (self, file) => {
    const layer = self.split('/')[0]!
    const allowed = ARROWS[layer]
    expect(allowed, `${layer} is no layer`).toBeDefined()
    for (const target of imports(file)) {
      const to = target.split('/')[0]!
      const fine = to === layer || allowed!.some((a) => target === a || to === a)
      expect(fine, `${self} imports ${target}: ${layer} may import ${allowed!.join(', ') || 'nothing'}`).toBe(true)
    }
  })

  it.each(all.filter((file) => name(file).startsWith('views/')).map((file) => [name(file), file] as const))('%s imports no other view', (self, file) => {
    const parts = self.split('/')
    if (parts.length < 3) return
    for (const target of imports(file)) {
      const to = target.split('/')
      if (to[0] !== 'views' || to.length < 3) continue
      expect(to[1] === parts[1] || SHARED_VIEWS.has(to[1]!), `${self} imports ${target}: what two views need belongs to ui, lib or views/parts`).toBe(true)
    }
  })

  it('lib and wire know no framework', () => {
    for (const file of all.filter((f) => /^(lib|wire)\//.test(name(f)))) expect(readFileSync(file, 'utf8'), name(file)).not.toMatch(/from '(preact|@preact)/)
  })

  it('the store knows no components', () => {
    for (const file of all.filter((f) => name(f).startsWith('store/'))) expect(readFileSync(file, 'utf8'), name(file)).not.toMatch(/from '(preact|preact\/hooks|@preact\/signals)'/)
  })
})

describe('what no file contains', () => {
  it.each(BANNED.map((rule) => [String(rule.form), rule] as const))('%s', (_, rule) => {
    for (const file of all) {
      if (rule.except?.test(file) === true) continue
      expect(readFileSync(file, 'utf8'), `${name(file)}: ${rule.why}`).not.toMatch(rule.form)
    }
  })

  // A signal is an object and so always true: only its value can be asked. Names that hold signals are collected from
  // their declarations, and may not stand alone in a condition.
  it('a signal as a condition', () => {
    const signals = new Set<string>()
    for (const file of all) {
      const text = readFileSync(file, 'utf8')
      for (const m of text.matchAll(/(?:const|readonly)?\s*(\w+)(?:: \w*Signal<|\s*=\s*(?:signal|computed|useSignal|useComputed)\b(?![^\n]*\)\.value))/g)) signals.add(m[1]!)
    }
    for (const known of ['place', 'settings', 'status', 'paused', 'toast']) expect(signals, 'the search for signals is broken').toContain(known)
    const names = [...signals].join('|')
    const alone = new RegExp(`(?:if \\(|&& |\\|\\| |\\(!|\\? )(?:app\\.(?:feed\\.)?|feed\\.)(?:${names})(?![\\w.([])`)
    for (const file of all) expect(readFileSync(file, 'utf8'), name(file)).not.toMatch(alone)
  })
})
