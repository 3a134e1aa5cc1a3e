// Each bundler builds a small app with the plugin; the error of the built script, run in Node, carries the debug ID, and
// the map has the same one and still leads to the right line.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import test from 'node:test'
import * as esbuild from 'esbuild'
import { rollup } from 'rollup'
import { build as viteBuild } from 'vite'
import webpack from 'webpack'
import * as debugid from '../src/index.js'
import { scriptDebugId } from '../src/inject.js'

const SOURCE = { 'main.js': "'use strict'\nimport { fail } from './fail.js'\n\nfail('checkout')\n", 'fail.js': '// a comment\nexport function fail(what) {\n  throw new Error(`cannot ${what}`)\n}\n' }

const bundlers = {
  async esbuild(dir) {
    await esbuild.build({ entryPoints: [path.join(dir, 'src/main.js')], bundle: true, minify: true, sourcemap: true, platform: 'node', outfile: path.join(dir, 'dist/main.js'), logLevel: 'silent', plugins: [debugid.esbuild()] })
  },
  async 'esbuild in memory'(dir) {
    const result = await esbuild.build({ entryPoints: [path.join(dir, 'src/main.js')], bundle: true, minify: true, sourcemap: true, write: false, platform: 'node', outfile: path.join(dir, 'dist/main.js'), logLevel: 'silent', plugins: [debugid.esbuild()] })
    mkdirSync(path.join(dir, 'dist'))
    for (const file of result.outputFiles) writeFileSync(file.path, file.contents)
  },
  async rollup(dir) {
    const bundle = await rollup({ input: path.join(dir, 'src/main.js'), plugins: [debugid.rollup()] })
    await bundle.write({ dir: path.join(dir, 'dist'), format: 'cjs', sourcemap: true })
    await bundle.close()
  },
  async vite(dir) {
    await viteBuild({ root: dir, configFile: false, logLevel: 'silent', plugins: [debugid.vite()], build: { outDir: 'dist', sourcemap: true, rollupOptions: { input: path.join(dir, 'src/main.js'), output: { format: 'cjs', entryFileNames: 'main.js' } } } })
  },
  async webpack(dir) {
    await new Promise((resolve, reject) => {
      webpack({ mode: 'production', target: 'node', context: dir, entry: './src/main.js', devtool: 'source-map', output: { path: path.join(dir, 'dist'), filename: 'main.js' }, plugins: [debugid.webpack()] }, (error, stats) => {
        if (error || stats.hasErrors()) reject(error ?? new Error(stats.toString()))
        else resolve()
      })
    })
  },
}

for (const [name, build] of Object.entries(bundlers)) {
  test(name, async () => {
    const dir = mkdtempSync(path.join(tmpdir(), 'debugid-'))
    try {
      mkdirSync(path.join(dir, 'src'))
      for (const [file, text] of Object.entries(SOURCE)) writeFileSync(path.join(dir, 'src', file), text)
      await build(dir)
      const dist = path.join(dir, 'dist')
      const script = readFileSync(path.join(dist, 'main.js'), 'utf8')
      const map = JSON.parse(readFileSync(path.join(dist, 'main.js.map'), 'utf8'))
      const id = scriptDebugId(script)
      assert.match(id, /^[0-9a-f-]{36}$/, `files: ${readdirSync(dist)}`)
      assert.equal(map.debugId, id)
      const run = `process.on('uncaughtException', (e) => { console.log(JSON.stringify({ ids: globalThis._sentryDebugIds, stack: e.stack })) }); require(${JSON.stringify(path.join(dist, 'main.js'))})`
      const said = JSON.parse(execFileSync(process.execPath, ['-e', run], { encoding: 'utf8' }))
      assert.deepEqual(Object.values(said.ids), [id], 'the running script says its ID')
      const trace = execFileSync(process.execPath, ['--enable-source-maps', path.join(dist, 'main.js')], { encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, NODE_OPTIONS: '' } }).toString()
      assert.fail(`it did not throw: ${trace}`)
    } catch (error) {
      if (!error.stderr) throw error
      assert.match(String(error.stderr), /fail\.js:3/, 'the shifted map leads to the line that throws')
    } finally {
      rmSync(dir, { recursive: true })
    }
  })
}
