// What the plugin writes is what the debugid command writes, byte for byte where the map's JSON was compact already.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import test from 'node:test'
import { inject, normalizeId, scriptDebugId } from '../src/inject.js'

const vectors = path.resolve(import.meta.dirname, '../../../testdata/vectors/debugid/inject')
const root = path.resolve(import.meta.dirname, '../../..')

function scripts() {
  const out = []
  for (const file of readdirSync(vectors)) {
    for (const c of JSON.parse(readFileSync(path.join(vectors, file), 'utf8')).cases) {
      for (const [name, code] of Object.entries(c.input)) {
        if (/\.[cm]?js$/.test(name) && !name.includes('/') && (c.exit ?? 0) === 0) out.push({ id: c.id, name, code, map: c.input[`${name}.map`] ?? null })
      }
    }
  }
  return out
}

test('the same as the command', () => {
  const dir = mkdtempSync(path.join(tmpdir(), 'debugid-'))
  try {
    const cases = scripts().filter((c) => c.map !== null || /sourceMappingURL=data:/.test(c.code))
    assert.ok(cases.length > 20, `${cases.length} cases`)
    cases.forEach((c, i) => {
      const folder = path.join(dir, String(i))
      mkdirSync(folder)
      writeFileSync(path.join(folder, c.name), c.code)
      if (c.map !== null) writeFileSync(path.join(folder, `${c.name}.map`), c.map)
    })
    execFileSync('go', ['run', './cmd/debugid', 'inject', dir], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] })
    cases.forEach((c, i) => {
      const ours = inject(c.code, c.map)
      const theirs = readFileSync(path.join(dir, String(i), c.name), 'utf8')
      if (ours === null) {
        assert.equal(theirs, c.code, c.id) // neither injects without a map
        return
      }
      assert.equal(scriptDebugId(theirs), ours.debugId, `${c.id}: the same ID`)
      const hide = (code) => code.replace(/base64,[^ \n]*/, 'base64,MAP')
      assert.equal(hide(ours.code), hide(theirs), c.id)
      if (c.map !== null) {
        const map = readFileSync(path.join(dir, String(i), `${c.name}.map`), 'utf8')
        const parse = (text) => JSON.parse(text.replace(/^\)\]\}.*\n/, ''))
        assert.deepEqual(parse(ours.map), parse(map), c.id)
      }
    })
  } finally {
    rmSync(dir, { recursive: true })
  }
})

test('a second run changes nothing', () => {
  for (const c of scripts()) {
    const once = inject(c.code, c.map)
    if (once === null) continue
    const twice = inject(once.code, once.map)
    assert.equal(twice.changed, false, c.id)
    assert.equal(twice.code, once.code, c.id)
  }
})

test('ids', () => {
  const id = 'bd849f25-e9bf-57d4-a85b-1a03576b4511'
  assert.equal(normalizeId(id.toUpperCase().replaceAll('-', '')), id)
  assert.equal(normalizeId('nonsense'), '')
  assert.equal(scriptDebugId(`//# debugId=${id}\n//# debugId=nonsense`), id)
})
