// webpack's eval devtools: code and map of every module are a text inside the bundle, which stack traces do not name.
import assert from 'node:assert/strict'
import path from 'node:path'
import test, { after, before } from 'node:test'
import { launch } from '../browser/browser.mjs'
import webpack from '../../sdk/debugid/node_modules/webpack/lib/index.js'
import { assertClick, dsn, errorOf, event, layApp, lineOf, runServer, serveFolder } from './kit.mjs'

let browser
before(async () => (browser = await launch()))
after(() => browser.close())

/** Builds the app for development with a devtool, for browsers or for Node, and returns its folder. */
async function build(name, devtool, target) {
  const dir = layApp(`builds/${name}`)
  const node = target === 'node'
  await new Promise((done, failed) => {
    webpack({
      mode: 'development', devtool, target, context: dir, entry: node ? './src/server.ts' : './src/main.ts',
      output: { path: path.join(dir, 'dist'), filename: node ? 'server.cjs' : 'main.js', uniqueName: 'shop' },
      resolve: { extensions: ['.ts', '.js'], symlinks: false },
      module: { rules: [{ test: /\.ts$/, use: path.resolve('ts-loader.cjs') }] },
      plugins: [new webpack.DefinePlugin({ __DSN__: JSON.stringify(dsn) })],
      externals: node ? { '@sentry/node': 'commonjs @sentry/node' } : {},
    }).run((error, stats) => (error || stats.hasErrors() ? failed(error ?? new Error(stats.toString())) : done()))
  })
  return dir
}

/** Checks the line that throws, and the one that calls it from a package. */
function assertLines(got, resolvedWith) {
  const cause = got.exceptions[1].frames
  const throws = lineOf('src/cart.ts', 'the line that throws')
  assert.deepEqual(
    { filename: cause[0].filename, line: cause[0].line, text: cause[0].context_line, fn: cause[0].function, with: cause[0].resolved_with },
    { filename: '~/src/cart.ts', line: throws.line, text: throws.text, fn: 'priceOfLine', with: resolvedWith },
  )
  assert.equal(cause[1].filename, 'pkg:tiny-money/index.js')
  assert.equal(cause[1].in_app, false)
  assert.match(got.exceptions[1].raw_frames[0].filename, /^webpack-internal:/)
}

for (const devtool of ['eval-source-map', 'eval-cheap-module-source-map']) {
  test(`${devtool} in a browser`, async () => {
    const dir = await build(`page-${devtool}`, devtool, 'web')
    const server = await serveFolder(path.join(dir, 'dist'), '<script defer src="main.js"></script><button id="order">Order</button><p id="said"></p>')
    try {
      const got = await event(await errorOf(browser, server.url), (e) => e.exceptions[1].frames[0].resolved_with !== undefined)
      assertLines(got, 'path')
      assertClick(got)
    } finally {
      await server.close()
    }
  })
}

test('eval-source-map in Node', async () => {
  const dir = await build('node-eval', 'eval-source-map', 'node')
  const got = await event(await runServer(dir, 'dist/server.cjs'), (e) => e.exceptions[1].frames[0].resolved_with !== undefined)
  assertLines(got, 'path')
})

test('eval, which has no maps: the lines that ran, and what to do', async () => {
  const dir = await build('node-plain', 'eval', 'node')
  const got = await event(await runServer(dir, 'dist/server.cjs'), (e) => e.exceptions[1].frames[0].context_line !== undefined)
  const top = got.exceptions[1].frames[0]
  assert.match(top.context_line, /throw new TypeError\(`no product for \$\{line\.sku\}`\);/)
  assert.match(top.unresolved, /set devtool: 'eval-source-map'/)
})
