// What the tests of source maps need: the app of app/ in a folder of its own, builds of it, runs of it, and the API of the
// Collector under test, whose addresses the Go test that runs these files puts into the environment.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import http from 'node:http'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { build, createServer } from 'vite'

export const ui = process.env.SPOTLIGHT_UI
export const dsn = `${process.env.SPOTLIGHT_SENTRY.replace('://', '://key@')}/1`
/** A folder of this test, gone afterwards; its part builds is in the Collector's source_maps::paths. */
export const work = process.env.SPOTLIGHT_WORK
const here = path.dirname(fileURLToPath(import.meta.url))
const run = promisify(execFile)
/** Where Sentry's tools keep what they remember; not in the home of whoever runs the tests. */
export const remembered = path.join(work, 'remembered')
process.env.SENTRY_CONFIG_DIR = remembered
process.env.SENTRY_CLI_NO_TELEMETRY = '1'

/** Lays the app out below a folder, as a project with installed packages. */
export function layApp(name) {
  const dir = path.join(work, name)
  cpSync(path.join(here, 'app'), dir, { recursive: true })
  mkdirSync(path.join(dir, 'node_modules'))
  symlinkSync(path.join(here, 'node_modules/@sentry'), path.join(dir, 'node_modules/@sentry'), 'dir')
  cpSync(path.join(here, 'app/packages/tiny-money'), path.join(dir, 'node_modules/tiny-money'), { recursive: true })
  return dir
}

/** Changes the app so that its build has other debug IDs than every build before. */
export const unique = (text) => ({ name: 'unique', renderChunk: (code) => ({ code: `${code}\nglobalThis.__build = ${JSON.stringify(text)};\n`, map: null }) })

/** Builds the app for Node, minified, into dist/server.js, with its packages in the bundle but for Sentry's SDK. */
export function buildServer(dir, plugins = []) {
  return build({
    root: dir, configFile: false, logLevel: 'error', plugins,
    ssr: { noExternal: ['tiny-money'], external: ['@sentry/node'] },
    build: { ssr: 'src/server.ts', outDir: 'dist', minify: true, sourcemap: true },
  })
}

/** Builds the app for browsers, minified, into outDir. */
export function buildPage(dir, plugins, outDir, sourcemap = true) {
  return build({
    root: dir, configFile: false, logLevel: 'error', plugins, define,
    build: { outDir, minify: true, sourcemap, emptyOutDir: true },
  })
}

/** What a build or a dev server puts in the place of names. */
const define = { __DSN__: JSON.stringify(dsn) }

/** Starts Vite's dev server of the app and returns its address and a function that ends it. */
export async function startDevServer(dir) {
  const server = await createServer({
    root: dir, configFile: false, logLevel: 'error', define, cacheDir: path.join(dir, 'node_modules/.vite'),
    server: { host: '127.0.0.1', port: await freePort(), strictPort: true }, optimizeDeps: { include: ['@sentry/browser'], exclude: ['tiny-money'] },
  })
  await server.listen()
  return { url: `http://127.0.0.1:${server.httpServer.address().port}/`, close: () => server.close() }
}

/** Serves a folder of files, those that it may, with a page where the folder has none, and returns its address and a
 *  function that ends it. */
export async function serveFolder(dir, page = '', may = () => true) {
  const types = { '.html': 'text/html', '.js': 'text/javascript', '.map': 'application/json' }
  const server = http.createServer((request, response) => {
    const file = path.join(dir, path.normalize(new URL(request.url, 'http://x').pathname).replace(/\/$/, '/index.html'))
    if (page && file.endsWith('index.html')) return response.writeHead(200, { 'content-type': types['.html'] }).end(`<!doctype html>${page}`)
    if (!existsSync(file) || !may(file)) return response.writeHead(404).end()
    response.writeHead(200, { 'content-type': types[path.extname(file)] ?? 'text/plain' }).end(readFileSync(file))
  })
  const url = await new Promise((done) => server.listen(0, '127.0.0.1', () => done(`http://127.0.0.1:${server.address().port}/`)))
  return { url, close: () => new Promise((done) => server.close(done).closeAllConnections()) }
}

async function freePort() {
  const server = http.createServer()
  const port = await new Promise((done) => server.listen(0, '127.0.0.1', () => done(server.address().port)))
  await new Promise((done) => server.close(done))
  return port
}

/** Runs the build for Node, which throws, and returns the ID of its event. */
export async function runServer(dir, file = 'dist/server.js') {
  const { stdout } = await run(process.execPath, [file], { cwd: dir, env: { ...process.env, DSN: dsn } })
  return stdout.trim()
}

/** Runs sentry-cli as a user would, with the two lines of docs/debug-ids.md. */
export async function sentryCli(dir, ...args) {
  const { stdout, stderr } = await run(path.join(here, 'node_modules/.bin/sentry-cli'), args, {
    cwd: dir, env: { ...process.env, SENTRY_URL: ui, SENTRY_AUTH_TOKEN: 'local', SENTRY_ORG: 'local', SENTRY_PROJECT: 'app', NO_COLOR: '1' },
  })
  return stdout + stderr
}

/** The options a bundler plugin of Sentry's needs; what goes wrong ends the build. */
export const pluginOptions = {
  url: ui, authToken: 'local', org: 'local', project: 'app', release: { name: 'shop@1' }, telemetry: false, silent: true,
  errorHandler(error) {
    throw error
  },
}

/** Asks for something until it is as wanted, for ten seconds. */
export async function eventually(ask, wanted, what) {
  const deadline = Date.now() + 10_000
  for (;;) {
    const got = await ask()
    if (got !== undefined && wanted(got)) return got
    if (Date.now() > deadline) assert.fail(`${what}; the last answer: ${JSON.stringify(got, null, 1)?.slice(0, 4000)}`)
    await new Promise((done) => setTimeout(done, 50))
  }
}

export async function getJSON(address) {
  const response = await fetch(ui + address)
  return response.ok ? response.json() : undefined
}

/** An event as the API materialises it, once it is there and as wanted. */
export const event = (id, wanted = () => true) => eventually(() => getJSON(`/api/v1/events/${id}`), wanted, `event ${id} is not as wanted`)

/** Opens a page, presses its button, which throws, and returns the event that arrives. */
export async function errorOf(browser, url) {
  const known = new Set((await getJSON('/api/v1/events')).items.map((e) => e.event_id))
  const page = await browser.newPage()
  await page.goto(url, { waitUntil: 'networkidle' })
  await page.click('#order')
  const list = await eventually(() => getJSON('/api/v1/events'), (got) => got.items.some((e) => !known.has(e.event_id)), 'no event has arrived')
  await page.close()
  return list.items.find((e) => !known.has(e.event_id)).event_id
}

/** The 1-based number of the line of a source that has a marker, and its text. */
export function lineOf(file, marker) {
  const lines = readFileSync(path.join(here, 'app', file), 'utf8').split('\n')
  const at = lines.findIndex((text) => text.includes(marker))
  assert.notEqual(at, -1, `${file} has no ${marker}`)
  return { line: at + 1, text: lines[at] }
}

/** Checks that an event shows the error of the app where it was written. */
export function assertResolved(got, resolvedWith) {
  const [wrapped, cause] = got.exceptions
  const top = wrapped.frames[0]
  const wraps = lineOf('src/checkout.ts', 'the line that wraps')
  assert.deepEqual(
    { filename: top.filename, line: top.line, text: top.context_line, fn: top.function, with: top.resolved_with, in_app: top.in_app },
    { filename: '~/src/checkout.ts', line: wraps.line, text: wraps.text, fn: 'Checkout.placeOrder', with: resolvedWith, in_app: true },
  )
  const throws = lineOf('src/cart.ts', 'the line that throws')
  const [price, sum, total, place] = cause.frames
  assert.deepEqual(
    { filename: price.filename, line: price.line, text: price.context_line, fn: price.function, with: price.resolved_with, in_app: price.in_app },
    { filename: '~/src/cart.ts', line: throws.line, text: throws.text, fn: 'priceOfLine', with: resolvedWith, in_app: true },
  )
  assert.equal(price.pre_context.length, 5)
  assert.equal(sum.filename, 'pkg:tiny-money/index.js')
  assert.equal(sum.function, 'sum')
  assert.equal(sum.in_app, false, 'a package is not the app')
  assert.deepEqual([total.filename, total.function, place.filename, place.function], ['~/src/cart.ts', 'total', '~/src/checkout.ts', 'Checkout.placeOrder'])
  assert.match(price.generated.filename, /\.js$|\.ts/, 'the place in the bundle stays')
  assert.equal(wrapped.raw_frames.length, wrapped.frames.length, 'the frames as they came stay')
  assert.equal(wrapped.raw_frames[0].resolved_with, undefined)
}

/** Checks that the last frame of the app is the click. */
export function assertClick(got) {
  assert.equal(got.handled, false, 'nobody caught it, though the SDK says so of the cause only')
  const click = lineOf('src/main.ts', 'the line of the click')
  const frame = got.exceptions[0].frames.find((f) => f.filename === '~/src/main.ts')
  assert.deepEqual([frame.line, frame.context_line, frame.in_app], [click.line, click.text, true])
}
