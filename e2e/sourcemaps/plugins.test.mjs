// Sentry's plugins for webpack, Rollup and esbuild upload to the Collector, unchanged; the maps are gone when the error comes.
// And what sentry-cli does with releases: builds without debug IDs.
import assert from 'node:assert/strict'
import { copyFileSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import test from 'node:test'
import { sentryEsbuildPlugin } from '@sentry/bundler-plugins/esbuild'
import { sentryRollupPlugin } from '@sentry/bundler-plugins/rollup'
import { sentryWebpackPlugin } from '@sentry/bundler-plugins/webpack'
import * as esbuild from '../../sdk/debugid/node_modules/esbuild/lib/main.js'
import { rollup } from '../../sdk/debugid/node_modules/rollup/dist/es/rollup.js'
import webpack from '../../sdk/debugid/node_modules/webpack/lib/index.js'
import { buildServer, dsn, event, layApp, lineOf, pluginOptions, runServer, sentryCli } from './kit.mjs'

const build = {
  webpack: (dir) => new Promise((done, failed) => {
    webpack({
      mode: 'production', devtool: 'source-map', target: 'node20', context: dir, entry: './src/server.ts',
      output: { path: path.join(dir, 'dist'), filename: 'server.cjs' }, resolve: { extensions: ['.ts', '.js'], symlinks: false },
      module: { rules: [{ test: /\.ts$/, use: path.resolve('ts-loader.cjs') }] }, externals: { '@sentry/node': 'commonjs @sentry/node' },
      plugins: [sentryWebpackPlugin(pluginOptions)],
    }).run((error, stats) => (error || stats.hasErrors() ? failed(error ?? new Error(stats.toString())) : done('dist/server.cjs')))
  }),
  async rollup(dir) {
    const typescript = {
      name: 'typescript',
      resolveId: (id, from) => (id.startsWith('.') && from ? path.resolve(path.dirname(from), `${id}.ts`) : id === 'tiny-money' ? path.join(dir, 'node_modules/tiny-money/index.js') : null),
      async transform(code, id) {
        return id.endsWith('.ts') ? esbuild.transform(code, { loader: 'ts', sourcemap: true, sourcefile: id, target: 'es2022' }) : null
      },
    }
    const bundle = await rollup({ input: path.join(dir, 'src/server.ts'), external: ['@sentry/node'], plugins: [typescript, sentryRollupPlugin(pluginOptions)] })
    await bundle.write({ dir: path.join(dir, 'dist'), format: 'es', sourcemap: true, entryFileNames: 'server.js' })
    await bundle.close()
    return 'dist/server.js'
  },
  async esbuild(dir) {
    await esbuild.build({
      entryPoints: [path.join(dir, 'src/server.ts')], bundle: true, minify: true, platform: 'node', format: 'esm', sourcemap: true,
      outfile: path.join(dir, 'dist/server.js'), external: ['@sentry/node'], logLevel: 'error', plugins: [sentryEsbuildPlugin(pluginOptions)],
    })
    return 'dist/server.js'
  },
}

/** Checks the line that throws. Plugins name sources in their own ways, so that only the end of the path is the same. */
function assertThrows(got, resolvedWith) {
  const top = got.exceptions[1].frames[0]
  const throws = lineOf('src/cart.ts', 'the line that throws')
  assert.deepEqual(
    { line: top.line, text: top.context_line, fn: top.function, with: top.resolved_with, in_app: top.in_app },
    { line: throws.line, text: throws.text, fn: 'priceOfLine', with: resolvedWith, in_app: true },
  )
  assert.match(top.filename, /^~\/(.*\/)?src\/cart\.ts$/)
  assert.match(got.exceptions[1].frames[1].filename, /tiny-money\/index\.js$/)
}

for (const [name, run] of Object.entries(build)) {
  test(name, async () => {
    const dir = layApp(`plugin-${name}`)
    const script = await run(dir)
    for (const file of readdirSync(path.join(dir, 'dist'))) if (file.endsWith('.map')) rmSync(path.join(dir, 'dist', file))
    assertThrows(await event(await runServer(dir, script), (e) => e.exceptions[1].frames[0].resolved_with !== undefined), 'debug_id')
  })
}

test('sentry-cli: a release from its first to its last command, found by release, dist and URL', async () => {
  const dir = layApp('release')
  await buildServer(dir)
  mkdirSync(path.join(dir, 'out'))
  for (const file of ['server.js', 'server.js.map']) copyFileSync(path.join(dir, 'dist', file), path.join(dir, 'out', file))
  await sentryCli(dir, 'releases', 'new', 'shop@7')
  await sentryCli(dir, 'sourcemaps', 'upload', '--release', 'shop@7', '--dist', '42', '--url-prefix', '~/static/js', '--wait', 'out')
  await sentryCli(dir, 'releases', 'finalize', 'shop@7')
  await sentryCli(dir, 'deploys', 'new', '--release', 'shop@7', '-e', 'dev')
  const column = readFileSync(path.join(dir, 'dist/server.js'), 'utf8').split('\n')[0].indexOf('TypeError(') + 1
  const ask = async (dist, id) => {
    const url = 'https://shop.example/static/js/server.js?v=3'
    const frames = [{ filename: url, abs_path: url, function: 't', lineno: 1, colno: column, in_app: true }]
    const body = { event_id: id, platform: 'javascript', release: 'shop@7', dist, exception: { values: [{ type: 'TypeError', value: 'x', stacktrace: { frames } }] } }
    const { origin, username, pathname } = new URL(dsn)
    await fetch(`${origin}/api${pathname}/store/?sentry_key=${username}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
    return (await event(id)).exceptions[0].frames[0]
  }
  const found = await ask('42', '00000000000000000000000000000042')
  assert.deepEqual([found.resolved_with, found.line, found.filename], ['release', lineOf('src/cart.ts', 'the line that throws').line, '~/src/cart.ts'])
  const missed = await ask('43', '00000000000000000000000000000043')
  assert.match(missed.unresolved, /release shop@7 was uploaded with dist 42, the event has dist 43/)
  await sentryCli(dir, 'releases', 'delete', 'shop@7')
})
