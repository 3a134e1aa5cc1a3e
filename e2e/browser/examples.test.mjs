// The examples, run as their README says, against the Collector under test.
import assert from 'node:assert/strict'
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { sentry, ui } from './browser.mjs'
import { drawer, openDrawer, poll, trigger, useBrowser, visit } from './hostpage.mjs'

const examples = fileURLToPath(new URL('../../examples/', import.meta.url))
const overlay = fileURLToPath(new URL('../../overlay/', import.meta.url))
const browser = useBrowser()

const freePort = () => new Promise((resolve) => {
  const server = createServer().listen(0, '127.0.0.1', () => {
    const { port } = server.address()
    server.close(() => resolve(port))
  })
})

/** Starts a program that listens on a port of its own, and ends it after work. */
async function running(command, args, cwd, work, env = {}) {
  const port = await freePort()
  const program = spawn(command, args.map((arg) => arg.replace('PORT', port)), {
    cwd, env: { ...process.env, PORT: String(port), SPOTLIGHT_URL: ui, SENTRY_DSN: `${sentry.replace('//', '//spotlight@')}/1`, ...env },
  })
  let said = ''
  program.stdout.on('data', (text) => (said += text))
  program.stderr.on('data', (text) => (said += text))
  const ended = new Promise((resolve) => program.once('exit', resolve))
  try {
    const origin = `http://127.0.0.1:${port}`
    await poll(`${command} ${args.join(' ')}`, () => fetch(origin).then((answer) => answer.status, () => (program.exitCode === null ? 0 : assert.fail(said))), (status) => status > 0, 60_000)
    return await work(origin, () => said)
  } finally {
    program.kill()
    await ended
  }
}

/** An error page that opens the overlay on its error, and lies below it. */
async function showsItsError(origin, text) {
  const page = await visit(browser.get(), `${origin}/fail`)
  try {
    await drawer(page).locator('h2').getByText(text.type).waitFor()
    assert.match(await drawer(page).textContent(), text.message)
    await page.keyboard.press('Escape')
    await drawer(page).waitFor({ state: 'detached' })
    assert.equal(await page.locator('h1').first().textContent(), 'Internal Server Error')
    await trigger(page).waitFor()
  } finally {
    await page.context().close()
  }
}

test('Express shows the error it answered with', async (t) => {
  const dir = join(examples, 'express')
  if (!existsSync(join(dir, 'node_modules'))) return t.skip('run make deps: npm packages of examples/express are missing')
  await running(process.execPath, ['app.mjs'], dir, (origin) => showsItsError(origin, { type: 'Error', message: /cart \(none\) cannot be paid/ }))
  await running(process.execPath, ['app.mjs'], dir, async (origin) => assert.equal(await (await fetch(`${origin}/fail`)).text(), 'Something went wrong'), { NODE_ENV: 'production' })
})

test('Flask shows the error it answered with', async (t) => {
  const python = [process.env.PYTHON, 'python3', '/usr/bin/python3'].find((path) => path && spawnSync(path, ['-c', 'import flask, sentry_sdk']).status === 0)
  if (python === undefined) return t.skip('no Python with flask and sentry-sdk: apt-get install python3-flask python3-sentry-sdk python3-blinker')
  await running(python, ['app.py'], join(examples, 'flask'), (origin) => showsItsError(origin, { type: 'KeyError', message: /white/ }))
})

test('net/http shows the panic it answered with', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'spotlight-'))
  try {
    const binary = join(folder, 'example')
    execFileSync('go', ['build', '-o', binary, '.'], { cwd: join(examples, 'go-nethttp'), stdio: 'pipe' })
    await running(binary, [], folder, (origin) => showsItsError(origin, { type: 'runtime.plainError', message: /assignment to entry in nil map/ }))
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('Vite has the overlay while developing, over the page\'s own origin, and not in the build', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'spotlight-'))
  try {
    cpSync(join(examples, 'vite'), folder, { recursive: true, filter: (path) => !path.includes('node_modules') })
    mkdirSync(join(folder, 'node_modules/@otelcol-spotlight'), { recursive: true })
    // The package as it would be installed: what its package.json publishes.
    const installed = join(folder, 'node_modules/@otelcol-spotlight/overlay')
    const { files } = JSON.parse(readFileSync(join(overlay, 'package.json'), 'utf8'))
    for (const path of ['package.json', ...files]) cpSync(join(overlay, path), join(installed, path), { recursive: true })
    symlinkSync(join(overlay, 'node_modules/vite'), join(folder, 'node_modules/vite'))
    const vite = join(overlay, 'node_modules/vite/bin/vite.js')
    await running(process.execPath, [vite, '--port', 'PORT', '--strictPort', '--host', '127.0.0.1'], folder, async (origin) => {
      const page = await visit(browser.get(), origin)
      const sockets = []
      page.on('websocket', (socket) => sockets.push(socket.url()))
      const asked = []
      page.on('request', (request) => asked.push(request.url()))
      await page.reload()
      await openDrawer(page)
      assert.deepEqual(sockets.filter((url) => url.includes('/__spotlight/')).map((url) => new URL(url).host), Array(2).fill(new URL(origin).host))
      assert.deepEqual(asked.filter((url) => url.startsWith(ui)), [], 'nothing goes past the page\'s own origin')
      await page.context().close()
    })
    execFileSync(process.execPath, [vite, 'build', '--logLevel', 'error'], { cwd: folder, stdio: 'pipe' })
    const built = readdirSync(join(folder, 'dist/assets')).map((name) => readFileSync(join(folder, 'dist/assets', name), 'utf8')).join('')
    assert.doesNotMatch(built, /spotlight/i)
  } finally {
    rmSync(folder, { recursive: true })
  }
})
